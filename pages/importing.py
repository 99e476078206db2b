"""Import: choose files, see what is in them, say who "me" is, bring them in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.ui.catalogue import _, ngettext
from curation.ui.frame import begin_page, errors_shown, flash, narrow
from curation.ui.markdown import plain
from curation.ui.pages import next_step
from curation.ui.previews import (
    bad_files,
    draw_preview,
    importable,
    read_previews,
    unread,
    without_answer,
)
from curation.ui.progress import working
from curation.ui.scanning import draw_scan, want_scan
from curation.ui.state import Keys, get_state
from curation.ui.uploads import chosen_paths, chosen_uploads, on_disk

if TYPE_CHECKING:
    from curation.ui.uploads import Chosen
    from curation.workflow import ImportReport, Workspace

FEW: Final = 3  # more bad files than this are folded away


def choose_files(ws: Workspace) -> list[Chosen]:
    """Draw the ways to choose files; return what is chosen."""
    draft = get_state().importing
    empty = workflow.is_empty(ws)
    own, sample = st.columns([2, 1], gap="medium")
    with own, st.container(border=True):
        uploads = st.file_uploader(
            _("Chat files from MemoTrace, PyWxDump or WeClone"),
            accept_multiple_files=True,
            key=f"{Keys.UPLOADS}-{draft.round}",
            help=_("CSV or JSON. The files stay on this computer."),
        )
        typed = st.text_input(
            _("or a file or folder on this computer"),
            key=f"{Keys.FOLDER}-{draft.round}",
            placeholder=_("for example D:\\MemoTrace\\export"),
        )
        with st.expander(_("How do I get my chats out of WeChat?")):
            st.markdown(
                _(
                    "1. Open MemoTrace (留痕) on the computer where WeChat is signed in, and let it"
                    " read your chats.\n"
                    "2. Export the people you want, as CSV or as fine-tune JSON.\n"
                    "3. Choose the exported files above, or give the folder they are in. Several"
                    " at once are fine."
                )
            )
    with sample, st.container(border=True):
        st.markdown("**" + _("Just looking?") + "**")
        st.caption(_("Invented people, real feeling: about 60 small conversations to play with."))
        if st.button(
            _("Try the sample"),
            key="try-sample",
            type="primary" if empty else "secondary",
            icon=":material/play_circle:",
            width="stretch",
        ):
            bring_in_sample(ws)
    chosen = chosen_uploads(uploads)
    if typed.strip():
        with errors_shown():
            chosen += chosen_paths(typed)
    return chosen


def keep(report: ImportReport) -> None:
    """Keep the report for the next run, which shows it and looks for private details."""
    draft = get_state().importing
    draft.report = report
    draft.round += 1
    draft.previews.clear()
    draft.answers.clear()
    want_scan()


def stopped() -> None:
    """Say at the next run that the import was stopped."""
    flash(_("Stopped. Nothing was imported."))


def forget_files() -> None:
    """Let go of the chosen files."""
    get_state().importing.round += 1


def bring_in_sample(ws: Workspace) -> None:
    """Import the sample with a progress bar."""
    with errors_shown():
        with working(stopped, key="stop-import") as progress:
            keep(workflow.import_sample(ws, progress))
        st.rerun()


def bring_in(ws: Workspace, files: list[Chosen]) -> None:
    """Import the files with a progress bar, all or none."""
    answers = get_state().importing.answers
    with errors_shown():
        with working(stopped, key="stop-import") as progress, on_disk(files) as paths:
            me = {paths[file.key]: answers[file.key] for file in files if file.key in answers}
            keep(workflow.import_files(ws, list(paths.values()), me=me, progress=progress))
        st.rerun()


def draw_choice(ws: Workspace, files: list[Chosen]) -> None:
    """Draw what is in the chosen files, and the button that imports them."""
    if unread(files):
        with working(forget_files, key="stop-preview") as progress:
            read_previews(files, progress)
    bad = bad_files(files)
    good = [file for file in files if file not in bad]
    for file in good:
        draw_preview(file)
    if len(bad) > FEW:
        label = ngettext("{n} file cannot be used", "{n} files cannot be used", len(bad))
        with st.expander(label.format(n=f"{len(bad):,}"), icon=":material/error:"):
            for file in bad:
                draw_preview(file)
    else:
        for file in bad:
            draw_preview(file)
    taken = importable(files)
    missing = without_answer(taken)
    if missing:
        st.info(
            ngettext(
                "Say which one is you in {n} file, or deselect it.",
                "Say which one is you in {n} files, or deselect them.",
                len(missing),
            ).format(n=len(missing)),
            icon=":material/help:",
        )
    if not good:
        return
    count = sum(get_state().importing.previews[file.key].message_count for file in taken)
    if st.button(
        ngettext("Import {n} message", "Import {n} messages", count).format(n=f"{count:,}"),
        key="import",
        type="primary",
        icon=":material/download_done:",
        disabled=bool(missing) or not taken,
    ):
        bring_in(ws, taken)


def draw_report(report: ImportReport) -> None:
    """Say what the last import did."""
    already = sum(file.already_there for file in report.files)
    if report.added:
        st.success(
            _("Imported. Everything stays on this computer."), icon=":material/check_circle:"
        )
    else:
        st.info(_("Nothing new: all of this was here already."), icon=":material/check_circle:")
    with st.container(horizontal=True):
        st.metric(_("New messages"), f"{report.added:,}", border=True, width=180)
        st.metric(_("Already there"), f"{already:,}", border=True, width=180)
        st.metric(_("New conversations"), f"{report.conversations_added:,}", border=True, width=180)
    with st.expander(_("File by file")):
        for file in report.files:
            st.markdown(
                plain(
                    _("{file}: {added} new, {there} already there").format(
                        file=file.path.name,
                        added=f"{file.added:,}",
                        there=f"{file.already_there:,}",
                    )
                )
            )


def close_report() -> None:
    """Make room for more files."""
    get_state().importing.report = None


workspace = begin_page("importing", _("Bring in your chats. Nothing leaves this computer."))
with narrow():
    last_report = get_state().importing.report
    if last_report:
        draw_report(last_report)
        draw_scan(workspace)
        with st.container(horizontal=True):
            next_step("review", _("Go on to review"), key="to-review")
            st.button(_("Import more files"), key="import-more", on_click=close_report)
    else:
        draw_scan(workspace)
        chosen_files = choose_files(workspace)
        if chosen_files:
            draw_choice(workspace, chosen_files)
