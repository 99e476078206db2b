"""Finished texts, and the marks that stand for values while a text is put together.

A mark is the placeholder of a value with a number that nobody can type. The search for private data
sees marks and placeholders alike and finds nothing in them, so invented values, which look like
real ones, are written in at the very end, and it is known to the letter where they stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from curation import exporters, pii
from curation.model import Replacement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.model import Finding
    from curation.workflow.stand_ins import StandIns

_FIRST_MARK: Final = 0x100000  # the last plane for private use: no chat app has signs there
_MARKS: Final = 0xFFFE
_MARK: Final = re.compile("〔[^〔〕\n]{1,12}[\U00100000-\U0010fffd]{1,4}〕")
_NUMBER: Final = re.compile("[\U00100000-\U0010fffd]+")
"""What tells a mark from a placeholder."""

Values = frozenset[tuple[str, str]]
"""Values as (entity, canonical value)."""

NONE_KEPT: Final[Values] = frozenset()


@dataclass(frozen=True, slots=True)
class Issued:
    """A half-open span of a finished text where a part of a value or an invented one stands."""

    entity: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Written:
    """A finished text, and where in it something stands for a value.

    `kept` are the values that stay in this very text, whatever becomes of them elsewhere.
    """

    text: str
    issued: tuple[Issued, ...] = ()
    kept: Values = NONE_KEPT


class Marks:
    """Issues marks for what stands for values, and writes this in their place."""

    def __init__(self, stand_ins: StandIns) -> None:
        self._stand_ins = stand_ins
        self._marks: dict[tuple[str, str], str] = {}
        self._texts: dict[str, tuple[str, str]] = {}

    def of(self, entity: str, surface: str) -> str:
        """Return the mark of a value, or the placeholder where that is what stands for it."""
        stand_in = self._stand_ins.of(entity, surface)
        if stand_in.way is Replacement.PLACEHOLDER:
            return stand_in.text
        return self.for_text(entity, stand_in.text)

    def for_text(self, entity: str, text: str) -> str:
        """Return the mark in whose place a text is to be written."""
        key = (entity, text)
        if key not in self._marks:
            number, digits = len(self._marks), ""
            while number or not digits:
                number, digit = divmod(number, _MARKS)
                digits += chr(_FIRST_MARK + digit)
            mark = pii.placeholder(entity)[:-1] + digits + "〕"
            self._marks[key] = mark
            self._texts[mark] = key
        return self._marks[key]

    def write(self, text: str, kept: Values = NONE_KEPT) -> Written:
        """Return a finished text: in place of every mark what stands for its value."""
        return replace(self._written(text), kept=kept) if kept else self._written(text)

    def _written(self, text: str) -> Written:
        if _MARK.search(text) is None:
            return Written(text)
        written = self._write(text, plain=False)
        if exporters.harmless(written.text) != written.text and exporters.harmless(text) == text:
            # An invented password can happen to close what a trainer reads as a control token.
            return self._write(text, plain=True)
        return written

    def _write(self, text: str, *, plain: bool) -> Written:
        pieces: list[str] = []
        issued: list[Issued] = []
        length = reached = 0
        for mark in _MARK.finditer(text):
            entity, stand_in = self._texts.get(mark[0], ("", ""))
            if not entity:
                continue
            shown = pii.placeholder(entity) if plain else stand_in
            start = length + mark.start() - reached
            pieces += (text[reached : mark.start()], shown)
            length = start + len(shown)
            reached = mark.end()
            if not plain:
                issued.append(Issued(entity, start, length))
        return Written("".join([*pieces, text[reached:]]), tuple(issued))


def with_placeholders(written: Written) -> Written:
    """Return the text with placeholders where something was issued: nothing is found in those."""
    pieces: list[str] = []
    places: list[Issued] = []
    length = reached = 0
    for span in written.issued:
        shown = pii.placeholder(span.entity)
        start = length + span.start - reached
        pieces += (written.text[reached : span.start], shown)
        length = start + len(shown)
        reached = span.end
        places.append(Issued(span.entity, start, length))
    return Written("".join([*pieces, written.text[reached:]]), tuple(places), written.kept)


def without_numbers(text: str) -> str:
    """Return a text with placeholders for its marks."""
    return _NUMBER.sub("", text)


def among_marks(text: str, found: Sequence[Finding]) -> Sequence[Finding]:
    """Return where findings lie in a text with marks that was searched with placeholders."""
    numbers = [(each.start(), each.end()) for each in _NUMBER.finditer(text)]
    if not numbers:
        return found
    placed: list[Finding] = []
    for each in found:
        start, end = each.start, each.end
        for first, last in numbers:
            start += last - first if first <= start else 0
            end += last - first if first < end else 0
        placed.append(replace(each, start=start, end=end))
    return placed
