"""A chat -> ChatLab 0.0.2 JSON lines, the format that chat tools exchange.

Source: ChatLab's format specification (docs/cn/chatlab-format.md). Texts go out as they are: this
is for a person's own other tools, never for a trainer. `generator` marks the file as ours, so that
reading it back takes types and texts word for word.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import orjson
import pandas as pd

from curation.errors import N_
from curation.model import DEFAULT_ZONE, Kind

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

VERSION: Final = "0.0.2"
GENERATOR: Final = "Ruwo"

TYPES: Final[Mapping[Kind, int]] = {
    Kind.TEXT: 0,
    Kind.IMAGE: 1,
    Kind.VOICE: 2,
    Kind.VIDEO: 3,
    Kind.FILE: 4,
    Kind.STICKER: 5,
    Kind.LINK: 7,
    Kind.LOCATION: 8,
    Kind.RED_PACKET: 20,
    Kind.TRANSFER: 21,
    Kind.POKE: 22,
    Kind.CALL: 23,
    Kind.MINI_PROGRAM: 24,
    Kind.QUOTE: 25,
    Kind.FORWARD: 26,
    Kind.SYSTEM: 80,
    Kind.RECALL: 81,
    Kind.OTHER: 99,
}
"""ChatLab's number for each kind."""

_AT_ONCE: Final = 50_000


@dataclass(frozen=True, slots=True)
class ChatLabChat:
    """What the header of a file says of its chat.

    `account` is the platform's id of a group. `owner` is the sender that is me, None while nobody
    knows. `aliases` maps senders to their other names.
    """

    name: str
    platform: str = "unknown"
    group: bool = False
    account: str = ""
    owner: str | None = None
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def held_by_chatlab(messages: pd.DataFrame, owner: str | None) -> tuple[pd.DataFrame, Counter[str]]:
    """Return the messages of one chat that ChatLab can hold, and how many of what it cannot.

    A message needs a time. All of mine go under the one id `owner`. The keys of the counter are
    sentences with a `{count}`.
    """
    lost: Counter[str] = Counter()
    timed = messages["time"].notna()
    lost[N_("messages without a time, which are left out: {count}")] = int((~timed).sum())
    held = messages[timed]
    mine = held["is_me"].fillna(value=False).astype("bool")
    elsewhere = mine & (held["sender"] != owner)
    if owner is not None and elsewhere.any():
        held = held.assign(sender=held["sender"].mask(elsewhere, owner))
        lost[N_("messages of yours under a second id, which is lost: {count}")] = int(
            elsewhere.sum()
        )
    lost[N_("quoted texts that no message in the file holds: {count}")] = _loose_quotes(held)
    lost[N_("messages whose number of a record is lost: {count}")] = int(
        held["record"].notna().sum()
    )
    return held, +lost


def _loose_quotes(messages: pd.DataFrame) -> int:
    """Return how many quoted texts are not the text of the message that is answered."""
    quoting = messages["reply_to"].notna()
    if not quoting.any():
        return 0
    ids = messages["source_id"]
    said = messages[ids.notna() & ~ids.duplicated()].set_index("source_id")["text"]
    quotes = messages[quoting]
    return int((quotes["reply_id"].map(said) != quotes["reply_to"]).sum())


def chatlab_lines(
    messages: pd.DataFrame, chat: ChatLabChat, *, exported_at: int, zone: str = DEFAULT_ZONE
) -> Iterator[bytes]:
    """Yield header, members and messages of one chat as lines without their ends.

    `messages` are what `held_by_chatlab` gave, in the order they are to stand; their times are
    wall-clock time of `zone`. `exported_at` is in unix seconds.
    """
    meta: dict[str, str] = {
        "name": chat.name,
        "platform": chat.platform,
        "type": "group" if chat.group else "private",
    }
    if chat.group and chat.account:
        meta["groupId"] = chat.account
    if chat.owner is not None:
        meta["ownerId"] = chat.owner
    about = {"version": VERSION, "exportedAt": exported_at, "generator": GENERATOR}
    yield orjson.dumps({"_type": "header", "chatlab": about, "meta": meta})
    people = messages[["sender", "sender_name"]].fillna("").drop_duplicates("sender", keep="last")
    for sender, name in people.itertuples(index=False, name=None):
        yield orjson.dumps(_member(sender, name, chat.aliases.get(sender, ())))
    for start in range(0, len(messages), _AT_ONCE):
        yield from _message_lines(messages.iloc[start : start + _AT_ONCE], zone)


def _member(sender: str, name: str, aliases: tuple[str, ...]) -> dict[str, Any]:
    member: dict[str, Any] = {"_type": "member", "platformId": sender, "accountName": name}
    if aliases:
        member["aliases"] = list(aliases)
    return member


def _message_lines(messages: pd.DataFrame, zone: str) -> Iterator[bytes]:
    columns = (
        _texts(messages["sender"]),
        _texts(messages["sender_name"]),
        _unix(messages["time"], zone),
        messages["kind"].map(TYPES).tolist(),
        _texts(messages["text"]),
        _present(messages["source_id"]),
        _present(messages["reply_id"]),
    )
    for sender, name, time, code, text, number, answered in zip(*columns, strict=True):
        line = {
            "_type": "message",
            "sender": sender,
            "accountName": name,
            "timestamp": time,
            "type": code,
            "content": text,
        }
        if number is not None:
            line["platformMessageId"] = number
        if answered is not None:
            line["replyToMessageId"] = answered
        yield orjson.dumps(line)


def _unix(times: pd.Series[Any], zone: str) -> list[int]:
    """Return unix seconds; of a time that a changing clock shows twice, the later one."""
    local = pd.DatetimeIndex(times).tz_localize(
        ZoneInfo(zone),
        ambiguous=np.zeros(len(times), dtype=bool),
        nonexistent="shift_forward",
    )
    utc = local.tz_convert("UTC").tz_localize(None).as_unit("s")
    seconds: list[int] = utc.astype("int64").tolist()
    return seconds


def _texts(values: pd.Series[Any]) -> list[str]:
    return [str(value) for value in values.fillna("").tolist()]


def _present(values: pd.Series[Any]) -> list[Hashable]:
    found: list[Hashable] = values.astype("object").where(values.notna(), None).tolist()
    return found
