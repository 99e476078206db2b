"""Message tables of chats that tests make up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from curation.importers import message_table
from curation.model import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

DAY = pd.Timestamp("2024-05-01")


@dataclass(frozen=True)
class Said:
    """One message, `at` seconds after midnight or without a time."""

    at: int | None
    me: bool | None = False
    text: str = "好"
    chat: str = "a"
    id: str | None = None
    answers: str | None = None
    quotes: str | None = None
    record: int | None = None
    kind: Kind = Kind.TEXT
    sender: str = "x"


def minutes(*values: int, chat: str = "a") -> list[Said]:
    return [Said(60 * value, chat=chat) for value in values]


def table(messages: Sequence[Said]) -> pd.DataFrame:
    return message_table(
        {
            "chat": [each.chat for each in messages],
            "source_id": [each.id for each in messages],
            "sender": [each.sender for each in messages],
            "is_me": [each.me for each in messages],
            "time": [
                None if each.at is None else DAY + pd.Timedelta(seconds=each.at)
                for each in messages
            ],
            "kind": [each.kind.value for each in messages],
            "text": [each.text for each in messages],
            "reply_to": [each.quotes for each in messages],
            "reply_id": [each.answers for each in messages],
            "record": [each.record for each in messages],
        }
    )
