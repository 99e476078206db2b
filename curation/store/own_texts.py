"""Notes and backgrounds that whoever reads wrote down, told from those that others did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import or_, select

from curation.store import kept_parts
from curation.store.journal import reviewer_of
from curation.store.tables import conversation, journal, message

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

Place = tuple[str, str, int]
"""A table, a column of it, and the number of a row."""

_WRITES: Final = {
    "set_note": (conversation.name, "note"),
    "set_background": (conversation.name, "background"),
    "set_message_background": (message.name, "background"),
}


def own_texts(connection: Connection, ids: Collection[int]) -> dict[Place, str]:
    """Return what one wrote in these conversations and nobody after, by (table, column, id).

    A text that came there in another way, such as by a merge, may stand there by now instead.
    """
    rows = connection.execute(
        select(journal.c.id, journal.c.action, journal.c.conversation_id, journal.c.reviewer)
        .where(
            journal.c.action.in_(list(_WRITES)),
            journal.c.undone.is_(False),
            or_(journal.c.conversation_id.in_(ids), journal.c.conversation_id.is_(None)),
        )
        .order_by(journal.c.since.desc())
    ).all()
    me = reviewer_of(connection)
    last: dict[Place, str | None] = {}
    for row in rows:
        table, column = _WRITES[row.action]
        if row.conversation_id is None:
            # Which of many it changed would take long to read: none of them counts as one's own.
            for number in ids:
                last.setdefault((table, column, number), None)
            continue
        for part in kept_parts.read(connection, row.id):
            for name, number, _old, new in part:
                if name == table and new is not None and column in new:
                    text = str(new[column]) if row.reviewer == me else None
                    last.setdefault((table, column, number), text)
    return {place: text for place, text in last.items() if text is not None}
