"""The parts of the settings about what goes into a record: media as text, and emotions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from curation import workflow
from curation.model import EntryRules
from curation.ui.catalogue import _
from curation.ui.refusals import refusals_told
from curation.ui.resources import workspace as open_workspace
from curation.ui.settings_parts import save
from curation.ui.state import Keys, set_widget, widget_value

if TYPE_CHECKING:
    from curation.workflow import Settings


def draw_records(settings: Settings) -> None:
    """Draw what goes into a record; it is kept at once."""
    set_widget(Keys.STICKERS, settings.rules.stickers)
    set_widget(Keys.MEDIA, settings.rules.media)
    with st.container(border=True):
        st.subheader(_("What goes into the records"), anchor=False)
        st.toggle(
            _("Stickers, as their text such as [委屈]"),
            key=Keys.STICKERS,
            on_change=_save_rules,
        )
        st.toggle(
            _("Pictures, voice and other media, as text such as [图片]"),
            key=Keys.MEDIA,
            on_change=_save_rules,
        )


def draw_emotions(settings: Settings) -> None:
    """Draw the list of emotions; it is kept at once."""
    set_widget(Keys.EMOTIONS, list(settings.emotions))
    with st.container(border=True):
        st.subheader(_("Emotions"), anchor=False)
        st.multiselect(
            _("Emotions to choose from; type a new one and press Enter"),
            list(dict.fromkeys((*settings.emotions, *workflow.Settings().emotions))),
            key=Keys.EMOTIONS,
            accept_new_options=True,
            on_change=_save_emotions,
        )


@refusals_told
def _save_rules() -> None:
    rules = EntryRules(stickers=widget_value(Keys.STICKERS), media=widget_value(Keys.MEDIA))
    save(replace(workflow.load_settings(open_workspace()), rules=rules))


@refusals_told
def _save_emotions() -> None:
    """Keep the list of emotions, without blanks and doubles."""
    names = [name.strip() for name in widget_value(Keys.EMOTIONS)]
    emotions = tuple(dict.fromkeys(name for name in names if name))
    save(replace(workflow.load_settings(open_workspace()), emotions=emotions))
