"""Texts of messages by the hundred thousand, for what is measured of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from curation.model import UNSPOKEN_KINDS, Side
from curation.store.tables import current_text, message

if TYPE_CHECKING:
    from collections.abc import Collection

    from curation.model import Kind
    from curation.store.workspace import Workspace


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
