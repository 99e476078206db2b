"""A person's own terms: whatever they said must always be masked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from curation.pii.entities import WHY_OWN_TERM
from curation.pii.literals import Literals, lowered
from curation.pii.recognizers.base import ANYTHING, ChatRecognizer, Hit
from curation.pii.wildcards import TermFinder, exact_text

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

    from curation.model import DetectionRules


class OwnTermRecognizer(ChatRecognizer):
    """Finds a person's own terms, whatever they are, whole and with wildcards."""

    ENTITY: ClassVar[str] = "CUSTOM_TERM"
    TRIGGER: ClassVar[re.Pattern[str]] = ANYTHING
    GATE: ClassVar[re.Pattern[str]] = ANYTHING

    def __init__(self, terms: Iterable[str] = ()) -> None:
        exact: dict[str, None] = {}
        open_ended = []
        for term in terms:
            text = exact_text(term)
            if text is None:
                open_ended.append(term)
            else:
                exact[lowered(text)] = None
        self._exact = Literals(dict.fromkeys(exact, True))
        self._open_ended = TermFinder(open_ended) if open_ended else None
        super().__init__()

    @classmethod
    def for_rules(cls, rules: DetectionRules) -> Self | None:
        """Return the recognizer of these terms; None without any."""
        return cls(rules.terms) if rules.terms else None

    def gate(self) -> re.Pattern[str]:
        """Return the letters with which the terms begin."""
        return self._exact.gate() if self._open_ended is None else ANYTHING

    def may_find(self, text: str) -> bool:
        """Whether a folded text can hold one of the terms."""
        if len(self._exact) and self._exact.may_be_in(lowered(text)):
            return True
        return self._open_ended is not None and self._open_ended.may_be_in(text)

    def find(self, text: str) -> Iterator[Hit]:
        """Yield the places of the terms."""
        if len(self._exact):
            for place in self._exact.find(lowered(text)):
                yield Hit(place.start, place.end, 1.0, WHY_OWN_TERM)
        if self._open_ended is not None:
            for span in self._open_ended.spans(text):
                yield Hit(*span, 1.0, WHY_OWN_TERM)
