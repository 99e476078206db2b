"""Undoing one's newest action and doing it again; undoing any action, or doing it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, or_, select

from curation.errors import N_, ActionRefusedError, DependentActionsError
from curation.model import no_tick
from curation.store import standing
from curation.store.journal import CHANGE_NOTHING, reviewer_of
from curation.store.replaying import replay
from curation.store.tables import journal

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from curation.store.applying import Told

_OTHERS_STAND_ON_IT: Final = N_(
    "Later actions stand on this one ({count}); the journal page lists them and can undo them too."
)
_STANDS: Final = N_("{count} later actions stand on this one. Undo them too, or leave it.")
_UNDER: Final = N_("{count} other actions changed the same since. Turn them back too, or leave it.")


def undo_candidate(connection: Connection) -> tuple[int, str] | None:
    """Return journal id and name of the action that undo would take back.

    It is the newest that whoever holds the connection did, or did again: nobody undoes another's
    by a key.
    """
    return _newest_mine(connection, undone=False)


def redo_candidate(connection: Connection) -> tuple[int, str] | None:
    """Return journal id and name of the action that redo would do again.

    It is the one that whoever holds the connection undid last, as long as they did nothing since
    and nothing came in.
    """
    found = _newest_mine(connection, undone=True)
    if found is None:
        return None
    since = select(journal.c.since).where(journal.c.id == found[0]).scalar_subquery()
    mine = and_(journal.c.undoable, journal.c.reviewer == reviewer_of(connection))
    came_in = and_(
        journal.c.undoable.is_(False),
        journal.c.reverses.is_(None),
        journal.c.action.not_in(CHANGE_NOTHING),
    )
    ends = or_(mine, came_in)
    newer = select(journal.c.id).where(journal.c.id > since, ends).limit(1)
    return found if connection.scalar(newer) is None else None


def _newest_mine(connection: Connection, *, undone: bool) -> tuple[int, str] | None:
    row = connection.execute(
        select(journal.c.id, journal.c.action)
        .where(
            journal.c.turned_by == reviewer_of(connection),
            journal.c.undoable,
            journal.c.undone.is_(undone),
        )
        .order_by(journal.c.since.desc())
        .limit(1)
    ).first()
    return None if row is None else (row.id, row.action)


def undo(connection: Connection, told: Told = no_tick) -> tuple[str, int | None] | None:
    """Take back one's newest action; return its name and the conversation it was done on.

    What was done again in one step is taken back in one. `told` is called with how many changes are
    written back and how many there are. None when there is nothing to undo. Raises
    DependentActionsError when others' later actions stand on it, ActionRefusedError when rows
    changed since without any action.
    """
    return _step(connection, undo_candidate(connection), told, backwards=True)


def redo(connection: Connection, told: Told = no_tick) -> tuple[str, int | None] | None:
    """Do what was undone last again; as `undo`."""
    return _step(connection, redo_candidate(connection), told, backwards=False)


def _step(
    connection: Connection, found: tuple[int, str] | None, told: Told, *, backwards: bool
) -> tuple[str, int | None] | None:
    if found is None:
        return None
    numbers = _of_one_step(connection, found[0], undone=not backwards)
    for number in numbers:
        if standing.is_covered(connection, number):
            plan = standing.plan(connection, number)
            others = [each for each in plan.all if each not in numbers]
            if others:
                raise DependentActionsError(_OTHERS_STAND_ON_IT, count=len(others), actions=others)
    steps = [(number, backwards) for number in numbers]
    return replay(connection, steps, told)


def _of_one_step(connection: Connection, number: int, *, undone: bool) -> list[int]:
    """Return the actions that came to be as they are in the same step as this one, newest first."""
    came = journal.alias()
    step = connection.scalar(
        select(came.c.step)
        .join(journal, journal.c.since == came.c.id)
        .where(journal.c.id == number)
    )
    if step is None:
        return [number]
    return list(
        connection.scalars(
            select(journal.c.id)
            .join(came, came.c.id == journal.c.since)
            .where(came.c.step == step, journal.c.undoable, journal.c.undone.is_(undone))
            .order_by(journal.c.since.desc())
        )
    )


def plan(connection: Connection, number: int, told: Told = no_tick) -> standing.Plan:
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
    told: Told = no_tick,
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
    name, _conversation = replay(connection, [*steps, (number, undone)], told)
    return name


def _check(connection: Connection, number: int) -> bool:
    """Return whether an action is undone; ActionRefusedError where it is not one to be undone."""
    row = connection.execute(
        select(journal.c.undoable, journal.c.undone).where(journal.c.id == number)
    ).first()
    if row is None or not row.undoable:
        raise ActionRefusedError(N_("This cannot be undone."))
    return bool(row.undone)
