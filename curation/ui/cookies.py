"""What a browser keeps for this address: who sits there, in which language; nothing of a chat."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

import streamlit as st

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

REVIEWER: Final = "ruwo_reviewer"
LANGUAGE: Final = "ruwo_language"

_KEEP: Final = """
export default function({ data }) {
  document.cookie = `${data.name}=${data.value}; path=/; max-age=31536000; SameSite=Strict`;
}
"""


def kept(name: str) -> str:
    """Return what the browser kept when this tab was opened; empty where it kept nothing."""
    return unquote(st.context.cookies.get(name, ""))


def keep(name: str, value: str) -> None:
    """Let the browser keep a value; drawn in the page, where it shows nothing."""
    data = {"name": name, "value": quote(value, safe="")}
    _keeper()(key=f"{name}-cookie", data=data, height=1)


@cache
def _keeper() -> ComponentRenderer:
    return st.components.v2.component("ruwo_cookie", js=_KEEP)
