"""The strip that tells what the last action did to many things, and takes just that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from curation.ui.catalogue import _
from curation.ui.history import want_undone
from curation.ui.markdown import plain

if TYPE_CHECKING:
    from collections.abc import Callable


def draw_result(told: str, entry: int | None, *, name: str, dismiss: Callable[[], None]) -> None:
    """Draw what was done, with a button that undoes the journal's `entry` if there is one.

    `name` is the page's own, for the keys of the buttons; `dismiss` lets the strip be forgotten.
    """
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(":material/check_circle: " + plain(told), width="stretch")
        if entry is not None:
            st.button(
                _("Undo this"),
                key=f"{name}-undo",
                icon=":material/undo:",
                on_click=want_undone,
                args=(entry,),
            )
        st.button(
            _("Close"),
            key=f"{name}-dismiss",
            icon=":material/close:",
            type="tertiary",
            help=_("Do not show this any longer"),
            on_click=dismiss,
        )
