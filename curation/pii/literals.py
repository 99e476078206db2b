"""Many fixed strings looked for at once, in time that hardly depends on how many there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

from curation.pii.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Value = TypeVar("Value")

_ODD_CAPITALS: Final = {"i": "İ", "k": "\u212a", "å": "\u212b", "ω": "\u2126", "ß": "ẞ", "θ": "ϴ"}
"""Letters whose lower case has another upper case."""

_FIRST_OF_OTHERS: Final = "\u0300"
_FURTHER: Final = re.compile("[\u0300-\u052fḀ-\u1fff]")
"""Marks on letters, Greek, Cyrillic, and further letters of these and of Latin."""


def lowered(text: str) -> str:
    """Return the folded `text` in lower case; no offset moves."""
    # The one letter that grows when it is lowered.
    return fold(text).replace("İ", "i").lower()


class Place(NamedTuple, Generic[Value]):
    """Where one of the strings stands, half-open, and what it was registered with."""

    start: int
    end: int
    value: Value


class Literals(Generic[Value]):
    """Strings, as `lowered` writes them, each with a value of its own.

    A string that begins or ends with a letter of Latin, Greek or Cyrillic, or with a digit, is not
    found inside a longer word or number. Two letters at a time are looked up in a set, so a text
    without any of the strings costs the same whether there are ten of them or ten thousand.
    """

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = {text: value for text, value in values.items() if text}
        self._singles = frozenset(text for text in self._values if len(text) == 1)
        lengths: dict[str, set[int]] = {}
        for text in self._values:
            if len(text) > 1:
                lengths.setdefault(text[:2], set()).add(len(text))
        self._lengths = {
            head: tuple(sorted(several, reverse=True)) for head, several in lengths.items()
        }
        self._heads = frozenset(self._lengths)

    def __len__(self) -> int:
        """Return how many strings there are."""
        return len(self._values)

    def get(self, text: str) -> Value | None:
        """Return the value of exactly this string, None where it is not one of them."""
        return self._values.get(text)

    def gate(self) -> re.Pattern[str]:
        """Return a class of letters of which one is in every folded text that holds a string."""
        first = {text[0] for text in self._values}
        letters = {each for char in first for each in (char, char.upper()) if len(each) == 1}
        letters |= {_ODD_CAPITALS[char] for char in first & _ODD_CAPITALS.keys()}
        if not letters:
            return re.compile("(?!)")
        return re.compile(f"[{''.join(map(re.escape, sorted(letters)))}]")

    def may_be_in(self, text: str) -> bool:
        """Whether the first two letters of any of the strings stand in a lowered text."""
        if not self._heads.isdisjoint(map(str.__add__, text, text[1:])):
            return True
        return not self._singles.isdisjoint(text)

    def find(self, text: str) -> Iterator[Place[Value]]:
        """Yield every place of every string in a lowered text, longer ones first; they overlap."""
        if self._singles:
            for start, char in enumerate(text):
                if char in self._singles and _stands_alone(text, start, start + 1):
                    yield Place(start, start + 1, self._values[char])
        size = len(text)
        for start, head in enumerate(map(str.__add__, text, text[1:])):
            for length in self._lengths.get(head, ()):
                end = start + length
                value = self._values.get(text[start:end])
                if value is not None and end <= size and _stands_alone(text, start, end):
                    yield Place(start, end, value)


def _stands_alone(text: str, start: int, end: int) -> bool:
    return not (
        (start and _in_word(text[start]) and _in_word(text[start - 1]))
        or (end < len(text) and _in_word(text[end - 1]) and _in_word(text[end]))
    )


def _in_word(char: str) -> bool:
    """Whether a character belongs to a script that parts words: Latin, Greek, Cyrillic..."""
    return char.isalnum() if char < _FIRST_OF_OTHERS else _FURTHER.match(char) is not None
