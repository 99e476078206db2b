"""One page of the table of conversations."""

from __future__ import annotations

from datetime import UTC
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from curation import workflow
from curation.errors import N_
from curation.model import Status, SuggestionKind
from curation.ui import table_ticks
from curation.ui.catalogue import _
from curation.ui.components.rows import mount_rows
from curation.ui.filters import address_view, write_view
from curation.ui.paging import draw_pages
from curation.ui.state import Keys, current_language, get_state, set_widget, widget_value
from curation.ui.words import status_label, status_mark, suggestion_label

if TYPE_CHECKING:
    from datetime import datetime

    from curation.model import ConversationFilter
    from curation.ui.components.rows import Asked
    from curation.ui.table_ticks import Chosen
    from curation.workflow import ConversationPage, Workspace

SIZES: Final = (50, 100)

IN_QUEUE: Final = "queue"

COLUMNS: Final = {
    "status": N_("Status"),
    "chat": N_("Partner"),
    "date": N_("Started"),
    "said": N_("What is said"),
    "length": N_("Messages"),
    "turns": N_("Turns"),
    "findings": N_("Private"),
    "score": N_("Suggested"),
    "changed": N_("Changed"),
}
"""Columns in their order; each but what is said can be sorted by."""

_NUMBERS: Final = ("length", "turns", "findings")
_WORDS_FIRST: Final = ("status", "chat")
_SORTED: Final = tuple(name for name in COLUMNS if name != "said")

ORDERS: Final = (IN_QUEUE, *(way + name for name in _SORTED for way in ("", "-")))
"""Orders of the rows; a minus means from the largest down."""


def order_label(order: str) -> str:
    """Return what an order is called."""
    if order == IN_QUEUE:
        return _("By partner, as in review")
    return f"{_(COLUMNS[order.lstrip('-')])} {'↓' if order.startswith('-') else '↑'}"


def next_order(order: str, column: str) -> str:
    """Return the order after a click on a column's head: one way, the other way, none."""
    first = column if column in _WORDS_FIRST else f"-{column}"
    other = first[1:] if first.startswith("-") else f"-{first}"
    return {first: other, other: IN_QUEUE}.get(order, first)


