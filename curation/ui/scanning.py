"""Looking for private details and for what to suggest, where several pages show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from curation import workflow
from curation.ui.catalogue import _, ngettext
from curation.ui.frame import errors_shown, flash
from curation.ui.pages import is_owner
from curation.ui.progress import working
from curation.ui.state import get_state

if TYPE_CHECKING:
    from curation.workflow import Workspace


def want_scan() -> None:
    """Let the next run look for private details and for what to suggest."""
    get_state().importing.scan_wanted = True


def _stopped() -> None:
    get_state().importing.scan_wanted = False
    flash(_("Stopped. What was found so far is kept."))


def draw_scan(ws: Workspace, *, primary: bool = True, suggest: bool = False) -> None:
    """Look for private details where that was asked for, else offer it while messages are left.

    `primary` says whether that is what matters most on the page. What to suggest is looked for
    after it; `suggest` offers that by itself, too, where it was never done. Both are an owner's.
    """
    if not is_owner():
        return
    left = workflow.unscanned_count(ws)
    if not left and not (suggest and workflow.suggestions_wanted(ws)):
        get_state().importing.scan_wanted = False
        return
    if get_state().importing.scan_wanted:
        _scan(ws)
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        if left:
            text = ngettext(
                "{n} message was not searched for private details yet.",
                "{n} messages were not searched for private details yet.",
                left,
            )
            text, label = ":material/shield: " + text.format(n=f"{left:,}"), _("Search now")
        else:
            text = _(
                "There are no suggestions yet about feelings, jumps of topic and missing parts."
            )
            text, label = ":material/lightbulb: " + text, _("Make suggestions")
        st.markdown(text, width="stretch")
        st.button(
            label,
            key="scan",
            type="primary" if primary and left else "secondary",
            on_click=want_scan,
        )


def _scan(ws: Workspace) -> None:
    done = False
    with (
        errors_shown(),
        working(_stopped, key="stop-scan") as progress,
        workflow.bulk_engine(ws) as engine,
    ):
        searched = workflow.scan_findings(ws, progress, engine=engine)
        workflow.index_words(ws, progress)
        looked_at = workflow.suggest(ws, progress, engine=engine)
        done = True
    get_state().importing.scan_wanted = False
    if not done:
        return
    text = ngettext(
        "{n} message searched for private details.",
        "{n} messages searched for private details.",
        searched,
    ).format(n=f"{searched:,}")
    if not searched:
        text = ngettext(
            "{n} conversation looked at for what to suggest.",
            "{n} conversations looked at for what to suggest.",
            looked_at,
        ).format(n=f"{looked_at:,}")
    flash(text)
    st.rerun()
