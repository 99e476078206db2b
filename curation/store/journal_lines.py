"""The journal as a person reads it: pages of actions, each with what it changed."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Text, func, select
from sqlalchemy import cast as sql_cast

from curation.store import changes as kept_changes
from curation.store.tables import (
    chat,
    conversation,
    emotion_tag,
    finding,
    interview_answer,
    journal,
    journal_chat,
    journal_part,
    message,
    metadata,
    persona_version,
    suggestion,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Connection

    from curation.model import JournalQuery
    from curation.store.changes import Change

_CHATS_SHOWN: Final = 3
_MANY: Final = 500

_SILENT: Final = frozenset(
    {"version", "touched", "position", "sort_key", "changed_at", "search_row", "sender_id"}
    | {"answered_at", "answered_by", "digest"}
)
"""Columns that tell a person nothing of what was done."""

_UNTOLD: Final = frozenset({persona_version.name, interview_answer.name})
"""Rows that come with others which tell the same."""

_NAMES: Final = sorted(
    {name for table in metadata.sorted_tables for name in (table.name, *table.c.keys())}
)


@dataclass(frozen=True, slots=True)
class Detail:
    """One change in words: `what` (a table and, where a row only changed, its column).

    `before` and `after` are None where there was nothing; `about` is the text of the message, or
    what else says which thing it was. Texts are as the chat holds them.
    """

    what: str
    before: str | None = None
    after: str | None = None
    about: str = ""
    conversation_id: int | None = None
    message_id: int | None = None


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
    details = _details(connection, [row for row in rows.values() if row["undoable"]])
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
            details=tuple(details.get(row["id"], _Details()).told),
            more=details.get(row["id"], _Details()).more,
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


@dataclass(slots=True)
class _Details:
    told: list[Detail] = field(default_factory=list)
    more: int = 0


@dataclass(slots=True)
class _Around:
    """What changes name: messages with their conversations, and what changed about messages."""

    texts: dict[int, Any] = field(default_factory=dict)
    findings: dict[int, Any] = field(default_factory=dict)
    suggestions: dict[int, Any] = field(default_factory=dict)


def _details(connection: Connection, rows: Sequence[Mapping[Any, Any]]) -> dict[int, _Details]:
    """Return what actions changed, as far as their first parts tell."""
    ids = [row["id"] for row in rows]
    first: dict[int, list[Change]] = {}
    for start in range(0, len(ids), _MANY):
        some = journal_part.c.journal_id.in_(ids[start : start + _MANY])
        for part in connection.execute(
            select(journal_part.c.journal_id, journal_part.c.changes).where(
                some, journal_part.c.number == 0
            )
        ):
            first[part.journal_id] = kept_changes.load(part.changes)
    around = _around(connection, [each for some in first.values() for each in some])
    found = {}
    for row in rows:
        changes = first.get(row["id"], [])
        told = [detail for change in changes for detail in _told(change, around)]
        found[row["id"]] = _Details(told, max(row["size"] - len(changes), 0))
    return found


def _around(connection: Connection, changes: Sequence[Change]) -> _Around:
    around = _Around()
    pointed: defaultdict[str, set[int]] = defaultdict(set)
    for name, number, old, new in changes:
        if old and new:
            pointed[name].add(number)
    found = select(finding.c.id, finding.c.message_id, finding.c.value)
    around.findings = _rows(connection, found, pointed[finding.name])
    told = [suggestion.c[name] for name in ("id", "message_id", "conversation_id", "kind")]
    around.suggestions = _rows(connection, select(*told), pointed[suggestion.name])
    wanted = {number for name, number, _old, _new in changes if name == "message"}
    wanted |= {
        row["message_id"]
        for _name, _number, *sides in changes
        for row in sides
        if row and row.get("message_id") is not None
    }
    wanted |= {
        row.message_id
        for row in (*around.findings.values(), *around.suggestions.values())
        if row.message_id is not None
    }
    around.texts = _rows(
        connection,
        select(
            message.c.id,
            message.c.conversation_id,
            message.c.original_text,
            message.c.edited_text,
        ),
        wanted,
    )
    return around


def _rows(connection: Connection, query: Any, ids: Iterable[int]) -> dict[int, Any]:
    numbers = sorted(ids)
    column = next(iter(query.selected_columns))
    return {
        row.id: row
        for start in range(0, len(numbers), _MANY)
        for row in connection.execute(query.where(column.in_(numbers[start : start + _MANY])))
    }


def _told(change: Change, around: _Around) -> list[Detail]:
    """Return one change in words.

    That a suggestion went is nobody's doing: what it was about is no longer there as it was.
    """
    name, number, old, new = change
    only_changed = old is not None and new is not None
    if name in _UNTOLD or (name == suggestion.name and not only_changed):
        return []
    if "." in name or only_changed:
        return _told_columns(name, number, old or {}, new or {}, around)
    row = new or old or {}
    shown = _row_text(name, row)
    message_id = number if name == message.name else row.get("message_id")
    place = around.texts.get(message_id) if message_id is not None else None
    about = _text_of(place) if name == emotion_tag.name else ""
    held = row.get("conversation_id") or (place.conversation_id if place is not None else None)
    return [
        Detail(
            name,
            before=shown if new is None else None,
            after=shown if old is None else None,
            about=about,
            conversation_id=number if name == conversation.name else held,
            message_id=message_id,
        )
    ]


def _told_columns(
    name: str, number: int, old: Mapping[str, Any], new: Mapping[str, Any], around: _Around
) -> list[Detail]:
    told = []
    found = around.findings.get(number) if name == finding.name else None
    hint = around.suggestions.get(number) if name == suggestion.name else None
    message_id = number if name == message.name else None
    for row in (found, hint):
        message_id = row.message_id if row is not None else message_id
    place = around.texts.get(message_id) if message_id is not None else None
    about = _text_of(place) if found is None else str(found.value)
    for column in new:
        if column in _SILENT:
            continue
        before, after = (_shown(side.get(column)) for side in (old, new))
        if column == "edited_text" and place is not None:
            before, after = (
                place.original_text if text is None else text for text in (before, after)
            )
        held = number if name == conversation.name else None
        for row in (hint, place):
            held = held if row is None else row.conversation_id
        shown_about = "" if column == "edited_text" else about
        if "." in name:
            told.append(Detail(name, before, after, about=column))
        else:
            # Of a suggestion, its kind says more than that it was answered.
            what = column if hint is None or column != "state" else hint.kind
            told.append(Detail(f"{name}.{what}", before, after, shown_about, held, message_id))
    return told


def _text_of(row: Any) -> str:
    if row is None:
        return ""
    return str(row.original_text if row.edited_text is None else row.edited_text)


def _shown(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    return json.dumps(value, ensure_ascii=False)


_SAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "message": ("edited_text", "original_text"),
    "emotion_tag": ("emotion",),
    "finding": ("value",),
    "value_decision": ("value",),
    "own_term": ("pattern",),
    "persona": ("name",),
    "conversation": (),
}


def _row_text(name: str, row: Mapping[str, Any]) -> str:
    """Return what a row that came or went is about."""
    for column in _SAYS.get(name, ()):
        if row.get(column):
            return str(row[column])
    return ""
