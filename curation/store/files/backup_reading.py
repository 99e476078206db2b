"""Reading the file that `backup` writes.

Everything in such a file is checked before it is believed: it may come from anywhere.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import sqlite3
import struct
import zipfile
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

import orjson
from sqlalchemy import (
    Boolean,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    delete,
    text,
)
from sqlalchemy.exc import SQLAlchemyError

from curation.errors import N_, BadFileError, why_of
from curation.model import Limits
from curation.store import postgres
from curation.store.files.backup import (
    FORMAT,
    FORMAT_VERSION,
    MANIFEST,
    BackupInfo,
    BackupTable,
    member_of,
)
from curation.store.rows import insert_rows
from curation.store.tables import conversation, status_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Column, Connection

    from curation.store.files.backup import Told

_Kind = TypeVar("_Kind")

_MANIFEST_BYTES: Final = 1_000_000
_BLOCK_BYTES: Final = 1_000_000
_LINE_BYTES: Final = 64_000_000
"""The longest row: a part of the journal with thousands of long texts, before and after."""
_SMALL: Final = 64_000_000
"""So many bytes may come of any file, however small it is."""
_OWN: Final = frozenset({"alembic_version"})
_LAST_SECOND: Final = 253_402_300_799
"""The last one of the year 9999, behind which Python knows no time."""

_NO_BACKUP: Final = N_("not a backup of a workspace")
_DAMAGED: Final = N_("the backup is damaged: its table {table} is not as it was written")
NOT_WHOLE: Final = N_("the backup is damaged: something in it names what is not there")

# The flags of a member: encrypted, patched, strongly encrypted.
_UNREADABLE_FLAGS: Final = 0x1 | 0x20 | 0x40

_BROKEN_ZIP: Final = (
    zipfile.BadZipFile,  # no ZIP, headers that do not agree, a wrong checksum
    zlib.error,  # what was packed is no longer that
    EOFError,  # a member ends too early
    struct.error,  # a member begins so close to the end that its header is cut off
    NotImplementedError,  # a ZIP of a newer version of that format
    UnicodeDecodeError,  # a member's name that is not the UTF-8 it says it is
)
"""What zipfile raises for a broken file once `_plain` let all members through."""


def read_info(path: Path) -> BackupInfo:
    """Return what the backup at `path` holds, as far as its manifest tells.

    Raises BadFileError for a file that is none, is from a newer format, or is larger inside than
    such a file can honestly be.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            size = path.stat().st_size
            if not all(_plain(each, size) for each in members):
                raise BadFileError(path, _NO_BACKUP)
            manifest = next((each for each in members if each.filename == MANIFEST), None)
            if manifest is None or manifest.file_size > _MANIFEST_BYTES:
                raise BadFileError(path, _NO_BACKUP)
            with archive.open(manifest) as opened:
                written = opened.read(_MANIFEST_BYTES)
        info = _parsed(path, orjson.loads(written))
    except OSError as error:
        why = why_of(error)
        raise BadFileError(path, N_("cannot be read: {why}"), why=why) from error
    except (*_BROKEN_ZIP, orjson.JSONDecodeError) as error:
        raise BadFileError(path, _NO_BACKUP) from error
    _check_members(path, members, info)
    return info


def _plain(member: zipfile.ZipInfo, size: int) -> bool:
    """Whether a member is packed as a backup packs it, and begins in the file of this size."""
    return (
        member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        and not member.flag_bits & _UNREADABLE_FLAGS
        and 0 <= member.header_offset < size
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """A JSON object of the manifest; BadFileError where it does not hold what is asked for."""

    path: Path
    value: object

    def get(self, name: str, kind: type[_Kind]) -> _Kind:
        value = self.value.get(name) if isinstance(self.value, dict) else None
        if type(value) is not kind:  # a bool is no count
            raise BadFileError(self.path, _NO_BACKUP)
        return value

    def count(self, name: str, most: int = 2**63 - 1) -> int:
        value = self.get(name, int)
        if not 0 <= value <= most:
            raise BadFileError(self.path, _NO_BACKUP)
        return value

    def object(self, name: str) -> _Told:
        return _Told(self.path, self.get(name, dict))

    def names(self, name: str) -> tuple[str, ...]:
        values = self.get(name, list)
        if not all(isinstance(each, str) for each in values):
            raise BadFileError(self.path, _NO_BACKUP)
        return tuple(values)


def _parsed(path: Path, manifest: object) -> BackupInfo:
    told = _Told(path, manifest)
    if told.get("format", str) != FORMAT:
        raise BadFileError(path, _NO_BACKUP)
    if told.get("version", int) != FORMAT_VERSION:
        raise BadFileError(path, N_("the backup was made by a newer version of this program"))
    counts, last_ids = told.object("counts"), told.object("last_ids")
    return BackupInfo(
        made_at=datetime.fromtimestamp(told.count("made_at", _LAST_SECOND), UTC),
        app=told.get("app", str),
        revision=told.get("revision", str),
        conversations=counts.count("conversations"),
        messages=counts.count("messages"),
        tables=tuple(_table(_Told(path, each)) for each in told.get("tables", list)),
        last_ids={name: last_ids.count(name) for name in told.get("last_ids", dict)},
    )


def _table(told: _Told) -> BackupTable:
    return BackupTable(
        name=told.get("name", str),
        columns=told.names("columns"),
        rows=told.count("rows"),
        size=told.count("size"),
        sha256=told.get("sha256", str),
    )


def _check_members(path: Path, members: Sequence[zipfile.ZipInfo], info: BackupInfo) -> None:
    """Refuse what is not exactly the tables of the manifest, or unpacks to far too much."""
    sizes = {member_of(each.name): each.size for each in info.tables}
    names = [each.filename for each in members]
    if sorted(names) != sorted([*sizes, MANIFEST]):
        raise BadFileError(path, _NO_BACKUP)
    for each in members:
        if each.filename != MANIFEST and each.file_size != sizes[each.filename]:
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
            names = [column.name for column in columns]
            try:
                for rows in _read_rows(path, archive, each):
                    told(done, info.rows)
                    done += len(rows)
                    insert_rows(connection, table, names, _checked(path, columns, rows, each))
            except SQLAlchemyError as error:
                if _is_of_the_disk(error):
                    raise
                raise BadFileError(path, _DAMAGED, table=each.name) from error
    told(info.rows, info.rows)
    _set_last_ids(connection, tables, info.last_ids)


def _is_of_the_disk(error: SQLAlchemyError) -> bool:
    """Whether it is the new database that could not be written, whatever the backup holds."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)


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
        with archive.open(member_of(table.name)) as member:
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
    except (*_BROKEN_ZIP, orjson.JSONDecodeError) as error:
        raise damaged from error
    if rest or (size, rows, checksum.hexdigest()) != (table.size, table.rows, table.sha256):
        raise damaged


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
        kinds = set(map(type, values[place]))
        if not kinds <= _kinds(column):
            raise damaged
        if int in kinds and not all(
            value is None or -(2**63) <= value < 2**63 for value in values[place]
        ):
            raise damaged  # the database's driver would not take it
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
    if postgres.is_here(connection):
        for table in tables.values():
            if "id" in table.c:
                postgres.set_last_id(connection, table, last_ids.get(table.name, 0))
        return
    for name, number in last_ids.items():
        if name not in tables or "id" not in tables[name].c:
            continue
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": name})
        connection.execute(
            text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"),
            {"name": name, "seq": number},
        )
