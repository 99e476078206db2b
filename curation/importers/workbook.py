"""A spreadsheet file -> rows of text, as if it were a delimited file.

Read by calamine, which knows XLSX, XLS, XLSB and ODS and never runs a formula or a macro.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from curation.errors import N_, BadFileError

if TYPE_CHECKING:
    from pathlib import Path

    from curation.model import Limits

_DAMAGED: Final = N_("the spreadsheet cannot be read; it may be damaged or need a password")

_SMALL: Final = 64 * 1024**2  # bytes; up to there no ratio is a danger
_PIECE: Final = 1 << 20

_EXACT: Final = 10**15  # a spreadsheet keeps 15 digits of a number


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet that are not blank, as texts, and their numbers from 1."""

    name: str
    rows: list[list[str]]
    numbers: list[int]


def read_sheets(path: Path, raw: bytes, limits: Limits) -> list[Sheet]:
    """Return the sheets of a workbook that are not empty, in their order.

    Raises BadFileError when the workbook is damaged, needs a password, or swells beyond `limits`.
    """
    _check_size(path, raw, limits)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        tables = [
            (name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in workbook.sheet_names
        ]
    except CalamineError as exc:
        raise BadFileError(path, _DAMAGED) from exc
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


def _check_size(path: Path, raw: bytes, limits: Limits) -> None:
    """Check by unpacking, not by what the file says of itself, that its parts fit into memory."""
    if not raw.startswith(b"PK"):
        return  # an old XLS is not packed
    size = 0
    most = min(limits.unpacked_bytes, max(_SMALL, limits.archive_ratio * len(raw)))
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for name in archive.namelist():
                with archive.open(name) as part:
                    while size <= most and (piece := part.read(_PIECE)):
                        size += len(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError) as exc:
        raise BadFileError(path, _DAMAGED) from exc
    if size > most:
        reason = N_("the spreadsheet unpacks to more than {limit} MB (see the settings)")
        raise BadFileError(path, reason, limit=most // 1024**2)


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
