"""The one thing all tabs share: the open workspace. No chat text is ever cached here."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from curation import workflow
from curation.errors import NotAMemberError, RuwoError
from curation.ui.reviewer import reviewer
from curation.ui.signing_in import who
from curation.ui.state import get_state

if TYPE_CHECKING:
    from curation.errors import WorkspaceDamagedError
    from curation.workflow import Copier, TalkDesk, Workspace


@st.cache_resource(show_spinner=False)
def _open(where: str | None) -> Workspace:
    return workflow.open_workspace(where)


def reopen() -> None:
    """Let go of the open workspace; whoever asks next gets it opened anew, and checked."""
    with suppress(RuwoError):
        _open(os.environ.get("RUWO_WORKSPACE")).close()
    _open.clear()
    copier.clear()


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


def _give_back(held: tuple[Workspace, str]) -> None:
    with suppress(RuwoError):  # what is not given back ends by itself
        workflow.give_back_leases(*held)


@st.cache_resource(scope="session", show_spinner=False, on_release=_give_back)
def _until_the_tab_goes(screen: str) -> tuple[Workspace, str]:
    return workspace(), screen


def leased() -> None:
    """Note that this tab has conversations at hand: it gives them back when it is closed."""
    state = get_state()
    state.leasing = True
    _until_the_tab_goes(state.screen)


def leave_queue() -> None:
    """Give back what this tab has at hand, as it is no longer reviewing."""
    state = get_state()
    if state.leasing:
        state.leasing = False
        _give_back((workspace(), state.screen))


def unlock(passphrase: str) -> None:
    """Let the workspace be opened, for all tabs; errors as `workflow.unlock`."""
    workflow.unlock(passphrase, os.environ.get("RUWO_WORKSPACE"))


def perhaps_damaged() -> WorkspaceDamagedError | None:
    """Return what to say of a locked workspace that may be damaged instead of encrypted."""
    return workflow.perhaps_damaged(os.environ.get("RUWO_WORKSPACE"))


def locked_out() -> WorkspaceDamagedError | None:
    """Return what is known of a locked workspace whose passphrase nobody has."""
    return workflow.locked_out(os.environ.get("RUWO_WORKSPACE"))


def workspace() -> Workspace:
    """Return the workspace that `RUWO_WORKSPACE` names, opened once for all tabs.

    Who acts in it is the reviewer of this tab, which cannot write when another workspace took the
    place of the one that it shows (see `frame.open_workspace`).

    Raises:
        WorkspaceError: it cannot be opened.
        NotAMemberError: people sign in, and nobody did; it is not opened then. A callback or a
            fragment ends there, and the whole page runs anew, which asks them to sign in.
    """
    identity = None
    if in_a_tab := _in_a_tab():
        try:
            identity = who()
        except NotAMemberError:
            st.rerun(scope="app")
            raise
    opened = _open(os.environ.get("RUWO_WORKSPACE"))
    copier()
    if not in_a_tab:
        return opened  # nobody's tab: a test, or a download
    state = get_state()
    if state.generation is None:
        state.generation = opened.current_generation()
    return opened.acting_as(
        reviewer(),
        state.generation,
        verified=identity is not None,
        appointed=identity is not None and identity.appointed,
    )


def _in_a_tab() -> bool:
    return get_script_run_ctx(suppress_warning=True) is not None


def _acting() -> Workspace | None:
    return workspace() if _in_a_tab() else None


workflow.ask_who_acts(_acting)
