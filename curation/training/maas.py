"""What to fill in where a model is tuned at iFlytek's Spark MaaS (讯飞星辰).

The service asks for it in a form of its own, so that this is a sheet to copy from and no file.
"""

from __future__ import annotations

from dataclasses import dataclass

from curation.errors import N_
from curation.training.base_models import Method
from curation.training.recipe import TEMPERATURE, Recipe, Value, plain_number
from curation.training.told import Told, told


@dataclass(frozen=True, slots=True)
class Line:
    """A field of the form, what to fill in, and why."""

    label: str
    value: str
    reason: Told


def maas_sheet(recipe: Recipe, file_name: str, validation_name: str) -> list[Line]:
    """Return what to fill in, in the order of the form.

    `file_name` is the dataset's, `validation_name` that of its part for validation.
    """
    full = recipe.method is Method.FULL
    lines = [
        Line(
            N_("Data format"),
            "ShareGPT",
            told(N_("The format of {file}, which you upload."), file=file_name),
        ),
        Line(
            N_("Base model"),
            recipe.model.name,
            told(N_("Or what the service has of about {n} billion parameters."), n=_size(recipe)),
        ),
        Line(
            N_("Way of tuning"),
            "Full" if full else "LoRA",
            told(N_("The card is the service's; nothing has to be held in 4 bits there."))
            if recipe.method is Method.QLORA
            else recipe.settings[Value.METHOD].reason,
        ),
        Line(
            N_("Learning rate"),
            plain_number(recipe.number(Value.LEARNING_RATE)),
            recipe.settings[Value.LEARNING_RATE].reason,
        ),
        Line(N_("Epochs"), f"{recipe.whole(Value.EPOCHS)}", recipe.settings[Value.EPOCHS].reason),
    ]
    if not full:
        lines += [
            Line(N_("LoRA rank"), f"{recipe.whole(value)}", recipe.settings[value].reason)
            if value is Value.RANK
            else Line(N_("LoRA alpha"), f"{recipe.whole(value)}", recipe.settings[value].reason)
            for value in (Value.RANK, Value.ALPHA)
        ]
    lines += [
        Line(
            N_("Longest text, in tokens"),
            f"{recipe.whole(Value.CUTOFF)}",
            recipe.settings[Value.CUTOFF].reason,
        ),
        _validation(recipe, validation_name),
        Line(
            N_("Temperature when chatting"),
            f"{TEMPERATURE}",
            told(
                N_("Not for the training: set it where you talk to the model, for lively answers.")
            ),
        ),
    ]
    return lines


def _validation(recipe: Recipe, name: str) -> Line:
    if recipe.size.held_out:
        return Line(
            N_("Validation data"),
            name,
            told(
                N_("The {n} later conversations that the dataset holds back; upload them too."),
                n=f"{recipe.size.held_out:,}",
            ),
        )
    return Line(
        N_("Share for validation, in percent"),
        f"{recipe.whole(Value.VALIDATION)}",
        recipe.settings[Value.VALIDATION].reason,
    )


def _size(recipe: Recipe) -> str:
    return f"{recipe.model.billions:.0f}" if recipe.model.billions >= 1 else "1"
