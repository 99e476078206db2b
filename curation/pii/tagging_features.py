"""What the trained tagger is told of every character: those around it, places, and name letters.

The trainer and the search both ask here, so that a model is never read with other features than it
was trained with. Whoever changes them trains the model anew (`benchmarks/train_tagger.py`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from curation.pii.chinese import given_names, surnames, word_weight
from curation.pii.folding import CHINESE_DIGITS, fold
from curation.pii.latin_names import FIRST_NAMES, SURNAMES, SYLLABLE
from curation.pii.places import divisions, simplify

if TYPE_CHECKING:
    from collections.abc import Sequence

PLACEHOLDER: Final = re.compile("〔[^〔〕\n]{1,12}〕")
"""What stands for masked text, with or without the numbers that the export writes into it."""

_OUTSIDE: Final = "^^^"
STAND_IN: Final = "〔"
"""The one character as which a placeholder is read."""
_FAR: Final = 9
_NUMERALS: Final = frozenset(CHINESE_DIGITS) | frozenset("十百")
_WORDS: Final = ((0, 2), (-1, 1), (0, 3), (-1, 2), (-2, 1))
"""Pieces around a character that may be words, as offsets."""
_LATIN: Final = re.compile("[A-Za-z]+")
_FIRST_NAMES: Final = frozenset(FIRST_NAMES)
_SURNAMES: Final = frozenset(SURNAMES)
_SYLLABLES: Final = re.compile(f"{SYLLABLE}{{1,4}}")
_BESIDE: Final = (-2, -1, 0, 1)


class Piece(NamedTuple):
    """A text as the tagger reads it: every placeholder is one character.

    `places` says where each character begins in the text; one more is the text's length.
    """

    text: str
    places: Sequence[int]


def read(text: str) -> Piece:
    """Return a text as the tagger reads it, folded and simplified."""
    plain = simplify(fold(text))
    if STAND_IN not in plain:
        return Piece(plain, range(len(plain) + 1))
    chars: list[str] = []
    places: list[int] = []
    reached = 0
    for found in PLACEHOLDER.finditer(plain):
        chars.append(plain[reached : found.start()])
        places += range(reached, found.start() + 1)
        chars.append(STAND_IN)
        reached = found.end()
    chars.append(plain[reached:])
    places += range(reached, len(plain) + 1)
    return Piece("".join(chars), places)


def shapes(text: str) -> str:
    """Return the text with every digit as 0, every Chinese numeral as 一, letters as a and A."""
    return "".join(map(_shape, text))


def features(text: str) -> list[list[str]]:
    """Return what the tagger is told of every character of a text that `read` returned."""
    size = len(text)
    kinds = "".join(map(_kind, text))
    # With room on both sides, so that no place is outside.
    shown = f"{_OUTSIDE}{shapes(text)}{_OUTSIDE}"
    classes = f"{_OUTSIDE}{kinds}{_OUTSIDE}"
    areas = _areas(text)
    numbers = _distances(kinds)
    latin = _latin_words(text)
    surname, first, alone = _name_letters(text)
    told: list[list[str]] = []
    for at in range(size):
        a, b, c, d, e, f, g = list(shown[at : at + 7])
        some = [
            f"-3{a}", f"-2{b}", f"-1{c}", f"0{d}", f"1{e}", f"2{f}", f"3{g}",
            f"-32{a}{b}", f"-21{b}{c}", f"-10{c}{d}", f"01{d}{e}", f"12{e}{f}", f"23{f}{g}",
            f"-20{b}{c}{d}", f"-11{c}{d}{e}", f"02{d}{e}{f}",
            f"k{classes[at + 1 : at + 6]}",
            f"n{numbers[at]}",
        ]  # fmt: skip
        some += [f"a{by}{areas[at + by]}" for by in (-1, 0, 1) if areas[at + by]]
        if latin[at]:
            some += (f"l{latin[at]}", f"l{latin[at]}{c}", f"l{latin[at]}{e}")
        for low, high in _WORDS:
            start, end = at + low, at + high
            if start >= 0 and end <= size and kinds[start:end].strip("h一") == "":
                some.append(f"w{low}{high}{_frequency(text[start:end])}")
        for by in _BESIDE:
            place = at + by
            if 0 <= place < size:
                some += [
                    f"{name}{by}{values[place]}"
                    for name, values in (("s", surname), ("g", first), ("o", alone))
                    if values[place]
                ]
        told.append(some)
    return told


@lru_cache(maxsize=4096)
def _shape(char: str) -> str:
    kind = _kind(char)
    return kind if kind in "0一aA" else char


@lru_cache(maxsize=4096)
def _kind(char: str) -> str:
    """Return the class of a character: 0 一 a A, h Chinese, s blank, x masked, p all others."""
    if char.isdigit():
        return "0"
    if char in _NUMERALS:
        return "一"
    if char.isascii() and char.isalpha():
        return "A" if char.isupper() else "a"
    if "一" <= char <= "鿿":
        return "h"
    if char == STAND_IN:
        return "x"
    return "s" if char.isspace() else "p"


def _areas(text: str) -> list[str]:
    """Return the kind of administrative division that names hold of each character, "" for none.

    The list has an empty place before the first and behind the last, found at -1 and at the size.
    """
    areas = [""] * (len(text) + 2)
    for each in divisions(text):
        for place in range(each.start, each.end):
            areas[place] = each.kind
    return areas


def _latin_words(text: str) -> list[str]:
    """Return of each character whether it is in a Latin word that is a name, or looks like one."""
    told = [""] * len(text)
    for word in _LATIN.finditer(text):
        shown = word[0].capitalize()
        if shown in _FIRST_NAMES:
            name = "first"
        elif shown in _SURNAMES:
            name = "family"
        else:
            name = "pinyin" if _SYLLABLES.fullmatch(shown.lower()) else "word"
        case = "C" if word[0] == shown else "U" if word[0].isupper() else "l"
        told[word.start() : word.end()] = [name + case] * len(word[0])
    return told


def _distances(kinds: str) -> list[int]:
    """Return how far the next numeral is from each character, 0 where it is one, at most _FAR."""
    distances = [0] * len(kinds)
    far = _FAR
    for place in range(len(kinds) - 1, -1, -1):
        far = 0 if kinds[place] in "0一" else min(_FAR, far + 1)
        distances[place] = far
    return distances


def _name_letters(text: str) -> tuple[list[str], list[str], list[str]]:
    """Return how usual each character is as a surname, as the first letter of a given name, alone.

    In steps; "" where it is none.
    """
    families, given = _families(), given_names()
    surname = [families.get(char, "") for char in text]
    first = [_step(given.two(one, other)) for one, other in pairwise(text)]
    return surname, [*first, ""], [_step(given.one(char)) for char in text]


@lru_cache(maxsize=1)
def _families() -> dict[str, str]:
    return {name: str(int(weight)) for name, weight in surnames().items()}


def _step(weight: float | None) -> str:
    return "" if weight is None else str(int(weight // 2))


@lru_cache(maxsize=65536)
def _frequency(word: str) -> str:
    """Return how frequent a word is, in steps; `n` where no dictionary has it."""
    weight = word_weight(word)
    return "n" if weight is None else str(int(-weight // 3))
