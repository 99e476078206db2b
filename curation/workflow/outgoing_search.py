"""The search in texts on their way out: for what is to be masked, and at last for what is left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from curation import pii
from curation.model import Finding
from curation.workflow.asked_values import answers, meeting_answers
from curation.workflow.clear_texts import ClearTexts
from curation.workflow.detecting import detect_texts
from curation.workflow.issuing import NONE_KEPT, among_marks, with_placeholders, without_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from curation.model import DetectionRules
    from curation.workflow.fates import Fates
    from curation.workflow.issuing import Values, Written
    from curation.workflow.stand_ins import StandIns

_AROUND: Final = 20  # letters shown on each side of something private


@dataclass(frozen=True, slots=True)
class Left:
    """Something private that is left in a finished text; `context` does not show it."""

    entity: str
    context: str


class OutgoingSearch:
    """Searches texts for what must not stand in a file.

    `clear` are the texts in which nothing was found: they are not searched again.
    """

    def __init__(self, rules: DetectionRules, fates: Fates, stand_ins: StandIns) -> None:
        self._rules = rules
        self._fates = fates
        self._stand_ins = stand_ins
        self.clear = ClearTexts()

    def know_clear(self, texts: Iterable[Written]) -> None:
        """Take for known that nothing is found in finished texts with placeholders in them."""
        self.clear.add([with_placeholders(each).text for each in texts if not each.kept])

    def find(
        self, texts: Sequence[str], *, system: bool = False, kept: Sequence[Values] = ()
    ) -> list[list[Finding]]:
        """Return what is found in each text and must not stand in a file.

        It is searched with placeholders for its marks, as the finished text will be.
        """
        kept = kept or [NONE_KEPT] * len(texts)
        plain = detect_texts([without_numbers(text) for text in texts], self._rules)
        return [
            self._fates.to_mask(text, among_marks(text, found), mine, system=system)
            if found
            else []
            for text, found, mine in zip(texts, plain, kept, strict=True)
        ]

    def find_to_remove(self, texts: Sequence[str], kept: Sequence[Values]) -> list[list[Finding]]:
        """Return what is found in each text and makes its message be left out."""
        return [
            [each for each in found if self._stand_ins.removes(each.entity)]
            for found in self.find(texts, kept=kept)
        ]

    def left_in(self, texts: Sequence[Written], *, system: bool = False) -> list[list[Left]]:
        """Return what is private in each finished text: found in it, or issued and yet real.

        A text in which nothing was issued, and in which the masking found nothing in these very
        letters, is not searched again.
        """
        if system:
            return self._left_in(texts, system=True)
        clear = self.clear.among([each.text for each in texts])
        known = [
            fine and not each.issued and not each.kept
            for fine, each in zip(clear, texts, strict=True)
        ]
        rest = [text for text, fine in zip(texts, known, strict=True) if not fine]
        found = iter(self._left_in(rest, system=False) if rest else ())
        return [[] if fine else next(found) for fine in known]

    def _left_in(self, texts: Sequence[Written], *, system: bool) -> list[list[Left]]:
        plain = [with_placeholders(each) for each in texts]
        result: list[list[Left]] = []
        found_in = self._find_unless_clear(plain, system=system)
        for text, bare, found in zip(texts, plain, found_in, strict=True):
            real = [
                Finding(there.entity, there.start, there.end, 1.0, "")
                for span, there in zip(text.issued, bare.issued, strict=True)
                if self._stand_ins.is_real(span.entity, text.text[span.start : span.end])
            ]
            result.append(
                [Left(each.entity, _context(bare.text, found, each)) for each in (*found, *real)]
            )
        return result

    def _find_unless_clear(self, texts: Sequence[Written], *, system: bool) -> list[list[Finding]]:
        if system:
            return self.find([each.text for each in texts], system=True)
        clear = self.clear.among([each.text for each in texts])
        fine = [each and not text.kept for each, text in zip(clear, texts, strict=True)]
        rest = [text for text, known in zip(texts, fine, strict=True) if not known]
        found = iter(self.find([each.text for each in rest], kept=[each.kept for each in rest]))
        return [[] if known else next(found) for known in fine]

    def left_in_answers(self, talks: Sequence[Sequence[Written]]) -> list[list[Left]]:
        """Return what is private in the answers of turns that follow one another, by talk."""
        plain = [[with_placeholders(each) for each in talk] for talk in talks]
        places = [
            (at, answer)
            for at, talk in enumerate(plain)
            for answer in answers([each.text for each in talk])
        ]
        found = self.find(
            [answer.text for _at, answer in places],
            kept=[plain[at][answer.turn].kept for at, answer in places],
        )
        result: list[list[Left]] = [[] for _talk in talks]
        for (at, answer), some in zip(places, found, strict=True):
            text, here = plain[at][answer.turn].text, answer.found_in(some)
            result[at] += [Left(each.entity, _context(text, here, each)) for each in here]
        return result

    def left_where_they_meet(self, first: Written, second: Written) -> bool:
        """Whether one text answers another with something private, once it comes behind it."""
        question, answer = with_placeholders(first), with_placeholders(second)
        places = list(meeting_answers(question.text, answer.text))
        found = self.find([each.text for each in places], kept=[answer.kept] * len(places))
        pairs = zip(places, found, strict=True)
        return any(place.found_in(some) for place, some in pairs)


def _context(text: str, found: Sequence[Finding], shown: Finding) -> str:
    """Return the words around a finding, with placeholders for it and for all others."""
    before = [each for each in found if each.end <= shown.start]
    after = [
        replace(each, start=each.start - shown.end, end=each.end - shown.end)
        for each in found
        if each.start >= shown.end
    ]
    head = pii.mask(text[: shown.start], before)[-_AROUND:]
    tail = pii.mask(text[shown.end :], after)[:_AROUND]
    return f"{head}{pii.placeholder(shown.entity)}{tail}".replace("\n", " ")
