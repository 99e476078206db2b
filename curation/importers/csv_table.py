"""A delimited file -> columns of text, fast where the file is well formed, exact where it is not.

A well-formed table goes through Arrow's parser, which makes no Python object per cell. Everything
else (ragged or blank rows, doubtful quotes, damaged text) goes through the csv module, which also
tells on which line a row begins. Both give the same columns. A row that cannot be read is noted
with its line and left out; the others are good all the same.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from curation.errors import N_, BadFileError, NoMessagesError, UnknownFormatError
from curation.importers.document import DAMAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from curation.importers.document import Document


_BLOCK: Final = 8 * 1024**2  # bytes that Arrow parses at once; a row may be no longer

_POOL: Final = pa.system_memory_pool()
"""Arrow's own pool takes whole huge pages, and clearing them takes longer than parsing."""

_END: Final = "\0end"
"""A line no text file holds, put behind the last one to see whether that is closed."""


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
    """Columns of text of equal length, by header name; a column the file lacks is all empty.

    `unread` are rows that are not in the columns, `bad` those that are but must be left out, by
    their number. `warnings` are what a person should know of how the columns were read.
    """

    document: Document
    layout: Layout
    columns: Mapping[str, pa.Array]
    size: int
    unread: tuple[BadFileError, ...] = ()
    bad: dict[int, BadFileError] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> pa.Array:
        column = self.columns.get(name)
        return pa.repeat(pa.scalar("", pa.large_string()), self.size) if column is None else column

    def leave_out(self, rows: Iterable[int], reason: str, **values: Any) -> None:
        """Note that the rows with these numbers (from 0) are bad for `reason`."""
        new = [row for row in rows if row not in self.bad]
        if not new:
            return
        starts = self._starts
        for row in new:
            path = self.document.path
            self.bad[row] = BadFileError(path, reason, line=starts[row], **values)

    @cached_property
    def _starts(self) -> list[int]:
        """The line on which each row begins."""
        good, _unread = _good_rows(self.document, self.layout)
        return [line for line, _row in good]

    @property
    def bad_rows(self) -> tuple[BadFileError, ...]:
        """All rows that are left out, in the order of their lines."""
        return tuple(sorted((*self.unread, *self.bad.values()), key=lambda each: each.line or 0))


def read_table(document: Document, layout: Layout) -> CsvTable:
    """Return the rows below the header of `document`.

    Raises:
        UnknownFormatError: a required column is missing, so it is another table.
        BadFileError: the header is damaged, no row can be read, or there is none.

    """
    if document.damaged and any(DAMAGE.search(name) for name in document.header):
        raise document.damage(document.damaged_lines[0])
    positions: dict[str, int] = {}
    for position, name in enumerate(document.header):
        positions.setdefault(name, position)
    for name in layout.required:
        if name not in positions:
            reason = N_("the column {column} is missing")
            raise UnknownFormatError(document.path, reason, line=1, column=name)
    wanted = {name: positions[name] for name in layout.names if name in positions}
    columns = None if document.is_workbook else _read_fast(document, layout, wanted)
    unread: list[BadFileError] = []
    if columns is None:
        columns, unread = _read_exact(document, layout, wanted)
    size = len(next(iter(columns.values())))
    if not size:
        if unread:
            raise unread[0]
        raise NoMessagesError(document.path, N_("the file holds no messages, only a header"))
    return CsvTable(document, layout, columns, size, tuple(unread))


def _read_fast(
    document: Document, layout: Layout, wanted: Mapping[str, int]
) -> dict[str, pa.Array] | None:
    """Return the columns by Arrow's parser, or None where it could read the file wrongly."""
    if document.damaged or not document.header_is_first_line or document.utf8.count(b'"') % 2:
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
            # Threads only wait for each other here: where a block ends is known when it is parsed.
            read_options=pa_csv.ReadOptions(
                column_names=names, skip_rows=1, use_threads=False, block_size=_BLOCK
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=document.delimiter, newlines_in_values=True
            ),
            convert_options=pa_csv.ConvertOptions(
                include_columns=list(kept.values()),
                column_types=dict.fromkeys(names, pa.large_string()),
                strings_can_be_null=False,
            ),
            memory_pool=_POOL,
        )
    except pa.ArrowException:  # ragged rows, another encoding, a giant cell: read exactly instead
        return None
    columns = {name: table[number].combine_chunks(_POOL) for name, number in kept.items()}
    longest = document.options.limits.message_characters
    return None if _is_doubtful(columns, layout.required[0], longest) else columns


def _second_row_width(document: Document) -> int:
    """Return how many cells the first row below the header has."""
    reader = csv.reader(io.StringIO(document.head, newline=""), delimiter=document.delimiter)
    try:
        rows = list(islice(reader, 2))
    except csv.Error:
        return 0
    return len(rows[-1])


