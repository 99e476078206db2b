"""Putting imported messages into the workspace, and what is known of a chat already."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import bindparam, func, insert, select, update

from curation.model import UNSPOKEN_KINDS, Status
from curation.store import derived, search
from curation.store.rows import insert_columns, insert_rows, raw_rows
from curation.store.tables import (
    SHUFFLED,
    chat,
    conversation,
    imported_record,
    message,
    sender,
    source_file,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

SORT_KEY_STEP: Final = 1000
_KNOWN_TYPES: Final[Mapping[str, Any]] = {
    "source_id": "object",
    "touched": "bool",
    "time": "Int64",
    "text": "object",
    "side": "object",
    "kind": "object",
}
_VALUES_AT_ONCE: Final = 30_000  # older builds of SQLite take 32,766 values in one statement


@dataclass(frozen=True, slots=True)
class KnownChat:
    """What an import must know of a chat. `first` and `last` are its earliest and latest second."""

    id: int
    name: str
    account: str = ""
    is_group: bool = False
    gap_minutes: int | None = None
    swapped: bool = False
    first: int | None = None
    last: int | None = None


def known_chats(connection: Connection) -> list[KnownChat]:
    """Return all chats, in the order in which they came in."""
    spans = {
        row.chat_id: row
        for row in connection.execute(
            select(
                conversation.c.chat_id,
                func.min(conversation.c.started_at).label("first"),
                func.max(conversation.c.ended_at).label("last"),
            ).group_by(conversation.c.chat_id)
        )
    }
    return [
        KnownChat(
            id=row.id,
            name=row.name,
            account=row.account or "",
            is_group=row.is_group,
            gap_minutes=row.gap_minutes,
            swapped=row.swapped,
            first=spans[row.id].first if row.id in spans else None,
            last=spans[row.id].last if row.id in spans else None,
        )
        for row in connection.execute(select(chat).order_by(chat.c.id))
    ]


def chat_id(connection: Connection, name: str) -> int:
    """Return the id of the chat called `name`, made if it is new."""
    found = connection.scalar(select(chat.c.id).where(chat.c.name == name))
    if found is None:
        found = connection.execute(insert(chat).values(name=name).returning(chat.c.id)).scalar_one()
    return int(found)


def update_chat(connection: Connection, chat_number: int, **values: object) -> None:
    """Set columns of a chat; no journal row is written."""
    connection.execute(update(chat).where(chat.c.id == chat_number).values(**values))


def chats_with_times(
    connection: Connection, seconds: Iterable[int]
) -> Iterator[tuple[int, int, str]]:
    """Yield (chat id, second, text) of the imported messages sent in one of these seconds."""
    wanted = sorted(set(seconds))
    for start in range(0, len(wanted), _VALUES_AT_ONCE):
        rows = connection.execute(
            select(conversation.c.chat_id, message.c.time, message.c.original_text)
            .join(conversation, conversation.c.id == message.c.conversation_id)
            .where(message.c.time.in_(wanted[start : start + _VALUES_AT_ONCE]))
        )
        yield from ((row[0], row[1], row[2]) for row in rows)


def chats_with_ids(connection: Connection, ids: Iterable[str]) -> Iterator[tuple[int, str, str]]:
    """Yield (chat id, source id, text) of the imported messages that have one of these ids."""
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _VALUES_AT_ONCE):
        rows = connection.execute(
            select(conversation.c.chat_id, message.c.source_id, message.c.original_text)
            .join(conversation, conversation.c.id == message.c.conversation_id)
            .where(message.c.source_id.in_(wanted[start : start + _VALUES_AT_ONCE]))
        )
        yield from ((row[0], row[1], row[2]) for row in rows)


def senders(connection: Connection, chat_number: int) -> pd.DataFrame:
    """Return the senders of a chat: columns id, key, name."""
    rows = connection.execute(
        select(sender.c.id, sender.c.key, sender.c.name).where(sender.c.chat_id == chat_number)
    ).all()
    return pd.DataFrame([tuple(row) for row in rows], columns=pd.Index(["id", "key", "name"]))


def known_messages(connection: Connection, chat_number: int) -> pd.DataFrame:
    """Return the imported messages of a chat, in the order of conversation and position.

    Columns: id, conversation_id, touched (bool), position, source_id, sender_id, side, kind, time
    (Int64 seconds, missing where unknown), text (as it was imported). Messages that a person added
    are not in it.
    """
    statement = (
        select(
            message.c.id,
            message.c.conversation_id,
            conversation.c.touched,
            message.c.position,
            message.c.source_id,
            message.c.sender_id,
            message.c.side,
            message.c.kind,
            message.c.time,
            message.c.original_text.label("text"),
        )
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .where(conversation.c.chat_id == chat_number, message.c.added.is_(False))
        .order_by(message.c.conversation_id, message.c.position)
    )
    names = [column.name for column in statement.selected_columns]
    # Column by column: pandas asks every row object in a list what it is, which takes seconds.
    columns = list(zip(*raw_rows(connection, statement), strict=True)) or [()] * len(names)
    return pd.DataFrame(
        {
            name: pd.Series(column, dtype=_KNOWN_TYPES.get(name))
            for name, column in zip(names, columns, strict=True)
        }
    )


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
    started = _none_for_missing(summary["started"])
    sort_keys = []
    for seconds in started:
        sort_keys.append(number * SORT_KEY_STEP if seconds is None else seconds * SORT_KEY_STEP)
        number += seconds is None
    columns = {
        "sort_key": sort_keys,
        "source_file_id": summary["source_file_id"].tolist(),
        "started_at": started,
        "ended_at": _none_for_missing(summary["ended"]),
        "length": summary["length"].tolist(),
        "turns": summary["turns"].tolist(),
    }
    same = {
        "chat_id": chat_number,
        "status": Status.PENDING.value,
        "version": 1,
        "touched": False,
        "background": "",
        "findings": 0,
        "undecided": 0,
        "edited": False,
        "scanned": False,
    }
    columns |= {name: [value] * len(summary) for name, value in same.items()}
    ids = insert_conversations(connection, columns)
    numbered = pd.Series(ids, index=summary.index)
    owners = messages["conversation"].map(numbered)
    positions = messages.groupby("conversation", sort=False).cumcount()
    _insert_messages(connection, chat_number, messages, owners, positions)
    return len(ids)


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
            scanned=False,
            sort_key=min(times) * SORT_KEY_STEP,
        )
    )
    derived.refresh(connection, {conversation_id})
    search.forget(connection, {conversation_id})


def insert_conversations(
    connection: Connection, columns: Mapping[str, Sequence[object]]
) -> list[int]:
    """Insert conversations; return their ids in order."""
    count = len(columns["sort_key"])
    columns = {
        **columns,
        "shuffle": np.random.default_rng().integers(SHUFFLED, size=count).tolist(),
    }
    return insert_columns(connection, conversation, columns)


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
    columns = {
        "conversation_id": owners.tolist(),
        "position": positions.tolist(),
        "source_id": _none_for_missing(messages["source_id"]),
        "sender_id": _sender_ids(connection, chat_number, messages),
        "side": messages["side"].tolist(),
        "time": _none_for_missing(messages["seconds"]),
        "kind": messages["kind"].tolist(),
        "original_text": messages["text"].tolist(),
        "reply_to": _none_for_missing(messages["reply_to"]),
        "reply_id": _none_for_missing(messages["reply_id"]),
    }
    insert_rows(connection, message, list(columns), zip(*columns.values(), strict=True))


def _sender_ids(connection: Connection, chat_number: int, messages: pd.DataFrame) -> list[int]:
    """Return the sender's id for each message; new senders are stored."""
    ids = {
        (row.key, row.name): int(row.id)
        for row in connection.execute(select(sender).where(sender.c.chat_id == chat_number))
    }
    group = messages.groupby(["sender", "sender_name"], sort=False).ngroup()
    firsts = messages.loc[~group.duplicated(), ["sender", "sender_name"]]
    for key, name in zip(firsts["sender"], firsts["sender_name"], strict=True):
        if (key, name) not in ids:
            ids[key, name] = connection.execute(
                insert(sender)
                .values(chat_id=chat_number, key=key, name=name)
                .returning(sender.c.id)
            ).scalar_one()
    by_group = pd.Series(
        [ids[key, name] for key, name in zip(firsts["sender"], firsts["sender_name"], strict=True)],
        index=group[~group.duplicated()],
    )
    return group.map(by_group).tolist()


def _none_for_missing(values: pd.Series[Any]) -> list[Any]:
    return values.astype("object").where(values.notna(), None).tolist()
