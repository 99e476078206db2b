"""What the training page calls the values of a recipe, and how it says what a room told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.errors import N_
from curation.training import Phase, Value, shown
from curation.ui.catalogue import _, filled
from curation.ui.markdown import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from curation.training import Chosen, Told

VALUES: Final[Mapping[Value, str]] = {
    Value.MODEL: N_("Base model"),
    Value.METHOD: N_("Way of tuning"),
    Value.LEARNING_RATE: N_("Learning rate"),
    Value.EPOCHS: N_("Epochs"),
    Value.RANK: N_("LoRA rank"),
    Value.ALPHA: N_("LoRA alpha"),
    Value.DROPOUT: N_("LoRA dropout"),
    Value.TARGET: N_("Matrices that are tuned"),
    Value.BATCH: N_("Batch"),
    Value.ACCUMULATION: N_("Batches a step"),
    Value.CUTOFF: N_("Longest text, in tokens"),
    Value.VALIDATION: N_("Held back for validation"),
    Value.EVAL_STEPS: N_("Steps between measurements"),
    Value.PATIENCE: N_("Patience before it stops"),
    Value.PRECISION: N_("Precision"),
}
"""Names of the values, those that matter most first."""

MAIN: Final = (Value.MODEL, Value.METHOD, Value.LEARNING_RATE, Value.EPOCHS, Value.RANK)
"""What is shown at once; the rest is folded away."""

PHASES: Final[Mapping[Phase, str]] = {
    Phase.STARTING: N_("The trainer is starting …"),
    Phase.RUNNING: N_("The model is being trained."),
    Phase.DONE: N_("The training is done."),
    Phase.FAILED: N_("The training failed."),
    Phase.STOPPED: N_("The training was stopped."),
    Phase.LOST: N_("The training is over."),
}

_WORDS: Final[Mapping[str, str]] = {
    "Full": N_("Full tuning"),
    "all": N_("All"),
    "q_proj,v_proj": N_("Two (q_proj, v_proj)"),
}


def told_words(told: Told) -> str:
    """Return a sentence of the training room as Markdown in this tab's language."""
    values = {name: _word(str(value)) for name, value in told.values.items()}
    return plain(filled(told.template, values))


def value_words(value: Value, chosen: Chosen) -> str:
    """Return a value as a person reads it."""
    return _word(shown(value, chosen))


def _word(word: str) -> str:
    return _(_WORDS[word]) if word in _WORDS else word
