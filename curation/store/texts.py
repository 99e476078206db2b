"""Texts of messages by the hundred thousand, for what is measured of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from curation.model import UNSPOKEN_KINDS, Kind, Said, Side
from curation.store.tables import current_text, message

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection

    from curation.store.workspace import Workspace


_KINDS: Final = {kind.value: kind for kind in Kind}
_SIDES: Final = {side.value: side for side in Side}


def talks(connection: Connection, numbers: Sequence[int]) -> dict[int, list[Said]]:
    """Return what is said in conversations, some hundreds, by their ids, in its order.

    Deleted messages are left out; a conversation without any other is empty.
    """
    rows = connection.execute(
        select(
            message.c.conversation_id,
            message.c.id,
            message.c.side,
            message.c.time,
            message.c.kind,
            current_text,
            message.c.reply_to,
        )
        .where(message.c.conversation_id.in_(numbers), message.c.deleted.is_(False))
        .order_by(message.c.conversation_id, message.c.position, message.c.id)
    )
    found: dict[int, list[Said]] = {number: [] for number in numbers}
    for owner, number, side, time, kind, text, reply_to in rows:
        found[owner].append(Said(number, _SIDES[side], time, _KINDS[kind], text, reply_to))
    return found


def highest(workspace: Workspace) -> int:
    """Return the highest id of a message, 0 without any."""
    with workspace.read() as connection:
        return connection.scalar(select(func.max(message.c.id))) or 0


def spoken(workspace: Workspace, after: int, last: int) -> tuple[list[int], list[str]]:
    """Return owners and current texts of the messages with ids from `after` + 1 to `last`.

    Deleted messages and those that nobody said are left out.
    """
    query = select(message.c.conversation_id, current_text).where(
        message.c.id > after,
        message.c.id <= last,
        message.c.deleted.is_(False),
        message.c.kind.not_in(sorted(UNSPOKEN_KINDS)),
    )
    with workspace.read() as connection:
        rows = connection.execute(query).all()
    return [row[0] for row in rows], [row[1] for row in rows]


def count_mine(workspace: Workspace, kinds: Collection[Kind]) -> int:
    """Return how many imported messages of these kinds are mine, deleted ones among them."""
    query = select(func.count()).where(
        message.c.side == Side.ME.value, message.c.kind.in_(sorted(kinds)), ~message.c.added
    )
    with workspace.read() as connection:
        return connection.execute(query).scalar_one()
