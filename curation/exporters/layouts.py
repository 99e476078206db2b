"""How rows lie in a file of text: one JSON array, or a JSON value a line.

Both are written and read a row at a time, a row a line, and read as strictly as they are written:
a line that is not byte for byte what its row gives is refused, so that nothing can stand in a file
that reading it back does not show.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Protocol

from curation.errors import N_, BadFileError, ExportBlockedError
from curation.exporters.files import atomic_writer

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from pathlib import Path

Row = dict[str, Any]

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_STARTS: Final = ("[\n", ",\n")

# JSON allows them as they are, but Python's splitlines() and other readers of lines break there.
_BREAKS: Final = {letter: f"\\u{ord(letter):04x}" for letter in "\u0085\u2028\u2029"}


class Layout(Protocol):
    """A way to keep rows in a file."""

    def write(self, path: Path, rows: Iterable[Row]) -> int:
        """Write `rows` as they come, whole or not at all; return how many they were.

        Raises `ExportBlockedError` when there is none: trainers refuse an empty file.
        """
        ...

    def read(self, path: Path) -> Generator[Row]:
        """Yield the rows one at a time; raises BadFileError where the file is not as written."""
        ...

    def problem(self, path: Path) -> str:
        """Return what is wrong with the file before any row is looked at, else nothing."""
        ...


def row_text(row: Row) -> str:
    """Return the JSON text of `row`: one line, no ASCII escapes."""
    return _ENCODER.encode(row)


def no_rows() -> ExportBlockedError:
    """Return the error that says that there is nothing to write."""
    return ExportBlockedError(
        N_("No approved conversation gives a record, so there is nothing to export.")
    )


class JsonArray:
    """One JSON array, a row a line, the brackets on lines of their own."""

    def write(self, path: Path, rows: Iterable[Row]) -> int:
        """See `Layout`."""
        count = 0
        with atomic_writer(path) as file:
            for row in rows:
                file.write(_STARTS[count > 0])
                file.write(row_text(row))
                count += 1
            if not count:
                raise no_rows()
            file.write("\n]\n")
        return count

    def read(self, path: Path) -> Generator[Row]:
        """See `Layout`."""
        for number, line in enumerate(_lines(path), start=1):
            body = line.removesuffix("\n")
            if number == 1 or body == "]":
                continue
            body = body.removesuffix(",")
            row = _row(path, number, body)
            if row_text(row) != body:
                raise BadFileError(path, N_("not a JSON record"), line=number)
            yield row

    def problem(self, path: Path) -> str:
        """See `Layout`."""
        return _raw_problem(path, _array_problem)


class JsonLines:
    """A JSON object a line."""

    def write(self, path: Path, rows: Iterable[Row]) -> int:
        """See `Layout`."""
        count = 0
        with atomic_writer(path) as file:
            for row in rows:
                file.write(_line(row))
                count += 1
            if not count:
                raise no_rows()
        return count

    def read(self, path: Path) -> Generator[Row]:
        """See `Layout`."""
        for number, line in enumerate(_lines(path), start=1):
            row = _row(path, number, line.removesuffix("\n"))
            if _line(row) != line:
                raise BadFileError(path, N_("not a JSON record"), line=number)
            yield row

    def problem(self, path: Path) -> str:
        """See `Layout`."""
        return _raw_problem(path, _lines_problem)


def _line(row: Row) -> str:
    text = row_text(row)
    for letter, escaped in _BREAKS.items():
        text = text.replace(letter, escaped)
    return text + "\n"


def _row(path: Path, number: int, body: str) -> Row:
    try:
        row = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as exc:
        raise BadFileError(path, N_("not a JSON record"), line=number) from exc
    if not isinstance(row, dict):
        raise BadFileError(path, N_("not a JSON record"), line=number)
    return row


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _lines(path: Path) -> Iterator[str]:
    """Yield the lines of `path`, split at line feeds alone: texts may hold U+2028."""
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            yield from file
    except UnicodeDecodeError as exc:
        raise BadFileError(path, N_("not UTF-8 text")) from exc


class _Problem(Protocol):
    def __call__(self, lines: Iterable[bytes]) -> str: ...


def _raw_problem(path: Path, problem: _Problem) -> str:
    """Return what is wrong with encoding, line ends or layout of the file."""
    try:
        with path.open("rb") as file:
            return problem(_checked(file))
    except UnicodeDecodeError:
        return "the file is not UTF-8"


def _checked(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield `lines`; raises UnicodeDecodeError for one that is not UTF-8."""
    for line in lines:
        line.decode("utf-8")
        yield line


def _array_problem(lines: Iterable[bytes]) -> str:
    """Return what is wrong with `lines`: `[`, a record a line with commas between, `]`."""
    before = b""
    number = 0
    for number, line in enumerate(lines, start=1):
        if number == 1 and line != b"[\n":
            return "line 1: the file does not start with a JSON array"
        if _badly_ended(line):
            return f"line {number}: the line does not end with a line feed alone"
        if before == b"]\n":
            return f"line {number}: there is text after the end of the array"
        if number > 1 and before != b"[\n" and before.endswith(b",\n") != line.startswith(b"{"):
            return f"line {number}: the records are not separated by one comma"
        before = line
    if before != b"]\n":
        return f"line {number}: the array is not closed"
    return ""


def _lines_problem(lines: Iterable[bytes]) -> str:
    """Return what is wrong with `lines`: a record each, and nothing else."""
    for number, line in enumerate(lines, start=1):
        if _badly_ended(line):
            return f"line {number}: the line does not end with a line feed alone"
        if not line.startswith(b"{"):
            return f"line {number}: the line does not start with a JSON object"
    return ""


def _badly_ended(line: bytes) -> bool:
    return b"\r" in line or not line.endswith(b"\n")
