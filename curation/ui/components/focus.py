"""Gives the keys back to a page after something was chosen in a box, which would hold them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import streamlit as st

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

_NAME: Final = "ruwo_focus"
_SCRIPT: Final = """
const TURN = Symbol.for("ruwo.focus");

export default function mount({ data }) {
  const held = document.activeElement;
  const last = (window[TURN] ??= data.turn);
  if (data.turn !== last && held?.closest(data.within)) held.blur();
  window[TURN] = data.turn;
}
"""


@cache
def _piece() -> ComponentRenderer:
    return st.components.v2.component(_NAME, html="<i hidden></i>", js=_SCRIPT)


def mount_focus(turn: int, *, within: str, key: str) -> None:
    """Draw nothing; with a new `turn` what has the focus inside the selector `within` loses it."""
    _piece()(key=key, data={"turn": turn, "within": within})
