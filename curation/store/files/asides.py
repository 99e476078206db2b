"""Setting the file of a workspace aside, for good, and what was set aside before.

Nothing of it is ever deleted.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from curation.errors import N_, WorkspaceError, why_of
from curation.store.files import ciphers

if TYPE_CHECKING:
    from pathlib import Path

BUILDING: Final = "restoring"
"""What the name of a new workspace has in it until it takes the place of the old one."""

ASIDE: Final = "damaged"
"""What the name of one that was set aside has in it."""

_LOGS: Final = ("-wal", "-shm", "-journal")
_ENDS: Final = ("", *_LOGS)
_LEFTOVER: Final = 3600


def set_aside(path: Path) -> Path:
    """Give the file of a workspace and its logs another name, for good; return the file's.

    No file has that name where there was none. Nothing of it is deleted, nor what was set aside
    before. Who is killed in between finds no workspace at the next start, and is asked again.
    OSError where something cannot be renamed: then all is where it was.
    """
    number = 1
    while any(path.with_name(f"{path.name}.{ASIDE}-{number}{log}").exists() for log in _ENDS):
        number += 1
    aside = path.with_name(f"{path.name}.{ASIDE}-{number}")
    try:
        # The logs have both names while the file is renamed: it is never apart from what was not
        # written into it yet, whoever is killed.
        for log in _LOGS:
            with suppress(OSError):  # as on disks that give a file one name only
                os.link(_with_end(path, log), _with_end(aside, log))
        if path.exists():
            path.rename(aside)
        for log in _LOGS:
            _move(_with_end(path, log), _with_end(aside, log))
    except OSError:
        put_back(path, aside)
        raise
    return aside


def kept(aside: Path) -> Path | None:
    """Return what a person is told of what was set aside: the file, or the log that alone was left.

    None where there was nothing in either.
    """
    found = [_with_end(aside, end) for end in ("", "-wal")]
    return next((each for each in found if each.exists() and each.stat().st_size), None)


def put_back(path: Path, aside: Path) -> None:
    """Let what was set aside as `aside` be at `path` again; WorkspaceError where that fails."""
    try:
        for log in _LOGS:
            _move(_with_end(aside, log), _with_end(path, log))
        if aside.exists():
            aside.rename(path)
    except OSError as error:
        raise WorkspaceError(
            N_("The workspace could not be replaced, and its file is named {name} now: {reason}"),
            name=aside.name,
            reason=why_of(error),
        ) from error


def clean_up(live: Path) -> None:
    """Remove what a restore that was killed left beside the workspace, when it is old enough.

    The workspace must be whole: else it is what tells that there was one.
    """
    for left in live.parent.glob(f"{live.name}.{BUILDING}-*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFTOVER:
                left.unlink()


def left_of(path: Path) -> Path:
    """Return the file with what is left of a workspace: where it is gone, the last set aside."""
    if path.exists() and path.stat().st_size:
        return path
    found = [each for each in _asides(path) if each.stat().st_size]
    return found[-1] if found else path


def readable_asides(path: Path) -> list[Path]:
    """Return what was set aside of a workspace and can be read without a passphrase."""
    found = [_with_end(each, end) for each in _asides(path) for end in ("", "-wal")]
    return [each for each in found if each.is_file() and not ciphers.is_all_noise(each)]


def _asides(path: Path) -> list[Path]:
    """Return the files that were set aside, the last one last."""
    named = re.compile(rf"{re.escape(path.name)}\.{ASIDE}-(\d{{1,9}})")
    found = [
        (int(match[1]), each)
        for each in path.parent.iterdir()
        if (match := named.fullmatch(each.name))
    ]
    return [each for _number, each in sorted(found)]


def _with_end(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


def _move(here: Path, there: Path) -> None:
    """Give a file its other name, which it may have already; it need not be there."""
    if not here.exists():
        return
    if there.exists():
        here.unlink()
    else:
        here.rename(there)
