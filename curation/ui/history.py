"""Undo and redo, for every page that acts on the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.ui.catalogue import _, error_text
from curation.ui.frame import flash
from curation.ui.progress import MANY, stopped, working
from curation.ui.state import get_state
from curation.ui.words import action_label

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from curation.workflow import Workspace


def draw_undo(ws: Workspace) -> None:
    """Draw the undo and redo buttons, each only where there is something to do.

    Their keys are letters: unlike Ctrl+Z they do nothing while a person types into a field.
    """
    steps = workflow.last_steps(ws)
    with st.container(horizontal=True, gap="small", width="content", key="undo-redo"):
        st.button(
            _("Undo"),
            key="undo",
            icon=":material/undo:",
            shortcut="Z",
            on_click=_want,
            args=("undo",),
            disabled=steps.undo is None,
        )
        st.button(
            _("Redo"),
            key="redo",
            icon=":material/redo:",
            shortcut="Shift+Z",
            on_click=_want,
            args=("redo",),
            disabled=steps.redo is None,
        )


def draw_undo_in(head: DeltaGenerator, ws: Workspace) -> None:
    """Draw the undo and redo buttons at the end of a page's title line."""
    with head:
        st.space("stretch")
        draw_undo(ws)


def _want(step: str) -> None:
    get_state().step = step


def want_undone(entry: int) -> None:
    """Let the next run undo just this entry of the journal; only in a callback."""
    get_state().undo_entry = entry


def do_step(ws: Workspace) -> None:
    """Undo or redo where the person asked for it, with a bar that counts and can be stopped."""
    state = get_state()
    step, state.step = state.step, ""
    entry, state.undo_entry = state.undo_entry, None
    if not step and entry is None:
        return
    try:
        with working(stopped, key="stop-step", least=MANY) as progress:
            done, nothing = _("Undone: {action}"), _("There is nothing to undo.")
            name: str | None
            if entry is not None:
                name = workflow.undo_action(ws, entry, progress=progress)
            elif step == "undo":
                name = workflow.undo(ws, progress)
            else:
                name = workflow.redo(ws, progress)
                done, nothing = _("Done again: {action}"), _("There is nothing to redo.")
            state.table_round += 1
            flash(done.format(action=action_label(name)) if name else nothing)
    except RuwoError as error:
        flash(error_text(error))
    st.rerun()
