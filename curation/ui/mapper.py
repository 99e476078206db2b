"""The column mapper: a person says which column of an unknown table holds what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.model import ColumnMapping
from curation.ui.catalogue import _, error_text, ngettext
from curation.ui.frame import flash
from curation.ui.html import shorten
from curation.ui.markdown import plain
from curation.ui.previews import forget_chosen, preview_of
from curation.ui.resources import workspace
from curation.ui.state import widget_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.ui.uploads import Member
    from curation.workflow import TableHead

_FIELDS: Final = ("sender", "time", "text", "chat")
_OPTIONAL: Final = frozenset({"time", "chat"})
_SHOWN_ROWS: Final = 5


def draw_mappers(files: Sequence[Member]) -> None:
    """Draw one mapper for each kind of unknown table among the files."""
    kinds: dict[tuple[str, ...], list[Member]] = {}
    for member in files:
        table = preview_of(member).table
        if table is not None:
            kinds.setdefault(table.header, []).append(member)
    for alike in kinds.values():
        _draw_mapper(alike)


def _draw_mapper(files: Sequence[Member]) -> None:
    table = preview_of(files[0]).table
    if table is None:
        return
    key = f"map:{files[0].key}"
    labels = {
        "sender": _("Who said it"),
        "time": _("When (optional)"),
        "text": _("What was said"),
        "chat": _("In which chat (optional)"),
    }
    with st.container(border=True):
        name = plain(files[0].name)
        if more := len(files) - 1:
            name += " " + plain(ngettext("and {n} more", "and {n} more", more).format(n=more))
        st.markdown(f":material/table_view: **{name}**")
        st.markdown(_("A table, but of no tool this program knows. Which column holds what?"))
        st.dataframe(
            pd.DataFrame(_cells(table)),
            hide_index=True,
            height=(min(len(table.rows), _SHOWN_ROWS) + 1) * 35 + 3,
            alt=_("The first rows of the table"),
        )
        for column, field in zip(st.columns(len(_FIELDS)), _FIELDS, strict=True):
            with column:
                guess = "" if table.guess is None else getattr(table.guess, field)
                st.selectbox(
                    labels[field],
                    list(table.header),
                    index=table.header.index(guess) if guess in table.header else None,
                    key=f"{key}:{field}",
                    placeholder=_("None") if field in _OPTIONAL else _("Choose"),
                )
        given = {field: widget_value(f"{key}:{field}") or "" for field in _FIELDS}
        used = [column for column in given.values() if column]
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                _("Use these columns"),
                key=f"{key}:use",
                type="primary",
                disabled=not (given["sender"] and given["text"]) or len(set(used)) < len(used),
                on_click=_use,
                args=(ColumnMapping(header=table.header, **given), list(files)),
            )
            st.caption(_("Remembered for tables with the same columns; settings can forget it."))


def _cells(table: TableHead) -> dict[str, list[str]]:
    """Return the first rows by column; a name that occurs twice is shown once."""
    rows = table.rows[:_SHOWN_ROWS]
    return {
        name: [shorten(row[place], 80) if place < len(row) else "" for row in rows]
        for place, name in enumerate(table.header)
    }


def _use(mapping: ColumnMapping, files: Sequence[Member]) -> None:
    """Remember the mapping and read the files anew; only in a callback."""
    try:
        workflow.save_mapping(workspace(), mapping)
    except RuwoError as error:
        flash(error_text(error))
        return
    forget_chosen(files)
