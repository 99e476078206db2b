"""A spreadsheet file -> rows of text, as if it were a delimited file.

Read by calamine, which knows XLSX, XLS and ODS and never runs a formula or a macro.
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
from curation.importers.workbook_size import WorkbookSize

if TYPE_CHECKING:
    from pathlib import Path

    from curation.model import Limits

_DAMAGED: Final = N_("the spreadsheet cannot be read; it may be damaged or need a password")

_SMALL: Final = 64 * 1024**2  # bytes; up to there no ratio is a danger
_PIECE: Final = 1 << 20

_FEW_CELLS: Final = 2_000_000  # in any file, however small it is
_CELL_BYTES: Final = 10  # no program writes a cell with a value in less than twice as many
_REPEATED: Final = 4
_BINARY: Final = "xl/workbook.bin"
"""An XLSB: what it becomes in memory cannot be told beforehand."""

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
    allowed = _check_size(path, raw, limits)
    sheets: list[Sheet] = []
    cells = letters = 0
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        for name in workbook.sheet_names:
            table = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            sheet = _sheet(name, table)
            # The same part may be named as a sheet a thousand times.
            cells += len(table) * len(table[0]) if table else 0
            letters += sum(len(cell) for row in sheet.rows for cell in row)
            allowed.check(path, cells, letters)
            if sheet.rows:
                sheets.append(sheet)
    except CalamineError as exc:
        raise BadFileError(path, _DAMAGED) from exc
    return sheets


def _sheet(name: str, table: list[list[Any]]) -> Sheet:
    rows, numbers = [], []
    for number, cells in enumerate(table, start=1):
        row = [_text(cell) for cell in cells]
        if any(cell and not cell.isspace() for cell in row):
            rows.append(row)
            numbers.append(number)
    return Sheet(name, rows, numbers)


@dataclass(frozen=True, slots=True)
class _Allowed:
    """How many cells and letters a file of a size may hold: twice what honest ones do."""

    size: int

    def check(self, path: Path, cells: int, letters: int) -> None:
        """Raise BadFileError for more."""
        if cells > _FEW_CELLS + self.size // _CELL_BYTES:
            reason = N_("the spreadsheet has far too many empty cells; please save it as CSV")
            raise BadFileError(path, reason)
        if letters > _SMALL + _REPEATED * self.size:
            reason = N_("the spreadsheet repeats its texts far too often; please save it as CSV")
            raise BadFileError(path, reason)


def _check_size(path: Path, raw: bytes, limits: Limits) -> _Allowed:
    """Check by unpacking, not by what the file says of itself, that its parts fit into memory."""
    if not raw.startswith(b"PK"):
        return _Allowed(len(raw))  # an old XLS is not packed
    size, found = 0, WorkbookSize()
    most = min(limits.unpacked_bytes, max(_SMALL, limits.archive_ratio * len(raw)))
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if any(name.endswith(_BINARY) for name in archive.namelist()):
                reason = N_("this kind of spreadsheet is not read; please save it as XLSX or CSV")
                raise BadFileError(path, reason)
            for name in archive.namelist():
                pieces = []
                with archive.open(name) as part:
                    while size <= most and (piece := part.read(_PIECE)):
                        size += len(piece)
                        pieces.append(piece)
                if size > most:
                    break
                found.add(b"".join(pieces))
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError) as exc:
        raise BadFileError(path, _DAMAGED) from exc
    if size > most:
        reason = N_("the spreadsheet unpacks to more than {limit} MB (see the settings)")
        raise BadFileError(path, reason, limit=most // 1024**2)
    found.settle()
    allowed = _Allowed(size)
    allowed.check(path, found.cells, found.text)
    return allowed


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
