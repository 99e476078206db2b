"""Conversations as they may be sent to a service: masked as in the export, message by message.

What is undecided is masked. Where something private would still be left, nothing of the
conversation is sent.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from curation import cleaning, exporters, pii
from curation.endpoints import Line
from curation.model import UNSPOKEN_KINDS, Finding, Side
from curation.workflow.detecting import ANSWERS
from curation.workflow.issuing import NONE_KEPT, Issued, Values, Written
from curation.workflow.masking import Masker
from curation.workflow.masking_rules import Masking

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curation.model import Conversation
    from curation.store import Workspace

_ROUNDS: Final = 4
"""How often what is said in a row is searched again: a placeholder may join what stood apart."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as it may be sent; `ids` are its messages, by their number in `lines`.

    It is `blocked` where something private would be left; it has no lines then.
    """

    conversation: Conversation
    lines: tuple[Line, ...] = ()
    ids: tuple[int, ...] = ()
    blocked: bool = False


@dataclass(slots=True)
class _Part:
    """A message on its way out, with marks for what was found in it."""

    owner: int
    message: int
    side: Side
    text: str
    kept: Values = NONE_KEPT


class Sender:
    """Makes what may be sent of one workspace, by what a person decided in it up to now."""

    def __init__(self, workspace: Workspace) -> None:
        self._masker = Masker(Masking.of(workspace))

    def talks(self, conversations: Sequence[Conversation]) -> Iterator[Talk]:
        """Yield conversations as they may be sent, in order."""
        parts = [part for each in conversations for part in self._parts(each)]
        runs = _read_together(parts)
        self._mask_runs(runs)
        written = {part.message: self._masker.marks.write(part.text, part.kept) for part in parts}
        blocked = self._blocked(runs, written)
        held: defaultdict[int, list[_Part]] = defaultdict(list)
        for part in parts:
            held[part.owner].append(part)
        for each in conversations:
            if each.id in blocked:
                yield Talk(each, blocked=True)
                continue
            lines = tuple(
                Line(n, part.side is Side.ME, written[part.message].text)
                for n, part in enumerate(held[each.id], start=1)
            )
            yield Talk(each, lines, tuple(part.message for part in held[each.id]))

    def texts(self, texts: Sequence[str]) -> list[str]:
        """Return texts as they may be sent; one that would keep something private is empty."""
        masked = self._masker.mask_texts([exporters.harmless(each) for each in texts])
        written = [self._masker.marks.write(each.text) for each in masked]
        left = self._masker.search.left_in(written)
        return ["" if lefts else each.text for each, lefts in zip(written, left, strict=True)]

    def turns(self, turns: Sequence[tuple[Side, str]]) -> list[str]:
        """Return what was said by turns as it may be sent.

        What one side said in a row is read as one text, too; where it would keep something
        private, all of it is empty.
        """
        masked = self._masker.mask_texts([exporters.harmless(text) for _side, text in turns])
        parts = [
            _Part(0, n, side, each.text)
            for n, ((side, _text), each) in enumerate(zip(turns, masked, strict=True))
        ]
        runs = _read_together(parts)
        self._mask_runs(runs)
        written = [self._masker.marks.write(part.text) for part in parts]
        left = self._masker.search.left_in(
            [_as_one([written[x.message] for x in run]) for run in runs]
        )
        untold = {
            part.message for run, lefts in zip(runs, left, strict=True) if lefts for part in run
        }
        return ["" if n in untold else each.text for n, each in enumerate(written)]

    def system_text(self, text: str) -> str | None:
        """Return a system text as it may be sent, None where it would keep something private.

        The persona's own name and what partners are to it stay, as in an export.
        """
        masked = self._masker.mask_texts([exporters.harmless(text)], system=True)[0]
        written = self._masker.marks.write(masked.text)
        return None if self._masker.search.left_in([written], system=True)[0] else written.text

    def _parts(self, conversation: Conversation) -> Iterator[_Part]:
        masked = self._masker.mask_messages(conversation.messages)
        kept = self._masker.fates.kept_in(conversation.messages)
        for each in conversation.messages:
            if each.deleted or each.kind in UNSPOKEN_KINDS or self._masker.fates.removes(each):
                continue
            text = exporters.harmless(cleaning.clean_text(masked[each.id])).strip()
            if text:
                yield _Part(conversation.id, each.id, each.side, text, kept.get(each.id, NONE_KEPT))

    def _mask_runs(self, runs: Sequence[list[_Part]]) -> None:
        """Mask what only shows where messages of one side in a row are read as one text."""
        waiting = list(runs)
        for _round in range(_ROUNDS):
            found = self._masker.search.find(
                [_joined(run) for run in waiting],
                kept=[NONE_KEPT.union(*(part.kept for part in run)) for run in waiting],
            )
            waiting = [run for run, findings in zip(waiting, found, strict=True) if findings]
            for run, findings in zip(waiting, filter(None, found), strict=True):
                reached = 0
                for part in run:
                    here = [*_clipped(findings, reached, len(part.text))]
                    reached += len(part.text) + 1
                    if here:
                        part.text = pii.mask(part.text, here)

    def _blocked(
        self, runs: Sequence[Sequence[_Part]], written: dict[int, Written]
    ) -> frozenset[int]:
        """Return the conversations in which something private would be left."""
        whole = [_as_one([written[part.message] for part in run]) for run in runs]
        left = self._masker.search.left_in(whole)
        return frozenset(run[0].owner for run, lefts in zip(runs, left, strict=True) if lefts)


def _read_together(parts: Sequence[_Part]) -> list[list[_Part]]:
    """Return what one side said in a row, and the questions with what may be their answers."""
    runs = [list(run) for _key, run in groupby(parts, attrgetter("owner", "side"))]
    answers = [
        [run[-1], *following[:ANSWERS]]
        for run, following in pairwise(runs)
        if run[-1].owner == following[0].owner and pii.asks_for_value(run[-1].text)
    ]
    return runs + answers


def _joined(run: Sequence[_Part]) -> str:
    return "\n".join(part.text for part in run)


def _clipped(findings: Sequence[Finding], start: int, length: int) -> Iterator[Finding]:
    """Yield what of findings lies in the part of a text that begins at `start`."""
    for each in findings:
        first, last = max(each.start - start, 0), min(each.end - start, length)
        if first < last:
            yield replace(each, start=first, end=last)


def _as_one(several: Sequence[Written]) -> Written:
    """Return texts in a row as one, with the places where something stands for a value."""
    issued: list[Issued] = []
    reached = 0
    for each in several:
        issued += [
            replace(span, start=span.start + reached, end=span.end + reached)
            for span in each.issued
        ]
        reached += len(each.text) + 1
    kept = NONE_KEPT.union(*(each.kept for each in several))
    return Written("\n".join(each.text for each in several), tuple(issued), kept)
