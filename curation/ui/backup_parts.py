"""The part of the settings where the workspace is backed up and restored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import PassphraseNeededError, RuwoError, WrongPassphraseError
from curation.ui.backup_phrases import ask_phrase, draw_other_ways, want_backup
from curation.ui.catalogue import _, error_text
from curation.ui.damage_parts import KINDS
from curation.ui.downloads import draw_download
from curation.ui.frame import errors_shown, flash
from curation.ui.markdown import plain
from curation.ui.progress import stopped, working
from curation.ui.resources import copier, workspace
from curation.ui.state import BackupJob, Keys, get_state, set_widget, widget_value
from curation.ui.uploads import as_path, meant_path

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from curation.store.files.backup import BackupInfo
    from curation.workflow import KeptBackup, Workspace

_MEGABYTE: Final = 1_000_000
_SUFFIX: Final = "ruwo"


def do_backup_job(ws: Workspace) -> None:
    """Make a backup or restore one, as the person asked; a bar counts, and it can be stopped."""
    state = get_state()
    job, state.backup_job = state.backup_job, None
    if job is None:
        return
    try:
        with working(stopped, key="stop-backup") as progress:
            if job.restore is None:
                path = workflow.new_backup_path(ws)
                info = workflow.backup_workspace(
                    ws, path, progress, plain=job.plain, passphrase=job.passphrase
                )
                text = _("Backed up: {conversations} conversations, {messages} messages, to {path}")
                state.backup_said = text.format(
                    conversations=f"{info.conversations:,}",
                    messages=f"{info.messages:,}",
                    path=path,
                )
            else:
                with as_path(job.restore) as path:
                    kept = workflow.restore_workspace(ws, path, progress, passphrase=job.passphrase)
                if kept is not None:
                    flash(_("The replaced workspace is kept as {name}.").format(name=kept.name))
    except RuwoError as error:
        state.backup_said = ""
        flash(error_text(error))
    st.rerun()


def want_restore(chosen: Path | UploadedFile) -> None:
    """Let the next run restore what was chosen; only in a callback."""
    state = get_state()
    state.backup_job = BackupJob(chosen, passphrase=state.backup_phrase or None)
    state.backup_asked, state.backup_phrase = None, ""


def ask(chosen: Path | None) -> None:
    """Show what a backup holds, and ask; None: leave it; only in a callback."""
    state = get_state()
    state.backup_asked, state.backup_phrase = chosen, ""


def delete(path: Path) -> None:
    """Delete a backup; only in a callback."""
    state = get_state()
    try:
        workflow.delete_backup(workspace(), path)
        flash(_("Deleted: {name}").format(name=path.name))
    except RuwoError as error:
        flash(error_text(error))
    state.backup_said = ""
    state.backup_asked = None


def draw_backups(ws: Workspace) -> None:
    """Draw making a backup, the backups that are there, and restoring from another file."""
    state = get_state()
    with st.container(border=True):
        st.subheader(_("Backup and restore"), anchor=False)
        st.caption(
            _(
                "One file with everything: chats, edits, decisions, settings and the journal. "
                "Copies made before an update or a restore are kept too, the last three of each."
            )
        )
        _draw_warning(ws)
        st.button(
            _("Make a backup"),
            key="backup-make",
            type="primary",
            icon=":material/archive:",
            on_click=want_backup,
        )
        if workflow.is_encrypted(ws):
            with st.expander(_("Backup with another passphrase, or with none")):
                draw_other_ways()
        if state.backup_said:
            st.success(plain(state.backup_said), icon=":material/check_circle:")
        _draw_daily(ws)
        with errors_shown():
            for number, each in enumerate(workflow.kept_backups(ws)):
                _draw_kept(ws, number, each)
        with st.expander(_("Restore from another file")):
            _draw_other(ws)


def _draw_warning(ws: Workspace) -> None:
    if workflow.is_encrypted(ws):
        st.info(
            _(
                "Backups and copies are encrypted with the passphrase that the workspace has when"
                " they are made. Without it nobody opens them."
            ),
            icon=":material/lock:",
        )
        return
    st.warning(
        _(
            "A backup holds the unmasked texts. Keep it to yourself; "
            "what you give away is what the export page writes."
        ),
        icon=":material/lock:",
    )


def _draw_daily(ws: Workspace) -> None:
    """Draw the switch of the daily copies, and what kept the last one from being made."""
    if not workflow.makes_copies(ws):
        st.caption(
            _(
                "This workspace is on a database server. Whoever runs the server backs it up;"
                " here, copies are made before an update and before a restore alone."
            )
        )
        return
    set_widget(Keys.DAILY_COPIES, workflow.daily_copies(ws))
    st.toggle(
        _("Make a copy once a day by itself"),
        key=Keys.DAILY_COPIES,
        on_change=_daily_chosen,
        help=_(
            "While the app runs and something changed, in the background. The last seven are kept,"
            " 5 GB of them at most. They are on this disk: for a broken disk, keep a backup"
            " elsewhere as well."
        ),
    )
    problem = copier().problem
    if problem is not None:
        st.warning(plain(error_text(problem)), icon=":material/warning:")


def _daily_chosen() -> None:
    with errors_shown():
        workflow.want_daily_copies(workspace(), wanted=bool(widget_value(Keys.DAILY_COPIES)))


def _draw_kept(ws: Workspace, number: int, kept: KeptBackup) -> None:
    state = get_state()
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        when = f"{kept.at.astimezone():%Y-%m-%d %H:%M}"
        size = f"{kept.size / _MEGABYTE:,.1f} MB"
        facts = [f"**{_(KINDS[kept.why])}**", when, size]
        if workflow.file_is_encrypted(kept.path):
            facts.append(_("encrypted"))
        st.markdown(
            f"{' · '.join(facts)}  \n{plain(kept.path.name)}",
            width="stretch",
        )
        if not kept.why:
            with st.container(width="content"):
                draw_download(kept.path, key=f"backup-download-{number}")
        st.button(
            _("Restore"),
            key=f"backup-restore-{number}",
            icon=":material/settings_backup_restore:",
            on_click=ask,
            args=(kept.path,),
        )
        st.button(
            _("Delete"),
            key=f"backup-delete-{number}",
            icon=":material/delete:",
            type="tertiary",
            on_click=delete,
            args=(kept.path,),
        )
    if state.backup_asked == kept.path:
        with errors_shown():
            _draw_question(ws, kept.path, kept.path, by_itself=bool(kept.why))


def _draw_other(ws: Workspace) -> None:
    """Draw the choice of a file that lies elsewhere, and what it holds."""
    upload = st.file_uploader(_("A backup"), type=[_SUFFIX], key=Keys.BACKUP_UPLOAD)
    st.text_input(
        _("or a file on this computer"),
        key=Keys.BACKUP_PATH,
        placeholder=_("For example D:\\backups\\ruwo.ruwo"),
    )
    typed = (widget_value(Keys.BACKUP_PATH) or "").strip()
    if upload is None and not typed:
        return
    with errors_shown():
        chosen: Path | UploadedFile = upload if upload is not None else meant_path(typed)
        with as_path(chosen) as path:
            _draw_question(ws, chosen, path)


def _draw_question(
    ws: Workspace, chosen: Path | UploadedFile, path: Path, *, by_itself: bool = False
) -> None:
    """Draw what is in a backup and ask whether it shall take the workspace's place."""
    phrase = get_state().backup_phrase
    info: BackupInfo | None = None
    try:
        if not by_itself or workflow.needs_other_passphrase(path):
            info = workflow.backup_info(path, phrase or None)
    except (PassphraseNeededError, WrongPassphraseError) as error:
        ask_phrase(error)
        return
    held = workflow.workspace_stats(ws)
    with st.container(border=True):
        if info is not None:
            text = _("In it: {conversations} conversations, {messages} messages, made {when}.")
            st.text(
                text.format(
                    conversations=f"{info.conversations:,}",
                    messages=f"{info.messages:,}",
                    when=f"{info.made_at.astimezone():%Y-%m-%d %H:%M}",
                )
            )
        now = held["conversations"]["all"]
        question = _(
            "It replaces this workspace with its {n} conversations, which is kept as a copy. The"
            " two are not mixed."
        )
        st.text(question.format(n=f"{now:,}"))
        if workflow.file_is_encrypted(path) and not workflow.is_encrypted(ws):
            st.warning(
                _(
                    "The backup is encrypted, this workspace is not and stays so: what is in the"
                    " backup can then be read on this computer's disk."
                ),
                icon=":material/lock_open:",
            )
        with st.container(horizontal=True):
            st.button(
                _("Replace the workspace"),
                key="backup-yes",
                type="primary",
                on_click=want_restore,
                args=(chosen,),
            )
            st.button(_("No"), key="backup-no", on_click=ask, args=(None,))
