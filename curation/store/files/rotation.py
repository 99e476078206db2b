"""The daily copies of a workspace that is a file: when one is due, and making it.

A database on a server has none: backing it up is the work of whoever runs the server.
"""

from __future__ import annotations

import hashlib
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from curation.errors import WorkspaceError
from curation.store.files import ciphers, connecting, damage, safety

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Engine

EVERY: Final = timedelta(days=1)

SPARE: Final = 500_000_000
"""Bytes that stay free on the disk: a copy that nobody asked for must not be what fills it."""

_TELLING: Final = (
    "SELECT version_num FROM alembic_version",
    "SELECT name, seq FROM sqlite_sequence ORDER BY name",
    "SELECT count(*), max(id) FROM journal",
    "SELECT key, value FROM setting ORDER BY key",
    "SELECT id, at, text FROM draft ORDER BY id",
)
"""What is another after whatever a person did; the rest of a workspace follows from the chats."""


def due(engine: Engine) -> bool:
    """Whether a daily copy should be made: the newest is a day old, and something changed since.

    A newest copy that is from the future was made before the clock was set back; how old it is
    nobody knows, so one is due.
    """
    source = safety.database_path(engine)
    if source is None or not source.exists():
        return False
    newest = next((each for each in safety.copies(engine) if each.why == safety.DAILY), None)
    if newest is None:
        return _holds_chats(source)
    if timedelta() <= datetime.now(UTC) - newest.at < EVERY:
        return False
    with suppress(*ciphers.errors()):  # a copy that cannot be read is none
        return state_of(newest.path, still=True) != state_of(source)
    return True


def make(engine: Engine, stopped: Callable[[], bool] = lambda: False) -> Path | None:
    """Make a daily copy and return it; None where it was stopped, or there is no file.

    Nobody who writes waits for it. Older ones make room for it, but for the newest of them. Raises
    WorkspaceError where it cannot be made, and makes none of a workspace that is damaged.
    """
    source = safety.database_path(engine)
    if source is None or not source.exists():
        return None
    try:
        target = safety.new_path(engine, safety.DAILY)
        _make_room(engine, source, target.parent)
        before = newest(source)
        if before is not None and damage.unlike_copy(source, before.path):
            # More copies of what is damaged would drive out those that are not.
            raise damage.damaged(damage.BROKEN, source, ciphers.place(source))
        done = safety.write_whole(
            source, target, breath=safety.BREATH, stopped=stopped, thorough=True
        )
        if not done:
            return None
    except ciphers.errors(OSError) as error:
        raise safety.no_copy(error) from error
    safety.prune(engine)
    return target


def newest(live: Path) -> safety.SafetyCopy | None:
    """Return the newest copy of the workspace at `live` that is not of one it replaced."""
    held = safety.copies_beside(live)
    return next((each for each in held if each.why != safety.BEFORE_RESTORE), None)


def state_of(path: Path, *, still: bool = False) -> str:
    """Return what tells one state of a workspace from another; `ciphers.errors` without one."""
    digest = hashlib.sha256()
    with closing(connecting.connect(path, read_only=True, still=still)) as connection:
        connection.execute("BEGIN")
        for query in _TELLING:
            for row in connection.execute(query):
                digest.update(repr(tuple(row)).encode("utf-8", "surrogatepass"))
            digest.update(b"\n")
    return digest.hexdigest()


def _holds_chats(source: Path) -> bool:
    with closing(connecting.connect(source, read_only=True)) as connection:
        return connection.execute("SELECT 1 FROM chat LIMIT 1").fetchone() is not None


def _make_room(engine: Engine, source: Path, where: Path) -> None:
    """Delete the oldest daily copies, never the newest, as long as one more does not fit."""
    older = [each for each in safety.copies(engine) if each.why == safety.DAILY][1:]
    while True:
        try:
            safety.check_room(source, where, SPARE)
        except WorkspaceError:
            if not older:
                raise
            older.pop().path.unlink(missing_ok=True)
        else:
            return
