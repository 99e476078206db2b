"""A whole workspace as one file, and reading such a file.

A backup is a ZIP with a manifest and, for each table, its rows as JSON arrays, one a line. It does
not depend on the database: what SQLite wrote, PostgreSQL can read. The manifest tells the version
of the tables, how many rows and bytes each has, and their SHA-256.

Everything in such a file is checked before it is believed: it may come from anywhere.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import time
import zipfile
import zlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import (
    Boolean,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    delete,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import SQLAlchemyError

from curation import __version__
from curation.errors import N_, BadFileError
from curation.model import Limits
from curation.store.rows import raw_rows
from curation.store.tables import conversation, message, metadata, status_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Column, Connection

    Told = Callable[[int, int], None]

SUFFIX: Final = ".ruwo"
FORMAT: Final = "ruwo-backup"
FORMAT_VERSION: Final = 1

_MANIFEST: Final = "manifest.json"
_MANIFEST_BYTES: Final = 1_000_000
_ROWS_AT_ONCE: Final = 5_000
_BLOCK_BYTES: Final = 1_000_000
_LINE_BYTES: Final = 64_000_000
"""The longest row: a part of the journal with thousands of long texts, before and after."""
_SMALL: Final = 64_000_000
"""So many bytes may come of any file, however small it is."""
_OWN: Final = frozenset({"alembic_version"})

_NO_BACKUP: Final = N_("not a backup of a workspace")
_DAMAGED: Final = N_("the backup is damaged: its table {table} is not as it was written")


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


def write_backup(connection: Connection, file: IO[bytes], told: Told) -> BackupInfo:
    """Write everything that this connection sees to `file`; return what it holds.

    The connection must see one state throughout. `told` is called with how many rows are written
    and how many there are.
    """
    counts = {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in metadata.sorted_tables
    }
    total, done = sum(counts.values()), 0
    tables = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for table in metadata.sorted_tables:
            checksum = hashlib.sha256()
            rows = size = 0
            with archive.open(_member(table.name), "w", force_zip64=True) as member:
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
            last_ids=_last_ids(connection),
        )
        archive.writestr(_MANIFEST, json.dumps(_manifest(info), ensure_ascii=False, indent=1))
    told(total, total)
    return info


def revision_of(connection: Connection) -> str | None:
    """Return the version of the tables, None where there are none."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    held = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if held is None else str(held)


def _member(name: str) -> str:
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


def _last_ids(connection: Connection) -> dict[str, int]:
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name, seq FROM sqlite_sequence")).all()
        known = {table.name for table in metadata.sorted_tables}
        return {row.name: int(row.seq) for row in rows if row.name in known}
    return {
        table.name: int(connection.scalar(select(func.max(table.c.id))) or 0)
        for table in metadata.sorted_tables
        if "id" in table.c
    }


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


