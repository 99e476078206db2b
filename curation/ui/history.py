"""Undo and redo as buttons, for every page that acts on the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.ui.catalogue import _, error_text
from curation.ui.frame import flash
from curation.ui.resources import workspace
from curation.ui.state import get_state
from curation.ui.words import action_label

if TYPE_CHECKING:
    from collections.abc import Callable

    from curation.workflow import Workspace

_STEPS: Final = ("undo", "redo")
_NO_ACTIONS: Final = (*_STEPS, "import")
_LOOKED_AT: Final = 50
"""Rows of the history that are looked at to know whether there is something to undo."""


def draw_undo(ws: Workspace) -> None:
    """Draw the undo and redo buttons, each only where there is something to do.

    Their keys are letters: unlike Ctrl+Z they do nothing while a person types into a field.
    """
    entries = workflow.history(ws, limit=_LOOKED_AT)
    actions = [entry for entry in entries if entry.action not in _NO_ACTIONS]
    may_undo = len(entries) == _LOOKED_AT or not all(entry.undone for entry in actions)
    may_redo = bool(entries) and entries[0].action in _STEPS and any(e.undone for e in actions)
    st.button(
        _("Undo"),
        key="undo",
        icon=":material/undo:",
        shortcut="Z",
        on_click=_undo,
        disabled=not may_undo,
    )
    st.button(
        _("Redo"),
        key="redo",
        icon=":material/redo:",
        shortcut="Shift+Z",
        on_click=_redo,
        disabled=not may_redo,
    )


def _undo() -> None:
    _step(workflow.undo, _("Undone: {action}"), _("There is nothing to undo."))


def _redo() -> None:
    _step(workflow.redo, _("Done again: {action}"), _("There is nothing to redo."))


def _step(step: Callable[[Workspace], str | None], done: str, nothing: str) -> None:
    try:
        name = step(workspace())
    except RuwoError as error:
        flash(error_text(error))
        return
    get_state().table_round += 1
    flash(done.format(action=action_label(name)) if name else nothing)
