"""The rows piece: one page of the table of conversations, to tick, open and sort.

The browser half stands in `rows_files/`. All text reaches it as data and is set as text; the words
that were searched for are marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from streamlit.components.v2.types import ComponentRenderer

_FILES: Final = Path(__file__).parent / "rows_files"
_NAME: Final = "ruwo_rows"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a click on the piece asks for: a conversation opened, or a column sorted by.

    `message` is the one in it that was found, where words were searched for.
    """

    open: int | None = None
    message: int | None = None
    sort: str = ""


def read_chosen(value: object, view: str) -> list[int] | None:
    """Return the ids of the ticked rows, None where they were ticked in another view."""
    if not isinstance(value, dict) or value.get("view") != view:
        return None
    ids = value.get("ids")
    return [int(number) for number in ids if _is_id(number)] if isinstance(ids, list) else []


def read_asked(value: object) -> Asked | None:
    """Return what a click asked for, None when it is not such a message."""
    if not isinstance(value, dict):
        return None
    number, message, column = (value.get(name) for name in ("open", "message", "sort"))
    if _is_id(number):
        return Asked(open=_whole(number), message=_whole(message) if _is_id(message) else None)
    return Asked(sort=column) if isinstance(column, str) and column else None


def _whole(number: object) -> int:
    return int(str(number).partition(".")[0])


def _is_id(value: object) -> bool:
    # A number that went through JavaScript and JSON may come back as 3.0.
    return isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)


@cache
def _piece() -> ComponentRenderer:
    html, css, js = (
        (_FILES / f"rows.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js")
    )
    return st.components.v2.component(_NAME, html=html, css=css, js=js)


def mount_rows(
    data: Mapping[str, Any],
    *,
    key: str,
    on_asked: Callable[[Asked], None],
    on_chosen: Callable[[object], None],
) -> None:
    """Draw the piece.

    `data` holds `view` (a new one begins with the ids of `chosen` ticked), `columns`, `rows` and
    `labels`. Before the run that a click causes, `on_asked` is called with what it asks for, or
    `on_chosen` with what is ticked now, as `read_chosen` takes it.
    """

    def asked() -> None:
        found = read_asked(st.session_state[key].asked)
        if found is not None:
            on_asked(found)

    def chosen() -> None:
        on_chosen(st.session_state[key].chosen)

    _piece()(key=key, data=dict(data), on_chosen_change=chosen, on_asked_change=asked)
