"""MBTI: answers of one's type from files of one's own, said in one's own register."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.ui.catalogue import _, error_text, ngettext
from curation.ui.frame import begin_page, errors_shown, flash, narrow, title_line
from curation.ui.history import do_step, draw_undo_in
from curation.ui.kept_parts import draw_way_to_review
from curation.ui.markdown import plain
from curation.ui.mbti_parts import draw_answers, draw_files, draw_missing, plan_lines
from curation.ui.progress import stopped, working
from curation.ui.resources import workspace as open_workspace
from curation.ui.rewriting_parts import draw_rewriting
from curation.ui.state import Keys, get_state, set_widget, widget_exists, widget_value
from curation.workflow import DIMENSIONS, EACH, MBTI_TYPES, Pole

if TYPE_CHECKING:
    from curation.workflow import BehaviourFile, MbtiPlan, Workspace

MOST_EACH: Final = 300


def files_with_poles() -> list[BehaviourFile]:
    """Return the files, each with the pole that its name or the person says."""
    desk = get_state().mbti
    return [replace(file, pole=desk.poles.get(key, file.pole)) for key, file in desk.files.items()]


def draw_choice(ws: Workspace) -> str:
    """Draw which type is meant, by default the persona's; return it."""
    if not widget_exists(Keys.MBTI_TYPE):
        known = workflow.read_type(workflow.load_persona(ws).mbti)
        set_widget(Keys.MBTI_TYPE, known or None)
    mbti_type: str | None = st.selectbox(
        _("Your type"),
        MBTI_TYPES,
        index=None,
        key=Keys.MBTI_TYPE,
        placeholder=_("Choose a type such as INFP"),
        help=_("At first it is the one on the persona page."),
    )
    return mbti_type or ""


def throw_again() -> None:
    """Let the next run pick others."""
    desk = get_state().mbti
    desk.seed += 1
    desk.wanted = True


def draw_picking(ws: Workspace, mbti_type: str, files: list[BehaviourFile]) -> None:
    """Draw how many to pick and the button that does it."""
    state = get_state()
    first, second = st.columns(2)
    with first:
        each = st.number_input(
            _("Answers of each pole"), 1, MOST_EACH, value=EACH, step=10, key=Keys.MBTI_EACH
        )
    with second:
        draw_share(ws)
    missing = workflow.missing_poles(tuple(map(Pole, mbti_type)), files)
    draw_missing(missing)
    ready = bool(mbti_type) and len(missing) < len(DIMENSIONS)
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            _("Pick and rewrite"),
            key="mbti-pick",
            type="secondary" if state.mbti.plan else "primary",
            icon=":material/auto_fix_high:",
            disabled=not ready,
        )
        if state.mbti.plan:
            st.button(
                _("Pick others"), key="mbti-again", icon=":material/casino:", on_click=throw_again
            )
    wanted, state.mbti.wanted = state.mbti.wanted and ready, False
    if not (pressed or wanted):
        return
    with errors_shown(), working(stopped, key="stop-mbti") as progress:
        state.mbti.plan = workflow.plan_mbti(
            ws, mbti_type, files, each=int(each), seed=state.mbti.seed, progress=progress
        )
        state.mbti.left_out = set()
        state.mbti.round += 1
        st.rerun()


def share_changed() -> None:
    """Keep how many of a hundred records may be MBTI answers."""
    ws = open_workspace()
    settings = workflow.load_settings(ws)
    workflow.save_settings(ws, replace(settings, mbti_share=int(widget_value(Keys.MBTI_SHARE))))


def draw_share(ws: Workspace) -> None:
    """Draw how many of a hundred records may be MBTI answers."""
    set_widget(Keys.MBTI_SHARE, workflow.load_settings(ws).mbti_share)
    st.number_input(
        _("At most this share of the records, %"),
        0,
        100,
        step=5,
        key=Keys.MBTI_SHARE,
        on_change=share_changed,
        help=_("The export keeps to it and says what stays out."),
    )


def choose_all(*, on: bool) -> None:
    """Choose all that was picked, or none of it."""
    desk = get_state().mbti
    count = len(desk.plan.answers) if desk.plan else 0
    desk.left_out = set() if on else set(range(count))


def take() -> None:
    """Keep what is chosen as conversations."""
    desk = get_state().mbti
    plan = desk.plan
    if plan is None:
        return
    chosen = [each for at, each in enumerate(plan.answers) if at not in desk.left_out]
    try:
        ids = workflow.take_mbti(open_workspace(), chosen)
    except RuwoError as error:
        flash(error_text(error))
        return
    desk.plan, desk.left_out = None, set()
    said = ngettext(
        "{n} conversation waits for review.", "{n} conversations wait for review.", len(ids)
    )
    flash(said.format(n=f"{len(ids):,}"))


def draw_plan(plan: MbtiPlan) -> None:
    """Draw what was picked and the button that keeps it."""
    for line in plan_lines(plan):
        st.caption(plain(line))
    if not plan.answers:
        st.info(_("Nothing in these files could be said in a chat."))
        return
    desk = get_state().mbti
    count = len(plan.answers) - len(desk.left_out)
    with st.container(horizontal=True, vertical_alignment="center"):
        label = ngettext("Keep {n} as a conversation", "Keep {n} as conversations", count)
        st.button(
            label.format(n=f"{count:,}"),
            key="mbti-take",
            type="primary",
            icon=":material/download_done:",
            disabled=not count,
            on_click=take,
        )
        st.button(_("Choose all"), key="mbti-all", on_click=choose_all, kwargs={"on": True})
        st.button(_("Choose none"), key="mbti-none", on_click=choose_all, kwargs={"on": False})
    draw_rewriting(open_workspace(), plan)
    draw_answers(plan)


def draw_taken(ws: Workspace) -> None:
    """Draw how many were kept so far, and the way to them."""
    count = workflow.written_count(ws, workflow.MBTI)
    said = ngettext("{n} conversation of MBTI answers", "{n} conversations of MBTI answers", count)
    draw_way_to_review(count, said, workflow.MBTI, icon="psychology")


def draw_mbti(ws: Workspace) -> None:
    """Draw the whole page."""
    with st.container(border=True):
        mbti_type = draw_choice(ws)
        draw_files()
        draw_picking(ws, mbti_type, files_with_poles())
    draw_taken(ws)
    plan = get_state().mbti.plan
    if plan is not None:
        draw_plan(plan)


with narrow():
    head = title_line()
    workspace = begin_page(
        "mbti",
        _("How your type thinks, said the way you chat. It is reviewed and exported like all."),
        head=head,
    )
    do_step(workspace)
    draw_undo_in(head, workspace)
    draw_mbti(workspace)
