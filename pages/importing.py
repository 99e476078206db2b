"""Import: choose files, see what is in them, say who "me" is, bring them in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from curation import workflow
from curation.model import ConversationFilter, GroupMode, SuggestionKind
from curation.ui.catalogue import _, ngettext, say
from curation.ui.filters import to_query
from curation.ui.frame import begin_page, draw_guide_link, errors_shown, flash, narrow
from curation.ui.mapper import draw_mappers
from curation.ui.markdown import plain
from curation.ui.pages import go, next_step
from curation.ui.preview_cards import draw_bad_rows, draw_preview
from curation.ui.preview_groups import draw_bad_files, draw_many
from curation.ui.previews import (
    all_members,
    begin_previews,
    is_good,
    preview_of,
    read_previews,
    without_answer,
)
from curation.ui.progress import working
from curation.ui.resources import workspace as open_workspace
from curation.ui.scanning import draw_scan, want_scan
from curation.ui.state import ImportDraft, Keys, get_state, set_widget, widget_value
from curation.ui.uploads import chosen_paths, chosen_uploads, opened
from curation.ui.words import group_mode_hint, group_mode_label
from curation.ui.zones import zone_labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.ui.uploads import Chosen, Member
    from curation.workflow import ImportReport, Workspace

FEW: Final = 3  # more bad files than this are folded away
MANY: Final = 6  # more files than this are drawn as one group
SHOWN_NAMES: Final = 3


def save_zone() -> None:
    """Read and import in the chosen time zone from now on."""
    ws = open_workspace()
    with errors_shown():
        changed = replace(workflow.load_settings(ws), time_zone=widget_value(Keys.ZONE))
        workflow.save_settings(ws, changed)


def draw_zone(ws: Workspace) -> None:
    """Draw where the chats took place: some exports count from UTC."""
    zone = workflow.load_settings(ws).time_zone
    set_widget(Keys.ZONE, zone)
    zones = zone_labels(zone)
    st.selectbox(
        _("Time zone of the chats"),
        list(zones),
        format_func=zones.__getitem__,
        key=Keys.ZONE,
        on_change=save_zone,
        help=_("Only for exports that do not say local time: those become times of this zone."),
    )


def draw_guide() -> None:
    """Say how chats get out of the apps, and which tools' files are read."""
    with st.expander(_("How do I get my chats out?")):
        st.markdown(
            _(
                "**WeChat**: let MemoTrace (留痕) or another tool on your own computer read your"
                " chats, and export the people you want as CSV, JSON or TXT.  \n"
                "**QQ**: QQChatExporter, as JSON; or QQ's own message manager, as TXT.  \n"
                "**Telegram**: Telegram Desktop, Settings → Advanced → Export Telegram data, as"
                " machine-readable JSON.  \n"
                "**WhatsApp**: open a chat, More → Export chat, without media.  \n"
                "**Discord**: DiscordChatExporter, as JSON."
            )
        )
        formats = " · ".join(map(say, workflow.known_formats()))
        st.caption(_("Read as well: {formats}").format(formats=plain(formats)))
        st.markdown(
            _(
                "Any other table works too: you say which column is what. This program reads files"
                " only; it never opens or decrypts an app's database."
            )
        )
        draw_guide_link("getting-chats-out", _("Step by step, in the guide"), key="guide-to-chats")


