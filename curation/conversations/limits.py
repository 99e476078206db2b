"""Where a conversation that is too long is split: at its largest pause, never inside a turn."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


def cuts_to_fit(
    begins: Bools, *, may_cut: Bools, pause: Ints, human: Bools, lengths: Ints, limit: int
) -> Bools:
    """Return before which rows a conversation longer than `limit` is split.

    All arrays are by row: whether a conversation begins there, whether one may be split before
    it, the pause before it, whether it is the other side's, and its length. A part above the
    limit remains only where it may not be split anywhere.
    """
    cuts = np.zeros(len(begins), dtype=bool)
    starts = np.flatnonzero(begins)
    if len(starts) == 0:
        return cuts
    too_long = np.flatnonzero(np.add.reduceat(lengths, starts) > limit)
    ends = np.append(starts[1:], len(begins))
    for number in too_long:
        first, last = starts[number], ends[number]
        places = np.flatnonzero(may_cut[first:last]) + first
        if len(places):
            before = np.cumsum(lengths[first:last])[places - first - 1]
            total = int(lengths[first:last].sum())
            # A larger pause first; among equals a place where the other side begins to speak.
            rank = np.unique(pause[places] * 2 + human[places], return_inverse=True)[1]
            chosen = _Cutting(rank, before, total, limit).chosen()
            cuts[places[chosen]] = True
    return cuts


class _Cutting:
    """One conversation that is too long, as the places where it may be cut.

    `rank` says which places go first, `before` how much stands before each.
    """

    def __init__(self, rank: Ints, before: Ints, total: int, limit: int) -> None:
        self.before: list[int] = before.tolist()
        self.total = total
        self.limit = limit
        self.tops = _range_tops(rank)
        # The places of each rank, in order.
        by_rank = np.argsort(rank, kind="stable")
        counts = np.bincount(rank)
        self.of_rank: list[list[int]] = [
            part.tolist() for part in np.split(by_rank, np.cumsum(counts)[:-1])
        ]

    def chosen(self) -> list[int]:
        """Return the places to cut at, as indices."""
        chosen = []
        # Parts as (first, end) of the places inside, and what stands before their start and end.
        parts = [(0, len(self.before), 0, self.total)]
        while parts:
            first, end, start, stop = parts.pop()
            if first == end or stop - start <= self.limit:
                continue
            place = self._best(first, end, start, stop)
            chosen.append(place)
            at = self.before[place]
            parts += [(first, place, start, at), (place + 1, end, at, stop)]
        return chosen

    def _best(self, first: int, end: int, start: int, stop: int) -> int:
        """Return the highest place in [first, end); of equals, the one that shares out best."""
        level = (end - first).bit_length() - 1
        tops = self.tops[level]
        places = self.of_rank[int(max(tops[first], tops[end - (1 << level)]))]
        low, high = bisect_left(places, first), bisect_left(places, end)
        # So many parts are needed at least; the first cut is where half of them end.
        parts = -(-(stop - start) // self.limit)
        aim = start + (stop - start) * (parts // 2) // parts
        near = bisect_left(places, aim, low, high, key=self.before.__getitem__)
        around = range(max(near - 1, low), min(near + 1, high))
        nearest = min(around, key=lambda each: abs(self.before[places[each]] - aim))
        return places[nearest]


def _range_tops(rank: Ints) -> list[Ints]:
    """Return, for each power of two, the highest rank in every run of so many places."""
    tops = [rank]
    width = 1
    while 2 * width <= len(rank):
        tops.append(np.maximum(tops[-1][:-width], tops[-1][width:]))
        width *= 2
    return tops
