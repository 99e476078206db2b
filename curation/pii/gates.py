"""Which characters many texts hold, told for all of them at once."""

from __future__ import annotations

import re
from threading import Lock
from typing import TYPE_CHECKING, Final

import numpy as np

from curation.pii.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

_PLANE: Final = 0x10000
_MOST: Final = 29
"""How many gates there may be: each has a bit, and three bits say something else."""
_CHARS: Final = 4096
"""Of how many characters it is remembered what the pairs of them may begin."""
_MAY, _MAY_NOT = 1, 2
_CLASS: Final = re.compile(r"\[(?:\\.|[^\]\\])+\](?:\|\[(?:\\.|[^\]\\])+\])*", re.DOTALL)
"""A pattern that is a class of characters, or several of them."""


class Gates:
    """Gates as bits: of a text those are set whose class of characters it holds once folded.

    The bit of a gate that is not such a class is always set.
    """

    PAIRS: Final = 1 << _MOST
    """Set where the text may hold a pair of characters that is wanted."""
    FOLDS: Final = 2 << _MOST
    """Set where folding changes the text."""
    BEYOND: Final = 4 << _MOST
    """Set where the text holds characters that are not in the table; other bits may be missing."""
    FOLDED: Final = FOLDS | BEYOND
    """One of these is set where folding may change the text."""

    def __init__(
        self,
        gates: Sequence[re.Pattern[str]],
        wanted: Callable[[str], bool] | None = None,
    ) -> None:
        if len(gates) > _MOST:
            gates = ()
            self._always = self.BEYOND
        else:
            self._always = 0
        plane = "".join(map(chr, range(_PLANE)))
        folded = fold(plane)
        self._folded = np.zeros(_PLANE + 1, np.uint32)
        self._folded[:_PLANE] = np.frombuffer(
            folded.encode("utf-32-le", "surrogatepass"), np.uint32
        )
        table = np.where(self._folded == np.arange(_PLANE + 1), 0, self.FOLDS).astype(np.uint32)
        table[_PLANE] = self.BEYOND
        for place, gate in enumerate(gates):
            if _CLASS.fullmatch(gate.pattern) is None:
                self._always |= 1 << place
                continue
            codes = [match.start() for match in gate.finditer(folded)]
            table[codes] |= np.uint32(1 << place)
        self._table = table
        self._pairs = _Pairs(wanted) if wanted else None

    def of(self, texts: Sequence[str]) -> list[int]:
        """Return the bits of each text."""
        if not texts:
            return []
        # The line end keeps every text from being empty; a gate that holds it is open too often.
        joined = "".join([f"{text}\n" for text in texts])
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        codes = np.minimum(codes, _PLANE)
        bits = self._table[codes]
        if self._pairs is not None:
            bits[:-1] |= self._pairs.wanted_in(self._folded[codes]) * np.uint32(self.PAIRS)
        ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
        starts = np.concatenate(([0], ends[:-1]))
        found: list[int] = (np.bitwise_or.reduceat(bits, starts) | np.uint32(self._always)).tolist()
        return found


class _Pairs:
    """Which pairs of characters are wanted, each asked about when it is first met."""

    def __init__(self, wanted: Callable[[str], bool]) -> None:
        self._wanted = wanted
        self._numbers = np.zeros(_PLANE + 1, np.int32)
        self._used = 1  # the first number stands for all characters that have none of their own
        # Most of it is never touched, and so takes no memory.
        self._known = np.zeros(_CHARS * _CHARS, np.uint8)
        self._lock = Lock()

    def wanted_in(self, codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Return of each character and the next whether they are, or could be, wanted."""
        with self._lock:
            numbers = self._numbers[codes]
            if self._used < _CHARS and not numbers.all():
                new = np.unique(codes[numbers == 0])[: _CHARS - self._used]
                self._numbers[new] = np.arange(self._used, self._used + len(new))
                self._used += len(new)
                numbers = self._numbers[codes]
            places = numbers[:-1] * _CHARS + numbers[1:]
            known = self._known[places]
            if not known.all():
                unknown = known == 0
                new, first = np.unique(places[unknown], return_index=True)
                at = np.flatnonzero(unknown)[first]
                pairs = zip(codes[at].tolist(), codes[at + 1].tolist(), strict=True)
                may = np.array([self._wanted(chr(one) + chr(two)) for one, two in pairs])
                may |= (numbers[at] == 0) | (numbers[at + 1] == 0)
                self._known[new] = np.where(may, _MAY, _MAY_NOT)
                known = self._known[places]
        wanted: NDArray[np.bool_] = known == _MAY
        return wanted
