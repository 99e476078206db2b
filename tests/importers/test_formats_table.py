"""The README's table of formats says what the importers really do with the golden files."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from curation.importers import IMPORTERS, read_file
from curation.importers.mapped_table import MappedTable
from curation.importers.people import spoken
from curation.model import PLACEHOLDERS, ColumnMapping, Kind, ReadOptions
from tests.importers.test_golden import FILES

README = Path(__file__).parents[2] / "README.md"
HEAD = ("format · 格式", "me · 我", "time · 时间", "kinds · 种类", "tested with · 依据")
TABLE = MappedTable.format
FORMATS = [importer.format for importer in IMPORTERS if importer.format != TABLE]
ELSEWHERE = ReadOptions(zone="America/New_York")


class Row(NamedTuple):
    """One line of the table."""

    format: str
    me: str
    time: str
    kinds: str
    version: str


@cache
def rows() -> dict[str, Row]:
    lines = README.read_text(encoding="utf-8").split("\n")
    start = lines.index(f"| {' | '.join(HEAD)} |") + 2
    end = next(place for place in range(start, len(lines)) if not lines[place].startswith("|"))
    found = [
        Row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in lines[start:end]
    ]
    assert len({row.format for row in found}) == len(found)
    return {row.format: row for row in found}


@cache
def golden(name: str) -> tuple[Path, ...]:
    return tuple(path for path in FILES if read_file(path).format == name)


def kinds_of(written: str) -> set[Kind]:
    """Return the kinds that a cell names: `all`, `all but call, poke`, `text, quote`, or none."""
    if written == "–":
        return set()
    everything = re.fullmatch(r"all(?: but (.*))?", written)
    names = written if everything is None else everything[1] or ""
    named = {Kind(name.strip().replace(" ", "_")) for name in names.split(",") if name.strip()}
    return named if everything is None else set(Kind) - named


def test_every_importer_has_a_row_and_every_row_is_an_importer() -> None:
    assert set(rows()) == {*FORMATS, TABLE}


def test_every_row_says_what_it_was_written_after() -> None:
    assert all(row.version for row in rows().values())


@pytest.mark.in_turn
@pytest.mark.parametrize("name", FORMATS)
def test_the_kinds_are_those_that_the_golden_files_show(name: str) -> None:
    shown = {Kind(kind) for path in golden(name) for kind in read_file(path).messages["kind"]}
    assert kinds_of(rows()[name].kinds) == shown


def test_a_table_that_a_person_explained_holds_every_kind(tmp_path: Path) -> None:
    quote, notice = "「小满：在吗」\n- - - - - -\n在", "以上是打招呼的内容"
    said = ["早呀", quote, notice, *PLACEHOLDERS.values()]
    path = tmp_path / "聊天.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("谁", "话"), *(("小满", words) for words in said)])
    mapping = ColumnMapping(header=("谁", "话"), sender="谁", text="话")
    shown = read_file(path, ReadOptions(mappings=(mapping,))).messages["kind"]
    assert kinds_of(rows()[TABLE].kinds) == {Kind(kind) for kind in shown}


@pytest.mark.in_turn
@pytest.mark.parametrize("name", FORMATS)
def test_who_is_me_is_known_as_the_row_says(name: str) -> None:
    sources = [read_file(path) for path in golden(name)]
    known = {source.me_known for source in sources if spoken(source.messages).any()}
    words = {True: "file", False: "asked"}
    says = " or ".join(word for value, word in words.items() if value in known) or "–"
    assert rows()[name].me == says


@pytest.mark.parametrize("name", FORMATS)
def test_times_are_of_the_kind_that_the_row_says(name: str) -> None:
    """A moment is shown in the chat's zone, a local time is what the file says in every zone."""
    found = set()
    for path in golden(name):
        times = read_file(path).messages["time"]
        if times.isna().all():
            continue
        if (times == times.dt.normalize()).all():
            found.add("day")
        else:
            moved = not read_file(path, ELSEWHERE).messages["time"].equals(times)
            found.add("moment" if moved else "local")
    says = " or ".join(word for word in ("moment", "local", "day") if word in found) or "–"
    assert rows()[name].time == says
