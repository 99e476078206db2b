"""The shapes that every room speaks.

Bulk data is a pandas table with the columns of `MESSAGE_COLUMNS`; single things are frozen
dataclasses. Times are the chat's local wall-clock time, without a zone.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime
    from pathlib import Path

    import pandas as pd

    from curation.errors import BadFileError


class Kind(StrEnum):
    """What a message is."""

    TEXT = "text"
    STICKER = "sticker"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    FILE = "file"
    LINK = "link"
    LOCATION = "location"
    TRANSFER = "transfer"
    RED_PACKET = "red_packet"
    CALL = "call"
    QUOTE = "quote"
    RECALL = "recall"
    SYSTEM = "system"
    POKE = "poke"
    FORWARD = "forward"
    MINI_PROGRAM = "mini_program"
    OTHER = "other"


PLACEHOLDERS: Final[Mapping[Kind, str]] = {
    Kind.STICKER: "[表情包]",
    Kind.IMAGE: "[图片]",
    Kind.VOICE: "[语音]",
    Kind.VIDEO: "[视频]",
    Kind.FILE: "[文件]",
    Kind.LINK: "[链接]",
    Kind.LOCATION: "[位置]",
    Kind.TRANSFER: "[转账]",
    Kind.RED_PACKET: "[红包]",
    Kind.CALL: "[通话]",
    Kind.FORWARD: "[聊天记录]",
    Kind.MINI_PROGRAM: "[小程序]",
    Kind.POKE: "[拍一拍]",
    Kind.RECALL: "[已撤回]",
    Kind.OTHER: "[其他]",
}
"""The text of a message that has no words of its own, by kind; the same for every export format."""


UNSPOKEN_KINDS: Final = frozenset({Kind.SYSTEM, Kind.RECALL, Kind.POKE})
"""Kinds that nobody said: they never enter a record and do not count as length."""


class Side(StrEnum):
    """Who speaks: the person being cloned (`gpt` in a record) or anybody else (`human`)."""

    ME = "me"
    OTHER = "other"


class Status(StrEnum):
    """What a person decided about a conversation; only `approved` is exported."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    SKIPPED = "skipped"


class GroupMode(StrEnum):
    """What becomes of the other speakers of a group chat in a record.

    `merge`: all are `human`, each line after a pseudonym. `exchanges`: only who I answered, and
    what they had just said.
    """

    MERGE = "merge"
    EXCHANGES = "exchanges"


class Decision(StrEnum):
    """What a person decided about a finding; `pending` is masked like `mask`."""

    PENDING = "pending"
    MASK = "mask"
    KEEP = "keep"


class Replacement(StrEnum):
    """What becomes of a masked value in the export.

    `placeholder`: its kind in lenticular brackets. `partial`: some of its characters, the rest
    stars. `surrogate`: an invented value of the same shape, the same one everywhere. `remove`: the
    whole message that holds it is left out.
    """

    PLACEHOLDER = "placeholder"
    PARTIAL = "partial"
    SURROGATE = "surrogate"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class DetectionRules:
    """What a workspace adds to the search for PII.

    `names` are the names of people it knows. `terms` are a person's own terms, always found: as
    what `term_entities` says, else as CUSTOM_TERM. `exceptions` are never flagged, as one of
    `exception_entities` where it names any (apart by blanks), else as anything; in both `*` stands
    for any characters of one line and `?` for one. `thresholds` maps an entity to the least
    score (0 to 1) a finding of it needs; one that is missing needs the usual one. `pipeline`
    names an installed spaCy pipeline that is asked for names too, "" for none. `tagger` says
    whether the trained tagger is asked for names and addresses that no rule knows.
    """

    names: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    thresholds: Mapping[str, float] = field(default_factory=dict)
    pipeline: str = ""
    tagger: bool = True
    term_entities: Mapping[str, str] = field(default_factory=dict)
    exception_entities: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the rules as one line of JSON; equal rules give equal lines."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, line: str) -> DetectionRules:
        """Return the rules that `to_json` told."""
        told: dict[str, Any] = json.loads(line)
        for name in ("names", "terms", "exceptions"):
            told[name] = tuple(told[name])
        return cls(**told)


MESSAGE_COLUMNS: Final[Mapping[str, str]] = {
    "chat": "str",  # name of the chat: its partner or group; same in every export of it
    "source_id": "str",  # the exporter's lasting message id, missing where it has none
    "sender": "str",  # who, as the file tells people apart
    "sender_name": "str",  # who, as a person reads it
    "is_me": "boolean",  # missing while the file does not say who "me" is
    "time": "datetime64[s]",  # local wall-clock time, NaT where the format has none
    "kind": "str",  # a value of Kind
    "text": "str",  # what was said; never missing
    "reply_to": "str",  # the text that was quoted, missing when nothing was
    "reply_id": "str",  # the `source_id` of the message it answers, missing where the file has none
    "record": "Int64",  # number of the record the message came in, where one is a conversation
}


