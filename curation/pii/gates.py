"""Which characters many texts hold, and how many of them, told for all of the texts at once."""

from __future__ import annotations

import math
import re
from threading import Lock
from typing import TYPE_CHECKING, Final

import numpy as np

from curation.pii.folding import ENUMERATING, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from curation.pii.recognizers.base import Bound

_PLANES: Final = 0x20000
"""Of which characters the table tells: what is in use, emoji with it, but the rarest Chinese."""
_MOST: Final = 30
"""How many gates and bounds there may be: each has a bit, and two bits say something else."""
_CHARS: Final = 4096
"""Of how many characters it is remembered what the pairs of them may begin."""
_CLASS: Final = re.compile(r"\[(?:\\.|[^\]\\])+\](?:\|\[(?:\\.|[^\]\\])+\])*", re.DOTALL)
"""A pattern that is a class of characters, or several of them."""


class Gates:
    """Gates as bits: of a text those are set of whose characters it holds enough once folded.

    A gate is a class of characters, and how many of them there must be. The bit of one that is not
    such a class is always set. The bits of `bounds` come next; they are set where the bound is
    exceeded somewhere.
    """

    FOLDS: Final = 1 << _MOST
    """Set where folding changes the text."""
    BEYOND: Final = 2 << _MOST
    """Set where the text holds what the table does not tell; other bits may be missing."""
    FOLDED: Final = FOLDS | BEYOND
    """One of these is set where folding may change the text."""

    def __init__(
        self, gates: Sequence[tuple[re.Pattern[str], int]], bounds: Sequence[Bound] = ()
    ) -> None:
        self._always = 0
        if len(gates) + len(bounds) > _MOST:
            gates, bounds = (), ()
            self._always = self.BEYOND
        planes = "".join(map(chr, range(_PLANES)))
        folded = fold(planes)
        self._folded = np.zeros(_PLANES + 1, np.uint32)
        self._folded[:_PLANES] = _codes(folded)
        table = np.where(self._folded == np.arange(_PLANES + 1), 0, self.FOLDS).astype(np.uint32)
        table[_PLANES] = self.BEYOND
        # What these fold to depends on what else the text holds.
        table[_codes(ENUMERATING)] |= np.uint32(self.BEYOND)
        self._counted: list[tuple[int, int]] = []
        for place, (gate, count) in enumerate(gates):
            if _CLASS.fullmatch(gate.pattern) is None:
                self._always |= 1 << place
                continue
            table[_marked(folded, gate)] |= np.uint32(1 << place)
            if count > 1:
                self._counted.append((place, count))
        self._table = table
        self._places = [
            (np.uint32(1 << place), _Places(bound, _marked(folded, bound.first)))
            for place, bound in enumerate(bounds, len(gates))
        ]

    def of(self, texts: Sequence[str]) -> NDArray[np.uint32]:
        """Return the bits of each text."""
        if not texts:
            return np.zeros(0, np.uint32)
        # The line end keeps every text from being empty; a gate that holds it is open too often.
        codes = np.minimum(_codes("\n".join([*texts, ""])), _PLANES)
        bits = self._table[codes]
        if self._places:
            folded = self._folded[codes]
            for bit, places in self._places:
                bits[places.hopeful_in(codes, folded)] |= bit
        ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
        starts = np.concatenate(([0], ends[:-1]))
        found = np.bitwise_or.reduceat(bits, starts) | np.uint32(self._always)
        for place, count in self._counted:
            few = np.add.reduceat(bits >> np.uint32(place) & np.uint32(1), starts) < count
            found[few] &= ~np.uint32(1 << place)
        return found


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _marked(folded: str, gate: re.Pattern[str]) -> NDArray[np.bool_]:
    """Return which characters of the table, once folded, a class holds; none beyond it."""
    marked = np.zeros(_PLANES + 1, bool)
    marked[[match.start() for match in gate.finditer(folded)]] = True
    return marked


_STEPS: Final = 8
"""How finely a gain is remembered: in eighths, rounded up."""
_LEAST: Final = -15.0
_NEVER, _ALWAYS = 1, 255
"""What is remembered of a gain that is no gain, and of one that is too great; 0 is not known."""
_SURE: Final = 1e6
_GAINS: Final = np.array(
    [_SURE, -1e9, *(_LEAST + (place - 2) / _STEPS for place in range(2, _ALWAYS)), _SURE]
)
_ROUNDING: Final = 1e-6


