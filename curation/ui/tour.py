"""The tour of the first start: three steps from an empty workspace to a dataset of the sample.

Where it stands is read from the workspace, so that it goes on with whatever a person does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import N_
from curation.model import ConversationFilter, Status
from curation.ui.catalogue import _
from curation.ui.keyboard import keymap
from curation.ui.pages import NARROW, is_owner, next_step
from curation.ui.refusals import refusals_told
from curation.ui.resources import workspace
from curation.ui.state import get_state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.workflow import Workspace

_STEPS: Final = (
    ("importing", N_("Import the sample"), N_("Press “Try the sample”: invented chats.")),
    ("review", N_("Review with one key"), N_("{approve} approves, {reject} drops, {undo} undoes.")),
    ("export", N_("Export"), N_("Press “Build the dataset” and download it.")),
)
"""Page, title and what to do there."""


def begin_tour() -> None:
    """Show the tour in this tab; for a callback."""
    get_state().touring = True


@refusals_told
def end_tour() -> None:
    """Show the tour never again, unless somebody asks for it; for a callback."""
    get_state().touring = False
    ws = workspace()
    workflow.save_settings(ws, replace(workflow.load_settings(ws), toured=True))


def draw_tour(ws: Workspace, page: str) -> None:
    """Draw the steps where nothing was imported and nobody ended the tour yet, or it was asked for.

    `page` is the page that is open: all steps are shown where the next one is done, elsewhere the
    way there.
    """
    state = get_state()
    if not is_owner():
        return
    empty = workflow.is_empty(ws)
    settings = workflow.load_settings(ws) if empty or state.touring else None
    if settings is None or not (state.touring or not settings.toured):
        return
    state.touring = True
    keys = keymap(settings.keys)
    done = _steps_done(ws, empty=empty)
    with st.container(border=True, width=NARROW, key="tour"):
        if done < len(_STEPS) and _STEPS[done][0] != page:
            _draw_way(done)
        else:
            _draw_steps(done, keys)


def _draw_way(done: int) -> None:
    """Draw in one line which step comes next, and the way to it."""
    name, label, _hint = _STEPS[done]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="tour-way"):
        place = _("Step {n} of {all}").format(n=done + 1, all=len(_STEPS))
        st.markdown(f"{place} · **{_(label)}**", width="stretch")
        # The page below has the one button that matters most.
        next_step(name, _("Go there"), key="tour-go", primary=False)
        _draw_end()


def _draw_steps(done: int, keys: Mapping[str, Sequence[str]]) -> None:
    """Draw all steps with what to do there."""
    fields = {name: " / ".join(keys[name][:1]).upper() for name in ("approve", "reject", "undo")}
    with st.container(horizontal=True, vertical_alignment="center"):
        title = _("Three steps, to see how it works") if done < len(_STEPS) else _("All done")
        st.markdown(f"**{title}**", width="stretch")
        _draw_end()
    columns = st.columns(len(_STEPS), gap="medium")
    for number, (column, (_name, label, hint)) in enumerate(zip(columns, _STEPS, strict=True)):
        with column:
            sign = (
                ":material/check_circle:" if number < done else f":material/counter_{number + 1}:"
            )
            st.markdown(f"{sign} **{_(label)}**")
            st.caption(_(hint).format(**fields))


def _draw_end() -> None:
    st.button(
        _("End the tour"),
        key="tour-end",
        type="tertiary",
        icon=":material/close:",
        on_click=end_tour,
    )


def _steps_done(ws: Workspace, *, empty: bool) -> int:
    if empty:
        return 0
    if not workflow.count_by_status(ws, ConversationFilter())[Status.APPROVED]:
        return 1
    return len(_STEPS) if workflow.kept_versions(ws, 1).total else len(_STEPS) - 1
