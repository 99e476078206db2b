"""What a person flagged, among what the search finds."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import takewhile
from operator import attrgetter, eq
from typing import TYPE_CHECKING, Final, NamedTuple

from curation.model import BY_HAND, Decision, Finding
from curation.pii.entities import WHY_BY_HAND
from curation.spans import Spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MOST_COMPARED: Final = 90_000
"""Of pairs of characters that two texts are compared by: beyond, only their ends are."""


def flagged(entity: str, start: int, end: int) -> Finding:
    """Return the finding of a span that a person flagged; it is decided `mask`."""
    return Finding(entity, start, end, 1.0, BY_HAND, WHY_BY_HAND, Decision.MASK)


def with_flagged(text: str, found: Iterable[Finding], by_hand: Sequence[Finding]) -> list[Finding]:
    """Return both, sorted by start, none overlapping another: what a person flagged stays whole.

    What sticks out of it is kept as a shorter finding of its own.
    """
    merged = list(by_hand)
    spans = Spans(by_hand)
    for each in found:
        start = each.start
        for other in spans.touching(each.start, each.end):
            if start < other.start and _tells(text, start, other.start):
                merged.append(replace(each, start=start, end=other.start))
            start = max(start, min(other.end, each.end))
        if start < each.end and _tells(text, start, each.end):
            merged.append(replace(each, start=start))
    return sorted(merged, key=attrgetter("start"))


def moved(old: str, new: str, held: Iterable[Finding]) -> list[Finding]:
    """Return where findings in `old` stand in `new`, by their starts; what is gone is left out.

    What was written into one, or over a part of it, belongs to it from then on, as long as half of
    its characters are left; what was kept and reads otherwise now is undecided. One that was taken
    to another place is found there by its words: at the place nearest to the old one that nothing
    else took.
    """
    common = _common(old, new)
    ends = [each.old + each.length for each in common]
    taken: Spans[Finding] = Spans()
    gone: list[Finding] = []
    reached = 0
    for each in sorted(held, key=attrgetter("start")):
        start, end = _placed(each, common, ends)
        start = max(start, reached)
        if start >= end:
            gone.append(each)
            continue
        reached = end
        same = new[start:end] == old[each.start : each.end]
        undecided = each.decision is Decision.KEEP and not same
        decision = Decision.PENDING if undecided else each.decision
        taken.add(replace(each, start=start, end=end, decision=decision))
    _find_again(old, new, gone, taken)
    return list(taken)


class _Common(NamedTuple):
    """Characters in a row that stand in both texts."""

    old: int
    new: int
    length: int


def _common(old: str, new: str) -> list[_Common]:
    """Return what two texts have in common, in order, between two of no length at their ends."""
    head = _same(old, new)
    tail = _same(old[head:][::-1], new[head:][::-1])
    before, after = old[head : len(old) - tail], new[head : len(new) - tail]
    found = [_Common(0, 0, head)]
    if len(before) * len(after) <= _MOST_COMPARED:
        blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
        found += [_Common(head + each.a, head + each.b, each.size) for each in blocks]
    found.append(_Common(len(old) - tail, len(new) - tail, tail))
    inside = (each for each in found if each.length)
    return [_Common(0, 0, 0), *inside, _Common(len(old), len(new), 0)]


def _same(first: str, second: str) -> int:
    """Return with how many characters both begin."""
    return sum(takewhile(bool, map(eq, first, second)))


def _placed(held: Finding, common: Sequence[_Common], ends: Sequence[int]) -> tuple[int, int]:
    """Return the span that is left of a finding; it is empty where too little is."""
    first = last = bisect_right(ends, held.start)
    kept = 0
    while common[last].length and common[last].old < held.end:
        each = common[last]
        kept += min(each.old + each.length, held.end) - max(each.old, held.start)
        last += 1
    if 2 * kept < held.end - held.start:
        return 0, 0
    # Where its own end was written over, all that stands there instead belongs to it.
    head, tail = common[first], common[last - 1]
    before, behind = common[first - 1], common[last]
    start = before.new + before.length
    if head.old <= held.start:
        start = head.new + held.start - head.old
    end = behind.new
    if held.end <= tail.old + tail.length:
        end = tail.new + held.end - tail.old
    return start, end


def _find_again(old: str, new: str, gone: Iterable[Finding], taken: Spans[Finding]) -> None:
    """Take the places at which words stand that went from theirs."""
    places: dict[str, list[int]] = {}
    for each in gone:
        value = old[each.start : each.end]
        if value not in places:
            places[value] = list(_places(new, value))
        free = places[value]
        # Most edits are on one side of it: it stays as far from the text's begin or end.
        wanted = (each.start, each.start + len(new) - len(old))
        at = _nearest(free, wanted, len(value), taken)
        if at is not None:
            taken.add(replace(each, start=free[at], end=free[at] + len(value)))
            del free[at]


def _nearest(
    free: Sequence[int], wanted: Iterable[int], length: int, taken: Spans[Finding]
) -> int | None:
    """Return which of the places is nearest to one that is wanted and taken by nothing."""
    best: tuple[int, int] | None = None
    for place in wanted:
        middle = bisect_left(free, place)
        for way in (range(middle, len(free)), range(middle - 1, -1, -1)):
            for at in way:
                far = abs(free[at] - place)
                if best is not None and far >= best[0]:
                    break
                if not taken.touching(free[at], free[at] + length):
                    best = far, at
                    break
    return None if best is None else best[1]


def _places(text: str, value: str) -> Iterable[int]:
    at = text.find(value)
    while at >= 0:
        yield at
        at = text.find(value, at + 1)


def _tells(text: str, start: int, end: int) -> bool:
    return any(char.isalnum() for char in text[start:end])
