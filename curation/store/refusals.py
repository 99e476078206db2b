"""What a database cannot do (locked, disk full, read-only, damaged), in one sentence."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError

from curation.errors import N_, WorkspaceError, WorkspaceReplacedError
from curation.store import postgres
from curation.store.files import ciphers, damage, safety

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_LOCKED: Final = N_(
    "Another program holds the workspace and does not let go of it. Nothing was changed; try again"
    " when it is done."
)
_FULL: Final = N_("The disk is full, and nothing was changed. Make room on it and try again.")
_READ_ONLY: Final = N_(
    "The workspace can only be read: its file, its folder or the whole disk lets nobody write."
    " Nothing was changed."
)
_OTHER: Final = N_("The workspace could not be read or written, and nothing was changed: {reason}")

_SENTENCES: Final[Mapping[int, str]] = MappingProxyType(
    {
        sqlite3.SQLITE_BUSY: _LOCKED,
        sqlite3.SQLITE_LOCKED: _LOCKED,
        sqlite3.SQLITE_FULL: _FULL,
        sqlite3.SQLITE_READONLY: _READ_ONLY,
    }
)


@dataclass(slots=True)
class _Known:
    """Which file an engine opened, and what is said where another took its place."""

    replaced: str
    place: tuple[int, ciphers.Key | None] = (0, None)


_known: Final[WeakKeyDictionary[Engine, _Known]] = WeakKeyDictionary()


def watch(engine: Engine, path: Path, replaced: str) -> None:
    """Remember which file this engine opens: one that took its place is not a damaged one."""
    known = _known[engine] = _Known(replaced)

    def before_connecting(*_told: object) -> None:
        if not known.place[0]:
            known.place = ciphers.place(path)

    event.listen(engine, "do_connect", before_connecting)


def _replaced(engine: Engine, path: Path) -> WorkspaceError | None:
    """Return what is said of a file that took the place of the one that was opened, None of that.

    Whoever waited for its lock found nothing in it any more. Who tries again opens the new one.
    """
    known, place = _known.get(engine), ciphers.place(path)
    if known is None or not known.place[0] or known.place == place:
        return None
    known.place = place
    engine.dispose()
    return WorkspaceReplacedError(known.replaced)


@contextmanager
def told_in_words(engine: Engine) -> Iterator[None]:
    """Turn what the database of this engine refuses into a WorkspaceError."""
    try:
        yield
    except ciphers.errors(DBAPIError) as error:
        raise refusal(engine, error) from error


def refusal(engine: Engine, error: Exception) -> WorkspaceError:
    """Return what is said of an error that SQLAlchemy or SQLite raised."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(cause, ciphers.errors()):
        # PostgreSQL's details hold values.
        reason = postgres.reason_of(error) if isinstance(error, DBAPIError) else str(error)
        return WorkspaceError(_OTHER, reason=reason)
    path = safety.database_path(engine)
    if path is not None and damage.is_damage(cause):
        return _replaced(engine, path) or damage.damaged(damage.BROKEN, path, ciphers.place(path))
    sentence = _SENTENCES.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    if sentence is not None:
        return WorkspaceError(sentence)
    return WorkspaceError(_OTHER, reason=str(cause))


def cannot_open(engine: Engine, shown: str, error: Exception) -> WorkspaceError:
    """Return what is said of an error at the opening, which may mean a file that is none of ours.

    Such a one is never spoken of as damaged: it may have been named by mistake.
    """
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR):
        return WorkspaceError(
            N_("The workspace {name} cannot be opened: it is not a database of this program."),
            name=shown,
        )
    return refusal(engine, error)
