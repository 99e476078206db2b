"""Files and folders that only their owner may look into, whatever the system's default is.

On Windows a file is as private as the folder it lies in, which below a person's own folder is
theirs and the administrators'; nothing is changed there.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Final, Literal, overload

if TYPE_CHECKING:
    from pathlib import Path

FILE: Final = 0o600
FOLDER: Final = 0o700

OTHERS: Final = 0o077


@overload
def create(path: Path, mode: Literal["wb", "xb"]) -> IO[bytes]: ...
@overload
def create(path: Path, mode: Literal["x"]) -> IO[str]: ...
def create(path: Path, mode: Literal["wb", "xb", "x"]) -> IO[bytes] | IO[str]:
    """Open a file for writing that only its owner may read, from its first moment on.

    Text is UTF-8 with line feeds. OSError as `open` raises it.
    """
    if mode == "x":
        return open(path, mode, encoding="utf-8", newline="\n", opener=_opened)
    return open(path, mode, opener=_opened)


def _opened(path: str, flags: int) -> int:
    handle = os.open(path, flags, FILE)
    try:
        if os.name != "nt":
            os.fchmod(handle, FILE)  # one that was there keeps its own mode otherwise
    except OSError:  # somebody else's, which was there: they let us write
        pass
    except BaseException:
        os.close(handle)
        raise
    return handle


def claim(path: Path) -> None:
    """Let a file be there, empty if it was not, that only its owner may read.

    For files that another library writes: SQLite gives its logs the rights of the database. One
    that is there is not opened: closing it would take away this process's locks on it. OSError
    where it cannot be made.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE))
    except FileExistsError:
        tighten(path)


def make_folder(path: Path) -> None:
    """Make a folder and those above it, each that was missing for its owner alone.

    OSError as the operating system raises it.
    """
    missing = [each for each in (path, *path.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=FOLDER, exist_ok=True)
    path.mkdir(mode=FOLDER, exist_ok=True)  # the same errors as ever where it is a file


def make_own_folder(path: Path) -> None:
    """Make a folder that nobody but this program uses; one that is there is closed to others."""
    make_folder(path)
    tighten(path)


def tighten(path: Path) -> None:
    """Take away what others may do with a file or folder, where it is ours; nothing otherwise."""
    if os.name == "nt":
        return
    # What cannot be changed (another's, a disk that is only read) is used as it is.
    with suppress(OSError):
        facts = path.stat()
        if facts.st_mode & OTHERS and facts.st_uid == os.geteuid():
            path.chmod(stat.S_IMODE(facts.st_mode) & ~OTHERS)


def tighten_inside(folder: Path) -> None:
    """Take away what others may do with a folder of ours and the files that lie in it."""
    tighten(folder)
    with suppress(OSError):
        for each in folder.iterdir():
            if not each.is_symlink():
                tighten(each)
