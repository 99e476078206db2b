"""Answers read with their questions: a bare value is only known by what was asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from curation import pii
from curation.workflow.detecting import ANSWERS
from curation.workflow.issuing import without_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from curation.model import Finding

_QUESTION_LINES: Final = 6
_ANSWER_LINES: Final = 12


@dataclass(frozen=True, slots=True)
class Answer:
    """The begin of a turn that answers a question: `text` is the question, a line, the answer."""

    turn: int
    asked: int  # characters of the question
    text: str

    def found_in(self, found: Iterable[Finding]) -> list[Finding]:
        """Return what of findings in the text lies in the answer, where it lies in the turn."""
        shift = self.asked + 1
        return [
            replace(each, start=max(each.start - shift, 0), end=each.end - shift)
            for each in found
            if each.end > shift
        ]


def answers(talk: Sequence[str]) -> Iterator[Answer]:
    """Yield the answers among turns that follow one another, as far as one may be a bare value."""
    for at, (first, second) in enumerate(pairwise(talk), start=1):
        question = first[first.rfind("\n") + 1 :]
        if pii.asks_for_value(without_numbers(question)):
            answer = "\n".join(second.split("\n", ANSWERS)[:ANSWERS])
            yield Answer(at, len(question), f"{question}\n{answer}")


def meeting_answers(first: str, second: str) -> Iterator[Answer]:
    """Yield how the begin of a turn may answer the end of the one before, which it did not follow.

    Where messages end is not known, so that more lines than one may be the question.
    """
    lines = first.split("\n")
    begin = "\n".join(second.split("\n", _ANSWER_LINES)[:_ANSWER_LINES])
    for count in range(1, min(len(lines), _QUESTION_LINES) + 1):
        question = "\n".join(lines[-count:])
        if pii.asks_for_value(without_numbers(question)):
            yield Answer(1, len(question), f"{question}\n{begin}")
