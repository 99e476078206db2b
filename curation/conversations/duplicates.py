"""Conversations that say nearly the same: an export taken twice, a text forwarded to many.

Exact copies are found by a digest. For the others MinHash signatures over runs of three characters
(Broder, "On the resemblance and containment of documents", 1997), cut into bands, name the pairs
worth comparing; rapidfuzz then says how alike they are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import numpy as np
from rapidfuzz.distance import Indel

from curation.model import no_tick

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

LEAST_SIMILARITY: Final = 0.8
"""Conversations at least this alike are marked."""

_RUN: Final = 3
_RUNS_TO_COPY: Final = 16
_RUNS_TO_RESEMBLE: Final = 32
"""How many different runs a text must have before its copies, or texts like it, mean something.

Two people who greet each other twice in the same words have not been imported twice.
"""

_BANDS: Final = 24
_ROWS: Final = 3
"""Of two texts that share half of their runs, this finds 96 %; of those that share 5 %, 0.3 %."""

_CHARACTERS_AT_ONCE: Final = 500_000
_TICK_EVERY: Final = 1000  # texts
_MOST_COMPARED: Final = 20
"""So many texts are compared with one text; a stock phrase must not make it thousands."""

_LONG: Final = 50_000
"""Characters above which texts are compared line by line: the time grows with the square."""

_RANDOM: Final = np.random.default_rng(1)  # the same numbers in every run: so are the marks
_RUN_MIX: Final = _RANDOM.integers(2**62, size=_RUN + 1, dtype="uint64") | np.uint64(1)
_KEY_MIX: Final = _RANDOM.integers(2**62, size=_ROWS, dtype="uint64") | np.uint64(1)
_FLIPS: Final = _RANDOM.integers(2**32, size=_BANDS * _ROWS, dtype="uint32")
_FACTORS: Final = _RANDOM.integers(2**32, size=_BANDS * _ROWS, dtype="uint32") | np.uint32(1)


def near_duplicates(
    texts: Mapping[int, str], tick: Callable[[int, int], None] = no_tick
) -> dict[int, tuple[int, float]]:
    """Return, for texts that are nearly like an earlier one, which one and how alike, up to 1.

    `texts` are conversations in the order in which they shall be kept, by id. Blanks and line
    ends do not count. Every marked text is like one that is not marked, the earliest such, so that
    whoever drops all marked ones keeps one of each. Alike is who has 0.8 of both texts' characters
    in common, in the same order. Texts of few words are never marked. `tick` is called with how
    many texts are done and how many there are; an exception raised in it ends the search.
    """
    ids = list(texts)
    bare = ["".join(text.split()) for text in texts.values()]
    runs, keys = _signatures(bare, lambda done: tick(done // 2, len(ids)))
    firsts = _first_copies(bare, runs)
    shared = _shared_keys(keys, (runs >= _RUNS_TO_RESEMBLE) & (firsts < 0))
    buckets: defaultdict[int, list[int]] = defaultdict(list)
    marked: dict[int, tuple[int, float]] = {}
    for place in range(len(ids)):
        if place % _TICK_EVERY == 0:
            tick((len(ids) + place) // 2, len(ids))
        first = int(firsts[place])
        if first >= 0:
            # The first of the copies may itself be like an earlier text.
            marked[place] = marked.get(first, (first, 1.0))
            continue
        mine = shared.get(place, ())
        for other in _candidates(buckets, mine):
            similarity = _similarity(bare, texts, ids, place, other)
            if similarity >= LEAST_SIMILARITY:
                marked[place] = (other, similarity)
                break
        else:
            for key in mine:
                if len(buckets[key]) < _MOST_COMPARED:
                    buckets[key].append(place)
    tick(len(ids), len(ids))
    return {ids[place]: (ids[other], alike) for place, (other, alike) in marked.items()}


def _first_copies(bare: Sequence[str], runs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return, for each text, the place of the first text that is the same, or -1."""
    firsts = np.full(len(bare), -1, dtype="int64")
    seen: dict[bytes, int] = {}
    for place in np.flatnonzero(runs >= _RUNS_TO_COPY).tolist():
        digest = blake2b(bare[place].encode("utf-8", "surrogatepass"), digest_size=16).digest()
        first = seen.setdefault(digest, place)
        if first != place:
            firsts[place] = first
    return firsts


