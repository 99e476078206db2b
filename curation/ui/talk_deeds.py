"""What a person does in a talk: each deed once, in its own talk, and answered by its name."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import streamlit as st

from curation import workflow
from curation.errors import N_, ActionRefusedError, RuwoError
from curation.ui.catalogue import _, error_text
from curation.ui.frame import flash
from curation.ui.resources import talk_desk
from curation.ui.resources import workspace as open_workspace
from curation.ui.signing_in import own_mark
from curation.ui.state import get_state
from curation.workflow import USER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.ui.components.talk import Deed, Told
    from curation.workflow import ChatModel, TalkHead, Workspace

NEW: Final = 0
"""The place of a talk that has not begun."""

_REMEMBERED: Final = 5000
_MAY_BE_REPEATED: Final = 20
_CHOOSE: Final = N_("Choose a model first.")
_GONE: Final = N_("This talk is no longer there.")
_ELSEWHERE: Final = N_(
    "What you typed for a new talk was not sent: it stands in the box again. Look with whom you"
    " talk, then send it."
)
_KEPT: Final = N_("Kept. It waits for review.")
_REPLACED: Final = N_("Another workspace took the place of this one; nothing was done.")

Answer = tuple[bool, int]
"""Whether a deed was done, and in which talk."""


class Deeds:
    """What was done since this process began, by name, whichever tab or session told it."""

    def __init__(self) -> None:
        self.process = uuid4().hex
        self.changing = Lock()
        self._answers: dict[str, Answer] = {}
        self._lines: set[int] = set()

    def get(self, name: str) -> Answer | None:
        """Return what was answered to a deed, None where it was not done yet."""
        return self._answers.get(name)

    def keep(self, name: str, answer: Answer) -> None:
        """Remember what was answered; the oldest are forgotten."""
        self._answers[name] = answer
        while len(self._answers) > _REMEMBERED:
            del self._answers[next(iter(self._answers))]

    def note(self, ws: Workspace, talk: int) -> None:
        """Note that all that stands in a talk is known: none of it is a deed yet to be answered."""
        self._lines.update(line.id for line in workflow.talk_lines(ws, talk))

    def said_before(self, ws: Workspace, deed: Deed) -> int | None:
        """Return in which talk a deed of before this process was said already, None where not.

        A server can die between keeping a line and telling so.
        """
        if deed.process == self.process:
            return None
        places = [deed.place]
        if deed.place == NEW:
            places = [each.id for each in workflow.all_talks(ws) if each.id > deed.since]
        for place in sorted(places)[:_MAY_BE_REPEATED]:
            for line in workflow.talk_lines(ws, place):
                new = deed.place == NEW or line.id > deed.since
                same = line.role == USER and line.text == deed.text.strip()
                if new and same and line.id not in self._lines:
                    self._lines.add(line.id)
                    return place
        return None


@st.cache_resource(show_spinner=False)
def deeds() -> Deeds:
    """Return what remembers the deeds of this process, for all tabs."""
    return Deeds()


def do_told(told: Told, head: TalkHead, model: ChatModel | None) -> None:
    """Do what the person did, each deed once; only in a callback.

    `head` and `model` are those of the talk that is shown. What is not answered is told again.
    """
    with suppress(RuwoError):  # the run that follows says why
        ws = open_workspace()
        if told.mark != own_mark(ws):
            return  # somebody else did it, who was here before
        with deeds().changing:
            get_state().talk_answers = _answers(ws, told.deeds, head, model)


def _answers(
    ws: Workspace, told: Sequence[Deed], head: TalkHead, model: ChatModel | None
) -> dict[str, Answer]:
    """Do deeds in order; what is said while an answer comes is not answered yet, and waits."""
    memory, desk = deeds(), talk_desk()
    answers: dict[str, Answer] = {}
    begun = NEW
    waiting: set[int] = set()
    refused: set[int] = set()
    for each in told:
        deed = replace(each, place=begun) if each.place == NEW else each
        answer = memory.get(deed.id)
        if answer is None:
            said = deed.what == "say"
            busy = deed.place in waiting or desk.running(ws, deed.place) is not None
            if said and busy:
                waiting.add(deed.place)
                continue
            # What follows a line that was refused comes back with it.
            answer, news = (False, deed.place), None
            if not said or deed.place not in refused:
                answer, news = _do(ws, deed, head, model)
            # Kept first: where the page is being loaded anew, Streamlit ends this run at the next
            # use of its state, and what was done but not remembered would be done twice. The
            # language is such a use too.
            memory.keep(deed.id, answer)
            if news is not None:
                flash(_(news) if isinstance(news, str) else error_text(news))
        answers[deed.id] = answer
        if each.place == NEW:
            begun = answer[1]
        if deed.what == "say" and not answer[0]:
            refused |= {deed.place, answer[1]}
    return answers


def _do(
    ws: Workspace, deed: Deed, head: TalkHead, model: ChatModel | None
) -> tuple[Answer, str | RuwoError | None]:
    """Do one deed; return its answer, and what the person is to be told, not translated yet.

    Streamlit's state is asked for before anything is done, and not again.
    """
    state = get_state()
    place = deed.place
    news = None
    try:
        if deed.workspace != (state.generation or ""):
            raise ActionRefusedError(_REPLACED)
        if deed.what == "say" and (before := deeds().said_before(ws, deed)) is not None:
            if place == NEW:
                state.talk_at = before
            return (True, before), None
        talk, chosen = _where(ws, place, head, model)
        if deed.what == "say":
            if chosen is None:
                raise ActionRefusedError(_CHOOSE)
            talk_desk().check(talk, deed.text)
            if place == NEW:
                place = state.talk_at = workflow.begin_talk(
                    ws, model=talk.model, persona=talk.persona, partner=talk.partner
                )
                talk = replace(talk, id=place)
            talk_desk().say(ws, talk, chosen, deed.text)
            deeds().note(ws, place)
        elif deed.what == "look":
            state.talk_leaving = deed.line
        else:
            news = _do_other(ws, deed, talk, chosen)
    except RuwoError as error:
        return (False, place), error
    return (True, place), news


def _do_other(ws: Workspace, deed: Deed, talk: TalkHead, model: ChatModel | None) -> str | None:
    if deed.what == "again":
        if model is None:
            raise ActionRefusedError(_CHOOSE)
        talk_desk().again(ws, talk, model)
        return None
    if deed.what == "stop":
        talk_desk().stop(ws, talk.id)
        return None
    if deed.what == "correct":
        workflow.correct_reply(ws, talk, deed.line, deed.text)
    else:
        workflow.like_reply(ws, talk, deed.line)
    return _KEPT


def _where(
    ws: Workspace, place: int, head: TalkHead, model: ChatModel | None
) -> tuple[TalkHead, ChatModel | None]:
    """Return the talk in which something is to be done, and its model, None where that is gone."""
    if place == head.id:
        return head, model
    if place == NEW:
        # With whom it would have begun is not known any more.
        get_state().talk_at = NEW
        raise ActionRefusedError(_ELSEWHERE)
    for each in workflow.all_talks(ws):
        if each.id == place:
            models = workflow.chat_models()
            return each, next((held for held in models if held.key == each.model), None)
    raise ActionRefusedError(_GONE)
