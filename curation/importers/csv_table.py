"""A delimited file -> columns of text, fast where the file is well formed, exact where it is not.

A well-formed table goes through Arrow's parser, which makes no Python object per cell. Everything
else (ragged or blank rows, doubtful quotes, damaged text) goes through the csv module, which also
tells on which line a row begins. Both give the same columns.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from curation.errors import N_, BadFileError, NoMessagesError
from curation.importers.document import MAX_CELL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.importers.document import Document


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns of a format are needed, which are welcome, and how strict its rows are.

    `ragged`: rows may be longer than the header (raw database tuples); otherwise a cell that
    stands beyond the header is an error, because text would be lost.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    ragged: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """All columns that are read where they exist."""
        return self.required + self.optional


@dataclass(frozen=True)
class CsvTable:
    """Columns of text of equal length, by header name; a column the file lacks is all empty."""

    document: Document
    columns: Mapping[str, pa.Array]
    size: int

    def __getitem__(self, name: str) -> pa.Array:
        column = self.columns.get(name)
        return pa.repeat(pa.scalar("", pa.large_string()), self.size) if column is None else column

    def error(self, row: int, reason: str, **values: Any) -> BadFileError:
        """Return the error that row number `row` (from 0) is bad for `reason`."""
        _, starts = _read_rows(self.document)
        return BadFileError(self.document.path, reason, line=starts[row + 1], **values)


def read_table(document: Document, layout: Layout) -> CsvTable:
    """Return the rows below the header of `document`.

    Raises:
        BadFileError: a required column is missing, a row has too few or too many cells, a cell
            is not closed, the text is damaged, or there is no row.

    """
    positions: dict[str, int] = {}
    for position, name in enumerate(document.header):
        positions.setdefault(name, position)
    for name in layout.required:
        if name not in positions:
            reason = N_("the column {column} is missing")
            raise BadFileError(document.path, reason, line=1, column=name)
    wanted = {name: positions[name] for name in layout.names if name in positions}
    columns = _read_fast(document, layout, wanted)
    if columns is None:
        columns = _read_exact(document, layout, wanted)
    size = len(next(iter(columns.values())))
    if not size:
        raise NoMessagesError(document.path, N_("the file holds no messages, only a header"))
    return CsvTable(document, columns, size)


def _read_fast(
    document: Document, layout: Layout, wanted: Mapping[str, int]
) -> dict[str, pa.Array] | None:
    """Return the columns by Arrow's parser, or None where it could read the file wrongly."""
    if not document.header_is_first_line or document.utf8.count(b'"') % 2:
        return None
    width = _second_row_width(document)
    least = 1 + max(wanted[name] for name in layout.required)
    if not least <= width <= len(document.header):
        return None
    names = [str(position) for position in range(width)]
    kept = {name: str(position) for name, position in wanted.items() if position < width}
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(document.utf8),
            read_options=pa_csv.ReadOptions(column_names=names, skip_rows=1),
            parse_options=pa_csv.ParseOptions(
                delimiter=document.delimiter, newlines_in_values=True
            ),
            convert_options=pa_csv.ConvertOptions(
                include_columns=list(kept.values()),
                column_types=dict.fromkeys(names, pa.large_string()),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowException:  # ragged rows, another encoding, a giant cell: read exactly instead
        return None
    columns = {name: table[number].combine_chunks() for name, number in kept.items()}
    return None if _is_doubtful(columns, layout.required[0]) else columns


def _second_row_width(document: Document) -> int:
    """Return how many cells the first row below the header has."""
    reader = csv.reader(io.StringIO(document.head, newline=""), delimiter=document.delimiter)
    try:
        rows = list(islice(reader, 2))
    except csv.Error:
        return 0
    return len(rows[-1])


def _is_doubtful(columns: Mapping[str, pa.Array], key: str) -> bool:
    """Return whether a cell may be longer than allowed, or a row may be blank in column `key`."""
    for column in columns.values():
        if len(column) and pc.max(pc.binary_length(column)).as_py() > MAX_CELL:
            return True
    blank = pc.or_(pc.equal(pc.binary_length(columns[key]), 0), pc.utf8_is_space(columns[key]))
    return bool(pc.any(blank).as_py())


def _read_exact(
    document: Document, layout: Layout, wanted: Mapping[str, int]
) -> dict[str, pa.Array]:
    """Return the columns by the csv module, checking every row's cells."""
    rows, starts = _read_rows(document)
    least = 1 + max(wanted[name] for name in layout.required)
    width = len(document.header)
    for row, line in islice(zip(rows, starts, strict=True), 1, None):
        if len(row) < least:
            reason = N_("the row has {count} cells, at least {least} are needed")
            raise BadFileError(document.path, reason, line=line, count=len(row), least=least)
        if not layout.ragged and any(cell.strip() for cell in row[width:]):
            reason = N_("the row has {count} cells, the header only {width}")
            raise BadFileError(document.path, reason, line=line, count=len(row), width=width)
    return {
        name: pa.array(
            [row[position] if position < len(row) else "" for row in rows[1:]],
            type=pa.large_string(),
        )
        for name, position in wanted.items()
    }


def _read_rows(document: Document) -> tuple[list[list[str]], list[int]]:
    """Return all rows that are not blank, header first, and the line on which each begins."""
    rows: list[list[str]] = []
    starts: list[int] = []
    end = 0
    reader = csv.reader(
        io.StringIO(document.text, newline=""), delimiter=document.delimiter, strict=False
    )
    try:
        for row in reader:
            if any(cell and not cell.isspace() for cell in row):
                rows.append(row)
                starts.append(end + 1)
            end = reader.line_num
    except csv.Error as exc:
        reason = N_("a cell is longer than {limit} characters; a quotation mark is probably open")
        raise BadFileError(document.path, reason, line=end + 1, limit=MAX_CELL) from exc
    if starts and _is_open(document, starts[-1]):
        reason = N_("a quotation mark is never closed in the row that begins here")
        raise BadFileError(document.path, reason, line=starts[-1])
    return rows, starts


def _is_open(document: Document, line: int) -> bool:
    """Return whether the last row, which begins on `line`, ends inside quotation marks."""
    tail = islice(io.StringIO(document.text, newline=""), line - 1, None)
    lines: Sequence[str] = [*tail, "\n", "end"]
    # A closed row leaves the appended line standing alone.
    return list(csv.reader(lines, delimiter=document.delimiter))[-1] != ["end"]
