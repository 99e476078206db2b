"""Having a model say MBTI answers anew, shown before it is sent, as on the page that asks one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.ui.catalogue import _, ngettext
from curation.ui.frame import errors_shown, flash
from curation.ui.markdown import plain
from curation.ui.progress import working
from curation.ui.state import Keys, get_state, set_widget

if TYPE_CHECKING:
    from curation.workflow import MbtiPlan, Profile, RewritePlan, Workspace


def draw_rewriting(ws: Workspace, plan: MbtiPlan) -> None:
    """Draw the offer to have a model rewrite what was picked, where one is connected."""
    try:
        profiles = {each.name: each for each in workflow.load_connections()}
    except RuwoError:
        profiles = {}  # the settings say what is wrong with the file
    if not profiles:
        return
    _do_agreed()
    with st.expander(_("Have a model rewrite them"), key="mbti-model", icon=":material/smart_toy:"):
        name = st.selectbox(_("Model"), list(profiles), key=Keys.REWRITE_PROFILE, width=260)
        _draw_request(_planned(ws, profiles[name], plan))


def _planned(ws: Workspace, profile: Profile, plan: MbtiPlan) -> RewritePlan:
    desk = get_state().mbti
    texts = tuple(each.behaviour.answer for each in plan.answers)
    held = desk.rewriting
    if held is None or (held.profile, held.texts) != (profile, texts):
        with st.spinner(_("Masking what would be sent …")):
            held = desk.rewriting = workflow.plan_rewriting(ws, profile, plan)
        set_widget(Keys.REWRITE_PLACE, 1)
    return held


def _draw_request(plan: RewritePlan) -> None:
    """Draw the very requests, one at a time, and the button that sends them."""
    bodies = plan.bodies
    if not bodies:
        return
    read, written = plan.tokens
    told = [
        _("about {read} tokens to read and {written} to write").format(
            read=f"{read:,}", written=f"{written:,}"
        )
    ]
    if plan.cost is not None:
        told.append(_("about {cost} by the prices you entered").format(cost=f"{plan.cost:,.4f}"))
    st.caption(plain(" · ".join(told)))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{_('Exactly this is sent')}**", width="stretch")
        place = st.number_input(
            _("Request"),
            min_value=1,
            max_value=len(bodies),
            key=Keys.REWRITE_PLACE,
            width=110,
            label_visibility="collapsed",
        )
        st.markdown(_("of {n}").format(n=f"{len(bodies):,}"), width="content")
    st.code(bodies[int(place) - 1], language="json", wrap_lines=True, height=300)
    text = ngettext("Send {n} to {host}", "Send {n} to {host}", len(bodies))
    st.button(
        text.format(n=f"{len(bodies):,}", host=plan.profile.host),
        key="mbti-send",
        icon=":material/send:",
        on_click=_agree,
    )


def _agree() -> None:
    get_state().mbti.rewriting_agreed = True


def _stopped() -> None:
    get_state().mbti.rewriting_agreed = False
    flash(_("Stopped. What was answered so far is kept."))


def _do_agreed() -> None:
    """Send what was agreed to, and show what came back in place of what the rules said."""
    desk = get_state().mbti
    agreed, desk.rewriting_agreed = desk.rewriting_agreed, False
    if not agreed or desk.rewriting is None or desk.plan is None:
        return
    with errors_shown(), working(_stopped, key="stop-rewriting") as progress:
        told = desk.rewriting.ask(progress)
        desk.plan = workflow.rewritten(desk.plan, told)
        count = sum(messages is not None for messages in told)
        text = ngettext("{n} rewritten by the model.", "{n} rewritten by the model.", count)
        flash(text.format(n=f"{count:,}"))
        st.rerun()