def read_info(path: Path) -> BackupInfo:
    """Return what the backup at `path` holds, as far as its manifest tells.

    Raises BadFileError for a file that is none, is from a newer format, or is larger inside than
    such a file can honestly be.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = {each.filename: each for each in archive.infolist()}
            manifest = members.get(_MANIFEST)
            if manifest is None or manifest.file_size > _MANIFEST_BYTES:
                raise BadFileError(path, _NO_BACKUP)
            with archive.open(manifest) as opened:
                told = json.loads(opened.read(_MANIFEST_BYTES))
            info = _parsed(path, told)
            _check_members(path, archive.infolist(), info)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise BadFileError(path, N_("cannot be read: {why}"), why=why) from error
    except _UNREADABLE as error:
        raise BadFileError(path, _NO_BACKUP) from error
    return info


_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
    NotImplementedError,
    RuntimeError,
    EOFError,
)
"""What the standard library raises for a ZIP or JSON that is none, or is encrypted."""


def _parsed(path: Path, told: Any) -> BackupInfo:
    if told["format"] != FORMAT:
        raise BadFileError(path, _NO_BACKUP)
    if told["version"] != FORMAT_VERSION:
        raise BadFileError(path, N_("the backup was made by a newer version of this program"))
    tables = tuple(
        BackupTable(
            name=str(each["name"]),
            columns=tuple(str(name) for name in each["columns"]),
            rows=_count(each["rows"]),
            size=_count(each["size"]),
            sha256=str(each["sha256"]),
        )
        for each in told["tables"]
    )
    return BackupInfo(
        made_at=datetime.fromtimestamp(_count(told["made_at"]), UTC),
        app=str(told["app"]),
        revision=str(told["revision"]),
        conversations=_count(told["counts"]["conversations"]),
        messages=_count(told["counts"]["messages"]),
        tables=tables,
        last_ids={str(name): _count(number) for name, number in told["last_ids"].items()},
    )


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise ValueError(value)
    return value


def _check_members(path: Path, members: Sequence[zipfile.ZipInfo], info: BackupInfo) -> None:
    """Refuse what is not exactly the tables of the manifest, or unpacks to far too much."""
    sizes = {_member(each.name): each.size for each in info.tables}
    names = [each.filename for each in members]
    if sorted(names) != sorted([*sizes, _MANIFEST]):
        raise BadFileError(path, _NO_BACKUP)
    for each in members:
        if each.filename != _MANIFEST and each.file_size != sizes[each.filename]:
            table = each.filename.removesuffix(".jsonl")
            raise BadFileError(path, _DAMAGED, table=table)
    packed = path.stat().st_size
    # Members that overlap would be read several times: none of an honest file do.
    overlap = sum(each.compress_size for each in members) > packed
    if overlap or info.size > max(_SMALL, packed * Limits().archive_ratio):
        raise BadFileError(path, N_("the backup is too large when unpacked"))


def load(connection: Connection, path: Path, info: BackupInfo, told: Told) -> None:
    """Put the rows of a backup into the tables of this connection, which must be empty.

    They must be of the backup's revision. Every row is checked: BadFileError names the table where
    something is not as the manifest says. `told` is as in `write_backup`.
    """
    found = MetaData()
    found.reflect(connection)
    tables = {table.name: table for table in found.sorted_tables if table.name not in _OWN}
    if set(tables) != {each.name for each in info.tables}:
        raise BadFileError(path, _NO_BACKUP)
    done = 0
    # Triggers count what comes in; the counts themselves come last, in place of those.
    order = sorted(info.tables, key=lambda each: each.name == status_count.name)
    by_reference = {table.name: place for place, table in enumerate(found.sorted_tables)}
    order.sort(key=lambda each: (each.name == status_count.name, by_reference[each.name]))
    with zipfile.ZipFile(path) as archive:
        for each in order:
            table = tables[each.name]
            if table.name == status_count.name:
                connection.execute(delete(table))
            columns = _columns(path, table, each)
            try:
                for rows in _read_rows(path, archive, each):
                    told(done, info.rows)
                    done += len(rows)
                    _insert(connection, table, columns, _checked(path, columns, rows, each))
            except SQLAlchemyError as error:
                raise BadFileError(path, _DAMAGED, table=each.name) from error
    told(info.rows, info.rows)
    _set_last_ids(connection, tables, info.last_ids)


def _columns(path: Path, table: Table, told: BackupTable) -> list[Column[Any]]:
    if not set(told.columns) <= set(table.c.keys()) or len(set(told.columns)) < len(told.columns):
        raise BadFileError(path, _NO_BACKUP)
    return [table.c[name] for name in told.columns]


def _read_rows(path: Path, archive: zipfile.ZipFile, table: BackupTable) -> Iterator[list[Any]]:
    """Yield the rows of a table, some at a time; BadFileError where they are not as written."""
    damaged = BadFileError(path, _DAMAGED, table=table.name)
    checksum = hashlib.sha256()
    size = rows = 0
    rest = b""
    try:
        with archive.open(_member(table.name)) as member:
            while block := member.read(_BLOCK_BYTES):
                size += len(block)
                checksum.update(block)
                whole, end, rest = (rest + block).rpartition(b"\n")
                if size > table.size or len(rest) > _LINE_BYTES:
                    raise damaged
                if not end:
                    continue
                # One call for all lines of a block: a call for each would take most of the time.
                some = orjson.loads(b"[" + whole.replace(b"\n", b",") + b"]")
                rows += len(some)
                if rows > table.rows:
                    raise damaged
                yield some
    except _UNREADABLE as error:
        raise damaged from error
    if rest or (size, rows, checksum.hexdigest()) != (table.size, table.rows, table.sha256):
        raise damaged


def _insert(
    connection: Connection, table: Table, columns: Sequence[Column[Any]], rows: list[Any]
) -> None:
    """Insert rows that hold the values of these columns in order."""
    names = [column.name for column in columns]
    if connection.dialect.name != "sqlite":
        connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])
        return
    # The driver takes them as they are: preparing a dictionary of each takes longer than SQLite.
    compiled = insert(table).compile(dialect=connection.dialect, column_keys=names)
    order = [names.index(name) for name in compiled.positiontup or ()]
    connection.exec_driver_sql(str(compiled), [tuple(row[at] for at in order) for row in rows])


def _checked(
    path: Path, columns: Sequence[Column[Any]], rows: list[Any], table: BackupTable
) -> list[Any]:
    """Return rows as the database takes them; BadFileError where a value has another kind."""
    damaged = BadFileError(path, _DAMAGED, table=table.name)
    if set(map(type, rows)) != {list} or set(map(len, rows)) != {len(columns)}:
        raise damaged
    values: list[Sequence[Any]] = list(zip(*rows, strict=True))
    changed = False
    for place, column in enumerate(columns):
        if not set(map(type, values[place])) <= _kinds(column):
            raise damaged
        if column.name == conversation.c.search_row.name:
            # The index of words is not part of a backup: it is made anew.
            values[place], changed = [None] * len(rows), True
        elif isinstance(column.type, LargeBinary):
            try:
                values[place] = [
                    None if value is None else base64.b64decode(value, validate=True)
                    for value in values[place]
                ]
            except (binascii.Error, ValueError) as error:
                raise damaged from error
            changed = True
    return list(zip(*values, strict=True)) if changed else rows


def _kinds(column: Column[Any]) -> set[type]:
    """Return the kinds of JSON values that a column takes."""
    kinds: set[type] = {type(None)} if column.nullable else set()
    if isinstance(column.type, Boolean):
        return kinds | {bool, int}
    if isinstance(column.type, Integer):
        return kinds | {int}
    if isinstance(column.type, Float):
        return kinds | {int, float}
    return kinds | {str}


def _set_last_ids(
    connection: Connection, tables: Mapping[str, Table], last_ids: Mapping[str, int]
) -> None:
    """Let ids go on after the highest that was ever given, so that none is used twice."""
    for name, number in last_ids.items():
        if name not in tables or "id" not in tables[name].c:
            continue
        if connection.dialect.name == "sqlite":
            connection.execute(
                text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": name}
            )
            connection.execute(
                text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"),
                {"name": name, "seq": number},
            )
        elif number:
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :seq)"),
                {"name": name, "seq": number},
            )
