"""Talking with a tuned model: the talk is kept, the answer comes in a thread of its own.

What a person types goes to the model as typed. Of the workspace only the persona's system text
goes with it, masked. An answer goes on, and is kept, also where nobody looks any more.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from curation.chatting import Role, Said
from curation.errors import N_, ActionRefusedError, PersonaError, RuwoError
from curation.model import Side
from curation.persona import render_system
from curation.storable import storable
from curation.store import journal, pace, talks
from curation.store.talks import ASSISTANT, USER, TalkHead, TalkLine
from curation.workflow.chat_models import chat_options, talker_for
from curation.workflow.personas import kept_personas, load_persona
from curation.workflow.sending import Sender
from curation.workflow.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from curation.chatting import Options as ChatOptions
    from curation.chatting import Talker
    from curation.model import Persona
    from curation.store import Workspace
    from curation.workflow.chat_models import ChatModel

LONGEST_TYPED: Final = 5000
LONGEST_NAME: Final = 60
STOPPED: Final = N_("Stopped here.")
_EMPTY: Final = N_("The model said nothing.")
_UNKEPT: Final = N_(
    "This answer could not be kept: the workspace could not be written. It is tried again when you"
    " go on; copy it before you leave."
)
_HIDDEN: Final = "〔…〕"
_UNNUMBERED: Final = 0
_SPEAKERS: Final = {USER: "对方", ASSISTANT: "我"}
_SIDES: Final = {USER: Side.OTHER, ASSISTANT: Side.ME}
_NO_PERSONA: Final = N_("The persona of this talk is gone; choose another one.")
_LEFT: Final = N_(
    "The persona's system text holds something private that could not be masked; nothing was sent."
)


@dataclass(frozen=True, slots=True)
class Answering:
    """How far an answer is that comes right now."""

    text: str = ""
    thought: str = ""


def all_talks(workspace: Workspace) -> list[TalkHead]:
    """Return all talks, the one in which something was said last first."""
    with workspace.read() as connection:
        return talks.heads(connection)


def talk_lines(workspace: Workspace, talk: int) -> list[TalkLine]:
    """Return what was said in a talk, in order."""
    with workspace.read() as connection:
        return talks.lines(connection, talk)


def begin_talk(
    workspace: Workspace, *, model: str = "", persona: int | None = None, partner: str = ""
) -> int:
    """Begin a talk with a model; return its id."""
    with workspace.write() as connection:
        return talks.add(connection, model=model, persona=persona, partner=partner)


def change_talk(workspace: Workspace, talk: int, **values: Any) -> None:
    """Change with which model, persona or partner a talk goes on; ActionRefusedError if it is gone.

    The `model` is named by its key, the persona by `persona_id`.
    """
    with workspace.write() as connection:
        talks.change(connection, talk, **values)


def rename_talk(workspace: Workspace, talk: int, name: str) -> None:
    """Call a talk otherwise; by how it began where the name is empty. Undo takes it back.

    Raises ActionRefusedError where the talk is gone.
    """
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        talks.rename(recorder, talk, storable(name.strip())[:LONGEST_NAME])
        if recorder.changes:
            journal.finish(recorder, "rename_talk", count=0)


def delete_talk(workspace: Workspace, talk: int) -> None:
    """Delete a talk; undo brings it back. What was made of it for the dataset stays."""
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        talks.remove(recorder, talk)
        if recorder.changes:
            journal.finish(recorder, "delete_talk", count=0)


def talk_as_text(workspace: Workspace, talk: int) -> str:
    """Return a talk to be saved as a file, a turn a paragraph; private details in it are masked."""
    lines = [each for each in talk_lines(workspace, talk) if each.said]
    masked = Sender(workspace).turns([(_SIDES[each.role], each.said) for each in lines])
    return "".join(
        f"{_SPEAKERS[each.role]}：{text or _HIDDEN}\n\n"
        for each, text in zip(lines, masked, strict=True)
    )


def is_news_to(lines: Sequence[TalkLine], model: ChatModel) -> bool:
    """Return whether what was said last in a talk was not sent to the host of a model.

    What counts is the host that answered then, not where its model is today.
    """
    heard = next((each.host for each in reversed(lines) if each.role == ASSISTANT), None)
    return bool(lines) and model.host != heard


def system_of(workspace: Workspace, persona: int | None, partner: str) -> str:
    """Return the system text that goes before a talk, masked as for an export.

    PersonaError where it cannot be written, ActionRefusedError where something private is left.
    """
    return masked_system(workspace, _persona(workspace, persona), partner)


def masked_system(workspace: Workspace, persona: Persona, partner: str) -> str:
    """As `system_of`, for a persona that is at hand."""
    masked = Sender(workspace).system_text(render_system(persona, chat=partner))
    if masked is None:
        raise ActionRefusedError(_LEFT)
    return masked


def _persona(workspace: Workspace, number: int | None) -> Persona:
    if number is None:
        return load_persona(workspace)
    for each in kept_personas(workspace):
        if each.id == number:
            return each.persona
    raise PersonaError(_NO_PERSONA)


@dataclass(frozen=True, slots=True)
class _Line:
    """What a talk goes on with, as long as its model and settings stay: the line to the model."""

    made_of: tuple[ChatModel, ChatOptions]
    talker: Talker
    stopping: threading.Event


@dataclass(frozen=True, slots=True)
class _Unkept:
    """An answer that is not kept yet, and whether the service ended the talk with it."""

    line: TalkLine
    closed: bool


class _Job:
    """One answer on its way."""

    def __init__(self, line: _Line) -> None:
        self.model = line.made_of[0]
        self.talker = line.talker
        self.stopping = line.stopping
        self.stopped = False  # by the person; the event is also how a talker is closed
        self.text: list[str] = []
        self.thought: list[str] = []
        self.thread: threading.Thread | None = None

    @property
    def so_far(self) -> Answering:
        return Answering("".join(self.text), "".join(self.thought))


class TalkDesk:
    """Holds the answers that come right now, one for each talk; all tabs of a workspace share it.

    An answer that could not be kept stays here, and is kept before the talk goes on.

    `make` gives what talks with a model. A talk goes on over the line that it has; one that nobody
    uses closes its connection by itself.
    """

    def __init__(
        self, make: Callable[[ChatModel, ChatOptions, threading.Event], Talker] = talker_for
    ) -> None:
        self._make = make
        self._jobs: dict[tuple[str | None, int], _Job] = {}
        self._lines: dict[tuple[str | None, int], _Line] = {}
        self._unkept: dict[tuple[str | None, int], _Unkept] = {}
        self._systems: dict[tuple[object, ...], str] = {}
        self._changing = threading.Lock()

    def running(self, workspace: Workspace, talk: int) -> Answering | None:
        """Return how far the answer in a talk is, None where none comes."""
        job = self._jobs.get((workspace.generation, talk))
        return None if job is None else job.so_far

    def lines(self, workspace: Workspace, talk: int) -> list[TalkLine]:
        """Return what was said in a talk, with an answer that could not be kept as number 0."""
        key = (workspace.generation, talk)
        held = None if key in self._jobs else self._unkept.get(key)
        told = talk_lines(workspace, talk)
        return told if held is None else [*told, replace(held.line, problem=(_UNKEPT, {}))]

    def say(self, workspace: Workspace, talk: TalkHead, model: ChatModel, text: str) -> None:
        """Say something in a talk, which is kept at once, and let the model answer.

        ActionRefusedError where an answer still comes, the talk is over, or there is nothing to
        send; PersonaError where there is no system text.
        """
        self.check(talk, text)
        self._begin(workspace, talk, model, storable(text).strip())

    def check(self, talk: TalkHead, text: str) -> None:
        """Raise ActionRefusedError where a text can never be said in a talk."""
        _check_open(talk)
        if not 0 < len(storable(text).strip()) <= LONGEST_TYPED:
            raise ActionRefusedError(
                N_("Type something, up to {n} characters."), n=f"{LONGEST_TYPED:,}"
            )

    def again(self, workspace: Workspace, talk: TalkHead, model: ChatModel) -> None:
        """Let the model answer again what was said last; refused as `say`."""
        self._begin(workspace, talk, model, None)

    def stop(self, workspace: Workspace, talk: int) -> None:
        """End the answer in a talk where it is; what came until then is kept."""
        job = self._jobs.get((workspace.generation, talk))
        if job is not None:
            job.stopped = True
            job.stopping.set()
            if job.thread is not None:
                job.thread.join(timeout=2)

    def _begin(
        self, workspace: Workspace, talk: TalkHead, model: ChatModel, typed: str | None
    ) -> None:
        _check_open(talk)
        system = self.system(workspace, talk)
        key = (workspace.generation, talk.id)
        with self._changing:
            if key in self._jobs:
                raise ActionRefusedError(N_("Wait until the answer is there, or stop it."))
            job = self._jobs[key] = _Job(self._line(workspace, key, model))
        try:
            if self._keep(workspace, key):
                _check_open(replace(talk, closed=True))
            history = _prepared(workspace, talk.id, model, typed)
        except BaseException:
            self._jobs.pop(key, None)
            raise
        job.thread = threading.Thread(
            target=self._run, args=(workspace, key, job, system, history), daemon=True, name="talk"
        )
        job.thread.start()

    def _line(self, workspace: Workspace, key: tuple[str | None, int], model: ChatModel) -> _Line:
        """Return the line to a model: the one that the talk went by, if nothing was changed."""
        made_of = (model, chat_options(workspace, model))
        line = self._lines.get(key)
        if line is None or line.made_of != made_of:
            if line is not None:
                line.talker.close()
            stopping = threading.Event()
            line = self._lines[key] = _Line(made_of, self._make(*made_of, stopping), stopping)
        line.stopping.clear()
        return line

    def _run(
        self,
        workspace: Workspace,
        key: tuple[str | None, int],
        job: _Job,
        system: str,
        history: Sequence[Said],
    ) -> None:
        """Hear an answer and keep it, whole or not."""
        problem: tuple[str, Mapping[str, Any]] | None = None
        closed = False
        try:
            for piece in job.talker.answer(system, history):
                job.text.append(storable(piece.text))
                job.thought.append(storable(piece.thought))
                if piece.warning:
                    problem = (piece.warning, {})
                closed = closed or piece.closing
            if job.stopped:
                problem = (STOPPED, {})
        except RuwoError as error:
            told = error.as_json()
            problem = (STOPPED, {}) if job.stopped else told
        finally:
            said, thought = job.so_far.text.strip(), job.so_far.thought.strip()
            why = problem if problem or said else (_EMPTY, {})
            model = job.model
            line = TalkLine(_UNNUMBERED, ASSISTANT, said, thought, model.key, model.host, why)
            self._unkept[key] = _Unkept(line, closed)
            try:
                with suppress(RuwoError):  # the talk shows the answer, and that it is not kept
                    self._keep(workspace, key)
            finally:
                self._jobs.pop(key, None)

    def _keep(self, workspace: Workspace, key: tuple[str | None, int]) -> bool:
        """Keep an answer that is not kept yet; return whether the talk is over with it.

        WorkspaceError where it cannot be kept: it stays here then.
        """
        held = self._unkept.get(key)
        if held is None:
            return False
        line = held.line
        with workspace.write() as connection:
            talks.say(
                connection,
                key[1],
                line.role,
                line.text,
                thought=line.thought,
                model=line.model,
                host=line.host,
                problem=line.problem,
                closed=held.closed,
            )
        del self._unkept[key]
        return held.closed

    def system(self, workspace: Workspace, talk: TalkHead) -> str:
        """Return the masked system text of a talk, made anew where anything happened since.

        PersonaError and ActionRefusedError as of `system_of`.
        """
        settings = repr(load_settings(workspace))
        since = pace.newest(workspace)
        key = (workspace.generation, talk.persona, talk.partner, settings, since)
        if key not in self._systems:
            made = system_of(workspace, talk.persona, talk.partner)
            self._systems.clear()
            self._systems[key] = made
        return self._systems[key]


def _check_open(talk: TalkHead) -> None:
    if talk.closed:
        raise ActionRefusedError(N_("This talk is over; begin a new one."))


def _prepared(workspace: Workspace, talk: int, model: ChatModel, typed: str | None) -> list[Said]:
    """Keep what is said, or take back an answer that is to come anew; return what goes out."""
    with workspace.write() as connection:
        told = talks.lines(connection, talk)
        if typed is not None:
            if talks.say(connection, talk, USER, typed) is None:
                raise ActionRefusedError(N_("This talk is no longer there."))
        elif told and told[-1].role == ASSISTANT:
            if told[-1].kept_in is not None:
                raise ActionRefusedError(N_("This answer is in the dataset already."))
            talks.unsay(connection, talk, told[-1].id)
        talks.change(connection, talk, model=model.key)
        return [Said(Role(each.role), each.said) for each in talks.lines(connection, talk)]
