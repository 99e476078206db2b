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
"""The entity of a term that is found as nothing else, and of one never flagged as anything."""
_LONGEST: Final = 32  # what the column holds: two entities and a blank


def entities(connection: Connection, rule: TermRule = MASK) -> dict[str, str]:
    """Return pattern -> the entity that it is found as; of never flagged ones also several."""
    rows = connection.execute(
        select(own_term.c.pattern, own_term.c.entity)
        .where(own_term.c.rule == rule)
        .order_by(own_term.c.id)
    )
    return {row.pattern: row.entity for row in rows}


def put(recorder: Recorder, pattern: str, rule: TermRule, entity: str = CUSTOM) -> None:
    """Give a pattern its rule; the other rule, where it had that, is gone.

    What is never flagged as one entity and then as another is flagged as neither.
    """
    same = own_term.c.pattern == pattern
    held = recorder.connection.execute(select(own_term).where(same)).one_or_none()
    if held is None:
        recorder.insert(own_term, pattern=pattern, rule=rule, entity=entity)
        return
    if rule == held.rule == IGNORE:
        entity = _both(held.entity, entity)
    recorder.update(own_term, same, rule=rule, entity=entity)


def _both(held: str, added: str) -> str:
    """Return the entities of both; whoever let three go has no use for a fourth."""
    several = sorted({*held.split(), *added.split()})
    both = " ".join(several)
    return CUSTOM if CUSTOM in several or len(both) > _LONGEST else both


def remove(recorder: Recorder, pattern: str) -> int:
    """Forget a pattern; return how many there were."""
    return recorder.delete(own_term, own_term.c.pattern == pattern)
