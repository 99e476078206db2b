"""The journal: every action with what it changed, and undo and redo that read it.

A change is one row of one table (see changes.py): `before` and `after` hold only the columns that
changed, None stands for a row that was not there. Undo writes the `before` values back, redo the
`after` ones, and both refuse when a row is no longer as the journal left it. A change may also
stand for a whole chat (see sides.py), or for what partners are to me (see relations.py). A
conversation's version only ever rises, undo included, so that a screen that shows an older state is
refused.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Table, and_, bindparam, delete, insert, select, update

from curation.errors import N_, ActionRefusedError, StaleVersionError
from curation.store import changes as kept_changes
from curation.store import derived, relations, sides
from curation.store.tables import conversation, finding, journal, message, metadata

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection

    from curation.store.changes import Change
    from curation.store.workspace import Workspace

Told = Callable[[int, int], None]

SPLIT_AGAIN: Final = "split_again"
"""Puts messages together otherwise; who did nothing else never acted on these conversations."""

_IDS_AT_ONCE: Final = 500

_WHOLE: Final[Mapping[str, Callable[[Connection, sides.WholeChange, Told], set[int]]]] = {
    **dict.fromkeys(sides.WHOLE_CHATS, sides.apply),
    relations.RELATIONS: relations.apply,
}
"""Changes that are no row of a table, and what brings about each."""


def _nobody(_done: int, _total: int) -> None:
    """Tell nobody how far the work is."""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One line of the history; `count` is the number of conversations it changed."""

    id: int
    at: datetime
    action: str
    count: int
    undone: bool


