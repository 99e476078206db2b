"""Looking for private details, where the import and the privacy page both show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from curation import workflow
from curation.ui.catalogue import _, ngettext
from curation.ui.frame import errors_shown, flash
from curation.ui.progress import working
from curation.ui.state import get_state

if TYPE_CHECKING:
    from curation.workflow import Workspace


def want_scan() -> None:
    """Let the next run look for private details."""
    get_state().importing.scan_wanted = True


def _stopped() -> None:
    get_state().importing.scan_wanted = False
    flash(_("Stopped. What was found so far is kept."))


def draw_scan(ws: Workspace, *, primary: bool = True) -> None:
    """Look for private details where that was asked for, else offer it while messages are left.

    `primary` says whether that is what matters most on the page.
    """
    left = workflow.unscanned_count(ws)
    if not left:
        get_state().importing.scan_wanted = False
        return
    if get_state().importing.scan_wanted:
        _scan(ws)
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        text = ngettext(
            "{n} message was not searched for private details yet.",
            "{n} messages were not searched for private details yet.",
            left,
        )
        st.markdown(":material/shield: " + text.format(n=f"{left:,}"), width="stretch")
        st.button(
            _("Search now"),
            key="scan",
            type="primary" if primary else "secondary",
            on_click=want_scan,
        )


def _scan(ws: Workspace) -> None:
    done = False
    with errors_shown(), working(_stopped, key="stop-scan") as progress:
        searched = workflow.scan_findings(ws, progress)
        workflow.index_words(ws, progress)
        done = True
    get_state().importing.scan_wanted = False
    if done:
        text = ngettext(
            "{n} message searched for private details.",
            "{n} messages searched for private details.",
            searched,
        )
        flash(text.format(n=f"{searched:,}"))
        st.rerun()
