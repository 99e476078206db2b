"""The trash: rejected conversations and deleted messages, when they were dropped and by what.

Nothing moves when it is dropped: a status or a mark changes, and a row here says since when. The
journal calls `follow` with every change, so that undo and redo keep the trash right as well.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, delete, func, insert, or_, select, true

from curation.model import ConversationFilter, Side, Status
from curation.store import hiding, texts
from curation.store.filters import condition, moment_of
from curation.store.search import text_words
from curation.store.tables import (
    chat,
    conversation,
    current_text,
    dropped,
    journal,
    message,
    sender,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from curation.store.changes import Change
    from curation.store.journal import Recorder

_IDS_AT_ONCE: Final = 500

_INSIDE: Final[dict[str, tuple[str, str, object]]] = {
    conversation.name: ("conversation_id", "status", Status.REJECTED.value),
    message.name: ("message_id", "deleted", True),
}
"""Table -> the column of `dropped` that names a row, and the value by which it is in the trash."""

Key = tuple[str, int]
"""The column of `dropped` that names a thing, and its id."""


class TrashKind(StrEnum):
    """What of the trash is shown."""

    ALL = "all"
    CONVERSATIONS = "conversations"
    MESSAGES = "messages"


@dataclass(frozen=True, slots=True)
class TrashFilter:
    """A choice of what lies in the trash; `text` is as in `ConversationFilter`."""

    kind: TrashKind = TrashKind.ALL
    text: str = ""
    chats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dropped:
    """A thing in the trash: a message, or a conversation where `message_id` is None.

    `at` is when it was dropped, None where an older version did not note it; `action` the name of
    the action that did it, `together` how many conversations that action changed, `reviewer` who
    did it. `text` is the message's, or the first words of the conversation. `moment` is when it was
    said, `side` by whom. `rejected` says that a message's conversation is in the trash, too.
    """

    id: int
    conversation_id: int
    message_id: int | None
    chat: str
    at: datetime | None
    action: str
    together: int
    reviewer: str
    text: str
    length: int
    moment: datetime | None
    side: Side | None
    speaker: str
    rejected: bool


class Movements:
    """What goes into the trash and what comes out of it, while changes are made."""

    def __init__(self) -> None:
        self._inside: dict[Key, bool] = {}

    def see(self, changes: Iterable[Change]) -> None:
        """Take notice of changes as (table, id, before, after), in their order."""
        for name, number, old, new in changes:
            if name in _INSIDE:
                key, column, inside = _INSIDE[name]
                was = old is not None and old.get(column) == inside
                now = new is not None and new.get(column) == inside
                if was or now:
                    self._inside[key, number] = now

    def keep(self, connection: Connection, journal_id: int) -> None:
        """Bring the trash up to date; `journal_id` is what did it."""
        for key in ("conversation_id", "message_id"):
            column = dropped.c[key]
            numbers = [number for (kind, number), _in in self._inside.items() if kind == key]
            for some in _parts(numbers):
                connection.execute(delete(dropped).where(column.in_(some)))
            now = int(time.time())
            rows = [
                {key: number, "at": now, "journal_id": journal_id}
                for number in numbers
                if self._inside[key, number]
            ]
            if rows:
                connection.execute(insert(dropped), rows)


def _parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[at : at + _IDS_AT_ONCE] for at in range(0, len(numbers), _IDS_AT_ONCE))


def page_of(
    connection: Connection, flt: TrashFilter, *, page: int, page_size: int
) -> list[Dropped]:
    """Return one page of the trash, what was dropped last first; `page` counts from 1."""
    rows = connection.execute(
        _chosen(
            flt,
            dropped.c.id,
            conversation.c.id.label("owner"),
            dropped.c.message_id,
            chat.c.name.label("chat"),
            dropped.c.at,
            journal.c.action,
            journal.c["count"].label("together"),
            journal.c.reviewer,
            current_text.label("text"),
            conversation.c.length,
            conversation.c.started_at,
            message.c.time,
            message.c.side,
            sender.c.name.label("speaker"),
            conversation.c.status,
        )
        .outerjoin(journal, journal.c.id == dropped.c.journal_id)
        .outerjoin(sender, sender.c.id == message.c.sender_id)
        .order_by(dropped.c.at.desc(), dropped.c.id.desc())
        .limit(page_size)
        .offset((page - 1) * page_size)
    ).all()
    openings = texts.openings(connection, [row.owner for row in rows if row.message_id is None])
    return [_dropped(row, openings) for row in rows]


def _dropped(row: Row[Any], openings: dict[int, str]) -> Dropped:
    whole = row.message_id is None
    return Dropped(
        id=row.id,
        conversation_id=row.owner,
        message_id=row.message_id,
        chat=row.chat,
        at=datetime.fromtimestamp(row.at, UTC) if row.at else None,
        action=row.action or "",
        together=row.together or 0,
        reviewer=row.reviewer or "",
        text=openings.get(row.owner, "") if whole else row.text,
        length=row.length if whole else 1,
        moment=moment_of(row.started_at if whole else row.time),
        side=None if whole else Side(row.side),
        speaker=row.speaker or "",
        rejected=row.status == Status.REJECTED.value,
    )


def count(connection: Connection, flt: TrashFilter) -> int:
    """Return how many things of the trash a filter lets through."""
    return int(connection.execute(_chosen(flt, func.count())).scalar_one())


def ids_of(connection: Connection, flt: TrashFilter) -> list[int]:
    """Return the ids of all things of the trash that a filter lets through."""
    return list(connection.scalars(_chosen(flt, dropped.c.id).order_by(dropped.c.id)))


def _chosen(flt: TrashFilter, *columns: ColumnElement[Any]) -> Select[Any]:
    owner = func.coalesce(message.c.conversation_id, dropped.c.conversation_id)
    query = (
        select(*columns)
        .select_from(dropped)
        .outerjoin(message, message.c.id == dropped.c.message_id)
        .join(conversation, conversation.c.id == owner)
        .join(chat, chat.c.id == conversation.c.chat_id)
    )
    if flt.kind is TrashKind.CONVERSATIONS:
        query = query.where(dropped.c.message_id.is_(None))
    elif flt.kind is TrashKind.MESSAGES:
        query = query.where(dropped.c.message_id.is_not(None))
    if flt.chats:
        query = query.where(chat.c.name.in_(flt.chats))
    words = text_words(flt.text)
    if words:
        query = query.where(
            or_(
                and_(dropped.c.message_id.is_(None), condition(ConversationFilter(text=flt.text))),
                and_(
                    *(current_text.icontains(word, autoescape=True) for word in words),
                    hiding.in_sight() if hiding.is_on() else true(),
                ),
            )
        )
    return query


def things(
    connection: Connection, ids: Sequence[int], held: Container[int] = ()
) -> tuple[list[int], list[int], int]:
    """Return the conversations and the messages that rows of the trash are about.

    Those of the conversations in `held` are only counted.
    """
    conversations: list[int] = []
    messages: list[int] = []
    left = 0
    owner = func.coalesce(message.c.conversation_id, dropped.c.conversation_id).label("owner")
    for some in _parts(ids):
        rows = connection.execute(
            select(owner, dropped.c.message_id)
            .select_from(dropped.outerjoin(message, message.c.id == dropped.c.message_id))
            .where(dropped.c.id.in_(some))
            .order_by(dropped.c.id)
        ).all()
        free = [row for row in rows if row.owner not in held]
        left += len(rows) - len(free)
        conversations += [row.owner for row in free if row.message_id is None]
        messages += [row.message_id for row in free if row.message_id is not None]
    return conversations, messages, left


def restore_messages(recorder: Recorder, numbers: Sequence[int]) -> set[int]:
    """Let deleted messages stand again; return the conversations they are in."""
    restored: set[int] = set()
    for some in _parts(numbers):
        recorder.update(message, message.c.id.in_(some), deleted=False)
        owners = select(message.c.conversation_id).where(message.c.id.in_(some)).distinct()
        restored |= set(recorder.connection.scalars(owners))
    recorder.affected |= restored
    return restored
