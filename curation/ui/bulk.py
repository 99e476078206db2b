"""Acting on many conversations at once: on the chosen rows or on all of a filter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.model import Status
from curation.ui.catalogue import _, error_text, ngettext
from curation.ui.frame import flash
from curation.ui.progress import MANY, stopped, working
from curation.ui.resources import workspace
from curation.ui.state import BulkAction, Keys, get_state, widget_value
from curation.ui.words import status_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.model import ConversationFilter
    from curation.workflow import Progress, Workspace


def question(action: BulkAction) -> str:
    """Return what is asked before the action is done."""
    count = action.count
    if action.status is not None:
        text = ngettext(
            "Mark {n} conversation as “{what}”?", "Mark {n} conversations as “{what}”?", count
        )
        return text.format(what=status_label(action.status), n=f"{count:,}")
    if action.on:
        text = ngettext("Tag {n} conversation {what}?", "Tag {n} conversations {what}?", count)
    else:
        text = ngettext(
            "Take {what} off {n} conversation?", "Take {what} off {n} conversations?", count
        )
    return text.format(what=action.emotion, n=f"{count:,}")


def describe(action: BulkAction) -> str:
    """Return what the action did, with its count, as the toast says it."""
    count = action.count
    if action.status is not None:
        text = ngettext("{what}: {n} conversation", "{what}: {n} conversations", count)
        return text.format(what=status_label(action.status), n=f"{count:,}")
    if action.on:
        text = ngettext("Tag {n} conversation {what}", "Tag {n} conversations {what}", count)
    else:
        text = ngettext(
            "Take {what} off {n} conversation", "Take {what} off {n} conversations", count
        )
    return text.format(what=action.emotion, n=f"{count:,}")


def request(action: BulkAction, page_size: int) -> None:
    """Do the action, or ask first where it reaches past one page; only in a callback."""
    if action.count > page_size:
        get_state().asked = action
    else:
        perform(action)


def perform(action: BulkAction) -> None:
    """Do the action and say so; only in a callback."""
    try:
        count = _carry_out(workspace(), action)
    except RuwoError as error:
        flash(error_text(error))
    else:
        _tell(action, count)


def _carry_out(ws: Workspace, action: BulkAction, progress: Progress = workflow.ignore) -> int:
    what: workflow.BulkAction = workflow.TagEmotions((action.emotion,), action.on)
    if action.status is not None:
        what = workflow.SetStatus(action.status)
    plan = workflow.plan_bulk(ws, action.selection, what, again=True)
    return workflow.do_bulk(ws, plan, progress).changed


def _tell(action: BulkAction, count: int) -> None:
    state = get_state()
    state.table_round += 1  # nothing is chosen any more, neither rows nor all of the filter
    flash(describe(replace(action, count=count)))


def agree(action: BulkAction) -> None:
    """Let the next run do the action; only in a callback."""
    state = get_state()
    state.asked, state.agreed = None, action
    state.flashes.clear()  # the second click of a double click cut off what the first one began


def forget() -> None:
    """Do nothing after all; only in a callback."""
    get_state().asked = None


def do_agreed(ws: Workspace) -> None:
    """Do what the person agreed to, with a bar that counts and can be stopped."""
    state = get_state()
    action, state.agreed = state.agreed, None
    if action is None:
        return
    try:
        with working(stopped, key="stop-bulk", least=MANY) as progress:
            _tell(action, _carry_out(ws, action, progress))
    except RuwoError as error:
        flash(error_text(error))
    st.rerun()


def draw_question() -> None:
    """Draw the question that waits for an answer, if one does."""
    action = get_state().asked
    if action is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.text(question(action), width="stretch")
        st.button(
            _("Yes, all of them"),
            key="bulk-yes",
            type="primary",
            on_click=agree,
            args=(action,),
        )
        st.button(_("No"), key="bulk-no", on_click=forget)


def draw_actions(
    selection: Sequence[int] | ConversationFilter,
    count: int,
    emotions: Sequence[str],
    page_size: int,
) -> None:
    """Draw the buttons that act on `count` selected conversations."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for status, label, icon in (
            (Status.APPROVED, _("Approve"), "check"),
            (Status.REJECTED, _("Reject"), "close"),
            (Status.SKIPPED, _("Skip"), "arrow_forward"),
            (Status.PENDING, _("Back to review"), "restart_alt"),
        ):
            st.button(
                label,
                key=f"bulk-{status.value}",
                icon=f":material/{icon}:",
                disabled=not count,
                on_click=request,
                args=(BulkAction(selection, count, status=status), page_size),
            )
        st.selectbox(
            _("Emotion"),
            list(emotions),
            key=Keys.BULK_EMOTION,
            width=130,
            label_visibility="collapsed",
            disabled=not emotions,
        )
        for on, label, icon in (
            (True, _("Tag"), "new_label"),
            (False, _("Untag"), "label_off"),
        ):
            st.button(
                label,
                key=f"bulk-tag-{on}",
                icon=f":material/{icon}:",
                disabled=not (count and emotions),
                on_click=_tag,
                args=(selection, count, page_size),
                kwargs={"on": on},
            )


def _tag(
    selection: Sequence[int] | ConversationFilter, count: int, page_size: int, *, on: bool
) -> None:
    emotion = widget_value(Keys.BULK_EMOTION)
    if emotion:
        request(BulkAction(selection, count, emotion=emotion, on=on), page_size)
