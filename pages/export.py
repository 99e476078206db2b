"""Export: what will be in the files, building them, downloading them, and what was built before."""

from __future__ import annotations

import streamlit as st

from curation import workflow
from curation.model import Status
from curation.ui.catalogue import _
from curation.ui.export_options import draw_options
from curation.ui.export_preview import draw_file_preview, draw_preview
from curation.ui.export_result import draw_version, options_of
from curation.ui.export_versions import LISTED, do_rebuild, draw_versions
from curation.ui.exporting import draw_build, draw_leaks, draw_summary, summary_of
from curation.ui.frame import begin_page, empty_state, narrow
from curation.ui.scanning import draw_scan
from curation.ui.state import get_state

workspace = begin_page(
    "export", _("The files a trainer reads: masked, checked, only what you approved.")
)
if workflow.is_empty(workspace):
    empty_state()
state = get_state()
with narrow():
    summary = summary_of(workspace)
    draw_summary(summary)
    draw_scan(workspace, primary=False)
    kept = workflow.kept_versions(workspace, None if state.export_all else LISTED)
    shown = workflow.shown_version(workspace, kept, state.export_shown)
    state.export_shown = shown.id if shown else None
    # What waits for a search may be masked otherwise once it was searched.
    searched = not summary.unscanned
    fresh = (
        shown is not None
        and searched
        and shown.basis == workflow.basis(workspace, shown.options.get("formats", ()))
    )
    with st.container(border=True):
        work = st.container()
        options = draw_options(workspace)
        approved = summary.counts.get(Status.APPROVED, 0)
        nothing_new = fresh and shown is not None and options_of(shown) == options
        with work:
            draw_build(workspace, options, approved=approved, fresh=nothing_new)
            do_rebuild(workspace)
    draw_leaks(state.export_leaks)
    if shown is not None:
        draw_version(workspace, shown, fresh=fresh)
    if shown is not None and shown.folder:
        draw_file_preview(workspace, shown)
    elif searched:
        draw_preview(workspace, options)
    if kept.total or kept.loose:
        draw_versions(workspace, kept)
