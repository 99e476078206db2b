"""Chats: who is me in each, what becomes of the others of a group, where conversations end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from curation import workflow
from curation.model import ConversationFilter, Status
from curation.ui.catalogue import _, ngettext
from curation.ui.chat_jobs import do_job
from curation.ui.chat_parts import draw_gap, draw_group, draw_me
from curation.ui.filters import to_query
from curation.ui.frame import begin_page, empty_state, narrow, title_line
from curation.ui.history import do_step, draw_undo_in
from curation.ui.html import shorten
from curation.ui.markdown import plain
from curation.ui.pages import go
from curation.ui.state import get_state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.workflow import ChatInfo, Workspace

PARAMETER = "chat"
"""The chosen chat in the page's address."""


def draw_table(infos: Sequence[ChatInfo]) -> ChatInfo:
    """Draw all chats, largest first; return the chosen one, at first the largest."""
    state = get_state()
    names = [info.name for info in infos]
    wanted = st.query_params.get(PARAMETER, "")
    if wanted != state.chat_shown:  # opened by a link, or by the back button
        state.chat_shown = wanted
        state.chat_round += 1
        state.chat_said = ""
    place = names.index(wanted) if wanted in names else 0
    config = st.column_config
    chosen = st.dataframe(
        pd.DataFrame(
            {
                "name": names,
                "messages": [info.messages for info in infos],
                "conversations": [info.conversations for info in infos],
                "touched": [info.touched for info in infos],
                "me": [" / ".join(shorten(name, 16) for name in mine(info)) for info in infos],
                "gap": [gap_words(info) for info in infos],
                "group": [people_words(info) for info in infos],
            }
        ),
        key=f"chats-{state.chat_round}",
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": [place]}},
        height=min(len(infos) + 1, 9) * 35 + 3,
        column_config={
            "name": config.TextColumn(_("Chat"), width="medium"),
            "messages": config.NumberColumn(_("Messages"), format="localized", width=90),
            "conversations": config.NumberColumn(_("Conversations"), format="localized", width=105),
            "touched": config.NumberColumn(
                _("Reviewed"),
                format="localized",
                width=80,
                help=_("Conversations that somebody decided, edited or labelled"),
            ),
            "me": config.TextColumn(_("Me"), width=100),
            "gap": config.TextColumn(_("Pause"), width=95),
            "group": config.TextColumn(_("Kind"), width=110),
        },
        alt=_("All chats"),
    )
    rows = [row for row in chosen.selection.rows if row < len(infos)]
    if rows and rows[0] != place:
        state.chat_shown = st.query_params[PARAMETER] = names[rows[0]]
        state.chat_said = ""
        return infos[rows[0]]
    return infos[place]


def mine(info: ChatInfo) -> list[str]:
    """Return the names under which I speak in a chat."""
    return list(dict.fromkeys(each.name for each in info.speakers if each.is_me))


def gap_words(info: ChatInfo) -> str:
    """Return the pause that parts a chat's conversations, and whether it was set by hand."""
    minutes = _("{n} min").format(n=round(info.used_gap_minutes))
    return f"{minutes} ✎" if info.gap_minutes is not None else minutes


def people_words(info: ChatInfo) -> str:
    """Return whether a chat is a group, and of how many who speak."""
    if not info.group:
        return _("two people")
    count = len({each.key for each in info.speakers})
    return ngettext("group of {n}", "group of {n}", count).format(n=f"{count:,}")


def draw_chat(ws: Workspace, info: ChatInfo) -> None:
    """Draw everything that can be said about one chat."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(info.name), anchor=False, width="stretch")
        if st.button(_("Review this chat"), key="to-review", icon=":material/rate_review:"):
            flt = ConversationFilter(chats=(info.name,), statuses=(Status.PENDING,))
            get_state().review_filter = flt
            go("review", to_query(flt))
    said = get_state().chat_said
    # The containers are always there, so that what is below keeps its place in the page.
    with st.container():
        if said:
            st.success(plain(said), icon=":material/check_circle:")
    draw_me(info)
    with st.container():
        if info.group:
            draw_group(info)
    draw_gap(ws, info)


with narrow():
    head = title_line()
    workspace = begin_page(
        "chats",
        _("Which one is you, what becomes of others in a group, and where one conversation ends."),
        head=head,
    )
    if get_state().step:
        get_state().chat_said = ""
    do_step(workspace)
    with st.container():  # also where there is nothing to do, so that the page keeps its places
        do_job(workspace)
    if workflow.is_empty(workspace):
        empty_state()
    draw_undo_in(head, workspace)
    overview = sorted(workflow.chat_overview(workspace), key=lambda info: -info.messages)
    draw_chat(workspace, draw_table(overview))
