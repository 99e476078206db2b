"""Names of people: those that the chats told, and those that the words around give away."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from typing import TYPE_CHECKING, ClassVar, Final, Self

from curation.marks import CODE
from curation.pii.chinese import (
    PLAIN,
    RUN,
    Weights,
    name_words,
    plain,
    surnames,
    weigh,
    word_weight,
)
from curation.pii.entities import WHY_KNOWN_NAME, WHY_PIPELINE, WHY_SHORT_NAME
from curation.pii.latin_names import FIRST_NAMES
from curation.pii.literals import Literals, lowered
from curation.pii.people import Form, forms_of
from curation.pii.pipelines import names_by
from curation.pii.recognizers.base import ANYTHING, Bound, ChatRecognizer, Hit
from curation.pii.recognizers.person_context import (
    any_of,
    around,
    is_chinese,
    most_before,
    most_behind,
)
from curation.pii.recognizers.person_evidence import (
    heads,
    may_hold_names,
    most_of,
    most_of_third,
    names_in,
    settled,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curation.model import DetectionRules

_SPOKEN_TO: Final = re.compile(rf"{any_of(name_words()['spoken_to'])} ?\Z")
_SPEAKS: Final = re.compile(rf" ?{any_of(name_words()['speaks'])}")
"""What stands before and behind a word that names somebody, though it is a word as well."""
_ADDRESS: Final = any_of([*name_words()["greetings"], *name_words()["addressing"]])
_GREETED: Final = re.compile(any_of(name_words()["greetings"]))
_ADDRESSED: Final = re.compile(_ADDRESS)
_CALLED: Final = re.compile(rf"[^\w\n]{{0,8}}(?:{_ADDRESS}|[你您妳]|\Z|\n)")
"""What shows behind a word at the beginning of a clause that it calls somebody."""
_INTRODUCED: Final = re.compile("(?:@|我叫|名叫|叫做|艾特) ?\\Z")
_INTRODUCING: Final = ("", "叫", "是")
_BY_PIPELINE: Final = 0.75
_CROSSING: Final = 3.0
"""How much a form must gain where an everyday word goes over its end."""
_EVERYDAY: Final = -13.0
_RARE: Final = -20.0
_LEAST_WEIGHT: Final = -12.0
_LONGEST_CODE: Final = 17
_SURE: Final = -4.0
"""A form that weighs more is a whole name; it is checked only where it has two characters."""


class PersonRecognizer(ChatRecognizer):
    """Finds names: known ones with the forms people use, and others by evidence."""

    ENTITY: ClassVar[str] = "PERSON"
    TRIGGER: ClassVar[re.Pattern[str]] = ANYTHING
    GATE: ClassVar[re.Pattern[str]] = heads()

    def __init__(self, names: Sequence[str] = (), pipeline: str = "") -> None:
        self._known: Literals[Form] = Literals(forms_of(names))
        self._pipeline = pipeline
        self._last: tuple[str, list[Hit]] = ("", [])
        super().__init__()

    @classmethod
    def for_rules(cls, rules: DetectionRules) -> Self:
        """Return the recognizer that knows the names of these rules and asks their pipeline."""
        return cls(rules.names, rules.pipeline)

    def gate(self) -> re.Pattern[str]:
        """Return the characters with which names begin, the known ones' too."""
        if self._pipeline:
            return ANYTHING
        if not len(self._known):
            return self.GATE
        known = self._known.gate()
        traditional = "".join(form for form, char in PLAIN.items() if known.match(char))
        more = f"|[{traditional}]" if traditional else ""
        return re.compile(f"{self.GATE.pattern}|{known.pattern}{more}")

    def bound(self) -> Bound | None:
        """Return what names cannot exceed; a known one is taken for certain where it may begin."""
        if self._pipeline:
            return None
        if not len(self._known):
            return Bound(self.GATE, most_of, most_of_third, most_before, most_behind)

        def most(pair: str) -> tuple[float, float]:
            # How a capital sigma is written small depends on what comes next.
            known = self._known.may_be_in(lowered(plain(pair))) or "Σ" in pair
            return (math.inf, math.inf) if known else most_of(pair)

        return Bound(self.gate(), most, most_of_third, most_before, most_behind)

    def may_find(self, text: str) -> bool:
        """Whether a folded text holds a name; it is searched for that, and the result kept."""
        if not self._pipeline and not len(self._known) and not may_hold_names(text):
            return False
        return bool(self._hits(text))

    def find(self, text: str) -> Iterator[Hit]:
        """Yield the names."""
        yield from self._hits(text)

    def _hits(self, text: str) -> list[Hit]:
        last, hits = self._last
        if last != text:
            hits = self._searched(text)
            self._last = (text, hits)
        return hits

    def _searched(self, text: str) -> list[Hit]:
        hits: list[Hit] = []
        if len(self._known):
            simple = lowered(plain(text))
            if self._known.may_be_in(simple):
                hits += self._known_in(text, simple)
        if not len(self._known) or may_hold_names(text):
            hits += names_in(text)
        if self._pipeline:
            spans = names_by(self._pipeline, text)
            hits += [Hit(*span, _BY_PIPELINE, WHY_PIPELINE) for span in spans]
        return settled(hits, len(text)) if len(hits) > 1 else hits

    def _known_in(self, text: str, simple: str) -> Iterator[Hit]:
        """Yield the known names of a text where it reads better with than without them."""
        reading = _Reading(simple)
        passed = 0  # up to here reaches a word that is a name elsewhere
        for start, end, form in self._known.find(simple):
            if end <= passed:
                continue
            if form.loose and not _speaks_of(text, start, end, form):
                passed = end
                continue
            uncertain = form.weight < _SURE or end - start == len("姓名")
            if uncertain and is_chinese(simple[start]):
                gain = reading.gain(start, end, form.weight) + around(text, start, end)
                if gain <= (_CROSSING if _cuts_a_word(simple, start, end) else 0):
                    continue
            if not form.short and not form.is_whole and _in_a_code(text, start, end):
                continue
            why = WHY_SHORT_NAME if form.short else WHY_KNOWN_NAME
            yield Hit(_with_surname(simple, start, end), end, form.score, why)


