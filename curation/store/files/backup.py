"""A whole workspace as one file; `backup_reading` reads it.

A backup is a ZIP with a manifest and, for each table, its rows as JSON arrays, one a line. It does
not depend on the database: what SQLite wrote, PostgreSQL can read. The manifest tells the version
of the tables, how many rows and bytes each has, and their SHA-256.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
import zipfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import MetaData, column, func, select, table, text

from curation import __version__
from curation.store import postgres, search
from curation.store.files import connecting, safety
from curation.store.rows import raw_rows
from curation.store.tables import conversation, message, metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Connection, Select

    Told = Callable[[int, int], None]

SUFFIX: Final = ".ruwo"
FORMAT: Final = "ruwo-backup"
FORMAT_VERSION: Final = 1

MANIFEST: Final = "manifest.json"

VERSION: Final = "alembic_version"
_HELD: Final[Select[tuple[Any]]] = select(column("version_num")).select_from(table(VERSION))
_ROWS_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class BackupTable:
    """One table in a backup; `size` are the bytes of its rows, `sha256` their checksum."""

    name: str
    columns: tuple[str, ...]
    rows: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """What a backup says of itself.

    `app` and `revision` are the versions of the program and of its tables, `last_ids` the highest
    id that was ever given in a table, used or not.
    """

    made_at: datetime
    app: str
    revision: str
    conversations: int
    messages: int
    tables: tuple[BackupTable, ...]
    last_ids: Mapping[str, int]

    @property
    def rows(self) -> int:
        """How many rows all tables have together."""
        return sum(each.rows for each in self.tables)

    @property
    def size(self) -> int:
        """How many bytes all rows have together."""
        return sum(each.size for each in self.tables)


def write_backup(
    connection: Connection, file: IO[bytes], told: Told, held: MetaData = metadata
) -> BackupInfo:
    """Write everything that this connection sees to `file`; return what it holds.

    The connection must see one state throughout. `told` is called with how many rows are written
    and how many there are; `held` are the tables, where they are not today's.
    """
    counts = {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in held.sorted_tables
    }
    total, done = sum(counts.values()), 0
    tables = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for table in held.sorted_tables:
            checksum = hashlib.sha256()
            rows = size = 0
            with archive.open(member_of(table.name), "w", force_zip64=True) as member:
                for some in _in_chunks(raw_rows(connection, select(table))):
                    told(done, total)
                    lines = b"".join(
                        orjson.dumps(row, default=_encoded, option=orjson.OPT_APPEND_NEWLINE)
                        for row in some
                    )
                    member.write(lines)
                    checksum.update(lines)
                    rows += len(some)
                    done += len(some)
                    size += len(lines)
            columns = tuple(table.c.keys())
            tables.append(BackupTable(table.name, columns, rows, size, checksum.hexdigest()))
        info = BackupInfo(
            made_at=datetime.fromtimestamp(int(time.time()), UTC),
            app=__version__,
            revision=revision_of(connection) or "",
            conversations=counts[conversation.name],
            messages=counts[message.name],
            tables=tuple(tables),
            last_ids=_last_ids(connection, held),
        )
        archive.writestr(MANIFEST, json.dumps(_manifest(info), ensure_ascii=False, indent=1))
    told(total, total)
    return info


def write_copy(connection: Connection, why: str, told: Told) -> Path:
    """Write a backup of a database that is no file to where its copies are kept; return it.

    Its tables may be of an older version. Raises WorkspaceError where it cannot be written.
    """
    held = MetaData()
    held.reflect(connection)
    for each in list(held.tables.values()):
        if each.name.startswith((VERSION, search.INDEX, search.OUTDATED)):
            held.remove(each)
    part: Path | None = None
    try:
        target = safety.new_path(connection.engine, why, SUFFIX)
        part = safety.part_of(target)
        with part.open("wb") as file:
            write_backup(connection, file, told, held)
        connecting.settle(part)
        part.replace(target)
    except OSError as error:
        raise safety.no_copy(error) from error
    finally:
        if part is not None:
            with suppress(OSError):
                part.unlink(missing_ok=True)
    safety.prune(connection.engine)
    return target


def revision_of(connection: Connection) -> str | None:
    """Return the version of the tables, None where there are none."""
    if not connection.dialect.has_table(connection, VERSION):
        return None
    return revision_held(connection)


def revision_held(connection: Connection) -> str | None:
    """Return the version of tables that are there."""
    held = connection.scalar(_HELD)
    return None if held is None else str(held)


def member_of(name: str) -> str:
    """Return the name of the file in a backup that holds a table."""
    return f"{name}.jsonl"


def _in_chunks(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    some: list[tuple[Any, ...]] = []
    for row in rows:
        some.append(tuple(row))
        if len(some) == _ROWS_AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _encoded(value: object) -> str:
    """Return bytes as JSON can hold them; orjson asks for nothing else that a table holds."""
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    raise TypeError(type(value).__name__)


def _last_ids(connection: Connection, held: MetaData) -> dict[str, int]:
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name, seq FROM sqlite_sequence")).all()
        known = {table.name for table in held.sorted_tables}
        return {row.name: int(row.seq) for row in rows if row.name in known}
    names = [table.name for table in held.sorted_tables if "id" in table.c]
    return postgres.last_ids(connection, names)


def _manifest(info: BackupInfo) -> dict[str, object]:
    return {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "app": info.app,
        "revision": info.revision,
        "made_at": int(info.made_at.timestamp()),
        "counts": {"conversations": info.conversations, "messages": info.messages},
        "tables": [asdict(each) for each in info.tables],
        "last_ids": dict(info.last_ids),
    }
