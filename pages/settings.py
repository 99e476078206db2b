"""Settings: how chats are cut and read, what stands for private details, language, history."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from curation import workflow
from curation.model import EntryRules
from curation.ui.backup_parts import do_backup_job, draw_backups
from curation.ui.catalogue import LANGUAGES, _, ngettext
from curation.ui.chat_jobs import do_job
from curation.ui.frame import begin_page, choose_language, narrow
from curation.ui.history import do_step, draw_undo
from curation.ui.key_parts import draw_keys
from curation.ui.markdown import plain
from curation.ui.replacement_parts import draw_replacements
from curation.ui.resources import workspace as open_workspace
from curation.ui.reviewer import draw_reviewer
from curation.ui.settings_parts import draw_reading, draw_splitting, save
from curation.ui.state import Keys, current_language, get_state, set_widget, widget_value
from curation.ui.tour import begin_tour
from curation.ui.words import action_label

if TYPE_CHECKING:
    from curation.workflow import Settings, Workspace


def save_rules() -> None:
    """Keep what enters a record."""
    rules = EntryRules(stickers=widget_value(Keys.STICKERS), media=widget_value(Keys.MEDIA))
    save(replace(workflow.load_settings(open_workspace()), rules=rules))


def save_emotions() -> None:
    """Keep the list of emotions, without blanks and doubles."""
    names = [name.strip() for name in widget_value(Keys.EMOTIONS)]
    emotions = tuple(dict.fromkeys(name for name in names if name))
    save(replace(workflow.load_settings(open_workspace()), emotions=emotions))


def save_language() -> None:
    """Show everything in the chosen language from now on."""
    choose_language(widget_value(Keys.SETTINGS_LANGUAGE))


def draw_settings(settings: Settings) -> None:
    """Draw what enters a record, the emotions and the language; each is kept at once."""
    for key, value in (
        (Keys.STICKERS, settings.rules.stickers),
        (Keys.MEDIA, settings.rules.media),
        (Keys.EMOTIONS, list(settings.emotions)),
        (Keys.SETTINGS_LANGUAGE, current_language()),
    ):
        set_widget(key, value)
    with st.container(border=True):
        st.subheader(_("What goes into the records"), anchor=False)
        st.toggle(
            _("Stickers, as their text such as [委屈]"),
            key=Keys.STICKERS,
            on_change=save_rules,
        )
        st.toggle(
            _("Pictures, voice and other media, as text such as [图片]"),
            key=Keys.MEDIA,
            on_change=save_rules,
        )
    with st.container(border=True):
        st.subheader(_("Emotions"), anchor=False)
        st.multiselect(
            _("Emotions to choose from; type a new one and press Enter"),
            list(dict.fromkeys((*settings.emotions, *workflow.Settings().emotions))),
            key=Keys.EMOTIONS,
            accept_new_options=True,
            on_change=save_emotions,
        )
    with st.container(border=True):
        st.subheader(_("Language"), anchor=False)
        st.segmented_control(
            _("Language"),
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            required=True,
            key=Keys.SETTINGS_LANGUAGE,
            on_change=save_language,
            label_visibility="collapsed",
        )
        st.button(
            _("Show the tour of the first start"),
            key="tour-begin",
            icon=":material/explore:",
            on_click=begin_tour,
        )


def draw_history(ws: Workspace) -> None:
    """Draw what was done last, with undo and redo."""
    with st.container(border=True):
        st.subheader(_("What was done last"), anchor=False)
        with st.container(horizontal=True):
            draw_undo(ws)
        entries = workflow.history(ws)
        if not entries:
            st.caption(_("Nothing yet."))
            return
        lines = []
        for entry in entries:
            parts = [f"{entry.at.astimezone():%m-%d %H:%M}", action_label(entry.action)]
            if entry.count:
                count = ngettext("{n} conversation", "{n} conversations", entry.count)
                parts.append(count.format(n=f"{entry.count:,}"))
            line = plain(" · ".join(parts))
            lines.append(f"~~{line}~~ " + _("(undone)") if entry.undone else line)
        with st.container(height=min(60 + 27 * len(lines), 300), border=False):
            st.markdown("\n".join(f"- {line}" for line in lines))


workspace = begin_page("settings", _("Every change is kept at once."))
if get_state().step:
    get_state().chat_said = ""
do_step(workspace)
do_backup_job(workspace)
with st.container():  # also where there is nothing to do, so that the page keeps its places
    do_job(workspace)
with narrow():
    held = workflow.load_settings(workspace)
    draw_splitting(workspace, held)
    draw_replacements(workspace, held)
    draw_settings(held)
    draw_keys(held)
    draw_reading(held)
    draw_reviewer()
    draw_backups(workspace)
    draw_history(workspace)