@dataclass(frozen=True, slots=True)
class Participant:
    """One sender of a file, shown so that "who am I?" is answered from evidence."""

    sender: str
    name: str
    count: int
    samples: tuple[str, ...]
    is_me: bool | None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may be at most; a file beyond is refused before it can do harm.

    `unpacked_bytes`, `archive_files` and `archive_ratio` (unpacked to packed size) are about one
    archive, `nesting` about the depth of JSON, `message_characters` about one message.
    """

    file_bytes: int = 2 * 1024**3
    unpacked_bytes: int = 4 * 1024**3
    archive_files: int = 20_000
    archive_ratio: int = 200
    nesting: int = 64
    message_characters: int = 131_072


DEFAULT_ZONE: Final = "Asia/Shanghai"
"""The time zone of a chat where nobody said another; WeChat's home."""


def no_tick(_done: int, _total: int) -> None:
    """Take no notice of how far the reading is."""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Which columns of an unknown table hold what, as a person said.

    `time` and `chat` may be empty: the table has none. `header` are the table's column names, by
    which the same kind of table is known again.
    """

    header: tuple[str, ...]
    sender: str
    text: str
    time: str = ""
    chat: str = ""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How files are read: the chat's time zone (IANA name), limits, and tables a person explained.

    `tick` is called now and then with how much of the file is read and how much there is; an
    exception raised inside it stops the reading.
    """

    zone: str = DEFAULT_ZONE
    limits: Limits = field(default_factory=Limits)
    mappings: tuple[ColumnMapping, ...] = ()
    tick: Callable[[int, int], None] = no_tick


@dataclass(frozen=True, slots=True)
class SourceFile:
    """What one file held: its format, its message table, and what a person should know of it.

    `system_texts` are system prompts found in the file; they are shown, never exported.
    `warnings` are catalogue templates already filled with counts, never with chat text.
    `aliases` maps a sender to the other names that the file gives them, such as a nickname.
    `bad_rows` are what could not be read, each with its place; the rest of the file is good.
    `known_names` are names of people that belong to no sender of the file. `chat_ids` maps a
    chat's name to the id that the platform gives it, where the file says so. `groups` are the
    names of the chats that the file calls groups.
    """

    path: Path
    format: str
    messages: pd.DataFrame
    system_texts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bad_rows: tuple[BadFileError, ...] = ()
    known_names: tuple[str, ...] = ()
    chat_ids: Mapping[str, str] = field(default_factory=dict)
    groups: frozenset[str] = frozenset()

    @property
    def me_known(self) -> bool:
        """Whether the file says for every spoken message if it is mine."""
        return not bool(self.messages["is_me"].isna().any())


@dataclass(frozen=True, slots=True)
class Finding:
    """A half-open span `[start, end)` of one message's current text, flagged as PII.

    Offsets are Python string offsets. `why` is the evidence in a few words: pattern or context.
    `id` is 0 until the finding is stored.
    """

    entity: str
    start: int
    end: int
    score: float
    recognizer: str
    why: str = ""
    decision: Decision = Decision.PENDING
    id: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            msg = "a finding spans at least one character"
            raise ValueError(msg)


BY_HAND: Final = "ByHand"
"""The recognizer of a finding that a person made; it stays while its text stands."""

WHY_OWN_TERM: Final = "own term"
"""The reason of a finding that one of a person's own terms makes; it is masked unless decided."""


class FindingOrder(StrEnum):
    """In which order values are listed: what may do most harm first, or one number alone."""

    RISK = "risk"
    COUNT = "count"
    UNSURE = "unsure"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class FindingQuery:
    """A choice of findings; an empty field does not filter.

    `text` stands in the value or in the message around it; `below` lets through what scored less.
    """

    entity: str = ""
    decision: Decision | None = None
    text: str = ""
    below: float | None = None


@dataclass(frozen=True, slots=True)
class JournalQuery:
    """A choice of actions; an empty field does not filter.

    Days are this computer's and inclusive. Each word of `text` stands in what an action changed,
    before or after. `reviewer` is None for everybody, "" for who gave no name. `undone` lets
    through what is undone (true) or in force (false).
    """

    actions: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    reviewer: str | None = None
    chats: tuple[str, ...] = ()
    text: str = ""
    undone: bool | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it stands now, with its untouched original beside it."""

    id: int
    side: Side
    sender_name: str
    time: datetime | None
    kind: Kind
    text: str
    original_text: str
    reply_to: str | None = None
    pseudonym: str = ""  # what stands for the speaker in a record of a group chat
    deleted: bool = False
    added: bool = False
    background: str = ""
    emotions: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def edited(self) -> bool:
        """Whether the text was changed after the import."""
        return not self.added and self.text != self.original_text


class Said(NamedTuple):
    """What rules read of a message that was not deleted: its text as it stands now.

    `time` is in seconds of the chat's clock, None where it has none. `reply_to` is the text that
    the message quotes.
    """

    id: int
    side: Side
    time: int | None
    kind: Kind
    text: str
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """Messages that belong together: the unit of review and one record of the export."""

    id: int
    version: int
    chat: str
    status: Status
    messages: tuple[Message, ...]
    background: str = ""
    emotions: tuple[str, ...] = ()
    source: str = ""
    group: GroupMode | None = None  # None: a chat of two
    duplicate_of: int | None = None  # a conversation that says nearly the same
    note: str = ""  # for oneself; never exported


@dataclass(frozen=True, slots=True)
class Turn:
    """A run of one side's messages, joined for export."""

    side: Side
    text: str
    message_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryRules:
    """Which messages without words enter a record as their placeholder text."""

    stickers: bool = True
    media: bool = False


