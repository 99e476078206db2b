"""Nothing that is written is a table for a spreadsheet program, so that no text in it is a formula.

A spreadsheet program takes a cell that begins with = + - @, a tab or a carriage return for a
formula. Texts of a chat may begin so, and a sign put before them would be learnt by a model.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

import curation
from curation.exporters import FORMATS
from tests.exporters.invented import record

if TYPE_CHECKING:
    from curation.exporters.format import Format

SOURCE: Final = Path(curation.__file__).parent
PAGES: Final = SOURCE.parent / "pages"
FORMULAS: Final = (
    *("=1+1", "=cmd|'/C calc'!A0", '=HYPERLINK("http://evil.example","看")', "+1+1", "-2+3"),
    *("@SUM(A1:A9)", "＝1+1", "＋1", "－1", "＠SUM(A1)", ";=1+1", '"=1+1', "%0A=1+1"),
)
OF_A_SPREADSHEET: Final = frozenset(
    {".csv", ".tsv", ".tab", ".xls", ".xlsx", ".xlsm", ".ods", ".slk", ".dif", ".htm", ".html"}
)
WRITERS: Final = frozenset({"to_csv", "to_excel", "to_clipboard", "to_html", "writerow"})
TABLES: Final = frozenset({"csv", "openpyxl", "xlsxwriter", "xlwt", "odf"})


def written_by(path: Path) -> set[str]:
    """Return what a module uses of all that writes tables."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & WRITERS
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            used |= {each.name for each in node.names} & TABLES
        elif isinstance(node, ast.ImportFrom) and node.module in TABLES:
            used.add(node.module)
    return used


def test_only_what_reads_chats_knows_tables_of_spreadsheet_programs() -> None:
    modules = [*SOURCE.rglob("*.py"), *PAGES.glob("*.py")]
    assert len(modules) > 200
    using = {path for path in modules if written_by(path)}
    assert using
    assert {path for path in using if "importers" not in path.parts} == set()


def test_no_file_of_an_export_is_opened_by_a_spreadsheet_program() -> None:
    names = [name for form in FORMATS for name in form.file_names()]
    assert {Path(name).suffix for name in names} & OF_A_SPREADSHEET == set()


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_what_looks_like_a_formula_is_exported_as_it_was_said(form: Format, tmp_path: Path) -> None:
    path = tmp_path / form.train
    records = [record(form, text, text, system=text) for text in FORMULAS]
    assert form.write(path, records) == len(records)
    assert list(form.read(path)) == records
