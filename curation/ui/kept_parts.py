"""What was made here and kept as conversations: how many there are, and the way to them."""

from __future__ import annotations

import streamlit as st

from curation.model import ConversationFilter
from curation.ui.catalogue import _
from curation.ui.filters import to_query
from curation.ui.pages import go


def draw_way_to_review(count: int, said: str, *sources: str, icon: str) -> None:
    """Draw what is said of `count` conversations of these sources, if any, and the way to them."""
    if not count:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/{icon}: " + said.format(n=f"{count:,}"), width="stretch")
        if st.button(_("Review them"), key="to-kept", icon=":material/arrow_forward:"):
            go("review", {**to_query(ConversationFilter(sources=sources)), "status": "all"})
