"""What a workspace really holds, for those who invent values: found values, and its secret."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from sqlalchemy import select, union

from curation.model import Decision
from curation.store.settings import get_value, put_value
from curation.store.tables import conversation, finding, message, value_decision

if TYPE_CHECKING:
    from curation.store.workspace import Workspace

_SECRET: Final = "secret"  # the name of the setting  # noqa: S105
_SECRET_BYTES: Final = 32


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
    with workspace.read() as connection:
        rows = connection.execute(select(finding.c.entity, finding.c.value).distinct()).all()
    return {(row.entity, row.value) for row in rows}


def written_backgrounds(workspace: Workspace) -> list[str]:
    """Return every background that a person wrote, of conversations and of messages, each once."""
    query = union(
        select(conversation.c.background).where(conversation.c.background != ""),
        select(message.c.background).where(message.c.background != ""),
    )
    with workspace.read() as connection:
        return sorted(connection.scalars(query))


def value_decisions(workspace: Workspace) -> dict[tuple[str, str], Decision]:
    """Return what was decided for all equal values, by (entity, canonical value)."""
    with workspace.read() as connection:
        rows = connection.execute(select(value_decision)).all()
    return {(row.entity, row.value): Decision(row.decision) for row in rows}
