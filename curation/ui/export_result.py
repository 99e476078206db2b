"""A kept export on screen: its report, its files to download, its name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import ActionRefusedError, RuwoError
from curation.export_options import ExportOptions
from curation.ui.catalogue import _, error_text
from curation.ui.downloads import draw_download
from curation.ui.export_options import format_name, format_use, told_briefly
from curation.ui.export_report import draw_counts, draw_left_out, draw_lengths, report_lines
from curation.ui.frame import flash
from curation.ui.markdown import plain
from curation.ui.resources import workspace as open_workspace
from curation.ui.state import Keys, get_state, set_widget, widget_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.workflow import ExportVersion, VersionFile, Workspace

_KILOBYTE: Final = 1_000
_MEGABYTE: Final = 1_000_000
_LONGEST_NAME: Final = 60
_LONGEST_NOTE: Final = 2_000


def size_words(size: int) -> str:
    """Return a number of bytes as a person reads it."""
    if size < _MEGABYTE:
        return f"{max(size / _KILOBYTE, 0.1):,.1f} KB"
    return f"{size / _MEGABYTE:,.1f} MB"


def version_title(version: ExportVersion) -> str:
    """Return a version's number and its name, if it has one."""
    title = _("Version {n}").format(n=version.id)
    return f"{title} · {version.name}" if version.name else title


def version_facts(version: ExportVersion) -> str:
    """Return when a version was built, by whom, and how large it is."""
    parts = [f"{version.at.astimezone():%Y-%m-%d %H:%M}"]
    if version.reviewer:
        parts.append(version.reviewer)
    parts.append(_("{n} records").format(n=f"{version.records:,}"))
    parts.append(size_words(version.size) if version.folder else _("files deleted"))
    return " · ".join(parts)


def options_of(version: ExportVersion) -> ExportOptions | None:
    """Return the options of a version, None where this program does not know them any more."""
    try:
        return ExportOptions.from_json(version.options)
    except RuwoError:
        return None


def draw_version(ws: Workspace, version: ExportVersion, *, fresh: bool) -> None:
    """Draw the report and the files of a version; `fresh` says that nothing was changed since."""
    try:
        report = workflow.version_report(ws, version.id)
    except ActionRefusedError as error:
        st.error(plain(error_text(error)), icon=":material/error:")
        return
    options = options_of(version)
    with st.container(border=True, key="export-version"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(plain(version_title(version)), anchor=False, width="stretch")
            _draw_naming(version)
        facts = [version_facts(version)] + ([told_briefly(options)] if options else [])
        st.caption("  \n".join(map(plain, facts)))
        if version.note:
            st.markdown(":material/sticky_note_2: " + plain(version.note))
        if version.id == get_state().export_built:
            st.success(_("The dataset is ready."), icon=":material/check_circle:")
        if not fresh:
            st.warning(
                _("Something was changed since this was built; build it again to have that in it."),
                icon=":material/history:",
            )
        _draw_downloads(ws, version)
        draw_counts(report)
        st.markdown("\n".join(f"- {plain(line)}" for line in report_lines(report)))
        draw_left_out(report, version.id)
        draw_lengths(report, 0 if options is None else options.max_tokens)


def _draw_naming(version: ExportVersion) -> None:
    """Draw what gives a version a name and a note."""
    with st.popover(
        _("Name"), icon=":material/edit:", type="tertiary", key=f"name-panel-{version.id}"
    ):
        set_widget(Keys.VERSION_NAME, version.name)
        set_widget(Keys.VERSION_NOTE, version.note)
        with st.form("name-version", border=False):
            st.text_input(_("Name"), key=Keys.VERSION_NAME, max_chars=_LONGEST_NAME)
            st.text_area(
                _("Note for yourself"), key=Keys.VERSION_NOTE, max_chars=_LONGEST_NOTE, height=90
            )
            st.form_submit_button(
                _("Save"), type="primary", on_click=partial(_describe, version.id)
            )


def _describe(number: int) -> None:
    name, note = widget_value(Keys.VERSION_NAME) or "", widget_value(Keys.VERSION_NOTE) or ""
    try:
        workflow.describe_version(open_workspace(), number, name, note)
    except RuwoError as error:
        flash(error_text(error))


def _draw_downloads(ws: Workspace, version: ExportVersion) -> None:
    """Draw a button for each file of a version, all of them together first."""
    if not version.folder:
        st.info(
            _("The files of this version were deleted. Build it again to have them back."),
            icon=":material/delete:",
        )
        return
    packed = workflow.version_archive(ws, version)
    if packed is not None:
        path, size = packed
        label = _("Everything in one file: {name}").format(name=path.name)
        label = f"{label} · {size_words(size)}"
        draw_download(path, key=f"pack-{version.id}", label=label, primary=True)
    with st.expander(_("Each file"), key="export-files") if packed else st.container():
        first = packed is None
        for name, files in workflow.files_by_format(version):
            if name:
                st.caption(f"**{format_name(name)}**: {format_use(name)}")
            else:
                st.caption(
                    _(
                        "labels.jsonl holds the emotions of each record, report.json what was left"
                        " out and why."
                    )
                )
            _draw_files(ws, version, files, first=first)
            first = False


def _draw_files(
    ws: Workspace, version: ExportVersion, files: Sequence[VersionFile], *, first: bool
) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for place, file in enumerate(files):
            path = workflow.version_file(ws, version, file.name)
            if path is not None:
                label = f"{file.name} · {size_words(file.size)}"
                with st.container(width="content"):
                    draw_download(
                        path,
                        key=f"download-{version.id}-{file.name}",
                        label=label,
                        primary=first and not place,
                    )
