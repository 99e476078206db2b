"""The guide: how to go from chats to a model that talks, read here without a network."""

from __future__ import annotations

import base64
import html
from typing import TYPE_CHECKING

import streamlit as st

from curation.ui.catalogue import _
from curation.ui.components.leading import mount_leading
from curation.ui.frame import begin_page, narrow
from curation.ui.guide import FIRST, guide
from curation.ui.state import Keys, current_language, set_widget, widget_value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from curation.ui.guide import GuidePage


def turn_to(name: str) -> None:
    """Show another page of the guide; only in a callback."""
    st.query_params["page"] = name


def chosen() -> None:
    """Show the page that was chosen in the list."""
    turn_to(widget_value(Keys.GUIDE_PAGE) or FIRST)


def draw_contents(pages: Mapping[str, GuidePage], shown: str) -> None:
    """Draw the list of all pages."""
    set_widget(Keys.GUIDE_PAGE, shown)
    st.selectbox(
        _("Page"),
        list(pages),
        format_func=lambda name: _("Contents") if name == FIRST else pages[name].title,
        key=Keys.GUIDE_PAGE,
        on_change=chosen,
        label_visibility="collapsed",
        width=320,
    )


def draw_picture(path: Path, told: str) -> None:
    """Draw a picture as it is, with words for who cannot see it, which `st.image` has not."""
    held = base64.b64encode(path.read_bytes()).decode()
    words = html.escape(told)
    st.html(
        f'<figure><img src="data:image/webp;base64,{held}" alt="{words}">'
        f"<figcaption>{words}</figcaption></figure>"
    )


def draw_page(page: GuidePage) -> None:
    """Draw a page, each picture at its place."""
    if page.name != FIRST:
        st.header(page.title, anchor=False)
    for piece in page.pieces:
        if piece.picture is None:
            st.markdown(piece.text)
        else:
            draw_picture(piece.picture, piece.text)


def draw_turning(names: list[str], at: int) -> None:
    """Draw the ways to the page before and the one after."""
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        for step, label, icon in (
            (-1, _("Previous page"), ":material/arrow_back:"),
            (1, _("Next page"), ":material/arrow_forward:"),
        ):
            if 0 <= at + step < len(names):
                st.button(
                    label,
                    key=f"guide-{step}",
                    icon=icon,
                    on_click=turn_to,
                    args=(names[at + step],),
                )


with narrow():
    begin_page("guide", _("From getting your chats out to a model that talks like you."))
    pages = guide(current_language())
    if not pages:
        st.info(_("The guide is not part of this installation."))
        st.stop()
    asked = st.query_params.get("page", FIRST)
    shown = asked if asked in pages else FIRST
    draw_contents(pages, shown)
    # One that is another for every page begins at its top.
    with st.container(key=f"guide-{shown}"):
        draw_page(pages[shown])
    draw_turning(list(pages), list(pages).index(shown))
    mount_leading(shown, on_led=turn_to)
