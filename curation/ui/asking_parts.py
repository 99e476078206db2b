"""Asking a model: what about which conversations, what would be sent, and what came of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import N_
from curation.model import ConversationFilter, Status, SuggestionKind
from curation.ui.catalogue import _, error_text, ngettext, sentences
from curation.ui.filters import to_query
from curation.ui.frame import errors_shown, flash
from curation.ui.markdown import plain
from curation.ui.pages import go
from curation.ui.progress import working
from curation.ui.state import Keys, get_state, set_widget
from curation.workflow import Asking, AskPlan, ModelTask

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.workflow import AskReport, Profile, Workspace

_TASKS: Final[Mapping[ModelTask, str]] = {
    ModelTask.EMOTIONS: N_("Emotions"),
    ModelTask.COHERENCE: N_("Does it hang together"),
    ModelTask.BACKGROUND: N_("Draft of a background"),
}
_TOLD: Final[Mapping[ModelTask, str]] = {
    ModelTask.EMOTIONS: N_(
        "Which emotions your own messages and whole conversations show. You accept or refuse each."
    ),
    ModelTask.COHERENCE: N_(
        "A grade from 1 to 5 with its reason. From 3 down it becomes a suggestion to split or to"
        " drop the conversation."
    ),
    ModelTask.BACKGROUND: N_(
        "What one must know to follow a conversation that has no background. A draft is not"
        " exported unless you accept it."
    ),
}
_KINDS: Final[Mapping[ModelTask, tuple[SuggestionKind, ...]]] = {
    ModelTask.EMOTIONS: (SuggestionKind.EMOTION,),
    ModelTask.COHERENCE: (
        SuggestionKind.TOPIC_JUMP,
        SuggestionKind.INCOMPLETE,
        SuggestionKind.TOO_THIN,
    ),
    ModelTask.BACKGROUND: (SuggestionKind.BACKGROUND,),
}
PENDING: Final = ConversationFilter(statuses=(Status.PENDING,))
_EVERY: Final = ConversationFilter()
_FIRST: Final = 20
"""So many are asked about at first: to see whether the answers are of use."""
_CODE_HEIGHT: Final = 360


def draw_choice(profiles: Sequence[Profile]) -> Asking:
    """Draw who is asked what about which conversations; return that."""
    state = get_state()
    names = {each.name: each for each in profiles}
    if state.ask_chosen and state.ask_filter is not None:
        text = ngettext("The {n} chosen", "The {n} chosen", len(state.ask_chosen))
        scopes = {"chosen": text.format(n=f"{len(state.ask_chosen):,}")}
    else:
        scopes = {"table": _("As filtered in the table")} if state.ask_filter else {}
    scopes |= {"pending": _("All to review"), "every": _("All but rejected ones")}
    with st.container(border=True):
        with st.container(horizontal=True):
            name = st.selectbox(_("Model"), list(names), key=Keys.ASK_PROFILE, width=260)
            task = st.segmented_control(
                _("What to ask for"),
                list(_TASKS),
                format_func=lambda task: _(_TASKS[task]),
                default=ModelTask.EMOTIONS,
                required=True,
                key=Keys.ASK_TASK,
            )
        st.caption(_(_TOLD[task or ModelTask.EMOTIONS]))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            scope = st.selectbox(
                _("Which conversations"),
                list(scopes),
                format_func=scopes.__getitem__,
                # A box keeps the words that it was drawn with: another language is another box.
                key=f"{Keys.ASK_SCOPE}-{state.ask_round}-{state.language}",
                width=260,
            )
            most = st.number_input(
                _("At most"),
                min_value=1,
                value=_FIRST,
                step=10,
                key=Keys.ASK_MOST,
                width=160,
                help=_("Begin with a few and look whether the answers are of use."),
            )
    flt = {"pending": PENDING, "every": _EVERY}.get(scope, state.ask_filter or _EVERY)
    chosen = state.ask_chosen if scope == "chosen" else ()
    return Asking(names[name], task or ModelTask.EMOTIONS, flt, int(most), chosen)


def planned(ws: Workspace, asking: Asking) -> AskPlan:
    """Return what the job would send; it is worked out anew only where something differs."""
    state = get_state()
    plan = state.ask_plan
    if plan is None or not plan.holds(ws, asking):
        with st.spinner(_("Masking what would be sent …")):
            plan = state.ask_plan = AskPlan(ws, asking)
        set_widget(Keys.ASK_PLACE, 1)
    return plan


def draw_outlook(plan: AskPlan) -> None:
    """Draw how much would be sent where, and what it may cost."""
    outlook, profile = plan.outlook, plan.asking.profile
    told = [
        ngettext(
            "{n} of {total} conversation that it was not asked about as it is now",
            "{n} of {total} conversations that it was not asked about as they are now",
            plan.all_waiting,
        ).format(n=f"{outlook.conversations:,}", total=f"{plan.all_waiting:,}"),
        ngettext("about {n} request", "about {n} requests", outlook.requests).format(
            n=f"{outlook.requests:,}"
        ),
        _("about {read} tokens to read and {written} to write").format(
            read=f"{outlook.tokens_in:,}", written=f"{outlook.tokens_out:,}"
        ),
    ]
    if outlook.cost is not None:
        told.append(_("about {cost} by the prices you entered").format(cost=f"{outlook.cost:,.4f}"))
    st.markdown(plain(" · ".join(told)))
    if profile.on_this_machine:
        where = ":material/computer: " + _("It runs on this machine: nothing leaves it.")
    else:
        text = _("What you see below leaves this machine, to {host}.").format(host=profile.host)
        where = ":material/public: " + plain(text)
    st.caption(where)
    if profile.in_the_open:
        st.warning(
            _("The address begins with http: others in the network can read what is sent."),
            icon=":material/lock_open:",
        )


def draw_preview(plan: AskPlan) -> None:
    """Draw the very requests, one conversation at a time; all of them can be looked at."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(_("Exactly this is sent"), anchor=False, width="stretch")
            place = st.number_input(
                _("Conversation"),
                min_value=1,
                max_value=len(plan.waiting),
                key=Keys.ASK_PLACE,
                width=110,
                label_visibility="collapsed",
            )
            st.markdown(_("of {n}").format(n=f"{len(plan.waiting):,}"), width="content")
        st.caption(
            _("Private details are masked. What you decided to keep, and the persona's name, stay.")
        )
        preview = plan.preview(int(place) - 1)
        if preview is None:
            st.caption(_("This conversation is gone."))
        elif preview.blocked:
            st.caption(_("Not sent: something private in it could not be masked."))
        elif not preview.bodies:
            st.caption(_("Not sent: there is nothing in it to ask about."))
        else:
            for chat, body in zip(preview.chats, preview.bodies, strict=True):
                st.code(chat, language=None, wrap_lines=True, height=_CODE_HEIGHT)
                with st.expander(_("The whole request, with the question around it")):
                    st.code(body, language="json", wrap_lines=True)


