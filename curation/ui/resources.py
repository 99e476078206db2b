"""The one thing all tabs share: the open workspace. No chat text is ever cached here."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from curation import workflow
from curation.ui.reviewer import reviewer
from curation.ui.state import get_state

if TYPE_CHECKING:
    from curation.workflow import Copier, TalkDesk, Workspace


@st.cache_resource(show_spinner=False)
def _open(where: str | None) -> Workspace:
    return workflow.open_workspace(where)


@st.cache_resource(show_spinner=False)
def copier() -> Copier:
    """Return what makes the daily copies of the open workspace; asked for first, it begins."""
    made = workflow.Copier(_open(os.environ.get("RUWO_WORKSPACE")))
    made.start()
    return made


@st.cache_resource(show_spinner=False)
def talk_desk() -> TalkDesk:
    """Return where the answers of models come in, whichever tab asked.

    It holds an answer only while it comes, and all tabs show the same workspace.
    """
    return workflow.TalkDesk()


def workspace() -> Workspace:
    """Return the workspace that `RUWO_WORKSPACE` names, opened once for all tabs.

    Who acts in it is the reviewer of this tab, which cannot write when another workspace took the
    place of the one that it shows (see `frame.open_workspace`).

    Raises:
        WorkspaceError: it cannot be opened.
    """
    opened = _open(os.environ.get("RUWO_WORKSPACE"))
    copier()
    if get_script_run_ctx(suppress_warning=True) is None:
        return opened  # nobody's tab: a test, or a download
    state = get_state()
    if state.generation is None:
        state.generation = opened.current_generation()
    return opened.acting_as(reviewer(), state.generation)
