"""Who acts in this browser: a name kept in a cookie of this address, empty as long as none is told.

The name stands in the journal, and undo by key reaches only what was done under it. It is what
somebody typed and no proof of who they are; where people sign in, it is who they proved to be.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from curation.ui.catalogue import _
from curation.ui.cookies import REVIEWER, keep, kept
from curation.ui.signing_in import who
from curation.ui.state import Keys, get_state, set_widget, widget_value
from curation.workflow import LONGEST_MEMBER

_LONGEST_TYPED: Final = 40


def reviewer() -> str:
    """Return who acts in this tab; empty where nobody told a name.

    Raises NotAMemberError where people sign in and nobody did.
    """
    state = get_state()
    if (found := who()) is not None:
        return found.name
    if state.reviewer is None:
        state.reviewer = cleaned(kept(REVIEWER))
    return state.reviewer


def cleaned(name: str) -> str:
    """Return a name as it is kept: one line, without outer blanks, not longer than any member's."""
    line = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return line[:LONGEST_MEMBER].strip()


def signed_in() -> bool:
    """Return whether who acts here signed in, so that their name is proved."""
    return who() is not None


def choose_reviewer(name: str) -> None:
    """Let somebody act in this tab under a name; it proves nothing."""
    get_state().reviewer = cleaned(name)


def _chosen() -> None:
    choose_reviewer(widget_value(Keys.REVIEWER))


def draw_reviewer() -> None:
    """Draw the field for one's own name, and keep it in this browser."""
    if signed_in():
        return  # nobody types who they are
    set_widget(Keys.REVIEWER, reviewer())
    with st.container(border=True):
        st.subheader(_("Who is reviewing"), anchor=False)
        st.text_input(
            _("Your name in the journal"),
            key=Keys.REVIEWER,
            max_chars=max(_LONGEST_TYPED, len(reviewer())),
            placeholder=_("Not needed as long as you review alone"),
            on_change=_chosen,
        )
        st.caption(
            _(
                "It is kept in this browser. Where several people review, undo (Z) takes back only "
                "what was done under one's own name; an owner undoes any step on the journal page."
            )
        )
        keep(REVIEWER, reviewer())
