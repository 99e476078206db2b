"""The order of the queue, and what stands before and after a place in it.

An order goes through one or more stretches, one after the other; within each, columns say the
order, and an index begins with the status and goes on with those columns. A place is the number of
its stretch and the values of its columns, so that a conversation that leaves its place (its last
finding was decided) does not take the person along.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, case, func, literal_column, select, true, tuple_, union_all

from curation.model import QueueOrder, ReviewOrder, Status
from curation.store.filters import condition, only_chats
from curation.store.tables import SHUFFLED, chat, conversation, status_count

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Column, ColumnElement, Connection, Select
    from sqlalchemy.sql.elements import UnaryExpression

    from curation.model import ConversationFilter

Place = tuple[float, ...]

BY_CHAT: Final = QueueOrder()
_in_chat: Final = (conversation.c.chat_id, conversation.c.sort_key, conversation.c.id)
_place: Final = tuple_(*_in_chat)
# Written out, not bound: an index of some rows is used only where its own words stand.
_nothing: Final[ColumnElement[int]] = literal_column("0")


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Part of an order: which conversations, and by which columns they go.

    `from_here` says that `where` is but a lower bound: what is after a place is within it, and
    naming the bound as well would make SQLite begin at it.
    """

    where: ColumnElement[bool]
    columns: tuple[Column[Any], ...]
    falling: bool = False
    from_here: bool = False

    @property
    def by_chat(self) -> bool:
        """Whether it goes chat by chat, as the plain order does."""
        return self.columns == _in_chat

    def beyond(self, values: Sequence[float], *, forwards: bool) -> ColumnElement[bool]:
        """Return the condition of what of it stands after the values, or before them."""
        columns = tuple_(*self.columns)
        if forwards == self.falling:
            return and_(self.where, columns < tuple(values))
        after = columns > tuple(values)
        return after if self.from_here else and_(self.where, after)

    def up_to(self, values: Sequence[float]) -> ColumnElement[bool]:
        """Return the condition of what stands at the values or before them."""
        columns = tuple_(*self.columns)
        return columns >= tuple(values) if self.falling else columns <= tuple(values)


_ALL_BY_CHAT: Final = _Stretch(true(), _in_chat)


def _stretches(order: QueueOrder) -> tuple[_Stretch, ...]:
    table = conversation.c
    match order.by:
        case ReviewOrder.DATE | ReviewOrder.NEWEST:
            dated = table.started_at.is_not(None)
            newest = order.by is ReviewOrder.NEWEST
            first = _Stretch(dated, (table.started_at, table.id), falling=newest)
            return first, _Stretch(table.started_at.is_(None), _in_chat)
        case ReviewOrder.RISK:
            risky = table.risk > _nothing
            return (
                _Stretch(risky, (table.risk, table.id), falling=True),
                _Stretch(table.risk == _nothing, _in_chat),
            )
        case ReviewOrder.SUGGESTED:
            told = table.suggested.is_not(None)
            return (
                _Stretch(told, (table.suggested, table.id), falling=True),
                _Stretch(table.suggested.is_(None), _in_chat),
            )
        case ReviewOrder.RANDOM:
            # One throw for all, entered at another point by each seed.
            start = order.seed % SHUFFLED
            thrown = (table.shuffle, table.id)
            return (
                _Stretch(table.shuffle >= start, thrown, from_here=True),
                _Stretch(table.shuffle < start, thrown),
            )
        case ReviewOrder.CHAT:
            return (_ALL_BY_CHAT,)


def place_order() -> tuple[UnaryExpression[object], ...]:
    """Return the columns that order the queue chat by chat."""
    return tuple(column.asc() for column in _in_chat)


def matching_ids(connection: Connection, flt: ConversationFilter) -> list[int]:
    """Return the ids of all conversations of a filter, chat by chat."""
    return list(
        connection.scalars(select(conversation.c.id).where(condition(flt)).order_by(*place_order()))
    )


def places_of(
    connection: Connection, ids: Sequence[int], order: QueueOrder = BY_CHAT
) -> dict[int, Place]:
    """Return where conversations stand in an order now; what is gone is left out."""
    table = conversation.c
    columns = (*_in_chat, table.started_at, table.risk, table.suggested, table.shuffle)
    rows = connection.execute(select(*columns).where(table.id.in_(ids))).mappings()
    return {row["id"]: _place_in(dict(row), order) for row in rows}


