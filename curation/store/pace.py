"""When conversations were decided, as the journal tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, case, false, func, or_, select

from curation.model import Status
from curation.store import changes
from curation.store.tables import journal, journal_part

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from curation.store.workspace import Workspace

_STATUS: Final = "set_status"


@dataclass(frozen=True, slots=True)
class Step:
    """One action: when, in UTC seconds, and whether it decided one conversation for good."""

    at: int
    decided: bool


def latest_steps(workspace: Workspace, limit: int, reviewer: str | None = None) -> list[Step]:
    """Return the newest actions of any kind of a reviewer, oldest first.

    None is whoever acts in the workspace.
    """
    who = workspace.reviewer if reviewer is None else reviewer
    decided = case((and_(_DECIDES, journal.c.count == 1), True), else_=false()).label("decided")
    with workspace.read() as connection:
        rows = connection.execute(
            select(journal.c.at, decided)
            .outerjoin(journal_part, _FIRST)
            .where(journal.c.reviewer == who)
            .order_by(journal.c.id.desc())
            .limit(limit)
        ).all()
    return [Step(row.at, bool(row.decided)) for row in reversed(rows)]


def newest(workspace: Workspace, *, besides: frozenset[str] = frozenset()) -> int:
    """Return the journal id of the newest action that is none of `besides`, 0 without any.

    What it undid or did again is not looked at: an undo is an action of its own.
    """
    query = select(journal.c.id).order_by(journal.c.id.desc()).limit(1)
    if besides:
        query = query.where(journal.c.action.not_in(sorted(besides)))
    with workspace.read() as connection:
        return connection.scalar(query) or 0


def count_since(workspace: Workspace, number: int) -> int:
    """Return how many actions the journal holds after the one with this id."""
    with workspace.read() as connection:
        query = select(func.count()).select_from(journal).where(journal.c.id > number)
        return connection.execute(query).scalar_one()


def _back_to_review() -> ColumnElement[bool]:
    """Return the condition that a status was set to `pending`; one action sets only one status."""
    return or_(
        *(
            journal_part.c.changes.endswith(ending, autoescape=True)
            for ending in changes.endings("status", Status.PENDING.value)
        )
    )


_FIRST: Final = and_(journal_part.c.journal_id == journal.c.id, journal_part.c.number == 0)
_DECIDES: Final = and_(journal.c.action == _STATUS, journal.c.undone.is_(False), ~_back_to_review())
