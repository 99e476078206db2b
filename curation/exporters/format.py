"""What a format of the dataset is: its files, how a record stands in them, and how it is checked.

Whatever the format, a record goes in and comes out in one shape, that of `sharegpt_record`: what
the search for private data sees is then what any of the files holds.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from curation.errors import BadFileError
from curation.exporters.canonical import record_keys, record_problem, refuse
from curation.exporters.files import atomic_writer
from curation.exporters.layouts import Row, row_text

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
    from pathlib import Path

    from curation.exporters.layouts import Layout

Record = dict[str, Any]
Scalar = str | int | float | bool

# What Arrow's JSON reader takes for a time when it guesses the type of a column.
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d[\d:.]*(?:Z|[+-]\d\d:?\d\d)?)?")


class ShapeError(ValueError):
    """A row that is not one of its format: which part of it, and the rule that it breaks."""

    def __init__(self, where: str, rule: str) -> None:
        super().__init__(f"{where} {rule}")


@dataclass(frozen=True, slots=True)
class Parts:
    """What a dataset consists of: how many records each part has, and how it is to be trained.

    `recipe` holds all settings of the trainer by the names that LLaMA-Factory gives them. `content`
    is a digest of the files, for formats that tell it.
    """

    train: int
    validation: int
    recipe: Mapping[str, Scalar]
    content: str = ""


class FileRule(Protocol):
    """A rule that only all rows of a file together can break."""

    def see(self, row: Row) -> None:
        """Take in the next row in which by itself nothing is wrong."""
        ...

    def problem(self) -> str:
        """Return what is wrong with the rows that were seen, else nothing."""
        ...


class NotOnlyTimes:
    """In no column does every text look like a time: loaders would make times of them."""

    def __init__(self) -> None:
        self._times: set[str] = set()
        self._texts: set[str] = set()

    def see(self, row: Row) -> None:
        """See `FileRule`."""
        if self._times or not self._texts:
            for column, text in _columns("", row):
                if column not in self._texts:
                    is_time = _TIME.fullmatch(text) is not None
                    (self._times if is_time else self._texts).add(column)
            self._times -= self._texts

    def problem(self) -> str:
        """See `FileRule`."""
        names = ", ".join(sorted(self._times))
        return f"every text in {names} looks like a time and would be read as one" if names else ""


def _columns(name: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield every text in `value` with the name of the column that it becomes a part of."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _columns(f"{name}.{key}" if name else key, each)
    elif isinstance(value, list):
        for each in value:
            yield from _columns(name, each)


def _digest(paths: Iterable[Path]) -> str:
    """Return a digest of the bytes of files, one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _same(record: Record) -> Record:
    return record


def _pass_over(_record: Record) -> None:
    """Take no notice of a record."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format that a dataset can be written in.

    `name` stays the same for good: settings hold it. `train` and `validation` are the names of the
    files below the folder of the export, with a folder of their own where other files belong to
    them. `extended` says that the records are those with emotions and traits; all other formats
    take plain ones (`plain_record`). `encode` and `decode` are each other's inverse; `decode`
    raises ShapeError. `companions` names the files that belong to them, each with what gives its
    text; a digest of the records' files stands in it where the format `tells_content`.
    `tells_last_turn` says that they tell the trainer where the last turn of each record is to be
    learnt alone.
    """

    name: str
    train: str
    validation: str
    layout: Layout
    encode: Callable[[Record], Row] = _same
    decode: Callable[[Row], Record] = _same
    extended: bool = False
    companions: Mapping[str, Callable[[Parts], str]] = field(default_factory=dict)
    rules: tuple[Callable[[], FileRule], ...] = (NotOnlyTimes,)
    tells_content: bool = False
    tells_last_turn: bool = False

    def file_names(self) -> frozenset[str]:
        """Return the names of all files that an export in this format may write."""
        return frozenset((self.train, self.validation, *self.companions))

    def write(self, path: Path, records: Iterable[Record]) -> int:
        """Write `records` to `path` as they come and return how many they were.

        The file appears whole or not at all; the same records give the same bytes. Raises
        `ExportBlockedError` when there is no record, or one that is not of this format's kind.
        """
        return self.layout.write(path, map(self._encoded, records))

    def read(self, path: Path) -> Generator[Record]:
        """Yield the records of a file that `write` wrote, as they were given to it.

        Raises `BadFileError` naming the place where the file is not what was written.
        """
        with closing(self.layout.read(path)) as rows:
            for number, row in enumerate(rows, start=1):
                try:
                    yield self.decode(row)
                except ShapeError as exc:
                    raise BadFileError(path, str(exc), place=f"record {number}") from exc

    def check(self, path: Path, see: Callable[[Record], None] = _pass_over) -> list[str]:
        """Return what is wrong with the bytes at `path`, one sentence each; empty if all is well.

        Checked are encoding, line ends and layout, every record, and that the file holds exactly
        what its records give. Sentences hold places and rules, never text of the records. `see` is
        called with every record in which nothing is wrong.
        """
        if problem := self.layout.problem(path):
            return [problem]
        rules = [rule() for rule in self.rules]
        found: list[str] = []
        number = 0
        try:
            for number, row in enumerate(self.layout.read(path), start=1):
                if problem := self._row_problem(row, see):
                    found.append(f"record {number}: {problem}")
                    continue
                for rule in rules:
                    rule.see(row)
        except BadFileError as exc:
            return [f"line {exc.line}: {exc.reason}" if exc.line else exc.reason]
        if not number:
            return ["the file holds no record"]
        return [*found, *filter(None, (rule.problem() for rule in rules))]

    def write_companions(self, folder: Path, parts: Parts) -> None:
        """Write the files that belong to `parts` into the folder of the export.

        They hold names and numbers, nothing of the records.
        """
        if self.tells_content:
            names = [self.train, self.validation][: 1 + bool(parts.validation)]
            parts = replace(parts, content=_digest(folder / name for name in names))
        for name, text in self.companions.items():
            with atomic_writer(folder / name) as file:
                file.write(text(parts))

    def _encoded(self, record: Record) -> Row:
        if list(record) != record_keys(extended=self.extended):
            raise refuse(record_problem(record, extended=self.extended))
        return self.encode(record)

    def _row_problem(self, row: Row, see: Callable[[Record], None]) -> str:
        try:
            record = self.decode(row)
        except ShapeError as exc:
            return str(exc)
        problem = record_problem(record, extended=self.extended)
        if not problem:
            again = self.encode(record)
            if again is not row and row_text(again) != row_text(row):
                return "it is not written as its record is"
            see(record)
        return problem
