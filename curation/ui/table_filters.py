"""The table's filter: widgets on screen, address and tab kept in step."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.model import ConversationFilter, FindingFilter, Status, SuggestionKind
from curation.ui.catalogue import _
from curation.ui.filters import address_filter, write_address
from curation.ui.state import Keys, get_state, set_widget, widget_exists
from curation.ui.words import findings_label, status_sign

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.workflow import Workspace

_LONGEST: Final = 999_999
_NEAR: Final = frozenset({SuggestionKind.NEAR_DUPLICATE})


def clear_filter() -> None:
    """Let every conversation through again; only in a callback."""
    get_state().table_filter = ConversationFilter()
    _fill_widgets(ConversationFilter())
    write_address(ConversationFilter())


def draw_filter(ws: Workspace, emotions: Sequence[str]) -> ConversationFilter:
    """Draw the filter's widgets and return what they say; the address follows them.

    A changed address (opened, reloaded, back button) wins over the widgets.
    """
    state = get_state()
    wanted = address_filter() or state.table_filter
    if wanted != state.table_shown or not widget_exists(Keys.STATUSES):
        _fill_widgets(wanted)
    shown = _draw_widgets(wanted, workflow.chats(ws), emotions)
    if shown != wanted or address_filter() is None:
        write_address(shown)
    state.table_filter = state.table_shown = shown
    return shown


def _fill_widgets(flt: ConversationFilter) -> None:
    for key, value in (
        (Keys.STATUSES, list(flt.statuses)),
        (Keys.CHATS, list(flt.chats)),
        (Keys.TEXT, flt.text),
        (Keys.EMOTION, flt.emotion or None),
        (Keys.FINDINGS, flt.findings),
        (Keys.FIRST_DAY, flt.first_day),
        (Keys.LAST_DAY, flt.last_day),
        (Keys.MIN_LENGTH, flt.min_length),
        (Keys.MAX_LENGTH, flt.max_length),
        (Keys.NEAR, set(flt.suggestions) >= _NEAR),
    ):
        set_widget(key, value)


def _draw_widgets(
    wanted: ConversationFilter, chats: Sequence[str], emotions: Sequence[str]
) -> ConversationFilter:
    """Draw the widgets, which hold `wanted` already; return what they say."""
    statuses = st.pills(
        _("Status"),
        list(Status),
        selection_mode="multi",
        format_func=status_sign,
        key=Keys.STATUSES,
        label_visibility="collapsed",
    )
    first, second, third = st.columns([2, 2, 2])
    with first:
        text = st.text_input(
            _("Words in it"), key=Keys.TEXT, icon=":material/search:", placeholder=_("any words")
        )
    with second:
        # An address may name a chat that is gone: the filter then shows it and finds nothing.
        partners = st.multiselect(
            _("Partner"),
            [*chats, *(chat for chat in wanted.chats if chat not in chats)],
            key=Keys.CHATS,
            placeholder=_("everybody"),
        )
    with third:
        findings = st.selectbox(
            _("Private details"), list(FindingFilter), format_func=findings_label, key=Keys.FINDINGS
        )
    with st.expander(_("Date, length, emotion, near duplicates"), expanded=_has_more(wanted)):
        return _draw_more(
            ConversationFilter(
                statuses=tuple(statuses),
                chats=tuple(partners),
                text=text.strip(),
                findings=findings or FindingFilter.ALL,
            ),
            # The same holds for an emotion that is no longer in the list.
            [*emotions, *([wanted.emotion] if wanted.emotion not in ("", *emotions) else [])],
        )


def _has_more(flt: ConversationFilter) -> bool:
    more = (flt.emotion, flt.first_day, flt.last_day, flt.min_length, flt.max_length)
    return set(flt.suggestions) >= _NEAR or any(value not in ("", None) for value in more)


def _draw_more(flt: ConversationFilter, emotions: Sequence[str]) -> ConversationFilter:
    """Draw the filters used less often; return `flt` with what they say."""
    days, lengths, feeling = st.columns([2, 2, 2])
    with days, st.container(horizontal=True):
        first_day = st.date_input(_("From day"), value=None, key=Keys.FIRST_DAY, width=150)
        last_day = st.date_input(_("To day"), value=None, key=Keys.LAST_DAY, width=150)
    with lengths, st.container(horizontal=True):
        least = _length(_("Messages, at least"), Keys.MIN_LENGTH)
        most = _length(_("Messages, at most"), Keys.MAX_LENGTH)
    with feeling:
        emotion = st.selectbox(
            _("Emotion"), list(emotions), index=None, key=Keys.EMOTION, placeholder=_("any emotion")
        )
    near = st.toggle(_("Only those that say nearly the same as another one"), key=Keys.NEAR)
    return replace(
        flt,
        first_day=first_day,
        last_day=last_day,
        min_length=least,
        max_length=most,
        emotion=emotion or "",
        suggestions=tuple(_NEAR) if near else (),
    )


def _length(label: str, key: str) -> int | None:
    return st.number_input(
        label, min_value=0, max_value=_LONGEST, value=None, step=1, key=key, width=150
    )
