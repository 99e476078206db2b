"""Which conversations say nearly the same as another one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, and_, bindparam, func, select, update

from curation.model import UNSPOKEN_KINDS
from curation.store.tables import conversation, current_text, message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

_ROWS_AT_ONCE: Final = 20_000

_other = conversation.alias("another_conversation")


there: Final = (
    select(_other.c.id).where(_other.c.id == conversation.c.duplicate_of).scalar_subquery()
)
"""The conversation that another one is like, missing where it is gone."""


def is_marked() -> ColumnElement[bool]:
    """Return the condition that a conversation is marked and the one it is like is there."""
    return and_(conversation.c.duplicate_of.is_not(None), there.is_not(None))


def count(connection: Connection) -> int:
    """Return how many conversations are marked."""
    return connection.execute(
        select(func.count()).select_from(conversation).where(is_marked())
    ).scalar_one()


def texts(connection: Connection) -> dict[int, str]:
    """Return what was said in each conversation, line by line, by its id in ascending order."""
    rows = connection.execute(
        select(message.c.conversation_id, current_text.label("text"))
        .where(message.c.deleted.is_(False), message.c.kind.not_in(sorted(UNSPOKEN_KINDS)))
        .order_by(message.c.conversation_id, message.c.position, message.c.id)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for some in rows.partitions(_ROWS_AT_ONCE):
        for number, text in some:
            found[number].append(text)
    return {number: "\n".join(lines) for number, lines in found.items()}


def keep(connection: Connection, found: Mapping[int, tuple[int, float]]) -> None:
    """Mark exactly the conversations in `found`: id -> (the earlier one, similarity)."""
    held = {
        row.id: (row.duplicate_of, row.similarity)
        for row in connection.execute(
            select(conversation.c.id, conversation.c.duplicate_of, conversation.c.similarity).where(
                conversation.c.duplicate_of.is_not(None)
            )
        )
    }
    changes = [
        {"number": number, "earlier": earlier, "likeness": likeness}
        for number, (earlier, likeness) in found.items()
        if held.get(number) != (earlier, likeness)
    ] + [
        {"number": number, "earlier": None, "likeness": None}
        for number in held
        if number not in found
    ]
    if changes:
        connection.execute(
            update(conversation)
            .where(conversation.c.id == bindparam("number"))
            .values(duplicate_of=bindparam("earlier"), similarity=bindparam("likeness")),
            changes,
        )
