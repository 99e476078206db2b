"""Journal: who did what, when and on what; any of it can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.model import JournalQuery
from curation.ui.catalogue import _, ngettext
from curation.ui.frame import begin_page, empty_state
from curation.ui.history import do_step, draw_undo
from curation.ui.journal_parts import Names, do_turn, draw_line
from curation.ui.paging import draw_pages
from curation.ui.state import Keys
from curation.ui.words import action_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.workflow import Workspace

PAGE: Final = 20
STATES: Final = {"all": None, "in_force": False, "undone": True}


def state_label(state: str) -> str:
    """Return what a choice of actions by their state is called."""
    if state == "in_force":
        return _("In force")
    return _("Undone") if state == "undone" else _("All")


def draw_choice(ws: Workspace, names: Names) -> JournalQuery:
    """Draw the filter; return what it lets through."""
    labels: dict[str, list[str]] = {}
    for action in workflow.journal_actions(ws):
        labels.setdefault(action_label(action), []).append(action)
    people = workflow.journal_reviewers(ws)
    with st.container(horizontal=True, vertical_alignment="center"):
        state = st.segmented_control(
            _("State"),
            list(STATES),
            default="all",
            required=True,
            format_func=state_label,
            key=Keys.JOURNAL_STATE,
            label_visibility="collapsed",
            persist_state="session",
        )
        text = st.text_input(
            _("Words before or after"),
            key=Keys.JOURNAL_TEXT,
            icon=":material/search:",
            placeholder=_("words before or after"),
            label_visibility="collapsed",
            width=280,
            persist_state="session",
        )
        more = st.popover(_("What, who, chat, days"), icon=":material/tune:", key=Keys.JOURNAL_MORE)
    with more:
        kinds: Sequence[str] = st.multiselect(
            _("What was done"),
            sorted(labels),
            key=Keys.JOURNAL_ACTIONS,
            placeholder=_("everything"),
            width=260,
            persist_state="session",
        )
        reviewer = None
        if len(people) > 1:
            reviewer = st.selectbox(
                _("Reviewer"),
                people,
                index=None,
                format_func=names.of,
                placeholder=_("everybody"),
                key=Keys.JOURNAL_REVIEWER,
                width=160,
                persist_state="session",
            )
        chats: Sequence[str] = st.multiselect(
            _("Chat"),
            workflow.chats(ws),
            key=Keys.JOURNAL_CHATS,
            placeholder=_("All chats"),
            width=220,
            persist_state="session",
        )
        first, last = (
            st.date_input(label, value=None, key=key, width=150, persist_state="session")
            for label, key in (
                (_("From day"), Keys.JOURNAL_FIRST_DAY),
                (_("To day"), Keys.JOURNAL_LAST_DAY),
            )
        )
    return JournalQuery(
        actions=tuple(action for kind in kinds for action in labels.get(kind, ())),
        first_day=first,
        last_day=last,
        reviewer=reviewer,
        chats=tuple(chats),
        text=text.strip(),
        undone=STATES[state or "all"],
    )


def draw_journal(ws: Workspace) -> None:
    """Draw the filter and one page of what was done."""
    names = Names(workflow.load_persona(ws).name.strip() or _("me"))
    query = draw_choice(ws, names)
    head = st.container(horizontal=True, vertical_alignment="center")
    lines = st.container()
    found = workflow.journal_page(ws, query, page_size=PAGE)
    page = draw_pages(f"{Keys.JOURNAL_PAGE}-{hash(query)}", -(-found.total // PAGE))
    if page > 1:
        found = workflow.journal_page(ws, query, page=page, page_size=PAGE)
    with head:
        count = ngettext("{n} step", "{n} steps", found.total).format(n=f"{found.total:,}")
        st.markdown(f"**{count}**", width="stretch")
        draw_undo(ws)
    with lines:
        if not found.lines:
            if query == JournalQuery():
                st.info(_("Nothing was done yet. What you do from now on is listed here."))
            else:
                st.info(_("No step is like that. Take something out of the filter."))
        for line in found.lines:
            draw_line(line, names, mine=line.reviewer == ws.reviewer)


workspace = begin_page(
    "journal",
    _("Everything that was done, newest first. Any step can be undone, not only the last one."),
)
do_step(workspace)
do_turn(workspace)
if workflow.is_empty(workspace) and not workflow.journal_page(workspace, JournalQuery()).total:
    empty_state()
draw_journal(workspace)
