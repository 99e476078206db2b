"""Conversations that say nearly the same: an export taken twice, a text forwarded to many.

Exact copies are found by a digest. For the others MinHash signatures over runs of three characters
(Broder, "On the resemblance and containment of documents", 1997), cut into bands, name the pairs
worth comparing; rapidfuzz then says how alike they are.

What a text was marked as depends on earlier texts alone that share a band or the digest with it.
So fingerprints can be kept, and after a change only texts are looked at again that share something
with a changed one; the marks are those of a search through everything.
"""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel

from curation.model import no_tick

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

LEAST_SIMILARITY: Final = 0.8
"""Conversations at least this alike are marked."""

RECIPE: Final = 1
"""Which way fingerprints are made; those of another recipe mean nothing."""

_RUN: Final = 3
_RUNS_TO_COPY: Final = 16
RUNS_TO_RESEMBLE: Final = 32
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

_COLUMNS: Final = 64  # in which characters are counted
_COUNTED_AT_ONCE: Final = 2_000  # texts
_PAIRS_AT_ONCE: Final = 50_000
_CROWD: Final = 128  # texts that share a key

_READ_AHEAD: Final = 256  # texts whose neighbours are read at once

_RANDOM: Final = np.random.default_rng(1)  # the same numbers in every run: so are the marks
_RUN_MIX: Final = _RANDOM.integers(2**62, size=_RUN + 1, dtype="uint64") | np.uint64(1)
_KEY_MIX: Final = _RANDOM.integers(2**62, size=_ROWS, dtype="uint64") | np.uint64(1)
_FLIPS: Final = _RANDOM.integers(2**32, size=_BANDS * _ROWS, dtype="uint32")
_FACTORS: Final = _RANDOM.integers(2**32, size=_BANDS * _ROWS, dtype="uint32") | np.uint32(1)

Mark = tuple[int, float]
"""The earlier text that one is like, and how alike they are, up to 1."""


@dataclass(frozen=True)
class Fingerprints:
    """What the search must know of texts, by their ids, in the order in which they are kept.

    `runs` is how many different runs a text has, `digests` equal for equal texts, `keys` one row
    a text with a key for each band. Blanks and line ends do not count.
    """

    ids: NDArray[np.int64]
    runs: NDArray[np.int64]
    digests: NDArray[np.int64]
    keys: Hashes

    @classmethod
    def none(cls) -> Fingerprints:
        """Return the fingerprints of no text."""
        empty = np.zeros(0, dtype="int64")
        return cls(empty, empty, empty, np.zeros((0, _BANDS), dtype="uint64"))

    def __len__(self) -> int:
        return len(self.ids)


def fingerprints(
    texts: Mapping[int, str], tick: Callable[[int, int], None] = no_tick
) -> Fingerprints:
    """Return the fingerprints of texts by their ids; `tick` as in `near_duplicates`."""
    bare = [_bare(text) for text in texts.values()]
    runs, keys = _signatures(bare, lambda done: tick(done, len(bare)))
    digests = [
        int.from_bytes(
            blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True
        )
        for text in bare
    ]
    ids = np.fromiter(texts, dtype="int64", count=len(texts))
    return Fingerprints(ids, runs, np.array(digests, dtype="int64"), keys)


