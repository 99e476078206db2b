"""The part of the settings where a workspace gets a passphrase, another one, or none any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import N_, ActionRefusedError, RuwoError
from curation.ui import resources
from curation.ui.catalogue import _, error_text
from curation.ui.frame import flash
from curation.ui.markdown import plain
from curation.ui.progress import stopped, working
from curation.ui.state import EncryptionJob, Keys, get_state, take_phrase, widget_value
from curation.ui.unlocking import draw_lock_button

if TYPE_CHECKING:
    from curation.workflow import Workspace

_INSTALL: Final = "pip install -r requirements-encryption.txt"


def do_encryption_job(ws: Workspace) -> None:
    """Do what the person asked for, with a bar, then show the workspace as it is now."""
    state = get_state()
    job, state.encryption_job = state.encryption_job, None
    if job is None:
        return
    try:
        with working(stopped, key="stop-encryption") as progress:
            if job.new is None:
                workflow.decrypt_workspace(ws, job.old or "", progress)
                state.encryption_said = _("The workspace is no longer encrypted.")
            elif job.old is None:
                deleted = workflow.encrypt_workspace(ws, job.new, progress)
                said = [_("The workspace is encrypted.")]
                if deleted:
                    gone = _("Readable copies that were deleted: {count}.")
                    said.append(gone.format(count=len(deleted)))
                state.encryption_said = " ".join(said)
            else:
                workflow.change_passphrase(ws, job.old, job.new, progress)
                state.encryption_said = _("The passphrase was changed.")
    except RuwoError as error:
        flash(error_text(error))
    finally:  # also where the person stopped it: it was closed for this
        ws.close()
        resources.reopen()
    st.rerun()


def draw_encryption(ws: Workspace) -> None:
    """Draw what a passphrase protects, and the ways to set, change and remove it."""
    state = get_state()
    with st.container(border=True):
        st.subheader(_("Passphrase"), anchor=False)
        if not workflow.can_encrypt(ws):
            st.caption(
                _("This workspace is a database on a server: whoever runs that encrypts its disk.")
            )
            return
        said, state.encryption_said = state.encryption_said, ""
        if said:
            st.success(plain(said), icon=":material/check_circle:")
        if workflow.is_encrypted(ws):
            _draw_encrypted(ws)
        elif workflow.cipher_installed():
            st.caption(
                _(
                    "Without one, whoever gets hold of the file of the workspace can read every"
                    " chat in it."
                )
            )
            with st.expander(_("Encrypt this workspace")):
                _draw_encrypting(ws)
        else:
            text = _("A workspace is encrypted by a package that is not installed: {command}")
            st.caption(plain(text.format(command=_INSTALL)))


def _draw_encrypting(ws: Workspace) -> None:
    parts = (
        (
            _("It protects"),
            _(
                "the workspace and its copies when your computer or disk is lost, when the folder"
                " is copied to a cloud or another disk, and from others who use this computer while"
                " the workspace is locked."
            ),
        ),
        (
            _("It does not protect"),
            _(
                "what is open: while the workspace is unlocked, whoever controls this computer can"
                " read its memory and its screen. Nor the chat files you brought in, the datasets"
                " you exported (they are masked, not encrypted), trained models, and readable"
                " backups."
            ),
        ),
        (
            _("What was there before"),
            _(
                "is overwritten and deleted, but an SSD may keep deleted data for a while, and so"
                " do copies that other programs made of the folder."
            ),
        ),
    )
    st.markdown("\n\n".join(f"**{head}** {text}" for head, text in parts))
    _draw_what_is_readable(ws)
    st.warning(
        _(
            "A forgotten passphrase cannot be recovered, by anybody. There is no back door and no"
            " reset: the chats in this workspace and in its encrypted backups are then lost. Write"
            " it down and keep it somewhere else."
        ),
        icon=":material/warning:",
    )
    with st.form("encrypt", clear_on_submit=True, border=False):
        _draw_new()
        st.checkbox(
            _("I understand that nobody can open the workspace without the passphrase"),
            key=Keys.LOCK_SURE,
        )
        st.form_submit_button(
            _("Encrypt now"), type="primary", icon=":material/lock:", on_click=_want_encryption
        )


def _draw_what_is_readable(ws: Workspace) -> None:
    kept = [each for each in workflow.kept_backups(ws) if not workflow.file_is_encrypted(each.path)]
    own = sum(not each.why for each in kept)
    if len(kept) > own:
        text = _("Copies that were made by themselves are readable and will be deleted: {count}.")
        st.caption(text.format(count=len(kept) - own))
    if own:
        text = _(
            "Backups that you made are readable and stay as they are: {count}. Delete them below if"
            " you do not need them, and make a new one."
        )
        st.caption(text.format(count=own))
    _draw_set_aside(ws)


def _draw_set_aside(ws: Workspace) -> None:
    """Name the damaged files that stay readable: they are nowhere else to be seen."""
    names = workflow.readable_files_set_aside(ws)
    if names:
        text = _(
            "Files of this workspace that were damaged and set aside are readable and stay as they"
            " are: {names}. Delete them in its folder if you do not need them."
        )
        st.warning(plain(text.format(names=", ".join(names))), icon=":material/lock_open:")


def _draw_new() -> None:
    st.text_input(
        _("New passphrase"),
        type="password",
        key=Keys.LOCK_NEW,
        autocomplete="new-password",
        help=_(
            "At least 8 characters. Four or five words that have nothing to do with each other, or"
            " 14 characters at random, are hard to guess; a name, a birthday or a saying is not."
        ),
    )
    st.text_input(
        _("The same once more"),
        type="password",
        key=Keys.LOCK_AGAIN,
        autocomplete="new-password",
    )


def _draw_old() -> None:
    st.text_input(
        _("Current passphrase"),
        type="password",
        key=Keys.LOCK_OLD,
        autocomplete="current-password",
    )


def _draw_encrypted(ws: Workspace) -> None:
    st.caption(
        _(
            "This workspace is encrypted, with its copies and backups. It is asked for its"
            " passphrase when the app is started, and after it was locked."
        )
    )
    _draw_set_aside(ws)
    draw_lock_button(ws, key="lock-here")
    with st.expander(_("Change the passphrase")):
        st.caption(
            _(
                "Copies and backups that are there keep the passphrase that they were made with:"
                " remember that one as long as you keep them."
            )
        )
        with st.form("rekey", clear_on_submit=True, border=False):
            _draw_old()
            _draw_new()
            st.form_submit_button(_("Change it"), on_click=_want_change)
    with st.expander(_("Stop encrypting")):
        st.caption(
            _(
                "The workspace can then be read by whoever gets hold of its file. Encrypted copies"
                " and backups stay, and keep their passphrase."
            )
        )
        with st.form("decrypt", clear_on_submit=True, border=False):
            st.text_input(
                _("Current passphrase"),
                type="password",
                key=Keys.LOCK_LAST,
                autocomplete="current-password",
            )
            st.form_submit_button(_("Make it readable"), on_click=_want_decryption)


def _new() -> str:
    """Return what was typed twice; ActionRefusedError where it is too short or not the same."""
    typed, again = take_phrase(Keys.LOCK_NEW), take_phrase(Keys.LOCK_AGAIN)
    workflow.refuse_weak(typed, again)
    return typed


def _want_encryption() -> None:
    try:
        new = _new()
        if not widget_value(Keys.LOCK_SURE):
            raise ActionRefusedError(
                N_("Tick that you understand: without the passphrase nobody opens the workspace.")
            )
    except RuwoError as error:
        flash(error_text(error))
        return
    get_state().encryption_job = EncryptionJob(None, new)


def _want_change() -> None:
    old = take_phrase(Keys.LOCK_OLD)
    try:
        new = _new()
    except RuwoError as error:
        flash(error_text(error))
        return
    get_state().encryption_job = EncryptionJob(old, new)


def _want_decryption() -> None:
    get_state().encryption_job = EncryptionJob(take_phrase(Keys.LOCK_LAST), None)