def _place_in(row: Mapping[str, Any], order: QueueOrder) -> Place:
    by_chat = (row["chat_id"], row["sort_key"], row["id"])
    match order.by:
        case ReviewOrder.DATE | ReviewOrder.NEWEST if row["started_at"] is not None:
            return 0, row["started_at"], row["id"]
        case ReviewOrder.RISK if row["risk"] > 0:
            return 0, row["risk"], row["id"]
        case ReviewOrder.SUGGESTED if row["suggested"] is not None:
            return 0, row["suggested"], row["id"]
        case ReviewOrder.RANDOM:
            return int(row["shuffle"] < order.seed % SHUFFLED), row["shuffle"], row["id"]
        case ReviewOrder.CHAT:
            return 0, *by_chat
        case _:
            return 1, *by_chat


def place_of(
    connection: Connection, conversation_id: int, order: QueueOrder = BY_CHAT
) -> Place | None:
    """Return where a conversation stands in an order; None when it is gone."""
    return places_of(connection, [conversation_id], order).get(conversation_id)


def is_place(place: Sequence[float], order: QueueOrder) -> bool:
    """Return whether the numbers can be a place of this order."""
    stretches = _stretches(order)
    if not place or place[0] not in range(len(stretches)):
        return False
    return len(place) == 1 + len(stretches[int(place[0])].columns)


def ids_after(
    connection: Connection,
    flt: ConversationFilter,
    place: Place | None,
    limit: int,
    order: QueueOrder = BY_CHAT,
    *,
    without: Collection[int] = (),
) -> list[int]:
    """Return up to `limit` ids of a filter that come after `place`, nearest first.

    Those of `without`, which are few, are passed over.
    """
    return _nearest(connection, flt, place, limit, order, without=without, forwards=True)


def ids_before(
    connection: Connection,
    flt: ConversationFilter,
    place: Place,
    limit: int,
    order: QueueOrder = BY_CHAT,
) -> list[int]:
    """Return up to `limit` ids of a filter that come before `place`, nearest last."""
    return _nearest(connection, flt, place, limit, order, forwards=False)[::-1]


def _nearest(
    connection: Connection,
    flt: ConversationFilter,
    place: Place | None,
    limit: int,
    order: QueueOrder,
    *,
    without: Collection[int] = (),
    forwards: bool,
) -> list[int]:
    stretches = _stretches(order)
    at = 0 if place is None else int(place[0])
    numbers = range(at, len(stretches)) if forwards else range(at, -1, -1)
    found: list[int] = []
    for number in numbers:
        stretch = stretches[number]
        where = stretch.where
        if place is not None and number == at:
            where = stretch.beyond(place[1:], forwards=forwards)
        if without:
            where = and_(where, conversation.c.id.not_in(sorted(without)))
        found += _some(connection, flt, stretch, where, limit - len(found), forwards=forwards)
        if len(found) >= limit:
            break
    return found


def _some(
    connection: Connection,
    flt: ConversationFilter,
    stretch: _Stretch,
    where: ColumnElement[bool],
    limit: int,
    *,
    forwards: bool,
) -> list[int]:
    """Return ids of a stretch in its order, or from its end backwards."""
    rising = forwards != stretch.falling
    by = [column.asc() if rising else column.desc() for column in stretch.columns]
    plain = select(*stretch.columns).where(condition(flt), where).order_by(*by).limit(limit)
    statuses = flt.statuses or tuple(Status)
    if stretch.by_chat or len(statuses) == 1:
        return [row[-1] for row in connection.execute(plain)]
    # Each status has its part of the index: the nearest of each, and of these the nearest.
    parts = [
        select(plain.where(conversation.c.status == status.value).subquery()) for status in statuses
    ]
    rows = sorted(map(tuple, connection.execute(union_all(*parts))), reverse=not rising)
    return [row[-1] for row in rows[:limit]]


