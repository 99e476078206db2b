"""Lets the links of the guide lead to its other pages in the same tab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from curation.ui.components.pieces import silent_piece

if TYPE_CHECKING:
    from collections.abc import Callable

_NAME: Final = "ruwo_leading"


def mount_leading(page: str, *, on_led: Callable[[str], None]) -> None:
    """Draw nothing; `on_led` is called with the page a link leads to, before the run it causes."""

    def led() -> None:
        name = st.session_state[_NAME].led
        if isinstance(name, str):
            on_led(name)

    silent_piece(_NAME, "leading_files/leading.js")(
        key=_NAME, data={"page": page}, on_led_change=led
    )
