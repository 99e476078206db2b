"""What was done to a conversation since a screen showed it, for the one who is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import or_, select

from curation.store import kept_parts
from curation.store.tables import conversation, journal, journal_chat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from curation.store.changes import Change

_MOST: Final = 3
"""More than the newest few are not told."""
_LOOKED_AT: Final = 30
"""Older actions of the chat are not looked through: it is a sentence, no search."""


def newest_actions(
    connection: Connection, conversation_id: int, count: int
) -> list[dict[str, Any]]:
    """Return the newest `count` actions that changed a conversation, oldest first, three at most.

    Each with `action`, `at` (UTC seconds), `who` (empty for somebody without a name) and `status`:
    the one it gave the conversation, empty where it gave none.
    """
    chat = select(conversation.c.chat_id).where(conversation.c.id == conversation_id)
    rows = connection.execute(
        select(journal)
        .join(journal_chat, journal_chat.c.journal_id == journal.c.id)
        .where(
            journal_chat.c.chat_id == chat.scalar_subquery(),
            # What is neither did not change it.
            or_(journal.c.undoable, journal.c.reverses.is_not(None)),
        )
        .order_by(journal.c.id.desc())
        .limit(_LOOKED_AT)
    ).all()
    found: list[dict[str, Any]] = []
    for row in rows:
        if len(found) >= min(count, _MOST):
            break
        reversing = row.reverses is not None
        changed = list(_of(connection, row.reverses if reversing else row.id, conversation_id))
        if not changed and row.conversation_id != conversation_id:
            continue
        status = ""
        for name, _number, old, new in changed:
            values = (old if row.action == "undo" else new) or {}
            status = values.get("status", "") if name == "conversation" else status
        found.append(
            {"action": row.action, "at": row.at, "who": row.reviewer, "status": status or ""}
        )
    return found[::-1]


def _of(connection: Connection, journal_id: int, conversation_id: int) -> Iterator[Change]:
    """Yield what an action changed of a conversation itself or of what belongs to it."""
    for part in kept_parts.read(connection, journal_id):
        for change in part:
            name, number, old, new = change
            owners = {(row or {}).get("conversation_id") for row in (old, new)}
            if conversation_id in owners or (name == "conversation" and number == conversation_id):
                yield change
