"""Where approved conversations stand, for an export: in which order, when, in which chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from curation.model import Status
from curation.store.duplicates import there
from curation.store.queue import place_order
from curation.store.rows import raw_rows
from curation.store.tables import conversation, source_file

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Place(NamedTuple):
    """One approved conversation: `began` in seconds of the chat's clock, None without times.

    `before` is the conversation in front of it in its chat whatever became of that one, 0 for
    none; `like` the one that it nearly repeats, None for none. `source` names its file, `length` is
    how many messages it has.
    """

    id: int
    began: int | None
    before: int
    like: int | None
    source: str
    length: int


def approved_places(connection: Connection) -> list[Place]:
    """Return all approved conversations chat by chat, each in order of time."""
    columns = (conversation.c.id, conversation.c.chat_id, conversation.c.status)
    statement = (
        select(
            *columns,
            conversation.c.started_at,
            there,
            source_file.c.name,
            conversation.c.length,
        )
        .outerjoin(source_file, source_file.c.id == conversation.c.source_file_id)
        .order_by(*place_order())
    )
    found: list[Place] = []
    before = before_chat = 0
    for number, chat, status, began, like, source, length in raw_rows(connection, statement):
        if status == Status.APPROVED.value:
            in_front = before if chat == before_chat else 0
            found.append(Place(number, began, in_front, like, source or "", length))
        before, before_chat = number, chat
    return found
