"""What the partners of chats are to me, changed for many chats at once.

Relations are part of the persona, which is kept as one setting. So the journal keeps one change
named like a table, which holds the relations of the chats concerned alone: what else was done to
the persona since stays when it is taken back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from curation.errors import ActionRefusedError
from curation.store.changes import CHANGED_SINCE
from curation.store.settings import get_value, put_value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

    from curation.store.journal import Recorder

PERSONA: Final = "persona"
"""The setting that holds the persona."""

RELATIONS: Final = "persona.relations"
"""The name of the change."""


def relations(connection: Connection) -> dict[str, str]:
    """Return what each partner is to me, by the chat's name."""
    persona: dict[str, Any] = get_value(connection, PERSONA) or {}
    return {str(chat): str(relation) for chat, relation in persona.get("relations", {}).items()}


def set_relations(recorder: Recorder, wanted: Mapping[str, str]) -> None:
    """Say what the partners of chats are to me; an empty text takes it away."""
    held = relations(recorder.connection)
    before = {chat: held.get(chat) for chat in wanted}
    after = {chat: relation or None for chat, relation in wanted.items()}
    change = (RELATIONS, 0, before, after)
    apply(recorder.connection, change)
    recorder.changes.append(change)


def apply(
    connection: Connection,
    change: tuple[str, int, dict[str, Any], dict[str, Any]],
    _told: Callable[[int, int], None] | None = None,
) -> set[int]:
    """Bring relations from the change's old state to its new one; no conversation changes by it.

    Raises ActionRefusedError when one of them is no longer as the change says.
    """
    _name, _number, old, new = change
    held = relations(connection)
    if any(held.get(chat) != relation for chat, relation in old.items()):
        raise ActionRefusedError(CHANGED_SINCE)
    for chat, relation in new.items():
        held.pop(chat, None)
        if relation is not None:
            held[chat] = relation
    put_value(connection, PERSONA, {**(get_value(connection, PERSONA) or {}), "relations": held})
    return set()
