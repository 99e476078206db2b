"""Undoing any action, or doing it again, not only the last one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from curation.errors import N_, ActionRefusedError, DependentActionsError
from curation.store import journal as journals
from curation.store import standing
from curation.store.tables import journal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sqlalchemy import Connection

_STANDS: Final = N_("{count} later actions stand on this one. Undo them too, or leave it.")
_UNDER: Final = N_("{count} other actions changed the same since. Turn them back too, or leave it.")


def plan(
    connection: Connection, number: int, told: Callable[[int, int], None] = journals.nobody
) -> standing.Plan:
    """Return what must happen before action `number` can be undone, or done again if it is undone.

    Raises ActionRefusedError where nothing of the kind is possible.
    """
    _check(connection, number)
    if not standing.is_covered(connection, number):
        return standing.Plan()
    return standing.plan(connection, number, told)


def turn(
    connection: Connection,
    number: int,
    *,
    undone: bool,
    agreed: Collection[int] = (),
    told: Callable[[int, int], None] = journals.nobody,
) -> str:
    """Undo action `number` (or do it again where `undone` is false); return its name.

    `agreed` are the actions that may be turned back as well, all as one step. Raises
    DependentActionsError with what stands in the way where that is more than what was agreed to.
    `told` is called with how many changes are written and how many there are.
    """
    if _check(connection, number) == undone:
        raise ActionRefusedError(
            N_("This was undone already.") if undone else N_("This was done again already.")
        )
    first = plan(connection, number)
    if not set(first.all) <= set(agreed):
        raise DependentActionsError(
            _STANDS if undone else _UNDER, count=len(first.all), actions=first.all
        )
    steps = [(each, True) for each in first.undo] + [(each, False) for each in first.redo]
    name, _conversation = journals.replay(connection, [*steps, (number, undone)], told)
    return name


def _check(connection: Connection, number: int) -> bool:
    """Return whether an action is undone; ActionRefusedError where it is not one to be undone."""
    row = connection.execute(
        select(journal.c.undoable, journal.c.undone).where(journal.c.id == number)
    ).first()
    if row is None or not row.undoable:
        raise ActionRefusedError(N_("This cannot be undone."))
    return bool(row.undone)
