"""What a workspace really holds, for those who invent values: found values, and its secret."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import literal, select, union

from curation.model import Decision, Status
from curation.store.settings import get_value, put_value
from curation.store.tables import conversation, finding, message, value_decision

if TYPE_CHECKING:
    from curation.store.workspace import Workspace

_SECRET: Final = "secret"  # the name of the setting  # noqa: S105
_SECRET_BYTES: Final = 32
_ROWS: Final = 1000


def workspace_secret(workspace: Workspace) -> bytes:
    """Return the secret of the workspace, made at the first call; it never leaves the workspace.

    Whoever may read makes it.
    """
    with workspace.read() as connection:
        held = get_value(connection, _SECRET)
    if held is None:
        with workspace.for_the_program().write() as connection:
            # Somebody else may have made it since.
            held = get_value(connection, _SECRET) or secrets.token_hex(_SECRET_BYTES)
            put_value(connection, _SECRET, held)
    return bytes.fromhex(str(held))


def found_values(workspace: Workspace) -> set[tuple[str, str]]:
    """Return (entity, canonical value) of every finding, in deleted messages too."""
    query = select(finding.c.entity, finding.c.value).distinct()
    with workspace.read() as connection:
        # All rows at hand at once would take as long again.
        rows = connection.execute(query.execution_options(yield_per=_ROWS))
        return {(entity, value) for entity, value in rows}


def written_backgrounds(workspace: Workspace) -> list[str]:
    """Return every background that a person wrote, of conversations and of messages, each once."""
    query = union(
        select(conversation.c.background).where(conversation.c.background != ""),
        select(message.c.background).where(message.c.background != ""),
    )
    with workspace.read() as connection:
        return sorted(connection.scalars(query))


@dataclass(frozen=True, slots=True)
class BackgroundPlace:
    """A background: of a message, or of the whole conversation where `message_id` is 0.

    `status` is the conversation's.
    """

    text: str
    conversation_id: int
    message_id: int
    status: Status


def background_places(workspace: Workspace) -> list[BackgroundPlace]:
    """Return every background that a person wrote, but in the trash, conversation by conversation.

    Those of a conversation come before those of its messages.
    """
    whole = select(
        conversation.c.background,
        conversation.c.id,
        literal(0).label("message_id"),
        conversation.c.status,
    ).where(conversation.c.background != "")
    single = (
        select(message.c.background, message.c.conversation_id, message.c.id, conversation.c.status)
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .where(message.c.background != "", message.c.deleted.is_(False))
    )
    with workspace.read() as connection:
        rows = [*connection.execute(whole), *connection.execute(single)]
    return sorted(
        (
            BackgroundPlace(text, owner, number, Status(status))
            for text, owner, number, status in rows
        ),
        key=lambda each: (each.conversation_id, each.message_id),
    )


def value_decisions(workspace: Workspace) -> dict[tuple[str, str], Decision]:
    """Return what was decided for all equal values, by (entity, canonical value)."""
    with workspace.read() as connection:
        rows = connection.execute(select(value_decision)).all()
    return {(row.entity, row.value): Decision(row.decision) for row in rows}
