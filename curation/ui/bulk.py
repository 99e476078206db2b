"""Acting on many conversations at once: on the chosen rows or on all of a filter.

One bar shows up where something is chosen. A status for ticked rows is given at once; everything
else is asked about first, with the numbers. What was told is what is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.model import ConversationFilter, Status
from curation.ui import bulk_words as words
from curation.ui import table_ticks
from curation.ui.bulk_forms import (
    ASK,
    EMOTIONS,
    MORE,
    OF_OWNERS,
    QUICK,
    SUGGESTIONS,
    draw_form,
    status_action,
    title,
)
from curation.ui.catalogue import _, error_text, ngettext, sentences
from curation.ui.frame import flash
from curation.ui.markdown import plain
from curation.ui.pages import go, is_owner
from curation.ui.progress import MANY, stopped, working
from curation.ui.resources import workspace
from curation.ui.result_strip import draw_result
from curation.ui.state import BulkDone, Keys, UiState, get_state, set_widget, widget_value
from curation.workflow import SetStatus, SplitAgain

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from curation.workflow import BulkAction, BulkPlan, Workspace

    Selection = Mapping[int, int] | ConversationFilter

_ICONS: Final = {
    Status.APPROVED.value: "check",
    Status.REJECTED.value: "close",
    Status.SKIPPED.value: "arrow_forward",
    EMOTIONS: "new_label",
}
_SLOW_ABOVE: Final = 2000
"""So many conversations are not split on trial before the person asks for it."""


def do_agreed(ws: Workspace) -> None:
    """Do what the person agreed to, with a bar that counts and can be stopped."""
    state = get_state()
    plan, state.agreed = state.agreed, None
    if plan is None:
        return
    if state.told is not plan:
        if state.bulk_done is None or state.bulk_done.plan is not plan:
            flash(_("Something was changed meanwhile; look at the numbers again."))
            st.rerun()
        return
    try:
        with working(stopped, key="stop-bulk", least=MANY) as progress:
            _tell(state, plan, workflow.do_bulk(ws, plan, progress))
    except RuwoError as error:
        flash(error_text(error))
    st.rerun()


def _tell(state: UiState, plan: BulkPlan, result: workflow.BulkResult) -> None:
    """Keep what an action did for the next run to show."""
    state.asked, state.told = "", None
    state.table_round += 1  # nothing is chosen any more, neither rows nor all of the filter
    state.bulk_done = BulkDone(plan, result, state.table_round)


def _act_at_once(selection: Selection, action: BulkAction) -> None:
    """Act on ticked rows; only in a callback. Who ticks one sees what it is, so all are meant."""
    try:
        plan = workflow.plan_bulk(workspace(), selection, action, again=True)
        _tell(get_state(), plan, workflow.do_bulk(workspace(), plan))
    except RuwoError as error:
        flash(error_text(error))


def _press(kind: str, selection: Selection, page_size: int) -> None:
    """Begin a kind of action: a status for ticked rows at once, all else with a question."""
    state = get_state()
    state.bulk_done = None
    action = status_action(kind)
    if action is not None and isinstance(selection, Mapping) and len(selection) <= page_size:
        _act_at_once(selection, action)
        return
    state.asked, state.told = kind, None
    set_widget(Keys.BULK_AGAIN, _reaches_decided(selection) if action else False)


def _reaches_decided(selection: Selection) -> bool:
    """Return whether a person who chose these meant decided ones too: ticked or filtered for."""
    if isinstance(selection, Mapping):
        return True
    return bool({Status.APPROVED, Status.REJECTED} & set(selection.statuses))


def _press_more(selection: Selection, page_size: int) -> None:
    kind = widget_value(Keys.BULK_MORE)
    if kind == ASK:
        _take_to_model(selection)
    elif kind in MORE:
        _press(kind, selection, page_size)


def _take_to_model(selection: Selection) -> None:
    """Let the page that asks a model begin with what is chosen, and go there; in a callback."""
    state = get_state()
    if isinstance(selection, Mapping):
        state.ask_filter, state.ask_chosen = ConversationFilter(), tuple(selection)
    else:
        state.ask_filter, state.ask_chosen = selection, ()
    state.ask_round += 1
    state.ask_going = True


def agree(plan: BulkPlan) -> None:
    """Let the next run do what was told; only in a callback."""
    state = get_state()
    state.agreed = plan
    state.flashes.clear()  # the second click of a double click cut off what the first one began


def forget() -> None:
    """Do nothing after all; only in a callback."""
    state = get_state()
    state.asked, state.told = "", None


def _dismiss() -> None:
    get_state().bulk_done = None


def draw_bulk(
    ws: Workspace,
    selection: Selection,
    count: int,
    page_size: int,
    *,
    elsewhere: int,
    line: DeltaGenerator,
    below: DeltaGenerator,
) -> None:
    """Draw what was done last, and the bar or the question about the `count` chosen ones.

    So many of them as `elsewhere` says are on other pages than the one that is shown. The bar goes
    into `line`; what takes more room goes `below` it.
    """
    state = get_state()
    if state.ask_going:
        state.ask_going = False
        go("asking")
    if not count:
        forget()
    if state.asked:
        with below:
            _draw_question(ws, selection)
        return
    with below:
        draw_done()
    with line:
        if not count:
            st.caption(_("Tick rows to act on them; click a row to open it."))
            return
        _draw_count(count, elsewhere)
        for kind in (*QUICK, EMOTIONS):
            action = status_action(kind)
            st.button(
                words.verb(action) if action else _("Emotions…"),
                key=f"bulk-{kind}",
                icon=f":material/{_ICONS[kind]}:",
                type="primary" if kind == QUICK[0] else "secondary",
                on_click=_press,
                args=(kind, selection, page_size),
            )
        st.menu_button(
            _("More"),
            [kind for kind in MORE if _is_there(ws, kind)],
            format_func=lambda kind: _(MORE[kind]),
            key=Keys.BULK_MORE,
            icon=":material/more_horiz:",
            on_click=_press_more,
            args=(selection, page_size),
        )


def _is_there(ws: Workspace, kind: str) -> bool:
    """Return whether something can be done by who acts here, and there is something to do it to."""
    if kind in OF_OWNERS and not is_owner():
        return False
    return kind != SUGGESTIONS or bool(workflow.suggestion_counts(ws))


def _draw_count(count: int, elsewhere: int) -> None:
    """Draw how many are chosen, and how many of these are out of sight, with a way to let go."""
    if not elsewhere:
        chosen = ngettext("{n} chosen", "{n} chosen", count).format(n=f"{count:,}")
        st.markdown(f"**{chosen}**", width="content")
        return
    text = ngettext("{n} chosen, {m} elsewhere", "{n} chosen, {m} elsewhere", count)
    st.markdown(f"**{text.format(n=f'{count:,}', m=f'{elsewhere:,}')}**", width="content")
    with st.container(key="icons-none", width="content"):
        st.button(
            _("Choose none"),
            key="bulk-none",
            icon=":material/deselect:",
            type="tertiary",
            help=_("{m} are on other pages. Choose none any more").format(m=f"{elsewhere:,}"),
            on_click=table_ticks.clear,
        )


def draw_done() -> None:
    """Draw what the last action did, with a button that takes just that back."""
    state = get_state()
    done = state.bulk_done
    if done is None or done.table_round != state.table_round:
        return  # nothing, or undone since
    action, result = done.plan.action, done.result
    told = [words.done(action, result) if result.changed else _("Nothing was changed.")]
    told += words.reasons(action, result.left)
    draw_result(_("; ").join(told), result.entry, name="bulk", dismiss=_dismiss)


def _draw_question(ws: Workspace, selection: Selection) -> None:
    state = get_state()
    with st.container(border=True):
        if title(state.asked):
            st.markdown(f"**{plain(title(state.asked))}**")
        action = draw_form(ws, state.asked)
        plan = None
        try:
            if action is not None:
                plan = _told(ws, selection, action)
        except RuwoError as error:
            st.caption(plain(error_text(error)))
        if plan is not None:
            _draw_numbers(plan)
        with st.container(horizontal=True, vertical_alignment="center"):
            if plan is not None and plan.changing:
                st.button(
                    words.counted(plan.action, plan.changing),
                    key="bulk-yes",
                    type="primary",
                    on_click=agree,
                    args=(plan,),
                )
            st.button(_("Leave it"), key="bulk-no", on_click=forget)


def _told(ws: Workspace, selection: Selection, action: BulkAction) -> BulkPlan | None:
    """Return what the action would do; it is worked out anew only where something differs."""
    state = get_state()
    again = bool(widget_value(Keys.BULK_AGAIN))
    told = state.told
    if told is not None and (told.action, told.selection, told.again) == (action, selection, again):
        return told
    state.told = None
    if isinstance(action, SplitAgain) and _is_many(ws, selection):
        # Trying it out takes seconds: only where the person wants to see it.
        if not st.button(_("See what would change"), key="bulk-try", icon=":material/calculate:"):
            _draw_again(action)
            return None
        with working(forget, key="stop-trial") as progress:
            state.told = workflow.plan_bulk(ws, selection, action, again=again, progress=progress)
    else:
        state.told = workflow.plan_bulk(ws, selection, action, again=again)
    return state.told


def _is_many(ws: Workspace, selection: Selection) -> bool:
    if isinstance(selection, Mapping):
        return len(selection) > _SLOW_ABOVE
    return workflow.count_matching(ws, selection) > _SLOW_ABOVE


def _draw_numbers(plan: BulkPlan) -> None:
    """Draw how many change, why the others do not, and whether decided ones shall."""
    st.markdown(f"**{plain(words.outlook(plan))}**")
    more = [*words.facts(plan.action, plan.facts)]
    left = words.reasons(plan.action, plan.left)
    if left:
        more.append(_("; ").join(left) + _("."))
    if more:
        st.caption(plain(sentences(more)))
    if plan.facts.decided and not _always_reaches(plan.action):
        _draw_again(plan.action)


def _always_reaches(action: BulkAction) -> bool:
    return isinstance(action, SetStatus) and action.status is Status.PENDING


def _draw_again(action: BulkAction) -> None:
    st.checkbox(words.again_label(action), key=Keys.BULK_AGAIN)
