"""What trainers must not see in the records: labels, in a file of their own beside them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from curation.exporters.layouts import row_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.model import Conversation, Turn


def record_hash(record: dict[str, Any]) -> str:
    """Return the SHA-256 of a ShareGPT record's JSON text, in whatever format it is written."""
    return hashlib.sha256(row_text(record).encode("utf-8")).hexdigest()


def label_line(
    index: int,
    sha256: str,
    conversation: Conversation,
    turns: Sequence[Turn],
    names: Mapping[str, str],
    *,
    more: Mapping[str, Any] | None = None,
) -> str:
    """Return the labels of one record as a line of JSON, with its line feed.

    `{"index", "sha256", "conversation", "emotions", "turns"}`: `index` counts from 0, `sha256` is
    the record's `record_hash`, `conversation` the number in the workspace, `emotions` those of the
    whole, and `turns` a list of emotions for each turn of the record. `names` maps an emotion to
    the name to write, so that it is masked like every other text. `more` is added at the end.
    """
    line = {
        "index": index,
        "sha256": sha256,
        "conversation": conversation.id,
        "emotions": [names[emotion] for emotion in conversation.emotions],
        "turns": emotions_by_turn(conversation, turns, names),
        **(more or {}),
    }
    return row_text(line) + "\n"


def emotions_by_turn(
    conversation: Conversation, turns: Sequence[Turn], names: Mapping[str, str]
) -> list[list[str]]:
    """Return the emotions of the messages of each turn, by their names, each once."""
    by_message = {message.id: message.emotions for message in conversation.messages}
    return [
        list(
            dict.fromkeys(
                names[emotion] for mark in turn.message_ids for emotion in by_message[mark]
            )
        )
        for turn in turns
    ]


def emotions_of(conversation: Conversation) -> frozenset[str]:
    """Return every emotion that stands on `conversation` or on one of its messages."""
    return frozenset(conversation.emotions).union(
        *(message.emotions for message in conversation.messages)
    )
