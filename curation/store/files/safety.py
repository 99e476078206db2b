"""Copies of the workspace that are made by themselves, before what could go wrong.

They lie in a folder beside the workspace, whole databases of their own; the last few of each kind
are kept. Their names begin with a number that only rises: a clock that was set back neither
deletes the newest nor makes it look old. `rotation` says when the daily ones are made.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import time
import uuid
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from curation import private_files
from curation.errors import N_, WorkspaceError
from curation.store.files import ciphers, connecting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import URL, Engine

ELSEWHERE: Final = Path("data")
"""Where the folder of a workspace lies that is no file: a database on a server."""

BEFORE_UPGRADE: Final = "before-upgrade"
BEFORE_RESTORE: Final = "before-restore"
DAILY: Final = "daily"

KEPT: Final[Mapping[str, int]] = {BEFORE_UPGRADE: 3, BEFORE_RESTORE: 3, DAILY: 7}
"""So many copies of each kind are kept: of the daily ones a week, as damage may be seen late."""

DAILY_BYTES: Final = 5_000_000_000
"""The daily copies together take no more, but for the newest two, which are always kept."""

_ALWAYS: Final = 2

_NAME: Final = re.compile(
    r"(?:(?P<turn>\d{6,18})-)?(?P<when>\d{8}-\d{6})(?:-(?P<number>\d{1,9}))?"
    rf"-(?P<why>{'|'.join(KEPT)})\.(?:db|ruwo)"
)
_NO_NAME: Final = re.compile(r"[^\w-]+")
_WHEN: Final = "%Y%m%d-%H%M%S"
_PAGES_AT_ONCE: Final = 4096
_STEPS_AT_ONCE: Final = 10_000
"""So often it is asked whether the check of a copy should go on: steps of SQLite's machine."""
BREATH: Final = 0.02
"""Seconds of rest for the disk after so many pages of a copy that nobody waits for."""
_PATIENCE: Final = 60
"""Seconds to wait for others who write."""
_LEFTOVER: Final = 3600
_PART: Final = ".part"


@dataclass(frozen=True, slots=True)
class SafetyCopy:
    """A copy made by itself: where, when by the clock of then, why (one of `KEPT`), its bytes.

    `turn` orders them; those of older versions, which have none, come before all others.
    """

    path: Path
    at: datetime
    why: str
    size: int
    turn: int = 0


