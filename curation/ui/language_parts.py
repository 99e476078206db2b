"""The part of the settings about the language, and the tour of the first start."""

from __future__ import annotations

import streamlit as st

from curation.ui.catalogue import LANGUAGES, _
from curation.ui.frame import choose_language
from curation.ui.pages import is_owner
from curation.ui.state import Keys, current_language, set_widget, widget_value
from curation.ui.tour import begin_tour


def draw_language() -> None:
    """Draw the language, which is taken over at once, and the button that shows the tour again."""
    set_widget(Keys.SETTINGS_LANGUAGE, current_language())
    with st.container(border=True):
        st.subheader(_("Language"), anchor=False)
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            st.segmented_control(
                _("Language"),
                list(LANGUAGES),
                format_func=LANGUAGES.__getitem__,
                required=True,
                key=Keys.SETTINGS_LANGUAGE,
                on_change=_save_language,
                label_visibility="collapsed",
            )
            if is_owner():
                st.button(
                    _("Show the tour of the first start"),
                    key="tour-begin",
                    icon=":material/explore:",
                    on_click=begin_tour,
                )


def _save_language() -> None:
    choose_language(widget_value(Keys.SETTINGS_LANGUAGE))
