"""Who decided and edited how many conversations when, as the journal tells.

Reading a long journal takes a while, and each page wants to know. So what was counted once is
carried on: only what was done, undone or done again since is read.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import Integer, and_, case, func, literal_column, or_, select

from curation.model import Status
from curation.store import changes
from curation.store.tables import journal, journal_part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection

QUARTER: Final = 900
"""Seconds that are counted together: every zone's midnight lies between two such stretches."""

EDITED: Final = "edited"

_DECIDE: Final = "set_status"
_EDIT: Final = (
    *("edit_message", "replace", "add_message", "delete_message", "delete_messages", "swap_sides"),
    *("set_background", "set_message_background", "split", "split_off"),
    *("merge_next", "merge_previous"),
)
_MOST_TURNED: Final = 500
"""When more was undone or done again since, all is counted anew."""


class Deed(NamedTuple):
    """What somebody did to conversations in one stretch of `QUARTER` seconds since 1970.

    `what` is the status that they gave, or `EDITED`; `reviewer` is empty for who gave no name.
    """

    reviewer: str
    stretch: int
    what: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many conversations each deed was about, up to the `newest` row of the journal.

    What was undone is left out, and so is what was only put back to review.
    """

    newest: int
    counts: Mapping[Deed, int]


def tally(connection: Connection, before: Tally | None = None) -> Tally:
    """Return what was done; `before` is an earlier answer about the same workspace."""
    newest = connection.scalar(select(func.max(journal.c.id))) or 0
    if before is None or newest < before.newest:
        return Tally(newest, _deeds(connection, journal.c.id <= newest))
    if newest == before.newest:
        return before
    since = and_(journal.c.id > before.newest, journal.c.id <= newest)
    times = func.count().label("times")
    turns = connection.execute(
        select(journal.c.reverses, times)
        .where(since, journal.c.reverses.is_not(None))
        .group_by(journal.c.reverses)
    ).all()
    turned = [row.reverses for row in turns if row.times % 2 and row.reverses <= before.newest]
    if len(turned) > _MOST_TURNED:
        return tally(connection)
    counts = Counter(before.counts)
    counts.update(_deeds(connection, since))
    if turned:
        old = journal.c.id.in_(turned)
        counts.update(_deeds(connection, old))
        counts.subtract(_deeds(connection, old, undone=True))
    return Tally(newest, +counts)


def _deeds(
    connection: Connection, where: ColumnElement[bool], *, undone: bool = False
) -> Counter[Deed]:
    stretch = (journal.c.at // literal_column(str(QUARTER), Integer)).label("stretch")
    conversations = func.sum(journal.c.count).label("conversations")
    which = and_(where, journal.c.undone.is_(undone))
    first = and_(journal_part.c.journal_id == journal.c.id, journal_part.c.number == 0)
    status = case(*_given(), else_=Status.PENDING.value).label("status")
    decided = connection.execute(
        select(journal.c.reviewer, stretch, status, conversations)
        .join(journal_part, first)
        .where(which, journal.c.action == _DECIDE)
        .group_by(journal.c.reviewer, stretch, status)
    )
    found = Counter(
        {
            Deed(row.reviewer, int(row.stretch), row.status): int(row.conversations)
            for row in decided
            if row.status != Status.PENDING.value
        }
    )
    edited = connection.execute(
        select(journal.c.reviewer, stretch, conversations)
        .where(which, journal.c.action.in_(_EDIT))
        .group_by(journal.c.reviewer, stretch)
    )
    for row in edited:
        found[Deed(row.reviewer, int(row.stretch), EDITED)] = int(row.conversations)
    return found


def _given() -> list[tuple[ColumnElement[bool], str]]:
    """Return which status an action gave; one gives only one."""
    return [
        (
            or_(
                *(
                    journal_part.c.changes.endswith(ending, autoescape=True)
                    for ending in changes.endings("status", status.value)
                )
            ),
            status.value,
        )
        for status in (Status.APPROVED, Status.REJECTED, Status.SKIPPED)
    ]
