"""One page of the table of conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from curation import workflow
from curation.errors import N_
from curation.model import Status
from curation.ui.catalogue import _
from curation.ui.state import Keys, get_state, set_widget, widget_value
from curation.ui.words import status_sign

if TYPE_CHECKING:
    from streamlit.elements.lib.column_types import ButtonColumnResult, ColumnConfig

    from curation.model import ConversationFilter
    from curation.workflow import Workspace

SIZES: Final = (50, 100)

ORDERS: Final = {
    "date": N_("Oldest first"),
    "-date": N_("Newest first"),
    "-length": N_("Longest first"),
    "length": N_("Shortest first"),
    "-findings": N_("Most undecided findings first"),
}
"""Orders of the rows; a minus means from the largest down."""


def draw_rows(ws: Workspace, flt: ConversationFilter, total: int) -> tuple[list[int], int]:
    """Draw one page of rows; return the ids of the chosen ones and how many rows a page has."""
    place = st.container()
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="right"):
        order = st.selectbox(
            _("Order"),
            list(ORDERS),
            format_func=lambda name: _(ORDERS[name]),
            key=Keys.TABLE_ORDER,
            label_visibility="collapsed",
            width=230,
            persist_state="session",
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
        _first_page_of_a_new_view((flt, order, size), total, size)
        page = st.pagination(-(-total // size), key=Keys.TABLE_PAGE, persist_state="session")
    rows = workflow.conversation_page(
        ws,
        flt,
        order=order.lstrip("-"),
        descending=order.startswith("-"),
        page=page,
        page_size=size,
    ).rows
    with place:
        chosen = st.dataframe(
            _readable(rows),
            key=f"rows-{get_state().table_round}-{page}",
            hide_index=True,
            on_select="rerun",
            selection_mode="multi-row",
            height=min(len(rows) + 1, 14) * 35 + 3,
            column_config=_columns(),
            alt=_("Conversations of this filter"),
        )
    picked = [row for row in chosen.selection.rows if row < len(rows)]
    return [int(number) for number in rows["id"].iloc[picked]], size


def _first_page_of_a_new_view(view: object, total: int, size: int) -> None:
    """Go to the first page and drop the selection where filter, order or size changed."""
    state = get_state()
    last = -(-total // size)
    if view != state.table_view:
        if state.table_view is not None:
            state.table_round += 1
            set_widget(Keys.TABLE_PAGE, 1)
        state.table_view = view
    elif (widget_value(Keys.TABLE_PAGE) or 1) > last:
        set_widget(Keys.TABLE_PAGE, last)


def _readable(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the columns a person wants to see, in words; the widest one last."""
    return pd.DataFrame(
        {
            "id": rows["id"],
            "status": [
                status_sign(Status(status)) + (" ✎" if edited else "")
                for status, edited in zip(rows["status"], rows["edited"], strict=True)
            ],
            "chat": rows["chat"],
            "started": [_moment(started) for started in rows["started"]],
            "length": rows["length"],
            "findings": [
                f"{undecided} / {findings}" if findings else ""
                for undecided, findings in zip(rows["undecided"], rows["findings"], strict=True)
            ],
            "emotions": rows["emotions"],
            "opening": rows["opening"],
        }
    )


def _moment(started: pd.Timestamp) -> str:
    return "" if pd.isna(started) else f"{started:%Y-%m-%d %H:%M}"


def _columns() -> dict[str, ColumnConfig | ButtonColumnResult | str | None]:
    config = st.column_config
    return {
        "id": config.NumberColumn(_("No."), width=55, format="plain"),
        "status": config.TextColumn(_("Status"), width=95, help=_("✎ was edited")),
        "chat": config.TextColumn(_("Partner"), width=95),
        "started": config.TextColumn(_("Started"), width=130),
        "length": config.NumberColumn(_("Messages"), width=60),
        "findings": config.TextColumn(
            _("Private"), width=75, help=_("Private details: undecided / all")
        ),
        "emotions": config.TextColumn(_("Emotions"), width=80),
        "opening": config.TextColumn(_("Opening words")),
    }
