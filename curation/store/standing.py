"""Which actions stand on which: what must be undone or done again before an action can be.

Two actions meet where they changed the same column of a row, where one made or removed a row that
the other changed or pointed to, and where both made the same thing (an equal tag, an equal term).
Of those that meet, only the last can be undone; an undone one can be done again when what it met is
as it was when it was undone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import UniqueConstraint, exists, func, select

from curation.store import changes as kept_changes
from curation.store import sides
from curation.store.tables import journal, journal_chat, journal_part, metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sqlalchemy import Connection, Row, Table

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


@dataclass(slots=True)
class _Touched:
    """What actions touched.

    `columns` are columns of rows, `rows` are rows that came or went, `any` all rows touched,
    `named` those that a touched row points to, `same` what must be there once.
    """

    columns: set[Cell] = field(default_factory=set)
    rows: set[Cell] = field(default_factory=set)
    any: set[Cell] = field(default_factory=set)
    named: set[Cell] = field(default_factory=set)
    same: set[Cell] = field(default_factory=set)

    def add(self, changes: Iterable[Change], chats: Iterable[int]) -> None:
        """Take in what an action changed in these chats."""
        for change in changes:
            name, number, old, new = change
            if name in sides.WHOLE_CHATS:
                self.columns.add((_SIDES, number))
                self.columns.add(("chat", number, "swapped"))
                self.any.add(("chat", number))
                continue
            self.any.add((name, number))
            if old is None or new is None:
                self.rows.add((name, number))
                self.same.update(_same(name, old or new or {}))
            else:
                self.columns.update((name, number, column) for column in new)
            self.named.update(_named(change))
            if _tells_sides(change):
                self.columns.update((_SIDES, chat) for chat in chats)

    def meets(self, change: Change, chats: Iterable[int]) -> bool:
        """Return whether a change of another action in these chats meets what was touched."""
        name, number, old, new = change
        if name in sides.WHOLE_CHATS:
            return (_SIDES, number) in self.columns or ("chat", number, "swapped") in self.columns
        row = (name, number)
        if old is None or new is None:
            if row in self.any or row in self.named:
                return True
            if not self.same.isdisjoint(_same(name, old or new or {})):
                return True
        elif row in self.rows or any((name, number, column) in self.columns for column in new):
            return True
        if not self.rows.isdisjoint(_named(change)):
            return True
        return _tells_sides(change) and any((_SIDES, chat) in self.columns for chat in chats)


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


def _nobody(_done: int, _total: int) -> None:
    """Tell nobody how far the work is."""


def plan(connection: Connection, number: int, told: Callable[[int, int], None] = _nobody) -> Plan:
    """Return what stands in the way of undoing an action, or of doing an undone one again.

    `told` is called with how many later actions were looked at and how many there are.
    """
    action = connection.execute(select(journal).where(journal.c.id == number)).one()
    touched = _Touched()
    touched.add(_changes(connection, number), _chats(connection, [number])[number])
    later = _later(connection, action, told)
    if not action.undone:
        return Plan(undo=tuple(_standing_on(touched, later)[::-1]))
    return _redo_plan(connection, action, touched, list(later))


def _standing_on(
    touched: _Touched, later: Iterable[tuple[Row[Any], list[Change], set[int]]]
) -> list[int]:
    """Return the actions in force that stand on what was touched, or on one of these; oldest first.

    What they touched is taken in.
    """
    found = []
    for row, changes, chats in later:
        if not row.undone and any(touched.meets(change, chats) for change in changes):
            touched.add(changes, chats)
            found.append(row.id)
    return found


def _redo_plan(
    connection: Connection,
    action: Row[Any],
    touched: _Touched,
    later: list[tuple[Row[Any], list[Change], set[int]]],
) -> Plan:
    met = [
        row
        for row, changes, chats in later
        if any(touched.meets(change, chats) for change in changes)
    ]
    held = _in_force_at(connection, [row.id for row in met], action.since)
    wrong = {row.id for row in met if row.undone == (row.id in held)}
    redo = [row.id for row in reversed(met) if row.undone and row.id in wrong]
    undo: list[int] = []
    first = [each for each in later if each[0].id in wrong and not each[0].undone]
    if first:
        above = _Touched()
        above.add(first[0][1], first[0][2])
        rest = [each for each in later if each[0].since > first[0][0].since]
        for row, changes, chats in rest:
            if row.id in wrong and not row.undone:
                above.add(changes, chats)
        undo = [first[0][0].id, *_standing_on(above, rest)][::-1]
    return Plan(undo=tuple(undo), redo=tuple(redo))


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
    connection: Connection, action: Row[Any], told: Callable[[int, int], None]
) -> Iterator[tuple[Row[Any], list[Change], set[int]]]:
    """Yield the actions that came to be as they are after this one, with changes and chats."""
    newer = [journal.c.undoable, journal.c.since > action.since]
    if not action.undone:
        newer.append(journal.c.undone.is_(False))
    total = connection.scalar(select(func.count()).select_from(journal).where(*newer)) or 0
    done, last = 0, action.since
    while True:
        rows = connection.execute(
            select(journal)
            .where(*newer, journal.c.since > last)
            .order_by(journal.c.since)
            .limit(_ROWS_AT_ONCE)
        ).all()
        if not rows:
            return
        told(done, total)
        ids = [row.id for row in rows]
        chats = _chats(connection, ids)
        texts: defaultdict[int, list[str]] = defaultdict(list)
        for part in connection.execute(
            select(journal_part)
            .where(journal_part.c.journal_id.in_(ids))
            .order_by(journal_part.c.journal_id, journal_part.c.number)
        ):
            texts[part.journal_id].append(part.changes)
        for row in rows:
            changes = [each for text in texts[row.id] for each in kept_changes.load(text)]
            yield row, changes, chats[row.id]
        done, last = done + len(rows), rows[-1].since


def _changes(connection: Connection, number: int) -> Iterator[Change]:
    texts = connection.scalars(
        select(journal_part.c.changes)
        .where(journal_part.c.journal_id == number)
        .order_by(journal_part.c.number)
    )
    for text in texts:
        yield from kept_changes.load(text)


def _chats(connection: Connection, ids: list[int]) -> Mapping[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for row in connection.execute(select(journal_chat).where(journal_chat.c.journal_id.in_(ids))):
        found[row.journal_id].add(row.chat_id)
    return found
