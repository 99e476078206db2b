"""Which reviewer has which conversations of the queue at hand, so that no two work on the same one.

A lease belongs to a name, so that two tabs of one person share it; `screen` is the tab that took it
last, and gives back what it alone holds. It ends by itself, by the clock of the database, which is
one for all machines. Who takes and gives back leases never waits for one who writes long, and on
PostgreSQL not for a conversation that another is just taking either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from sqlalchemy import and_, case, delete, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from curation.errors import N_, ActionRefusedError
from curation.store import journal, postgres
from curation.store.rows import among
from curation.store.tables import conversation, lease

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement, Connection

    from curation.store.workspace import Workspace

LEASE_SECONDS: Final = 5 * 60
"""So long a conversation stays somebody's who does nothing.

Whoever works is heard of every minute, so this is neither a long conversation nor a phone call that
begins; but what a closed laptop holds comes back before anybody misses it.
"""

TAKE_OVER: Final = journal.TAKE_OVER

_HELD: Final = N_(
    "{who} is working on this conversation; nothing was changed. Take it over to go on with it."
)
_HELD_BY_NOBODY: Final = N_(
    "Somebody without a name is working on this conversation; nothing was changed. Take it over to"
    " go on with it."
)
_ROUNDS: Final = 3
_BEYOND: Final = 4
"""On PostgreSQL so many times what is wanted is looked at, as others take from it meanwhile."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has it at hand (empty: somebody without a name), since when in UTC seconds."""

    reviewer: str
    since: int


def clock(connection: Connection) -> int:
    """Return what time it is to the database, in UTC seconds."""
    if postgres.is_here(connection):
        asked = text("SELECT CAST(floor(extract(epoch FROM clock_timestamp())) AS BIGINT)")
    else:
        asked = text("SELECT CAST(strftime('%s', 'now') AS INTEGER)")
    return int(connection.execute(asked).scalar_one())


def _holds(now: int) -> ColumnElement[bool]:
    """Return the condition that a lease holds; none does from a clock that was set back."""
    return and_(lease.c.until > now, lease.c.until <= now + 2 * LEASE_SECONDS)


def of_others(connection: Connection) -> dict[int, Holder]:
    """Return the conversations that others than whoever holds the connection have at hand."""
    me = journal.reviewer_of(connection)
    # Nobody is asked what time it is while nobody holds anything, which is how most people work.
    there = connection.execute(select(lease).where(lease.c.reviewer != me)).all()
    if not there:
        return {}
    now = clock(connection)
    return {
        row.conversation_id: Holder(row.reviewer, row.since)
        for row in there
        if now < row.until <= now + 2 * LEASE_SECONDS
    }


def held_by(connection: Connection) -> dict[str, int]:
    """Return how many conversations each reviewer has at hand."""
    if connection.scalar(select(lease.c.conversation_id).limit(1)) is None:
        return {}
    held = func.count().label("held")
    query = select(lease.c.reviewer, held).where(_holds(clock(connection)))
    return {row.reviewer: row.held for row in connection.execute(query.group_by(lease.c.reviewer))}


class InTurn(Protocol):
    """A queue as somebody goes through it."""

    def first(self, connection: Connection, held: Collection[int], count: int) -> list[int]:
        """Return the next conversations in order, without those that others hold."""

    def still(self, connection: Connection, ids: Collection[int]) -> set[int]:
        """Return which of these are still in the queue."""


def lease_some(workspace: Workspace, screen: str, turn: InTurn, wanted: int) -> list[int]:
    """Lease the next conversations to whoever acts in the workspace; return them in order.

    Whatever else this screen held is given back. Another may be quicker at some of them, so there
    may come fewer than `wanted`; none comes only where there is none.
    """
    for _round in range(_ROUNDS):
        got, found = _one_round(workspace, screen, turn, wanted)
        if got or not found:
            break
    return got


