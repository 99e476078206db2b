"""Table: every conversation in rows, filtered and acted on in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.ui.bulk import do_agreed, draw_bulk, draw_done
from curation.ui.catalogue import _, ngettext
from curation.ui.filters import to_query
from curation.ui.frame import begin_page, empty_state, errors_shown, flash, title_line
from curation.ui.history import do_step, draw_undo
from curation.ui.pages import go
from curation.ui.progress import working
from curation.ui.state import Keys, get_state
from curation.ui.table_filters import draw_filter, draw_nothing_found, draw_statuses
from curation.ui.table_rows import draw_rows, opened

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from curation.model import ConversationFilter
    from curation.workflow import Workspace

LONG_INDEXING: Final = 2_000
"""So many conversations take long enough to be read for the index that a bar is worth it."""


def make_searchable(ws: Workspace, flt: ConversationFilter) -> None:
    """Bring the index of words up to date where words are searched for, with a bar if it is long.

    Stopped, the search reads what is not in the index, which takes longer.
    """
    state = get_state()
    if not flt.text or flt.text == state.search_unready or not workflow.words_waiting(ws):
        return

    def stop() -> None:
        state.search_unready = flt.text
        flash(_("Stopped. Searching goes on, but more slowly."))

    with errors_shown(), working(stop, key="stop-index", least=LONG_INDEXING) as progress:
        workflow.index_words(ws, progress)


def draw_table(ws: Workspace, head: DeltaGenerator) -> None:
    """Draw the filter, one page of rows, and what can be done with them; `head` has the title."""
    state = get_state()
    emotions = workflow.load_settings(ws).emotions
    bar = st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="table-filter"
    )
    flt = draw_filter(ws, emotions, bar)
    make_searchable(ws, flt)
    counts = draw_statuses(ws, flt, bar)
    total = sum(counts[status] for status in flt.statuses or counts)
    with head:
        found = ngettext("{n} conversation", "{n} conversations", total)
        st.markdown("**" + found.format(n=f"{total:,}") + "**", width="stretch")
        draw_undo(ws)
    if not total:
        # What was done last may be why: of a filter's suggestions none is open any more.
        draw_done()
        draw_nothing_found(ws, flt)
        return
    # One line, as high with the buttons for chosen rows as without: the rows stay where they are.
    line = st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="table-actions"
    )
    below = st.container()
    chosen, size = draw_rows(ws, flt, total)
    open_row(flt)
    with line:
        everything = st.toggle(
            ngettext("Select the {n} that matches", "Select all {n} that match", total).format(
                n=f"{total:,}"
            ),
            key=f"{Keys.TABLE_ALL}-{state.table_view_round}-{state.table_round}",
        )
    count = total if everything else len(chosen.rows)
    elsewhere = 0 if everything else chosen.elsewhere
    with head:
        draw_way(flt, primary=not count)
    draw_bulk(
        ws,
        flt if everything else chosen.rows,
        count,
        size,
        elsewhere=elsewhere,
        line=line,
        below=below,
    )


def draw_way(flt: ConversationFilter, *, primary: bool) -> None:
    """Draw the way to the review of all that the filter lets through."""
    if st.button(
        _("Review these"),
        key="review-these",
        type="primary" if primary else "secondary",
        icon=":material/rate_review:",
    ):
        get_state().review_filter = flt
        go("review", to_query(flt))


def open_row(flt: ConversationFilter) -> None:
    """Leave for the conversation whose row was clicked, with the filter as its queue."""
    place = opened()
    if place is not None:
        number, message = place
        state = get_state()
        state.review_filter = flt
        state.review_at = None
        found = {} if message is None else {"message": str(message)}
        go("review", {**to_query(flt), "at": str(number), **found})


head = title_line()
workspace = begin_page("table", head=head)
do_agreed(workspace)
do_step(workspace)
if workflow.is_empty(workspace):
    empty_state()
draw_table(workspace, head)
