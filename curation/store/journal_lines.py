"""The journal as a person reads it: pages of actions, each with what it changed."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Text, func, select
from sqlalchemy import cast as sql_cast

from curation.store.journal_details import Detail, Details, details_of
from curation.store.tables import chat, journal, journal_chat, journal_part, metadata

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Connection

    from curation.model import JournalQuery

_CHATS_SHOWN: Final = 3
_MANY: Final = 500

_NAMES: Final = sorted(
    {name for table in metadata.sorted_tables for name in (table.name, *table.c.keys())}
)


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One action, undo or redo: when, by whom, on what, and where it stands now.

    `count` conversations changed, `size` rows. `chats` names some of the `chat_count` chats.
    `reverses` is the action that an undo or redo is about, `reversed_action` its name. `details`
    are the first changes, `more` how many there are beyond.
    """

    id: int
    at: datetime
    action: str
    reviewer: str
    count: int
    size: int
    conversation_id: int | None
    undoable: bool
    undone: bool
    reverses: int | None = None
    reversed_action: str = ""
    chats: tuple[str, ...] = ()
    chat_count: int = 0
    details: tuple[Detail, ...] = ()
    more: int = 0


def page(
    connection: Connection, query: JournalQuery, *, page: int = 1, page_size: int = 20
) -> tuple[list[JournalLine], int]:
    """Return one page of the journal, newest first, and how many rows the choice has in all.

    Where there are not so many pages, it is the last one.
    """
    found = select(journal.c.id).where(*_where(query)).order_by(journal.c.id.desc())
    if query.text.strip():
        # Looking for words reads all changes: once, not for the count and the page.
        ids = list(connection.scalars(found))
        total = len(ids)
    else:
        ids = []
        total = (
            connection.scalar(select(func.count()).select_from(journal).where(*_where(query))) or 0
        )
    start = (min(max(page, 1), max(-(-total // page_size), 1)) - 1) * page_size
    if query.text.strip():
        ids = ids[start : start + page_size]
    else:
        ids = list(connection.scalars(found.limit(page_size).offset(start)))
    return lines(connection, ids), total


def lines(connection: Connection, ids: Sequence[int]) -> list[JournalLine]:
    """Return these rows of the journal in this order; those that are not there are left out."""
    rows = {
        row.id: row
        for start in range(0, len(ids), _MANY)
        for row in connection.execute(
            select(journal).where(journal.c.id.in_(ids[start : start + _MANY]))
        ).mappings()
    }
    names = _reversed_names(connection, rows.values())
    chats = _chats(connection, list(rows))
    details = details_of(
        connection, [row for row in rows.values() if row["undoable"] or row["size"]]
    )
    return [
        JournalLine(
            id=row["id"],
            at=datetime.fromtimestamp(row["at"], UTC),
            action=row["action"],
            reviewer=row["reviewer"],
            count=row["count"],
            size=row["size"],
            conversation_id=row["conversation_id"],
            undoable=row["undoable"],
            undone=row["undone"],
            reverses=row["reverses"],
            reversed_action=names.get(row["reverses"], ""),
            chats=tuple(chats[row["id"]][:_CHATS_SHOWN]),
            chat_count=len(chats[row["id"]]),
            details=tuple(details.get(row["id"], Details()).told),
            more=details.get(row["id"], Details()).more,
        )
        for row in (rows[number] for number in ids if number in rows)
    ]


def reviewers(connection: Connection) -> list[str]:
    """Return everybody who acted, by name; empty stands for those who gave none."""
    found: list[str] = []
    # One step along the index for each name: the journal may be long, the names are few.
    name = connection.scalar(select(func.min(journal.c.reviewer)))
    while name is not None:
        found.append(name)
        name = connection.scalar(
            select(func.min(journal.c.reviewer)).where(journal.c.reviewer > name)
        )
    return found


def actions(connection: Connection) -> list[str]:
    """Return the names of all actions that the journal holds."""
    return list(connection.scalars(select(journal.c.action).distinct().order_by(journal.c.action)))


def _where(query: JournalQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if query.actions:
        wanted.append(journal.c.action.in_(query.actions))
    if query.first_day is not None:
        wanted.append(journal.c.at >= _midnight(query.first_day))
    if query.last_day is not None:
        wanted.append(journal.c.at < _midnight(query.last_day + timedelta(days=1)))
    if query.reviewer is not None:
        wanted.append(journal.c.reviewer == query.reviewer)
    if query.undone is not None:
        wanted += [journal.c.undoable, journal.c.undone.is_(query.undone)]
    if query.chats:
        inside = (
            select(journal_chat.c.journal_id)
            .join(chat, chat.c.id == journal_chat.c.chat_id)
            .where(chat.c.name.in_(query.chats))
        )
        wanted.append(journal.c.id.in_(inside))
    for word in query.text.split():
        wanted.append(journal.c.id.in_(_saying(word)))
    return wanted


def _midnight(day: date) -> int:
    """Return when a day of this computer's zone begins, in seconds of UTC."""
    return int(datetime.combine(day, time.min).astimezone().timestamp())


def _saying(word: str) -> Any:
    """Return the actions in whose changes a word stands; names of columns do not count."""
    text: ColumnElement[str] = sql_cast(journal_part.c.changes, Text)
    for name in _NAMES:
        if word.lower() in name:
            text = func.replace(text, f'"{name}"', '""')
    kept = json.dumps(word, ensure_ascii=False)[1:-1]
    return select(journal_part.c.journal_id).where(text.icontains(kept, autoescape=True))


def _reversed_names(connection: Connection, rows: Iterable[Any]) -> dict[int, str]:
    ids = [row["reverses"] for row in rows if row["reverses"] is not None]
    found = select(journal.c.id, journal.c.action)
    return {
        row.id: row.action
        for start in range(0, len(ids), _MANY)
        for row in connection.execute(found.where(journal.c.id.in_(ids[start : start + _MANY])))
    }


def _chats(connection: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for start in range(0, len(ids), _MANY):
        for row in connection.execute(
            select(journal_chat.c.journal_id, chat.c.name)
            .join(chat, chat.c.id == journal_chat.c.chat_id)
            .where(journal_chat.c.journal_id.in_(ids[start : start + _MANY]))
            .order_by(journal_chat.c.journal_id, chat.c.name)
        ):
            found[row.journal_id].append(row.name)
    return found
