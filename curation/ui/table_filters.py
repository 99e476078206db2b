"""The table's filter: a bar with what is used most, the rest behind a button, chips to undo each.

Widgets, address and tab are kept in step: a changed address (opened, reloaded, back button) wins
over the widgets.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.model import ConversationFilter, FindingFilter, Status, SuggestionKind
from curation.ui.catalogue import _, ngettext
from curation.ui.filter_parts import IN_BAR, parts
from curation.ui.filters import address_filter, write_address
from curation.ui.markdown import plain
from curation.ui.saved_filters import draw_saved, draw_saved_chips
from curation.ui.state import Keys, get_state, set_widget, widget_exists, widget_value
from curation.ui.words import (
    ENTITIES,
    entity_label,
    findings_label,
    source_label,
    status_sign,
    suggestion_label,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streamlit.delta_generator import DeltaGenerator

    from curation.ui.filter_parts import Part
    from curation.workflow import Workspace

_LONGEST: Final = 999_999
_HALF: Final = 146
_WIDE: Final = 308
_NARROW: Final = 120


def clear_filter() -> None:
    """Let every conversation through again; only in a callback."""
    use_filter(ConversationFilter())


def use_filter(flt: ConversationFilter) -> None:
    """Let the table show this filter; only in a callback."""
    get_state().table_filter = flt
    _fill_widgets(flt)
    write_address(flt)


def draw_filter(ws: Workspace, emotions: Sequence[str], bar: DeltaGenerator) -> ConversationFilter:
    """Draw the filter into `bar`; return it. `draw_statuses` must follow. The address does."""
    state = get_state()
    wanted = address_filter() or state.table_filter
    if wanted != state.table_shown or not widget_exists(Keys.STATUSES):
        _fill_widgets(wanted)
    with bar:
        shown = _draw_widgets(ws, wanted, emotions)
    # An empty field and no field say the same; what is known of `wanted` beyond the widgets stays.
    if shown != wanted or address_filter() is None:
        write_address(shown)
    state.table_filter = state.table_shown = shown
    return shown


def _fill_widgets(flt: ConversationFilter) -> None:
    for key, value in (
        (Keys.STATUSES, list(flt.statuses)),
        (Keys.CHATS, list(flt.chats)),
        (Keys.SOURCES, list(flt.sources)),
        (Keys.TEXT, flt.text),
        (Keys.EMOTION, flt.emotion or None),
        (Keys.NO_EMOTION, flt.without_emotion or None),
        (Keys.TAGGED, flt.tagged),
        (Keys.FINDINGS, flt.findings),
        (Keys.FOUND_KINDS, list(flt.entities)),
        (Keys.FIRST_DAY, flt.first_day),
        (Keys.LAST_DAY, flt.last_day),
        (Keys.MIN_LENGTH, flt.min_length),
        (Keys.MAX_LENGTH, flt.max_length),
        (Keys.MIN_TURNS, flt.min_turns),
        (Keys.MAX_TURNS, flt.max_turns),
        (Keys.HINTS, list(flt.suggestions)),
        (Keys.LEAST_SCORE, None if flt.min_score is None else round(flt.min_score * 100)),
        (Keys.EDITED, flt.edited),
        (Keys.NOTED, flt.noted),
    ):
        set_widget(key, value)


def _draw_widgets(
    ws: Workspace, wanted: ConversationFilter, emotions: Sequence[str]
) -> ConversationFilter:
    """Draw the widgets, which hold `wanted` already; return what they say."""
    active = [part for part in parts(wanted) if not IN_BAR.issuperset(part.fields)]
    with st.popover(
        _("Filter") + (f" · {len(active)}" if active else ""),
        icon=":material/tune:",
        key=Keys.MORE,
    ):
        rest = _draw_rest(ws, wanted, emotions)
    draw_saved(ws, wanted)
    text = st.text_input(
        _("Words in it"),
        key=Keys.TEXT,
        icon=":material/search:",
        placeholder=_("Search words"),
        label_visibility="collapsed",
    )
    return replace(rest, text=text.strip())


def _draw_rest(
    ws: Workspace, wanted: ConversationFilter, emotions: Sequence[str]
) -> ConversationFilter:
    """Draw what stands behind the button; return it as a filter, with the statuses of the bar."""
    # What has no widget here stays as the address says it.
    flt = replace(wanted, statuses=tuple(widget_value(Keys.STATUSES) or ()))
    left, right = st.columns(2, gap="medium")
    with left:
        flt = _draw_origin(ws, wanted, flt)
        flt = _draw_size(flt)
    with right:
        flt = _draw_findings(flt)
        flt = _draw_emotions(wanted, emotions, flt)
    flt = _draw_suggestions(ws, wanted, flt)
    st.button(
        _("Clear the filter"),
        key="clear-more",
        icon=":material/filter_alt_off:",
        type="tertiary",
        on_click=clear_filter,
    )
    return flt


def _draw_origin(
    ws: Workspace, wanted: ConversationFilter, flt: ConversationFilter
) -> ConversationFilter:
    # An address may name a chat that is gone: the filter then shows it and finds nothing.
    chats = st.multiselect(
        _("Partner"),
        _with(workflow.chats(ws), wanted.chats),
        key=Keys.CHATS,
        placeholder=_("Everybody"),
        width=_WIDE,
    )
    sources = st.multiselect(
        _("File"),
        _with(workflow.sources(ws), wanted.sources),
        format_func=source_label,
        key=Keys.SOURCES,
        placeholder=_("Any file"),
        width=_WIDE,
    )
    with st.container(horizontal=True, gap="small"):
        first = st.date_input(_("From day"), value=None, key=Keys.FIRST_DAY, width=_HALF)
        last = st.date_input(_("To day"), value=None, key=Keys.LAST_DAY, width=_HALF)
    return replace(flt, chats=tuple(chats), sources=tuple(sources), first_day=first, last_day=last)


def _draw_size(flt: ConversationFilter) -> ConversationFilter:
    with st.container(horizontal=True, gap="small"):
        least = _number(_("Messages, at least"), Keys.MIN_LENGTH)
        most = _number(_("At most"), Keys.MAX_LENGTH)
    with st.container(horizontal=True, gap="small"):
        least_turns = _number(_("Turns, at least"), Keys.MIN_TURNS)
        most_turns = _number(_("At most"), Keys.MAX_TURNS)
    return replace(
        flt,
        min_length=least,
        max_length=most,
        min_turns=least_turns,
        max_turns=most_turns,
    )


def _draw_findings(flt: ConversationFilter) -> ConversationFilter:
    findings = st.selectbox(
        _("Private details"),
        list(FindingFilter),
        format_func=findings_label,
        key=Keys.FINDINGS,
        width=_WIDE,
    )
    entities = st.multiselect(
        _("Kinds of private details"),
        _with(ENTITIES, widget_value(Keys.FOUND_KINDS) or ()),
        format_func=entity_label,
        key=Keys.FOUND_KINDS,
        placeholder=_("Any kind"),
        width=_WIDE,
    )
    return replace(flt, findings=findings or FindingFilter.ALL, entities=tuple(entities))


def _draw_emotions(
    wanted: ConversationFilter, emotions: Sequence[str], flt: ConversationFilter
) -> ConversationFilter:
    with st.container(horizontal=True, gap="small"):
        # An emotion of an address may no longer be in the list.
        has, lacks = (
            st.selectbox(
                label,
                _with(emotions, [asked] if asked else []),
                index=None,
                key=key,
                placeholder=_("Any"),
                width=_HALF,
            )
            for label, key, asked in (
                (_("Has the emotion"), Keys.EMOTION, wanted.emotion),
                (_("Lacks the emotion"), Keys.NO_EMOTION, wanted.without_emotion),
            )
        )
    tagged = _yes_or_no(_("With an emotion"), _("Without an emotion"), Keys.TAGGED)
    edited = _yes_or_no(_("Edited"), _("Not edited"), Keys.EDITED)
    noted = _yes_or_no(_("With a note"), _("Without a note"), Keys.NOTED)
    return replace(
        flt,
        emotion=has or "",
        without_emotion=lacks or "",
        tagged=tagged,
        edited=edited,
        noted=noted,
    )


def _draw_suggestions(
    ws: Workspace, wanted: ConversationFilter, flt: ConversationFilter
) -> ConversationFilter:
    counts = workflow.suggestion_counts(ws)
    kinds = [kind for kind in SuggestionKind if kind in counts or kind in wanted.suggestions]
    if not kinds and wanted.min_score is None:
        return flt
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        hints = st.pills(
            _("Suggested by the program"),
            kinds,
            selection_mode="multi",
            format_func=lambda kind: f"{suggestion_label(kind)} {counts.get(kind, 0):,}",
            key=Keys.HINTS,
        )
        score = st.number_input(
            _("At least, % sure"),
            min_value=0,
            max_value=100,
            value=None,
            step=5,
            key=Keys.LEAST_SCORE,
            width=_NARROW,
        )
    # The box shows whole percents; a finer one of the address stays until it is changed.
    least = None if score is None else score / 100
    if wanted.min_score is not None and score == round(wanted.min_score * 100):
        least = wanted.min_score
    return replace(flt, suggestions=tuple(hints), min_score=least)


def _with(known: Sequence[str], asked: Sequence[str]) -> list[str]:
    return [*known, *(name for name in asked if name not in known)]


def _number(label: str, key: str) -> int | None:
    return st.number_input(
        label, min_value=0, max_value=_LONGEST, value=None, step=1, key=key, width=_HALF
    )


def _yes_or_no(yes: str, no: str, key: str) -> bool | None:
    return st.segmented_control(
        f"{yes} / {no}",
        [True, False],
        format_func=lambda answer: yes if answer else no,
        key=key,
        label_visibility="collapsed",
    )


def draw_statuses(
    ws: Workspace, flt: ConversationFilter, bar: DeltaGenerator
) -> Mapping[Status, int]:
    """Draw the statuses with their counts into `bar`, below it a chip for each hidden part.

    Return the counts; they leave the filter's own choice of statuses out of account.
    """
    counts = workflow.count_by_status(ws, replace(flt, statuses=()))
    with bar:
        st.pills(
            _("Status"),
            list(Status),
            selection_mode="multi",
            format_func=lambda status: f"{status_sign(status)} {counts[status]:,}",
            key=Keys.STATUSES,
            label_visibility="collapsed",
            width="content",
        )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        draw_saved_chips(ws, flt, use_filter)
        hidden = [part for part in parts(flt) if not IN_BAR.issuperset(part.fields)]
        if hidden:
            _draw_chips(hidden)
    return counts


def _draw_chips(hidden: Sequence[Part]) -> None:
    state = get_state()
    # A chip that is clicked away must not come back ticked: each set of chips is a new widget.
    key = f"{Keys.CHIPS}-{abs(hash(tuple(part.label for part in hidden)))}"

    def clicked() -> None:
        left = widget_value(key) or []
        shorter = state.table_filter
        for number, part in enumerate(hidden):
            if number not in left:
                shorter = part.without(shorter)
        use_filter(shorter)

    st.pills(
        ngettext("{n} more part of the filter", "{n} more parts of the filter", len(hidden)).format(
            n=len(hidden)
        ),
        range(len(hidden)),
        selection_mode="multi",
        default=range(len(hidden)),
        format_func=lambda number: f"{plain(hidden[number].label)} ✕",
        key=key,
        label_visibility="collapsed",
        on_change=clicked,
    )


def draw_nothing_found(ws: Workspace, flt: ConversationFilter) -> None:
    """Say that no conversation is like that, and what would be without each part."""
    with st.container(border=True):
        st.markdown("**" + _("No conversation matches. Take something out of the filter.") + "**")
        with st.container(horizontal=True, gap="small"):
            for part in parts(flt):
                shorter = part.without(flt)
                count = workflow.count_matching(ws, shorter)
                label = _("Without “{part}”: {n}").format(part=plain(part.label), n=f"{count:,}")
                st.button(
                    label,
                    key=f"without-{part.fields[0]}",
                    icon=":material/close:",
                    disabled=not count,
                    on_click=use_filter,
                    args=(shorter,),
                )
            st.button(
                _("Clear the filter"),
                key="clear",
                icon=":material/filter_alt_off:",
                type="tertiary",
                on_click=clear_filter,
            )