def choose_files(ws: Workspace) -> list[Chosen]:
    """Draw the ways to choose files; return what is chosen."""
    draft = get_state().importing
    empty = workflow.is_empty(ws)
    own, sample = st.columns([2, 1], gap="medium")
    with own, st.container(border=True):
        uploads = st.file_uploader(
            _("Exported chats: files, or a ZIP with many of them"),
            accept_multiple_files=True,
            key=f"{Keys.UPLOADS}-{draft.round}",
            help=_("Recognised by what is in them. They stay on this computer."),
        )
        typed = st.text_input(
            _("or a file or folder on this computer"),
            key=f"{Keys.FOLDER}-{draft.round}",
            placeholder=_("For example D:\\MemoTrace\\export"),
        )
        draw_zone(ws)
        draw_guide()
    with sample, st.container(border=True):
        st.markdown("**" + _("Just looking?") + "**")
        st.caption(_("Invented people, real feeling: about 60 small conversations to play with."))
        if st.button(
            _("Try the sample"),
            key="try-sample",
            type="primary" if empty and not uploads and not typed.strip() else "secondary",
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
    state = get_state()
    state.importing = ImportDraft(round=state.importing.round + 1, report=report)
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


def bring_in(ws: Workspace, files: Sequence[Member], groups: dict[str, GroupMode]) -> None:
    """Import the files with a progress bar, all or none."""
    answers = get_state().importing.answers
    chosen = list({file.chosen.key: file.chosen for file in files}.values())
    limits = workflow.load_settings(ws).limits
    with errors_shown():
        with working(stopped, key="stop-import") as progress, opened(chosen, limits) as inside:
            paths = {file.key: inside[file.chosen.key][file.number] for file in files}
            me = {paths[key]: answers[key] for key in paths if key in answers}
            keep(
                workflow.import_files(
                    ws, list(paths.values()), me=me, groups=groups, progress=progress
                )
            )
        st.rerun()


def draw_files(files: Sequence[Chosen]) -> list[Member]:
    """Draw what is in the chosen files; return those to be imported."""
    taken: list[Member] = []
    loose = [member for member in all_members(files) if not member.several]
    if len([member for member in loose if is_good(member)]) > MANY:
        taken += draw_many(_("Chosen files"), "loose", loose)
    else:
        taken += [member for member in loose if is_good(member) and draw_preview(member)]
    for file in files:
        inside = [member for member in all_members([file]) if member.several]
        if inside:
            taken += draw_many(file.name, file.key, inside)
    draw_mappers(all_members(files))
    bad = [member for member in all_members(files) if preview_of(member).error is not None]
    bad = [member for member in bad if preview_of(member).table is None]
    if len(bad) > FEW:
        draw_bad_files(bad)
    else:
        for member in bad:
            draw_preview(member)
    return taken


def draw_groups(names: Sequence[str]) -> dict[str, GroupMode]:
    """Draw the choice what becomes of the other speakers of group chats; return it by chat."""
    if not names:
        return {}
    with st.container(border=True):
        some = " · ".join(names[:SHOWN_NAMES])
        more = "" if len(names) <= SHOWN_NAMES else " …"
        text = ngettext("{n} group chat: {names}", "{n} group chats: {names}", len(names))
        st.markdown("**" + plain(text.format(n=f"{len(names):,}", names=some + more)) + "**")
        mode = st.radio(
            _("In the dataset there are only two sides. The others of a group"),
            list(GroupMode),
            format_func=group_mode_label,
            captions=[group_mode_hint(mode) for mode in GroupMode],
            key=Keys.GROUPS,
        )
        st.caption(_("Every group can be changed later under Chats."))
    return dict.fromkeys(names, mode or GroupMode.MERGE)


def draw_choice(ws: Workspace, files: list[Chosen]) -> None:
    """Draw what is in the chosen files, and the button that imports them."""
    settings = workflow.load_settings(ws)
    if begin_previews(files, settings):
        with working(forget_files, key="stop-preview") as progress:
            read_previews(files, settings, progress)
    taken = draw_files(files)
    groups = draw_groups(
        list(dict.fromkeys(name for member in taken for name in preview_of(member).groups))
    )
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
    if not any(is_good(member) for member in all_members(files)):
        return
    count = sum(preview_of(member).message_count for member in taken)
    if st.button(
        ngettext("Import {n} message", "Import {n} messages", count).format(n=f"{count:,}"),
        key="import",
        type="primary",
        icon=":material/download_done:",
        disabled=bool(missing) or not taken,
    ):
        bring_in(ws, taken, groups)


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
    if report.duplicates:
        with st.container(horizontal=True, vertical_alignment="center"):
            text = ngettext(
                "{n} conversation says nearly the same as another one.",
                "{n} conversations say nearly the same as another one.",
                report.duplicates,
            )
            st.markdown(
                ":material/content_copy: " + text.format(n=f"{report.duplicates:,}"),
                width="stretch",
            )
            if st.button(_("Look at them"), key="to-duplicates"):
                go(
                    "table",
                    to_query(ConversationFilter(suggestions=(SuggestionKind.NEAR_DUPLICATE,))),
                )
    draw_bad_rows([row for file in report.files for row in file.bad_rows], several_files=True)
    with st.expander(_("File by file")):
        st.dataframe(
            pd.DataFrame(
                {
                    _("File"): [file.path.name for file in report.files],
                    _("Format"): [say(file.format) for file in report.files],
                    _("New messages"): [file.added for file in report.files],
                    _("Already there"): [file.already_there for file in report.files],
                    _("Unreadable"): [len(file.bad_rows) for file in report.files],
                }
            ),
            hide_index=True,
            height=min(len(report.files) + 1, 10) * 35 + 3,
            alt=_("File by file"),
        )


def close_report() -> None:
    """Make room for more files."""
    get_state().importing.report = None


workspace = begin_page("importing", _("Bring in your chats. Nothing leaves this computer."))
with narrow():
    last_report = get_state().importing.report
    if last_report:
        draw_report(last_report)
        draw_scan(workspace, primary=False, suggest=True)
        with st.container(horizontal=True):
            next_step("overview", _("Look at the overview"), key="to-overview")
            next_step("review", _("Go on to review"), key="to-review", primary=False)
            next_step("chats", _("Look at the chats"), key="to-chats", primary=False)
            st.button(_("Import more files"), key="import-more", on_click=close_report)
    else:
        draw_scan(workspace, suggest=True)
        chosen_files = choose_files(workspace)
        if chosen_files:
            draw_choice(workspace, chosen_files)