def _similarity(
    bare: Sequence[str], texts: Mapping[int, str], ids: Sequence[int], one: int, other: int
) -> float:
    """Return how alike two texts are; 0 for anything below the least similarity."""
    if max(len(bare[one]), len(bare[other])) <= _LONG:
        return Indel.normalized_similarity(bare[one], bare[other], score_cutoff=LEAST_SIMILARITY)
    return Indel.normalized_similarity(
        texts[ids[one]].split("\n"), texts[ids[other]].split("\n"), score_cutoff=LEAST_SIMILARITY
    )


def _candidates(buckets: Mapping[int, list[int]], keys: Sequence[int]) -> list[int]:
    """Return the earlier texts worth comparing, earliest first."""
    shares = Counter(other for key in keys if key in buckets for other in buckets[key])
    return sorted(other for other, _count in shares.most_common(_MOST_COMPARED))


def _shared_keys(keys: Hashes, eligible: NDArray[np.bool_]) -> dict[int, list[int]]:
    """Return the keys, numbered, of each eligible text that has some in common with another."""
    places = np.flatnonzero(eligible)
    if len(places) == 0:
        return {}
    _values, numbers, counts = np.unique(keys[places], return_inverse=True, return_counts=True)
    numbers = numbers.reshape(len(places), _BANDS)
    common = counts[numbers] > 1
    return {
        int(places[row]): numbers[row][common[row]].tolist()
        for row in np.flatnonzero(common.any(axis=1)).tolist()
    }


def _signatures(
    bare: Sequence[str], tick: Callable[[int], None]
) -> tuple[NDArray[np.int64], Hashes]:
    """Return how many different runs each text has, and its key in each band.

    Texts shorter than a run have none, and keys without meaning.
    """
    runs = np.zeros(len(bare), dtype="int64")
    keys = np.zeros((len(bare), _BANDS), dtype="uint64")
    lengths = np.array([len(text) for text in bare], dtype="int64")
    long_enough = np.flatnonzero(lengths >= _RUN)
    parts = np.cumsum(lengths[long_enough]) // _CHARACTERS_AT_ONCE
    for places in np.split(long_enough, np.flatnonzero(np.diff(parts)) + 1):
        if len(places):
            tick(int(places[0]))
            hashes, starts = _run_hashes("".join(bare[place] for place in places), lengths[places])
            runs[places] = _different(hashes, starts)
            keys[places] = _band_keys(hashes, starts)
    return runs, keys


def _run_hashes(
    joined: str, lengths: NDArray[np.int64]
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Return a hash of every run of the joined texts, and where those of each text start."""
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    spread = points.astype("uint64")
    size = len(points) - _RUN + 1
    mixed = np.zeros(size, dtype="uint64")
    for offset in range(_RUN):
        mixed += spread[offset : offset + size] * _RUN_MIX[offset]
    mixed ^= mixed >> np.uint64(32)
    mixed *= _RUN_MIX[_RUN]
    # The last runs of a text would reach into the next one.
    inside = np.ones(len(points), dtype=bool)
    ends = np.cumsum(lengths)
    for offset in range(1, _RUN):
        inside[ends - offset] = False
    hashes = (mixed >> np.uint64(32)).astype("uint32")[inside[:size]]
    counts = lengths - _RUN + 1
    return hashes, np.cumsum(counts) - counts


def _different(hashes: NDArray[np.uint32], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    owner = np.repeat(np.arange(len(starts), dtype="uint64"), np.diff(starts, append=len(hashes)))
    # Sorting takes a tenth of what np.unique takes for so many numbers.
    numbers = np.sort(owner << np.uint64(32) | hashes)
    firsts = np.append(True, numbers[1:] != numbers[:-1])
    owners = (numbers[firsts] >> np.uint64(32)).astype("int64")
    return np.bincount(owners, minlength=len(starts))


def _band_keys(hashes: NDArray[np.uint32], starts: NDArray[np.int64]) -> Hashes:
    """Return a key per text and band: equal where the least hashes of the band's rows are."""
    keys = np.zeros((len(starts), _BANDS), dtype="uint64")
    for number, (flip, factor) in enumerate(zip(_FLIPS, _FACTORS, strict=True)):
        least = np.minimum.reduceat((hashes ^ flip) * factor, starts)
        keys[:, number // _ROWS] += least * _KEY_MIX[number % _ROWS]
    # Keys of different bands must never meet.
    keys *= np.uint64(_BANDS)
    return keys + np.arange(_BANDS, dtype="uint64")
