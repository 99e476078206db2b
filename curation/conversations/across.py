"""Texts of one part of a dataset that say nearly the same as one of the other part.

What a model is measured on must be new to it. Unlike the marks of near-duplicates, which name the
earliest text that is not marked itself, this asks of any two texts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np
from rapidfuzz.distance import Indel

from curation.conversations.duplicates import LEAST_SIMILARITY, RUNS_TO_RESEMBLE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from curation.conversations.duplicates import Fingerprints

    Read = Callable[[Sequence[int]], Mapping[int, str]]

_MOST_COMPARED: Final = 50
"""So many texts are compared with one, those first that share most with it."""
_CROWD: Final = 500
"""Of those that share a stock phrase, so many are looked at."""
_AT_ONCE: Final = 200  # texts whose likes are read at once
_LONG: Final = 50_000
"""Characters above which texts are compared line by line: the time grows with the square."""


def alike_across(
    prints: Fingerprints,
    apart: Collection[int],
    read: Read,
    known: Iterable[tuple[int, int]] = (),
) -> set[int]:
    """Return those of the ids in `apart` that would have their like outside if they stayed.

    That is who says the same as a text outside, word for word, or nearly the same in 32 different
    runs of characters or more; and, since these no longer belong there, who is like one of them.
    `read` gives the texts of ids, `known` are pairs that are alike as is known already.
    """
    edges = _pairs(prints, apart, read, known)
    outside = [number for number in edges if number not in apart]
    moved: set[int] = set()
    while outside:
        fresh = {other for number in outside for other in edges[number] if other in apart}
        outside = sorted(fresh - moved)
        moved |= fresh
    return moved


def _pairs(
    prints: Fingerprints, apart: Collection[int], read: Read, known: Iterable[tuple[int, int]]
) -> defaultdict[int, set[int]]:
    """Return who is like whom, both ways, of all pairs with one in `apart`."""
    edges: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in known:
        edges[one].add(other)
        edges[other].add(one)
    chosen = np.isin(prints.ids, np.fromiter(apart, dtype="int64", count=len(apart)))
    ids: list[int] = prints.ids.tolist()
    copies = _groups(prints.digests, chosen)
    able = np.flatnonzero(prints.runs >= RUNS_TO_RESEMBLE)
    shared: defaultdict[int, Counter[int]] = defaultdict(Counter)
    # A band at a time: the keys of all at once would be copied several times over.
    for band in range(prints.keys.shape[1]):
        for group in _groups(prints.keys[able, band], chosen[able]):
            places: list[int] = able[group[:_CROWD]].tolist()
            for place in able[group][chosen[able[group]]].tolist():
                shared[place].update(each for each in places if each != place)
    for group in copies:
        first, *rest = group.tolist()
        for place in rest:
            edges[ids[first]].add(ids[place])
            edges[ids[place]].add(ids[first])
    likely: dict[int, list[int]] = {
        ids[place]: [
            ids[other]
            for other, _count in others.most_common(_MOST_COMPARED)
            if ids[other] not in edges[ids[place]]
        ]
        for place, others in sorted(shared.items())
    }
    for one, other in _alike(likely, read):
        edges[one].add(other)
        edges[other].add(one)
    return edges


def _groups(values: NDArray[np.generic], chosen: NDArray[np.bool_]) -> Iterable[NDArray[np.int64]]:
    """Return the places of each value that several have, one of the chosen among them."""
    wanted = np.unique(values[chosen])
    held = np.flatnonzero(np.isin(values, wanted))
    order = held[np.argsort(values[held], kind="stable")]
    ends = np.flatnonzero(values[order][1:] != values[order][:-1]) + 1
    return [group for group in np.split(order, ends) if len(group) > 1]


def _alike(likely: Mapping[int, Sequence[int]], read: Read) -> Iterator[tuple[int, int]]:
    """Yield which texts are like which of those that they may be like."""
    waiting = list(likely.items())
    for start in range(0, len(waiting), _AT_ONCE):
        some = waiting[start : start + _AT_ONCE]
        texts = read(sorted({each for number, others in some for each in (number, *others)}))
        for number, others in some:
            for other in others:
                if _are_alike(texts.get(number, ""), texts.get(other, "")):
                    yield number, other


def _are_alike(one: str, other: str) -> bool:
    if max(len(one), len(other)) > _LONG:
        lines = (one.split("\n"), other.split("\n"))
        alike = Indel.normalized_similarity(*lines, score_cutoff=LEAST_SIMILARITY)
    else:
        bare = ("".join(one.split()), "".join(other.split()))
        alike = Indel.normalized_similarity(*bare, score_cutoff=LEAST_SIMILARITY)
    return alike >= LEAST_SIMILARITY
