"""What a person chooses to take the place of a damaged workspace, and whose passphrase it needs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import RuwoError, WorkspaceReplacedError
from curation.ui import resources
from curation.ui.catalogue import _, error_text
from curation.ui.markdown import plain
from curation.ui.state import Keys, forget_all, get_state, take_phrase, widget_value
from curation.ui.uploads import as_path, meant_path
from curation.workflow import Asked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from curation.errors import WorkspaceDamagedError

    Source = Path | UploadedFile | None
    """A backup, or None for what can be read of the damaged file."""

_SUFFIXES: Final = ("ruwo", "db")


def draw_take(
    error: WorkspaceDamagedError,
    source: Source,
    key: str,
    label: str,
    *,
    primary: bool = False,
    icon: str | None = None,
) -> None:
    """Draw the button with which something takes the workspace's place; see `draw_question`."""
    st.button(
        label,
        key=f"damage-{key}",
        type="primary" if primary else "secondary",
        icon=icon,
        on_click=_chosen,
        args=(error, source, key),
    )


def draw_question(error: WorkspaceDamagedError, source: Source, key: str) -> None:
    """Ask for the passphrase that what was chosen by `key` needs; nothing for what was not."""
    if get_state().damage_asked != key:
        return
    before = _whose(error, source) is Asked.WORKSPACE
    nobody_knows = before and workflow.may_be_whole(error)
    with st.form(f"damage-form-{key}", clear_on_submit=True, border=False):
        st.text(_why(error, before=before, nobody_knows=nobody_knows))
        draw_refused()
        if not nobody_knows:
            st.text_input(
                _("Passphrase of the workspace") if before else _("Passphrase of the backup"),
                type="password",
                key=Keys.DAMAGE_PHRASE,
                autocomplete="off",
            )
        with st.container(horizontal=True):
            if not nobody_knows:
                st.form_submit_button(
                    _("Go on with this passphrase"),
                    type="primary",
                    on_click=do,
                    args=(partial(_take, error, source),),
                )
            if before:
                st.form_submit_button(
                    _("Go on without a passphrase"),
                    on_click=do,
                    args=(partial(_take, error, source, readable=True),),
                )
            st.form_submit_button(_("Leave it"), on_click=_leave)


def draw_refused() -> None:
    """Say why what was chosen before was refused, once."""
    flashes = get_state().flashes
    for refused in flashes:
        st.warning(plain(refused), icon=":material/error:")
    flashes.clear()


def _why(error: WorkspaceDamagedError, *, before: bool, nobody_knows: bool) -> str:
    if nobody_knows:
        return _(
            "This file has no passphrase, so the workspace will have none either, until you give"
            " it one in the settings. Whoever gets at this computer's disk can read the chats."
        )
    if before:
        return _(
            "Your workspace had a passphrase, and this file has none. With that passphrase the"
            " workspace stays encrypted. Without it, whoever gets at this computer's disk can read"
            " the chats."
        )
    if workflow.keeps_its_key(error):
        return _("It is encrypted with another passphrase. The workspace keeps its own.")
    return _("It is encrypted. The workspace opens with the same passphrase afterwards.")


def draw_other_file(error: WorkspaceDamagedError) -> None:
    """Draw the choice of a backup that lies elsewhere."""
    upload = st.file_uploader(_("A backup"), type=list(_SUFFIXES), key=Keys.DAMAGE_UPLOAD)
    st.text_input(
        _("or a file on this computer"),
        key=Keys.DAMAGE_PATH,
        placeholder=_("For example D:\\backups\\ruwo.ruwo"),
    )
    typed = (widget_value(Keys.DAMAGE_PATH) or "").strip()
    if upload is None and not typed:
        return
    try:
        source = upload if upload is not None else meant_path(typed)
        label = _("Go on with this one")
        draw_take(error, source, "file", label, icon=":material/settings_backup_restore:")
        draw_question(error, source, "file")
    except RuwoError as refused:
        st.error(plain(error_text(refused)), icon=":material/error:")


def draw_other_ways(error: WorkspaceDamagedError) -> None:
    """Draw what can be done without a backup."""
    if workflow.can_be_kept(error):
        st.text(_("The file itself is whole. If you put it there yourself, go on with it."))
        _draw_way(_("Go on with the file as it is"), "keep", partial(_keep, error))
    elif workflow.can_be_saved(error):
        st.text(
            _(
                "Conversations that can still be read are taken over; some may be missing, and"
                " some texts in them may be wrong."
            )
        )
        draw_take(error, None, "save", _("Save what can be read"))
        draw_question(error, None, "save")
    if workflow.lost_its_key(error):
        st.text(_("An empty workspace has no passphrase until you give it one in the settings."))
    _draw_way(
        _("Begin with an empty workspace"), "anew", lambda _phrase: workflow.begin_anew(error)
    )
    if not workflow.may_be_whole(error):
        draw_look(_("Look at the file again"))


def draw_look(label: str) -> None:
    """Draw the button that looks at the file anew, as after a start."""
    _draw_way(label, "again", lambda _phrase: None)


def _draw_way(label: str, key: str, way: Callable[[str], Path | None]) -> None:
    st.button(label, key=f"damage-{key}", on_click=do, args=(way,))


def _chosen(error: WorkspaceDamagedError, source: Source, key: str) -> None:
    """Let it take the place at once, or ask for a passphrase first; only in a callback."""
    try:
        whose = _whose(error, source)
    except RuwoError as refused:
        get_state().flashes.append(error_text(refused))
        return
    if whose is Asked.NOBODY:
        do(partial(_take, error, source))
    else:
        get_state().damage_asked = key


def _leave() -> None:
    get_state().damage_asked = ""


def _whose(error: WorkspaceDamagedError, source: Source) -> Asked:
    if source is None:
        return workflow.whose_passphrase(error, None)
    with as_path(source) as path:
        return workflow.whose_passphrase(error, path)


def _take(
    error: WorkspaceDamagedError, source: Source, phrase: str, *, readable: bool = False
) -> Path | None:
    if source is None:
        return workflow.replace_damaged(error, None, passphrase=phrase, plain=readable)
    with as_path(source) as path:
        return workflow.replace_damaged(error, path, passphrase=phrase, plain=readable)


def _keep(error: WorkspaceDamagedError, _phrase: str) -> None:
    workflow.keep_as_it_is(error)


def do(way: Callable[[str], Path | None]) -> None:
    """Do what the person chose, with the passphrase that was typed; only in a callback."""
    phrase = take_phrase(Keys.DAMAGE_PHRASE)
    resources.reopen()
    try:
        aside = way(phrase)
    except WorkspaceReplacedError as error:
        # It is not what is on screen any more: the run that follows shows what it is.
        forget_all().flashes.append(error_text(error))
        return
    except RuwoError as error:
        get_state().flashes.append(error_text(error))
        return
    state = forget_all()
    if aside is not None:
        text = _("The damaged file is kept as {name}.")
        state.flashes.append(text.format(name=aside.name))
