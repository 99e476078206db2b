"""Which characters many texts hold, told for all of them at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from curation.pii.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLANE: Final = 0x10000
_MOST: Final = 30
"""How many gates there may be: each has a bit, and two bits say something else."""
_CLASS: Final = re.compile(r"\[(?:\\.|[^\]\\])+\](?:\|\[(?:\\.|[^\]\\])+\])*", re.DOTALL)
"""A pattern that is a class of characters, or several of them."""


class Gates:
    """Gates as bits: of a text those are set whose class of characters it holds once folded.

    The bit of a gate that is not such a class is always set.
    """

    FOLDS: Final = 1 << _MOST
    """Set where folding changes the text."""
    BEYOND: Final = 2 << _MOST
    """Set where the text holds characters that are not in the table; other bits may be missing."""
    FOLDED: Final = FOLDS | BEYOND
    """One of these is set where folding may change the text."""

    def __init__(self, gates: Sequence[re.Pattern[str]]) -> None:
        if len(gates) > _MOST:
            gates = ()
            self._always = self.BEYOND
        else:
            self._always = 0
        plane = "".join(map(chr, range(_PLANE)))
        folded = fold(plane)
        table = np.zeros(_PLANE + 1, np.uint32)
        table[_PLANE] = self.BEYOND
        for code, (char, other) in enumerate(zip(plane, folded, strict=True)):
            if char != other:
                table[code] = self.FOLDS
        for place, gate in enumerate(gates):
            if _CLASS.fullmatch(gate.pattern) is None:
                self._always |= 1 << place
                continue
            codes = [match.start() for match in gate.finditer(folded)]
            table[codes] |= np.uint32(1 << place)
        self._table = table

    def of(self, texts: Sequence[str]) -> list[int]:
        """Return the bits of each text."""
        if not texts:
            return []
        # The line end keeps every text from being empty; a gate that holds it is open too often.
        joined = "".join([f"{text}\n" for text in texts])
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        bits = self._table[np.minimum(codes, _PLANE)]
        ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
        starts = np.concatenate(([0], ends[:-1]))
        found: list[int] = (np.bitwise_or.reduceat(bits, starts) | np.uint32(self._always)).tolist()
        return found
