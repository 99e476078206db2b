"""Drop a file and its `.expected.jsonl` into golden/, get a test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from curation.importers import IMPORTERS, read_file
from curation.importers.mapped_table import MappedTable
from curation.model import MESSAGE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Hashable

    from curation.model import SourceFile

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(
    path
    for path in GOLDEN.rglob("*")
    if path.is_file()
    and not path.name.startswith(".")
    and ".expected" not in path.name
    and path.name != "users.json"  # names beside a chat
    and path.parent.name != "chunks"  # parts of the manifest beside the folder
)


def lines_of(source: SourceFile) -> list[dict[Hashable, object]]:
    """Return the messages as plain values: one dictionary a message, without what is missing."""
    table = source.messages.astype(object)
    table["time"] = source.messages["time"].map(str, na_action="ignore").astype(object)
    rows = table.where(table.notna(), None).to_dict("records")
    return [present(row) for row in rows]


def present(row: dict[Hashable, object]) -> dict[Hashable, object]:
    return {key: value for key, value in row.items() if value is not None}


def expected_of(path: Path) -> Path:
    return path.with_name(path.stem + ".expected.jsonl")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(GOLDEN).as_posix())
def test_a_golden_file_reads_as_written_beside_it(path: Path) -> None:
    source = read_file(path)
    assert dict(source.messages.dtypes.astype(str)) == MESSAGE_COLUMNS
    assert source.messages.index.equals(pd.RangeIndex(len(source.messages)))
    expected = expected_of(path).read_text(encoding="utf-8").splitlines()
    assert lines_of(source) == [present(json.loads(line)) for line in expected]


def test_every_importer_has_a_golden_file() -> None:
    formats = {read_file(path).format for path in FILES}
    told = {each.format for each in IMPORTERS if isinstance(each, MappedTable)}
    assert formats == {importer.format for importer in IMPORTERS} - told
