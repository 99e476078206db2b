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
            for name, number in source.execute("SELECT name, seq FROM sqlite_sequence").fetchall():
                connection.execute(
                    text("UPDATE sqlite_sequence SET seq = max(seq, :seq) WHERE name = :name"),
                    {"name": name, "seq": number},
                )
    _drop_what_hangs(connection)


def _opened(damaged: Path) -> sqlite3.Connection:
    """Return a connection that reads the most messages: with the log, or without it."""
    best, most = None, -1
    for still in (False, True):
        connection = connecting.connect(damaged, read_only=True, still=still)
        # Letters that are none any more must not cost the whole row.
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        count = -1
        with suppress(*ciphers.errors()):
            # Else SQLite reads nothing at all of a file that was cut.
            connection.execute("PRAGMA writable_schema=ON")
            connection.execute("SELECT name FROM sqlite_master").fetchall()
            count = sum(map(len, readable(connection, message.name, "id")))
        if count > most:
            best, most, connection = connection, count, best
        if connection is not None:
            connection.close()
    if best is None:
        raise BadFileError(damaged, _NOTHING)
    return best


def _revision(source: sqlite3.Connection, damaged: Path) -> str:
    row = None
    with suppress(*ciphers.errors()):
        row = source.execute(f"SELECT version_num FROM {VERSION}").fetchone()  # noqa: S608  (a name of ours)
    if row is None or row[0] not in known_revisions():
        raise BadFileError(damaged, _NOTHING)
    return str(row[0])


def _save_table(connection: Connection, source: sqlite3.Connection, table: Table) -> int:
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


def readable(
    source: sqlite3.Connection, table: str, columns: str
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a table, past those that cannot be read."""
    query = f'SELECT rowid, {columns} FROM "{table}" WHERE rowid > ? ORDER BY rowid LIMIT ?'  # noqa: S608  (as above)
    last, step, most = -(2**31), 1, _AT_ONCE
    edge = last  # the last row that was read before what cannot be
    while step < _FARTHEST:
        rows: Sequence[tuple[Any, ...]] | None = None
        with suppress(*ciphers.errors()):
            rows = source.execute(query, (last, most)).fetchall()
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


def _before(
    source: sqlite3.Connection, table: str, columns: str, edge: int, end: int
) -> list[tuple[Any, ...]]:
    """Return the rows after `edge` that can be read backwards from `end`, which is not one."""
    query = (
        f'SELECT rowid, {columns} FROM "{table}"'  # noqa: S608  (as above)
        " WHERE rowid > ? AND rowid < ? ORDER BY rowid DESC LIMIT 1"
    )
    found = []
    with suppress(*ciphers.errors()):
        while (row := source.execute(query, (edge, end)).fetchone()) and edge < row[0] < end:
            found.append(row[1:])
            end = row[0]
    return found[::-1]


def _drop_what_hangs(connection: Connection) -> None:
    """Delete the rows that name a row which is not there, and those that name these."""
    while True:
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        if not broken:
            return
        for table, rowid, *_more in broken:
            connection.exec_driver_sql(f'DELETE FROM "{table}" WHERE rowid = ?', (rowid,))  # noqa: S608  (as above)
