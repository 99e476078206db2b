"""Conversations that say nearly the same as an earlier one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from curation import conversations
from curation.store import duplicates
from curation.workflow.progress import Progress, ignore

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from curation.store import Workspace

DUPLICATES_STAGE: Final = "duplicates"


def mark_duplicates(workspace: Workspace, progress: Progress = ignore) -> int:
    """Mark the conversations that say nearly the same as an earlier one; return how many there are.

    Marks that hold no longer are taken away.
    """
    with workspace.write() as connection:
        return mark(connection, progress)


def mark(connection: Connection, progress: Progress) -> int:
    """As `mark_duplicates`, within a transaction at hand."""
    progress(DUPLICATES_STAGE, 0, 0)
    texts = duplicates.texts(connection)
    found = conversations.near_duplicates(texts, tick=partial(progress, DUPLICATES_STAGE))
    duplicates.keep(connection, found)
    return len(found)
