"""The exports of a workspace that are kept, each with a number, its options and what it held.

An export changes nothing, so that there is nothing to undo; the journal notes that it was made,
named or deleted.
"""

from __future__ import annotations

import json
import time
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, insert, select, update

from curation.errors import N_, ActionRefusedError
from curation.storable import storable
from curation.store import export_entries, journal
from curation.store.tables import export_version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Row

    from curation.store.export_entries import Entries

GONE: Final = N_("This version is no longer there.")
_table: Final = export_version.c
# Without what is large: a list shows many of them.
_SHORT: Final = tuple(each for each in _table if each.key not in ("report", "entries"))


@dataclass(frozen=True, slots=True)
class VersionFile:
    """A file of an export: its name within the export, its bytes, and their SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class NewVersion:
    """An export that was just built.

    `basis` stands for the workspace it was built of, `digest` for its files. `folder` is where
    these lie, by its name beside the workspace.
    """

    options: Mapping[str, Any]
    basis: str
    digest: str
    records: int
    files: tuple[VersionFile, ...]
    folder: str
    report: Mapping[str, Any]
    entries: Entries


@dataclass(frozen=True, slots=True)
class ExportVersion:
    """A kept export; `folder` is empty where its files were deleted."""

    id: int
    at: datetime
    reviewer: str
    name: str
    note: str
    options: Mapping[str, Any]
    basis: str
    digest: str
    records: int
    conversations: int
    files: tuple[VersionFile, ...]
    folder: str

    @property
    def size(self) -> int:
        """How many bytes its files have, or had."""
        return sum(each.size for each in self.files)


def keep(connection: Connection, new: NewVersion) -> int:
    """Keep an export, with a line in the journal; return its number."""
    files = [{"name": each.name, "size": each.size, "sha256": each.sha256} for each in new.files]
    query = (
        insert(export_version)
        .values(
            at=int(time.time()),
            reviewer=journal.reviewer_of(connection),
            name="",
            note="",
            options=_json(new.options),
            basis=new.basis,
            digest=new.digest,
            records=new.records,
            conversations=len(new.entries),
            files=_json(files),
            folder=new.folder,
            report=zlib.compress(_json(new.report).encode("utf-8")),
            entries=export_entries.packed(new.entries),
        )
        .returning(_table.id)
    )
    number = int(connection.execute(query).scalar_one())
    journal.note(connection, journal.EXPORT, len(new.entries))
    return number


def versions(connection: Connection, most: int | None = None) -> list[ExportVersion]:
    """Return the kept exports, the newest first, `most` of them at most."""
    query = select(*_SHORT).order_by(_table.id.desc()).limit(most)
    return [_version(row) for row in connection.execute(query)]


def count(connection: Connection) -> int:
    """Return how many exports are kept."""
    return connection.scalar(select(func.count()).select_from(export_version)) or 0


def get(connection: Connection, number: int) -> ExportVersion:
    """Return a kept export; ActionRefusedError where it is gone."""
    row = connection.execute(select(*_SHORT).where(_table.id == number)).first()
    if row is None:
        raise ActionRefusedError(GONE)
    return _version(row)


def report_of(connection: Connection, number: int) -> dict[str, Any]:
    """Return the report of a kept export; ActionRefusedError where it is gone or unreadable."""
    held = _large(connection, number, "report")
    try:
        told = json.loads(zlib.decompress(held))
    except (ValueError, zlib.error) as error:
        raise ActionRefusedError(export_entries.BROKEN) from error
    return dict(told)


def entries_of(connection: Connection, number: int) -> Entries:
    """Return what a kept export held; ActionRefusedError where it is gone or unreadable."""
    return export_entries.unpacked(_large(connection, number, "entries"))


def same(connection: Connection, new: NewVersion) -> ExportVersion | None:
    """Return the kept export with the same options and the same files, byte for byte."""
    alike = (_table.digest == new.digest) & (_table.options == _json(new.options))
    row = connection.execute(select(*_SHORT).where(alike).order_by(_table.id.desc())).first()
    return None if row is None else _version(row)


def describe(connection: Connection, number: int, name: str, note: str) -> None:
    """Give a kept export a name and a note; ActionRefusedError where it is gone."""
    held = get(connection, number)
    name, note = storable(name).strip(), storable(note).strip()
    if (held.name, held.note) != (name, note):
        _set(connection, number, name=name, note=note)
        journal.note(connection, journal.DESCRIBE_VERSION, 0)


def set_basis(connection: Connection, number: int, basis: str) -> None:
    """Say that the workspace as it is now gives the same files as a kept export."""
    _set(connection, number, basis=basis)


def folders(connection: Connection) -> frozenset[str]:
    """Return the names of the folders in which files of kept exports lie."""
    return frozenset(connection.scalars(select(_table.folder).where(_table.folder != "")))


def set_folder(connection: Connection, number: int, folder: str) -> None:
    """Say where the files of a kept export lie now, empty for nowhere."""
    _set(connection, number, folder=folder)


def files_deleted(connection: Connection, number: int) -> None:
    """Say that the files of a kept export were deleted; ActionRefusedError where it is gone."""
    set_folder(connection, number, "")
    journal.note(connection, journal.DELETE_VERSION_FILES, 0)


def forget(connection: Connection, number: int) -> None:
    """Forget a kept export; its number is not given again."""
    if connection.execute(delete(export_version).where(_table.id == number)).rowcount:
        journal.note(connection, journal.DELETE_VERSION, 0)


def _set(connection: Connection, number: int, **values: str) -> None:
    query = update(export_version).where(_table.id == number).values(**values)
    if not connection.execute(query).rowcount:
        raise ActionRefusedError(GONE)


def _large(connection: Connection, number: int, name: str) -> bytes:
    held = connection.scalar(select(_table[name]).where(_table.id == number))
    if held is None:
        raise ActionRefusedError(GONE)
    return bytes(held)


def _version(row: Row[Any]) -> ExportVersion:
    return ExportVersion(
        id=row.id,
        at=datetime.fromtimestamp(row.at, UTC),
        reviewer=row.reviewer,
        name=row.name,
        note=row.note,
        options=json.loads(row.options),
        basis=row.basis,
        digest=row.digest,
        records=row.records,
        conversations=row.conversations,
        files=tuple(VersionFile(**each) for each in json.loads(row.files)),
        folder=row.folder,
    )


def _json(value: Mapping[str, Any] | Sequence[Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
