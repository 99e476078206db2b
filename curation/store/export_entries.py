"""What an export held of each conversation, so short that it can be kept for every export.

A hundred thousand conversations take less than a megabyte: for each its number, eight bytes that
stand for its records, and the part of the dataset they went into.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from curation.errors import N_, ActionRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

_NUMBER: Final = np.dtype("<i8")
_DIGEST: Final = np.dtype("<u8")
_PART: Final = np.dtype("u1")
_WIDTH: Final = _NUMBER.itemsize + _DIGEST.itemsize + _PART.itemsize
_MOST: Final = 2**30
"""More bytes than that never come of a kept export, whatever a damaged one says."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A conversation in an export.

    `digest` stands for the texts of its records, below 2**64; `part` is 0 for what is trained on, 1
    for what validates.
    """

    conversation: int
    digest: int
    part: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """Conversations by what became of them from one export to the next, their numbers rising.

    `changed` says something else now; `moved` says the same in the other part of the dataset.
    `same` counts the rest.
    """

    added: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    moved: tuple[int, ...] = ()
    same: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """The conversations of an export, each once, as three columns of equal length."""

    numbers: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, _NUMBER))
    digests: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, _DIGEST))
    parts: NDArray[np.uint8] = field(default_factory=lambda: np.empty(0, _PART))

    def __len__(self) -> int:
        return len(self.numbers)


def entries_of(entries: Iterable[Entry]) -> Entries:
    """Return conversations as columns, by their numbers rising; each must come once."""
    ordered = sorted(entries, key=lambda each: each.conversation)
    return Entries(
        np.array([each.conversation for each in ordered], _NUMBER),
        np.array([each.digest for each in ordered], _DIGEST),
        np.array([each.part for each in ordered], _PART),
    )


def packed(entries: Entries) -> bytes:
    """Return entries as few bytes; the numbers as steps from one to the next, which are small."""
    steps = np.diff(entries.numbers, prepend=0).astype(_NUMBER)
    return zlib.compress(steps.tobytes() + entries.digests.tobytes() + entries.parts.tobytes())


def unpacked(held: bytes) -> Entries:
    """Return what `packed` was given. Raises ActionRefusedError where these are other bytes."""
    try:
        unpacker = zlib.decompressobj()
        whole = unpacker.decompress(held, _MOST)
    except zlib.error as error:
        raise ActionRefusedError(BROKEN) from error
    count, rest = divmod(len(whole), _WIDTH)
    if rest or unpacker.unconsumed_tail or not unpacker.eof:
        raise ActionRefusedError(BROKEN)
    steps = np.frombuffer(whole, _NUMBER, count)
    after = count * _NUMBER.itemsize
    digests = np.frombuffer(whole, _DIGEST, count, after)
    parts = np.frombuffer(whole, _PART, count, after + count * _DIGEST.itemsize)
    return Entries(np.cumsum(steps, dtype=np.int64), digests, parts)


BROKEN: Final = N_("What was kept of this version cannot be read any more.")


def difference(before: Entries, after: Entries) -> Difference:
    """Return what became of the conversations from one export to the other."""
    both, old, new = np.intersect1d(
        before.numbers, after.numbers, assume_unique=True, return_indices=True
    )
    changed = before.digests[old] != after.digests[new]
    moved = ~changed & (before.parts[old] != after.parts[new])
    return Difference(
        added=_tuple(np.setdiff1d(after.numbers, before.numbers, assume_unique=True)),
        removed=_tuple(np.setdiff1d(before.numbers, after.numbers, assume_unique=True)),
        changed=_tuple(both[changed]),
        moved=_tuple(both[moved]),
        same=int((~changed & ~moved).sum()),
    )


def _tuple(numbers: NDArray[Any]) -> tuple[int, ...]:
    held: list[int] = numbers.tolist()
    return tuple(held)
