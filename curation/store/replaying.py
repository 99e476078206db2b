"""Playing what the journal holds backwards, or forwards again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from curation.errors import N_, ActionRefusedError, NotAllowedError
from curation.model import no_tick
from curation.store import applying, derived, kept_parts
from curation.store.changes import CHANGED_SINCE
from curation.store.consequences import Consequences
from curation.store.deciding import owners_of
from curation.store.hiding import Watch
from curation.store.inherited import Inherited
from curation.store.journal import SPLIT_AGAIN, enter, reviewer_of
from curation.store.members import Role, held_access
from curation.store.rising import Rising, let_versions_rise
from curation.store.rows import AT_ONCE, among
from curation.store.searched_since import SearchedSince
from curation.store.tables import conversation, journal, journal_chat
from curation.store.trash import Movements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from curation.store.applying import Told
    from curation.store.changes import Change


def replay(
    connection: Connection, steps: Sequence[tuple[int, bool]], told: Told = no_tick
) -> tuple[str, int | None]:
    """Undo (true) or redo (false) actions in this order; return name and conversation of the last.

    What several do is one step: one undo or redo takes all of it back. `told` as in `undo`.
    """
    _refuse_others(connection, [number for number, _backwards in steps])
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


def _refuse_others(connection: Connection, numbers: Sequence[int]) -> None:
    """Refuse a reviewer what somebody else did, or undid: that was for an owner to decide."""
    if held_access(connection).role is not Role.REVIEWER:
        return
    mine = reviewer_of(connection)
    rows = connection.execute(
        select(journal.c.reviewer, journal.c.turned_by).where(journal.c.id.in_(numbers))
    )
    if any((row.reviewer, row.turned_by) != (mine, mine) for row in rows):
        raise NotAllowedError(N_("A reviewer takes back only what they did themselves."))


def _tell_more(told: Told, before: int, total: int, done: int, _size: int) -> None:
    told(before + done, total)


def _replay(
    connection: Connection, journal_id: int, told: Told, *, backwards: bool
) -> tuple[str, int | None, int]:
    entry = connection.execute(select(journal).where(journal.c.id == journal_id)).one()
    affected: set[int] = set()
    moved: set[int] = set()
    done = 0
    rising = Rising(connection, touched=entry.action != SPLIT_AGAIN)
    consequences, trash, watch = Consequences(), Movements(), Watch()
    since, inherited = SearchedSince(connection), Inherited(connection, journal_id)
    for changes in kept_parts.read(connection, journal_id, backwards=backwards):
        steps: list[Change] = [
            (name, number, *((after, before) if backwards else (before, after)))
            for name, number, before, after in changes
        ]
        consequences.see(changes)
        trash.see(steps)
        inherited.see(steps)
        here, chats = applying.apply(
            connection, steps, told, before=done, total=entry.size, rising=rising, since=since
        )
        if not backwards:  # back is where they were, and saw what there was
            watch.see(steps)
        affected |= here
        moved |= chats
        done += len(steps)
    followed = inherited.follow()
    if not backwards:
        watch.see(followed)
    watch.check(connection)
    since.settle()
    elsewhere = owners_of(connection, [number for _name, number, _old, _new in followed]) - affected
    derived.refresh(connection, elsewhere)
    moved |= elsewhere
    there = _existing(connection, affected)
    rising.rise(there)
    let_versions_rise(connection, moved - there, touched=False)
    consequences.bring_about(connection, there, lambda _done, _all: told(entry.size, entry.size))
    held = int(entry._mapping["count"])  # noqa: SLF001  (a row's own `count` is a method)
    event = enter(
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


def _existing(connection: Connection, ids: set[int]) -> set[int]:
    numbers = sorted(ids)
    there: set[int] = set()
    for start in range(0, len(numbers), AT_ONCE):
        some = among(connection, conversation.c.id, numbers[start : start + AT_ONCE])
        there.update(connection.scalars(select(conversation.c.id).where(some)).all())
    return there
