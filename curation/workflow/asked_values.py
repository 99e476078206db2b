"""Answers read with their questions: a bare value is only known by what was asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from curation import pii
from curation.workflow.detecting import ANSWERS
from curation.workflow.issuing import without_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from curation.model import Finding


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