def draw_rows(ws: Workspace, flt: ConversationFilter, total: int) -> tuple[Chosen, int]:
    """Draw one page of rows; return what is chosen and how many rows a page has."""
    asked_order, asked_page = address_view()
    state = get_state()
    if asked_order in ORDERS:
        state.table_order = asked_order
    # The box forgets its choice when its words change with the language; the tab does not.
    set_widget(Keys.TABLE_ORDER, state.table_order)
    place = st.container()
    foot = st.container(horizontal=True, vertical_alignment="center", gap="small")
    with foot:
        order = st.selectbox(
            _("Order"),
            ORDERS,
            format_func=order_label,
            key=Keys.TABLE_ORDER,
            label_visibility="collapsed",
            width=230,
            on_change=_order_chosen,
        )
        size = st.segmented_control(
            _("Rows a page"),
            SIZES,
            default=SIZES[0],
            required=True,
            key=Keys.TABLE_SIZE,
            label_visibility="collapsed",
            persist_state="session",
        )
    _start_anew_where_changed((flt, order, size), asked_page)
    with foot:
        page = draw_pages(
            f"{Keys.TABLE_PAGE}-{state.table_view_round}",
            -(-total // size),
            state.table_page,
            align="right",
        )
    state.table_page = page
    write_view("" if order == IN_QUEUE else order, page)
    found = workflow.conversation_page(
        ws,
        flt,
        order=order.lstrip("-"),
        descending=order.startswith("-"),
        page=page,
        page_size=size,
        total=total,
    )
    table_ticks.begin(flt)
    data = rows_data(found, f"{state.table_view_round}-{state.table_round}-{page}", order)
    versions = dict(zip(found.rows["id"].tolist(), found.rows["version"].tolist(), strict=True))
    chosen = table_ticks.show(data["view"], versions)
    data["chosen"] = [number for number in versions if number in chosen.rows]
    with place:
        mount_rows(data, key=Keys.ROWS, on_asked=_asked, on_chosen=table_ticks.told)
    return chosen, size


def _asked(asked: Asked) -> None:
    """Remember what a click asked for: the next run opens a conversation, or sorts."""
    if asked.open is not None:
        get_state().table_open = (asked.open, asked.message)
    elif asked.sort in _SORTED:
        _use_order(next_order(get_state().table_order, asked.sort))


def _order_chosen() -> None:
    _use_order(widget_value(Keys.TABLE_ORDER))


def _use_order(order: str) -> None:
    """Sort so from the first page on; only in a callback."""
    get_state().table_order = order
    write_view("" if order == IN_QUEUE else order, 1)


def _start_anew_where_changed(view: object, asked_page: int | None) -> None:
    """Begin at the first page where filter, order or size changed.

    A page that the address names is shown where it is not the one that was shown.
    """
    state = get_state()
    first = state.table_view is None
    if view != state.table_view:
        state.table_view = view
        state.table_view_round += 1
        state.table_page = asked_page or 1 if first else 1
    elif asked_page not in (None, state.table_page):
        state.table_view_round += 1
        state.table_page = asked_page


def rows_data(found: ConversationPage, view: str, order: str) -> dict[str, Any]:
    """Return what the piece is given: plain JSON values."""
    by = order.lstrip("-")
    ways = dict.fromkeys(_SORTED, "")
    if by in ways:
        ways[by] = "down" if order.startswith("-") else "up"
    rows = found.rows
    shown = _shown_columns(rows, by)
    names = {name: _(label) for name, label in COLUMNS.items()}
    return {
        # Another order or filter is another view; a digest, because ids may be the same.
        "view": sha256(f"{view}{order}".encode()).hexdigest()[:12],
        "columns": [
            {
                "name": name,
                "label": names[name],
                "sort": ways.get(name),
                "number": name in _NUMBERS,
                "help": _("Sort by {column}").format(column=names[name]),
            }
            for name in shown
        ],
        "rows": _rows(found),
        "labels": {
            "lang": current_language(),
            "all": _("Choose all rows of this page"),
            "choose": _("Choose conversation {n}"),
            "edited": _("✎ was edited"),
            "findings": _("Private details: undecided / all"),
        },
    }


def _shown_columns(rows: pd.DataFrame, by: str) -> list[str]:
    """Return the columns to draw: what no row has takes no room, unless rows are sorted by it."""
    empty = {
        "score": not any(rows["hints"]),
        "changed": not rows["changed"].notna().any(),
        "findings": not rows["findings"].any(),
    }
    return [name for name in COLUMNS if name == by or not empty.get(name, False)]


def _rows(found: ConversationPage) -> list[dict[str, Any]]:
    # Looked up once: words asked for in each row would take as long as the rows themselves.
    statuses = {status.value: (status_mark(status), status_label(status)) for status in Status}
    spoken = _("Conversation {n} with {partner}, {status}")
    return [
        _row({str(name): value for name, value in row.items()}, found, statuses, spoken)
        for row in found.rows.to_dict("records")
    ]


def _row(
    row: dict[str, Any],
    found: ConversationPage,
    statuses: dict[str, tuple[str, str]],
    spoken: str,
) -> dict[str, Any]:
    sign, label = statuses[row["status"]]
    started, changed = row["started"], row["changed"]
    hit = found.snippets.get(row["id"])
    return {
        "id": int(row["id"]),
        "status": row["status"],
        "sign": sign,
        "status_label": label,
        "edited": bool(row["edited"]),
        "chat": row["chat"],
        "day": "" if pd.isna(started) else f"{started:%Y-%m-%d}",
        "hour": "" if pd.isna(started) else f"{started:%H:%M}",
        "said": [[row["opening"], False]] if hit is None else [list(each) for each in hit.pieces],
        "message": None if hit is None else hit.message,
        "note": row["note"],
        "emotions": row["emotions"].split(" ") if row["emotions"] else [],
        "length": int(row["length"]),
        "turns": int(row["turns"]),
        "findings": int(row["findings"]),
        "undecided": int(row["undecided"]),
        "hints": [_hint(kind, score, row) for kind, score in row["hints"]],
        "changed": "" if pd.isna(changed) else f"{_here(changed):%m-%d %H:%M}",
        "spoken": spoken.format(n=row["id"], partner=row["chat"], status=label),
    }


def _hint(kind: str, score: float, row: dict[str, Any]) -> tuple[str, str]:
    """Return a suggestion as the row shows it, and what it says when pointed at."""
    known = kind in set(SuggestionKind)
    label = suggestion_label(SuggestionKind(kind)) if known else kind
    if kind == SuggestionKind.NEAR_DUPLICATE:
        says = _("Says nearly the same as conversation {n}").format(n=int(row["duplicate_of"]))
        return f"≈ #{int(row['duplicate_of'])} {score:.0%}", says
    return f"{score:.0%} {label}", f"{label} {score:.0%}"


def _here(moment: pd.Timestamp) -> datetime:
    """Return a moment of UTC as the clock of this machine shows it."""
    return moment.to_pydatetime().replace(tzinfo=UTC).astimezone()


def opened() -> tuple[int, int | None] | None:
    """Return the conversation whose row was clicked and the message found in it, once."""
    state = get_state()
    place, state.table_open = state.table_open, None
    return place
