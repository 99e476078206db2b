"""What a person flagged, among what the search finds."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from curation.model import BY_HAND, Decision, Finding
from curation.pii.entities import WHY_BY_HAND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def flagged(entity: str, start: int, end: int) -> Finding:
    """Return the finding of a span that a person flagged; it is decided `mask`."""
    return Finding(entity, start, end, 1.0, BY_HAND, WHY_BY_HAND, Decision.MASK)


def with_flagged(text: str, found: Iterable[Finding], by_hand: Sequence[Finding]) -> list[Finding]:
    """Return both, sorted by start, none overlapping another: what a person flagged stays whole.

    What sticks out of it is kept as a shorter finding of its own.
    """
    merged = list(by_hand)
    for each in found:
        start = each.start
        for other in sorted(by_hand, key=lambda other: other.start):
            end = min(other.start, each.end)
            if start < end and _tells(text, start, end):
                merged.append(replace(each, start=start, end=end))
            start = max(start, min(other.end, each.end))
        if start < each.end and _tells(text, start, each.end):
            merged.append(replace(each, start=start))
    return sorted(merged, key=lambda each: each.start)


def moved(old: str, new: str, by_hand: Iterable[Finding]) -> list[Finding]:
    """Return where what was flagged in `old` stands in `new`; what is gone from it is left out.

    Of several places the one nearest to the old one is taken that nothing else took.
    """
    taken: list[Finding] = []
    for each in by_hand:
        value = old[each.start : each.end]
        places = [at for at in _places(new, value) if not _overlaps(taken, at, at + len(value))]
        if places:
            # Most edits are on one side of it: it stays as far from the text's begin or end.
            wanted = (each.start, each.start + len(new) - len(old))
            at = min(places, key=partial(_distance, wanted))
            taken.append(replace(each, start=at, end=at + len(value), id=0))
    return sorted(taken, key=lambda each: each.start)


def _distance(wanted: Iterable[int], place: int) -> int:
    return min(abs(place - other) for other in wanted)


def _places(text: str, value: str) -> Iterable[int]:
    at = text.find(value)
    while at >= 0:
        yield at
        at = text.find(value, at + 1)


def _overlaps(taken: Iterable[Finding], start: int, end: int) -> bool:
    return any(each.start < end and start < each.end for each in taken)


def _tells(text: str, start: int, end: int) -> bool:
    return any(char.isalnum() for char in text[start:end])
