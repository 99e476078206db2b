"""How a model is to answer: how warm, how long, and how much of a talk it reads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.ui.catalogue import _, error_text
from curation.ui.frame import flash
from curation.ui.refusals import refusals_told
from curation.ui.resources import workspace as open_workspace
from curation.ui.state import Keys, set_widget, widget_value
from curation.workflow import ChatModel, Thinking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from curation.workflow import Workspace

_OPTION_NAMES: Final = ("temperature", "most_tokens", "context", "thinking")


def draw_options(ws: Workspace, model: ChatModel) -> None:
    """Draw how the model is to answer."""
    held = workflow.chat_options(ws, model)
    keys = {name: f"{Keys.TALK_OPTION}{name}:{model.key}" for name in _OPTION_NAMES}
    for name, key in keys.items():
        set_widget(key, getattr(held, name))
    act: dict[str, Any] = {"on_change": _options_changed, "args": (model, keys)}
    st.slider(
        _("Temperature"),
        0.0,
        1.0 if model.is_spark else 2.0,
        step=0.05,
        key=keys["temperature"],
        help=_("0.9 is how people talk; lower is steadier and duller."),
        **act,
    )
    first, second = st.columns(2)
    first.number_input(
        _("Longest answer, tokens"), 16, 32_767, step=64, key=keys["most_tokens"], **act
    )
    second.number_input(
        _("Read at most, tokens"),
        512,
        131_072,
        step=512,
        key=keys["context"],
        help=_("The oldest turns of a long talk are left out; the persona's text stays."),
        **act,
    )
    if model.is_spark:
        names = {
            Thinking.AS_IT_IS: _("as the service has it"),
            Thinking.OFF: _("no"),
            Thinking.ON: _("yes"),
        }
        st.selectbox(
            _("May think first"),
            list(Thinking),
            format_func=names.__getitem__,
            key=keys["thinking"],
            **act,
        )


@refusals_told
def _options_changed(model: ChatModel, keys: Mapping[str, str]) -> None:
    ws = open_workspace()
    given = {name: widget_value(key) for name, key in keys.items()}
    chosen = replace(
        workflow.chat_options(ws, model),
        **{name: value for name, value in given.items() if value is not None},
    )
    try:
        workflow.save_chat_options(ws, model, chosen)
    except RuwoError as error:
        flash(error_text(error))
