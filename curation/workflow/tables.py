"""The table of conversations: pages of it, undo and redo."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from curation import store
from curation.model import ConversationFilter, Status
from curation.store import journal
from curation.workflow.deciding import follow_terms
from curation.workflow.detecting import detection_rules
from curation.workflow.progress import ignore

if TYPE_CHECKING:
    import pandas as pd

    from curation.store import JournalEntry, Workspace
    from curation.workflow.progress import Progress

CHANGE_STAGE: Final = "change"


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """One page of the table (columns: see `store.conversation_rows`) and the size of the whole."""

    rows: pd.DataFrame
    total: int


def conversation_page(
    workspace: Workspace,
    flt: ConversationFilter,
    *,
    order: str = "date",
    descending: bool = False,
    page: int = 1,
    page_size: int = 50,
) -> ConversationPage:
    """Return one page of the conversations of a filter; `order` is one of `store.ORDERS`."""
    rows = store.conversation_rows(
        workspace, flt, order=order, descending=descending, page=page, page_size=page_size
    )
    return ConversationPage(rows, store.count_matching(workspace, flt))


def count_matching(workspace: Workspace, flt: ConversationFilter) -> int:
    """Return how many conversations a filter lets through."""
    return store.count_matching(workspace, flt)


def is_empty(workspace: Workspace) -> bool:
    """Return whether nothing was imported yet."""
    return store.is_empty(workspace)


def count_by_status(
    workspace: Workspace, flt: ConversationFilter | None = None
) -> dict[Status, int]:
    """Return how many conversations have each status."""
    return store.count_by_status(workspace, flt or ConversationFilter())


def chats(workspace: Workspace) -> list[str]:
    """Return the names of all chats."""
    return store.chat_names(workspace)


def undo(workspace: Workspace, progress: Progress = ignore) -> str | None:
    """Take back the newest action; return its name, None when there is nothing to undo."""
    rules = detection_rules(workspace)
    with workspace.write() as connection:
        done = journal.undo(connection, partial(progress, CHANGE_STAGE))
        follow_terms(connection, rules)
    return None if done is None else done[0]


def redo(workspace: Workspace, progress: Progress = ignore) -> str | None:
    """Do the action undone last again; return its name, None when there is nothing to redo."""
    rules = detection_rules(workspace)
    with workspace.write() as connection:
        done = journal.redo(connection, partial(progress, CHANGE_STAGE))
        follow_terms(connection, rules)
    return None if done is None else done[0]


def history(workspace: Workspace, limit: int = 20) -> list[JournalEntry]:
    """Return the newest journal entries, newest first."""
    return store.history(workspace, limit)
