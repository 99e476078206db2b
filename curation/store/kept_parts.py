"""What an action changed, kept in parts, so that none of them is large and the first one is small.

A page of the journal reads first parts alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, select

from curation.store import changes as kept_changes
from curation.store.tables import journal_part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from curation.store.changes import Change

_FIRST_PART: Final = 20
_PART: Final = 5000


def keep(connection: Connection, number: int, changes: Sequence[Change]) -> None:
    """Keep what an action changed."""
    at = 0
    rows: list[dict[str, object]] = []
    while at < len(changes):
        some = changes[at : at + (_PART if rows else _FIRST_PART)]
        kept = kept_changes.dump(some)
        rows.append({"journal_id": number, "number": len(rows), "changes": kept})
        at += len(some)
    if rows:
        connection.execute(insert(journal_part), rows)


def read(
    connection: Connection, journal_id: int, *, backwards: bool = False
) -> Iterator[list[Change]]:
    """Yield what an action changed, part by part, the last change first where it goes backwards."""
    numbers = connection.scalars(
        select(journal_part.c.number).where(journal_part.c.journal_id == journal_id)
    ).all()
    for number in sorted(numbers, reverse=backwards):
        text = connection.scalar(
            select(journal_part.c.changes).where(
                journal_part.c.journal_id == journal_id, journal_part.c.number == number
            )
        )
        changes = kept_changes.load(text or "[]")
        yield changes[::-1] if backwards else changes
