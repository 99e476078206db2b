"""The journal's filter, which the page's address holds as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.model import JournalQuery
from curation.ui.catalogue import _
from curation.ui.pages import sees_all
from curation.ui.state import Keys, set_widget, widget_exists, widget_value
from curation.ui.words import action_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.ui.journal_parts import Names
    from curation.workflow import Workspace

_WIDE: Final = 260
_HIDDEN: Final = (
    Keys.JOURNAL_ACTIONS,
    Keys.JOURNAL_REVIEWER,
    Keys.JOURNAL_CHATS,
    Keys.JOURNAL_FIRST_DAY,
    Keys.JOURNAL_LAST_DAY,
)
"""Parts of the filter that stand behind its button."""
_STATES: Final = {"all": None, "in_force": False, "undone": True}


def _draw_text() -> str:
    return st.text_input(
        _("Words before or after"),
        key=Keys.JOURNAL_TEXT,
        icon=":material/search:",
        placeholder=_("Words before or after"),
        label_visibility="collapsed",
        width=280,
        bind="query-params",
    )


def draw_choice(ws: Workspace, names: Names) -> JournalQuery:
    """Draw the filter; return what it lets through."""
    labels: dict[str, list[str]] = {}
    for action in workflow.journal_actions(ws):
        labels.setdefault(action_label(action), []).append(action)
    people = workflow.journal_reviewers(ws)
    with st.container(horizontal=True, vertical_alignment="center", key="journal-filter"):
        state = st.segmented_control(
            _("State"),
            list(_STATES),
            default="all",
            required=True,
            format_func=_state_label,
            key=Keys.JOURNAL_STATE,
            label_visibility="collapsed",
            bind="query-params",
        )
        text = _draw_text() if sees_all() else ""
        active = sum(_is_used(key) for key in _HIDDEN)
        more = st.popover(
            _("Filter") + (f" · {active}" if active else ""),
            icon=":material/tune:",
            key=Keys.JOURNAL_MORE,
        )
    with more:
        kinds: Sequence[str] = st.multiselect(
            _("What was done"),
            sorted(labels),
            key=Keys.JOURNAL_ACTIONS,
            placeholder=_("Everything"),
            width=_WIDE,
            bind="query-params",
        )
        reviewer = None
        if len(people) > 1:
            reviewer = st.selectbox(
                _("Reviewer"),
                people,
                index=None,
                format_func=names.of,
                placeholder=_("Everybody"),
                key=Keys.JOURNAL_REVIEWER,
                width=_WIDE,
                bind="query-params",
            )
        chats: Sequence[str] = st.multiselect(
            _("Chat"),
            workflow.chats(ws),
            key=Keys.JOURNAL_CHATS,
            placeholder=_("All chats"),
            width=_WIDE,
            bind="query-params",
        )
        first, last = (
            st.date_input(label, value=None, key=key, width=_WIDE, bind="query-params")
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
        undone=_STATES[state or "all"],
    )


def _is_used(key: str) -> bool:
    """Return whether a part of the filter is in use, be it only by the address so far."""
    return bool(widget_value(key)) if widget_exists(key) else key in st.query_params


def clear_choice() -> None:
    """Take everything out of the filter; only in a callback."""
    for key, value in (
        (Keys.JOURNAL_STATE, "all"),
        (Keys.JOURNAL_TEXT, ""),
        (Keys.JOURNAL_ACTIONS, []),
        (Keys.JOURNAL_REVIEWER, None),
        (Keys.JOURNAL_CHATS, []),
        (Keys.JOURNAL_FIRST_DAY, None),
        (Keys.JOURNAL_LAST_DAY, None),
    ):
        set_widget(key, value)


def _state_label(state: str) -> str:
    """Return what a choice of actions by their state is called."""
    if state == "in_force":
        return _("In effect")
    return _("Undone") if state == "undone" else _("All")
