"""Texts that a pattern may match, made from the pattern itself."""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from random import Random

_MORE: Final = 3
"""How often something is repeated beyond what it must be."""
_ANY: Final = "0 7aZ,，。好人一\n"
"""What stands for any character."""
_TRIES: Final = 10
_CATEGORIES: Final = {
    "CATEGORY_DIGIT": "0379",
    "CATEGORY_NOT_DIGIT": "a 好",
    "CATEGORY_SPACE": " \n",
    "CATEGORY_NOT_SPACE": "a7好",
    "CATEGORY_WORD": "a7好",
    "CATEGORY_NOT_WORD": " ,。",
}


def matches(pattern: re.Pattern[str], many: int, draw: Random) -> Iterator[str]:
    """Yield up to so many texts in which a pattern is found; fewer where chance misses it."""
    parser = importlib.import_module("re._parser")
    parsed = parser.parse(pattern.pattern, pattern.flags)
    for _ in range(many * _TRIES):
        text = _Maker(draw, either_case=bool(pattern.flags & re.IGNORECASE)).made(parsed)
        if pattern.search(text):
            yield text
            many -= 1
            if not many:
                return


class _Maker:
    def __init__(self, draw: Random, *, either_case: bool) -> None:
        self._draw = draw
        self._either_case = either_case
        self._groups: dict[int, str] = {}

    def made(self, parsed: Iterable[Any]) -> str:
        return "".join(self._one(str(kind), value) for kind, value in parsed)

    def _one(self, kind: str, value: Any) -> str:
        makers: dict[str, Callable[[Any], str]] = {
            "LITERAL": lambda code: self._cased(chr(code)),
            "NOT_LITERAL": lambda code: self._draw.choice(_ANY.replace(chr(code), "")),
            "ANY": lambda _: self._draw.choice(_ANY.replace("\n", "")),
            "IN": lambda members: self._cased(self._member(members)),
            "BRANCH": lambda branches: self.made(self._draw.choice(branches[1])),
            "SUBPATTERN": self._group,
            "ATOMIC_GROUP": self.made,
            "MAX_REPEAT": self._repeated,
            "MIN_REPEAT": self._repeated,
            "POSSESSIVE_REPEAT": self._repeated,
            "GROUPREF": lambda number: self._groups.get(number, ""),
            # What must stand there may be told again by what comes next.
            "ASSERT": lambda look: self.made(look[1]) if self._draw.random() < 1 / 2 else "",
            "ASSERT_NOT": lambda _: "",
            "AT": lambda _: "",
        }
        return makers[kind](value)

    def _group(self, value: Any) -> str:
        text = self.made(value[-1])
        if value[0] is not None:
            self._groups[value[0]] = text
        return text

    def _repeated(self, value: Any) -> str:
        low, high, repeated = value
        times = self._draw.randint(low, min(high, low + _MORE))
        return "".join(self.made(repeated) for _ in range(times))

    def _member(self, members: Iterable[tuple[Any, Any]]) -> str:
        told = [(str(kind), value) for kind, value in members]
        if told[0][0] == "NEGATE":
            allowed = [char for char in _ANY if not any(_holds(each, char) for each in told[1:])]
            return self._draw.choice(allowed)
        kind, value = self._draw.choice(told)
        if kind == "RANGE":
            return chr(self._draw.randint(*value))
        return chr(value) if kind == "LITERAL" else self._draw.choice(_CATEGORIES[str(value)])

    def _cased(self, char: str) -> str:
        return char.swapcase() if self._either_case and self._draw.random() < 1 / 4 else char


def _holds(member: tuple[str, Any], char: str) -> bool:
    kind, value = member
    if kind == "RANGE":
        return bool(value[0] <= ord(char) <= value[1])
    return ord(char) == value if kind == "LITERAL" else char in _CATEGORIES[str(value)]
