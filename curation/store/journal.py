"""The journal: every action with what it changed, and undo and redo that read it.

A change is one row of one table (see changes.py): `before` and `after` hold only the columns that
changed, None stands for a row that was not there. Undo writes the `before` values back, redo the
`after` ones, and both refuse when a row is no longer as the journal left it. A change may also
stand for a whole chat (see sides.py), or for what partners are to me (see relations.py). A
conversation's version only ever rises, undo included, so that a screen that shows an older state is
refused.

Any action can be undone that no later one stands on (see standing.py). `since` orders the actions
by when they came to be as they are: done, undone or done again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Table, and_, bindparam, delete, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError

from curation.errors import N_, ActionRefusedError, DependentActionsError, StaleVersionError
from curation.store import changes as kept_changes
from curation.store import derived, drafts, relations, search, sides, standing
from curation.store.meanwhile import newest_actions
from curation.store.rows import insert_numbered
from curation.store.suggestions import refresh_scores
from curation.store.tables import (
    chat,
    conversation,
    finding,
    journal,
    journal_chat,
    journal_part,
    message,
    metadata,
)
from curation.store.trash import Movements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection

    from curation.store.changes import Change
    from curation.store.workspace import Workspace

Told = Callable[[int, int], None]

REVIEWER: Final = "ruwo_reviewer"
"""The option of a connection that says who acts on it."""

CHANGED_SINCE: Final = N_("What this would change was changed again since; nothing was done.")
OTHERS_STAND_ON_IT: Final = N_(
    "Later actions stand on this one ({count}); the journal page lists them and can undo them too."
)

SPLIT_AGAIN: Final = "split_again"
"""Puts messages together otherwise; who did nothing else never acted on these conversations."""

_IDS_AT_ONCE: Final = 500
_SAID: Final = frozenset({"original_text", "edited_text", "deleted", "conversation_id"})
_FIRST_PART: Final = 20
_PART: Final = 5000
_OF_A_CHAT: Final = frozenset({chat.name, *sides.WHOLE_CHATS})

_WHOLE: Final[Mapping[str, Callable[[Connection, sides.WholeChange, Told], set[int]]]] = {
    **dict.fromkeys(sides.WHOLE_CHATS, sides.apply),
    relations.RELATIONS: relations.apply,
}
"""Changes that are no row of a table, and what brings about each."""


def nobody(_done: int, _total: int) -> None:
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
        ids = insert_numbered(self.connection, table, rows)
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
            N_("This conversation was changed elsewhere since it was shown; look at it again."),
            changed=newest_actions(connection, conversation_id, held - version),
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
    told: Told = nobody,
) -> int:
    """Write the journal row of an action whose changes `recorder` holds; return its id.

    `count` is how many conversations it is about, where that is not how many rows of them changed.

    Versions of the affected conversations rise, except those in `claimed`, which rose already,
    and except all of them where `raise_versions` is false (decisions about findings, which do not
    change what others see of a record). Derived columns are refreshed, and `told` is called with
    how many conversations that is done for and how many there are.
    """
    if raise_versions:
        _raise_versions(recorder.connection, recorder.affected - set(claimed))
        _raise_versions(recorder.connection, recorder.moved - recorder.affected, touched=False)
    if _touch_derived(recorder.changes):
        derived.refresh(recorder.connection, recorder.affected | recorder.moved, told)
    if _came_or_went(recorder.changes):
        drafts.follow(recorder.connection)
    if _touch_words(recorder.changes):
        search.forget(recorder.connection, recorder.affected | recorder.moved)
    if _touch_suggestions(recorder.changes):
        refresh_scores(recorder.connection, recorder.affected | recorder.moved)
    there = recorder.affected | recorder.moved
    number = _enter(
        recorder.connection,
        action,
        conversation_id=conversation_id,
        count=len(there) if count is None else count,
        size=len(recorder.changes),
        undoable=True,
    )
    _keep_parts(recorder.connection, number, recorder.changes)
    chats = _chats_of(recorder.connection, there)
    chats |= {number for name, number, _old, _new in recorder.changes if name in _OF_A_CHAT}
    chats |= _chats_named(recorder)
    _keep_chats(recorder.connection, number, chats)
    moved = Movements()
    moved.see(recorder.changes)
    moved.keep(recorder.connection, number)
    return number


def _enter(
    connection: Connection,
    action: str,
    *,
    conversation_id: int | None = None,
    count: int = 0,
    size: int = 0,
    reverses: int | None = None,
    undoable: bool = False,
) -> int:
    """Write a journal row of whoever holds the connection; return its id."""
    query = (
        insert(journal)
        .values(
            at=int(time.time()),
            action=action,
            conversation_id=conversation_id,
            count=count,
            size=size,
            reviewer=reviewer_of(connection),
            turned_by=reviewer_of(connection),
            reverses=reverses,
            undoable=undoable,
            undone=False,
        )
        .returning(journal.c.id)
    )
    number = connection.execute(query).scalar_one()
    connection.execute(update(journal).where(journal.c.id == number).values(since=number))
    return int(number)


def reviewer_of(connection: Connection) -> str:
    """Return who acts on this connection, empty for somebody who gave no name."""
    return str(connection.get_execution_options().get(REVIEWER, ""))


def _keep_parts(connection: Connection, number: int, changes: Sequence[Change]) -> None:
    """Keep changes in parts, so that none of them is large and the first one is small."""
    at = 0
    rows: list[dict[str, object]] = []
    while at < len(changes):
        some = changes[at : at + (_PART if rows else _FIRST_PART)]
        kept = kept_changes.dump(some)
        rows.append({"journal_id": number, "number": len(rows), "changes": kept})
        at += len(some)
    if rows:
        connection.execute(insert(journal_part), rows)


def _chats_of(connection: Connection, ids: Iterable[int]) -> set[int]:
    """Return the chats that conversations are in."""
    numbers = sorted(ids)
    chats: set[int] = set()
    for start in range(0, len(numbers), _IDS_AT_ONCE):
        some = conversation.c.id.in_(numbers[start : start + _IDS_AT_ONCE])
        chats.update(connection.scalars(select(conversation.c.chat_id).where(some).distinct()))
    return chats


def _chats_named(recorder: Recorder) -> set[int]:
    """Return the chats whose partners were said to be something else to me."""
    names = [
        name
        for kind, _number, _old, new in recorder.changes
        if kind == relations.RELATIONS
        for name in new or {}
    ]
    chats: set[int] = set()
    for start in range(0, len(names), _IDS_AT_ONCE):
        some = chat.c.name.in_(names[start : start + _IDS_AT_ONCE])
        chats.update(recorder.connection.scalars(select(chat.c.id).where(some)))
    return chats


def _keep_chats(connection: Connection, number: int, chats: Iterable[int]) -> None:
    rows = [{"journal_id": number, "chat_id": chat} for chat in sorted(chats)]
    if rows:
        connection.execute(insert(journal_chat), rows)


def _came_or_went(changes: Iterable[Change]) -> bool:
    """Return whether messages may be in another conversation after these changes."""
    return any(
        name == "conversation" and (old is None or new is None)
        for name, _number, old, new in changes
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


def _touch_suggestions(changes: Iterable[Change]) -> bool:
    """Return whether what is open of the suggestions may differ after these changes."""
    return any(
        name == "suggestion" or (name == "conversation" and "not_like" in (new or {}))
        for name, _number, _old, new in changes
    )


def _touch_words(changes: Iterable[Change]) -> bool:
    """Return whether a conversation may say other words after these changes."""
    return any(
        name == "message" and (old is None or new is None or not _SAID.isdisjoint(new))
        for name, _number, old, new in changes
    )


def note(connection: Connection, action: str, count: int) -> None:
    """Write a journal row for something that cannot be undone; nothing before it can be redone."""
    _enter(connection, action, count=count)


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
    ends = or_(mine, and_(journal.c.undoable.is_(False), journal.c.reverses.is_(None)))
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


def undo(connection: Connection, told: Told = nobody) -> tuple[str, int | None] | None:
    """Take back one's newest action; return its name and the conversation it was done on.

    What was done again in one step is taken back in one. `told` is called with how many changes are
    written back and how many there are. None when there is nothing to undo. Raises
    DependentActionsError when others' later actions stand on it, ActionRefusedError when rows
    changed since without any action.
    """
    return _step(connection, undo_candidate(connection), told, backwards=True)


def redo(connection: Connection, told: Told = nobody) -> tuple[str, int | None] | None:
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
                raise DependentActionsError(OTHERS_STAND_ON_IT, count=len(others), actions=others)
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


def replay(
    connection: Connection, steps: Sequence[tuple[int, bool]], told: Told = nobody
) -> tuple[str, int | None]:
    """Undo (true) or redo (false) actions in this order; return name and conversation of the last.

    What several do is one step: one undo or redo takes all of it back. `told` as in `undo`.
    """
    sizes = {
        row.id: int(row.size)
        for number, _backwards in steps
        for row in connection.execute(
            select(journal.c.id, journal.c.size).where(journal.c.id == number)
        )
    }
    total, before = sum(sizes.values()), 0
    events: list[int] = []
    for number, backwards in steps:
        done = partial(_tell_more, told, before, total)
        try:
            name, conversation_id, event = _replay(connection, number, done, backwards=backwards)
        except IntegrityError as error:
            raise ActionRefusedError(CHANGED_SINCE) from error
        before += sizes[number]
        events.append(event)
    if len(events) > 1:
        same = journal.c.id.in_(events)
        connection.execute(update(journal).where(same).values(step=events[0]))
    return name, conversation_id


def _tell_more(told: Told, before: int, total: int, done: int, _size: int) -> None:
    told(before + done, total)


def _replay(
    connection: Connection, journal_id: int, told: Told, *, backwards: bool
) -> tuple[str, int | None, int]:
    entry = connection.execute(select(journal).where(journal.c.id == journal_id)).one()
    affected: set[int] = set()
    moved: set[int] = set()
    done = 0
    derives = says = suggests = moves = False
    trash = Movements()
    for changes in _parts(connection, journal_id, backwards=backwards):
        steps: list[Change] = [
            (name, number, *((after, before) if backwards else (before, after)))
            for name, number, before, after in changes
        ]
        trash.see(steps)
        derives = derives or _touch_derived(changes)
        moves = moves or _came_or_went(changes)
        says = says or _touch_words(changes)
        suggests = suggests or _touch_suggestions(changes)
        for (name, _shape), group in groupby(steps, key=_shape_of):
            if name in _WHOLE:
                for _name, number, old, new in group:
                    whole = (name, number, old or {}, new or {})
                    moved |= _WHOLE[name](connection, whole, told)
                done += 1
                continue
            table = metadata.tables[name]
            while some := list(islice(group, _IDS_AT_ONCE)):
                told(done, entry.size)
                done += len(some)
                affected |= _owners(connection, table, some)
                _write_rows(connection, table, some)
                affected |= _owners(connection, table, some)
    there = _existing(connection, affected)
    _raise_versions(connection, there, touched=entry.action != SPLIT_AGAIN)
    _raise_versions(connection, moved - there, touched=False)
    if derives:
        derived.refresh(connection, there, lambda _done, _all: told(entry.size, entry.size))
    if moves:
        drafts.follow(connection)
    if says:
        search.forget(connection, there)
    if suggests:
        refresh_scores(connection, there)
    held = int(entry._mapping["count"])  # noqa: SLF001  (a row's own `count` is a method)
    event = _enter(
        connection,
        "undo" if backwards else "redo",
        conversation_id=entry.conversation_id,
        count=len(there | moved) or held,
        reverses=journal_id,
    )
    trash.keep(connection, event if backwards else journal_id)
    connection.execute(
        update(journal)
        .where(journal.c.id == journal_id)
        .values(undone=backwards, since=event, turned_by=reviewer_of(connection))
    )
    connection.execute(
        insert(journal_chat).from_select(
            ["journal_id", "chat_id"],
            select(literal(event), journal_chat.c.chat_id).where(
                journal_chat.c.journal_id == journal_id
            ),
        )
    )
    return entry.action, entry.conversation_id, event


def _parts(connection: Connection, journal_id: int, *, backwards: bool) -> Iterator[list[Change]]:
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
        raise ActionRefusedError(CHANGED_SINCE)


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
