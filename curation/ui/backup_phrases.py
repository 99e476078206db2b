"""The passphrases of backups: of one that is made, and of one that is looked into."""

from __future__ import annotations

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.ui.catalogue import _, error_text
from curation.ui.frame import flash
from curation.ui.state import BackupJob, Keys, get_state, take_phrase


def want_backup(passphrase: str | None = None, *, readable: bool = False) -> None:
    """Let the next run make a backup; only in a callback."""
    get_state().backup_job = BackupJob(passphrase=passphrase, plain=readable)


def draw_other_ways() -> None:
    """Draw the backup of an encrypted workspace with a passphrase of its own, or with none."""
    with st.form("backup-other", clear_on_submit=True, border=False):
        st.text_input(
            _("New passphrase"),
            type="password",
            key=Keys.BACKUP_NEW,
            autocomplete="new-password",
            help=_("For this backup alone."),
        )
        st.text_input(
            _("The same once more"),
            type="password",
            key=Keys.BACKUP_AGAIN,
            autocomplete="new-password",
        )
        st.form_submit_button(_("Make a backup with it"), on_click=_want_other_backup)
    st.caption(
        _(
            "A backup without a passphrase can be read by whoever gets hold of it, unmasked. Only"
            " such a one can be restored into a database on a server."
        )
    )
    st.button(
        _("Make a readable backup"),
        key="backup-readable",
        icon=":material/lock_open:",
        on_click=want_backup,
        kwargs={"readable": True},
    )


def _want_other_backup() -> None:
    typed, again = take_phrase(Keys.BACKUP_NEW), take_phrase(Keys.BACKUP_AGAIN)
    try:
        workflow.refuse_weak(typed, again)
    except RuwoError as error:
        flash(error_text(error))
        return
    want_backup(typed)


def ask_phrase(error: RuwoError) -> None:
    """Draw the question for the passphrase of an encrypted backup, and why it is asked."""
    st.text(error_text(error))
    with st.form("backup-phrase-form", clear_on_submit=True, border=False):
        st.text_input(
            _("Passphrase of the backup"),
            type="password",
            key=Keys.BACKUP_PHRASE,
            autocomplete="off",
        )
        st.form_submit_button(
            _("Look into it"), icon=":material/lock_open:", on_click=_phrase_given
        )


def _phrase_given() -> None:
    get_state().backup_phrase = take_phrase(Keys.BACKUP_PHRASE)
