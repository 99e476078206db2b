"""The screen that stands before an encrypted workspace, and locking it again."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.ui import resources
from curation.ui.catalogue import _, error_text
from curation.ui.door import door
from curation.ui.markdown import plain
from curation.ui.pages import is_owner
from curation.ui.reviewer import signed_in
from curation.ui.state import Keys, forget_all, get_state, take_phrase

if TYPE_CHECKING:
    from curation.errors import WorkspaceDamagedError


def draw_locked() -> None:
    """Ask for the passphrase, in place of every page."""
    state = get_state()
    with door():
        st.subheader(_("This workspace is locked"), anchor=False)
        st.caption(
            _(
                "It is encrypted. Its passphrase opens it for every tab, until it is locked or the"
                " app is started again. It is not written down anywhere."
            )
        )
        # What was typed is neither kept by the page nor sent again: the form is cleared.
        with st.form("unlock", clear_on_submit=True, border=False):
            st.text_input(
                _("Passphrase"),
                type="password",
                key=Keys.LOCK_OLD,
                autocomplete="current-password",
            )
            st.form_submit_button(
                _("Unlock"), type="primary", icon=":material/lock_open:", on_click=_unlock
            )
        said, state.encryption_said = state.encryption_said, ""
        if said:
            st.error(plain(said), icon=":material/error:")
        for told in state.flashes:
            st.warning(plain(told), icon=":material/error:")
        state.flashes.clear()
        _draw_doubt(refused=bool(said))


def _draw_doubt(*, refused: bool) -> None:
    """Say where the file may be damaged instead, and lead to what can take its place.

    `refused` says that a passphrase was just typed that does not open it.
    """
    doubt = resources.perhaps_damaged()
    if doubt is None:
        _draw_way_out(refused=refused)
        return
    st.warning(
        plain(error_text(doubt))
        + " "
        + _("If you never gave it a passphrase, a copy can take its place."),
        icon=":material/broken_image:",
    )
    st.button(
        _("See the copies"),
        key="lock-doubt",
        icon=":material/settings_backup_restore:",
        on_click=_see_copies,
        args=(doubt,),
    )


def _draw_way_out(*, refused: bool) -> None:
    """Lead on who has no passphrase; where people sign in, only whoever runs the server may."""
    told = None if signed_in() else resources.locked_out()
    if told is None:
        return
    # Who never set a passphrase and guesses one is told that the file may be damaged.
    with st.expander(_("I do not have the passphrase, or never set one"), expanded=refused):
        st.text(error_text(told))
        st.button(
            _("See what can take its place"),
            key="lock-out",
            icon=":material/settings_backup_restore:",
            on_click=_see_copies,
            args=(told,),
        )


def _see_copies(doubt: WorkspaceDamagedError) -> None:
    get_state().damage = doubt


def _unlock() -> None:
    state = get_state()
    try:
        resources.unlock(take_phrase(Keys.LOCK_OLD))
    except RuwoError as error:
        state.encryption_said = error_text(error)


def draw_lock_button(workspace: workflow.Workspace, *, key: str) -> None:
    """Draw the button with which an owner locks an encrypted workspace; nothing for others."""
    if is_owner() and workflow.is_encrypted(workspace):
        st.button(_("Lock now"), key=key, icon=":material/lock:", on_click=_lock)


def _lock() -> None:
    with suppress(RuwoError):  # the run that follows shows where it is locked, or not theirs
        workflow.lock(resources.workspace())
    resources.reopen()
    forget_all()