def _is_doubtful(columns: Mapping[str, pa.Array], key: str, longest: int) -> bool:
    """Return whether a cell may be longer than allowed, or a row may be blank in column `key`."""
    for column in columns.values():
        if len(column) and pc.max(pc.binary_length(column)).as_py() > longest:
            return True
    blank = pc.or_(pc.equal(pc.binary_length(columns[key]), 0), pc.utf8_is_space(columns[key]))
    return bool(pc.any(blank).as_py())


def _read_exact(
    document: Document, layout: Layout, wanted: Mapping[str, int]
) -> tuple[dict[str, pa.Array], list[BadFileError]]:
    """Return the columns of the good rows by the csv module, and the rows that are not."""
    good, unread = _good_rows(document, layout)
    columns = {
        name: pa.array(
            [row[position] if position < len(row) else "" for _line, row in good],
            type=pa.large_string(),
        )
        for name, position in wanted.items()
    }
    return columns, unread


def _good_rows(
    document: Document, layout: Layout
) -> tuple[list[tuple[int, list[str]]], list[BadFileError]]:
    """Return the line and the cells of each good row below the header, and the other rows."""
    header = document.header
    least = 1 + max(header.index(name) for name in layout.required)
    width = len(header)
    good: list[tuple[int, list[str]]] = []
    unread: list[BadFileError] = []
    rows = _sheet_rows(document) if document.is_workbook else _csv_rows(document)
    for line, row in islice(rows, 1, None):
        if isinstance(row, BadFileError):
            unread.append(row)
        elif len(row) < least:
            reason = N_("the row has {count} cells, at least {least} are needed")
            found = BadFileError(document.path, reason, line=line, count=len(row), least=least)
            unread.append(found)
        elif not layout.ragged and any(cell.strip() for cell in row[width:]):
            reason = N_("the row has {count} cells, the header only {width}")
            found = BadFileError(document.path, reason, line=line, count=len(row), width=width)
            unread.append(found)
        elif any(len(cell) > document.options.limits.message_characters for cell in row):
            unread.append(_too_long(document, line))
        elif document.damaged and any(DAMAGE.search(cell) for cell in row):
            unread.append(BadFileError(document.path, N_("the text is damaged here"), line=line))
        else:
            good.append((line, row))
    return good, unread


def _sheet_rows(document: Document) -> Iterator[tuple[int, list[str] | BadFileError]]:
    """Yield number and cells of every row of a workbook's sheet that is not blank."""
    sheet = document.sheet
    return zip(sheet.numbers, sheet.rows, strict=True)


def _csv_rows(document: Document) -> Iterator[tuple[int, list[str] | BadFileError]]:
    """Yield line and cells of every row that is not blank, header first.

    Where a quotation mark is never closed, the row it stands in is bad and reading goes on at the
    next line: everything behind it is not one cell.
    """
    # Not by splitlines, which also ends a line where nobody pressed return, such as at U+2028.
    lines = io.StringIO(document.text, newline="").readlines()
    begun = 0
    while begun < len(lines):
        rows, open_at = _closed_rows(document, lines, begun)
        yield from rows
        if open_at is None:
            return
        yield open_at + 1, _unclosed(document, open_at + 1, lines[open_at])
        begun = open_at + 1


def _unclosed(document: Document, number: int, line: str) -> BadFileError:
    """Return why the row that begins on a line has no end."""
    if '"' not in line:
        return _too_long(document, number)
    reason = N_("a quotation mark is never closed in the row that begins here")
    return BadFileError(document.path, reason, line=number)


def _too_long(document: Document, number: int) -> BadFileError:
    limit = document.options.limits.message_characters
    reason = N_("a cell is longer than {limit} characters; a quotation mark is probably open")
    return BadFileError(document.path, reason, line=number, limit=limit)


def _closed_rows(
    document: Document, lines: Sequence[str], begun: int
) -> tuple[list[tuple[int, list[str] | BadFileError]], int | None]:
    """Return the rows from line number `begun` (from 0) on, and where the first open one begins."""
    rows: list[tuple[int, list[str] | BadFileError]] = []
    start = begun
    csv.field_size_limit(max(csv.field_size_limit(), document.options.limits.message_characters))
    # A closed row leaves the appended line standing alone.
    reader = csv.reader(
        chain(islice(lines, begun, None), ("\n", _END)), delimiter=document.delimiter, strict=False
    )
    try:
        for row in reader:
            if row and _END in row[-1] and reader.line_num >= len(lines) - begun:
                return rows, None if row == [_END] else start
            if any(cell and not cell.isspace() for cell in row):
                rows.append((start + 1, row))
            start = begun + reader.line_num
    except csv.Error:  # a cell longer than the csv module takes: an open quotation mark as well
        return rows, start
    return rows, None
