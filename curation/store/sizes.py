"""How large what is approved would be to a trainer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from curation.model import Status
from curation.store.tables import conversation

if TYPE_CHECKING:
    from curation.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of the approved conversations: how many, their turns and tokens, and the length of long ones.

    `longest` is the number of tokens that all but one in a hundred stay under. Those whose length
    was not measured yet count as conversations only.
    """

    conversations: int
    turns: int
    tokens: int
    longest: int


def approved_sizes(workspace: Workspace) -> Sizes:
    """Return how large the approved conversations are."""
    approved = conversation.c.status == Status.APPROVED.value
    measured = approved & conversation.c.tokens.is_not(None)
    with workspace.read() as connection:
        count, turns, tokens, known = connection.execute(
            select(
                func.count(),
                func.coalesce(func.sum(conversation.c.turns), 0),
                func.coalesce(func.sum(conversation.c.tokens), 0),
                func.count(conversation.c.tokens),
            ).where(approved)
        ).one()
        longest = connection.scalar(
            select(conversation.c.tokens)
            .where(measured)
            .order_by(conversation.c.tokens.desc())
            .offset(known // 100)
            .limit(1)
        )
    return Sizes(int(count), int(turns), int(tokens), int(longest or 0))
