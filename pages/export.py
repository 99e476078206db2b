"""Export: what will be in the file, building it, downloading it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.model import Status
from curation.ui.catalogue import _, ngettext, sentences
from curation.ui.exporting import (
    FILES,
    build,
    draw_leaks,
    draw_record,
    draw_source,
    draw_statuses,
    draw_variant,
    leaks_kept,
    mark,
    problem_lines,
    report_lines,
)
from curation.ui.frame import begin_page, empty_state, errors_shown, flash, narrow, show_error
from curation.ui.markdown import plain
from curation.ui.pages import next_step
from curation.ui.progress import working
from curation.ui.scanning import draw_scan
from curation.ui.state import get_state

if TYPE_CHECKING:
    from curation.ui.exporting import Exported
    from curation.workflow import ExportSummary, Workspace

PREVIEWED = 10


def draw_summary(summary: ExportSummary) -> None:
    """Draw where the conversations stand, and what nobody decided yet."""
    with st.container(border=True):
        draw_statuses(summary.counts)
        st.caption(_("Only approved conversations go into the file."))
    approved = summary.counts.get(Status.APPROVED, 0)
    pending = summary.counts.get(Status.PENDING, 0)
    if pending:
        with st.container(horizontal=True, vertical_alignment="center"):
            text = ngettext(
                "{n} conversation still waits for review.",
                "{n} conversations still wait for review.",
                pending,
            )
            st.markdown(":material/rate_review: " + text.format(n=f"{pending:,}"), width="stretch")
            next_step("review", _("Review"), key="to-review", primary=not approved)
    if summary.too_much_mbti:
        st.markdown(
            ":material/psychology: "
            + _(
                "{n} of the approved conversations are MBTI answers. At most {share} % of the"
                " records may be; the rest stays out."
            ).format(n=f"{summary.mbti:,}", share=summary.mbti_share)
        )
    if summary.undecided_findings:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                ":material/shield: " + undecided_line(summary),
                width="stretch",
            )
            next_step("privacy", _("Look at them"), key="to-privacy", primary=False)


def undecided_line(summary: ExportSummary) -> str:
    """Return how many private details nobody decided, and what becomes of them."""
    masked = summary.undecided_findings - summary.own_names
    lines = []
    if masked:
        lines.append(
            ngettext(
                "{n} private detail is undecided; it will be masked.",
                "{n} private details are undecided; they will be masked.",
                masked,
            ).format(n=f"{masked:,}")
        )
    if summary.own_names:
        lines.append(
            ngettext(
                "{n} undecided place holds the persona's own name and stays as it is.",
                "{n} undecided places hold the persona's own name and stay as they are.",
                summary.own_names,
            ).format(n=f"{summary.own_names:,}")
        )
    return sentences(lines)


def draw_preview(ws: Workspace) -> None:
    """Draw the first records exactly as the file will hold them."""
    st.subheader(_("The first records"), anchor=False)
    try:
        with st.spinner(_("One moment …")):  # the first one of a server loads the recognizers
            records = workflow.preview_records(ws, PREVIEWED)
    except RuwoError as error:
        show_error(error)
        return
    if not records:
        st.info(_("No approved conversation gives a record yet."))
        return
    ways = {"chat": _("As a chat"), "file": _("As in the file")}
    way = st.segmented_control(
        _("View"),
        list(ways),
        format_func=ways.__getitem__,
        default="chat",
        required=True,
        key="preview-way",
        label_visibility="collapsed",
    )
    with st.container(height=520, border=False):
        for record in records:
            if way == "chat":
                draw_record(record)
            else:
                draw_source(record)


def stopped() -> None:
    """Say at the next run that nothing was built."""
    flash(_("Stopped. Nothing was written."))


def draw_build(ws: Workspace, approved: int) -> None:
    """Draw the button that builds the files, and build them."""
    state = get_state()
    built = state.exported
    if not st.button(
        _("Build the dataset"),
        key="build",
        # What was built is to be downloaded next.
        type="primary" if built is None or built.mark != mark(ws) else "secondary",
        icon=":material/build:",
        disabled=not approved,
    ):
        return
    state.exported = None
    state.export_leaks = ()
    with errors_shown(), leaks_kept(), working(stopped, key="stop-export") as progress:
        state.exported = build(ws, progress)
    if state.exported is not None:
        st.rerun()  # what is said above may no longer be true: the build has searched what waited


def draw_result(ws: Workspace, exported: Exported) -> None:
    """Draw the report in words and the downloads."""
    if exported.mark != mark(ws):
        st.warning(
            _("Something was changed since this was built; build it again to have that in it."),
            icon=":material/history:",
        )
    with st.container(border=True):
        st.success(_("The dataset is ready."), icon=":material/check_circle:")
        lines = [plain(line) for line in report_lines(exported.report)]
        lines += [":material/warning: " + plain(line) for line in problem_lines(exported.report)]
        st.markdown("\n".join(f"- {line}" for line in lines))
        with st.container(horizontal=True):
            for number, (name, mime) in enumerate(FILES.items()):
                st.download_button(
                    name,
                    exported.files[name],
                    file_name=name,
                    mime=mime,
                    key=f"download-{name}",
                    icon=":material/download:",
                    type="secondary" if number else "primary",
                    on_click="ignore",
                )
        st.caption(
            _(
                "sharegpt.json is what a trainer reads; dataset_info.json tells LLaMA-Factory how."
                " labels.jsonl holds the emotions, report.json what was left out and why."
            )
        )


workspace = begin_page(
    "export", _("The file a trainer reads: masked, checked, only what you approved.")
)
if workflow.is_empty(workspace):
    empty_state()
with narrow():
    overview = workflow.export_summary(workspace)
    draw_summary(overview)
    draw_scan(workspace, primary=False)
    with st.container(border=True):
        draw_variant(workspace)
    draw_build(workspace, overview.counts.get(Status.APPROVED, 0))
    draw_leaks(get_state().export_leaks)
    built = get_state().exported
    if built is not None:
        draw_result(workspace, built)
    if not overview.unscanned:
        draw_preview(workspace)
