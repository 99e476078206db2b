"""The look of what stands in place of every page: locked, damaged, not signed in, not let in."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation.ui.catalogue import LANGUAGES
from curation.ui.cookies import LANGUAGE, keep, kept
from curation.ui.own_words import translate_widgets
from curation.ui.pages import hide_pages
from curation.ui.state import Keys, current_language, get_state, set_widget, widget_value

if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDTH: Final = 640


@contextmanager
def door() -> Iterator[None]:
    """Draw the program's name and the languages over a card in the middle; what it holds follows.

    No page is named: none can be opened. The language is the browser's, since the workspace that
    keeps one cannot be read here or is somebody else's.
    """
    if get_state().framed:  # else app.py does not run, and neither do other pages
        hide_pages()
    if not get_state().language and kept(LANGUAGE) in LANGUAGES:
        get_state().language = kept(LANGUAGE)
    translate_widgets()
    with st.container(key="door", horizontal_alignment="center"), st.container(width=_WIDTH):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.title("如我 Ruwo", anchor=False, width="stretch")
            set_widget(Keys.ENTRANCE_LANGUAGE, current_language())
            # Its name stands in both languages: whoever needs it cannot read the other.
            st.segmented_control(
                "语言 · Language",
                list(LANGUAGES),
                format_func=LANGUAGES.__getitem__,
                required=True,
                key=Keys.ENTRANCE_LANGUAGE,
                on_change=_language_chosen,
                label_visibility="collapsed",
            )
        with st.container(border=True):
            yield
        if get_state().own_language:
            keep(LANGUAGE, current_language())


def _language_chosen() -> None:
    state = get_state()
    state.language, state.own_language = widget_value(Keys.ENTRANCE_LANGUAGE), True