def count_up_to(
    connection: Connection, flt: ConversationFilter, place: Place, order: QueueOrder = BY_CHAT
) -> int:
    """Return how many conversations of a filter stand at or before `place`."""
    stretches = _stretches(order)
    at = int(place[0])
    here = stretches[at]
    up_to = here.up_to(place[1:])
    plain = flt == only_chats(flt)
    if here.by_chat and plain:
        # All that stand before it chat by chat, and those of behind it that went first.
        went_first = [_count(connection, flt, each.where, ~up_to) for each in stretches[:at]]
        return _count_by_chat(connection, flt, place[1:]) + sum(went_first)
    if plain and _is_past_the_middle(connection, place, order):
        later = [_count(connection, flt, each.where) for each in stretches[at + 1 :]]
        behind = _count(connection, flt, here.beyond(place[1:], forwards=True))
        return _total(connection, flt) - behind - sum(later)
    earlier = [_count(connection, flt, each.where) for each in stretches[:at]]
    return sum(earlier) + _count(connection, flt, and_(here.where, up_to))


def _is_past_the_middle(connection: Connection, place: Place, order: QueueOrder) -> bool:
    """Return whether fewer stand behind a place than before it, as far as that is quickly told."""
    match order.by:
        case ReviewOrder.RANDOM:
            return (int(place[1]) - order.seed) % SHUFFLED > SHUFFLED // 2
        case ReviewOrder.DATE | ReviewOrder.NEWEST:
            began = conversation.c.started_at
            first = connection.scalar(select(func.min(began))) or 0
            last = connection.scalar(select(func.max(began))) or 0
            late = place[1] - first > last - place[1]
            return late if order.by is ReviewOrder.DATE else not late
        case _:
            return False


def _count(
    connection: Connection,
    flt: ConversationFilter,
    where: ColumnElement[bool],
    counted: ColumnElement[bool] | None = None,
) -> int:
    """Return how many of those that are `where` are `counted`; None: all.

    `where` chooses the index, which begins with the status.
    """
    statuses = conversation.c.status.in_([status.value for status in flt.statuses or Status])
    what = func.count() if counted is None else func.count(case((counted, 1)))
    query = select(what).select_from(conversation).where(statuses, condition(flt), where)
    return connection.execute(query).scalar_one()


def within(connection: Connection, flt: ConversationFilter, ids: Collection[int]) -> set[int]:
    """Return which of these conversations, which are few, a filter lets through."""
    if not ids:
        return set()
    some = conversation.c.id.in_(sorted(ids))
    return set(connection.scalars(select(conversation.c.id).where(some, condition(flt))))


def _total(connection: Connection, flt: ConversationFilter) -> int:
    query = select(func.coalesce(func.sum(status_count.c.conversations), 0))
    return int(connection.execute(_of_chats(query, flt)).scalar_one())


def _of_chats(query: Select[int], flt: ConversationFilter) -> Select[int]:
    if not flt.chats:
        return query
    chosen = select(chat.c.id).where(chat.c.name.in_(flt.chats))
    return query.where(status_count.c.chat_id.in_(chosen))


def _count_by_chat(connection: Connection, flt: ConversationFilter, values: Sequence[float]) -> int:
    """Return how many stand at or before a place chat by chat, where a filter asks for chats."""
    chat_number, *_rest = values
    earlier = select(func.coalesce(func.sum(status_count.c.conversations), 0)).where(
        status_count.c.chat_id < chat_number
    )
    here = (
        select(func.count())
        .select_from(conversation)
        .where(conversation.c.chat_id == chat_number, condition(flt), _ALL_BY_CHAT.up_to(values))
    )
    return int(
        connection.execute(_of_chats(earlier, flt)).scalar_one()
        + connection.execute(here).scalar_one()
    )


def next_in_chat(connection: Connection, conversation_id: int) -> int | None:
    """Return the conversation that follows in the same chat; None at its end."""
    place = place_of(connection, conversation_id)
    if place is None:
        return None
    return connection.scalar(
        select(conversation.c.id)
        .where(conversation.c.chat_id == place[1], _place > tuple(place[1:]))
        .order_by(*place_order())
        .limit(1)
    )


def previous_in_chat(connection: Connection, conversation_id: int) -> int | None:
    """Return the conversation that stands before in the same chat; None at its begin."""
    place = place_of(connection, conversation_id)
    if place is None:
        return None
    return connection.scalar(
        select(conversation.c.id)
        .where(conversation.c.chat_id == place[1], _place < tuple(place[1:]))
        .order_by(
            conversation.c.chat_id.desc(),
            conversation.c.sort_key.desc(),
            conversation.c.id.desc(),
        )
        .limit(1)
    )
