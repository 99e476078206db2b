"""Turning pages of a list."""

from __future__ import annotations

from typing import Literal

import streamlit as st


def draw_pages(
    key: str, pages: int, first: int = 1, *, align: Literal["center", "right"] = "center"
) -> int:
    """Draw the page numbers where there are several; return the page to show, from 1 on.

    A new `key` starts at the page `first`. Where the list got shorter, its last page is shown.
    """
    if pages <= 1:
        return 1
    with st.container(key=f"right-{key}" if align == "right" else None):
        # Left as wide as its buttons, it takes itself for too narrow and hides most of them.
        page: int = st.pagination(
            pages, default=min(first, pages), width="stretch", key=key, persist_state="session"
        )
    return min(page, pages)
