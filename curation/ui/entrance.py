"""Who stands at the door: members come in, others are asked who they are or told whom to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from curation import workflow
from curation.ui.catalogue import _
from curation.ui.door import door
from curation.ui.markdown import plain
from curation.ui.reviewer import choose_reviewer, reviewer
from curation.ui.signing_in import draw_sign_out, identity
from curation.ui.state import Keys, get_state, widget_value

if TYPE_CHECKING:
    from curation.workflow import Workspace


def let_in(ws: Workspace) -> None:
    """Let members in; ends the run for everybody else, who is shown why."""
    state = get_state()
    state.access = workflow.access_of(ws)
    if state.access.role is not None:
        return
    with door():
        names = workflow.member_names(ws)
        if names:
            _ask_for_name(names)
        else:
            _send_to_the_owner()
    st.stop()


def _ask_for_name(names: list[str]) -> None:
    """Ask which of the members sits here; that is no proof, and says so."""
    st.subheader(_("Who are you?"), anchor=False)
    st.selectbox(
        _("Your name"),
        names,
        index=None,
        key=Keys.ENTRANCE_NAME,
        placeholder=_("Choose your name"),
        on_change=_named,
    )
    st.caption(
        _(
            "Members are listed for this workspace. If your name is missing, ask the owner to"
            " add it. A name chosen here proves nothing; it only says under whose name you"
            " act."
        )
    )


def _named() -> None:
    choose_reviewer(widget_value(Keys.ENTRANCE_NAME) or "")


def _send_to_the_owner() -> None:
    st.info(
        plain(
            _(
                "You are signed in as {name}, but you are not a member of this workspace. Ask its"
                " owner to add you."
            ).format(name=reviewer())
        ),
        icon=":material/person_off:",
    )
    found = identity()
    if found is not None:  # perhaps by another account than they meant
        draw_sign_out(found)
