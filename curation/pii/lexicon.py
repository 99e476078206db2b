"""Words in classes, found in a text wherever one begins."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from curation.pii.leading import beginnings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SIGN = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|.", re.DOTALL)


class Word(NamedTuple):
    """A word of a class: its half-open range in a text."""

    kind: str
    start: int
    end: int


class Lexicon:
    """Finds the words of classes in text of small letters.

    `classes` maps a name to a pattern, a list of words as they are written here: of two words that
    begin at the same place the earlier class wins, then the earlier one in its class. One pattern
    of all of them would try each word at each place; here each character has a pattern of those
    words that begin with it.
    """

    def __init__(self, classes: Mapping[str, str]) -> None:
        led: dict[str, dict[str, list[str]]] = {}
        for name, pattern in classes.items():
            for branch in branches(pattern):
                for begin in beginnings(branch):
                    led.setdefault(begin, {}).setdefault(name, []).append(branch)
        self._led = {begin: _joined(some).match for begin, some in led.items()}

    def find(self, text: str) -> list[Word]:
        """Return the words in a text, from left to right, none within another."""
        found: list[Word] = []
        reached = 0
        for place, begin in enumerate(text):
            if place < reached or (led := self._led.get(begin)) is None:
                continue
            match = led(text, place)
            if match is not None:
                reached = match.end()
                found.append(Word(match.lastgroup or "", place, reached))
        return found


def branches(pattern: str) -> Iterator[str]:
    """Yield the alternatives of a pattern that stand in no group of it."""
    depth, branch = 0, ""
    for sign in _SIGN.findall(pattern):
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and depth == 0:
            yield branch
            branch = ""
        else:
            branch += sign
    yield branch


def _joined(classes: Mapping[str, list[str]]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{name}>{'|'.join(some)})" for name, some in classes.items()))
