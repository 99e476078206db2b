"""A person's own terms: what is always masked and what is never flagged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import select

from curation.store.tables import own_term

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from curation.store.journal import Recorder

    TermRule = Literal["mask", "ignore"]

MASK: Final = "mask"
IGNORE: Final = "ignore"
CUSTOM: Final = "CUSTOM_TERM"


def patterns(connection: Connection, rule: TermRule) -> tuple[str, ...]:
    """Return the patterns with this rule, oldest first."""
    query = select(own_term.c.pattern).where(own_term.c.rule == rule).order_by(own_term.c.id)
    return tuple(connection.scalars(query))


def entities(connection: Connection) -> dict[str, str]:
    """Return pattern -> the entity that it is found as, for those always masked."""
    rows = connection.execute(
        select(own_term.c.pattern, own_term.c.entity)
        .where(own_term.c.rule == MASK)
        .order_by(own_term.c.id)
    )
    return {row.pattern: row.entity for row in rows}


def put(recorder: Recorder, pattern: str, rule: TermRule, entity: str = CUSTOM) -> None:
    """Give a pattern its rule; the other rule, where it had that, is gone."""
    same = own_term.c.pattern == pattern
    if recorder.connection.scalar(select(own_term.c.id).where(same)) is None:
        recorder.insert(own_term, pattern=pattern, rule=rule, entity=entity)
    else:
        recorder.update(own_term, same, rule=rule, entity=entity)


def remove(recorder: Recorder, pattern: str) -> int:
    """Forget a pattern; return how many there were."""
    return recorder.delete(own_term, own_term.c.pattern == pattern)
