"""Conversations as drafts of records, masked: what depends on nothing but themselves.

So it is a step over partitions: whoever works, the drafts are the same.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from curation import cleaning, exporters
from curation.bulk import PICKLE, Work
from curation.workflow.issuing import NONE_KEPT, Values, Written
from curation.workflow.masking import Masked, Masker

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.model import Conversation, EntryRules, Finding, Turn
    from curation.pii import StandIn
    from curation.workflow.fates import Fate
    from curation.workflow.masking_rules import Masking

_ROUNDS: Final = 4
"""How often turns are joined anew because a message was left out of them."""


@dataclass(frozen=True, slots=True)
class Drafting:
    """What drafts are made by: how texts are masked, what enters, the line that opens."""

    masking: Masking
    rules: EntryRules
    opening: str


@dataclass(slots=True)
class Drafted:
    """What conversations give, in their order.

    `backgrounds` maps what a person wrote beside them to what goes out of it; `written` are the
    finished texts of the drafts' turns. `fates` are, for each of these, those of what was found in
    it as a whole, `background_fates` those of what was found in a background, `stand_ins` what
    stood for values, in the order in which they were met. `clear` says of each finished text
    whether it was searched, with placeholders in it, and nothing was found; it is only told of what
    was drafted elsewhere.
    """

    backgrounds: dict[str, str] = field(default_factory=dict)
    drafts: list[exporters.Draft] = field(default_factory=list)
    written: list[tuple[Written, ...]] = field(default_factory=list)
    fates: list[list[tuple[Fate, ...]]] = field(default_factory=list)
    background_fates: dict[str, tuple[Fate, ...]] = field(default_factory=dict)
    stand_ins: dict[tuple[str, str], StandIn] = field(default_factory=dict)
    clear: list[bool] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Part:
    """A conversation being drafted: `texts` are its messages' with marks for what was found.

    `kept` are the values that stay in messages, by their ids, whatever becomes of them elsewhere.
    """

    conversation: Conversation
    texts: Mapping[int, str]
    remove: frozenset[int]
    draft: exporters.Draft
    kept: Mapping[int, Values]

    def kept_in(self, turn: Turn) -> Values:
        """Return the values that stay in a turn."""
        if not self.kept:
            return NONE_KEPT
        return NONE_KEPT.union(*(self.kept.get(each, NONE_KEPT) for each in turn.message_ids))


def draft_work(drafting: Drafting) -> Work[list[Conversation], Drafted]:
    """Return the step that drafts conversations."""
    return Work(drafter, draft_elsewhere, PICKLE.pack(drafting))


def drafter(told: bytes) -> Drafter:
    """Return who drafts as was told."""
    drafting: Drafting = PICKLE.unpack(told)
    return Drafter(Masker(drafting.masking), drafting.rules, drafting.opening)


def draft_elsewhere(who: Drafter, batch: list[Conversation]) -> Drafted:
    """Return what conversations give, searched as the gate would search it, and without marks."""
    drafted = who.drafted(batch)
    finished = [each for some in drafted.written for each in some]
    left = who.masker.search.left_in(finished)
    drafted.clear = [not each for each in left]
    drafted.drafts = [
        replace(each, turns=tuple(replace(turn, text="") for turn in each.turns))
        for each in drafted.drafts
    ]
    return drafted


def with_backgrounds(conversation: Conversation, masked: Mapping[str, str]) -> Conversation:
    """Return a conversation with what goes out of the backgrounds that a person wrote."""
    return replace(
        conversation,
        background=masked.get(conversation.background, ""),
        messages=tuple(
            replace(message, background=masked[message.background])
            if message.background
            else message
            for message in conversation.messages
        ),
    )


class Drafter:
    """Masks, cleans and drafts conversations, and masks the turns of the drafts as wholes."""

    def __init__(self, masker: Masker, rules: EntryRules, opening: str) -> None:
        self.masker = masker
        self._rules = rules
        self._opening = opening

    def drafted(self, batch: Sequence[Conversation]) -> Drafted:
        """Return what conversations give."""
        result = Drafted()
        with self.masker.stand_ins.noting(result.stand_ins):
            written = {each.background for each in batch}
            written.update(message.background for each in batch for message in each.messages)
            ordered = sorted(written - {""})
            masked = self.masker.mask_texts(ordered)
            kept = self.masker.fates.kept_by_decision(ordered)
            for text, each, staying in zip(ordered, masked, kept, strict=True):
                result.backgrounds[text] = each.text
                if fates := each.fates + staying:
                    result.background_fates[text] = fates
            parts = [self._part(with_backgrounds(each, result.backgrounds)) for each in batch]
            if self.masker.fates.removing:
                self._leave_out_private_messages(parts)
            for part, turns in zip(parts, self._turns(parts), strict=True):
                result.drafts.append(part.draft)
                result.written.append(
                    tuple(
                        self.masker.marks.write(each.text, part.kept_in(turn))
                        for each, turn in zip(turns, part.draft.turns, strict=True)
                    )
                )
                result.fates.append([each.fates for each in turns])
        return result

    def _turns(self, parts: Sequence[_Part]) -> list[list[Masked]]:
        """Return the turns of drafts, masked as wholes: what is private may span two messages."""
        texts = [turn.text for part in parts for turn in part.draft.turns]
        kept = [[part.kept_in(turn) for turn in part.draft.turns] for part in parts]
        masked = iter(self.masker.mask_texts(texts, kept=[each for some in kept for each in some]))
        talks = [[next(masked) for _turn in part.draft.turns] for part in parts]
        answered = self.masker.mask_answers([[each.text for each in some] for some in talks], kept)
        return [
            self._once_more(first, then, mine)
            for first, then, mine in zip(talks, answered, kept, strict=True)
        ]

    def _once_more(
        self, first: Sequence[Masked], then: Sequence[Masked], kept: Sequence[Values]
    ) -> list[Masked]:
        """Return turns masked twice: what was masked then may bring together what stood apart."""
        if not any(each.fates for each in then):
            return list(first)
        last = self.masker.mask_texts([each.text for each in then], kept=kept)
        return [
            Masked(each.text, one.fates + two.fates + each.fates)
            for one, two, each in zip(first, then, last, strict=True)
        ]

    def _part(self, conversation: Conversation) -> _Part:
        masked = self.masker.mask_messages(conversation.messages)
        texts = {number: cleaning.clean_text(text) for number, text in masked.items()}
        remove = frozenset(
            message.id for message in conversation.messages if self.masker.fates.removes(message)
        )
        draft = exporters.draft_record(conversation, texts, self._rules, remove, self._opening)
        kept = self.masker.fates.kept_in(conversation.messages)
        return _Part(conversation, texts, remove, draft, kept)

    def _leave_out_private_messages(self, parts: list[_Part]) -> None:
        """Leave messages out in which only a whole turn shows what is removed."""
        waiting = dict(enumerate(parts))
        for _round in range(_ROUNDS):
            owners = [(at, turn) for at, each in waiting.items() for turn in each.draft.turns]
            found = self.masker.search.find_to_remove(
                [turn.text for _at, turn in owners],
                [waiting[at].kept_in(turn) for at, turn in owners],
            )
            more: defaultdict[int, set[int]] = defaultdict(set)
            for (at, turn), findings in zip(owners, found, strict=True):
                if findings:
                    more[at] |= _holders(turn, waiting[at].texts, findings)
            waiting = {at: self._redrafted(parts[at], ids) for at, ids in more.items() if ids}
            for at, each in waiting.items():
                parts[at] = each
            if not waiting:
                break

    def _redrafted(self, part: _Part, ids: set[int]) -> _Part:
        remove = part.remove | ids
        draft = exporters.draft_record(
            part.conversation, part.texts, self._rules, remove, self._opening
        )
        return replace(part, remove=remove, draft=draft)


def _holders(turn: Turn, texts: Mapping[int, str], found: Sequence[Finding]) -> set[int]:
    """Return the messages of a turn that hold something of what was found in it."""
    holders: set[int] = set()
    reached = 0
    for number in turn.message_ids:
        words = exporters.harmless(texts[number])
        start = turn.text.find(words, reached)
        if start < 0:  # the edge of a kaomoji: better one message too many is left out
            holders.add(number)
            continue
        reached = start + len(words)
        if any(each.start < reached and start < each.end for each in found):
            holders.add(number)
    return holders
