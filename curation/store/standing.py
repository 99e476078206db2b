"""Which actions stand on which: what must be undone or done again before an action can be.

Two actions meet where they changed the same column of a row, where one made or removed a row that
the other changed or pointed to, and where both made the same thing (an equal tag, an equal term).
Of those that meet, only the last can be undone; an undone one can be done again when what it met is
as it was when it was undone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import UniqueConstraint, exists, func, or_, select

from curation.model import no_tick
from curation.store import changes as kept_changes
from curation.store import kept_parts, sides
from curation.store.tables import chat, journal, journal_chat, journal_part, message, metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sqlalchemy import Connection, Table

    from curation.store.changes import Change

Cell = tuple[object, ...]

_ROWS_AT_ONCE: Final = 500
_SIDES: Final = "sides of"

_POINTS_TO: Final[Mapping[str, Mapping[str, str]]] = {
    table.name: {
        column.name: key.column.table.name for column in table.c for key in column.foreign_keys
    }
    for table in metadata.sorted_tables
}
"""Table -> column -> the table whose row it names."""

_POINTED_AT_BY: Final[Mapping[str, frozenset[str]]] = {
    table.name: frozenset(
        name for name, columns in _POINTS_TO.items() if table.name in columns.values()
    )
    for table in metadata.sorted_tables
}
"""Table -> the tables with a column that names its rows."""


def _keys(table: Table) -> list[tuple[str, ...]]:
    """Return the columns by which rows of a table are the same thing."""
    found: list[tuple[str, ...]] = [(column.name,) for column in table.c if column.unique]
    found += [
        tuple(column.name for column in each.columns)
        for each in table.constraints
        if isinstance(each, UniqueConstraint) and len(each.columns) > 1
    ]
    if table.name == "emotion_tag":
        found.append(("conversation_id", "message_id", "emotion"))
    return found


_SAME: Final = {table.name: _keys(table) for table in metadata.sorted_tables}


@dataclass(frozen=True, slots=True)
class Plan:
    """What must happen before an action can be undone or done again, each in its order."""

    undo: tuple[int, ...] = ()
    redo: tuple[int, ...] = ()

    @property
    def all(self) -> tuple[int, ...]:
        """Every action that stands in the way."""
        return (*self.undo, *self.redo)


@dataclass(frozen=True, slots=True)
class _Action:
    """One action as it stands: its changes, and the chats it was in, looked up when asked for."""

    id: int
    since: int
    undone: bool
    changes: list[Change]
    chats: Callable[[], set[int]]


@dataclass(slots=True)
class _Touched:
    """What actions touched.

    `columns` are columns of rows, `rows` are rows that came or went, `any` all rows touched,
    `named` those that a touched row points to, `same` what must be there once, `names` the tables
    and wholes in which alone another action can meet any of it.
    """

    columns: set[Cell] = field(default_factory=set)
    rows: set[Cell] = field(default_factory=set)
    any: set[Cell] = field(default_factory=set)
    named: set[Cell] = field(default_factory=set)
    same: set[Cell] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def add(self, action: _Action) -> None:
        """Take in what an action changed."""
        for change in action.changes:
            name, number, old, new = change
            self.names.add(name)
            if name in sides.WHOLE_CHATS:
                self.columns.add((_SIDES, number))
                self.columns.add((chat.name, number, "swapped"))
                self.any.add((chat.name, number))
                self.names |= {*sides.WHOLE_CHATS, chat.name, message.name}
                continue
            self.any.add((name, number))
            if old is None or new is None:
                self.rows.add((name, number))
                self.same.update(_same(name, old or new or {}))
                self.names |= _POINTED_AT_BY.get(name, frozenset())
            else:
                self.columns.update((name, number, column) for column in new)
            self.named.update(_named(change))
            if _tells_sides(change):
                self.columns.update((_SIDES, each) for each in action.chats())
                self.names |= sides.WHOLE_CHATS

    def meets(self, action: _Action) -> bool:
        """Return whether another action changed anything of what was touched."""
        return any(self._meets(change, action) for change in action.changes)

    def _meets(self, change: Change, action: _Action) -> bool:
        name, number, old, new = change
        if name not in self.names:
            return False
        if name in sides.WHOLE_CHATS:
            whole = ((_SIDES, number), (chat.name, number, "swapped"))
            return not self.columns.isdisjoint(whole)
        if old is None or new is None:
            met = self._meets_row(name, number, old or new or {})
        else:
            columns = ((name, number, column) for column in new)
            met = (name, number) in self.rows or not self.columns.isdisjoint(columns)
        return (
            met
            or bool(self.rows and not self.rows.isdisjoint(_named(change)))
            or (
                _tells_sides(change)
                and any((_SIDES, each) in self.columns for each in action.chats())
            )
        )

    def _meets_row(self, name: str, number: int, values: Mapping[str, Any]) -> bool:
        """Return whether a row that comes or goes meets what was touched."""
        row = (name, number)
        return row in self.any or row in self.named or not self.same.isdisjoint(_same(name, values))


def _tells_sides(change: Change) -> bool:
    name, _number, old, new = change
    return name == "message" and (old is None or new is None or "side" in new)


def _named(change: Change) -> Iterator[Cell]:
    name, _number, *rows = change
    for column, table in _POINTS_TO.get(name, {}).items():
        for row in rows:
            if row is not None and row.get(column) is not None:
                yield table, row[column]


def _same(name: str, row: Mapping[str, Any]) -> list[Cell]:
    return [
        (name, columns, *(row.get(column) for column in columns))
        for columns in _SAME.get(name, ())
        if all(column in row for column in columns)
    ]


def is_covered(connection: Connection, number: int) -> bool:
    """Return whether anything at all happened to actions since this one came to be as it is."""
    mine = journal.alias()
    newer = exists().where(journal.c.undoable, journal.c.since > mine.c.since)
    return bool(connection.scalar(select(newer).where(mine.c.id == number)))


def plan(connection: Connection, number: int, told: Callable[[int, int], None] = no_tick) -> Plan:
    """Return what stands in the way of undoing an action, or of doing an undone one again.

    `told` is called with how many later steps were looked at and how many there are.
    """
    action = _read(connection, number)
    touched = _Touched()
    touched.add(action)
    if not action.undone:
        return Plan(undo=tuple(_standing_on(connection, touched, action.since, told)[::-1]))
    return _redo_plan(connection, action, touched, told)


def _standing_on(
    connection: Connection,
    touched: _Touched,
    since: int,
    told: Callable[[int, int], None],
    *,
    too: frozenset[int] = frozenset(),
) -> list[int]:
    """Return the actions in force that stand on what was touched, or on one of these; oldest first.

    Those of `too` count whatever they touched. What all these touched is taken in.
    """
    found = []
    for action in _later(connection, touched, since, told, undone=False):
        if action.id in too or touched.meets(action):
            touched.add(action)
            found.append(action.id)
    return found


def _redo_plan(
    connection: Connection,
    action: _Action,
    touched: _Touched,
    told: Callable[[int, int], None],
) -> Plan:
    met = [
        (each.id, each.undone)
        for each in _later(connection, touched, action.since, told)
        if touched.meets(each)
    ]
    held = _in_force_at(connection, [number for number, _undone in met], action.since)
    redo = [number for number, undone in reversed(met) if undone and number in held]
    undo = [number for number, undone in met if not undone and number not in held]
    if undo:
        first = _read(connection, undo[0])
        above = _Touched()
        above.add(first)
        # Those that are to be undone anyway are met by their tables, so none is passed over.
        above.names |= touched.names
        rest = _standing_on(connection, above, first.since, told, too=frozenset(undo))
        undo = [first.id, *rest]
    return Plan(undo=tuple(undo[::-1]), redo=tuple(redo))


def _read(connection: Connection, number: int) -> _Action:
    row = connection.execute(
        select(journal.c.id, journal.c.since, journal.c.undone).where(journal.c.id == number)
    ).one()
    changes = [each for part in kept_parts.read(connection, number) for each in part]
    return _Action(row.id, row.since, row.undone, changes, _chats_of(connection, number))


def _in_force_at(connection: Connection, ids: list[int], when: int) -> set[int]:
    """Return those of these actions that were in force when journal row `when` was written."""
    held = {number for number in ids if number < when}
    for start in range(0, len(ids), _ROWS_AT_ONCE):
        some = ids[start : start + _ROWS_AT_ONCE]
        last = (
            select(func.max(journal.c.id))
            .where(journal.c.reverses.in_(some), journal.c.id < when)
            .group_by(journal.c.reverses)
        )
        held.difference_update(
            connection.scalars(
                select(journal.c.reverses).where(journal.c.id.in_(last), journal.c.action == "undo")
            )
        )
    return held


def _later(
    connection: Connection,
    touched: _Touched,
    since: int,
    told: Callable[[int, int], None],
    *,
    undone: bool | None = None,
) -> Iterator[_Action]:
    """Yield the actions that came to be as they are later and may meet what was touched, in order.

    Whoever gets them may take more in: what is yielded then goes by that.
    """
    last = since
    newest = connection.scalar(select(func.max(journal.c.since)).where(journal.c.undoable)) or last
    while True:
        names = frozenset(touched.names)
        # Reading ends where more was taken in: what was left out so far comes before it, and what
        # comes after it is asked for anew.
        for action in _mentioning(connection, names, last, undone=undone):
            told(action.since - since, newest - since)
            last = action.since
            yield action
            if names != touched.names:
                break
        else:
            return


def _mentioning(
    connection: Connection, names: Iterable[str], since: int, *, undone: bool | None
) -> Iterator[_Action]:
    """Yield the later actions whose changes mention one of these tables, oldest first."""
    parts = select(journal_part.c.journal_id, journal_part.c.number, journal_part.c.changes)
    some = or_(*(journal_part.c.changes.contains(f'"{name}"', autoescape=True) for name in names))
    while True:
        query = (
            select(journal.c.id, journal.c.since, journal.c.undone)
            .where(
                journal.c.undoable,
                journal.c.since > since,
                exists().where(journal_part.c.journal_id == journal.c.id, some),
            )
            .order_by(journal.c.since)
            .limit(_ROWS_AT_ONCE)
        )
        if undone is not None:
            query = query.where(journal.c.undone.is_(undone))
        rows = connection.execute(query).all()
        texts: defaultdict[int, list[str]] = defaultdict(list)
        for part in connection.execute(
            parts.where(journal_part.c.journal_id.in_([row.id for row in rows])).order_by(
                journal_part.c.journal_id, journal_part.c.number
            )
        ):
            texts[part.journal_id].append(part.changes)
        for row in rows:
            changes = [each for text in texts[row.id] for each in kept_changes.load(text)]
            chats = _chats_of(connection, row.id)
            yield _Action(row.id, row.since, row.undone, changes, chats)
        if len(rows) < _ROWS_AT_ONCE:
            return
        since = rows[-1].since


def _chats_of(connection: Connection, number: int) -> Callable[[], set[int]]:
    """Return what looks up the chats of an action, once."""

    @cache
    def look() -> set[int]:
        query = select(journal_chat.c.chat_id).where(journal_chat.c.journal_id == number)
        return set(connection.scalars(query))

    return look
