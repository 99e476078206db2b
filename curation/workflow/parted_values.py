"""Values that were sent in several messages: what stands for them is parted as they are."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from curation import pii
from curation.model import Replacement
from curation.workflow.detecting import SPOKEN_KINDS, detect_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.model import DetectionRules, Finding, Message
    from curation.workflow.fates import Fates
    from curation.workflow.issuing import Marks
    from curation.workflow.stand_ins import StandIns


class PartedValues:
    """Marks the parts of values that go over from one message to the next."""

    def __init__(
        self, rules: DetectionRules, fates: Fates, stand_ins: StandIns, marks: Marks
    ) -> None:
        self._rules = rules
        self._fates = fates
        self._stand_ins = stand_ins
        self._marks = marks

    def marks(self, messages: Sequence[Message]) -> dict[int, dict[tuple[str, str], str]]:
        """Return by message the marks for the parts of values, as (entity, part as it is written).

        What stands for such a value is made for the whole and parted again.
        """
        marks: dict[int, dict[tuple[str, str], str]] = {}
        for chain in self._chains(messages):
            entity = chain[0][1].entity
            surfaces = [owner.text[each.start : each.end] for owner, each in chain]
            stand_in = self._stand_ins.of(entity, "\n".join(surfaces))
            pieces = stand_in.text.split("\n")
            if stand_in.way is Replacement.PLACEHOLDER or len(pieces) != len(surfaces):
                continue
            for (owner, _part), surface, piece in zip(chain, surfaces, pieces, strict=True):
                mark = pii.placeholder(entity)
                if not self._stand_ins.is_value(entity, piece):
                    mark = self._marks.for_text(entity, piece)
                elif stand_in.way is Replacement.PARTIAL:
                    # The part that is shown would be the whole of what this message holds.
                    mark = self._marks.for_text(entity, "*" * len(piece))
                marks.setdefault(owner.id, {})[entity, surface] = mark
        return marks

    def _chains(self, messages: Sequence[Message]) -> list[list[tuple[Message, Finding]]]:
        """Return the findings that are one value, sent in two messages or more, in order."""
        chains: list[list[tuple[Message, Finding]]] = []
        spoken = [each for each in messages if each.kind in SPOKEN_KINDS and not each.deleted]
        for first, second in pairwise(spoken):
            if first.side is not second.side or not first.findings or not second.findings:
                continue
            head = max(first.findings, key=lambda each: each.end)
            tail = min(second.findings, key=lambda each: each.start)
            if not self._belong_together(first, head, second, tail):
                continue
            if chains and chains[-1][-1] == (first, head):
                chains[-1].append((second, tail))
            else:
                chains.append([(first, head), (second, tail)])
        return chains

    def _belong_together(
        self, first: Message, head: Finding, second: Message, tail: Finding
    ) -> bool:
        """Whether two findings are one value that was sent in two messages."""
        alike = (head.entity, head.recognizer, head.score) == (
            tail.entity,
            tail.recognizer,
            tail.score,
        )
        touching = head.end == len(first.text) and tail.start == 0
        if (
            not alike
            or not touching
            or self._fates.keeps(first, head)
            or self._fates.keeps(second, tail)
        ):
            return False
        # Two phones in a row are two: each of them is found without the other.
        alone = detect_texts([first.text, second.text], self._rules)
        return not any(
            each.entity == head.entity and (each.start, each.end) == (span.start, span.end)
            for found, span in zip(alone, (head, tail), strict=True)
            for each in found
        )
