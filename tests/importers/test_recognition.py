"""Each golden file belongs to the importer that reads it, and to no other one."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from curation.importers import IMPORTERS, read_file
from curation.importers.document import open_document
from curation.importers.mapped_table import MappedTable
from tests.importers.test_golden import FILES, GOLDEN

if TYPE_CHECKING:
    from pathlib import Path

    from curation.importers import Importer

PLAIN = {
    "a log": "2024-05-01 20:00:00 INFO started\n2024-05-01 20:00:01 INFO ready\n",
    "a log of one line": "2024-05-01 20:00:00 started\n",
    "a log with a trace": "2024-05-01 20:00:00 ERROR\n  at x\n2024-05-01 20:00:01 INFO a\n" * 3,
    "a letter": "你好，\n\n明天 20:00:00 见。\n\n小明 05-01 20:00:00\n到\n",
    "a schedule": "20:00:00 开会\n21:00:00 回家\n",
    "a list with pipes": "1|a:b:c\n2|c:d:e\n",
    "stars": "****\n2024-05-01\n****\n",
    "a page": "<!DOCTYPE html><html><body>{ type: 1, text: 'x' }</body></html>",
    "a page of code": "<html><script>const option = { type: 1, width: 2 };</script></html>",
    "brackets with a time": "Tom (yesterday):hi\n",
    "a shopping list": "[图片]\n[语音]\n",
}


def recognising(path: Path) -> list[Importer]:
    """Return the importers that recognise the file, in the order in which they are asked."""
    document = open_document(path)
    return [importer for importer in IMPORTERS if importer.recognises(document)]


SELF_EXPLAINING = [each for each in IMPORTERS if not isinstance(each, MappedTable)]
"""A mapped table is recognised by what a person said; its tests are its own."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(GOLDEN).as_posix())
def test_a_golden_file_is_recognised_by_its_importer_alone(path: Path) -> None:
    assert [importer.format for importer in recognising(path)] == [read_file(path).format]


@cache
def golden_files() -> dict[str, Path]:
    """Return one golden file of each format."""
    return {read_file(path).format: path for path in FILES}


@pytest.mark.parametrize("importer", SELF_EXPLAINING, ids=lambda importer: importer.format)
def test_no_importer_looks_at_the_name(importer: Importer, tmp_path: Path) -> None:
    golden = golden_files()[importer.format]
    renamed = tmp_path / "聊天.bin"
    renamed.write_bytes(golden.read_bytes())
    assert recognising(renamed)[0] is importer


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN.keys())
def test_what_is_no_chat_is_recognised_by_nobody(text: str, tmp_path: Path) -> None:
    path = tmp_path / "聊天.txt"
    path.write_text(text, encoding="utf-8")
    assert [importer.format for importer in recognising(path)] == []
