"""Where a conversation that is too long for one record is cut: between pairs of turns.

A pair is a human turn with the answer to it, so that every piece starts with the other side and
ends with me. All functions count in pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Range = tuple[int, int]
"""Half-open range of pairs."""


@dataclass(frozen=True, slots=True)
class PieceRules:
    """How long a piece may be: `length` in all, `pairs` in number; 0 sets no limit.

    `sliding` wants a piece for each pair, which it ends, behind as many before it as may be.
    """

    length: int = 0
    pairs: int = 0
    sliding: bool = False


def pieces(lengths: Sequence[int], rules: PieceRules) -> tuple[Range, ...]:
    """Return the pieces of a conversation whose pairs are so long, in order.

    A pair that is longer than a piece may be is in none of them, and none reaches over it. Without
    `sliding` every other pair is in exactly one piece: there are as few of them as can be, and they
    are as equal as they can be. With `sliding` every other pair is the last of exactly one.
    """
    found: list[Range] = []
    for first, end in _runs(lengths, rules.length):
        if rules.sliding:
            found += _windows(lengths, first, end, rules)
        elif _is_one(lengths, first, end, rules):
            found.append((first, end))
        else:
            found += _cut(lengths, first, end, rules)
    return tuple(found)


def _runs(lengths: Sequence[int], limit: int) -> Iterator[Range]:
    """Yield the ranges between the pairs that are too long by themselves."""
    first = 0
    for at, length in enumerate(lengths):
        if 0 < limit < length:
            if at > first:
                yield first, at
            first = at + 1
    if len(lengths) > first:
        yield first, len(lengths)


def _is_one(lengths: Sequence[int], first: int, end: int, rules: PieceRules) -> bool:
    if 0 < rules.pairs < end - first:
        return False
    return not rules.length or sum(lengths[first:end]) <= rules.length


def _windows(lengths: Sequence[int], first: int, end: int, rules: PieceRules) -> Iterator[Range]:
    start, held = first, 0
    for last in range(first, end):
        held += lengths[last]
        while (0 < rules.pairs <= last - start) or (0 < rules.length < held):
            held -= lengths[start]
            start += 1
        yield start, last + 1


def _cut(lengths: Sequence[int], first: int, end: int, rules: PieceRules) -> list[Range]:
    """Return the fewest pieces there can be, of these the most equal ones."""
    most = sum(lengths[first:end])
    length = rules.length or most
    pairs = rules.pairs or end - first
    fewest = len(_filled(lengths, first, end, (length, pairs)))
    # What is shared out is what there is a limit of: first the number, then the length.
    low, high = 1, pairs
    while low < high:
        middle = (low + high) // 2
        if len(_filled(lengths, first, end, (length, middle))) > fewest:
            low = middle + 1
        else:
            high = middle
    pairs = high
    low, high = max(lengths[first:end]), length
    while low < high:
        middle = (low + high) // 2
        if len(_filled(lengths, first, end, (middle, pairs))) > fewest:
            low = middle + 1
        else:
            high = middle
    return _filled(lengths, first, end, (high, pairs))


def _filled(lengths: Sequence[int], first: int, end: int, most: tuple[int, int]) -> list[Range]:
    """Return pieces filled one after the other up to a length and a number of pairs."""
    length, pairs = most
    found: list[Range] = []
    start, held = first, 0
    for at in range(first, end):
        if at > start and (held + lengths[at] > length or at - start >= pairs):
            found.append((start, at))
            start, held = at, 0
        held += lengths[at]
    return [*found, (start, end)]
