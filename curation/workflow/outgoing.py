"""Approved conversations on their way out: masked, cleaned, drafted, written, and counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from curation import cleaning, exporters, store
from curation.export_options import ExportOptions, Variant
from curation.exporters import Extras
from curation.model import ConversationFilter, Side, Status
from curation.persona import render_system, woven
from curation.store.writing import MBTI
from curation.workflow.export_report import ExportReport
from curation.workflow.masking import KEPT, MASKED, REMOVED, Masker, Written
from curation.workflow.personas import load_persona
from curation.workflow.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

    from curation.model import Conversation, Finding, Turn
    from curation.store import Workspace
    from curation.workflow.masking import Fate, Issued

APPROVED: Final = ConversationFilter(statuses=(Status.APPROVED,))
BATCH: Final = 200
NOTHING: Final = Written("")
MBTI_SHARE: Final = "mbti_share"
"""Why a conversation gives no record: there would be too many of its kind."""

_ROUNDS: Final = 4
"""How often turns are joined anew because a message was left out of them."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One approved conversation on its way out; without turns it gives no record.

    `texts` are those of its messages, with marks for what was found in them; `turns`, `written` and
    `system` are finished.
    """

    conversation: Conversation
    texts: Mapping[int, str]
    remove: frozenset[int]
    draft: exporters.Draft
    turns: tuple[Turn, ...] = ()
    written: tuple[Written, ...] = ()
    system: Written = NOTHING


@dataclass(frozen=True, slots=True)
class Proof:
    """What is known of a record in the file: whose it is, and where values were issued in it."""

    conversation: int
    hash: str
    system: Written
    issued: Mapping[int, tuple[Issued, ...]]

    def turns_of(self, record: Mapping[str, Any]) -> list[Written]:
        """Return the turns of the record as it was read back."""
        return [
            Written(item["value"], self.issued.get(at, ()))
            for at, item in enumerate(record["conversations"])
        ]


class Pipeline:
    """Masks, cleans, drafts and renders approved conversations, and counts what it did."""

    def __init__(
        self, workspace: Workspace, batch: int = BATCH, options: ExportOptions | None = None
    ) -> None:
        self.masker = Masker(workspace)
        self._workspace = workspace
        self._batch = batch
        self._settings = load_settings(workspace)
        self.options = options or ExportOptions(variant=self._settings.variant)
        self._persona = load_persona(workspace)
        self._systems: dict[tuple[str, ...], Written] = {}
        self._emotions: dict[str, Written] = {}
        self._limited = False
        self.extended = self.options.variant is Variant.EXTENDED
        self.traits = self._written_traits() if self.extended else {}
        self._fates: Counter[Fate] = Counter()
        self._totals: Counter[str] = Counter()
        self._left_out: defaultdict[str, list[int]] = defaultdict(list)

    def drafts(self) -> Generator[Outgoing]:
        """Yield every approved conversation in the order of the queue, a batch in memory.

        Answers of MBTI come last: only then is it known how many of them are not too many.
        """
        found = store.iter_conversations(
            self._workspace, APPROVED, batch_size=self._batch, last=MBTI
        )
        self._limited = True
        with closing(found):
            while batch := list(islice(found, self._batch)):
                yield from self.outgoing(batch)

    def outgoing(self, batch: list[Conversation]) -> Iterator[Outgoing]:
        """Yield conversations as they would go out, whatever their status."""
        drafted = [self._drafted(each) for each in self._masked_around(batch)]
        yield from self._finished(drafted)

    def record(self, outgoing: Outgoing) -> dict[str, Any]:
        """Return the record of a conversation that has turns."""
        return exporters.sharegpt_record(
            outgoing.turns,
            outgoing.system.text,
            self._extras(outgoing) if self.extended else None,
        )

    def _extras(self, outgoing: Outgoing) -> Extras:
        """Return what an extended record holds more."""
        conversation = outgoing.conversation
        names = self._emotion_names(conversation)
        turns = exporters.emotions_by_turn(conversation, outgoing.turns, names)
        return Extras(
            turns=tuple(joined(each) for each in turns),
            emotion=joined([names[emotion] for emotion in conversation.emotions]),
            traits={name: written.text for name, written in self.traits.items()},
        )

    def _written_traits(self) -> dict[str, Written]:
        """Return the traits of the persona as they may stand in a file."""
        texts = [exporters.harmless(getattr(self._persona, name)) for name in exporters.TRAITS]
        masked = self.masker.mask_texts(texts, system=True)
        return {
            name: self.masker.write(each.text)
            for name, each in zip(exporters.TRAITS, masked, strict=True)
        }

    def _emotion_names(self, conversation: Conversation) -> dict[str, str]:
        """Return what is written for the emotions of a conversation and of those before it."""
        for emotion in exporters.emotions_of(conversation) - self._emotions.keys():
            self._emotions[emotion] = self.masker.write(self._mask([emotion])[0])
        return {emotion: written.text for emotion, written in self._emotions.items()}

    def proof(self, outgoing: Outgoing, record: dict[str, Any]) -> Proof:
        """Return what the check of the written file needs to know of a record."""
        turns = enumerate(outgoing.written)
        return Proof(
            outgoing.conversation.id,
            exporters.record_hash(record),
            outgoing.system,
            {at: turn.issued for at, turn in turns if turn.issued},
        )

    def label_line(self, index: int, record: dict[str, Any], outgoing: Outgoing) -> str:
        """Return the line of labels that belongs to a record."""
        conversation = outgoing.conversation
        names = self._emotion_names(conversation)
        return exporters.label_line(index, record, conversation, outgoing.turns, names)

    def labels(self) -> dict[str, Written]:
        """Return the emotions that were written into the labels, by their text."""
        return {written.text: written for written in self._emotions.values()}

    def report(self, counts: Mapping[Status, int], not_approved: Mapping[str, int]) -> ExportReport:
        """Return what was counted while the drafts went by."""
        return ExportReport(
            counts=counts,
            records=self._totals["records"],
            turns=self._totals["turns"],
            messages=self._totals["messages"],
            leading=self._totals["leading"],
            trailing=self._totals["trailing"],
            not_entering=self._totals["not_entering"],
            bystanders=self._totals["bystanders"],
            left_out={reason: tuple(ids) for reason, ids in self._left_out.items()},
            lost_backgrounds=self._totals["lost_backgrounds"],
            masked=self._sums(MASKED),
            kept=self._sums(KEPT),
            settings=self._settings,
            options=self.options,
            not_approved=not_approved,
            removed=self._totals["removed"],
            fates=dict(self._fates),
        )

    def _sums(self, outcome: str) -> dict[str, int]:
        sums: Counter[str] = Counter()
        for fate, count in self._fates.items():
            if fate.outcome == outcome:
                sums[fate.entity] += count
        return dict(sums)

    def _mask(self, texts: list[str], *, system: bool = False) -> list[str]:
        masked = self.masker.mask_texts(texts, system=system)
        for each in masked:
            self._fates.update(each.fates)
        return [each.text for each in masked]

    def _masked_around(self, batch: list[Conversation]) -> list[Conversation]:
        """Return the conversations with the backgrounds a person wrote masked."""
        backgrounds = {each.background for each in batch}
        backgrounds.update(message.background for each in batch for message in each.messages)
        ordered = sorted(backgrounds - {""})
        masked = dict(zip(ordered, self._mask(ordered), strict=True))
        return [
            replace(
                each,
                background=masked.get(each.background, ""),
                messages=tuple(
                    replace(message, background=masked[message.background])
                    if message.background
                    else message
                    for message in each.messages
                ),
            )
            for each in batch
        ]

    def _drafted(self, conversation: Conversation) -> Outgoing:
        masked = self.masker.mask_messages(conversation.messages)
        texts = {number: cleaning.clean_text(text) for number, text in masked.items()}
        remove = frozenset(
            message.id for message in conversation.messages if self.masker.removes(message)
        )
        draft = exporters.draft_record(conversation, texts, self._settings.rules, remove)
        return Outgoing(conversation, texts, remove, draft)

    def _finished(self, batch: list[Outgoing]) -> Iterator[Outgoing]:
        """Yield the batch with turns masked as wholes: PII may span two messages."""
        if self.masker.removing:
            batch = self._without_private_messages(batch)
        texts = [turn.text for each in batch for turn in each.draft.turns]
        masked = iter(self._mask(texts))
        for each in batch:
            written = tuple(self.masker.write(next(masked)) for _turn in each.draft.turns)
            turns = tuple(
                replace(turn, text=new.text)
                for turn, new in zip(each.draft.turns, written, strict=True)
            )
            system = self._system(each.conversation, turns)
            outgoing = replace(each, turns=turns, written=written, system=system)
            if self._are_too_many(outgoing):
                none = replace(outgoing.draft, reason=MBTI_SHARE)
                outgoing = replace(outgoing, draft=none, turns=(), written=())
            self._count(outgoing)
            yield outgoing

    def _are_too_many(self, outgoing: Outgoing) -> bool:
        """Whether one more record of MBTI answers would be more than the settings allow."""
        if not self._limited or outgoing.conversation.source != MBTI or not outgoing.turns:
            return False
        of_mbti, records = self._totals["mbti"] + 1, self._totals["records"] + 1
        return 100 * of_mbti > self._settings.mbti_share * records

    def _without_private_messages(self, batch: list[Outgoing]) -> list[Outgoing]:
        """Return the batch without messages in which only a whole turn shows what is removed."""
        waiting = dict(enumerate(batch))
        for _round in range(_ROUNDS):
            owners = [(at, turn) for at, each in waiting.items() for turn in each.draft.turns]
            found = self.masker.find_to_remove([turn.text for _at, turn in owners])
            more: defaultdict[int, set[int]] = defaultdict(set)
            for (at, turn), findings in zip(owners, found, strict=True):
                if findings:
                    more[at] |= _holders(turn, waiting[at].texts, findings)
            waiting = {at: self._redrafted(batch[at], ids) for at, ids in more.items() if ids}
            for at, each in waiting.items():
                batch[at] = each
            if not waiting:
                break
        return batch

    def _redrafted(self, outgoing: Outgoing, ids: set[int]) -> Outgoing:
        remove = outgoing.remove | ids
        draft = exporters.draft_record(
            outgoing.conversation, outgoing.texts, self._settings.rules, remove
        )
        return replace(outgoing, remove=remove, draft=draft)

    def _system(self, conversation: Conversation, turns: Sequence[Turn]) -> Written:
        moods = _moods(conversation, turns) if self.options.variant is Variant.WOVEN else ()
        key = (conversation.chat, conversation.background, *moods)
        if key not in self._systems:
            text = render_system(
                self._persona, chat=conversation.chat, background=conversation.background
            )
            if self.options.variant is Variant.WOVEN:
                text = woven(text, self._persona, moods)
            masked = self._mask([exporters.harmless(text)], system=True)[0]
            self._systems[key] = self.masker.write(masked)
        return self._systems[key]

    def _count(self, outgoing: Outgoing) -> None:
        draft = outgoing.draft
        self._totals["lost_backgrounds"] += len(draft.lost_backgrounds)
        if not outgoing.turns:
            self._left_out[draft.reason].append(outgoing.conversation.id)
            return
        exported = {mark for turn in outgoing.turns for mark in turn.message_ids}
        self._totals["records"] += 1
        self._totals["mbti"] += outgoing.conversation.source == MBTI
        self._totals["turns"] += len(outgoing.turns)
        self._totals["messages"] += len(exported)
        self._totals["leading"] += len(draft.leading)
        self._totals["trailing"] += len(draft.trailing)
        self._totals["bystanders"] += len(draft.bystanders)
        self._totals["removed"] += len(draft.removed)
        left = (draft.leading, draft.trailing, draft.bystanders, draft.removed)
        entering = len(exported) + sum(len(ids) for ids in left)
        self._totals["not_entering"] += len(outgoing.conversation.messages) - entering
        removed = frozenset(draft.removed)
        for message in outgoing.conversation.messages:
            if message.id in exported:
                self._fates.update(self.masker.fate(message, each) for each in message.findings)
            elif message.id in removed:
                fates = (self.masker.fate(message, each) for each in message.findings)
                self._fates.update(replace(each, outcome=REMOVED, way="") for each in fates)


def joined(emotions: Iterable[str]) -> str:
    """Return emotions as one text, as it stands in a record."""
    return exporters.harmless("、".join(emotions))


def _moods(conversation: Conversation, turns: Sequence[Turn]) -> tuple[str, ...]:
    """Return how the person feels in a conversation: as it is tagged, else as what they say is."""
    if conversation.emotions:
        return conversation.emotions
    mine = {mark for turn in turns if turn.side is Side.ME for mark in turn.message_ids}
    said = (each.emotions for each in conversation.messages if each.id in mine)
    return tuple(dict.fromkeys(emotion for some in said for emotion in some))


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