def near_duplicates(
    texts: Mapping[int, str], tick: Callable[[int, int], None] = no_tick
) -> dict[int, Mark]:
    """Return, for texts that are nearly like an earlier one, which one and how alike, up to 1.

    `texts` are conversations in the order in which they shall be kept, by id. Blanks and line
    ends do not count. Every marked text is like one that is not marked, the earliest such, so that
    whoever drops all marked ones keeps one of each. Alike is who has 0.8 of both texts' characters
    in common, in the same order. Texts of few words are never marked. `tick` is called with how
    many texts are done and how many there are; an exception raised in it ends the search.
    """
    total = len(texts)
    prints = fingerprints(texts, lambda done, _total: tick(done // 2, total))
    found = changed_marks(
        prints,
        {},
        set(texts),
        lambda ids: {number: texts[number] for number in ids},
        tick=lambda done, _total: tick((total + done) // 2, total),
    )
    tick(total, total)
    return {number: mark for number, mark in found.items() if mark is not None}


def changed_marks(
    prints: Fingerprints,
    marks: Mapping[int, Mark],
    changed: Collection[int],
    read: Callable[[Sequence[int]], Mapping[int, str]],
    *,
    former: Fingerprints | None = None,
    tick: Callable[[int, int], None] = no_tick,
) -> dict[int, Mark | None]:
    """Return the new marks of all texts that had to be looked at again, None for no mark.

    `prints` are the texts as they are now, `marks` what the last search gave for those that were
    there, `changed` the ids of texts that are new or other than then, `former` the fingerprints
    that changed and vanished texts had. `read` gives the texts of ids. Together with the marks
    that stay this is what `near_duplicates` gives for all texts.
    """
    search = _Search(prints, marks, read)
    search.start(changed, former or Fingerprints.none())
    return search.run(tick)


class _Search:
    """The texts in their places, what each is marked as, and which must be looked at again.

    Places are looked at in ascending order, so that all marks before one are final.
    """

    def __init__(
        self,
        prints: Fingerprints,
        marks: Mapping[int, Mark],
        read: Callable[[Sequence[int]], Mapping[int, str]],
    ) -> None:
        self.prints = prints
        self.ids: list[int] = prints.ids.tolist()
        self.runs = prints.runs
        self.place_of = {number: place for place, number in enumerate(self.ids)}
        self.marks: list[tuple[int, float] | None] = [None] * len(self.ids)
        self.lost: set[int] = set()  # places whose mark names a text that is gone
        for number, (earlier, alike) in marks.items():
            place = self.place_of.get(number)
            if place is None:
                continue
            target = self.place_of.get(earlier)
            if target is None:
                self.lost.add(place)
            else:
                self.marks[place] = (target, alike)
        self.texts = _Texts(self.ids, read)
        self.copies = _Groups(prints.digests, np.flatnonzero(self.runs >= _RUNS_TO_COPY))
        able = np.flatnonzero(self.runs >= RUNS_TO_RESEMBLE)
        self.bands = _Groups(prints.keys[able].ravel(), np.repeat(able, _BANDS), flat=True)
        self.row_of = np.full(len(self.ids), -1, dtype="int64")
        self.row_of[able] = np.arange(len(able))
        self.buckets: dict[int, _Bucket] = {}
        self.waiting: list[int] = []
        self.awaited = np.zeros(len(self.ids), dtype=bool)
        self.partly = True  # some texts did not change: who calls has not read them
        self.hopeful = np.ones(len(self.ids), dtype=bool)

    def start(self, changed: Collection[int], former: Fingerprints) -> None:
        """Note whom the changes touch."""
        own = [self.place_of[number] for number in changed if number in self.place_of]
        for place in own:
            self.marks[place] = None
        self.awaited[[*own, *self.lost]] = True
        self.partly = len(own) < len(self.ids)
        if self.partly:
            # A change can only matter to later texts.
            places = np.array(own, dtype="int64")
            before = np.searchsorted(self.prints.ids, former.ids)
            since = np.concatenate((places, before))
            digests = np.concatenate((self.prints.digests[places], former.digests))
            keys = np.concatenate((self.prints.keys[places], former.keys))
            for later in (
                *self.copies.since(digests, since),
                *self.bands.since(keys.ravel(), np.repeat(since, _BANDS)),
            ):
                self.awaited[later] = True
        else:
            self.hopeful = self._hopeful()
        self.waiting = np.flatnonzero(self.awaited).tolist()

    def run(self, tick: Callable[[int, int], None]) -> dict[int, Mark | None]:
        """Look at everything that waits; return what came out."""
        found: dict[int, Mark | None] = {}
        done = 0
        while self.waiting:
            if self.partly and done % _READ_AHEAD == 0:
                self._read_ahead()
            place = heapq.heappop(self.waiting)
            if done % _TICK_EVERY == 0:
                tick(done, done + len(self.waiting) + 1)
            done += 1
            before, now = self.marks[place], self._decide(place)
            self.marks[place] = now
            if before != now:
                self._touch(place, members=(before is None) != (now is None))
            found[self.ids[place]] = None if now is None else (self.ids[now[0]], now[1])
        return found

    def _touch(self, place: int, *, members: bool) -> None:
        """Let those wait that may now be marked otherwise."""
        later: Iterable[NDArray[np.int64]] = [self.copies.of_place(place)]
        if members and self.row_of[place] >= 0:
            later = [*later, *(self.bands.members(number) for number in self._numbers(place))]
        for group in later:
            for other in group[np.searchsorted(group, place, side="right") :].tolist():
                if not self.awaited[other]:
                    self.awaited[other] = True
                    heapq.heappush(self.waiting, other)

    def _numbers(self, place: int) -> list[int]:
        """Return the numbers of the keys that a text shares with another one."""
        row = int(self.row_of[place])
        return self.bands.shared(slice(row * _BANDS, (row + 1) * _BANDS)) if row >= 0 else []

    def _decide(self, place: int) -> tuple[int, float] | None:
        if self.runs[place] >= _RUNS_TO_COPY:
            first = self.copies.first(place)
            if first != place:
                # The first of the copies may itself be like an earlier text.
                return self.marks[first] or (first, 1.0)
        return self._alike(place, self._candidates(place)) if self.hopeful[place] else None

    def _hopeful(self) -> NDArray[np.bool_]:
        """Return which texts may be like an earlier one, by how often which characters stand there.

        Those that share a key with very many are not looked into: they may.
        """
        found = np.zeros(len(self.ids), dtype=bool)
        members, numbers, crowded = self.bands.pairing(_CROWD)
        found[crowded] = True
        involved = np.unique(members)
        self.texts.read(involved.tolist())
        counts = self.texts.counts_of(involved)
        row = np.zeros(len(self.ids), dtype="int64")
        row[involved] = np.arange(len(involved))
        lengthy = self.texts.lengthy(involved)  # compared otherwise
        found[involved[lengthy]] = True
        for apart in range(1, _CROWD):
            same = numbers[apart:] == numbers[:-apart]
            if not same.any():
                break
            later, earlier = members[apart:][same], members[:-apart][same]
            unsure = ~found[later]
            later, earlier = later[unsure], earlier[unsure]
            for start in range(0, len(later), _PAIRS_AT_ONCE):
                some = slice(start, start + _PAIRS_AT_ONCE)
                one, other = row[later[some]], row[earlier[some]]
                close = _are_close(counts[one], counts[other]) | lengthy[other]
                found[later[some][close]] = True
        return found

    def _candidates(self, place: int) -> list[int]:
        """Return the earlier texts worth comparing, earliest first."""
        shares: Counter[int] = Counter()
        for number in self._numbers(place):
            bucket = self.buckets.get(number)
            if bucket is None:
                bucket = self.buckets[number] = _Bucket(self.bands.members(number))
            shares.update(bucket.before(place, self.marks))
        if len(shares) <= _MOST_COMPARED:
            return sorted(shares)
        return sorted(other for other, _count in shares.most_common(_MOST_COMPARED))

    def _alike(self, place: int, candidates: Sequence[int]) -> tuple[int, float] | None:
        """Return the first of the candidates that a text is like, and how much."""
        if not candidates:
            return None
        bare = self.texts.bare([place, *candidates])
        if max(map(len, bare)) > _LONG:
            compared = {other: self._by_lines(place, other) for other in candidates}
        else:
            candidates = self._possible(place, candidates)
            compared = dict(zip(candidates, self._by_characters(place, candidates), strict=True))
        for other, similarity in compared.items():
            if similarity >= LEAST_SIMILARITY:
                return other, similarity
        return None

    def _possible(self, place: int, candidates: Sequence[int]) -> list[int]:
        """Return the candidates that may be like a text."""
        counts = self.texts.counts([place, *candidates])
        close = _are_close(counts[1:], counts[0])
        return [other for other, fine in zip(candidates, close.tolist(), strict=True) if fine]

    def _by_characters(self, place: int, candidates: Sequence[int]) -> list[float]:
        """Return how alike texts are to one; 0 for anything below the least similarity."""
        if not candidates:
            return []
        first, *others = self.texts.bare([place, *candidates])
        scores: list[float] = process.cdist(
            [first],
            others,
            scorer=Indel.normalized_similarity,
            score_cutoff=LEAST_SIMILARITY,
            dtype=np.float64,
        )[0].tolist()
        return scores

    def _by_lines(self, one: int, other: int) -> float:
        """Return how alike two texts are; 0 for anything below the least similarity."""
        bare = self.texts.bare([one, other])
        if max(map(len, bare)) <= _LONG:
            return Indel.normalized_similarity(*bare, score_cutoff=LEAST_SIMILARITY)
        lines = [text.split("\n") for text in self.texts.whole([one, other])]
        return Indel.normalized_similarity(*lines, score_cutoff=LEAST_SIMILARITY)

    def _read_ahead(self) -> None:
        """Read at once what the next texts will probably be compared with."""
        ahead = heapq.nsmallest(_READ_AHEAD, self.waiting)
        wanted: set[int] = set()
        for place in ahead:
            numbers = self._numbers(place)
            for number in numbers:
                first = self.bands.members(number)[: 2 * _MOST_COMPARED].tolist()
                wanted.update(other for other in first if self.marks[other] is None)
            if numbers:
                wanted.add(place)
        self.texts.read(wanted)


def _are_close(counts: NDArray[np.uint16], others: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Return which texts may be like others, by how often which characters stand in them.

    Whatever stands more often in one of them must be left out or put in, at least.
    """
    apart = (np.maximum(counts, others) - np.minimum(counts, others)).sum(axis=-1, dtype="int64")
    lengths = counts.sum(axis=-1, dtype="int64") + others.sum(axis=-1, dtype="int64")
    return np.asarray(apart <= (1 - LEAST_SIMILARITY) * lengths + 1)


class _Groups:
    """Places that share a value, in ascending order within each group."""

    def __init__(
        self, values: NDArray[np.generic], places: NDArray[np.int64], *, flat: bool = False
    ) -> None:
        """`values` are those of all places, or `flat` those of `places` alone."""
        mine = values if flat else values[places]
        self._order = np.argsort(mine, kind="stable")
        ordered = mine[self._order]
        starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
        self._bounds = np.append(starts, len(ordered))
        self._values = ordered[starts]
        self._places = places[self._order]
        self._numbers = np.empty(len(ordered), dtype="int64")
        sizes = np.diff(self._bounds)
        self._numbers[self._order] = np.repeat(np.arange(len(starts)), sizes)
        self._common = sizes > 1
        self._row = {} if flat else {place: row for row, place in enumerate(places.tolist())}

    def members(self, number: int) -> NDArray[np.int64]:
        """Return the places of a group."""
        return self._places[self._bounds[number] : self._bounds[number + 1]]

    def shared(self, rows: slice) -> list[int]:
        """Return the numbers of the groups of these values, of groups with several places."""
        numbers = self._numbers[rows]
        found: list[int] = numbers[self._common[numbers]].tolist()
        return found

    def since(
        self, values: NDArray[np.generic], places: NDArray[np.int64]
    ) -> Iterable[NDArray[np.int64]]:
        """Yield the places that share one of the values, from the place beside it on."""
        if len(self._values) == 0 or len(values) == 0:
            return
        numbers = np.minimum(np.searchsorted(self._values, values), len(self._values) - 1)
        there = self._values[numbers] == values
        first: dict[int, int] = {}
        for number, place in zip(numbers[there].tolist(), places[there].tolist(), strict=True):
            first[number] = min(place, first.get(number, place))
        for number, place in first.items():
            members = self.members(number)
            yield members[np.searchsorted(members, place) :]

    def pairing(self, most: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return places with the numbers of their groups, and the places of groups above `most`.

        The former are of groups of several places, each group in one piece, in ascending order.
        """
        sizes = np.repeat(np.diff(self._bounds), np.diff(self._bounds))
        numbers = self._numbers[self._order]
        shared = (sizes > 1) & (sizes <= most)
        return self._places[shared], numbers[shared], self._places[sizes > most]

    def of_place(self, place: int) -> NDArray[np.int64]:
        """Return the places that share the value of a place, itself among them."""
        row = self._row.get(place)
        return np.zeros(0, dtype="int64") if row is None else self.members(int(self._numbers[row]))

    def first(self, place: int) -> int:
        """Return the first place that shares the value of a place."""
        return int(self.of_place(place)[0])


class _Bucket:
    """The unmarked places of a group, found as far as they were asked for.

    What very many say is a stock phrase, and tells nothing of whose texts are alike.
    """

    def __init__(self, members: NDArray[np.int64]) -> None:
        self._members: list[int] = members.tolist()
        self._next = 0
        self._found: list[int] = []

    def before(self, place: int, marks: Sequence[object]) -> list[int]:
        """Return those before `place`, none where they are too many; `place` never falls."""
        members, found = self._members, self._found
        while (
            len(found) < _MOST_COMPARED
            and self._next < len(members)
            and members[self._next] < place
        ):
            if marks[members[self._next]] is None:
                found.append(members[self._next])
            self._next += 1
        return found if len(found) < _MOST_COMPARED else []


class _Texts:
    """The texts of places, read when they are asked for."""

    def __init__(
        self, ids: Sequence[int], read: Callable[[Sequence[int]], Mapping[int, str]]
    ) -> None:
        self._ids = ids
        self._read = read
        self._bare: dict[int, str] = {}
        self._counts = np.zeros((len(ids), _COLUMNS), dtype="uint16")
        self._counted: set[int] = set()

    def read(self, places: Iterable[int]) -> None:
        """Read the texts of places that are not here yet."""
        missing = sorted(place for place in places if place not in self._bare)
        if not missing:
            return
        texts = self._read([self._ids[place] for place in missing])
        for place in missing:
            self._bare[place] = _bare(texts.get(self._ids[place], ""))

    def bare(self, places: Sequence[int]) -> list[str]:
        """Return texts without blanks and line ends."""
        self.read(places)
        return [self._bare[place] for place in places]

    def lengthy(self, places: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which texts that were read are compared line by line."""
        return np.array([len(self._bare[place]) > _LONG for place in places.tolist()], dtype=bool)

    def counts_of(self, places: NDArray[np.int64]) -> NDArray[np.uint16]:
        """As `counts`, for many at once; texts too long for it are not counted rightly."""
        counted = np.zeros((len(places), _COLUMNS), dtype="uint16")
        for start in range(0, len(places), _COUNTED_AT_ONCE):
            texts = self.bare(places[start : start + _COUNTED_AT_ONCE].tolist())
            lengths = [len(text) for text in texts]
            points = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
            owners = np.repeat(np.arange(len(texts)), lengths)
            numbers = np.bincount(
                owners * _COLUMNS + points % _COLUMNS, minlength=len(texts) * _COLUMNS
            )
            counted[start : start + len(texts)] = numbers.reshape(len(texts), _COLUMNS)
        self._counts[places] = counted
        self._counted.update(places.tolist())
        return counted

    def counts(self, places: Sequence[int]) -> NDArray[np.uint16]:
        """Return how often the characters of texts that were read stand there, a row a text.

        Characters share columns, which only makes texts look more alike.
        """
        for place in places:
            if place not in self._counted:
                self._counted.add(place)
                text = self._bare[place]
                points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
                self._counts[place] = np.bincount(points % _COLUMNS, minlength=_COLUMNS)
        return self._counts[places]

    def whole(self, places: Sequence[int]) -> list[str]:
        """Return texts as they are."""
        texts = self._read([self._ids[place] for place in places])
        return [texts.get(self._ids[place], "") for place in places]


def _bare(text: str) -> str:
    return "".join(text.split())


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
