"""Seeing that the file of a workspace is damaged.

SQLite checks how a file is built, not every byte in it; what it cannot see, `unlike_copy` compares
with the newest copy.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Final

from curation.errors import (
    N_,
    WorkspaceDamagedError,
    WorkspaceReplacedError,
)
from curation.store.files import asides, ciphers, connecting, safety

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

AT_START: Final = 1_000_000_000
"""A file of more bytes is not read whole while somebody waits for the start: above a second.

It is checked when a daily copy of it is made.
"""

BROKEN: Final = N_(
    "The file of the workspace {name} is damaged: parts of it are not as they were written."
)
GONE: Final = N_(
    "The workspace {name} is empty or gone, though a copy of it, its log or what was set aside of"
    " it is still there."
)
FOREIGN: Final = N_("The file {name} is no workspace any more: something else was written over it.")
BEHIND: Final = N_(
    "The workspace {name} is older than its newest copy: what was done in between is not in it."
)
DOUBTED: Final = N_(
    "The file of the workspace {name} may be damaged, not encrypted: its newest copy has no"
    " passphrase."
)
UNCERTAIN: Final = N_(
    "The file of the workspace {name} is encrypted, or something else was written over it: nobody"
    " can tell the one from the other, and there is no copy of it that tells."
)
UNOPENED: Final = N_(
    "The workspace {name} is encrypted, and {package}, which opens it, is not installed:"
    " pip install -r {file}. If it never had a passphrase, something else was written over it."
)
LOCKED: Final = N_(
    "The workspace {name} is encrypted, as its newest copy is: without the passphrase nobody can"
    " read either."
)
_PERHAPS_WHOLE: Final = (UNCERTAIN, UNOPENED, LOCKED)

_LAST_ACTION: Final = "SELECT seq FROM sqlite_sequence WHERE name = 'journal'"
_POSITION: Final = ("SELECT value FROM setting WHERE key = 'generation'", _LAST_ACTION)
_IMPATIENT: Final = "PRAGMA busy_timeout=2000"


def last_action(path: Path, *, still: bool) -> int | None:
    """Return the number of the last action that a file knows of, None where it does not tell.

    `still` says that nobody writes it.
    """
    with (
        suppress(*ciphers.errors()),
        closing(connecting.connect(path, read_only=True, still=still)) as connection,
    ):
        row = connection.execute(_LAST_ACTION).fetchone()
        return None if row is None else int(row[0])
    return None


def check(engine: Engine, *, whole: bool = False) -> None:
    """Raise WorkspaceDamagedError where the file of a workspace is not as it was left.

    Nothing is written, and nothing is asked of a database on a server. A file that cannot be read
    for another reason is left to whoever opens it. Only `whole` reads all of a large one.
    """
    path = safety.database_path(engine)
    if path is None:
        return
    while True:
        seen = ciphers.place(path)
        template = _look(path, whole=whole)
        if template is None:
            return
        # Else another file took its place meanwhile, and what was looked at is no more.
        if ciphers.place(path) == seen:
            raise damaged(template, path, seen)


def _look(path: Path, *, whole: bool = False) -> str | None:
    """Return what is wrong with the file of a workspace; only `whole` reads all of a large one."""
    copies = [each for each in safety.copies_beside(path) if each.path.suffix == ".db"]
    template = _found(path, copied=bool(copies), whole=whole)
    if template is None and copies and _is_behind(path, copies):
        template = BEHIND
    return template


def look_again(error: WorkspaceDamagedError) -> None:
    """Raise WorkspaceReplacedError unless the file is what it was when the error was raised.

    One that was written to since must be damaged still: whoever brought it back has a whole one.
    """
    path, (place, facts) = error.path, error.seen
    same = ciphers.place(path) == place
    if same and _facts(path) == facts:
        return
    # Whoever met damage during the work wrote the log into the file when they closed it.
    # To write to one that is locked here, somebody must have its passphrase.
    if not same or is_of_locked(error) or _look(path, whole=True) is None:
        raise WorkspaceReplacedError(
            N_(
                "The file of the workspace {name} was replaced or mended meanwhile. Nothing was"
                " changed here."
            ),
            name=path.name,
        )


def doubt(path: Path) -> WorkspaceDamagedError | None:
    """Return what is said of a file that looks encrypted and may be noise; None without a reason.

    Whoever encrypts a workspace has its plain copies deleted, and all later ones are encrypted.
    """
    told = of_locked(path)
    return told if told.template == DOUBTED else None


def of_locked(path: Path) -> WorkspaceDamagedError:
    """Return what can be told, from its copies alone, of a file that looks encrypted."""
    copy = telling_copy(path)
    if copy is not None:
        template = DOUBTED if ciphers.looks_plain(copy) else LOCKED
    else:
        template = UNCERTAIN if ciphers.is_installed() else UNOPENED
    return damaged(template, path, ciphers.place(path))


def telling_copy(path: Path, *, replaced: bool = False) -> Path | None:
    """Return the newest copy of a workspace that tells whether that was encrypted.

    With `replaced` it is one of those that another took the place of, which tell less.
    """
    for each in safety.copies_beside(path):
        if (each.why == safety.BEFORE_RESTORE) is replaced and tells(each.path):
            return each.path
    return None


def tells(path: Path) -> bool:
    """Whether a file is plain or encrypted; one that is empty or all zeros may be of either."""
    return ciphers.looks_plain(path) or ciphers.looks_encrypted(path)


def is_of_locked(error: WorkspaceDamagedError) -> bool:
    """Whether an error is of a file that looks encrypted, whatever it is."""
    return error.template == DOUBTED or may_be_whole(error)


def may_be_whole(error: WorkspaceDamagedError) -> bool:
    """Whether an error is of a file that is encrypted as far as anybody can tell."""
    return error.template in _PERHAPS_WHOLE


def damaged(template: str, path: Path, place: object) -> WorkspaceDamagedError:
    """Return what is said of a damaged file, with its place as it was looked at."""
    return WorkspaceDamagedError(
        template,
        path=path,
        seen=(place, _facts(path)),
        name=path.name,
        package=ciphers.PACKAGE,
        file=ciphers.REQUIREMENTS,
    )


def _facts(path: Path) -> tuple[tuple[int, int] | None, ...]:
    """Return what changes whenever a workspace or its log is written, or the log comes back."""
    found: list[tuple[int, int] | None] = []
    for each in (path, path.with_name(f"{path.name}-wal")):
        facts = None
        with suppress(OSError):
            facts = each.stat()
        # An empty log is made by whoever reads, and says nothing.
        found.append((facts.st_size, facts.st_mtime_ns) if facts and facts.st_size else None)
    return tuple(found)


def is_damage(error: BaseException) -> bool:
    """Whether this is what SQLite says of a file that is not as it was written."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def unlike_copy(path: Path, copy: Path) -> bool:
    """Whether something that never changes is another in a workspace than in its copy.

    That is what actions changed, as the journal has it. A copy that cannot be read, or is of an
    older version, tells nothing.
    """
    try:
        return _is_unlike(path, copy)
    except ciphers.errors():
        return False


