"""What an action changed, as a person reads it: change by change, from what the journal kept."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from curation.store import changes as kept_changes
from curation.store.tables import (
    conversation,
    emotion_tag,
    finding,
    interview_answer,
    journal_part,
    lease,
    member,
    message,
    persona_version,
    suggestion,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from curation.store.changes import Change

_MANY: Final = 500

_SILENT: Final = frozenset(
    {"version", "touched", "position", "sort_key", "changed_at", "search_row", "sender_id"}
    | {"answered_at", "answered_by", "digest", "veiled"}
)
"""Columns that tell a person nothing of what was done."""

_UNTOLD: Final = frozenset({persona_version.name, interview_answer.name})
"""Rows that come with others which tell the same."""


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


@dataclass(slots=True)
class Details:
    """What an action changed, as far as it is told, and how much `more` there is."""

    told: list[Detail] = field(default_factory=list)
    more: int = 0


@dataclass(slots=True)
class _Around:
    """What changes name: messages with their conversations, what changed about them, members."""

    texts: dict[int, Any] = field(default_factory=dict)
    findings: dict[int, Any] = field(default_factory=dict)
    suggestions: dict[int, Any] = field(default_factory=dict)
    members: dict[int, Any] = field(default_factory=dict)


def details_of(connection: Connection, rows: Sequence[Mapping[Any, Any]]) -> dict[int, Details]:
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
        found[row["id"]] = Details(told, max(row["size"] - len(changes), 0))
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
    listed = select(member.c.id, member.c.name)
    around.members = _rows(connection, listed, pointed[member.name])
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
    if name == member.name and number in around.members:
        about = around.members[number].name
    for column in new:
        if column in _SILENT:
            continue
        before, after = (_shown(side.get(column)) for side in (old, new))
        if column == "edited_text" and place is not None:
            before, after = (
                place.original_text if text is None else text for text in (before, after)
            )
        held = number if name in (conversation.name, lease.name) else None
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
    "member": ("name",),
    "conversation": (),
}


def _row_text(name: str, row: Mapping[str, Any]) -> str:
    """Return what a row that came or went is about."""
    for column in _SAYS.get(name, ()):
        if row.get(column):
            return str(row[column])
    return ""
