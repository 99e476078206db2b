"""Opening the file of an SQLite workspace, or of a copy of one, past SQLAlchemy.

An encrypted one is opened by the key that is held of it, and what is written beside an encrypted
workspace, or among its copies, is encrypted as that is.
"""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING, cast

from curation.store.files import ciphers

if TYPE_CHECKING:
    from pathlib import Path


def connect(path: Path, *, read_only: bool = False, still: bool = False) -> sqlite3.Connection:
    """Return a connection to the database at `path` that begins no transactions by itself.

    `still` is for a file that nobody writes: it is read without a file beside it. Raises
    `ciphers.errors` where it cannot be opened.
    """
    key = ciphers.key_for(path)
    if key is not None:
        return cast(
            "sqlite3.Connection", ciphers.connect(path, key, read_only=read_only, still=still)
        )
    # One connection is used by one thread at a time, which need not be the one that made it.
    mode = "?mode=ro" if read_only or still else ""
    mode += "&immutable=1" if still else ""
    return sqlite3.connect(
        f"{path.absolute().as_uri()}{mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )


def settle(path: Path) -> None:
    """Return when the file is on the disk, whatever happens to the power then."""
    number = os.open(path, os.O_RDWR)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def settle_folder(path: Path) -> None:
    """Return when the names in a folder are on the disk, where the system lets one ask for it."""
    if os.name == "nt":
        return
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