class _Places:
    """Where in texts a bound is exceeded; what it is made of is asked once and remembered."""

    def __init__(self, bound: Bound, first: NDArray[np.bool_]) -> None:
        self._bound = bound
        self._first = first
        self._numbers = np.zeros(_PLANES + 1, np.int32)
        self._used = 1  # the first number stands for all characters that have none of their own
        # By the number of a character: what it adds as third, before, and behind a hit.
        self._third, self._before, self._behind = np.full((3, _CHARS), _SURE)
        # What a pair adds alone in the lower byte, and with a third one in the upper. Most of it
        # is never touched, and so takes no memory.
        self._known = np.zeros(_CHARS * _CHARS, np.uint16)
        self._lock = Lock()

    def hopeful_in(
        self, codes: NDArray[np.uint32], folded: NDArray[np.uint32]
    ) -> NDArray[np.int64]:
        """Return the places of characters, given folded too, at which the bound is exceeded."""
        at = np.flatnonzero(self._first[codes[:-1]])
        with self._lock:
            numbers = self._numbered(folded)
            known = self._pairs(folded, numbers, at)
        some = np.flatnonzero(known != _NOTHING)
        of_pair, at = known[some], at[some]
        # Before the first text stands a line end too, and behind the last one more of them.
        padded = np.concatenate((numbers[-1:], numbers, np.repeat(numbers[-1:], 2)))
        alone = _GAINS[of_pair & 0xFF] + self._behind[padded[at + 3]]
        three = _GAINS[of_pair >> 8] + self._third[padded[at + 3]] + self._behind[padded[at + 4]]
        most = np.maximum(alone, three) + self._before[padded[at]]
        hopeful: NDArray[np.int64] = at[most > -_ROUNDING]
        return hopeful

    def _numbered(self, codes: NDArray[np.uint32]) -> NDArray[np.int32]:
        """Return the number of each character, given to it when it is first met."""
        numbers: NDArray[np.int32] = self._numbers[codes]
        if self._used == _CHARS or numbers.all():
            return numbers
        new = np.unique(codes[numbers == 0])[: _CHARS - self._used]
        those = slice(self._used, self._used + len(new))
        self._used += len(new)
        self._numbers[new] = np.arange(those.start, those.stop)
        chars = list(map(chr, new.tolist()))
        self._third[those] = [max(self._bound.third(char), -_SURE) for char in chars]
        self._before[those] = [self._bound.before(char) for char in chars]
        self._behind[those] = [self._bound.behind(char) for char in chars]
        return self._numbers[codes]

    def _pairs(
        self, codes: NDArray[np.uint32], numbers: NDArray[np.int32], at: NDArray[np.int64]
    ) -> NDArray[np.uint16]:
        """Return what is remembered of the pairs that begin at places, each asked about once."""
        pairs = numbers[at] * _CHARS + numbers[at + 1]
        known: NDArray[np.uint16] = self._known[pairs]
        unknown = np.flatnonzero(known == 0)
        if len(unknown):
            new, first = np.unique(pairs[unknown], return_index=True)
            where = at[unknown[first]]
            chars = zip(
                map(chr, codes[where].tolist()), map(chr, codes[where + 1].tolist()), strict=True
            )
            self._known[new] = [_steps(*self._bound.pair(one + two)) for one, two in chars]
            self._known[new[(new < _CHARS) | (new % _CHARS == 0)]] = _ANYTHING
            known = self._known[pairs]
        return known


_NOTHING: Final = _NEVER | _NEVER << 8
_ANYTHING: Final = _ALWAYS | _ALWAYS << 8
"""Of a pair of which one character has no number of its own, and so stands for many."""


def _steps(alone: float, three: float) -> int:
    """Return what is remembered of the gains of a pair."""
    if alone == three == -math.inf:
        return _NOTHING  # as nearly always
    return _step(alone) | _step(three) << 8


def _step(gain: float) -> int:
    """Return what is remembered of a gain: never less than it."""
    if gain == -math.inf:
        return _NEVER
    step = math.ceil((min(gain, _SURE) - _LEAST) * _STEPS) + 2
    return min(max(step, 2), _ALWAYS)
