"""From conversations to records: short ones are joined, long ones are cut."""

from __future__ import annotations

from array import array
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from curation import exporters
from curation.workflow.part_report import PartReport

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from datetime import datetime

    from curation.export_options import ExportOptions
    from curation.model import Conversation
    from curation.workflow.outgoing import Outgoing, Pipeline


class Shaper:
    """Joins and cuts what goes out for one part of the dataset, and counts what it did.

    `before` maps a conversation to the one in front of it in its chat.
    """

    def __init__(self, pipeline: Pipeline, before: Mapping[int, int]) -> None:
        self._pipeline = pipeline
        self._options: ExportOptions = pipeline.options
        self._before = before
        self._pause = timedelta(minutes=self._options.join_minutes)
        self._conversations = self._joined_count = self._more = 0
        self._turns = self._repeated = self._too_long = 0
        self._lengths = array("q")

    def records(self, drafts: Generator[Outgoing]) -> Generator[Outgoing]:
        """Yield what each record is made of, in order."""
        with closing(drafts):
            for each in self._joined(drafts):
                yield from self._pieces(each)

    def report(self) -> PartReport:
        """Return what was counted while the records went by."""
        sliding = self._options.sliding
        return PartReport(
            conversations=self._conversations,
            records=len(self._lengths),
            joined=self._joined_count,
            cut=0 if sliding else self._more,
            windows=self._more if sliding else 0,
            turns=self._turns,
            repeated=self._repeated,
            too_long=self._too_long,
            lengths=self._lengths,
        )

    def _joined(self, drafts: Iterator[Outgoing]) -> Iterator[Outgoing]:
        """Yield the drafts that have turns, those that belong together as one."""
        held: Outgoing | None = None
        for each in drafts:
            if held is not None and each.turns and self._belong_together(held, each):
                held = _together(held, each)
                self._joined_count += 1
            else:
                if held is not None:
                    yield held
                held = each if each.turns else None
            self._conversations += bool(each.turns)
        if held is not None:
            yield held

    def _belong_together(self, first: Outgoing, second: Outgoing) -> bool:
        """Whether the second conversation goes on where the first one, of the same chat, ends."""
        options = self._options
        if not options.join_minutes or first.system.text != second.system.text:
            return False
        if (
            self._before.get(second.conversation.id)
            != (first.joined or (first.conversation.id,))[-1]
        ):
            return False
        _began, ended = _times(first.conversation)
        began, _ended = _times(second.conversation)
        if began is None or ended is None or not timedelta(0) <= began - ended <= self._pause:
            return False
        if len(first.turns) + len(second.turns) > options.join_turns:
            return False
        if options.max_tokens and first.length + sum(second.lengths) > options.max_tokens:
            return False
        # A bare value may be the answer to what was asked at the end.
        search = self._pipeline.masker.search
        return not search.left_where_they_meet(first.written[-1], second.written[0])

    def _pieces(self, whole: Outgoing) -> Iterator[Outgoing]:
        """Yield the records that a conversation gives."""
        ranges = exporters.pieces(whole.lengths, self._pipeline.rules_for(whole))
        inside = {at for first, end in ranges for at in range(first, end)}
        written = sum(end - first for first, end in ranges)
        self._more += len(ranges) - 1
        self._turns += 2 * len(inside)
        self._repeated += 2 * (written - len(inside))
        self._too_long += 2 * (len(whole.lengths) - len(inside))
        for first, end in ranges:
            piece = whole
            if (first, end) != (0, len(whole.lengths)):
                piece = replace(
                    whole,
                    turns=whole.turns[2 * first : 2 * end],
                    written=whole.written[2 * first : 2 * end],
                    lengths=whole.lengths[first:end],
                    start=2 * first,
                )
            self._lengths.append(piece.length)
            yield piece


def _together(first: Outgoing, second: Outgoing) -> Outgoing:
    mine, others = first.conversation, second.conversation
    return replace(
        first,
        conversation=replace(
            mine,
            messages=mine.messages + others.messages,
            emotions=tuple(dict.fromkeys(mine.emotions + others.emotions)),
        ),
        turns=first.turns + second.turns,
        written=first.written + second.written,
        lengths=first.lengths + second.lengths,
        joined=(*first.joined, others.id),
    )


def _times(conversation: Conversation) -> tuple[datetime | None, datetime | None]:
    """Return when a conversation begins and ends, None without times."""
    times = [each.time for each in conversation.messages if each.time is not None]
    return (min(times), max(times)) if times else (None, None)
