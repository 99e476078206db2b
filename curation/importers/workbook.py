"""A spreadsheet file -> rows of text, as if it were a delimited file.

Read by calamine, which knows XLSX, XLS, XLSB and ODS and never runs a formula or a macro.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from curation.errors import N_, BadFileError

if TYPE_CHECKING:
    from pathlib import Path

_EXACT: Final = 10**15  # a spreadsheet keeps 15 digits of a number


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet that are not blank, as texts, and their numbers from 1."""

    name: str
    rows: list[list[str]]
    numbers: list[int]


def read_sheets(path: Path, raw: bytes) -> list[Sheet]:
    """Return the sheets of a workbook that are not empty, in their order.

    Raises BadFileError when the workbook is damaged or needs a password.
    """
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        tables = [
            (name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in workbook.sheet_names
        ]
    except CalamineError as exc:
        reason = N_("the spreadsheet cannot be read; it may be damaged or need a password")
        raise BadFileError(path, reason) from exc
    sheets = []
    for name, table in tables:
        rows, numbers = [], []
        for number, cells in enumerate(table, start=1):
            row = [_text(cell) for cell in cells]
            if any(cell and not cell.isspace() for cell in row):
                rows.append(row)
                numbers.append(number)
        if rows:
            sheets.append(Sheet(name, rows, numbers))
    return sheets


def _text(cell: Any) -> str:
    """Return a cell as an exporter of CSV would have written it."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT else repr(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date | time | timedelta | int):
        return str(cell)
    return str(cell).replace("\r\n", "\n")
