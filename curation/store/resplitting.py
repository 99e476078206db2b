"""Taking untouched conversations of a chat apart and putting their messages together anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from sqlalchemy import bindparam, delete, func, insert, select, update

from curation.model import Status
from curation.store import derived
from curation.store.imports import SORT_KEY_STEP
from curation.store.tables import conversation, message

if TYPE_CHECKING:
    from collections.abc import Callable

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


def chat_messages(connection: Connection, chat_id: int) -> pd.DataFrame:
    """Return all messages of a chat in the order of the queue.

    Columns: id, conversation_id, touched (bool), position, source_id, side, seconds (Int64), kind,
    text (as it was imported: an edited one belongs to a touched conversation), reply_to, reply_id.
    """
    rows = connection.execute(
        select(*_COLUMNS)
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .where(conversation.c.chat_id == chat_id)
        .order_by(conversation.c.sort_key, conversation.c.id, message.c.position, message.c.id)
    )
    names = list(rows.keys())
    columns = list(zip(*rows.all(), strict=True)) or [()] * len(names)
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
    changed = _changed(rows)
    if changed.empty:
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
    groups = changed.groupby("group", sort=False)
    first = groups["conversation_id"].first()
    start = groups["seconds"].min().astype("int64")
    sort_keys = start * SORT_KEY_STEP + start.groupby(start).cumcount()
    unscanned = {number for number, head in heads.items() if not head.scanned}
    hold_unscanned = changed["conversation_id"].isin(unscanned).groupby(changed["group"]).any()
    owners: dict[int, int] = {}
    taken: set[int] = set()
    heads_of_groups = zip(
        first.index.tolist(),
        first.tolist(),
        sort_keys.tolist(),
        hold_unscanned.reindex(first.index).tolist(),
        strict=True,
    )
    for group, old, sort_key, unsearched in heads_of_groups:
        values: dict[str, Any] = {"sort_key": sort_key, "scanned": not unsearched}
        if old in taken:
            source = heads[old].source_file_id
            values |= _NEW | {"chat_id": chat_id, "source_file_id": source}
            query = insert(conversation).values(values).returning(conversation.c.id)
            owners[group] = connection.execute(query).scalar_one()
        else:
            taken.add(old)
            owners[group] = old
            connection.execute(
                update(conversation)
                .where(conversation.c.id == old)
                .values(version=conversation.c.version + 1, **values)
            )
    _move(connection, changed, changed["group"].map(owners), told)
    gone = sorted(set(changed["conversation_id"].tolist()) - taken)
    for begin in range(0, len(gone), _IDS_AT_ONCE):
        some = gone[begin : begin + _IDS_AT_ONCE]
        connection.execute(delete(conversation).where(conversation.c.id.in_(some)))
    derived.refresh(connection, set(owners.values()))


_NEW: Final = {
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


def _changed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of groups that are not exactly one conversation as it is."""
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
    moves = [
        {"number": number, "owner": owner, "place": place}
        for number, owner, place in zip(
            rows.loc[differ, "id"].tolist(),
            owners[differ].tolist(),
            places[differ].tolist(),
            strict=True,
        )
    ]
    query = (
        update(message)
        .where(message.c.id == bindparam("number"))
        .values(conversation_id=bindparam("owner"), position=bindparam("place"))
    )
    for begin in range(0, len(moves), _ROWS_AT_ONCE):
        told(begin, len(moves))
        connection.execute(query, moves[begin : begin + _ROWS_AT_ONCE])
    told(len(moves), len(moves))
