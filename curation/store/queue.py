"""The order of the queue, and what stands before and after a place in it.

The queue goes chat by chat, each in order of time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select, tuple_

from curation.store.filters import condition, only_chats
from curation.store.tables import chat, conversation, status_count

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.sql.elements import UnaryExpression

    from curation.model import ConversationFilter

Place = tuple[int, int, int]

_place: Final = tuple_(conversation.c.chat_id, conversation.c.sort_key, conversation.c.id)


def place_order() -> tuple[UnaryExpression[object], ...]:
    """Return the columns that order the queue."""
    return (
        conversation.c.chat_id.asc(),
        conversation.c.sort_key.asc(),
        conversation.c.id.asc(),
    )


def matching_ids(connection: Connection, flt: ConversationFilter) -> list[int]:
    """Return the ids of all conversations of a filter, in the order of the queue."""
    return list(
        connection.scalars(select(conversation.c.id).where(condition(flt)).order_by(*place_order()))
    )


def place_of(connection: Connection, conversation_id: int) -> Place | None:
    """Return where a conversation stands in the queue's order; None when it is gone."""
    row = connection.execute(
        select(conversation.c.chat_id, conversation.c.sort_key, conversation.c.id).where(
            conversation.c.id == conversation_id
        )
    ).first()
    return None if row is None else (row[0], row[1], row[2])


def ids_after(
    connection: Connection, flt: ConversationFilter, place: Place | None, limit: int
) -> list[int]:
    """Return up to `limit` ids of a filter that come after `place`, nearest first."""
    query = select(conversation.c.id).where(condition(flt))
    if place is not None:
        query = query.where(_place > place)
    return list(connection.scalars(query.order_by(*place_order()).limit(limit)))


def ids_before(
    connection: Connection, flt: ConversationFilter, place: Place, limit: int
) -> list[int]:
    """Return up to `limit` ids of a filter that come before `place`, nearest last."""
    query = (
        select(conversation.c.id)
        .where(condition(flt), _place < place)
        .order_by(
            conversation.c.chat_id.desc(),
            conversation.c.sort_key.desc(),
            conversation.c.id.desc(),
        )
        .limit(limit)
    )
    return list(connection.scalars(query))[::-1]


def count_up_to(connection: Connection, flt: ConversationFilter, place: Place) -> int:
    """Return how many conversations of a filter stand at or before `place`."""
    if flt != only_chats(flt):
        return connection.execute(
            select(func.count()).select_from(conversation).where(condition(flt), _place <= place)
        ).scalar_one()
    chat_number, *_ = place
    earlier = select(func.coalesce(func.sum(status_count.c.conversations), 0)).where(
        status_count.c.chat_id < chat_number
    )
    if flt.chats:
        chosen = select(chat.c.id).where(chat.c.name.in_(flt.chats))
        earlier = earlier.where(status_count.c.chat_id.in_(chosen))
    here = (
        select(func.count())
        .select_from(conversation)
        .where(conversation.c.chat_id == chat_number, condition(flt), _place <= place)
    )
    return int(connection.execute(earlier).scalar_one() + connection.execute(here).scalar_one())


def next_in_chat(connection: Connection, conversation_id: int) -> int | None:
    """Return the conversation that follows in the same chat; None at its end."""
    place = place_of(connection, conversation_id)
    if place is None:
        return None
    return connection.scalar(
        select(conversation.c.id)
        .where(conversation.c.chat_id == place[0], _place > place)
        .order_by(*place_order())
        .limit(1)
    )


def previous_in_chat(connection: Connection, conversation_id: int) -> int | None:
    """Return the conversation that stands before in the same chat; None at its begin."""
    place = place_of(connection, conversation_id)
    if place is None:
        return None
    return connection.scalar(
        select(conversation.c.id)
        .where(conversation.c.chat_id == place[0], _place < place)
        .order_by(
            conversation.c.chat_id.desc(),
            conversation.c.sort_key.desc(),
            conversation.c.id.desc(),
        )
        .limit(1)
    )
