"""Work that makes very many small things, without Python looking through all of them often."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from curation.bulk.remote import SELDOM

if TYPE_CHECKING:
    from collections.abc import Iterator

_lock = Lock()
_working = 0
_before = gc.get_threshold()


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Let the collector pass over what is there already, and come seldom, while the block runs.

    It is one for all threads: the last block that is left puts everything back.
    """
    global _working, _before  # noqa: PLW0603  (the collector is one for the whole process, too)
    with _lock:
        if not _working:
            _before = gc.get_threshold()
            gc.freeze()
            gc.set_threshold(*SELDOM)
        _working += 1
    try:
        yield
    finally:
        with _lock:
            _working -= 1
            if not _working:
                gc.set_threshold(*_before)
                gc.unfreeze()
