"""Settings: how chats are cut and read, what stands for private details, keys, members, backups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from curation import workflow
from curation.ui.backup_parts import do_backup_job, draw_backups
from curation.ui.catalogue import _
from curation.ui.chat_jobs import do_job
from curation.ui.connection_parts import draw_connections
from curation.ui.encryption_parts import do_encryption_job, draw_encryption
from curation.ui.frame import begin_page, narrow, title_line
from curation.ui.history import do_step, draw_undo_in
from curation.ui.key_parts import draw_keys
from curation.ui.language_parts import draw_language
from curation.ui.member_parts import draw_members
from curation.ui.pages import is_owner
from curation.ui.record_settings import draw_emotions, draw_records
from curation.ui.replacement_parts import draw_replacements
from curation.ui.reviewer import draw_reviewer
from curation.ui.settings_parts import draw_reading, draw_splitting
from curation.ui.state import get_state

if TYPE_CHECKING:
    from curation.workflow import Workspace


def draw_all(ws: Workspace) -> None:
    """Draw everything that an owner sets up."""
    held = workflow.load_settings(ws)
    chats, private, models, person, people, files = st.tabs(
        [
            _("Conversations"),
            _("Private details"),
            _("Models"),
            _("Language, name and keys"),
            _("Members"),
            _("Files and backups"),
        ]
    )
    with chats:
        draw_splitting(ws, held)
        draw_records(held)
        draw_emotions(held)
    with private:
        draw_replacements(ws, held)
    with models:
        draw_connections()
    with person:
        draw_language()
        draw_reviewer()
        draw_keys(held)
    with people:
        draw_members(ws)
    with files:
        draw_encryption(ws)
        draw_backups(ws)
        draw_reading(held)


def draw_own() -> None:
    """Draw what a reviewer sets up for themselves."""
    st.caption(_("You are a reviewer here. What is set up for everybody is an owner's."))
    draw_language()
    draw_reviewer()


with narrow():
    head = title_line()
    workspace = begin_page("settings", _("Changes are saved at once."), head=head)
    if get_state().step:
        get_state().chat_said = ""
    do_step(workspace)
    if is_owner():
        do_backup_job(workspace)
        do_encryption_job(workspace)
        with st.container():  # also where there is nothing to do, so that the page keeps its places
            do_job(workspace)
    draw_undo_in(head, workspace)
    if is_owner():
        draw_all(workspace)
    else:
        draw_own()
