"""The parts of the settings about reading files and cutting conversations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.model import Limits
from curation.ui.catalogue import _, error_text, ngettext, sentences
from curation.ui.chat_jobs import want
from curation.ui.components.gap import LEAST_MINUTES, MOST_MINUTES
from curation.ui.frame import flash
from curation.ui.html import shorten
from curation.ui.markdown import plain
from curation.ui.refusals import refusals_told
from curation.ui.resources import workspace as open_workspace
from curation.ui.state import ChatJob, Keys, get_state, set_widget, widget_value
from curation.ui.zones import zone_labels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from curation.model import ColumnMapping
    from curation.workflow import Settings, Workspace

_GIGABYTE: Final = 1024**3
_SHORTEST_LIMIT: Final = 100
_LONGEST_LIMIT: Final = 1_000_000
_SHORTEST_BURST: Final = 2
_LONGEST_BURST: Final = 5

Unit = Literal["characters", "tokens"]

_LIMITS: Final[Mapping[str, tuple[int, int, int]]] = {
    # Least and most that may be set, and how many of the stored unit make one shown.
    "file_bytes": (1, 64, _GIGABYTE),
    "unpacked_bytes": (1, 256, _GIGABYTE),
    "archive_files": (1, 1_000_000, 1),
    "archive_ratio": (2, 10_000, 1),
    "nesting": (8, 200, 1),
    "message_characters": (1_000, 10_000_000, 1),
}


def save(changed: Settings) -> None:
    """Keep the settings and say so; only in a callback."""
    try:
        workflow.save_settings(open_workspace(), changed)
    except RuwoError as error:
        flash(error_text(error))
    else:
        flash(_("Saved."))


@refusals_told
def _save_split() -> None:
    """Keep what cuts conversations, and offer to cut those here again."""
    settings = workflow.load_settings(open_workspace())
    gap, limit = widget_value(Keys.GAP), widget_value(Keys.LENGTH_LIMIT)
    limited = widget_value(Keys.LENGTH_LIMITED)
    length = limit or settings.length_limit or workflow.Settings().length_limit
    changed = replace(
        settings,
        gap_mode=widget_value(Keys.GAP_MODE) or settings.gap_mode,
        gap_minutes=settings.gap_minutes if gap is None else gap,
        burst_minutes=widget_value(Keys.BURST) or settings.burst_minutes,
        length_limit=length if limited else 0,
        length_unit=widget_value(Keys.LENGTH_UNIT) or settings.length_unit,
    )
    if changed != settings:
        get_state().split_wanted = True
        get_state().chat_said = ""
        save(changed)


def draw_splitting(ws: Workspace, settings: Settings) -> None:
    """Draw what cuts conversations, and the offer to cut those that nobody touched again."""
    modes = {
        "adaptive": _("For each chat by its own pauses"),
        "fixed": _("The same for all chats"),
    }
    units = {"tokens": _("tokens (estimated)"), "characters": _("characters")}
    for key, value in (
        (Keys.GAP_MODE, settings.gap_mode),
        (Keys.GAP, settings.gap_minutes),
        (Keys.BURST, settings.burst_minutes),
        (Keys.LENGTH_LIMITED, settings.length_limit > 0),
        (Keys.LENGTH_LIMIT, settings.length_limit or workflow.Settings().length_limit),
        (Keys.LENGTH_UNIT, settings.length_unit),
    ):
        set_widget(key, value)
    with st.container(border=True):
        st.subheader(_("Conversations"), anchor=False)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.radio(
                _("The pause after which a new conversation begins"),
                list(modes),
                format_func=modes.__getitem__,
                key=Keys.GAP_MODE,
                on_change=_save_split,
                horizontal=True,
                width="stretch",
            )
            if settings.gap_mode == "fixed":
                st.number_input(
                    _("Minutes"),
                    min_value=LEAST_MINUTES,
                    max_value=MOST_MINUTES,
                    step=5,
                    key=Keys.GAP,
                    on_change=_save_split,
                    width=160,
                )
        st.caption(_("A pause set by hand under Chats takes precedence."))
        st.slider(
            _("One side's messages within this many minutes are never split"),
            min_value=_SHORTEST_BURST,
            max_value=_LONGEST_BURST,
            key=Keys.BURST,
            on_change=_save_split,
            width=420,
        )
        st.toggle(
            _("Split long conversations at their longest pause"),
            key=Keys.LENGTH_LIMITED,
            on_change=_save_split,
        )
        if settings.length_limit:
            with st.container(horizontal=True, vertical_alignment="bottom"):
                st.number_input(
                    _("No longer than"),
                    min_value=_SHORTEST_LIMIT,
                    max_value=_LONGEST_LIMIT,
                    step=100,
                    key=Keys.LENGTH_LIMIT,
                    on_change=_save_split,
                    width=180,
                )
                st.selectbox(
                    _("Counted in"),
                    list(units),
                    format_func=units.__getitem__,
                    key=Keys.LENGTH_UNIT,
                    on_change=_save_split,
                    width=180,
                )
            st.caption(
                _("A trainer cuts off what goes beyond its own limit, usually 2,048 tokens.")
            )
        _draw_offer(ws)


def _draw_offer(ws: Workspace) -> None:
    """Draw how many conversations could be cut again, and the button that does it."""
    state = get_state()
    if state.chat_said:
        st.success(plain(state.chat_said), icon=":material/check_circle:")
    free, touched = workflow.touched_counts(ws)
    if not free:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        text = ngettext(
            "{n} conversation that nobody worked on can be split again by these settings.",
            "{n} conversations that nobody worked on can be split again by these settings.",
            free,
        )
        told = [text.format(n=f"{free:,}")]
        if touched:
            text = ngettext("{n} stays as it is.", "{n} stay as they are.", touched)
            told.append(text.format(n=f"{touched:,}"))
        st.markdown(":material/content_cut: " + sentences(told), width="stretch")
        st.button(
            _("Split again"),
            key="split-all",
            type="primary" if state.split_wanted else "secondary",
            on_click=want,
            args=(ChatJob(),),
        )


@refusals_told
def _save_zone() -> None:
    settings = workflow.load_settings(open_workspace())
    save(replace(settings, time_zone=widget_value(Keys.SETTINGS_ZONE)))


@refusals_told
def _save_limits() -> None:
    settings = workflow.load_settings(open_workspace())
    shown = {name: widget_value(Keys.LIMIT + name) for name in _LIMITS}
    given = {name: value * _LIMITS[name][2] for name, value in shown.items() if value is not None}
    save(replace(settings, limits=replace(settings.limits, **given)))


@refusals_told
def _usual_limits() -> None:
    save(replace(workflow.load_settings(open_workspace()), limits=Limits()))


def draw_reading(settings: Settings) -> None:
    """Draw how files are read: the time zone, remembered tables, and limits, folded away."""
    set_widget(Keys.SETTINGS_ZONE, settings.time_zone)
    zones = zone_labels(settings.time_zone)
    with st.container(border=True):
        st.subheader(_("Reading files"), anchor=False)
        st.selectbox(
            _("Time zone of the chats"),
            list(zones),
            format_func=zones.__getitem__,
            key=Keys.SETTINGS_ZONE,
            on_change=_save_zone,
            help=_("Only for exports that do not say local time: those become times of this zone."),
        )
        _draw_mappings(settings.mappings)
        with st.expander(_("Limits that keep a broken or hostile file from doing harm")):
            _draw_limits(settings.limits)


def _draw_limits(limits: Limits) -> None:
    labels = {
        "file_bytes": _("Largest file, GB"),
        "unpacked_bytes": _("Largest archive when unpacked, GB"),
        "archive_files": _("Most files in an archive"),
        "archive_ratio": _("An archive may grow this many times over"),
        "nesting": _("Deepest nesting of JSON"),
        "message_characters": _("Longest message, characters"),
    }
    columns = st.columns(2)
    for number, (name, (least, most, unit)) in enumerate(_LIMITS.items()):
        held = getattr(limits, name) // unit
        set_widget(Keys.LIMIT + name, min(max(held, least), most))
        with columns[number % 2]:
            st.number_input(
                labels[name],
                min_value=least,
                max_value=most,
                step=1,
                key=Keys.LIMIT + name,
                on_change=_save_limits,
            )
    st.button(
        _("Back to the usual limits"),
        key="usual-limits",
        disabled=limits == Limits(),
        on_click=_usual_limits,
    )


def _forget(header: tuple[str, ...]) -> None:
    try:
        workflow.forget_mapping(open_workspace(), header)
    except RuwoError as error:
        flash(error_text(error))
    else:
        flash(_("Forgotten."))


def _draw_mappings(mappings: tuple[ColumnMapping, ...]) -> None:
    if not mappings:
        return
    label = ngettext(
        "{n} kind of table explained by you", "{n} kinds of tables explained by you", len(mappings)
    )
    with st.expander(label.format(n=f"{len(mappings):,}")):
        for number, mapping in enumerate(mappings):
            with st.container(horizontal=True, vertical_alignment="center"):
                parts = [
                    (_("Who said it"), mapping.sender),
                    (_("When (optional)"), mapping.time),
                    (_("What was said"), mapping.text),
                    (_("In which chat (optional)"), mapping.chat),
                ]
                said = " · ".join(f"{name}: {column}" for name, column in parts if column)
                st.markdown(plain(shorten(said, 200)), width="stretch")
                st.button(
                    _("Forget"),
                    key=f"forget-mapping-{number}",
                    icon=":material/delete:",
                    on_click=_forget,
                    args=(mapping.header,),
                )
