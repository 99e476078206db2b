"""How a model that was trained here is made to answer, and connected to: on two pages."""

from __future__ import annotations

import os
from datetime import datetime
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.training import CHAT_PORT, PROGRAM, chat_line, has_model
from curation.ui.catalogue import _, error_text
from curation.ui.markdown import plain
from curation.ui.pages import go, next_step
from curation.ui.state import Keys, get_state, set_widget
from curation.workflow import Profile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.training import TrainingRun
    from curation.workflow import ChatModel, Workspace

_NEW_TALK: Final = 0


def connection_to(run: TrainingRun) -> Profile:
    """Return the connection to the model of a run, as the line that serves it says."""
    facts = run.facts or {}
    model = str(facts.get("model", "")) or PROGRAM
    began = datetime.fromtimestamp(run.began).astimezone()
    return Profile(
        f"{model} · {began:%Y-%m-%d %H:%M}",
        f"http://127.0.0.1:{CHAT_PORT}/v1",
        model,
        key=str(facts.get("key", "")),
    )


def draw_serving(run: TrainingRun, models: Sequence[ChatModel]) -> None:
    """Draw how the model of a run is made to answer, and the button that connects to it."""
    facts = run.facts or {}
    program, key, folder = (str(facts.get(name, "")) for name in ("program", "key", "folder"))
    st.caption(_("To talk to it, run this in that folder and leave it running:"))
    line = chat_line(program or PROGRAM, key, folder, windows=os.name == "nt")
    st.code(line, language="bash", wrap_lines=True)
    if _model_of(run, models) is not None:
        next_step("chat", _("Talk to it"), key="training-talk")
        return
    if st.button(
        _("Connect and talk to it"),
        key="training-connect",
        type="primary",
        icon=":material/link:",
        help=_("Address and key are filled in by themselves. Nothing of your chats is sent."),
    ):
        _connect(run)


def draw_trained(ws: Workspace, models: Sequence[ChatModel]) -> bool:
    """Offer on the page of talks the newest model that was trained here; return whether.

    It is not offered any more once it is connected.
    """
    run = next((each for each in workflow.training_runs(ws) if has_model(each)), None)
    if run is None or run.going or _model_of(run, models) is not None:
        return False
    title = _("A model was trained here")
    # Where there is one to talk with already, the talk comes first.
    with st.expander(title) if models else st.container(border=True):
        if not models:
            st.subheader(title, anchor=False)
        st.caption(plain(connection_to(run).name))
        st.code(str(run.folder), language=None, wrap_lines=True)
        draw_serving(run, models)
    return True


def _model_of(run: TrainingRun, models: Sequence[ChatModel]) -> ChatModel | None:
    """Return what is connected to the model of a run: who serves it has a key of its own."""
    key = connection_to(run).key
    held = (each for each in models if isinstance(each.profile, Profile))
    return next((each for each in held if key and each.profile.key == key), None)


def _connect(run: TrainingRun) -> None:
    """Try the connection, keep it where something answers, and leave for a talk with it."""
    profile = connection_to(run)
    try:
        with st.spinner(_("Asking {host} …").format(host=profile.host)):
            found = workflow.try_connection(profile)
        kept = workflow.save_connection(found)
        model = _model_of(run, workflow.chat_models())
    except RuwoError as error:
        st.error(plain(error_text(error)), icon=":material/error:")
        st.caption(_("Does the line above run? It takes a minute or two until a model answers."))
        return
    state = get_state()
    state.talk_at = _NEW_TALK
    set_widget(f"{Keys.TALK_CHOICE}model:{_NEW_TALK}", model.key if model else kept.name)
    go("chat")
