"""Writing: conversations typed from nothing, and a hundred questions answered one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.model import Side
from curation.ui.catalogue import _, error_text, ngettext
from curation.ui.components.composer import (
    Written,
    composer_data,
    composer_labels,
    mount_composer,
)
from curation.ui.frame import begin_page, flash, narrow, title_line
from curation.ui.history import do_step, draw_undo_in
from curation.ui.kept_parts import draw_way_to_review
from curation.ui.resources import workspace as open_workspace
from curation.ui.state import Keys, get_state, set_widget, widget_value
from curation.workflow import QUESTION_GROUPS, QUESTIONS, Line, WritingDraft

if TYPE_CHECKING:
    from curation.workflow import Question, Workspace

FREE: Final = "free"
WAYS: Final = ("free", "interview")
ALL: Final = "all"


def kept(written: Written) -> None:
    """Keep the draft that the piece sent, with the partner that was chosen for it."""
    ws = open_workspace()
    chat = workflow.load_draft(ws, written.place).chat
    workflow.keep_draft(ws, written.place, replace(written.draft, chat=chat))
    get_state().composer_numbers[written.place] = written.number


def begin_anew(written: Written) -> None:
    """Forget the draft of a place, and let the piece begin anew."""
    state = get_state()
    workflow.keep_draft(open_workspace(), written.place, WritingDraft())
    state.composer_numbers[written.place] = written.number
    state.composer_turns[written.place] = state.composer_turns.get(written.place, 0) + 1


def saved(written: Written) -> None:
    """Keep what was written as a conversation; what is refused stays a draft."""
    ws = open_workspace()
    kept(written)
    try:
        if written.place == FREE:
            chat = workflow.load_draft(ws, FREE).chat
            workflow.write_conversation(ws, written.draft.lines, chat)
        else:
            workflow.answer_question(ws, written.place, written.draft.lines)
    except RuwoError as error:
        flash(error_text(error))
        return
    begin_anew(written)
    if written.place != FREE:
        get_state().interview_at = ""
    flash(_("Kept. It waits for review."))


def partner_chosen() -> None:
    """Keep with the draft whom the conversation is with."""
    ws = open_workspace()
    draft = workflow.load_draft(ws, FREE)
    chosen = widget_value(Keys.WRITING_CHAT) or ""
    get_state().writing_chat = chosen
    if not draft.empty:
        workflow.keep_draft(ws, FREE, replace(draft, chat=chosen))


def draw_composer(ws: Workspace, place: str, beginning: WritingDraft) -> None:
    """Draw the piece for one place, with the draft that is kept there."""
    draft = workflow.load_draft(ws, place)
    state = get_state()
    mount_composer(
        composer_data(
            place,
            beginning if draft.empty else draft,
            drafted=not draft.empty,
            turn=state.composer_turns.get(place, 0),
            number=state.composer_numbers.get(place, 0),
            labels=composer_labels(_),
        ),
        key="composer",
        on_draft=kept,
        on_saved=saved,
        on_cleared=begin_anew,
    )


def draw_free(ws: Workspace) -> None:
    """Draw a conversation that is typed from nothing."""
    state = get_state()
    draft = workflow.load_draft(ws, FREE)
    chosen = draft.chat if not draft.empty else state.writing_chat
    names = workflow.partners(ws)
    set_widget(Keys.WRITING_CHAT, chosen)
    st.selectbox(
        _("With whom"),
        list(dict.fromkeys(("", chosen, *names))),
        format_func=lambda name: name or _("nobody in particular"),
        key=Keys.WRITING_CHAT,
        on_change=partner_chosen,
        help=_("Then it lies in that chat, and the system text says what they are to you."),
    )
    draw_composer(ws, FREE, WritingDraft(chat=chosen))


def questions_of(group: str) -> list[Question]:
    """Return the questions of a group, or all of them."""
    return [each for each in QUESTIONS if group in (ALL, each.group)]


def step(by: int, keys: list[str], at: str) -> None:
    """Go to the question before or behind."""
    get_state().interview_at = keys[(keys.index(at) + by) % len(keys)]


def draw_interview(ws: Workspace) -> None:
    """Draw one question with the box for its answer, and how far one has come."""
    state = get_state()
    done = workflow.answered_questions(ws)
    st.progress(
        len(done) / len(QUESTIONS),
        text=_("{n} of {total} answered").format(n=len(done), total=len(QUESTIONS)),
    )
    group = st.pills(
        _("Subject"),
        [ALL, *QUESTION_GROUPS],
        format_func=lambda name: _("All") if name == ALL else _(QUESTION_GROUPS[name]),
        default=ALL,
        required=True,
        key=Keys.INTERVIEW_GROUP,
    )
    questions = questions_of(group or ALL)
    keys = [each.key for each in questions]
    waiting = [key for key in keys if key not in done]
    at = state.interview_at if state.interview_at in keys else (waiting or keys)[0]
    question = next(each for each in questions if each.key == at)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        place = _("Question {n} of {total}").format(n=keys.index(at) + 1, total=len(keys))
        mark = " · :material/check: " + _("answered") if at in done else ""
        st.caption(place + mark, width="content")
        for name, label, by, sign in (
            ("before", _("Question before"), -1, "arrow_back"),
            ("behind", _("Next question"), 1, "arrow_forward"),
        ):
            st.button(
                label,
                key=f"question-{name}",
                icon=f":material/{sign}:",
                on_click=step,
                args=(by, keys, at),
            )
    draw_composer(ws, at, WritingDraft((Line(Side.OTHER, question.text),), side=Side.ME))
    st.caption(
        _("Answer as you would in a chat, in several short messages. Let them ask on if you like.")
    )


def draw_written(ws: Workspace) -> None:
    """Draw how many were written so far, and the way to them."""
    count = workflow.written_count(ws)
    said = ngettext("{n} conversation written so far", "{n} conversations written so far", count)
    draw_way_to_review(count, said, workflow.HANDWRITTEN, icon="edit_note")


def draw_writing(ws: Workspace) -> None:
    """Draw the whole page."""
    names = {WAYS[0]: _("From nothing"), WAYS[1]: _("A hundred questions")}
    way = st.segmented_control(
        _("Way"),
        WAYS,
        format_func=names.__getitem__,
        default=WAYS[0],
        required=True,
        key=Keys.WRITING_WAY,
        label_visibility="collapsed",
    )
    with st.container(border=True):
        if way == WAYS[1]:
            draw_interview(ws)
        else:
            draw_free(ws)
    draw_written(ws)


with narrow():
    head = title_line()
    workspace = begin_page(
        "writing",
        _("What no chat holds: talks and answers you write yourself. They are reviewed like all."),
        head=head,
    )
    do_step(workspace)
    draw_undo_in(head, workspace)
    draw_writing(workspace)
