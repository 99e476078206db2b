"""Talk: with the tuned digital self, whose answers can be put right on the spot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import EndpointError
from curation.ui.catalogue import _
from curation.ui.frame import begin_page, narrow, show_error, title_line
from curation.ui.history import do_step, draw_undo_in
from curation.ui.likeness_parts import draw_likeness
from curation.ui.spark_parts import draw_first_steps, draw_spark_form
from curation.ui.state import Keys, get_state
from curation.ui.talk_parts import (
    draw_choices,
    draw_gone,
    draw_kept,
    draw_news,
    draw_system,
    draw_talk,
    draw_talks,
    draw_where,
    leave_for_kept,
    shown_talk,
)
from curation.ui.trained_parts import draw_trained

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.workflow import ChatModel, Workspace

WAYS: Final = ("talk", "likeness")


def draw_talking(ws: Workspace, models: Sequence[ChatModel]) -> None:
    """Draw a talk: which one, with whom, what goes where, and what was said."""
    heads = workflow.all_talks(ws)
    talk = shown_talk(heads, models)
    draw_talks(heads, talk)
    talk = draw_choices(ws, talk, models)
    chosen = next((each for each in models if each.key == talk.model), None)
    if chosen is None:
        draw_gone()
    else:
        draw_where(chosen)
        draw_news(ws, talk, chosen)
    draw_talk(talk, chosen)
    draw_system(ws, talk)
    draw_kept(ws)


with narrow():
    head = title_line()
    workspace = begin_page(
        "chat",
        _("Talk with your digital self. What does not sound like you, you put right on the spot."),
        head=head,
    )
    do_step(workspace)
    draw_undo_in(head, workspace)
    leave_for_kept(workspace)
    try:
        models = workflow.chat_models()
    except EndpointError as error:
        show_error(error)
        st.stop()
    if get_state().spark_edited is not None:
        draw_spark_form(models)
    offered = draw_trained(workspace, models)
    if not models:
        draw_first_steps(primary=not offered)
        st.stop()
    ways = {WAYS[0]: _("Talk"), WAYS[1]: _("Does it sound like me?")}
    way = st.segmented_control(
        _("Way"),
        WAYS,
        format_func=ways.__getitem__,
        default=WAYS[0],
        required=True,
        key=Keys.CHAT_WAY,
        label_visibility="collapsed",
    )
    if way == WAYS[1]:
        draw_likeness(workspace, models)
    else:
        draw_talking(workspace, models)
