"""Taking untouched conversations of a chat apart and putting their messages together anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import bindparam, delete, func, select, update

from curation.model import Status
from curation.store import derived, drafts, search, suggestions
from curation.store.imports import SORT_KEY_STEP, insert_conversations
from curation.store.rows import raw_rows
from curation.store.tables import conversation, message

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Connection

_IDS_AT_ONCE: Final = 500
_ROWS_AT_ONCE: Final = 20_000

_COLUMNS: Final = (
    message.c.id,
    message.c.conversation_id,
    conversation.c.touched,
    message.c.position,
    message.c.source_id,
    message.c.side,
    message.c.time.label("seconds"),
    message.c.kind,
    message.c.original_text.label("text"),
    message.c.reply_to,
    message.c.reply_id,
)


_MESSAGES: Final = (
    select(*_COLUMNS)
    .join(conversation, conversation.c.id == message.c.conversation_id)
    .order_by(conversation.c.sort_key, conversation.c.id, message.c.position, message.c.id)
)


def chat_messages(connection: Connection, chat_id: int) -> pd.DataFrame:
    """Return all messages of a chat in the order of the queue.

    Columns: id, conversation_id, touched (bool), position, source_id, side, seconds (Int64), kind,
    text (as it was imported: an edited one belongs to a touched conversation), reply_to, reply_id.
    """
    return _table(list(raw_rows(connection, _MESSAGES.where(conversation.c.chat_id == chat_id))))


def messages_of(connection: Connection, numbers: Sequence[int]) -> pd.DataFrame:
    """Return all messages of conversations, with the columns of `chat_messages`."""
    rows: list[Sequence[Any]] = []
    for begin in range(0, len(numbers), _IDS_AT_ONCE):
        some = message.c.conversation_id.in_(numbers[begin : begin + _IDS_AT_ONCE])
        rows += raw_rows(connection, _MESSAGES.where(some))
    return _table(rows)


def other_times(
    connection: Connection, chat_id: int, numbers: Collection[int]
) -> NDArray[np.int64]:
    """Return the times of a chat's messages that do not lie in these conversations, in order."""
    chosen = set(numbers)
    rows = raw_rows(
        connection,
        select(message.c.conversation_id, message.c.time)
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .where(conversation.c.chat_id == chat_id, message.c.time.is_not(None)),
    )
    return np.sort(np.array([time for owner, time in rows if owner not in chosen], dtype="int64"))


def extent(connection: Connection) -> tuple[int, int]:
    """Return what is another one once a message came or went: the highest id, and how many."""
    found = connection.execute(select(func.coalesce(func.max(message.c.id), 0), func.count()))
    highest, count = found.one()
    return highest, count


