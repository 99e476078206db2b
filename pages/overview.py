"""Overview: how far the review is, what there is, and whether the voice is kept."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from curation import workflow
from curation.ui.catalogue import _
from curation.ui.frame import begin_page, empty_state
from curation.ui.overview_parts import draw_days, draw_pictures, draw_progress, reviewers_zone
from curation.ui.pages import is_owner
from curation.ui.people_parts import draw_people
from curation.ui.scanning import draw_scan
from curation.ui.trust import draw_trust
from curation.ui.voice_parts import draw_voice

workspace = begin_page(
    "overview", _("How far you are, what your chats hold, and whether they still sound like you.")
)
if workflow.is_empty(workspace):
    empty_state()
zone = reviewers_zone()
overview = workflow.overview_of(workspace, zone)
draw_progress(overview)
draw_scan(workspace, primary=False, suggest=True)
draw_days(overview, datetime.now(zone).date())
draw_people(overview.people)
st.subheader(_("What your chats hold"), anchor=False)
st.caption(_("Click a bar to see its conversations in the table."))
draw_pictures(overview)
draw_trust(workspace)
if is_owner():
    draw_voice(workspace, zone, unscanned=overview.unscanned)
