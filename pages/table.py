"""Table: every conversation in rows, filtered and acted on in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from curation import workflow
from curation.ui.bulk import do_agreed, draw_bulk
from curation.ui.catalogue import _, ngettext
from curation.ui.filters import to_query
from curation.ui.frame import begin_page, empty_state
from curation.ui.history import do_step, draw_undo
from curation.ui.pages import go
from curation.ui.state import Keys, get_state
from curation.ui.table_filters import clear_filter, draw_filter
from curation.ui.table_rows import draw_rows

if TYPE_CHECKING:
    from curation.workflow import Workspace


def draw_table(ws: Workspace) -> None:
    """Draw the filter, one page of rows, and what can be done with them."""
    state = get_state()
    emotions = workflow.load_settings(ws).emotions
    flt = draw_filter(ws, emotions)
    total = workflow.count_matching(ws, flt)
    with st.container(horizontal=True, vertical_alignment="center"):
        found = ngettext("{n} conversation", "{n} conversations", total)
        st.markdown("**" + found.format(n=f"{total:,}") + "**", width="stretch")
        st.button(_("Clear the filter"), key="clear", type="tertiary", on_click=clear_filter)
        draw_undo(ws)
        if st.button(
            _("Review these"),
            key="review-these",
            type="primary",
            icon=":material/rate_review:",
            disabled=not total,
        ):
            state.review_filter = flt
            go("review", to_query(flt))
    if not total:
        st.info(_("No conversation is like that. Take something out of the filter."))
        return
    actions = st.container()
    chosen, size = draw_rows(ws, flt, total)
    with actions:
        everything = st.toggle(
            ngettext("All {n} of this filter", "All {n} of this filter", total).format(
                n=f"{total:,}"
            ),
            key=f"{Keys.TABLE_ALL}-{state.table_view_round}-{state.table_round}",
        )
        count = total if everything else len(chosen)
        draw_bulk(ws, flt if everything else chosen, count, emotions, size)


workspace = begin_page("table")
do_agreed(workspace)
do_step(workspace)
if workflow.is_empty(workspace):
    empty_state()
draw_table(workspace)
