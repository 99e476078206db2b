"""Long work on chats: saying who is me, splitting again; asked for by a button, done by a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.ui.catalogue import _, error_text, ngettext
from curation.ui.frame import flash
from curation.ui.progress import stopped, working
from curation.ui.state import ChatJob, get_state

if TYPE_CHECKING:
    from curation.workflow import ResplitReport, Workspace


def want(job: ChatJob) -> None:
    """Let the next run do the job; only in a callback."""
    state = get_state()
    state.chat_job, state.chat_said = job, ""


def do_job(ws: Workspace) -> None:
    """Do what a button asked for, with a bar that counts and can be stopped without harm."""
    state = get_state()
    job, state.chat_job = state.chat_job, None
    if job is None:
        return
    try:
        with working(stopped, key="stop-chat-job") as progress:
            if job.me is None:
                chats = None if job.chat is None else [job.chat]
                said = split_sentence(workflow.resplit(ws, chats, progress))
                state.split_wanted = False
            else:
                workflow.set_me(ws, job.chat or 0, job.me, progress)
                said = _("{name} is you now, in the whole chat.").format(name=job.name)
            state.chat_said = said
    except RuwoError as error:
        flash(error_text(error))
    st.rerun()


def split_sentence(report: ResplitReport) -> str:
    """Return what splitting again did, with both counts."""
    before, after = report.conversations_before, report.conversations_after
    text = ngettext(
        "Split again: {before} became {n} conversation.",
        "Split again: {before} became {n} conversations.",
        after,
    ).format(before=f"{before:,}", n=f"{after:,}")
    if not report.left_alone:
        return text
    kept = ngettext(
        "{n} that somebody worked on stayed as it was.",
        "{n} that somebody worked on stayed as they were.",
        report.left_alone,
    )
    return f"{text} " + kept.format(n=f"{report.left_alone:,}")