def _table(rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    names = [column.key for column in _COLUMNS]
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    types = {"id": "int64", "conversation_id": "int64", "touched": "bool", "seconds": "Int64"}
    return pd.DataFrame(
        {
            name: pd.Series(column, dtype=types.get(name, "object"))
            for name, column in zip(names, columns, strict=True)
        }
    )


def counts(connection: Connection, chat_id: int) -> tuple[int, int]:
    """Return how many conversations of a chat nobody touched, and how many somebody did."""
    found = connection.execute(
        select(conversation.c.touched, func.count())
        .where(conversation.c.chat_id == chat_id)
        .group_by(conversation.c.touched)
    )
    rows = {bool(touched): int(count) for touched, count in found}
    return rows.get(False, 0), rows.get(True, 0)


def regroup(
    connection: Connection, chat_id: int, rows: pd.DataFrame, told: Callable[[int, int], None]
) -> None:
    """Let the messages of untouched conversations of a chat form other ones.

    `rows` holds every message of these conversations in its new order: id, conversation_id (where
    it is), position, seconds, group (a number that messages of one new conversation share). A
    conversation that stays the same is not written; one whose first message stays its first keeps
    its id. `told` is called with how many messages are moved and how many are to be.
    """
    moving = changed(rows)
    if moving.empty:
        told(0, 0)
        return
    heads = {
        row.id: row
        for row in connection.execute(
            select(conversation.c.id, conversation.c.source_file_id, conversation.c.scanned).where(
                conversation.c.chat_id == chat_id, conversation.c.touched.is_(False)
            )
        )
    }
    groups = groups_of(moving, {number for number, head in heads.items() if not head.scanned})
    groups["searched"] &= ~groups["joined"]  # a question and its answer may have come together
    # A conversation that is taken apart keeps its id for the part that comes first.
    again = groups["source"].duplicated()
    kept, fresh = groups[~again], groups[again]
    owners = kept["source"]
    if len(kept):
        connection.execute(_KEEP, dicts(kept[["source", "order", "searched"]]))
    if len(fresh):
        same = {**NEW, "chat_id": chat_id}
        columns = {name: [value] * len(fresh) for name, value in same.items()}
        columns["sort_key"] = fresh["order"].tolist()
        columns["scanned"] = fresh["searched"].tolist()
        columns["source_file_id"] = [heads[old].source_file_id for old in fresh["source"]]
        made = insert_conversations(connection, columns)
        owners = pd.concat([owners, pd.Series(made, index=fresh.index)])
    _move(connection, moving, moving["group"].map(owners), told)
    suggestions.follow(connection, heads)
    gone = sorted(set(moving["conversation_id"].tolist()) - set(kept["source"].tolist()))
    for begin in range(0, len(gone), _IDS_AT_ONCE):
        some = gone[begin : begin + _IDS_AT_ONCE]
        suggestions.forget(connection, conversation.name, some)
        connection.execute(delete(conversation).where(conversation.c.id.in_(some)))
    derived.refresh(connection, set(owners.tolist()))
    search.forget(connection, set(owners.tolist()))
    drafts.follow(connection)


def groups_of(rows: pd.DataFrame, unscanned: set[int]) -> pd.DataFrame:
    """Return one row a group: source (where its first message is), order (sort key), searched.

    `joined` says that its messages come from several conversations, so that they were never
    searched together.
    """
    groups = rows.groupby("group", sort=False)
    start = groups["seconds"].min().astype("int64")
    waiting = rows["conversation_id"].isin(unscanned).groupby(rows["group"], sort=False).any()
    return pd.DataFrame(
        {
            "source": groups["conversation_id"].first(),
            "order": start * SORT_KEY_STEP + start.groupby(start).cumcount(),
            "searched": ~waiting,
            "joined": groups["conversation_id"].min() != groups["conversation_id"].max(),
        }
    )


_KEEP: Final = (
    update(conversation)
    .where(conversation.c.id == bindparam("source"))
    .values(
        version=conversation.c.version + 1,
        sort_key=bindparam("order"),
        scanned=bindparam("searched"),
    )
)

NEW: Final[Mapping[str, object]] = {
    "status": Status.PENDING.value,
    "version": 1,
    "touched": False,
    "background": "",
    "length": 0,
    "turns": 0,
    "findings": 0,
    "undecided": 0,
    "edited": False,
}


def changed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of groups that are not exactly one conversation as it is.

    `rows` are messages with their `conversation_id` and the `group` that they shall form.
    """
    sources = rows.groupby("group")["conversation_id"].nunique()
    targets = rows.groupby("conversation_id")["group"].nunique()
    same = (rows["group"].map(sources) == 1) & (rows["conversation_id"].map(targets) == 1)
    return rows[~same]


def _move(
    connection: Connection,
    rows: pd.DataFrame,
    owners: pd.Series[int],
    told: Callable[[int, int], None],
) -> None:
    places = rows.groupby("group", sort=False).cumcount()
    differ = (owners != rows["conversation_id"]) | (places != rows["position"])
    moved = pd.DataFrame({"number": rows["id"], "owner": owners, "place": places})[differ]
    query = (
        update(message)
        .where(message.c.id == bindparam("number"))
        .values(conversation_id=bindparam("owner"), position=bindparam("place"))
    )
    for begin in range(0, len(moved), _ROWS_AT_ONCE):
        told(begin, len(moved))
        connection.execute(query, dicts(moved.iloc[begin : begin + _ROWS_AT_ONCE]))
    told(len(moved), len(moved))


def dicts(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as the database takes them."""
    names = [str(name) for name in table.columns]
    columns = [table[name].tolist() for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
