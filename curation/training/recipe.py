"""How to tune a model on a dataset: each value with its reason, and what a person chose instead.

The steps from one size of a dataset to the next are judgement, not measurement. They lie between
two public settings that work: LLaMA-Factory's `examples/train_lora/qwen3_lora_sft.yaml` (rank 8,
1e-4, 3 epochs, 8 samples a step) and WeClone's `settings.template.jsonc` (rank 8, q_proj and
v_proj, dropout 0.25, 1e-4, 2 epochs, 32 samples a step).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from curation.errors import N_
from curation.training.base_models import (
    GPU_MEMORY,
    MODELS,
    RENTED_MEMORY,
    SUGGESTED,
    BaseModel,
    Method,
    fits,
    memory_need,
    model_named,
)
from curation.training.told import Told, told

if TYPE_CHECKING:
    from collections.abc import Mapping

FEW: Final = 500
"""Fewer conversations than these are learnt by heart rather than learnt from."""
MANY: Final = 5000
VERY_MANY: Final = 20_000
FOR_LARGE: Final = 3000
"""So many conversations give a model of 14 billion parameters something to learn."""
SMALL_MODEL: Final = 8.5
LARGE_MODEL: Final = 15.0
LEAST_VALIDATED: Final = 50
TEMPERATURE: Final = 0.9
"""For talking to the tuned model: lively, as the person is."""

USUAL_CUTOFF: Final = 2048
"""Where trainers cut a record as a rule (LLaMA-Factory's `cutoff_len`)."""

_MOST_VALIDATION: Final = 20
_VALIDATED: Final = 30
_WITH_ROOM: Final = 0.85
"""The share of a card that several records at once may take: their lengths differ."""
_SHORT_EPOCH: Final = 160
_MARKS: Final = 1.1
"""Marks of the turns, and what an estimate of tokens may be too low."""


class Value(StrEnum):
    """The values of a recipe, in the order in which one follows from the other."""

    CUTOFF = "cutoff"
    MODEL = "model"
    METHOD = "method"
    PRECISION = "precision"
    RANK = "rank"
    ALPHA = "alpha"
    DROPOUT = "dropout"
    TARGET = "target"
    LEARNING_RATE = "learning_rate"
    EPOCHS = "epochs"
    BATCH = "batch"
    ACCUMULATION = "accumulation"
    VALIDATION = "validation"
    EVAL_STEPS = "eval_steps"
    PATIENCE = "patience"


Chosen = str | int | float

OPTIONS: Final[Mapping[Value, tuple[Chosen, ...]]] = {
    Value.CUTOFF: (512, 1024, 2048, 4096, 8192),
    Value.MODEL: tuple(model.name for model in MODELS),
    Value.METHOD: tuple(method.value for method in Method),
    Value.PRECISION: ("bf16", "fp16"),
    Value.RANK: (4, 8, 16, 32, 64, 128),
    Value.ALPHA: (4, 8, 16, 32, 64, 128, 256),
    Value.DROPOUT: (0.0, 0.05, 0.1, 0.2, 0.25, 0.3),
    Value.TARGET: ("q_proj,v_proj", "all"),
    Value.LEARNING_RATE: (1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4),
    Value.EPOCHS: (1, 2, 3, 4, 5, 6, 8, 10),
    Value.BATCH: (1, 2, 4, 8, 16),
    Value.ACCUMULATION: (1, 2, 4, 8, 16, 32),
    Value.VALIDATION: (0, 1, 5, 10, 15, 20),
    Value.EVAL_STEPS: (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000),
    Value.PATIENCE: (0, 1, 2, 3, 5, 10),
}
"""What can be chosen instead. A suggestion is one of these; what is none of them is not taken."""

_ADAPTER: Final = frozenset({Value.RANK, Value.ALPHA, Value.DROPOUT, Value.TARGET})


@dataclass(frozen=True, slots=True)
class DatasetSize:
    """How large a dataset is: `records` to learn from and `held_out` in a part for validation.

    `longest` is the length in tokens that all but one in a hundred records stay under, system text
    included; 0 where it is not known. `divided` says that the files are written already: what they
    do not hold back is not held back.
    """

    records: int
    turns: int = 0
    tokens: int = 0
    longest: int = 0
    held_out: int = 0
    divided: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """A value of a recipe and why it is this; `chosen` says that a person wanted it so."""

    value: Chosen
    reason: Told
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Recipe:
    """All values of a recipe with their reasons. `memory` is the card's, 0 for none.

    `warnings` are what a person should know before they begin.
    """

    size: DatasetSize
    memory: int
    settings: Mapping[Value, Setting]
    warnings: tuple[Told, ...] = ()

    def number(self, value: Value) -> float:
        """Return a value that is a number."""
        return float(self.settings[value].value)

    def whole(self, value: Value) -> int:
        """Return a value that is a whole number."""
        return int(self.settings[value].value)

    def text(self, value: Value) -> str:
        """Return a value that is a word."""
        return str(self.settings[value].value)

    @property
    def model(self) -> BaseModel:
        """The model to start from."""
        return model_named(self.text(Value.MODEL)) or SUGGESTED[0]

    @property
    def method(self) -> Method:
        """How it is tuned."""
        return Method(self.text(Value.METHOD))

    @property
    def trained_records(self) -> int:
        """Records that are learnt from, those for validation left out."""
        return _trained(self.size, self.whole(Value.VALIDATION))

    @property
    def steps(self) -> int:
        """About how many steps the whole run has."""
        return math.ceil(self.steps_an_epoch * self.number(Value.EPOCHS))

    @property
    def steps_an_epoch(self) -> int:
        """About how many steps go once over all records."""
        at_once = self.whole(Value.BATCH) * self.whole(Value.ACCUMULATION)
        return max(1, math.ceil(self.trained_records / at_once))

    @property
    def validates(self) -> bool:
        """Whether some records are kept back to measure with."""
        return bool(self.size.held_out or self.whole(Value.VALIDATION))

    @property
    def need(self) -> float:
        """About how many gigabytes of a card this takes."""
        return memory_need(
            self.model,
            self.method,
            self.whole(Value.CUTOFF),
            rank=self.whole(Value.RANK),
            batch=self.whole(Value.BATCH),
        )


@dataclass(slots=True)
class _Plan:
    """Settings as they are decided, one after the other."""

    size: DatasetSize
    memory: int
    chosen: Mapping[Value, Chosen]
    settings: dict[Value, Setting] = field(default_factory=dict)

    @property
    def card(self) -> int:
        """Gigabytes to plan for."""
        return self.memory or RENTED_MEMORY

    def put(self, value: Value, suggested: Chosen, reason: Told) -> Chosen:
        """Take what was chosen, else what is suggested; return it."""
        wanted = self.chosen.get(value)
        if wanted is None or wanted == suggested or wanted not in OPTIONS[value]:
            self.settings[value] = Setting(suggested, reason)
            return suggested
        mine = told(
            N_("You chose this; suggested is {suggested}."), suggested=shown(value, suggested)
        )
        self.settings[value] = Setting(wanted, mine, chosen=True)
        return wanted


def shown(value: Value, chosen: Chosen) -> str:
    """Return a value as a person reads it; words that need translating stay keys."""
    if value is Value.LEARNING_RATE:
        return plain_number(float(chosen))
    if value is Value.VALIDATION:
        return f"{chosen} %"
    return {"lora": "LoRA", "qlora": "QLoRA (4 bit)", "full": "Full"}.get(str(chosen), str(chosen))


def plain_number(number: float) -> str:
    """Return a small number as trainers write it, such as 1e-4 or 5e-5."""
    mantissa, exponent = f"{number:e}".split("e")
    return f"{float(mantissa):g}e{int(exponent)}"


def recommend(
    size: DatasetSize, memory: int, chosen: Mapping[Value, Chosen] | None = None
) -> Recipe:
    """Return a recipe for a dataset and a card of `memory` gigabytes (0: none, a rented one).

    What was `chosen` stands in the place of what is suggested, and what follows from it is reckoned
    anew.
    """
    plan = _Plan(size, memory, chosen or {})
    _plan_length(plan)
    _plan_model(plan)
    _plan_adapter(plan)
    _plan_pace(plan)
    _plan_measuring(plan)
    recipe = Recipe(size, memory, {value: plan.settings[value] for value in Value})
    if not recipe.settings[Value.METHOD].chosen:  # what it takes depends on what was decided later
        rank, batch = recipe.whole(Value.RANK), recipe.whole(Value.BATCH)
        why = _why_method(plan, recipe.model, recipe.method, rank=rank, batch=batch)
        settings = {**recipe.settings, Value.METHOD: Setting(recipe.method.value, why)}
        recipe = Recipe(size, memory, settings)
    return Recipe(size, memory, recipe.settings, tuple(_warnings(recipe)))


def _plan_length(plan: _Plan) -> None:
    most = 1024 if plan.card <= GPU_MEMORY[2] else 2048 if plan.card <= GPU_MEMORY[4] else 4096
    longest = math.ceil(plan.size.longest * _MARKS)
    lengths = [int(each) for each in OPTIONS[Value.CUTOFF]]
    if not longest:
        reason = told(
            N_("How long the records are is not known yet; this holds all but very long ones.")
        )
        plan.put(Value.CUTOFF, min(most, USUAL_CUTOFF), reason)
        return
    needed = next((each for each in lengths if each >= longest), lengths[-1])
    if needed <= most:
        reason = told(
            N_(
                "99 of 100 records are shorter than {longest} tokens; what is longer loses its end."
            ),
            longest=f"{longest:,}",
        )
    else:
        reason = told(
            N_(
                "More does not fit into {memory} GB, but one record in a hundred has over {longest}"
                " tokens and loses its end; split long conversations in the settings."
            ),
            memory=plan.card,
            longest=f"{longest:,}",
        )
    plan.put(Value.CUTOFF, min(needed, most), reason)


def _plan_model(plan: _Plan) -> None:
    cutoff = int(plan.settings[Value.CUTOFF].value)
    rank = _rank(plan.size.records)
    large = plan.size.records >= FOR_LARGE
    most = LARGE_MODEL if large else SMALL_MODEL
    suitable = [each for each in SUGGESTED if each.billions <= most]
    model = next(
        (
            each
            for each in reversed(suitable)
            if fits(memory_need(each, Method.QLORA, cutoff, rank=rank), plan.card)
        ),
        suitable[0],
    )
    values = {"memory": plan.card, "records": f"{plan.size.records:,}"}
    if not fits(memory_need(model, Method.QLORA, cutoff, rank=rank), plan.card):
        reason = told(N_("The smallest there is; even this is tight in {memory} GB."), **values)
    elif model is suitable[-1] and not large:
        reason = told(
            N_(
                "It writes good Chinese and fits into {memory} GB; with {records} conversations a"
                " larger one would learn them by heart before your voice."
            ),
            **values,
        )
    else:
        reason = told(N_("The largest that {memory} GB have room for at this length."), **values)
    name = str(plan.put(Value.MODEL, model.name, reason))
    taken = model_named(name) or model
    _plan_method(plan, taken, cutoff)
    plan.put(
        Value.PRECISION,
        "bf16",
        told(N_("Cards from RTX 30, A10 and A100 on have it; for an older one choose fp16.")),
    )


def _plan_method(plan: _Plan, model: BaseModel, cutoff: int) -> None:
    rank = _rank(plan.size.records)
    need = memory_need(model, Method.LORA, cutoff, rank=rank)
    method = Method.LORA if fits(need, plan.card) else Method.QLORA
    plan.put(Value.METHOD, method.value, _why_method(plan, model, method, rank=rank, batch=1))


def _why_method(plan: _Plan, model: BaseModel, method: Method, *, rank: int, batch: int) -> Told:
    cutoff = int(plan.settings[Value.CUTOFF].value)
    values = {
        each.value: f"{memory_need(model, each, cutoff, rank=rank, batch=batch):.0f}"
        for each in Method
    }
    if method is Method.LORA:
        return told(
            N_(
                "It trains a small part beside the model, which keeps what it knows, in about"
                " {lora} GB; full tuning would take {full} GB and forget more."
            ),
            **values,
        )
    return told(
        N_(
            "Held in 4 bits the model takes about {qlora} of {memory} GB; LoRA in 16 bits"
            " would take {lora}."
        ),
        memory=plan.card,
        **values,
    )


def _plan_adapter(plan: _Plan) -> None:
    records = plan.size.records
    full = plan.settings[Value.METHOD].value == Method.FULL.value
    count = f"{records:,}"
    dropout, target = (0.1, "all") if records <= MANY else (0.05, "all")
    if records < FEW:
        dropout, target = 0.2, "q_proj,v_proj"
        why = told(N_("Few conversations need little room; more would hold them word by word."))
    elif records <= MANY:
        why = told(N_("Room enough for a manner of speaking out of {n} conversations."), n=count)
    else:
        why = told(N_("{n} conversations can fill more room."), n=count)
    rank = int(plan.put(Value.RANK, _rank(records), why))
    plan.put(
        Value.ALPHA, min(2 * rank, 256), told(N_("Twice the rank, as LLaMA-Factory takes it too."))
    )
    plan.put(
        Value.DROPOUT,
        dropout,
        told(N_("Leaves out a part at random, so that single sentences stick less."))
        if records <= MANY
        else told(N_("So many conversations hardly need any.")),
    )
    plan.put(
        Value.TARGET,
        target,
        told(N_("Only two matrices of each layer, which is less to learn by heart with."))
        if records < FEW
        else told(N_("All matrices: a voice is more than what attention looks at.")),
    )
    if full:
        rate, why = 1e-5, told(N_("Full tuning moves every weight and needs small steps."))
    elif records < FEW:
        rate, why = (
            5e-5,
            told(N_("Small steps: each of few conversations weighs much.")),
        )
    else:
        rate, why = 1e-4, told(N_("What LoRA is usually trained with; halve it if the loss jumps."))
    plan.put(Value.LEARNING_RATE, rate, why)


def _rank(records: int) -> int:
    return 8 if records < FEW else 16 if records <= MANY else 32


def _plan_pace(plan: _Plan) -> None:
    records = plan.size.records
    if records < FEW:
        epochs, why = 2, told(N_("Seen more often, so few conversations are learnt by heart."))
    elif records <= VERY_MANY:
        epochs, why = 2, told(N_("Twice is enough; early stopping ends it sooner where it should."))
    else:
        epochs, why = 1, told(N_("With so many, once over all of them is enough."))
    plan.put(Value.EPOCHS, epochs, why)
    at_once = 8 if records < _SHORT_EPOCH else 16 if records <= MANY else 32
    batch = _batch_that_fits(plan, at_once)
    batch = int(
        plan.put(
            Value.BATCH,
            batch,
            told(N_("As many at once as {memory} GB have room for."), memory=plan.card),
        )
    )
    plan.put(
        Value.ACCUMULATION,
        max(1, min(32, at_once // batch)),
        told(
            N_("Together about {n} conversations a step: calm steps, and enough of them."),
            n=max(at_once, batch),
        ),
    )


def _batch_that_fits(plan: _Plan, most: int) -> int:
    model = model_named(str(plan.settings[Value.MODEL].value)) or SUGGESTED[0]
    method = Method(str(plan.settings[Value.METHOD].value))
    cutoff = int(plan.settings[Value.CUTOFF].value)
    rank = int(plan.settings[Value.RANK].value)
    best = 1
    for each in (2, 4, 8):
        need = memory_need(model, method, cutoff, rank=rank, batch=each)
        if each <= most and fits(need, plan.card, _WITH_ROOM):
            best = each
    return best


def _plan_measuring(plan: _Plan) -> None:
    size = plan.size
    if size.held_out:
        plan.settings[Value.VALIDATION] = Setting(
            0,
            told(
                N_("The dataset holds back {n} later conversations already; those are used."),
                n=f"{size.held_out:,}",
            ),
        )
    elif size.divided:
        plan.settings[Value.VALIDATION] = Setting(
            0,
            told(
                N_(
                    "The dataset holds nothing back, so it is trained without measuring; choose a"
                    " share for validation under Export."
                )
            ),
        )
    else:
        share = _share(size.records)
        plan.put(
            Value.VALIDATION,
            share,
            told(
                N_("About {n} conversations are held back to see whether it still learns."),
                n=f"{size.records * share // 100:,}",
            )
            if share
            else told(N_("So few can spare none; watch the answers instead of a number.")),
        )
    share = int(plan.settings[Value.VALIDATION].value)
    at_once = int(plan.settings[Value.BATCH].value) * int(plan.settings[Value.ACCUMULATION].value)
    quarter = max(1, math.ceil(_trained(size, share) / at_once) // 4)
    steps = [int(each) for each in OPTIONS[Value.EVAL_STEPS]]
    plan.put(
        Value.EVAL_STEPS,
        max(each for each in steps if each <= quarter),
        told(N_("Measured and saved at least four times an epoch, so that the best is kept."))
        if quarter > 1
        else told(N_("An epoch has few steps; it is measured and saved after each.")),
    )
    validated = bool(size.held_out or share)
    if validated:
        why = told(N_("Ends when three measurements in a row are no better than the best."))
        plan.put(Value.PATIENCE, 3, why)
    else:
        plan.settings[Value.PATIENCE] = Setting(
            0, told(N_("Without conversations held back there is nothing to stop by."))
        )


def _share(records: int) -> int:
    """Return the percentage to hold back: 30 conversations at least, hardly more than 500."""
    if records < LEAST_VALIDATED:
        return 0
    if records > VERY_MANY:
        return 1
    if records >= MANY:
        return 5
    least = math.ceil(100 * _VALIDATED / records)
    return max(10, min(_MOST_VALIDATION, 5 * math.ceil(least / 5)))


def _trained(size: DatasetSize, share: int) -> int:
    if size.held_out:
        return size.records
    return max(1, size.records - size.records * share // 100)


def _warnings(recipe: Recipe) -> list[Told]:
    found: list[Told] = []
    records = recipe.size.records
    if records < FEW:
        found.append(
            told(
                N_(
                    "Under {few} conversations ({n} here) a model soon repeats them instead of"
                    " speaking like you: approve more, add answers under Writing, and keep to few"
                    " epochs."
                ),
                n=f"{records:,}",
                few=FEW,
            )
        )
    card = recipe.memory or RENTED_MEMORY
    if not fits(recipe.need, card):
        found.append(
            told(
                N_(
                    "This takes about {need} GB, more than {memory} GB have room for. Choose a"
                    " smaller model, QLoRA, a shorter length or a batch of 1."
                ),
                need=f"{recipe.need:.0f}",
                memory=card,
            )
        )
    if recipe.model.licence != SUGGESTED[0].licence:
        found.append(
            told(
                N_("{model} has a licence of its own: read it before you share the result."),
                model=recipe.model.name,
            )
        )
    epochs = recipe.whole(Value.EPOCHS)
    if recipe.settings[Value.EPOCHS].chosen and epochs > 3 and records <= MANY:  # noqa: PLR2004
        found.append(
            told(
                N_("{epochs} epochs over {n} conversations: expect it to learn them by heart."),
                epochs=epochs,
                n=f"{records:,}",
            )
        )
    return found


def uses(method: Method, value: Value) -> bool:
    """Whether a value means anything to a method: full tuning has no adapter."""
    return method is not Method.FULL or value not in _ADAPTER