def database_path(engine: Engine) -> Path | None:
    """Return the file of an SQLite workspace; None for one in memory or another database."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:":
        return None
    return Path(name)


def beside(engine: Engine, what: str) -> Path:
    """Return the folder for what belongs to a workspace and is not in it; it need not be there.

    That of a database on a server is named after both, never after who signs in there.
    """
    path = database_path(engine)
    if path is None:
        return ELSEWHERE / f"{_name_on_server(engine.url)}-{what}"
    return path.parent / f"{path.stem}-{what}"


def _name_on_server(url: URL) -> str:
    """Return what tells a database from those of other servers, as a name of a file."""
    # libpq takes both as parameters at the end of the address as well, a folder for a socket too.
    host = url.host or url.query.get("host") or "local"
    port = url.port or url.query.get("port") or ""
    parts = (host, str(port) if port else "", url.database or "workspace")
    told = (part if isinstance(part, str) else "_".join(part) for part in parts)
    return "-".join(_NO_NAME.sub("_", part).strip("_") for part in told if part)


def folder(engine: Engine) -> Path:
    """Return the folder for copies and backups of a workspace, which need not be there yet."""
    return beside(engine, "backups")


def copies(engine: Engine) -> list[SafetyCopy]:
    """Return the copies that are there, newest first."""
    return _copies_in(folder(engine))


def copies_beside(live: Path) -> list[SafetyCopy]:
    """Return the copies of a workspace that is a file, newest first."""
    return _copies_in(folder_beside(live))


def folder_beside(live: Path) -> Path:
    """Return the folder for copies and backups of a workspace that is a file."""
    return live.parent / f"{live.stem}-backups"


def _copies_in(where: Path) -> list[SafetyCopy]:
    found = []
    with suppress(OSError):
        for path in where.iterdir():
            named = _NAME.fullmatch(path.name)
            with suppress(OSError, ValueError):  # gone by now, or a time that never was
                if named is not None:
                    at = datetime.strptime(named["when"], _WHEN).replace(tzinfo=UTC)
                    turn, number = int(named["turn"] or 0), int(named["number"] or 1)
                    copy = SafetyCopy(path, at, named["why"], path.stat().st_size, turn)
                    found.append((turn, at, number, copy))
    return [copy for *_order, copy in sorted(found, key=lambda each: each[:3], reverse=True)]


def new_path(engine: Engine, why: str, suffix: str = ".db") -> Path:
    """Return where the next copy goes; its folder is made."""
    where = folder(engine)
    private_files.make_own_folder(where)
    turn = max((each.turn for each in copies(engine)), default=0) + 1
    return where / f"{turn:06d}-{datetime.now(UTC).strftime(_WHEN)}-{why}{suffix}"


def part_of(target: Path) -> Path:
    """Return where a copy is written until it is whole: an empty file of its owner alone."""
    for left in target.parent.glob(f"*{_PART}"):
        with suppress(OSError):  # of somebody who was killed, long ago
            if time.time() - left.stat().st_mtime > _LEFTOVER:
                left.unlink()
    part = target.with_name(f"{target.name}.{uuid.uuid4().hex[:8]}{_PART}")
    private_files.claim(part)
    return part


def prune(engine: Engine) -> None:
    """Delete all copies but the newest of each kind, and of the daily ones what is too much."""
    for why, most in KEPT.items():
        together = 0
        for place, each in enumerate(copy for copy in copies(engine) if copy.why == why):
            together += each.size
            too_much = why == DAILY and place >= _ALWAYS and together > DAILY_BYTES
            if place >= most or too_much:
                # One that cannot be deleted now is found again the next time.
                with suppress(OSError):
                    each.path.unlink()


def copy_before(engine: Engine, why: str) -> Path | None:
    """Copy an SQLite workspace as it is; return the copy, None where there is no file to copy.

    Raises WorkspaceError where it cannot be copied: then nothing that needs it may go on.
    """
    source = database_path(engine)
    if source is None or not source.exists():
        return None
    try:
        target = new_path(engine, why)
        check_room(source, target.parent)
        write_whole(source, target)
    except ciphers.errors(OSError) as error:
        raise no_copy(error) from error
    prune(engine)
    return target


def size_of(database: Path) -> int:
    """Return the bytes of a database with what was not written into its file yet."""
    log = database.with_name(f"{database.name}-wal")
    return database.stat().st_size + (log.stat().st_size if log.exists() else 0)


def check_room(source: Path, where: Path, spare: int = 0) -> None:
    """Raise WorkspaceError unless a copy fits on the disk and leaves so many bytes free."""
    needed, free = size_of(source) + spare, shutil.disk_usage(where).free
    if free < needed:
        raise WorkspaceError(
            N_(
                "No safety copy of the workspace could be made, so nothing was changed: it needs"
                " {needed} MB, and the disk has {free} MB left."
            ),
            needed=f"{-(-needed // 1_000_000):,}",
            free=f"{free // 1_000_000:,}",
        )


def write_whole(
    source: Path,
    target: Path,
    *,
    breath: float = 0,
    stopped: Callable[[], bool] = lambda: False,
    thorough: bool = False,
) -> bool:
    """Copy the database at `source` to `target`, which appears when it is whole and was checked.

    It is one state of the source, and nobody who writes there waits or is waited for. `breath` are
    seconds of rest after each piece, `thorough` looks into the indexes as well; False: `stopped`
    said so. Raises OSError or `ciphers.errors`.
    """
    part = part_of(target)
    try:
        with closing(connecting.connect(part)) as new:
            new.execute("PRAGMA synchronous=OFF")  # nobody reads it before it is settled

            def rest(_status: int, remaining: int, _total: int) -> None:
                _go_on_unless(stopped)
                if remaining and breath:
                    time.sleep(breath)

            with closing(connecting.connect(source, read_only=True)) as old:
                # Held until all is copied: else SQLite would begin anew each time that somebody
                # writes. No longer: the log of the source grows meanwhile.
                old.execute("BEGIN")
                old.execute("SELECT count(*) FROM sqlite_master").fetchone()
                old.backup(new, pages=_PAGES_AT_ONCE, progress=rest)
            # Alone and without a log: the copy is this one file.
            new.execute("PRAGMA journal_mode=DELETE").fetchone()
            check = "integrity_check" if thorough else "quick_check"
            new.set_progress_handler(lambda: int(stopped()), _STEPS_AT_ONCE)
            try:
                found = new.execute(f"PRAGMA {check}(1)").fetchone()
            except ciphers.errors():
                _go_on_unless(stopped)
                raise
            if found != ("ok",):
                raise sqlite3.DatabaseError("database disk image is malformed")
        connecting.settle(part)
        part.replace(target)
        connecting.settle_folder(target.parent)
    except InterruptedError:
        return False
    finally:
        for left in part.parent.glob(f"{part.name}*"):
            with suppress(OSError):
                left.unlink()
    return True


def _go_on_unless(stopped: Callable[[], bool]) -> None:
    if stopped():
        raise InterruptedError


def no_copy(error: Exception) -> WorkspaceError:
    """Return what is said where no copy could be made."""
    # SQLAlchemy's own words end in an address on the web, but for the first of what it has.
    reason = getattr(error, "strerror", None) or next(iter(error.args), type(error).__name__)
    return WorkspaceError(
        N_("No safety copy of the workspace could be made, so nothing was changed: {reason}"),
        reason=reason,
    )


def copy_database(
    source: Path, target: Path, told: Callable[[int, int], None] | None = None
) -> None:
    """Let the database at `target` be the one at `source`, in one transaction of it.

    Others may read and write both meanwhile: they see the old one or the new one, and whoever is
    killed in between leaves the old one. `told` is called with pages done and pages in all.
    """
    begin = time.monotonic()
    moved = begin
    private_files.claim(target)

    def progress(status: int, remaining: int, total: int) -> None:
        nonlocal moved
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            if time.monotonic() - moved > _PATIENCE:
                raise sqlite3.OperationalError("database is locked")
            return
        moved = time.monotonic()
        # With nothing remaining it is done: nobody can stop it any more.
        if told is not None and remaining:
            told(total - remaining, total)

    with (
        closing(connecting.connect(source, read_only=True)) as old,
        closing(connecting.connect(target)) as new,
    ):
        new.execute("PRAGMA synchronous=FULL")
        old.backup(new, pages=_PAGES_AT_ONCE, progress=progress, sleep=0.1)