def _one_round(
    workspace: Workspace, screen: str, turn: InTurn, wanted: int
) -> tuple[list[int], Sequence[int]]:
    with workspace.beside() as connection:
        ahead = wanted * _BEYOND if postgres.is_here(connection) else wanted
        found = turn.first(connection, of_others(connection), ahead)
        free = _not_in_use(connection, found)
        if postgres.is_here(connection):
            # What another had at hand, decided and gave back since it was found.
            free = turn.still(connection, free)
        got = _take(connection, [each for each in found if each in free][:wanted], screen)
        in_use = [each for each in found if each not in free]
        _give_back(connection, screen, [*got, *in_use])
    # Who changes very many at once has them all in use, and is no reviewer: those are taken as
    # well. In a transaction of its own and in the order of their numbers, so that two who do so
    # never wait for each other.
    missing = max(wanted - len(got), int(found[:1] == in_use[:1]))
    if in_use and missing:
        with workspace.beside() as connection:
            more = _take(connection, in_use[:missing], screen)
            got |= turn.still(connection, more)
            _give_back(connection, screen, got)
    return [each for each in found if each in got], found


def _not_in_use(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Lock conversations until the end of the transaction; return those that nobody else did.

    SQLite has one who writes, and nothing to lock.
    """
    if not postgres.is_here(connection):
        return set(ids)
    query = select(conversation.c.id).where(among(connection, conversation.c.id, ids))
    return set(connection.scalars(query.with_for_update(skip_locked=True, key_share=True)))


def _take(
    connection: Connection, ids: Sequence[int], screen: str, *, by_force: bool = False
) -> set[int]:
    """Lease these conversations where nobody else holds them; return those that are held now.

    `by_force`: also where somebody else does.
    """
    if not ids:
        return set()
    now, me = clock(connection), journal.reviewer_of(connection)
    dialect = postgresql if postgres.is_here(connection) else sqlite
    mine = lease.c.reviewer == me
    values = {"reviewer": me, "screen": screen, "since": now, "until": now + LEASE_SECONDS}
    query = dialect.insert(lease).values(
        [{"conversation_id": each, **values} for each in sorted(ids)]
    )
    since = case((and_(mine, _holds(now)), lease.c.since), else_=now)
    query = query.on_conflict_do_update(
        index_elements=[lease.c.conversation_id],
        set_={**values, "since": since},
        where=None if by_force else or_(mine, ~_holds(now)),
    )
    return set(connection.scalars(query.returning(lease.c.conversation_id)))


def _give_back(connection: Connection, screen: str, besides: Collection[int]) -> None:
    """Let go of what a screen holds besides these, and of all that ended by itself."""
    others = lease.c.conversation_id.not_in(list(besides))
    gone = or_(and_(lease.c.screen == screen, others), ~_holds(clock(connection)))
    # What another has just in hand is passed over, not waited for.
    chosen = select(lease.c.conversation_id).where(gone).with_for_update(skip_locked=True)
    connection.execute(delete(lease).where(lease.c.conversation_id.in_(chosen.scalar_subquery())))


def give_back(workspace: Workspace, screen: str) -> None:
    """Let go of all that a screen holds."""
    with workspace.beside() as connection:
        _give_back(connection, screen, ())


def extend(connection: Connection, screen: str) -> None:
    """Let what a screen holds stay its for the whole time again."""
    now = clock(connection)
    mine = and_(lease.c.screen == screen, lease.c.reviewer == journal.reviewer_of(connection))
    connection.execute(update(lease).where(mine, _holds(now)).values(until=now + LEASE_SECONDS))


def check(connection: Connection, ids: Collection[int]) -> None:
    """Raise ActionRefusedError where somebody else has one of these conversations at hand."""
    held = of_others(connection)
    for each in ids:
        if each in held:
            who = held[each].reviewer
            raise ActionRefusedError(_HELD if who else _HELD_BY_NOBODY, who=who)


def take_over(connection: Connection, conversation_id: int, screen: str) -> None:
    """Make a conversation one's own that somebody else has at hand, which the journal tells.

    Raises ActionRefusedError where the conversation is gone.
    """
    chat = connection.scalar(
        select(conversation.c.chat_id).where(conversation.c.id == conversation_id)
    )
    if chat is None:
        raise ActionRefusedError(N_("This conversation is no longer there."))
    former = of_others(connection).get(conversation_id)
    _take(connection, [conversation_id], screen, by_force=True)
    if former is not None:
        me = journal.reviewer_of(connection)
        changed = (lease.name, conversation_id, {"reviewer": former.reviewer}, {"reviewer": me})
        journal.tell(connection, TAKE_OVER, conversation_id, chat, changed)
