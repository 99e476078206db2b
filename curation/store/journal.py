"""The journal: every action with what it changed.

A change is one row of one table (see changes.py): `before` and `after` hold only the columns that
changed, None stands for a row that was not there. Undo writes the `before` values back, redo the
`after` ones, and both refuse when a row is no longer as the journal left it (see replaying.py). A
change may also stand for a whole chat (see sides.py), or for what partners are to me (see
relations.py). A conversation's version only ever rises, undo included, so that a screen that shows
an older state is refused.

Any action can be undone that no later one stands on (see undoing.py and standing.py). `since`
orders the actions by when they came to be as they are: done, undone or done again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Table, delete, insert, or_, select, update

from curation.errors import N_, ActionRefusedError, StaleVersionError
from curation.model import no_tick
from curation.store import kept_parts, relations, sides
from curation.store.applying import write_rows
from curation.store.consequences import Consequences
from curation.store.hiding import Watch
from curation.store.meanwhile import newest_actions
from curation.store.rising import Rising, let_versions_rise
from curation.store.rows import AT_ONCE, among, insert_numbered
from curation.store.tables import chat, conversation, journal, journal_chat
from curation.store.trash import Movements

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection

    from curation.store.applying import Told
    from curation.store.changes import Change

REVIEWER: Final = "ruwo_reviewer"
"""The option of a connection that says who acts on it."""

SPLIT_AGAIN: Final = "split_again"
"""Puts messages together otherwise; who did nothing else never acted on these conversations."""

EXPORT: Final = "export"
DESCRIBE_VERSION: Final = "describe_version"
DELETE_VERSION: Final = "delete_version"
DELETE_VERSION_FILES: Final = "delete_version_files"

OF_EXPORTS: Final = (EXPORT, DESCRIBE_VERSION, DELETE_VERSION, DELETE_VERSION_FILES)

TAKE_OVER: Final = "take_over"
"""Makes a conversation one's own that somebody else is working on."""

CHANGE_NOTHING: Final = (*OF_EXPORTS, TAKE_OVER)
"""They change nothing of the data: whatever was undone before them can still be done again."""


_NAMES_AT_ONCE: Final = 500
_OF_A_CHAT: Final = frozenset({chat.name, *sides.WHOLE_CHATS})


@dataclass(slots=True)
class Recorder:
    """Changes rows and remembers how they were.

    `affected` are the conversations that a person acted on, `moved` those that changed because
    their whole chat did: their versions rise, but they still count as untouched. With `rising`,
    versions rise with what is written of conversations already.
    """

    connection: Connection
    changes: list[Change] = field(default_factory=list)
    affected: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    rising: Rising | None = None

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
        rows = (
            self.connection.execute(select(table.c.id, *columns).where(where, or_(*differs)))
            .mappings()
            .all()
        )
        ids = []
        # Rows that were alike stand together, so that undo can write them back together.
        for row in sorted(rows, key=lambda row: [str(row[name]) for name in values]):
            before = {name: row[name] for name in values if row[name] != values[name]}
            after = {name: values[name] for name in before}
            self.changes.append((table.name, row["id"], before, after))
            ids.append(int(row["id"]))
        for start in range(0, len(ids), AT_ONCE):
            part = ids[start : start + AT_ONCE]
            also = {} if self.rising is None else self.rising.along(table, part)
            some = among(self.connection, table.c.id, part)
            self.connection.execute(update(table).where(some).values(**values, **also))
        return ids

    def update_rows(
        self, table: Table, rows: Sequence[tuple[int, dict[str, Any], dict[str, Any]]]
    ) -> None:
        """Set the same columns of rows, each (id, what it holds, what it shall hold).

        Raises ActionRefusedError where a row holds something else.
        """
        for start in range(0, len(rows), AT_ONCE):
            some = [(table.name, *row) for row in rows[start : start + AT_ONCE]]
            write_rows(self.connection, table, some)
            self.changes += some


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
    let_versions_rise(connection, [conversation_id])


def finish(
    recorder: Recorder,
    action: str,
    *,
    conversation_id: int | None = None,
    claimed: Iterable[int] = (),
    raise_versions: bool = True,
    count: int | None = None,
    told: Told = no_tick,
) -> int:
    """Write the journal row of an action whose changes `recorder` holds; return its id.

    `count` is how many conversations it is about, where that is not how many rows of them changed.

    Versions of the affected conversations rise, except those in `claimed`, which rose already,
    and except all of them where `raise_versions` is false (decisions about findings, which do not
    change what others see of a record). Derived columns are refreshed, and `told` is called with
    how many conversations that is done for and how many there are.
    """
    watch = Watch()
    watch.see(recorder.changes)
    watch.check(recorder.connection)
    there = recorder.affected | recorder.moved
    if raise_versions:
        rising = recorder.rising or Rising(recorder.connection)
        rising.rise(recorder.affected - set(claimed))
        let_versions_rise(recorder.connection, recorder.moved - recorder.affected, touched=False)
    consequences = Consequences()
    consequences.see(recorder.changes)
    consequences.bring_about(recorder.connection, there, told)
    number = enter(
        recorder.connection,
        action,
        conversation_id=conversation_id,
        count=len(there) if count is None else count,
        size=len(recorder.changes),
        undoable=True,
    )
    kept_parts.keep(recorder.connection, number, recorder.changes)
    chats = _chats_of(recorder.connection, there)
    chats |= {number for name, number, _old, _new in recorder.changes if name in _OF_A_CHAT}
    chats |= _chats_named(recorder)
    _keep_chats(recorder.connection, number, chats)
    moved = Movements()
    moved.see(recorder.changes)
    moved.keep(recorder.connection, number)
    return number


def note(connection: Connection, action: str, count: int) -> None:
    """Write a journal row for something that cannot be undone.

    Unless it is one of `CHANGE_NOTHING`, nothing before it can be redone.
    """
    enter(connection, action, count=count)


def tell(
    connection: Connection, action: str, conversation_id: int, chat_id: int, changed: Change
) -> None:
    """Write a journal row for what was done to a conversation and cannot be undone."""
    number = enter(connection, action, conversation_id=conversation_id, count=1, size=1)
    kept_parts.keep(connection, number, [changed])
    _keep_chats(connection, number, [chat_id])


def newest_change(connection: Connection) -> int:
    """Return the number of the newest row of something that changed the workspace, 0 for none."""
    query = select(journal.c.id).where(journal.c.action.not_in(CHANGE_NOTHING))
    return connection.scalar(query.order_by(journal.c.id.desc()).limit(1)) or 0


def enter(
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


def _chats_of(connection: Connection, ids: Iterable[int]) -> set[int]:
    """Return the chats that conversations are in."""
    numbers = sorted(ids)
    chats: set[int] = set()
    for start in range(0, len(numbers), AT_ONCE):
        some = among(connection, conversation.c.id, numbers[start : start + AT_ONCE])
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
    for start in range(0, len(names), _NAMES_AT_ONCE):
        some = chat.c.name.in_(names[start : start + _NAMES_AT_ONCE])
        chats.update(recorder.connection.scalars(select(chat.c.id).where(some)))
    return chats


def _keep_chats(connection: Connection, number: int, chats: Iterable[int]) -> None:
    rows = [{"journal_id": number, "chat_id": chat} for chat in sorted(chats)]
    if rows:
        connection.execute(insert(journal_chat), rows)
