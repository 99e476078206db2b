"""Reading what can still be read of a damaged workspace, row by row."""

from __future__ import annotations

from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import MetaData, text

from curation.errors import N_, BadFileError
from curation.store import search
from curation.store.files import ciphers, connecting
from curation.store.files.backup import VERSION
from curation.store.tables import message, status_count
from curation.store.workspace import known_revisions, migrate

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Connection, Table

_NOTHING: Final = N_("nothing in it can be read any more")
_AT_ONCE: Final = 500
_FARTHEST: Final = 2**40
"""Beyond so many ids without a readable row there is none."""


class Source:
    """What can still be read of the file of a workspace."""

    def __init__(self, path: Path, *, still: bool = False) -> None:
        self._path, self._still = path, still
        self._connection = self._opened()

    def _opened(self) -> sqlite3.Connection:
        connection = connecting.connect(self._path, read_only=True, still=self._still)
        # Letters that are none any more must not cost the whole row.
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        with suppress(*ciphers.errors()):
            # Else SQLite reads nothing at all of a file that was cut.
            connection.execute("PRAGMA writable_schema=ON")
            connection.execute("SELECT name FROM sqlite_master").fetchall()
        return connection

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return what a query gives; `ciphers.errors` where a part of that cannot be read."""
        try:
            return self._connection.execute(query, parameters).fetchall()
        except ciphers.errors():
            if ciphers.key_for(self._path) is not None:
                # After a page whose checksum is wrong SQLCipher refuses to read any other.
                self.close()
                self._connection = self._opened()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def save(connection: Connection, damaged: Path, told: Callable[[int, int], None]) -> None:
    """Make the tables of a damaged workspace on this connection, with the rows that can be read.

    What names a row that is gone goes as well, so that what remains fits together. The connection
    must be to an empty database of SQLite. BadFileError where nothing can be read. `told` is called
    with how many tables are done and how many there are.
    """
    with closing(_opened(damaged)) as source:
        migrate(connection, _revision(source, damaged))
        tables = MetaData()
        tables.reflect(connection)
        kept = [
            each
            for each in tables.sorted_tables
            if not each.name.startswith((VERSION, search.INDEX, search.OUTDATED))
            and each.name != status_count.name  # triggers count what comes in
        ]
        saved = 0
        for done, table in enumerate(kept):
            told(done, len(kept))
            saved += _save_table(connection, source, table)
        if not saved:
            raise BadFileError(damaged, _NOTHING)
        told(len(kept), len(kept))
        with suppress(*ciphers.errors()):
            for name, number in source.rows("SELECT name, seq FROM sqlite_sequence"):
                connection.execute(
                    text("UPDATE sqlite_sequence SET seq = max(seq, :seq) WHERE name = :name"),
                    {"name": name, "seq": number},
                )
    _drop_what_hangs(connection)


def _opened(damaged: Path) -> Source:
    """Return what reads the most messages: the file with its log, or without it."""
    with_log, without = Source(damaged), Source(damaged, still=True)
    more, fewer = sorted((with_log, without), key=_messages, reverse=True)
    fewer.close()
    return more


def _messages(source: Source) -> int:
    """Return how many messages can be read."""
    return sum(map(len, readable(source, message.name, "id")))


def _revision(source: Source, damaged: Path) -> str:
    found: list[tuple[Any, ...]] = []
    with suppress(*ciphers.errors()):
        found = source.rows(f"SELECT version_num FROM {VERSION} LIMIT 1")  # noqa: S608  (a name of ours)
    if not found or found[0][0] not in known_revisions():
        raise BadFileError(damaged, _NOTHING)
    return str(found[0][0])


def _save_table(connection: Connection, source: Source, table: Table) -> int:
    names = [each.name for each in table.columns]
    quoted = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join("?" for _name in names)
    # What breaks a rule of its table cannot be what was written.
    query = f'INSERT OR IGNORE INTO "{table.name}" ({quoted}) VALUES ({marks})'  # noqa: S608  (names of our own tables)
    place = names.index("search_row") if "search_row" in names else None
    saved = 0
    for rows in readable(source, table.name, quoted):
        if place is not None:  # the index of words is made anew
            rows = [(*row[:place], None, *row[place + 1 :]) for row in rows]  # noqa: PLW2901  (the same rows)
        saved += connection.exec_driver_sql(query, rows).rowcount
    return saved


def readable(source: Source, table: str, columns: str) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a table, past those that cannot be read."""
    query = f'SELECT rowid, {columns} FROM "{table}" WHERE rowid > ? ORDER BY rowid LIMIT ?'  # noqa: S608  (as above)
    last, step, most = -(2**31), 1, _AT_ONCE
    edge = last  # the last row that was read before what cannot be
    while step < _FARTHEST:
        rows: Sequence[tuple[Any, ...]] | None = None
        with suppress(*ciphers.errors()):
            rows = source.rows(query, (last, most))
        # A broken tree may also lead back to rows that were read already.
        if rows is None or (rows and not last < rows[0][0] <= rows[-1][0]):
            if most == 1:
                last, step = max(last, 0) + step, step * 2
            most = 1  # up to what cannot be read, row by row
            continue
        if step > 1:  # past it, and perhaps past rows behind it
            end = rows[0][0] if rows else last + 1
            if behind := _before(source, table, columns, edge, end):
                yield behind
            step, most = 1, _AT_ONCE
        if not rows:
            return
        yield [row[1:] for row in rows]
        last = edge = rows[-1][0]


def _before(source: Source, table: str, columns: str, edge: int, end: int) -> list[tuple[Any, ...]]:
    """Return the rows after `edge` that can be read backwards from `end`, which is not one."""
    query = (
        f'SELECT rowid, {columns} FROM "{table}"'  # noqa: S608  (as above)
        " WHERE rowid > ? AND rowid < ? ORDER BY rowid DESC LIMIT 1"
    )
    found = []
    with suppress(*ciphers.errors()):
        while (rows := source.rows(query, (edge, end))) and edge < rows[0][0] < end:
            found.append(rows[0][1:])
            end = rows[0][0]
    return found[::-1]


def _drop_what_hangs(connection: Connection) -> None:
    """Delete the rows that name a row which is not there, and those that name these."""
    while True:
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        if not broken:
            return
        for table, rowid, *_more in broken:
            connection.exec_driver_sql(f'DELETE FROM "{table}" WHERE rowid = ?', (rowid,))  # noqa: S608  (as above)