def _with_surname(simple: str, start: int, end: int) -> int:
    """Return where a known name of two characters begins with the surname before it: 林小满.

    Taken only where nothing stands before the surname, or a word that introduces a name.
    """
    if end - start != len("小满") or start == 0:
        return start
    before = simple[start - 2] if start > 1 else ""
    if before not in _INTRODUCING and is_chinese(before):
        return start
    surname = simple[start - 1]
    return start - 1 if surname in surnames() and simple[start] not in surnames() else start


class _Reading:
    """A text read as ordinary words, each run of Chinese characters once and when asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends: list[int] | None = None
        self._starts: list[int] = []
        self._weights: dict[int, Weights] = {}

    def gain(self, start: int, end: int, weight: float) -> float:
        """Return how much better the text reads with a name of this weight at that place."""
        if self._ends is None:
            runs = [run.span() for run in RUN.finditer(self._text)]
            self._starts = [low for low, _ in runs]
            self._ends = [high for _, high in runs]
        place = bisect_right(self._starts, start) - 1
        if place < 0 or self._ends[place] < end:  # a form with letters that make no words
            return weight - _LEAST_WEIGHT
        low, high = self._starts[place], self._ends[place]
        weights = self._weights.get(place)
        if weights is None:
            weights = self._weights[place] = weigh(self._text[low:high])
        return weights.with_name(start - low, end - low, weight)


def _cuts_a_word(text: str, start: int, end: int) -> bool:
    """Whether an everyday word goes over an end of a place: `小周末`."""
    over = (text[max(0, start - 1) : start + 1], text[end - 1 : end + 1])
    return any((word_weight(pair) or _RARE) > _EVERYDAY for pair in over if len(pair) > 1)


def _in_a_code(text: str, start: int, end: int) -> bool:
    """Whether a nickname stands in a sticker as text: `[旺柴]`, `/捂脸`; not before a colon."""
    if text[start - 1 : start] == "/":
        return not text[max(0, start - 2) : start - 1].isalnum()
    opened = text.rfind("[", max(0, start - _LONGEST_CODE), start)
    if opened < 0:
        return False
    code = CODE.match(text, opened)
    return (
        code is not None
        and code.end() > end
        and text[code.end() : code.end() + 1] not in (":", "：")
        and text[start:end].capitalize() not in FIRST_NAMES
    )


def _speaks_of(text: str, start: int, end: int, form: Form) -> bool:
    """Whether the words beside a place say that somebody is meant.

    A whole name does so too where it is a message by itself or somebody is spoken to.
    """
    if form.everyday:
        if _INTRODUCED.search(text, max(0, start - 4), start):
            return True
    elif _SPOKEN_TO.search(text, max(0, start - 4), start) or _SPEAKS.match(text, end):
        return True
    if start and text[start - 1].isalnum():
        return False
    words = _GREETED if form.everyday else _CALLED if form.is_whole else _ADDRESSED
    return words.match(text, end) is not None