def draw_send(plan: AskPlan) -> None:
    """Draw the button that sends what is shown."""
    count = len(plan.waiting)
    text = ngettext("Send {n} to {host}", "Send {n} to {host}", count)
    st.button(
        text.format(n=f"{count:,}", host=plan.asking.profile.host),
        key="ask-send",
        type="primary",
        icon=":material/send:",
        on_click=_want,
        args=(plan.asking,),
    )


def _want(asking: Asking) -> None:
    state = get_state()
    state.ask_wanted, state.ask_report = asking, None


def _stopped() -> None:
    get_state().ask_wanted = None
    get_state().ask_plan = None
    flash(_("Stopped. What was answered so far is kept."))


def do_wanted(ws: Workspace) -> None:
    """Send what the person agreed to, with a bar that counts and can be stopped."""
    state = get_state()
    asking = state.ask_wanted
    if asking is None:
        return
    report = None
    with errors_shown(), working(_stopped, key="stop-asking") as progress:
        report = workflow.ask_model(ws, asking, progress)
    state.ask_wanted = state.ask_plan = None
    if report is None:
        st.caption(_("What was answered before is kept; the same is not asked twice."))
        return
    state.ask_report = (asking.task, report)
    st.rerun()


def draw_report() -> None:
    """Draw what came of the last job, and the way to its suggestions."""
    state = get_state()
    if state.ask_report is None:
        return
    task, report = state.ask_report
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(
                ":material/check_circle: " + plain(sentences(_told(report))), width="stretch"
            )
            if report.suggested and st.button(
                _("Look at the suggestions"),
                key="ask-look",
                type="primary",
                icon=":material/arrow_forward:",
            ):
                go("table", to_query(ConversationFilter(suggestions=_KINDS[task])))
            st.button(_("Close"), key="ask-close", type="tertiary", on_click=_close)
        for text, count in Counter(map(error_text, report.failed)).items():
            st.caption(plain(f"{count:,} × {text}"))


def _close() -> None:
    get_state().ask_report = None


def _told(report: AskReport) -> list[str]:
    """Return what came of a job, in sentences."""
    count = report.conversations
    told = [
        ngettext(
            "{n} conversation was answered.", "{n} conversations were answered.", count
        ).format(n=f"{count:,}"),
        ngettext(
            "{n} suggestion waits for you.", "{n} suggestions wait for you.", report.suggested
        ).format(n=f"{report.suggested:,}"),
    ]
    if report.requests:
        text = _("{n} requests took {read} tokens to read and {written} to write.")
        told.append(
            text.format(
                n=f"{report.requests:,}",
                read=f"{report.tokens_in:,}",
                written=f"{report.tokens_out:,}",
            )
        )
    if report.cost:
        told.append(_("By your prices that is {cost}.").format(cost=f"{report.cost:,.4f}"))
    if report.failed:
        text = ngettext(
            "{n} was not answered and can be asked again.",
            "{n} were not answered and can be asked again.",
            len(report.failed),
        )
        told.append(text.format(n=f"{len(report.failed):,}"))
    if report.blocked:
        text = ngettext(
            "{n} was not sent: something private in it could not be masked.",
            "{n} were not sent: something private in them could not be masked.",
            report.blocked,
        )
        told.append(text.format(n=f"{report.blocked:,}"))
    return told