@dataclass(slots=True)
class Recorder:
    """Changes rows and remembers how they were.

    `affected` are the conversations that a person acted on, `moved` those that changed because
    their whole chat did: their versions rise, but they still count as untouched.
    """

    connection: Connection
    changes: list[Change] = field(default_factory=list)
    affected: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)

    def removed(self, table: str) -> tuple[int, ...]:
        """Return the ids of the rows of a table that were deleted."""
        return tuple(
            number for name, number, _old, new in self.changes if name == table and not new
        )

    def insert(self, table: Table, **values: Any) -> int:
        """Insert a row; return its id."""
        return self.insert_many(table, [values])[0]

    def insert_many(self, table: Table, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Insert rows with the same columns; return their ids in order."""
        if not rows:
            return []
        query = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        ids = [int(number) for number in self.connection.scalars(query, rows)]
        self.changes += [
            (table.name, number, None, {"id": number, **values})
            for number, values in zip(ids, rows, strict=True)
        ]
        return ids

    def delete(self, table: Table, where: ColumnElement[bool]) -> int:
        """Delete the rows of `table` that match; return how many."""
        rows = self.connection.execute(select(table).where(where)).mappings().all()
        for row in rows:
            self.changes.append((table.name, row["id"], dict(row), None))
        self.connection.execute(delete(table).where(where))
        return len(rows)

    def update(self, table: Table, where: ColumnElement[bool], **values: Any) -> list[int]:
        """Set columns of the rows that match and differ; return the ids of those rows."""
        columns = [table.c[name] for name in values]
        differs = [table.c[name].is_distinct_from(value) for name, value in values.items()]
        rows = self.connection.execute(
            select(table.c.id, *columns).where(where, _any(differs))
        ).mappings()
        ids = []
        # Rows that were alike stand together, so that undo can write them back together.
        for row in sorted(rows, key=lambda row: [str(row[name]) for name in values]):
            before = {name: row[name] for name in values if row[name] != values[name]}
            after = {name: values[name] for name in before}
            self.changes.append((table.name, row["id"], before, after))
            ids.append(int(row["id"]))
        for start in range(0, len(ids), _IDS_AT_ONCE):
            some = table.c.id.in_(ids[start : start + _IDS_AT_ONCE])
            self.connection.execute(update(table).where(some).values(**values))
        return ids

    def update_rows(
        self, table: Table, rows: Sequence[tuple[int, dict[str, Any], dict[str, Any]]]
    ) -> None:
        """Set the same columns of rows, each (id, what it holds, what it shall hold).

        Raises ActionRefusedError where a row holds something else.
        """
        for start in range(0, len(rows), _IDS_AT_ONCE):
            some = [(table.name, *row) for row in rows[start : start + _IDS_AT_ONCE]]
            _write_rows(self.connection, table, some)
            self.changes += some


def _any(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    first, *rest = conditions
    for condition in rest:
        first |= condition
    return first


def claim(connection: Connection, conversation_id: int, version: int | None) -> None:
    """Raise the version of a conversation by one, checking that it still is `version`.

    `version` None means "whatever it is". Raises StaleVersionError, or ActionRefusedError where
    the conversation is gone.
    """
    held = connection.scalar(
        select(conversation.c.version).where(conversation.c.id == conversation_id)
    )
    if held is None:
        raise ActionRefusedError(N_("This conversation is no longer there."))
    if version is not None and held != version:
        raise StaleVersionError(
            N_("This conversation was changed elsewhere since it was shown; look at it again.")
        )
    _raise_versions(connection, [conversation_id])


def _raise_versions(connection: Connection, ids: Iterable[int], *, touched: bool = True) -> None:
    numbers = sorted(ids)
    values: dict[str, Any] = {"version": conversation.c.version + 1}
    if touched:
        values |= {"touched": True, "changed_at": int(time.time())}
    for start in range(0, len(numbers), _IDS_AT_ONCE):
        connection.execute(
            update(conversation)
            .where(conversation.c.id.in_(numbers[start : start + _IDS_AT_ONCE]))
            .values(**values)
        )


def finish(
    recorder: Recorder,
    action: str,
    *,
    conversation_id: int | None = None,
    claimed: Iterable[int] = (),
    raise_versions: bool = True,
    count: int | None = None,
) -> None:
    """Write the journal row of an action whose changes `recorder` holds.

    `count` is how many conversations it is about, where that is not how many rows of them changed.

    Versions of the affected conversations rise, except those in `claimed`, which rose already,
    and except all of them where `raise_versions` is false (decisions about findings, which do not
    change what others see of a record). Derived columns are refreshed.
    """
    if raise_versions:
        _raise_versions(recorder.connection, recorder.affected - set(claimed))
        _raise_versions(recorder.connection, recorder.moved - recorder.affected, touched=False)
    if _touch_derived(recorder.changes):
        derived.refresh(recorder.connection, recorder.affected | recorder.moved)
    recorder.connection.execute(
        insert(journal).values(
            at=int(time.time()),
            action=action,
            conversation_id=conversation_id,
            count=len(recorder.affected | recorder.moved) if count is None else count,
            changes=kept_changes.dump(recorder.changes),
            reverses=None,
            undoable=True,
            undone=False,
        )
    )


def _touch_derived(changes: Iterable[Change]) -> bool:
    """Return whether a derived column may differ after these changes.

    A status or an emotion changes none, and they are what is given to thousands at once.
    """
    return any(
        name in ("message", "finding")
        or (name == "conversation" and (old is None or new is None or "background" in new))
        for name, _number, old, new in changes
    )


def note(connection: Connection, action: str, count: int) -> None:
    """Write a journal row for something that cannot be undone; nothing before it can be redone."""
    connection.execute(
        insert(journal).values(
            at=int(time.time()),
            action=action,
            conversation_id=None,
            count=count,
            changes="[]",
            reverses=None,
            undoable=False,
            undone=False,
        )
    )


def undo_candidate(connection: Connection) -> tuple[int, str] | None:
    """Return journal id and name of the action that undo would take back."""
    row = connection.execute(
        select(journal.c.id, journal.c.action)
        .where(journal.c.undoable, journal.c.undone.is_(False))
        .order_by(journal.c.id.desc())
        .limit(1)
    ).first()
    return None if row is None else (row.id, row.action)


def redo_candidate(connection: Connection) -> tuple[int, str] | None:
    """Return journal id and name of the action that redo would do again."""
    newest = connection.execute(
        select(journal.c.reverses).order_by(journal.c.id.desc()).limit(1)
    ).first()
    if newest is None or newest.reverses is None:
        # The newest thing that happened is an action: what was undone before it stays undone.
        return None
    # After an undo it is the action just undone; after a redo the next one that was undone.
    reaches = journal.c.id >= newest.reverses
    row = connection.execute(
        select(journal.c.id, journal.c.action)
        .where(journal.c.undoable, journal.c.undone, reaches)
        .order_by(journal.c.id)
        .limit(1)
    ).first()
    return None if row is None else (row.id, row.action)


def undo(connection: Connection, told: Told = _nobody) -> tuple[str, int | None] | None:
    """Take back the newest action; return its name and the conversation it was done on.

    `told` is called with how many changes are written back and how many there are. None when there
    is nothing to undo. Raises ActionRefusedError when rows changed since.
    """
    candidate = undo_candidate(connection)
    return None if candidate is None else _replay(connection, candidate[0], told, backwards=True)


def redo(connection: Connection, told: Told = _nobody) -> tuple[str, int | None] | None:
    """Do the action undone last again; as `undo`."""
    candidate = redo_candidate(connection)
    return None if candidate is None else _replay(connection, candidate[0], told, backwards=False)


def _replay(
    connection: Connection, journal_id: int, told: Told, *, backwards: bool
) -> tuple[str, int | None]:
    entry = connection.execute(select(journal).where(journal.c.id == journal_id)).one()
    changes = kept_changes.load(entry.changes)
    affected: set[int] = set()
    steps = (
        (name, number, *((after, before) if backwards else (before, after)))
        for name, number, before, after in (reversed(changes) if backwards else changes)
    )
    done = 0
    moved: set[int] = set()
    for (name, _shape), group in groupby(steps, key=_shape_of):
        if name in _WHOLE:
            for _name, number, old, new in group:
                moved |= _WHOLE[name](connection, (name, number, old or {}, new or {}), told)
            done += 1
            continue
        table = metadata.tables[name]
        while some := list(islice(group, _IDS_AT_ONCE)):
            told(done, len(changes))
            done += len(some)
            affected |= _owners(connection, table, some)
            _write_rows(connection, table, some)
            affected |= _owners(connection, table, some)
    there = _existing(connection, affected)
    _raise_versions(connection, there, touched=entry.action != SPLIT_AGAIN)
    _raise_versions(connection, moved - there, touched=False)
    if _touch_derived(changes):
        derived.refresh(connection, there)
    connection.execute(update(journal).where(journal.c.id == journal_id).values(undone=backwards))
    connection.execute(
        insert(journal).values(
            at=int(time.time()),
            action="undo" if backwards else "redo",
            conversation_id=entry.conversation_id,
            count=len(there | moved) or entry.count,
            changes="[]",
            reverses=journal_id,
            undoable=False,
            undone=False,
        )
    )
    return entry.action, entry.conversation_id


def _shape_of(change: Change) -> tuple[str, tuple[object, ...]]:
    """Return what neighbouring changes must share to be written together."""
    name, _number, old, new = change
    if old is None or new is None:
        return name, (old is None, new is None)
    return name, (*old, None, *new)


def _write_rows(connection: Connection, table: Table, changes: Sequence[Change]) -> None:
    _name, _number, old, new = changes[0]
    here = table.c.id.in_([number for _name, number, _old, _new in changes])
    if new is None:
        done = connection.execute(delete(table).where(here)).rowcount
    elif old is None:
        rows = [values for _name, _number, _old, values in changes if values is not None]
        connection.execute(insert(table), rows)
        done = len(rows)
    elif all(change[2:] == (old, new) for change in changes):
        unchanged = [table.c[name].is_not_distinct_from(value) for name, value in old.items()]
        query = update(table).where(and_(here, *unchanged)).values(**new)
        done = connection.execute(query).rowcount
    else:
        done = _write_different(connection, table, changes)
    if done != len(changes):
        raise ActionRefusedError(
            N_("What this would change was changed again since; nothing was done.")
        )


def _write_different(connection: Connection, table: Table, changes: Sequence[Change]) -> int:
    """Write the same columns of rows, each with values of its own; return how many were written."""
    _name, _number, old, new = changes[0]
    unchanged = [table.c[name].is_not_distinct_from(bindparam(f"old_{name}")) for name in old or {}]
    query = (
        update(table)
        .where(table.c.id == bindparam("number"), *unchanged)
        .values({name: bindparam(f"new_{name}") for name in new or {}})
    )
    rows = [
        {
            "number": number,
            **{f"old_{name}": value for name, value in (before or {}).items()},
            **{f"new_{name}": value for name, value in (after or {}).items()},
        }
        for _name, number, before, after in changes
    ]
    return connection.execute(query, rows).rowcount


def _owners(connection: Connection, table: Table, changes: Sequence[Change]) -> set[int]:
    """Return the conversations that changed rows belong or belonged to."""
    numbers = [number for _name, number, _old, _new in changes]
    if table.name == "conversation":
        return set(numbers)
    if table.name == "finding":
        held = {
            row["message_id"]
            for _name, _number, *rows in changes
            for row in rows
            if row is not None and "message_id" in row
        }
        held.update(
            connection.scalars(select(finding.c.message_id).where(finding.c.id.in_(numbers)))
        )
        return set(
            connection.scalars(
                select(message.c.conversation_id).where(message.c.id.in_(sorted(held)))
            )
        )
    owners = {
        row["conversation_id"]
        for _name, _number, *rows in changes
        for row in rows
        if row is not None and "conversation_id" in row
    }
    if "conversation_id" in table.c:
        owners.update(
            connection.scalars(select(table.c.conversation_id).where(table.c.id.in_(numbers)))
        )
    return owners


def _existing(connection: Connection, ids: set[int]) -> set[int]:
    numbers = sorted(ids)
    there: set[int] = set()
    for start in range(0, len(numbers), _IDS_AT_ONCE):
        some = conversation.c.id.in_(numbers[start : start + _IDS_AT_ONCE])
        there.update(connection.scalars(select(conversation.c.id).where(some)))
    return there


def history(workspace: Workspace, limit: int = 20) -> list[JournalEntry]:
    """Return the newest journal entries, newest first."""
    with workspace.read() as connection:
        rows = connection.execute(
            select(
                journal.c.id,
                journal.c.at,
                journal.c.action,
                journal.c.count.label("conversations"),
                journal.c.undone,
            )
            .order_by(journal.c.id.desc())
            .limit(limit)
        ).all()
    return [
        JournalEntry(
            row.id, datetime.fromtimestamp(row.at, UTC), row.action, row.conversations, row.undone
        )
        for row in rows
    ]
