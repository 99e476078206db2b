"""The shapes that every room speaks.

Bulk data is a pandas table with the columns of `MESSAGE_COLUMNS`; single things are frozen
dataclasses. Times are the chat's local wall-clock time, without a zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, cast

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from pathlib import Path

    from curation.errors import RuwoError


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


class Decision(StrEnum):
    """What a person decided about a finding; `pending` is masked like `mask`."""

    PENDING = "pending"
    MASK = "mask"
    KEEP = "keep"


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
    "record": "Int64",  # number of the record the message came in, where one is a conversation
}


def message_table(columns: Mapping[str, Iterable[object]]) -> pd.DataFrame:
    """Return a message table with exactly the columns and dtypes of `MESSAGE_COLUMNS`.

    `columns` maps column names to equally long sequences; a column left out is all missing.
    """
    # An array is taken as it is: making Python objects of every cell would be the slowest step.
    given = {
        name: values if hasattr(values, "dtype") else list(values)
        for name, values in columns.items()
    }
    rows = max((len(cast("Any", values)) for values in given.values()), default=0)
    return pd.DataFrame(
        {
            name: pd.array(cast("Any", given[name]), dtype=cast("Any", dtype))
            if name in given
            else pd.array([None], dtype=cast("Any", dtype)).repeat(rows)
            for name, dtype in MESSAGE_COLUMNS.items()
        }
    )


@dataclass(frozen=True, slots=True)
class Participant:
    """One sender of a file, shown so that "who am I?" is answered from evidence."""

    sender: str
    name: str
    count: int
    samples: tuple[str, ...]
    is_me: bool | None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """What one file held: its format, its message table, and what a person should know of it.

    `system_texts` are system prompts found in the file; they are shown, never exported.
    `warnings` are catalogue templates already filled with counts, never with chat text.
    `aliases` maps a sender to the other names that the file gives them, such as a nickname.
    """

    path: Path
    format: str
    messages: pd.DataFrame
    system_texts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

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
    deleted: bool = False
    added: bool = False
    background: str = ""
    emotions: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def edited(self) -> bool:
        """Whether the text was changed after the import."""
        return not self.added and self.text != self.original_text


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

    `system_prompt` is a Jinja template over these fields; empty means the built-in one.
    """

    name: str = ""
    personality: str = ""
    occupation: str = ""
    interests: str = ""
    relations: Mapping[str, str] = field(default_factory=dict)
    system_prompt: str = ""


class FindingFilter(StrEnum):
    """Which conversations a filter on findings lets through."""

    ALL = "all"
    ANY = "any"
    UNDECIDED = "undecided"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ConversationFilter:
    """A choice of conversations; an empty field does not filter.

    Days are local and inclusive; lengths count messages that were not deleted.
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


@dataclass(frozen=True, slots=True)
class FilePreview:
    """What the import page shows of one file before anything is stored."""

    path: Path
    format: str = ""
    participants: tuple[Participant, ...] = ()
    message_count: int = 0
    first_time: datetime | None = None
    last_time: datetime | None = None
    me_known: bool = False
    system_texts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    error: RuwoError | None = None
