"""Which texts were searched for private data and showed nothing, however many they are."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence


_SHORT: Final = 16  # characters
_MOST_OFTEN: Final = 300_000


class ClearTexts:
    """A set of texts of which eight bytes each are kept.

    These are Python's hashes, which have a secret of the process in them, so nobody can write a
    text to be taken for another one; that it happens by chance among millions is a case in 10^12.
    """

    def __init__(self) -> None:
        self._often: set[int] = set()
        self._hashes = array("q")
        self._ordered = np.zeros(0, dtype="int64")
        self._in_order = 0

    def add(self, texts: Sequence[str]) -> None:
        """Take texts in."""
        self._hashes.extend(map(hash, texts))
        if len(self._often) < _MOST_OFTEN:
            self._often.update(hash(text) for text in texts if len(text) <= _SHORT)

    def known(self, texts: Sequence[str]) -> list[bool]:
        """Return for each text whether it is one of the set and may come up again.

        These are the first short ones; all others are only known to `among`, which takes its time
        when something was added since.
        """
        often = self._often
        return [len(text) <= _SHORT and hash(text) in often for text in texts]

    def among(self, texts: Sequence[str]) -> list[bool]:
        """Return for each text whether it is one of the set."""
        if self._in_order != len(self._hashes):
            self._ordered = np.unique(np.array(self._hashes, dtype="int64"))
            self._hashes = array("q", self._ordered.tobytes())
            self._in_order = len(self._hashes)
        if not self._in_order:
            return [False] * len(texts)
        hashes = np.fromiter(map(hash, texts), dtype="int64", count=len(texts))
        places = np.minimum(np.searchsorted(self._ordered, hashes), self._in_order - 1)
        found: list[bool] = (self._ordered[places] == hashes).tolist()
        return found
