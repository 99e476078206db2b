"""Copies of the workspace that are made by themselves, before what could go wrong.

They lie in a folder beside the workspace, whole databases of their own; the last few of each kind
are kept.
"""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from curation import private_files
from curation.errors import N_, WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import URL, Engine

ELSEWHERE: Final = Path("data")
"""Where the folder of a workspace lies that is no file: a database on a server."""

KEPT: Final = 3
"""So many copies of each kind are kept."""

BEFORE_UPGRADE: Final = "before-upgrade"
BEFORE_RESTORE: Final = "before-restore"

_NAME: Final = re.compile(
    rf"(?P<when>\d{{8}}-\d{{6}})(?:-(?P<number>\d+))?-(?P<why>{BEFORE_UPGRADE}|{BEFORE_RESTORE})\.(?:db|ruwo)"
)
_NO_NAME: Final = re.compile(r"[^\w-]+")
_WHEN: Final = "%Y%m%d-%H%M%S"
_PAGES_AT_ONCE: Final = 4096
_PATIENCE: Final = 60
"""Seconds to wait for others who write."""


@dataclass(frozen=True, slots=True)
class SafetyCopy:
    """A copy made by itself: where, when, why (`before-upgrade`, `before-restore`), its bytes.

    `number` tells those of one second apart.
    """

    path: Path
    at: datetime
    why: str
    size: int
    number: int = 1


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
    found = []
    with suppress(OSError):
        for path in folder(engine).iterdir():
            named = _NAME.fullmatch(path.name)
            if named is not None:
                at = datetime.strptime(named["when"], _WHEN).replace(tzinfo=UTC)
                size, number = path.stat().st_size, int(named["number"] or 1)
                found.append(SafetyCopy(path, at, named["why"], size, number))
    return sorted(found, key=lambda each: (each.at, each.number), reverse=True)


def new_path(engine: Engine, why: str, suffix: str = ".db") -> Path:
    """Return where the next copy goes; its folder is made."""
    where = folder(engine)
    private_files.make_own_folder(where)
    now = datetime.now(UTC).replace(microsecond=0)
    # A number that went with its copy is not given again: the order would be lost.
    number = max((each.number + 1 for each in copies(engine) if each.at == now), default=1)
    again = "" if number == 1 else f"-{number}"
    return where / f"{now.strftime(_WHEN)}{again}-{why}{suffix}"


def prune(engine: Engine) -> None:
    """Delete all copies but the newest of each kind."""
    for why in (BEFORE_UPGRADE, BEFORE_RESTORE):
        for old in [each for each in copies(engine) if each.why == why][KEPT:]:
            # One that cannot be deleted now is found again the next time.
            with suppress(OSError):
                old.path.unlink()


def copy_before(engine: Engine, why: str) -> Path | None:
    """Copy an SQLite workspace as it is; return the copy, None where there is no file to copy.

    Raises WorkspaceError where it cannot be copied: then nothing that needs it may go on.
    """
    source = database_path(engine)
    if source is None or not source.exists():
        return None
    part: Path | None = None
    try:
        target = new_path(engine, why)
        part = target.with_suffix(".part")
        copy_database(source, part)
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        if part is not None:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        raise no_copy(error) from error
    prune(engine)
    return target


def no_copy(error: Exception) -> WorkspaceError:
    """Return what is said where no copy could be made."""
    reason = getattr(error, "strerror", None) or str(error)
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
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        new.execute("PRAGMA synchronous=FULL")
        old.backup(new, pages=_PAGES_AT_ONCE, progress=progress, sleep=0.1)
