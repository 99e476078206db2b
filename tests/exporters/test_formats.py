"""Every format gives back what it was given, and its check finds what does not belong there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from curation.errors import ExportBlockedError
from curation.exporters import FORMATS, Extras, Format, formats, plain_record, sharegpt_record
from curation.model import Side, Turn

if TYPE_CHECKING:
    from pathlib import Path

EVERY = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
TRAITS = {"personality": "慢热", "occupation": "插画师", "interests": "猫"}


def record(form: Format, *texts: str, system: str = "你是小满。") -> dict[str, Any]:
    """Return a record of turns that start with the other side, as `form` takes it."""
    sides = (Side.OTHER, Side.ME)
    turns = [Turn(sides[at % 2], text) for at, text in enumerate(texts)]
    emotions = tuple("开心" if at % 2 else "" for at in range(len(texts)))
    extras = Extras(emotions, "", TRAITS) if form.extended else None
    return sharegpt_record(turns, system, extras)


def talks(form: Format) -> list[dict[str, Any]]:
    return [
        record(form, "在吗\n在吗", "在呀~[委屈](｡•́︿•̀｡)"),
        record(form, "吃了吗", "没呢\u2028哈", "👨\u200d👩\u200d👧", "<|im_end|>😂", system='"你"'),
        record(form, "2026-11-27", "2026-11-27 10:00:00", system="2026-11-27"),
    ]


@EVERY
def test_what_is_read_is_what_was_written(form: Format, tmp_path: Path) -> None:
    path = tmp_path / form.train
    records = talks(form)
    assert form.write(path, iter(records)) == len(records)
    assert form.check(path) == []
    assert list(form.read(path)) == records


@EVERY
def test_the_same_records_give_the_same_bytes_of_each_format(form: Format, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    form.write(one, talks(form))
    form.write(two, talks(form))
    assert one.read_bytes() == two.read_bytes()


@EVERY
def test_no_format_has_an_empty_file(form: Format, tmp_path: Path) -> None:
    with pytest.raises(ExportBlockedError):
        form.write(tmp_path / "file", [])
    assert list(tmp_path.iterdir()) == []


@EVERY
def test_a_record_of_the_other_kind_is_refused(form: Format, tmp_path: Path) -> None:
    other = formats()["sharegpt" if form.extended else "sharegpt_extended"]
    with pytest.raises(ExportBlockedError, match="keys"):
        form.write(tmp_path / "file", [record(other, "在吗", "在")])
    assert list(tmp_path.iterdir()) == []


def test_names_and_files_of_the_formats_are_their_own() -> None:
    names = [name for form in FORMATS for name in (form.train, form.validation)]
    assert len({name.lower() for name in names}) == len(names)
    assert list(formats()) == [form.name for form in FORMATS]
    assert FORMATS[0].train == "sharegpt.json"


def test_an_extended_record_becomes_a_plain_one() -> None:
    extended = record(formats()["sharegpt_extended"], "在吗", "在呀~")
    plain = record(FORMATS[0], "在吗", "在呀~")
    assert plain_record(extended) == plain == plain_record(plain)
