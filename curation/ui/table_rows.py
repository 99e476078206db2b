"""One page of the table of conversations."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from curation import workflow
from curation.errors import N_
from curation.model import Status
from curation.ui.catalogue import _
from curation.ui.paging import draw_pages
from curation.ui.state import Keys, get_state
from curation.ui.words import status_sign

if TYPE_CHECKING:
    from streamlit.elements.lib.column_types import ButtonColumnResult, ColumnConfig

    from curation.model import ConversationFilter
    from curation.workflow import Workspace

SIZES: Final = (50, 100)

ORDERS: Final = {
    "queue": N_("By partner, as in review"),
    "date": N_("Oldest first"),
    "-date": N_("Newest first"),
    "-length": N_("Longest first"),
    "length": N_("Shortest first"),
    "-findings": N_("Most undecided findings first"),
}
"""Orders of the rows; a minus means from the largest down."""


def draw_rows(ws: Workspace, flt: ConversationFilter, total: int) -> tuple[dict[int, int], int]:
    """Draw one page of rows; return the chosen ones and how many rows a page has.

    The chosen ones are ids with the versions that are shown.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
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
    _start_anew_where_changed((flt, order, size))
    place = st.container()
    page = draw_pages(f"{Keys.TABLE_PAGE}-{get_state().table_view_round}", -(-total // size))
    rows = workflow.conversation_page(
        ws,
        flt,
        order=order.lstrip("-"),
        descending=order.startswith("-"),
        page=page,
        page_size=size,
    ).rows
    # Ticks are places in the table: where other rows stand there by now, they mean nothing.
    these = zlib.crc32(rows["id"].to_numpy().tobytes())
    with place:
        chosen = st.dataframe(
            _readable(rows),
            key=f"rows-{get_state().table_view_round}-{get_state().table_round}-{page}-{these}",
            hide_index=True,
            on_select="rerun",
            selection_mode="multi-row",
            height=min(len(rows) + 1, 14) * 35 + 3,
            column_order=_shown_columns(rows),
            column_config=_columns(),
            alt=_("Conversations of this filter"),
        )
    picked = rows.iloc[[row for row in chosen.selection.rows if row < len(rows)]]
    return dict(zip(picked["id"].tolist(), picked["version"].tolist(), strict=True)), size


def _start_anew_where_changed(view: object) -> None:
    """Begin at the first page with nothing chosen where filter, order or size changed."""
    state = get_state()
    if view != state.table_view:
        state.table_view = view
        state.table_view_round += 1


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
            "near": [
                "" if pd.isna(other) else f"≈ #{int(other)}" for other in rows["duplicate_of"]
            ],
            "emotions": rows["emotions"],
            "opening": rows["opening"],
        }
    )


def _shown_columns(rows: pd.DataFrame) -> list[str]:
    """Return the columns to draw: likeness takes room only where a row has some."""
    alike = rows["duplicate_of"].notna().any()
    names = ["id", "status", "chat", "started", "length", "findings", "near", "emotions", "opening"]
    return [name for name in names if name != "near" or alike]


def _moment(started: pd.Timestamp) -> str:
    return "" if pd.isna(started) else f"{started:%Y-%m-%d %H:%M}"


def _columns() -> dict[str, ColumnConfig | ButtonColumnResult | str | None]:
    config = st.column_config
    return {
        "id": config.NumberColumn(_("No."), width=55, format="plain"),
        "status": config.TextColumn(_("Status"), width=95, help=_("✎ was edited")),
        "chat": config.TextColumn(_("Partner"), width=95),
        "started": config.TextColumn(_("Started"), width=130),
        "length": config.NumberColumn(_("Messages"), width=75),
        "findings": config.TextColumn(
            _("Private"), width=75, help=_("Private details: undecided / all")
        ),
        "near": config.TextColumn(
            _("Like"), width=70, help=_("Says nearly the same as the conversation of that number")
        ),
        "emotions": config.TextColumn(_("Emotions"), width=80),
        "opening": config.TextColumn(_("Opening words")),
    }
