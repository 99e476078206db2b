"""Letting a backup, or a safety copy, take the place of the workspace.

Where the file of that is damaged: see `replacing`.
"""

from __future__ import annotations

import shutil
import uuid
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from alembic.util import CommandError
from sqlalchemy import MetaData, create_engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from curation import private_files
from curation.errors import N_, BadFileError, WorkspaceError, why_of
from curation.store import immutable, postgres, search
from curation.store.files import asides, backup, backup_reading, ciphers, encrypting, safety
from curation.store.settings import put_value
from curation.store.tables import metadata
from curation.store.workspace import (
    GENERATION,
    begin_sqlite,
    bulk_options,
    known_revisions,
    migrate,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from curation.store.files.backup import BackupInfo
    from curation.store.files.ciphers import Key
    from curation.store.workspace import Workspace

    Told = Callable[[str, int, int], None]

UNPACK_STAGE: Final = "unpack"
REPLACE_STAGE: Final = "replace"
BACKUP_STAGE: Final = "backup"

_NEWER: Final = N_("the backup was made by a newer version of this program")
_HEAD: Final = b"SQLite format 3\x00"


def read_info(path: Path, passphrase: str | None = None) -> BackupInfo:
    """Return what a backup holds; BadFileError where it cannot take the place of a workspace.

    An encrypted one needs its passphrase, unless it is that of the open workspace:
    PassphraseNeededError, WrongPassphraseError.
    """
    key = ciphers.find_key(path, passphrase)
    info = backup_reading.read_info(path) if key is None else encrypted_info(path, key)
    if info.revision not in known_revisions():
        raise BadFileError(path, _NEWER)
    return info


def encrypted_info(path: Path, key: Key) -> BackupInfo:
    """Return what an encrypted backup or copy holds; BadFileError where it is no workspace."""

    def one(query: str) -> Any:
        return connection.execute(query).fetchone()[0]

    try:
        with closing(ciphers.connect(path, key, still=True)) as connection:
            return backup.BackupInfo(
                made_at=datetime.fromtimestamp(int(path.stat().st_mtime), UTC),
                app="",
                revision=str(one(f"SELECT version_num FROM {backup.VERSION}")),  # noqa: S608  (ours)
                conversations=int(one("SELECT count(*) FROM conversation")),
                messages=int(one("SELECT count(*) FROM message")),
                tables=(),
                last_ids={},
            )
    except ciphers.errors(TypeError) as error:
        raise BadFileError(path, N_("not a backup of a workspace")) from error


def restore(
    workspace: Workspace, path: Path, told: Told, passphrase: str | None = None
) -> Path | None:
    """Let the backup or the safety copy at `path` be the workspace; return the copy of the old one.

    The new one is encrypted where the old one is, whatever the backup is; `passphrase` is for that.

    The new one is made and checked beside the old one, which is replaced in one transaction: who
    stops or kills this leaves the old or the new one, whole. Tabs and programs that have the old
    one open are told when they next write. Raises BadFileError for a file that is no backup, is
    damaged or newer, and WorkspaceError where there is no room or the workspace is in use.
    """
    live = safety.database_path(workspace.engine)
    key = ciphers.find_key(path, passphrase)
    if live is None and key is not None:
        raise WorkspaceError(
            N_(
                "An encrypted backup can only take the place of a workspace that is a file: restore"
                " it into one, and make a plain backup of that."
            )
        )
    if live is None:
        return _restore_elsewhere(workspace, path, told)
    asides.clean_up(live)
    with building(live) as built:
        build_any(path, key, live, built, told)
        kept = safety.copy_before(workspace.engine, safety.BEFORE_RESTORE)
        safety.copy_database(built, live, lambda done, total: told(REPLACE_STAGE, done, total))
    workspace.engine.dispose()
    return kept


@contextmanager
def building(live: Path) -> Iterator[Path]:
    """Give a file for the new workspace, gone afterwards; tell in words what the system refuses."""
    built = live.with_name(f"{live.name}.{asides.BUILDING}-{uuid.uuid4().hex[:8]}")
    try:
        private_files.claim(built)
        yield built
    except ciphers.errors(OSError, DBAPIError) as error:
        # Never what SQLAlchemy says, which is longer than a sentence.
        cause = error.orig if isinstance(error, DBAPIError) else error
        reason = getattr(cause, "strerror", None) or str(cause) or type(error).__name__
        raise WorkspaceError(
            N_("The workspace could not be replaced, and nothing was changed: {reason}"),
            reason=reason,
        ) from error
    finally:
        _remove(built)


def build_any(path: Path, key: Key | None, live: Path, built: Path, told: Told) -> None:
    """Write a workspace of today to `built`, out of a backup, or a copy that `key` opens.

    It is encrypted with the key that is held for it; errors as `restore` raises them.
    """
    if key is not None or _is_database(path):
        _build_from_copy(path, key, built)
        return
    info = read_info(path)
    _check_room(live, info.size)
    _build(path, info, built, told)


def new_generation() -> str:
    """Return what tells a workspace from every other."""
    return uuid.uuid4().hex


def _remove(built: Path) -> None:
    for each in built.parent.glob(f"{built.name}*"):
        with suppress(OSError):
            each.unlink()


def _check_room(live: Path, size: int) -> None:
    """Refuse what would fill the disk: the new one, the log of the replacing and the old copy."""
    held = live.stat().st_size if live.exists() else 0
    if shutil.disk_usage(live.parent).free < 3 * size + held:
        raise WorkspaceError(
            N_("There is not enough room on the disk to restore this backup; nothing was changed.")
        )


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_HEAD)) == _HEAD
    except OSError as error:
        why = why_of(error)
        raise BadFileError(path, N_("cannot be read: {why}"), why=why) from error


