"""Saved filters: chips that apply one, and a small panel to save, rename and delete."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.model import ConversationFilter
from curation.ui.catalogue import _, error_text
from curation.ui.filters import from_query, to_query
from curation.ui.frame import flash
from curation.ui.markdown import plain
from curation.ui.pages import sees_all
from curation.ui.resources import workspace
from curation.ui.state import Keys, set_widget, widget_value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from curation.workflow import Workspace

    Saved = Mapping[str, Mapping[str, Sequence[str]]]
    Use = Callable[[ConversationFilter], None]


def draw_saved(ws: Workspace, flt: ConversationFilter) -> None:
    """Draw the button behind which filters are saved, renamed and deleted."""
    if not sees_all():
        return
    saved = workflow.saved_filters(ws)
    with st.popover(_("Saved"), icon=":material/bookmark:", key=Keys.SAVED_PANEL):
        with st.form("save-filter", border=False, clear_on_submit=True):
            st.text_input(
                _("Save this filter as"),
                key=Keys.SAVED_NAME,
                placeholder=_("A name, such as “long, undecided”"),
                max_chars=40,
                disabled=flt == ConversationFilter(),
                width=300,
            )
            st.form_submit_button(
                _("Save"),
                icon=":material/bookmark_add:",
                on_click=_save,
                args=(flt,),
                disabled=flt == ConversationFilter(),
            )
        if flt == ConversationFilter():
            st.caption(_("Filter something first; then it can be saved under a name."))
        if saved:
            _draw_managed(list(saved))


def _draw_managed(names: Sequence[str]) -> None:
    if widget_value(Keys.SAVED_MANAGED) not in names:
        set_widget(Keys.SAVED_MANAGED, names[0])
    name = st.selectbox(_("Saved filter"), names, key=Keys.SAVED_MANAGED, width=300)
    st.text_input(
        _("New name"), value=name, key=f"{Keys.SAVED_RENAMED}-{name}", max_chars=40, width=300
    )
    with st.container(horizontal=True, gap="small"):
        st.button(
            _("Rename"),
            key="rename-filter",
            icon=":material/edit:",
            on_click=_rename,
            args=(name,),
        )
        st.button(
            _("Delete"),
            key="forget-filter",
            icon=":material/delete:",
            on_click=_forget,
            args=(name,),
        )


def draw_saved_chips(ws: Workspace, flt: ConversationFilter, use: Use) -> None:
    """Draw a chip for each saved filter; one that is in use is marked, and a click ends it."""
    saved = workflow.saved_filters(ws) if sees_all() else {}
    if not saved:
        return
    used = (name for name, query in saved.items() if from_query(query) == flt)
    set_widget(Keys.SAVED_CHIPS, next(used, None))
    st.pills(
        _("Saved filters"),
        list(saved),
        format_func=lambda name: f":material/bookmark: {plain(name)}",
        key=Keys.SAVED_CHIPS,
        label_visibility="collapsed",
        on_change=partial(_chosen, saved, use),
    )


def _chosen(saved: Saved, use: Use) -> None:
    name = widget_value(Keys.SAVED_CHIPS)
    use(from_query(saved[name]) if name in saved else ConversationFilter())


def _save(flt: ConversationFilter) -> None:
    name = widget_value(Keys.SAVED_NAME) or ""
    _try(partial(workflow.save_filter, workspace(), name, to_query(flt)), _("Filter saved."))


def _rename(name: str) -> None:
    new_name = widget_value(f"{Keys.SAVED_RENAMED}-{name}") or ""
    if _try(partial(workflow.rename_filter, workspace(), name, new_name), _("Filter renamed.")):
        set_widget(Keys.SAVED_MANAGED, " ".join(new_name.split()))


def _forget(name: str) -> None:
    _try(partial(workflow.forget_filter, workspace(), name), _("Saved filter deleted."))


def _try(act: Callable[[], None], said: str) -> bool:
    """Do it and say so, or say why not; return whether it was done."""
    try:
        act()
    except RuwoError as error:
        flash(error_text(error))
        return False
    flash(said)
    return True
