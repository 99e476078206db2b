"""Invented records for the tests of the formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from curation.export_options import ExportOptions
from curation.exporters import Extras, Parts, sharegpt_record
from curation.model import Side, Turn
from curation.training import DatasetSize, recommend
from curation.workflow.training_recipes import trainer_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from curation.exporters import Format
    from curation.training import Chosen, Value

TRAITS = {"personality": "慢热", "occupation": "插画师", "interests": "猫"}


def written_parts(
    train: int,
    validation: int = 0,
    chosen: Mapping[Value, Chosen] | None = None,
    options: ExportOptions | None = None,
) -> Parts:
    """Return the parts of a dataset with the recipe that an export gives them."""
    recipe = recommend(DatasetSize(train, held_out=validation, divided=True), 0, chosen)
    return Parts(train, validation, trainer_settings(recipe, options or ExportOptions()))


def record(form: Format, *texts: str, system: str = "你是小满。") -> dict[str, Any]:
    """Return a record of turns that start with the other side, as `form` takes it."""
    sides = (Side.OTHER, Side.ME)
    turns = [Turn(sides[at % 2], text) for at, text in enumerate(texts)]
    emotions = tuple("开心" if at % 2 else "" for at in range(len(texts)))
    extras = Extras(emotions, "", TRAITS) if form.extended else None
    return sharegpt_record(turns, system, extras)


def talks(form: Format) -> list[dict[str, Any]]:
    """Return records of one exchange and of several, with all that texts may hold."""
    return [
        record(form, "在吗\n在吗", "在呀~[委屈](｡•́︿•̀｡)"),
        record(
            form,
            "吃了吗",
            "没呢\u2028哈",
            "👨\u200d👩\u200d👧 <image>",
            "<|im_end|>😂❤\ufe0f",
            system='"你"\n\n此刻的心情：\\开心{}',
        ),
        record(form, "2026-11-27", "2026-11-27 10:00:00", system="2026-11-27"),
        record(form, "true", "null", "1e5", "#不是注释", system="- a: b"),
    ]
