"""Putting imported messages into the workspace, and what is known of a chat already."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from sqlalchemy import bindparam, func, insert, select, update

from curation.model import UNSPOKEN_KINDS, Status
from curation.store.tables import chat, conversation, imported_record, message, source_file

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

SORT_KEY_STEP: Final = 1000
_ROWS_AT_ONCE: Final = 5000


def chat_id(connection: Connection, name: str) -> int:
    """Return the id of the chat called `name`, made if it is new."""
    found = connection.scalar(select(chat.c.id).where(chat.c.name == name))
    if found is None:
        found = connection.execute(insert(chat).values(name=name).returning(chat.c.id)).scalar_one()
    return int(found)


def known_messages(connection: Connection, chat_number: int) -> pd.DataFrame:
    """Return the imported messages of a chat, in the order of conversation and position.

    Columns: id, conversation_id, touched (bool), position, source_id, side, time (Int64 seconds,
    missing where unknown), text (as it was imported). Messages that a person added are not in it.
    """
    rows = connection.execute(
        select(
            message.c.id,
            message.c.conversation_id,
            conversation.c.touched,
            message.c.position,
            message.c.source_id,
            message.c.side,
            message.c.time,
            message.c.original_text.label("text"),
        )
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .where(message.c.chat_id == chat_number, message.c.added.is_(False))
        .order_by(message.c.conversation_id, message.c.position)
    )
    table = pd.DataFrame(rows.all(), columns=pd.Index(list(rows.keys())))
    return table.astype({"time": "Int64", "source_id": "object", "touched": "bool"})


def known_records(connection: Connection, chat_number: int) -> Counter[str]:
    """Return how often each record digest was imported into a chat."""
    rows = connection.execute(
        select(imported_record.c.digest, func.count().label("times"))
        .where(imported_record.c.chat_id == chat_number)
        .group_by(imported_record.c.digest)
    )
    return Counter({row.digest: row.times for row in rows})


def add_records(connection: Connection, chat_number: int, digests: Iterable[str]) -> None:
    """Remember record digests as imported into a chat."""
    rows = [{"chat_id": chat_number, "digest": digest} for digest in digests]
    if rows:
        connection.execute(insert(imported_record), rows)


def add_source_file(
    connection: Connection, *, name: str, file_format: str, messages: int, added: int
) -> int:
    """Remember an imported file; return its id."""
    number = connection.execute(
        insert(source_file)
        .values(
            name=name,
            format=file_format,
            imported_at=int(time.time()),
            messages=messages,
            added=added,
        )
        .returning(source_file.c.id)
    ).scalar_one()
    return int(number)


def add_conversations(connection: Connection, chat_number: int, messages: pd.DataFrame) -> int:
    """Store new conversations of a chat; return how many.

    `messages` is a message table in order with the extra columns `side`, `seconds` (Int64),
    `conversation` (a number that rows of one conversation share) and `source_file_id`.
    """
    if messages.empty:
        return 0
    summary = _summaries(messages)
    highest = connection.scalar(
        select(func.max(conversation.c.sort_key)).where(
            conversation.c.chat_id == chat_number, conversation.c.started_at.is_(None)
        )
    )
    number = 0 if highest is None else int(highest) // SORT_KEY_STEP + 1
    rows: list[dict[str, object]] = []
    for started, ended, source, length, turns in zip(
        _none_for_missing(summary["started"]),
        _none_for_missing(summary["ended"]),
        summary["source_file_id"].tolist(),
        summary["length"].tolist(),
        summary["turns"].tolist(),
        strict=True,
    ):
        if started is None:
            sort_key = number * SORT_KEY_STEP
            number += 1
        else:
            sort_key = started * SORT_KEY_STEP
        rows.append(
            {
                "chat_id": chat_number,
                "source_file_id": source,
                "sort_key": sort_key,
                "status": Status.PENDING.value,
                "version": 1,
                "touched": False,
                "background": "",
                "started_at": started,
                "ended_at": ended,
                "length": length,
                "turns": turns,
                "findings": 0,
                "undecided": 0,
                "edited": False,
            }
        )
    ids = connection.scalars(
        insert(conversation).returning(conversation.c.id, sort_by_parameter_order=True), rows
    ).all()
    numbered = pd.Series(ids, index=summary.index)
    owners = messages["conversation"].map(numbered)
    positions = messages.groupby("conversation", sort=False).cumcount()
    _insert_messages(connection, chat_number, messages, owners, positions)
    return len(rows)


def extend_conversation(
    connection: Connection, chat_number: int, conversation_id: int, messages: pd.DataFrame
) -> None:
    """Put more messages into a conversation that nobody touched, in order of time.

    `messages` is as in `add_conversations`, without the column `conversation`.
    """
    held = connection.execute(
        select(message.c.id, message.c.time)
        .where(message.c.conversation_id == conversation_id)
        .order_by(message.c.position)
    ).all()
    times = [row.time for row in held] + [int(value) for value in messages["seconds"]]
    order = sorted(range(len(times)), key=lambda index: times[index])
    position = {index: place for place, index in enumerate(order)}
    connection.execute(
        update(message)
        .where(message.c.id == bindparam("held_id"))
        .values(position=bindparam("place")),
        [{"held_id": row.id, "place": position[index]} for index, row in enumerate(held)],
    )
    owners = pd.Series(conversation_id, index=messages.index)
    places = pd.Series(
        [position[len(held) + offset] for offset in range(len(messages))], index=messages.index
    )
    _insert_messages(connection, chat_number, messages, owners, places)
    connection.execute(
        update(conversation)
        .where(conversation.c.id == conversation_id)
        .values(
            version=conversation.c.version + 1,
            sort_key=min(times) * SORT_KEY_STEP,
        )
    )


def _summaries(messages: pd.DataFrame) -> pd.DataFrame:
    """Return one row a conversation: started, ended, source_file_id, length, turns."""
    number = messages["conversation"]
    spoken = messages[~messages["kind"].isin(UNSPOKEN_KINDS)]
    turn_starts = (spoken["side"] != spoken["side"].shift()) | (
        spoken["conversation"] != spoken["conversation"].shift()
    )
    grouped = messages.groupby(number, sort=False)
    summary = grouped.agg(
        started=("seconds", "min"),
        ended=("seconds", "max"),
        source_file_id=("source_file_id", "first"),
    )
    length = spoken.groupby("conversation").size()
    turns = turn_starts.groupby(spoken["conversation"]).sum()
    summary["length"] = length.reindex(summary.index, fill_value=0)
    summary["turns"] = turns.reindex(summary.index, fill_value=0)
    return summary


def _insert_messages(
    connection: Connection,
    chat_number: int,
    messages: pd.DataFrame,
    owners: pd.Series[int],
    positions: pd.Series[int],
) -> None:
    for start in range(0, len(messages), _ROWS_AT_ONCE):
        part = messages.iloc[start : start + _ROWS_AT_ONCE]
        columns = zip(
            owners.iloc[start : start + _ROWS_AT_ONCE].tolist(),
            positions.iloc[start : start + _ROWS_AT_ONCE].tolist(),
            _none_for_missing(part["source_id"]),
            part["sender"].tolist(),
            part["sender_name"].tolist(),
            part["side"].tolist(),
            _none_for_missing(part["seconds"]),
            part["kind"].tolist(),
            part["text"].tolist(),
            _none_for_missing(part["reply_to"]),
            strict=True,
        )
        connection.execute(
            insert(message),
            [
                {
                    "conversation_id": owner,
                    "chat_id": chat_number,
                    "position": position,
                    "source_id": source_id,
                    "sender": sender,
                    "sender_name": sender_name,
                    "side": side,
                    "time": seconds,
                    "kind": kind,
                    "original_text": text,
                    "text": text,
                    "reply_to": reply_to,
                    "deleted": False,
                    "added": False,
                    "background": "",
                    "scanned": False,
                }
                for (
                    owner,
                    position,
                    source_id,
                    sender,
                    sender_name,
                    side,
                    seconds,
                    kind,
                    text,
                    reply_to,
                ) in columns
            ],
        )


def _none_for_missing(values: pd.Series[Any]) -> list[Any]:
    return values.astype("object").where(values.notna(), None).tolist()