def hasty_engine(built: Path) -> Engine:
    """Return an engine for a database that nobody else sees, and that is thrown away on failure."""
    key = ciphers.key_for(built)
    cipher = {} if key is None else {"module": ciphers.driver()}
    engine = create_engine(f"sqlite:///{built}", hide_parameters=True, **cipher)
    if key is not None:
        event.listen(engine, "do_connect", lambda *_told: ciphers.connect(built, key))

    def prepare(connection: Any, _entry: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "cache_size=-65536"):
            connection.execute(f"PRAGMA {pragma}").close()

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin_sqlite)
    return engine


@contextmanager
def built_by(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in one transaction that writes a new database; its engine ends with it."""
    try:
        with (
            engine.connect().execution_options(**bulk_options()) as connection,
            connection.begin(),
        ):
            yield connection
    finally:
        engine.dispose()


def _build(path: Path, info: BackupInfo, built: Path, told: Told) -> None:
    with built_by(hasty_engine(built)) as connection:
        _fill(connection, path, info, told)


def _fill(connection: Connection, path: Path, info: BackupInfo, told: Told) -> None:
    """Make the tables as the backup has them, load them, and bring them to today's."""
    migrate(connection, info.revision)
    with _filling(connection, path, info):
        backup_reading.load(
            connection, path, info, lambda done, total: told(UNPACK_STAGE, done, total)
        )
    bring_to_today(connection)


def bring_to_today(connection: Connection) -> None:
    """Let the tables be as this version has them, and the workspace another than all others."""
    migrate(connection, "head")
    search.prepare(connection)
    immutable.prepare(connection)
    put_value(connection, GENERATION, new_generation())


def _build_from_copy(path: Path, key: Key | None, built: Path) -> None:
    """Copy a database that is a workspace of this or an older version, and bring it to today's."""
    own = ciphers.key_for(built)
    try:
        if key == own:
            safety.copy_database(path, built)
        else:
            encrypting.export(path, key, built, own, lambda _done, _total: None)
        with built_by(hasty_engine(built)) as connection:
            whole = connection.execute(text("PRAGMA quick_check")).scalars().all()
            if whole != ["ok"]:
                raise BadFileError(path, backup_reading.NOT_WHOLE)
            revision = backup.revision_of(connection)
            if revision is None:
                raise BadFileError(path, N_("not a backup of a workspace"))
            if revision not in known_revisions():
                raise BadFileError(path, _NEWER)
            if _does_more(connection, revision):
                raise BadFileError(path, N_("not a backup of a workspace"))
            bring_to_today(connection)
    except ciphers.errors(DBAPIError, CommandError) as error:
        raise BadFileError(path, N_("not a backup of a workspace")) from error


_ACTING: Final = text(
    "SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')"
    " OR (type = 'table' AND rootpage = 0)"
)
"""What acts by itself when tables are read or written: tables that are virtual do too."""
_COMPUTED: Final = text(
    "SELECT m.name, c.name FROM sqlite_master AS m JOIN pragma_table_xinfo(m.name) AS c"
    " WHERE m.type = 'table' AND m.rootpage > 0 AND c.hidden > 1"
)


def _does_more(connection: Connection, revision: str) -> bool:
    """Return whether a database does by itself what a workspace of this version does not.

    A trigger of somebody else's could decide findings as soon as the next one is written.
    """
    with built_by(create_engine("sqlite://")) as usual:
        migrate(usual, revision)
        search.prepare(usual)
        known = {*map(tuple, usual.execute(_ACTING)), *immutable.rules()}
    found = set(map(tuple, connection.execute(_ACTING)))
    return not found <= known or connection.execute(_COMPUTED).first() is not None


@contextmanager
def _filling(connection: Connection, path: Path, info: BackupInfo) -> Iterator[None]:
    """Fill tables inside, and check that every row points to one that is there."""
    if postgres.is_here(connection):
        try:
            with postgres.taken_off(connection, [each.name for each in info.tables]):
                yield
        except IntegrityError as error:
            raise BadFileError(path, backup_reading.NOT_WHOLE) from error
        return
    yield
    broken = connection.execute(text("PRAGMA foreign_key_check")).first()
    if broken is not None:
        raise BadFileError(path, backup_reading.NOT_WHOLE)


def _restore_elsewhere(workspace: Workspace, path: Path, told: Told) -> Path | None:
    """Replace a workspace that is no file: tables are dropped and filled in one transaction."""
    info = read_info(path)
    with workspace.read() as connection:
        kept = backup.write_copy(
            connection,
            safety.BEFORE_RESTORE,
            lambda done, total: told(BACKUP_STAGE, done, total),
        )
    own = {*metadata.tables, backup.VERSION, search.INDEX}
    with workspace.write(bulk=True) as connection:
        found = MetaData()
        # Nothing that another program may keep beside them.
        found.reflect(connection, only=lambda name, _all: name in own)
        found.drop_all(connection)
        _fill(connection, path, info, told)
    return kept
