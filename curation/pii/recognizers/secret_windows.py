"""What stands left and right of a candidate, made alike, and what is told of each side alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from operator import add
from typing import TYPE_CHECKING, Final, NamedTuple

from curation.pii.chinese import PLAIN
from curation.pii.recognizers.secret_words import KNOWN, LEXICON

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from curation.pii.lexicon import Word
    from curation.pii.recognizers.secret_candidates import Candidate

LEFT: Final = 28
RIGHT: Final = 26
"""How many characters beside a candidate are read."""

_NEAR: Final = (0, 1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4)
_FAR: Final = 5
"""Distances in characters, in steps."""
_STEPS: Final = "".join(map(str, _NEAR)).ljust(max(LEFT, RIGHT), str(_FAR))
"""The steps of the distances in a window; longer words in it make none longer."""

_SHORT_NUMBER: Final = 2

_ASCII: Final = re.compile("2fa|[a-z]+|[0-9]+")
_SIGNS: Final = str.maketrans("，。！？；～、“”「」『』《》【】…", ',.!?;~,""""""""[]~') | {
    ord(form): plain for form, plain in PLAIN.items()
}


class Window(NamedTuple):
    """What stands on one side of a candidate, made alike, and what is told of that alone."""

    text: str
    words: Sequence[Word]
    """The words of the lexicon in it."""
    chars: frozenset[str]
    grams: Mapping[str, Collection[str]]
    """Its characters with their distances, its pairs and its threes, by the group of each."""


Seen = Mapping[str, "Collection[str]"]
"""The features of a candidate: names by their group, none twice in one; no group, nothing.

Groups tell apart what is said of names that mean something else in each: of the left and the right
the `grams`, of both the characters. What needs no such thing is in the group ``.
"""


def around(text: str, found: Candidate) -> tuple[str, Candidate]:
    """Return as much of a text as is read of a candidate's, and the candidate in it."""
    low = max(0, found.start - LEFT)
    return text[low : found.end + RIGHT], found._replace(
        start=found.start - low, end=found.end - low
    )


def windows(text: str, found: Candidate) -> tuple[Window, Window]:
    """Return what stands left and right of a candidate in a folded text."""
    return (
        _left(text[max(0, found.start - LEFT) : found.start]),
        _right(text[found.end : found.end + RIGHT]),
    )


@lru_cache(maxsize=4096)
def _left(said: str) -> Window:
    plain = made_plain(said)
    pairs = list(map(add, f"^{plain}", plain))
    placed = set(map(add, _STEPS, plain[::-1]))
    threes = set(map(add, pairs, plain[1:]))
    return Window(
        plain, LEXICON.find(plain), frozenset(plain), {"lu": placed, "lb": set(pairs), "lt": threes}
    )


@lru_cache(maxsize=4096)
def _right(said: str) -> Window:
    plain = made_plain(said)
    pairs = list(map(add, plain, f"{plain[1:]}$"))
    placed = set(map(add, _STEPS, plain))
    threes = set(map(add, pairs, plain[2:]))
    return Window(
        plain, LEXICON.find(plain), frozenset(plain), {"ru": placed, "rb": set(pairs), "rt": threes}
    )


def forget() -> None:
    """Forget the windows that are kept."""
    _left.cache_clear()
    _right.cache_clear()


def made_plain(text: str) -> str:
    """Return a text in small letters and simplified signs, unknown words and numbers cut down."""
    return _ASCII.sub(_ascii, text.lower().translate(_SIGNS))


def _ascii(match: re.Match[str]) -> str:
    word = match[0]
    if word in KNOWN:
        return word
    if word.isdigit():
        return "0" if len(word) > _SHORT_NUMBER else "1"
    return "a"


def distance(gap: int) -> int:
    """Return a distance in characters as one of few steps."""
    return _NEAR[gap] if gap < len(_NEAR) else _FAR
