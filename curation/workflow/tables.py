"""The table of conversations: pages of it, and acting on many at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from curation import store
from curation.model import ConversationFilter, Status
from curation.store import actions, journal, queue
from curation.workflow.deciding import follow_terms
from curation.workflow.detecting import detection_rules
from curation.workflow.progress import ignore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from curation.store import JournalEntry, Workspace
    from curation.workflow.progress import Progress

    Selection = Sequence[int] | ConversationFilter

CHANGE_STAGE: Final = "change"
_IDS_AT_ONCE: Final = 1000


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


def set_status(
    workspace: Workspace, selection: Selection, status: Status, progress: Progress = ignore
) -> int:
    """Give the selected conversations a status; return how many changed. One undo."""
    return _act_on_many(
        workspace,
        selection,
        "set_status",
        lambda recorder, ids: actions.set_status(recorder, ids, status),
        progress,
    )


def tag_emotion(
    workspace: Workspace,
    selection: Selection,
    emotion: str,
    *,
    on: bool,
    progress: Progress = ignore,
) -> int:
    """Put an emotion on the selected conversations or take it off; return how many changed."""
    return _act_on_many(
        workspace,
        selection,
        "tag",
        lambda recorder, ids: actions.tag_emotion(recorder, ids, emotion, on=on),
        progress,
    )


def _act_on_many(
    workspace: Workspace,
    selection: Selection,
    action: str,
    act: Callable[[journal.Recorder, Sequence[int]], int],
    progress: Progress,
) -> int:
    with workspace.write() as connection:
        ids = (
            queue.matching_ids(connection, selection)
            if isinstance(selection, ConversationFilter)
            else [int(number) for number in selection]
        )
        recorder = journal.Recorder(connection)
        count = 0
        for start in range(0, len(ids), _IDS_AT_ONCE):
            progress(CHANGE_STAGE, start, len(ids))
            count += act(recorder, ids[start : start + _IDS_AT_ONCE])
        progress(CHANGE_STAGE, len(ids), len(ids))
        if recorder.changes:
            journal.finish(recorder, action)
    return count


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
