"""Approved conversations on their way out: masked, cleaned, drafted, written, and counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from curation import conversations, exporters
from curation.bulk import no_sign
from curation.errors import N_, OptionsError
from curation.export_options import DEFAULT_FORMATS, ExportOptions, Opening, Variant
from curation.exporters import Extras
from curation.model import ConversationFilter, Side, Status, Turn
from curation.persona import render_system, woven
from curation.store.conversations import read_conversations
from curation.store.writing import MBTI
from curation.workflow.drafting import Drafter, Drafting, draft_work, with_backgrounds
from curation.workflow.export_report import ExportReport
from curation.workflow.fates import KEPT, MASKED, REMOVED
from curation.workflow.issuing import NONE_KEPT, Written
from curation.workflow.masking import Masker
from curation.workflow.masking_rules import Masking
from curation.workflow.personas import load_persona
from curation.workflow.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from curation.bulk import Engine
    from curation.model import Conversation
    from curation.store import Workspace
    from curation.store.places import Place
    from curation.workflow.drafting import Drafted
    from curation.workflow.fates import Fate
    from curation.workflow.issuing import Issued, Values
    from curation.workflow.masking import Masked
    from curation.workflow.part_report import PartReport

APPROVED: Final = ConversationFilter(statuses=(Status.APPROVED,))
BATCH: Final = 1_000
_MESSAGES: Final = 10_000
"""So many conversations, of so many messages in all, are handled together."""
NOTHING: Final = Written("")
MBTI_SHARE: Final = "mbti_share"
"""Why a conversation gives no record: there would be too many of its kind."""

_BETWEEN_EMOTIONS: Final = "、"
_NONE_ISSUED: Final[Mapping[int, tuple[Issued, ...]]] = MappingProxyType({})
_NOTHING_KEPT: Final[Mapping[int, Values]] = MappingProxyType({})
_SECONDS: Final = 0.0002
"""Of one process for a conversation, about: whether others join in goes by it."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One approved conversation on its way out; without turns it gives no record.

    `turns`, `written` and `system` are finished. `fates` are those of what was found in each turn
    as a whole, `background_fates` those of what was found in the backgrounds of messages,
    `system_fates` those of what was found in the system text. `lengths` are the tokens of its pairs
    of turns, `system_length` those of the system text. `joined` are the conversations whose turns
    stand behind its own, `start` is how many turns of all stand in front of those at hand.
    """

    conversation: Conversation
    draft: exporters.Draft
    turns: tuple[Turn, ...] = ()
    written: tuple[Written, ...] = ()
    system: Written = NOTHING
    lengths: tuple[int, ...] = ()
    system_length: int = 0
    joined: tuple[int, ...] = ()
    start: int = 0
    fates: tuple[tuple[Fate, ...], ...] = ()
    background_fates: Mapping[int, tuple[Fate, ...]] = field(default_factory=dict)
    system_fates: tuple[Fate, ...] = ()

    @property
    def length(self) -> int:
        """How many tokens its record has."""
        return self.system_length + sum(self.lengths)


@dataclass(frozen=True, slots=True)
class Proof:
    """What is known of a record in the file: whose it is, what was issued and kept in its turns.

    `hash` is that of the plain record, `full` that of all that was made for it.
    """

    conversation: int
    hash: bytes
    full: bytes
    system: Written
    issued: Mapping[int, tuple[Issued, ...]]
    kept: Mapping[int, Values]

    def turns_of(self, record: Mapping[str, Any]) -> list[Written]:
        """Return the turns of the record as it was read back."""
        return [
            Written(item["value"], self.issued.get(at, ()), self.kept.get(at, NONE_KEPT))
            for at, item in enumerate(record["conversations"])
        ]


class Pipeline:
    """Masks, cleans, drafts and renders approved conversations, and counts what it did."""

    def __init__(
        self, workspace: Workspace, batch: int = BATCH, options: ExportOptions | None = None
    ) -> None:
        masking = Masking.of(workspace)
        self.masker = Masker(masking)
        self._batch = batch
        self._settings = load_settings(workspace)
        self.options = options or ExportOptions(variant=self._settings.variant)
        self._persona = load_persona(workspace)
        self.formats = chosen_formats(self.options)
        self._count_tokens = conversations.token_counter(self.options.tokenizer)
        opening = _opening_line(self.options)
        self._drafting = Drafting(masking, self._settings.rules, opening)
        self._drafter = Drafter(self.masker, self._settings.rules, opening)
        self._system_lengths: dict[str, int] = {}
        self._systems: dict[tuple[str, ...], tuple[Written, tuple[Fate, ...]]] = {}
        self._emotions: dict[str, Masked] = {}
        self._emotion_texts: dict[str, str] = {}
        self._emotion_rows: set[tuple[str, ...]] = set()
        self._labels: dict[str, Written] = {}
        self._trait_fates: list[Fate] = []
        self._limited = False
        self.extended = self.options.variant is Variant.EXTENDED or any(
            each.extended for each in self.formats
        )
        self.traits = self._written_traits() if self.extended else {}
        self._fates: Counter[Fate] = Counter()
        self._totals: Counter[str] = Counter()
        self._left_out: defaultdict[str, list[int]] = defaultdict(list)

    @staticmethod
    def refuse(options: ExportOptions) -> None:
        """Raise OptionsError or BadFileError for options that cannot be met, before all else."""
        chosen_formats(options)
        conversations.token_counter(options.tokenizer)
        _opening_line(options)

    def drafts(
        self,
        connection: Connection,
        places: Sequence[Place],
        engine: Engine | None = None,
        sign: Callable[[], None] = no_sign,
    ) -> Generator[Outgoing]:
        """Yield these conversations in their order, some thousand messages in memory.

        `engine` drafts them where they are many, else this process. Answers of MBTI must come
        last: only then is it known how many of them are not too many.
        """
        self._limited = True
        batches = (read_conversations(connection, some) for some in _batches(places, self._batch))
        if engine is None or not engine.helps(len(places) * _SECONDS):
            for batch in batches:
                yield from self.outgoing(batch)
            return
        work = draft_work(self._drafting)
        with closing(engine.map(work, ((each, each) for each in batches), sign)) as answers:
            for batch, drafted in answers:
                yield from self._finished(batch, self._adopted(batch, drafted))

    def outgoing(self, batch: list[Conversation]) -> Iterator[Outgoing]:
        """Yield conversations as they would go out, whatever their status."""
        yield from self._finished(batch, self._drafter.drafted(batch))

    def _adopted(self, batch: list[Conversation], drafted: Drafted) -> Drafted:
        """Return what was drafted elsewhere, as it would have been here.

        An invented value may depend on those invented before, of which others do not know; then
        it is drafted here.
        """
        if not self.masker.stand_ins.gives(drafted.stand_ins):
            return self._drafter.drafted(batch)
        finished = (each for some in drafted.written for each in some)
        clear = zip(finished, drafted.clear, strict=True)
        self.masker.search.know_clear(each for each, fine in clear if fine)
        return drafted

    def record(self, outgoing: Outgoing) -> dict[str, Any]:
        """Return the record of a conversation that has turns; what its system text has counts."""
        self._fates.update(outgoing.system_fates)
        if self.extended:
            self._fates.update(self._trait_fates)
        return exporters.sharegpt_record(
            outgoing.turns,
            outgoing.system.text,
            self._extras(outgoing) if self.extended else None,
        )

    def _extras(self, outgoing: Outgoing) -> Extras:
        """Return what an extended record holds more."""
        conversation = outgoing.conversation
        names = self._emotion_names(outgoing)
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
        self._trait_fates = [
            fate
            for each, kept in zip(masked, self.masker.fates.kept_by_decision(texts), strict=True)
            for fate in each.fates + kept
        ]
        return {
            name: self.masker.marks.write(each.text)
            for name, each in zip(exporters.TRAITS, masked, strict=True)
        }

    def _emotion_names(self, outgoing: Outgoing) -> Mapping[str, str]:
        """Return what is written for the emotions of a conversation and of those before it.

        In a file they stand beside one another, so they are read so, too.
        """
        conversation = outgoing.conversation
        held = exporters.emotions_of(conversation)
        if not held:
            return self._emotion_texts
        fresh = sorted(held - self._emotions.keys())
        kept = self.masker.fates.kept_by_decision(fresh)
        for emotion, masked, fates in zip(fresh, self.masker.mask_texts(fresh), kept, strict=True):
            self._name_emotion(emotion, replace(masked, fates=masked.fates + fates))
        for row in set(_emotion_rows(outgoing)) - self._emotion_rows:
            self._emotion_rows.add(row)
            texts = [self._emotions[emotion].text for emotion in row]
            again = self.masker.mask_in_a_row(texts, _BETWEEN_EMOTIONS)
            for emotion, masked in zip(row, again, strict=True):
                if masked.fates:
                    fates = self._emotions[emotion].fates + masked.fates
                    self._name_emotion(emotion, replace(masked, fates=fates))
        return self._emotion_texts

    def _name_emotion(self, emotion: str, masked: Masked) -> None:
        written = self.masker.marks.write(masked.text)
        self._emotions[emotion] = masked
        self._emotion_texts[emotion] = written.text
        self._labels[written.text] = written

    def proof(self, outgoing: Outgoing, record: dict[str, Any], sha256: str) -> Proof:
        """Return what the check of the written file needs to know of a record with that hash."""
        turns = list(enumerate(outgoing.written))
        plain = proof_hash(record, sha256)
        return Proof(
            outgoing.conversation.id,
            plain,
            bytes.fromhex(sha256) if self.extended else plain,
            outgoing.system,
            {at: turn.issued for at, turn in turns if turn.issued} or _NONE_ISSUED,
            {at: turn.kept for at, turn in turns if turn.kept} or _NOTHING_KEPT,
        )

    def label_line(self, index: int, sha256: str, outgoing: Outgoing) -> str:
        """Return the line of labels that belongs to the record with that hash."""
        conversation = outgoing.conversation
        names = self._emotion_names(outgoing)
        for emotion in chain.from_iterable(_emotion_rows(outgoing)):
            self._fates.update(self._emotions[emotion].fates)
        more: dict[str, Any] = {}
        if self.options.join_minutes:
            more["joined"] = list(outgoing.joined)
        if self.options.max_tokens or self.options.window:
            more["start"] = outgoing.start
        return exporters.label_line(index, sha256, conversation, outgoing.turns, names, more=more)

    def labels(self) -> dict[str, Written]:
        """Return the emotions that were written into the labels, by their text."""
        return self._labels

    def report(
        self,
        counts: Mapping[Status, int],
        not_approved: Mapping[str, int],
        parts: Mapping[str, PartReport],
    ) -> ExportReport:
        """Return what was counted while the drafts went by; `parts` are those of the dataset."""
        return ExportReport(
            counts=counts,
            records=sum(part.records for part in parts.values()),
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
            texts=self._free_texts(),
            parts=parts,
            too_long_messages=self._totals["too_long_messages"],
            not_approved=not_approved,
            removed=self._totals["removed"],
            fates=dict(self._fates),
        )

    def _free_texts(self) -> dict[str, Written]:
        """Return what a person typed into the options as it may stand in a file."""
        typed = self.options.free_texts()
        masked = self.masker.mask_texts(list(typed.values()))
        return {
            name: self.masker.marks.write(each.text)
            for name, each in zip(typed, masked, strict=True)
        }

    def _sums(self, outcome: str) -> dict[str, int]:
        sums: Counter[str] = Counter()
        for fate, count in self._fates.items():
            if fate.outcome == outcome:
                sums[fate.entity] += count
        return dict(sums)

    def _finished(self, batch: list[Conversation], drafted: Drafted) -> Iterator[Outgoing]:
        """Yield conversations that were drafted, with all that goes out of them."""
        finished: list[Outgoing] = []
        for each, draft, written, fates in zip(
            batch, drafted.drafts, drafted.written, drafted.fates, strict=True
        ):
            conversation = with_backgrounds(each, drafted.backgrounds)
            turns = tuple(
                Turn(turn.side, new.text, turn.message_ids)
                for turn, new in zip(draft.turns, written, strict=True)
            )
            system, system_fates = self._system(conversation, turns)
            found = drafted.background_fates
            outgoing = Outgoing(
                conversation,
                draft,
                turns,
                written,
                system,
                fates=tuple(fates),
                background_fates={
                    message.id: found[message.background]
                    for message in each.messages
                    if message.background in found
                },
                system_fates=system_fates + found.get(each.background, ()),
            )
            finished.append(outgoing)
        for outgoing in self._measured(finished):
            reason = self._reason_against(outgoing)
            if reason:
                none = replace(outgoing.draft, reason=reason)
                outgoing = replace(outgoing, draft=none, turns=(), written=(), lengths=())  # noqa: PLW2901
            self._count(outgoing)
            yield outgoing

    def _measured(self, batch: list[Outgoing]) -> Iterator[Outgoing]:
        """Yield the batch with the lengths of their turns and system texts."""
        fresh = sorted({each.system.text for each in batch} - self._system_lengths.keys())
        self._system_lengths.update(zip(fresh, self._count_tokens(fresh), strict=True))
        counts = self._count_tokens([turn.text for each in batch for turn in each.turns])
        around = 2 * conversations.TURN_TOKENS
        reached = 0
        for each in batch:
            mine = counts[reached : reached + len(each.turns)]
            reached += len(mine)
            yield replace(
                each,
                lengths=tuple(
                    one + other + around for one, other in zip(mine[::2], mine[1::2], strict=True)
                ),
                system_length=self._system_lengths[each.system.text] + conversations.TURN_TOKENS,
            )

    def _reason_against(self, outgoing: Outgoing) -> str:
        """Return why a conversation that has turns gives no record, if so."""
        if not outgoing.turns:
            return ""
        if self.options.max_tokens and self._room(outgoing) < min(outgoing.lengths):
            return exporters.Reason.TOO_LONG
        return MBTI_SHARE if self._are_too_many(outgoing) else ""

    def _room(self, outgoing: Outgoing) -> int:
        """Return how many tokens are left for turns."""
        return self.options.max_tokens - outgoing.system_length

    def rules_for(self, outgoing: Outgoing) -> exporters.PieceRules:
        """Return how a conversation, of which a pair fits at least, is cut."""
        return exporters.PieceRules(
            length=self._room(outgoing) if self.options.max_tokens else 0,
            pairs=self.options.window // 2,
            sliding=self.options.sliding,
        )

    def _are_too_many(self, outgoing: Outgoing) -> bool:
        """Whether one more record of MBTI answers would be more than the settings allow."""
        if not self._limited or outgoing.conversation.source != MBTI:
            return False
        of_mbti, records = self._totals["mbti"] + 1, self._totals["records"] + 1
        return 100 * of_mbti > self._settings.mbti_share * records

    def _system(
        self, conversation: Conversation, turns: Sequence[Turn]
    ) -> tuple[Written, tuple[Fate, ...]]:
        """Return the system text of a conversation, and the fates of what was found in it.

        Its background was masked before: that is not found again.
        """
        moods = _moods(conversation, turns) if self.options.variant is Variant.WOVEN else ()
        key = (conversation.chat, conversation.background, *moods)
        if key not in self._systems:
            text = render_system(
                self._persona, chat=conversation.chat, background=conversation.background
            )
            if self.options.variant is Variant.WOVEN:
                text = woven(text, self._persona, moods)
            (masked,) = self.masker.mask_texts([exporters.harmless(text)], system=True)
            told = render_system(self._persona, chat=conversation.chat)
            (kept,) = self.masker.fates.kept_by_decision([told])
            self._systems[key] = self.masker.marks.write(masked.text), masked.fates + kept
        return self._systems[key]

    def _count(self, outgoing: Outgoing) -> None:
        draft = outgoing.draft
        self._totals["lost_backgrounds"] += len(draft.lost_backgrounds)
        if not outgoing.turns:
            self._left_out[draft.reason].append(outgoing.conversation.id)
            return
        rules = self.rules_for(outgoing)
        written = [
            (turn, not 0 < rules.length < outgoing.lengths[at // 2])
            for at, turn in enumerate(outgoing.turns)
        ]
        exported = {mark for turn, fits in written if fits for mark in turn.message_ids}
        too_long = {mark for turn, fits in written if not fits for mark in turn.message_ids}
        self._totals["records"] += 1
        self._totals["mbti"] += outgoing.conversation.source == MBTI
        self._totals["turns"] += sum(fits for _turn, fits in written)
        self._totals["too_long_messages"] += len(too_long)
        self._totals["messages"] += len(exported)
        self._totals["leading"] += len(draft.leading)
        self._totals["trailing"] += len(draft.trailing)
        self._totals["bystanders"] += len(draft.bystanders)
        self._totals["removed"] += len(draft.removed)
        left = (draft.leading, draft.trailing, draft.bystanders, draft.removed)
        entering = len(exported) + len(too_long) + sum(len(ids) for ids in left)
        self._totals["not_entering"] += len(outgoing.conversation.messages) - entering
        removed = frozenset(draft.removed)
        lost = too_long.union(draft.lost_backgrounds)
        for (_turn, fits), found in zip(written, outgoing.fates, strict=True):
            if fits:
                self._fates.update(found)
        for message in outgoing.conversation.messages:
            if message.id not in lost and not message.deleted:
                self._fates.update(outgoing.background_fates.get(message.id, ()))
            if not message.findings:
                continue
            if message.id in exported:
                self._fates.update(self.masker.fates.of(message, each) for each in message.findings)
            elif message.id in removed:
                fates = (self.masker.fates.of(message, each) for each in message.findings)
                self._fates.update(replace(each, outcome=REMOVED, way="") for each in fates)


def _batches(places: Sequence[Place], most: int) -> Iterator[list[int]]:
    batch: list[int] = []
    messages = 0
    for each in places:
        if batch and (len(batch) == most or messages + each.length > _MESSAGES):
            yield batch
            batch, messages = [], 0
        batch.append(each.id)
        messages += each.length
    if batch:
        yield batch


def proof_hash(record: dict[str, Any], sha256: str = "") -> bytes:
    """Return what tells the texts of a record from others, whatever its format.

    `sha256` is its `record_hash`, where that is known.
    """
    plain = exporters.plain_record(record) if "emotion" in record else record
    known = sha256 if plain is record else ""
    return bytes.fromhex(known or exporters.record_hash(plain))


def chosen_formats(options: ExportOptions) -> tuple[exporters.Format, ...]:
    """Return the formats to write; ShareGPT takes what the variant wants.

    Raises OptionsError for a name that there is not.
    """
    known = exporters.formats()
    missing = [name for name in options.formats if name not in known]
    if missing:
        raise OptionsError(
            N_("There is no export format called {name}; there are {known}."),
            name=missing[0],
            known=", ".join(known),
        )
    return tuple(
        replace(known[name], extended=True)
        if name == DEFAULT_FORMATS[0] and options.variant is Variant.EXTENDED
        else known[name]
        for name in options.formats
    )


def _opening_line(options: ExportOptions) -> str:
    """Return the line that opens what I began, nothing where that is left out."""
    if options.opening is Opening.DROP:
        return ""
    line = exporters.harmless(options.opening_line)
    if not line:
        raise OptionsError(N_("The line that opens a conversation is empty."))
    return line


def joined(emotions: Iterable[str]) -> str:
    """Return emotions as one text, as it stands in a record."""
    return exporters.harmless(_BETWEEN_EMOTIONS.join(emotions))


def _emotion_rows(outgoing: Outgoing) -> list[tuple[str, ...]]:
    """Return the emotions that stand beside one another: of the whole, and of each turn."""
    conversation = outgoing.conversation
    plain = {emotion: emotion for emotion in exporters.emotions_of(conversation)}
    if not plain:
        return []
    turns = exporters.emotions_by_turn(conversation, outgoing.turns, plain)
    return [conversation.emotions, *map(tuple, turns)]


def _moods(conversation: Conversation, turns: Sequence[Turn]) -> tuple[str, ...]:
    """Return how the person feels in a conversation: as it is tagged, else as what they say is."""
    if conversation.emotions:
        return conversation.emotions
    mine = {mark for turn in turns if turn.side is Side.ME for mark in turn.message_ids}
    said = (each.emotions for each in conversation.messages if each.id in mine)
    return tuple(dict.fromkeys(emotion for some in said for emotion in some))
