"""The table of conversations: pages of it, searching its words, filters that were kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from curation import store
from curation.errors import N_, ActionRefusedError
from curation.model import ConversationFilter, Status
from curation.store import listing, search
from curation.store import saved_filters as filters_kept
from curation.store.conversations import read_conversations
from curation.store.search import text_words
from curation.workflow.progress import ignore
from curation.workflow.roles import for_reviewers, for_who_sees_all
from curation.workflow.veil import opening, veil_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from curation.model import SuggestionKind
    from curation.store import Workspace
    from curation.store.listing import Snippet
    from curation.workflow.progress import Progress
    from curation.workflow.veil import Veil

INDEX_STAGE: Final = "index"
_LONGEST_NAME: Final = 40


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """One page of the table (columns: see `store.conversation_rows`) and the size of the whole.

    `snippets` are what was found in each conversation, where the filter searches for words.
    """

    rows: pd.DataFrame
    total: int
    snippets: Mapping[int, Snippet]


@for_reviewers
def conversation_page(
    workspace: Workspace,
    flt: ConversationFilter,
    *,
    order: str = "date",
    descending: bool = False,
    page: int = 1,
    page_size: int = 50,
    total: int | None = None,
) -> ConversationPage:
    """Return one page of the conversations of a filter; `order` is one of `store.ORDERS`.

    `total` is how many there are, where that was counted already.
    """
    if total is None:
        total = store.count_matching(workspace, flt)
    rows = store.conversation_rows(
        workspace,
        flt,
        order=order,
        descending=descending,
        page=page,
        page_size=page_size,
        total=total,
    )
    found = listing.snippets(workspace, rows["id"].tolist(), text_words(flt.text))
    veil = veil_of(workspace)
    if veil is not None:
        rows = _veiled(workspace, veil, rows)
    return ConversationPage(rows, total, found)


def _veiled(workspace: Workspace, veil: Veil, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows whose first words and notes show nothing hidden."""
    with workspace.read() as connection:
        whole = read_conversations(connection, rows["id"].tolist())
        shown = {each.id: each for each in veil.conversations(connection, whole)}
    openings = [opening(shown[each]) if each in shown else "" for each in rows["id"]]
    notes = [shown[each].note if each in shown else "" for each in rows["id"]]
    return rows.assign(opening=openings, note=notes)


@for_reviewers
def words_waiting(workspace: Workspace) -> int:
    """Return how many conversations the search for words still reads message by message."""
    return search.waiting(workspace)


@for_reviewers
def index_words(workspace: Workspace, progress: Progress = ignore) -> int:
    """Bring the index of words up to date; return how many conversations were read for it.

    Committed batch by batch: stopped in between, it goes on where it was.
    """
    return search.catch_up(workspace, partial(progress, INDEX_STAGE))


@for_reviewers
def count_matching(workspace: Workspace, flt: ConversationFilter) -> int:
    """Return how many conversations a filter lets through."""
    return store.count_matching(workspace, flt)


@for_reviewers
def is_empty(workspace: Workspace) -> bool:
    """Return whether nothing was imported yet."""
    return store.is_empty(workspace)


@for_reviewers
def count_by_status(
    workspace: Workspace, flt: ConversationFilter | None = None
) -> dict[Status, int]:
    """Return how many conversations have each status."""
    return store.count_by_status(workspace, flt or ConversationFilter())


@for_reviewers
def chats(workspace: Workspace) -> list[str]:
    """Return the names of all chats."""
    return store.chat_names(workspace)


@for_reviewers
def sources(workspace: Workspace) -> list[str]:
    """Return the names of all imported files, each once."""
    return store.source_names(workspace)


@for_reviewers
def suggestion_counts(workspace: Workspace) -> dict[SuggestionKind, int]:
    """Return how many conversations each kind of suggestion points out, where there are any."""
    return store.suggestion_counts(workspace)


@for_who_sees_all
def saved_filters(workspace: Workspace) -> dict[str, dict[str, list[str]]]:
    """Return every saved filter as parameters of an address, by its name, the oldest first."""
    return filters_kept.saved_filters(workspace)


@for_who_sees_all
def save_filter(workspace: Workspace, name: str, query: Mapping[str, Sequence[str]]) -> None:
    """Keep a filter under a name, in place of the one that has it already.

    Raises ActionRefusedError where the name is empty.
    """
    filters_kept.save_filter(workspace, _filter_name(name), query)


@for_who_sees_all
def rename_filter(workspace: Workspace, name: str, new_name: str) -> None:
    """Give a saved filter another name; ActionRefusedError where it is empty or taken."""
    filters_kept.rename_filter(workspace, name, _filter_name(new_name))


@for_who_sees_all
def forget_filter(workspace: Workspace, name: str) -> None:
    """Delete a saved filter; the conversations stay as they are."""
    filters_kept.forget_filter(workspace, name)


def _filter_name(typed: str) -> str:
    name = " ".join(typed.split())[:_LONGEST_NAME]
    if not name:
        raise ActionRefusedError(N_("A saved filter needs a name."))
    return name
