"""The switch between the languages that stands beside every page, whatever is drawn there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from curation.ui.catalogue import LANGUAGES
from curation.ui.state import Keys, set_widget

if TYPE_CHECKING:
    from collections.abc import Callable


def draw_language_switch(shown: str, chosen: Callable[[], None]) -> None:
    """Draw it with the language that is shown; `chosen` is called with another one in the widget.

    Its name stands in both languages: whoever needs it cannot read the other.
    """
    set_widget(Keys.LANGUAGE, shown)
    st.segmented_control(
        "语言 · Language",
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        required=True,
        key=Keys.LANGUAGE,
        on_change=chosen,
        label_visibility="collapsed",
    )
