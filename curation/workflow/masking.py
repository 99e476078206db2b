"""Text on its way out: everything found in it is replaced, but for the values decided to be kept.

While a text is put together, what stands for a value is a mark (`issuing`), which is what comes out
here. What becomes of a finding is told by `fates`, what stands for a value is chosen by
`stand_ins`, and what is found at all by `outgoing_search`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from curation import pii
from curation.workflow.asked_values import answers
from curation.workflow.fates import Fates
from curation.workflow.issuing import NONE_KEPT, Marks
from curation.workflow.outgoing_search import OutgoingSearch
from curation.workflow.parted_values import PartedValues
from curation.workflow.stand_ins import StandIns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.model import Message
    from curation.workflow.fates import Fate
    from curation.workflow.issuing import Values
    from curation.workflow.masking_rules import Masking

_ROUNDS: Final = 3
"""How often a text is searched again: a placeholder may bring together what stood apart."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with marks, and the fates of what was found in it."""

    text: str
    fates: tuple[Fate, ...] = ()


class Masker:
    """Masks texts of one workspace, by what a person decided there.

    `search` finds what is private in them, `fates` tells what becomes of it, `stand_ins` what
    stands for it, and `marks` writes this into what is finished.
    """

    def __init__(self, masking: Masking) -> None:
        self.stand_ins = StandIns(masking)
        self.fates = Fates(masking, self.stand_ins)
        self.marks = Marks(self.stand_ins)
        self.search = OutgoingSearch(masking.rules, self.fates, self.stand_ins)
        self._parted = PartedValues(masking.rules, self.fates, self.stand_ins, self.marks)

    def mask_messages(self, messages: Sequence[Message]) -> dict[int, str]:
        """Return the texts of a conversation's messages with marks for what does not stay."""
        parts = self._parted.marks(messages)
        return {
            each.id: self._mask_message(each, parts.get(each.id, {}))
            if each.findings
            else each.text
            for each in messages
        }

    def _mask_message(self, message: Message, parts: Mapping[tuple[str, str], str]) -> str:
        hidden = [each for each in message.findings if not self.fates.keeps(message, each)]

        def mark(entity: str, surface: str) -> str:
            return parts.get((entity, surface)) or self.marks.of(entity, surface)

        return pii.mask(message.text, hidden, mark) if hidden else message.text

    def mask_texts(
        self, texts: Sequence[str], *, system: bool = False, kept: Sequence[Values] = ()
    ) -> list[Masked]:
        """Return each text with marks for everything that is found in it and not kept.

        In a `system` text the persona's name and the words for relations stay; in every text, the
        values of `kept` at its place.
        """
        result = [Masked(text) for text in texts]
        kept = kept or [NONE_KEPT] * len(texts)
        known = self.search.clear.known(texts) if not system else [False] * len(texts)
        waiting = [at for at, clear in enumerate(known) if not clear]
        for _round in range(_ROUNDS):
            found = self.search.find(
                [result[at].text for at in waiting],
                system=system,
                kept=[kept[at] for at in waiting],
            )
            if not system:
                pairs = zip(waiting, found, strict=True)
                self.search.clear.add(
                    [result[at].text for at, some in pairs if not some and not kept[at]]
                )
            waiting = [at for at, findings in zip(waiting, found, strict=True) if findings]
            for at, findings in zip(waiting, filter(None, found), strict=True):
                before = result[at].text
                fates = tuple(self.fates.in_text(before, each) for each in findings)
                text = pii.mask(before, findings, self.marks.of)
                result[at] = Masked(text, result[at].fates + fates)
        return result

    def mask_answers(
        self, talks: Sequence[Sequence[str]], kept: Sequence[Sequence[Values]]
    ) -> list[list[Masked]]:
        """Return turns that follow one another, with marks for what a question makes private.

        That is what is found in the begin of an answer once it is read together with what the turn
        before asks.
        """
        result = [[Masked(text) for text in talk] for talk in talks]
        waiting = list(range(len(talks)))
        for _round in range(_ROUNDS):
            places = [
                (talk, answer)
                for talk in waiting
                for answer in answers([each.text for each in result[talk]])
            ]
            found = self.search.find(
                [answer.text for _talk, answer in places],
                kept=[kept[talk][answer.turn] for talk, answer in places],
            )
            waiting = sorted(
                {talk for (talk, _answer), some in zip(places, found, strict=True) if some}
            )
            for (talk, answer), some in zip(places, found, strict=True):
                before = result[talk][answer.turn]
                here = answer.found_in(some)
                if here:
                    fates = tuple(self.fates.in_text(before.text, each) for each in here)
                    text = pii.mask(before.text, here, self.marks.of)
                    result[talk][answer.turn] = Masked(text, before.fates + fates)
            if not waiting:
                break
        return result

    def mask_in_a_row(self, texts: Sequence[str], between: str) -> list[Masked]:
        """Return texts with marks for what is private where they are read as one text."""
        result = [Masked(text) for text in texts]
        for _round in range(_ROUNDS):
            (found,) = self.search.find([between.join(each.text for each in result)])
            if not found:
                break
            reached = 0
            for at, each in enumerate(result):
                end = reached + len(each.text)
                here = [
                    replace(hit, start=max(hit.start - reached, 0), end=min(hit.end, end) - reached)
                    for hit in found
                    if hit.start < end and reached < hit.end
                ]
                reached = end + len(between)
                fates = tuple(self.fates.in_text(each.text, hit) for hit in here)
                result[at] = Masked(pii.mask(each.text, here, self.marks.of), each.fates + fates)
        return result