@dataclass(frozen=True, slots=True)
class Persona:
    """Who the digital self is. `relations` maps a chat's name to what its partner is to me.

    `mbti` is a type such as INFP where it is known. `system_prompt` is a Jinja template over these
    fields; empty means the built-in one.
    """

    name: str = ""
    gender: str = ""
    age_band: str = ""
    personality: str = ""
    occupation: str = ""
    interests: str = ""
    mbti: str = ""
    catch_phrases: str = ""
    speaking_style: str = ""
    taboos: str = ""
    relations: Mapping[str, str] = field(default_factory=dict)
    system_prompt: str = ""


PERSONA_TEXTS: Final = tuple(each.name for each in fields(Persona) if each.name != "relations")
"""The fields of a persona that are its own; relations are one map for all personas."""


class FindingFilter(StrEnum):
    """Which conversations a filter on findings lets through.

    `decided`: there are some and none of them is undecided.
    """

    ALL = "all"
    ANY = "any"
    UNDECIDED = "undecided"
    DECIDED = "decided"
    NONE = "none"


class SuggestionKind(StrEnum):
    """What a machine may point out about a conversation or a message."""

    NEAR_DUPLICATE = "near_duplicate"  # kept as `duplicate_of` of the conversation
    EMOTION = "emotion"
    TOPIC_JUMP = "topic_jump"
    INCOMPLETE = "incomplete"
    TOO_THIN = "too_thin"
    BACKGROUND = "background"  # a draft of it, which its reason holds


OWN_RULES: Final = "rules"
"""The name of a suggester that is this program itself, and no model."""


@dataclass(frozen=True, slots=True)
class Suggester:
    """Who suggests: a set of rules or a model, with its version, and the kinds it speaks of.

    `name` is `OWN_RULES` or what a person calls the model. What it suggested of these kinds
    before, as whatever version, gives way to what it says anew.
    """

    name: str
    version: int
    kinds: frozenset[SuggestionKind]


class NewSuggestion(NamedTuple):
    """What a suggester says of a conversation, or of the message `message_id` in it.

    `label` is which emotion; of a topic jump, `message_id` is the first message behind the break.
    `score` goes from 0 to 1. `rule` is the key of the rule that says so, `reason` a catalogue
    template (`N_`) that says why in a sentence, filled by `values` of text and numbers.
    """

    conversation_id: int
    kind: SuggestionKind
    score: float
    rule: str
    reason: str
    values: Mapping[str, str | int | float] = MappingProxyType({})
    message_id: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class ConversationList:
    """Conversations named one by one; `name` tells where the list comes from."""

    name: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ConversationFilter:
    """A choice of conversations; an empty field does not filter.

    Days are local and inclusive; lengths count messages that were not deleted. `text` is words
    with blanks between them, which all stand in the conversation. `sources` are names of imported
    files. `entities` narrows `findings` to these kinds. `emotion` is one it
    has, on itself or a message, `without_emotion` one it has not; `tagged` asks for any at all.
    `suggestions` lets through what has an open suggestion of one of these kinds, `min_score` one
    that scored at least this (0 to 1), of those kinds or of any. `hours` are those of the local
    clock (0 to 23) at which a conversation begins. Only conversations that were measured have
    tokens. `listed` lets through what is on that list.
    """

    statuses: tuple[Status, ...] = ()
    chats: tuple[str, ...] = ()
    text: str = ""
    emotion: str = ""
    findings: FindingFilter = FindingFilter.ALL
    first_day: date | None = None
    last_day: date | None = None
    min_length: int | None = None
    max_length: int | None = None
    sources: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    without_emotion: str = ""
    tagged: bool | None = None
    min_turns: int | None = None
    max_turns: int | None = None
    suggestions: tuple[SuggestionKind, ...] = ()
    min_score: float | None = None
    edited: bool | None = None
    hours: tuple[int, ...] = ()
    noted: bool | None = None
    min_tokens: int | None = None
    max_tokens: int | None = None
    listed: ConversationList | None = None


class ReviewOrder(StrEnum):
    """In which order the review queue goes.

    `chat`: chat by chat, each in order of time. `date` and `newest`: by the time they began,
    whatever the chat. `risk`: first what holds the most harmful undecided findings. `suggested`:
    first what a suggestion is surest of. `random`: as thrown, the same for the same seed.
    """

    CHAT = "chat"
    DATE = "date"
    NEWEST = "newest"
    RISK = "risk"
    SUGGESTED = "suggested"
    RANDOM = "random"


@dataclass(frozen=True, slots=True)
class QueueOrder:
    """The order of a queue; `seed` counts only where it is random."""

    by: ReviewOrder = ReviewOrder.CHAT
    seed: int = 0
