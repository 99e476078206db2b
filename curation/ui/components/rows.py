"""The rows piece: one page of the table of conversations, to tick, open and sort.

The browser half stands in `rows_files/`. All text reaches it as data and is set as text; the words
that were searched for are marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from curation import workflow
from curation.ui.components.pieces import piece, piece_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


_FILES: Final = ("rows_files/rows.html", "rows_files/rows.css", "rows_files/rows.js")
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
    found = map(workflow.whole_number, ids) if isinstance(ids, list) else ()
    return [number for number in found if number is not None]


def read_asked(value: object) -> Asked | None:
    """Return what a click asked for, None when it is not such a message."""
    if not isinstance(value, dict):
        return None
    number, message = (workflow.whole_number(value.get(name)) for name in ("open", "message"))
    if number is not None:
        return Asked(open=number, message=message)
    column = value.get("sort")
    return Asked(sort=column) if isinstance(column, str) and column else None


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

    draw = piece(_NAME, piece_files(*_FILES))
    draw(key=key, data=dict(data), on_chosen_change=chosen, on_asked_change=asked)
