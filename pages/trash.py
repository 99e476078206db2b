"""Trash: what was rejected or removed, found again and brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.model import TrashFilter, TrashKind
from curation.ui.bulk import do_agreed
from curation.ui.catalogue import _, ngettext
from curation.ui.frame import begin_page, empty_state
from curation.ui.history import do_step, draw_undo
from curation.ui.pages import next_step
from curation.ui.paging import draw_pages
from curation.ui.state import Keys, get_state
from curation.ui.trash_parts import (
    ask,
    bring_back,
    do_restore,
    draw_done,
    draw_thing,
    forget,
    picked,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.workflow import TrashPage, Workspace

PAGE: Final = 20


def kind_label(kind: TrashKind) -> str:
    """Return what a choice of the trash is called."""
    if kind is TrashKind.CONVERSATIONS:
        return _("Conversations")
    return _("Messages") if kind is TrashKind.MESSAGES else _("All")


def draw_choice(ws: Workspace) -> TrashFilter:
    """Draw the filter; return what it lets through."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.segmented_control(
            _("Kind"),
            list(TrashKind),
            default=TrashKind.ALL,
            required=True,
            format_func=kind_label,
            key=Keys.TRASH_KIND,
            label_visibility="collapsed",
            persist_state="session",
        )
        text = st.text_input(
            _("Words in it"),
            key=Keys.TRASH_TEXT,
            icon=":material/search:",
            placeholder=_("any words"),
            label_visibility="collapsed",
            width=240,
            persist_state="session",
        )
        chats: Sequence[str] = st.multiselect(
            _("Partner"),
            workflow.chats(ws),
            key=Keys.TRASH_CHATS,
            placeholder=_("everybody"),
            label_visibility="collapsed",
            width=220,
            persist_state="session",
        )
    return TrashFilter(TrashKind(kind or TrashKind.ALL), text.strip(), tuple(chats))


def draw_bar(ws: Workspace, flt: TrashFilter, page: TrashPage) -> None:
    """Draw the question that waits, else what can be done with the ticked ones and with all."""
    asked = get_state().trash_asked
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        if asked is not None:
            text = ngettext("Bring back {n} thing?", "Bring back all {n} things?", len(asked))
            st.markdown(f"**{text.format(n=f'{len(asked):,}')}**", width="content")
            st.button(
                _("Bring back"), key="trash-yes", type="primary", on_click=bring_back, args=(asked,)
            )
            st.button(_("Leave it"), key="trash-no", on_click=forget)
            return
        chosen = picked(page)
        if chosen:
            text = ngettext("Bring back the {n} ticked", "Bring back the {n} ticked", len(chosen))
            st.button(
                text.format(n=f"{len(chosen):,}"),
                key="trash-chosen",
                type="primary",
                icon=":material/restore_from_trash:",
                on_click=bring_back,
                args=(chosen,),
            )
        everything = ngettext("Bring back all {n}…", "Bring back all {n}…", page.total)
        st.button(
            everything.format(n=f"{page.total:,}"),
            key="trash-all",
            on_click=lambda: ask(workflow.trash_ids(ws, flt)),
        )


def draw_trash(ws: Workspace) -> None:
    """Draw the filter and one page of the trash."""
    state = get_state()
    flt = draw_choice(ws)
    if flt != state.trash_view:
        state.trash_view, state.trash_asked = flt, None
        state.trash_round += 1
    head = st.container(horizontal=True, vertical_alignment="center")
    draw_done()
    bar, rows = st.container(), st.container()
    total = workflow.trash_page(ws, flt, page_size=1).total
    number = draw_pages(f"{Keys.TRASH_PAGE}-{hash(flt)}", -(-total // PAGE))
    page = workflow.trash_page(ws, flt, page=number, page_size=PAGE)
    with head:
        found = ngettext("{n} thing in the trash", "{n} things in the trash", page.total)
        st.markdown(f"**{found.format(n=f'{page.total:,}')}**", width="stretch")
        draw_undo(ws)
    if not page.total:
        state.trash_asked = None
        with rows:
            if flt == TrashFilter():
                st.info(_("The trash is empty. What you reject or remove is kept here."))
                next_step("review", _("Go on to review"), key="trash-review", primary=False)
            else:
                st.info(_("Nothing in the trash is like that."))
        return
    with bar:
        draw_bar(ws, flt, page)
    owner = workflow.load_persona(ws).name.strip() or _("me")
    with rows:
        for thing in page.things:
            draw_thing(thing, page.conversations.get(thing.conversation_id), owner=owner)


workspace = begin_page(
    "trash",
    _("What you rejected or removed. It stays here and can be brought back at any time."),
)
do_agreed(workspace)
do_step(workspace)
do_restore(workspace)
if workflow.is_empty(workspace):
    empty_state()
draw_trash(workspace)
