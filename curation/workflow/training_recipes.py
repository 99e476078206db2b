"""What a person said about training, and the recipe for a dataset that was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from curation import store, training
from curation.exporters import DATASET_NAME, VALIDATION_NAME
from curation.training import DatasetSize, Value
from curation.workflow.parting import TRAIN, VALIDATION
from curation.workflow.roles import owners_only

if TYPE_CHECKING:
    from collections.abc import Mapping

    from curation.export_options import ExportOptions
    from curation.store import Workspace
    from curation.training import Chosen, Recipe, Scalar

RECIPE_FORMATS: Final = frozenset({"llamafactory", "axolotl", "ms-swift"})
"""Formats with settings of a trainer: they hold what a person chose for the training."""
_KEY: Final = "training"
_LONGEST: Final = "99"


@dataclass(frozen=True, slots=True)
class TrainingChoices:
    """What a person said about training: kept in the workspace.

    `memory` is their card's in gigabytes, None while they have not said, 0 for none. `chosen` are
    values of the recipe, `trainer` and `model` are paths on this computer, empty for the usual.
    """

    memory: int | None = None
    chosen: Mapping[Value, Chosen] = field(default_factory=dict)
    trainer: str = ""
    model: str = ""


def training_choices(workspace: Workspace) -> TrainingChoices:
    """Return what a person said about training."""
    kept = store.get_setting(workspace, _KEY)
    kept = kept if isinstance(kept, dict) else {}
    memory = kept.get("memory")
    chosen = kept.get("chosen")
    known = {value.value: value for value in Value}
    return TrainingChoices(
        memory=memory if isinstance(memory, int) else None,
        chosen={
            known[name]: value
            for name, value in (chosen if isinstance(chosen, dict) else {}).items()
            if name in known and isinstance(value, str | int | float)
        },
        trainer=str(kept.get("trainer", "")),
        model=str(kept.get("model", "")),
    )


@owners_only
def save_training_choices(workspace: Workspace, choices: TrainingChoices) -> None:
    """Keep what a person said about training."""
    kept = {
        "memory": choices.memory,
        "chosen": {value.value: chosen for value, chosen in choices.chosen.items()},
        "trainer": choices.trainer,
        "model": choices.model,
    }
    store.put_setting(workspace, _KEY, kept)


def written_size(parts: Mapping[str, Any]) -> DatasetSize:
    """Return how large a dataset is that was written, by the `parts` of its report."""
    part, later = parts.get(TRAIN, {}), parts.get(VALIDATION, {})
    tokens = part.get("tokens", {})
    return DatasetSize(
        records=part.get("records", 0),
        turns=part.get("turns", 0),
        tokens=tokens.get("sum", 0),
        longest=tokens.get("quantiles", {}).get(_LONGEST, 0),
        held_out=later.get("records", 0),
        divided=True,
    )


def recipe_for(workspace: Workspace, size: DatasetSize) -> Recipe:
    """Return the recipe for a dataset of that size, with what a person chose."""
    choices = training_choices(workspace)
    return training.recommend(size, choices.memory or 0, choices.chosen)


def trainer_settings(
    recipe: Recipe, options: ExportOptions, *, without_card: bool = False
) -> dict[str, Scalar]:
    """Return what LLaMA-Factory is told for a dataset that was written with these options."""
    told = training.training_config(
        recipe,
        dataset=DATASET_NAME,
        eval_dataset=VALIDATION_NAME if recipe.size.held_out else "",
        last_turn_only=options.trains_last_turn_only,
        without_card=without_card,
    )
    if options.max_tokens and not recipe.settings[Value.CUTOFF].chosen:
        told["cutoff_len"] = options.max_tokens
    return told