def _is_unlike(path: Path, copy: Path) -> bool:
    with closing(connecting.connect(path, read_only=True)) as connection:
        connection.execute("ATTACH ? AS copy", (f"{copy.absolute().as_uri()}?immutable=1",))
        connection.execute("BEGIN")
        if not _same_line(connection):
            return False
        found = connection.execute(
            "SELECT 1 FROM copy.journal_part c LEFT JOIN main.journal_part m"
            " ON m.journal_id = c.journal_id AND m.number = c.number"
            " WHERE m.changes IS NOT c.changes LIMIT 1"
        ).fetchone()
    return found is not None


def _found(path: Path, *, copied: bool, whole: bool) -> str | None:
    log = path.with_name(f"{path.name}-wal")
    if not path.exists() or not path.stat().st_size:
        # SQLite would begin anew, and throw the log away.
        logged = log.exists() and log.stat().st_size
        return GONE if copied or logged or _was_being_replaced(path) else None
    # Without a copy it may as well be a file of somebody else, named by mistake.
    foreign = FOREIGN if copied else None
    try:
        with closing(connecting.connect(path, read_only=True)) as connection:
            return _read(connection, path, foreign, whole=whole)
    except ciphers.errors() as error:
        if not is_damage(error):
            return None
        broken = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT
        return BROKEN if broken else foreign


def _was_being_replaced(path: Path) -> bool:
    """Whether another was about to take its place, or the file itself was set aside."""
    begins = tuple(f"{path.name}.{each}-" for each in (asides.ASIDE, asides.BUILDING))
    with suppress(OSError):
        return any(each.name.startswith(begins) for each in path.parent.iterdir())
    return False


def _read(
    connection: sqlite3.Connection, path: Path, foreign: str | None, *, whole: bool
) -> str | None:
    connection.execute(_IMPATIENT)
    connection.execute("PRAGMA cell_size_check=ON")
    if not _is_workspace(connection):
        return foreign
    if not whole and safety.size_of(path) > AT_START:
        return None
    checked = connection.execute("PRAGMA quick_check(1)").fetchone()
    return None if checked == ("ok",) else BROKEN


def _is_workspace(connection: sqlite3.Connection) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
    return connection.execute(query).fetchone() is not None


def _is_behind(path: Path, copies: list[safety.SafetyCopy]) -> bool:
    """Whether the newest copy of the same workspace holds actions that it does not."""
    newest = next((each for each in copies if each.why != safety.BEFORE_RESTORE), None)
    if newest is None:
        return False
    try:
        with closing(connecting.connect(path, read_only=True)) as connection:
            connection.execute(_IMPATIENT)
            connection.execute(
                "ATTACH ? AS copy", (f"{newest.path.absolute().as_uri()}?immutable=1",)
            )
            if not _same_line(connection):
                return False
            query = "SELECT seq FROM {}.sqlite_sequence WHERE name = 'journal'"
            ours, theirs = (
                connection.execute(query.format(each)).fetchone() for each in ("main", "copy")
            )
            return bool((theirs or (0,))[0] > (ours or (0,))[0])
    except ciphers.errors():
        return False  # an old or a broken copy tells nothing


def goes_on_from(path: Path, copy: Path) -> bool:
    """Whether all that is in a copy came into the workspace, which is whole; `ciphers.errors`."""
    found = []
    for file, still in ((path, False), (copy, True)):
        with closing(connecting.connect(file, read_only=True, still=still)) as connection:
            connection.execute(_IMPATIENT)
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                return False
            rows = [connection.execute(query).fetchone() for query in _POSITION]
            found.append([each[0] if each else None for each in rows])
    (line, last), (copied_line, copied_last) = found
    return bool(line == copied_line and (last or 0) >= (copied_last or 0))


def _same_line(connection: sqlite3.Connection) -> bool:
    """Whether a workspace and its copy are of one line: no other took its place in between."""
    query = "SELECT value FROM {}.setting WHERE key = 'generation'"
    ours, theirs = (connection.execute(query.format(each)).fetchone() for each in ("main", "copy"))
    return bool(ours == theirs)
