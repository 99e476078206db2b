"""Ask a model: what is asked, exactly what would be sent, and what came back."""

from __future__ import annotations

import streamlit as st

from curation import workflow
from curation.errors import EndpointError
from curation.ui.asking_parts import (
    do_wanted,
    draw_choice,
    draw_outlook,
    draw_preview,
    draw_report,
    draw_send,
    planned,
)
from curation.ui.catalogue import _
from curation.ui.frame import (
    begin_page,
    empty_state,
    errors_shown,
    narrow,
    nothing_here,
    show_error,
    title_line,
)
from curation.ui.pages import next_step
from curation.ui.scanning import draw_scan

with narrow():
    head = title_line()
    workspace = begin_page("asking", _("Nothing is sent before you press the button."), head=head)
    if workflow.is_empty(workspace):
        empty_state()
    try:
        profiles = workflow.load_connections()
    except EndpointError as error:
        show_error(error)
        st.stop()
    if not profiles:
        with nothing_here(
            _("No model is connected"),
            _(
                "A model can suggest emotions, judge whether conversations hang together and draft"
                " backgrounds. Ruwo works without one as well."
            ),
        ):
            next_step("settings", _("Connect a model"), key="ask-connect")
        st.stop()
    do_wanted(workspace)
    draw_report()
    asking = draw_choice(profiles)
    if workflow.unscanned_count(workspace):
        draw_scan(workspace)
        st.stop()
    with errors_shown():
        plan = planned(workspace, asking)
        if plan.waiting:
            draw_outlook(plan)
            draw_preview(plan)
            draw_send(plan)
        else:
            st.info(
                _("It was asked about all of these already, as they are now."),
                icon=":material/done_all:",
            )
