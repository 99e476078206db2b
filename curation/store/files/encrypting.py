"""Writing a workspace under another key: encrypting it, no longer doing so, or a new passphrase.

The new file is written beside the old one by SQLCipher itself, compared with it row for row, and
put in its place at once: whoever is killed leaves the old one or the new one, whole. Meanwhile the
old one is locked for everybody.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
import uuid
from contextlib import closing, contextmanager, suppress
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from curation import private_files
from curation.errors import N_, WorkspaceError
from curation.store.files import ciphers, connecting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from curation.store.files.ciphers import Key

    Told = Callable[[int, int], None]

_IN_USE: Final = N_(
    "Somebody else is using the workspace: close other tabs and programs that have it open. Nothing"
    " was changed."
)
_WINDOWS: Final = os.name == "nt"
_BUILDING: Final = "rekeying"
_PATIENCE: Final = 10.0
"""Seconds to wait for others who have the workspace open."""
_STEPS: Final = 200_000
_ROWS: Final = 5_000
_BLOCK: Final = 1 << 20


def rewrite(live: Path, key: Key | None, told: Told) -> None:
    """Let the workspace at `live` be encrypted with `key`, or plain without one.

    Its own key must be held, and is the new one afterwards. All connections of this process must be
    closed. `told` is called with bytes done and in all; an exception of it leaves everything as it
    was. Raises WorkspaceError where somebody else uses the workspace or the disk has no room.
    """
    live = live.resolve()
    clean_up(live)
    before = ciphers.held(live)
    built = live.with_name(f"{live.name}.{_BUILDING}-{uuid.uuid4().hex[:8]}")
    try:
        with _alone(live):
            size = live.stat().st_size
            if shutil.disk_usage(live.parent).free < 2 * size:
                raise WorkspaceError(
                    N_("There is not enough room on the disk; nothing was changed.")
                )
            facts = live.stat()
            take_place = None if _WINDOWS else partial(_take_place, built, live, before, key)
            export(live, before, built, key, told, last=take_place)
        if _WINDOWS:  # where no file that is open can be replaced
            now = live.stat()
            if (now.st_size, now.st_mtime_ns) != (facts.st_size, facts.st_mtime_ns):
                raise WorkspaceError(_IN_USE)
            with ciphers.replacing(live, key):
                built.replace(live)
    except ciphers.errors(OSError) as error:
        raise WorkspaceError(
            N_("The workspace could not be written anew, and nothing was changed: {reason}"),
            reason=getattr(error, "strerror", None) or str(error),
        ) from error
    finally:
        _remove(built)


def clean_up(live: Path) -> None:
    """Remove what a rewriting that was killed left; nobody must be rewriting now."""
    for left in live.parent.glob(f"{live.name}.{_BUILDING}-*"):
        with suppress(OSError):
            left.unlink()


def _remove(built: Path) -> None:
    for each in built.parent.glob(f"{built.name}*"):
        with suppress(OSError):
            each.unlink()


@contextmanager
def _alone(live: Path) -> Iterator[None]:
    """Hold the workspace for ourselves, all of it in its one file, without a log beside it."""
    # By the library that others of this process use: locks tell processes apart, not libraries.
    with closing(connecting.connect(live)) as connection:
        connection.execute("PRAGMA busy_timeout=200").fetchone()  # we wait ourselves
        deadline = time.monotonic() + _PATIENCE
        while not _take(connection):
            if time.monotonic() > deadline:
                raise WorkspaceError(_IN_USE)
            time.sleep(0.1)
        yield


def _take(connection: Any) -> bool:
    try:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE").fetchone()
        (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        if mode == "delete":
            connection.execute("BEGIN EXCLUSIVE")
            return True
    except ciphers.errors() as error:
        busy = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        if getattr(error, "sqlite_errorcode", None) not in busy:
            raise
    connection.execute("PRAGMA locking_mode=NORMAL").fetchone()
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # lets go of the locks
    return False


def write_copy(live: Path, key: Key, target: Path, target_key: Key, told: Told) -> None:
    """Write an encrypted workspace that is in use to a new file, one state of it.

    Raises `ciphers.errors` or OSError; what is told may raise as well and stops it.
    """
    target.unlink(missing_ok=True)
    private_files.claim(target)
    with closing(ciphers.connect(target, target_key)) as work:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "temp_store=MEMORY"):
            work.execute(f"PRAGMA {pragma}").close()
        uri = f"{live.resolve().as_uri()}?mode=ro"
        work.execute("ATTACH DATABASE ? AS source KEY ?", (uri, key.told))
        # One transaction: each table is read by a statement of its own.
        work.execute("BEGIN")
        work.execute("SELECT count(*) FROM source.sqlite_master").fetchone()
        with _telling(work, target, live.stat().st_size, told):
            work.execute("SELECT sqlcipher_export('main', 'source')").fetchall()
        work.execute("COMMIT")
        whole = work.execute("PRAGMA main.quick_check(1)").fetchall()
    if whole != [("ok",)]:
        raise WorkspaceError(N_("The backup cannot be written: {reason}"), reason="quick_check")
    connecting.settle(target)


def export(
    source: Path,
    source_key: Key | None,
    target: Path,
    target_key: Key | None,
    told: Told,
    *,
    last: Callable[[], None] | None = None,
) -> None:
    """Write the database at `source`, which nobody changes, to a new one at `target`.

    `last` is called when both were compared, before the source is let go. Raises `ciphers.errors`,
    OSError, or WorkspaceError where the two are not the same.
    """
    private_files.claim(target)
    with closing(ciphers.connect(target, target_key)) as work:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "temp_store=MEMORY"):
            work.execute(f"PRAGMA {pragma}").close()
        _attach(work, source, source_key)
        with _telling(work, target, source.stat().st_size, told):
            work.execute("SELECT sqlcipher_export('main', 'source')").fetchall()
    connecting.settle(target)
    # A connection of its own reads what came to the disk, not what it remembers.
    work = ciphers.connect(target, target_key, read_only=True)
    try:
        _attach(work, source, source_key)
        _compare(work, told, source.stat().st_size)
        if last is not None:
            last()
    finally:
        # Not before: closing the source would take the locks away that keep others out.
        work.close()


def _take_place(built: Path, live: Path, before: Key | None, key: Key | None) -> None:
    """Put the new file in the place of the old one, and end that.

    Who waits for a lock on it would else write into a file that no name leads to any more; and a
    plain one is not to stay readable, as far as that can be done from here.
    """
    old = os.open(live, os.O_RDWR)
    try:
        size = os.fstat(old).st_size
        with ciphers.replacing(live, key):
            built.replace(live)
        connecting.settle_folder(live.parent)
        with suppress(OSError):  # the new one is in its place already
            for start in range(0, size if before is None else min(size, _BLOCK), _BLOCK):
                os.pwrite(old, bytes(min(_BLOCK, size - start)), start)
            os.fsync(old)
    finally:
        os.close(old)


def _attach(work: Any, source: Path, key: Key | None) -> None:
    uri = f"{source.resolve().as_uri()}?mode=ro&immutable=1"
    work.execute("ATTACH DATABASE ? AS source KEY ?", (uri, "" if key is None else key.told))


@contextmanager
def _telling(work: Any, target: Path, size: int, told: Told) -> Iterator[None]:
    """Let `told` be called while one long statement runs, and stop it by an exception."""
    raised: list[BaseException] = []

    def look() -> int:
        try:
            told(min(size, target.stat().st_size) // 2, size)
        except BaseException as error:  # noqa: BLE001  (it is raised again below)
            raised.append(error)
            return 1
        return 0

    work.set_progress_handler(look, _STEPS)
    try:
        yield
    except ciphers.errors():
        if raised:
            raise raised[0] from None
        raise
    finally:
        work.set_progress_handler(None, 0)


def _compare(work: Any, told: Told, size: int) -> None:
    """Raise WorkspaceError unless both databases hold the same tables with the same rows."""
    listed = "SELECT type, name, sql FROM {}.sqlite_master ORDER BY type, name"
    schemas = [work.execute(listed.format(name)).fetchall() for name in ("main", "source")]
    names = [
        str(name)
        for kind, name, sql in schemas[1]
        if kind == "table" and not str(sql).upper().startswith("CREATE VIRTUAL")
    ]
    same = schemas[0] == schemas[1]
    for done, name in enumerate(names):
        told(size // 2 + size // 2 * done // len(names), size)
        quoted = '"' + name.replace('"', '""') + '"'
        rows = [
            _pieces(work.execute(f"SELECT * FROM {where}.{quoted} NOT INDEXED"))  # noqa: S608  (ours)
            for where in ("main", "source")
        ]
        same = same and all(mine == theirs for mine, theirs in zip_longest(*rows))
    whole = work.execute("PRAGMA main.quick_check(1)").fetchall()
    if not same or whole != [("ok",)]:
        raise WorkspaceError(
            N_("The workspace that was written anew is not the same; the old one was kept.")
        )


def _pieces(cursor: Any) -> Iterator[list[tuple[Any, ...]]]:
    while rows := cursor.fetchmany(_ROWS):
        yield rows
