"""The README's table of the formats that can be written is that of the program."""

from __future__ import annotations

import re
from pathlib import Path

from curation.exporters import FORMATS

README = Path(__file__).parents[2] / "README.md"
HEAD = "| format · 格式 | for · 用于 | files · 文件 | checked with · 依据 |"


def rows() -> list[list[str]]:
    lines = README.read_text(encoding="utf-8").split("\n")
    start = lines.index(HEAD) + 2
    end = next(place for place in range(start, len(lines)) if not lines[place].startswith("|"))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[start:end]]


def test_the_table_names_every_format_and_its_files() -> None:
    table = {name: set(re.findall("`([^`]+)`", files)) for name, _for, files, _checked in rows()}
    assert [row[0] for row in rows()] == [form.name for form in FORMATS]
    assert table == {form.name: form.file_names() for form in FORMATS}


def test_every_format_says_what_it_is_for_and_was_checked_with() -> None:
    assert all(used and "datasets" in checked for _name, used, _files, checked in rows())
