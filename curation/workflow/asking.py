"""Asking a model about conversations: what would be sent, what it may cost, and what it answers.

What comes back are suggestions, which a person answers one by one or in bulk. Only masked text is
sent, and only by `ask_model`, which is called when a button was pressed.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from curation import conversations, endpoints, store
from curation.endpoints import Asker, Memory, Question
from curation.errors import N_, ActionRefusedError
from curation.model import OWN_RULES, Suggester
from curation.store import filters, model_answers, pace, suggestions
from curation.store.tables import conversation
from curation.workflow import model_tasks
from curation.workflow.model_tasks import ModelTask
from curation.workflow.progress import Progress, ignore
from curation.workflow.sending import Sender
from curation.workflow.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curation.endpoints import Outcome, Profile, Reply
    from curation.errors import EndpointError
    from curation.model import ConversationFilter, NewSuggestion
    from curation.store import Workspace
    from curation.workflow.model_tasks import Part
    from curation.workflow.sending import Talk
    from curation.workflow.settings import Settings

ASK_STAGE: Final = "ask"

_AT_ONCE: Final = 20  # conversations that are read, and of which the answers are kept together
_SAMPLE: Final = 30  # conversations of which the length of what is sent is measured
_LONGEST_NAME: Final = 64
_MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of which service about which conversations; `most` 0 is all of them.

    Where some are `chosen`, those of the filter that are among them.
    """

    profile: Profile
    task: ModelTask
    filter: ConversationFilter
    most: int = 0
    chosen: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AskOutlook:
    """What a job would be: how many conversations and, about, how many tokens and requests.

    `cost` is in the currency of the prices that the person gave; None without any.
    """

    conversations: int
    requests: int
    tokens_in: int
    tokens_out: int
    cost: float | None


@dataclass(frozen=True, slots=True)
class AskPreview:
    """What would be sent of one conversation: the very bodies of the requests, as JSON.

    `chats` are what stands of the conversation in each of them. `blocked` says that nothing is
    sent, because something private could not be masked.
    """

    conversation_id: int
    bodies: tuple[str, ...]
    chats: tuple[str, ...]
    blocked: bool


@dataclass(slots=True)
class AskReport:
    """What came of a job: conversations answered, what was suggested, what was not answered.

    `failed` holds for each conversation that was not answered why; `cost` as in `AskOutlook`.
    """

    conversations: int = 0
    suggested: int = 0
    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    blocked: int = 0
    failed: list[EndpointError] = field(default_factory=list)
    cost: float | None = None


class Answers(Memory):
    """Remembers in the workspace what a model answered."""

    def __init__(self, workspace: Workspace, model: str) -> None:
        self._workspace = workspace
        self._model = model

    def recall(self, digest: str) -> str | None:
        """As of every memory."""
        return model_answers.recall(self._workspace, digest)

    def keep(self, digest: str, reply: Reply) -> None:
        """As of every memory."""
        tokens = (reply.tokens_in, reply.tokens_out)
        model_answers.keep(self._workspace, digest, reply.text, model=self._model, tokens=tokens)


class AskPlan:
    """What a job would send, and about what it would cost, as the workspace was when it was made.

    `waiting` are the conversations it asks about, in order, `all_waiting` is how many there would
    be without a limit.
    """

    def __init__(self, workspace: Workspace, asking: Asking) -> None:
        self.asking = asking
        self._made_of = _state_of(workspace)
        self._job = _Job(workspace, asking)
        waiting = self._job.waiting()
        self.all_waiting = len(waiting)
        self.waiting = waiting[: asking.most or None]
        self.outlook = self._outlook()

    def holds(self, workspace: Workspace, asking: Asking) -> bool:
        """Return whether it is the plan of that job, and nothing happened since it was made."""
        return self.asking == asking and self._made_of == _state_of(workspace)

    def preview(self, place: int) -> AskPreview | None:
        """Return what would be sent of the conversation at a place, from 0; None where none is."""
        for talk in self._job.talks(self.waiting[place : place + 1]):
            bodies = [part.body for part in self._job.parts(talk)]
            shown = tuple(json.dumps(body, ensure_ascii=False, indent=2) for body in bodies)
            chats = tuple(endpoints.texts_of(body)[-1] for body in bodies)
            return AskPreview(talk.conversation.id, shown, chats, talk.blocked)
        return None

    def _outlook(self) -> AskOutlook:
        some = self.waiting[:: max(len(self.waiting) // _SAMPLE, 1)][:_SAMPLE]
        parts = [part for talk in self._job.talks(some) for part in self._job.parts(talk)]
        share = len(self.waiting) / len(some) if some else 0.0
        texts = [text for part in parts for text in endpoints.texts_of(part.body)]
        read = sum(conversations.estimate_tokens(text) for text in texts)
        tokens = [round(share * each) for each in (read, sum(part.expected for part in parts))]
        return AskOutlook(
            conversations=len(self.waiting),
            requests=round(share * len(parts)),
            tokens_in=tokens[0],
            tokens_out=tokens[1],
            cost=cost_of(self.asking.profile, tokens[0], tokens[1]),
        )


def ask_model(workspace: Workspace, asking: Asking, progress: Progress = ignore) -> AskReport:
    """Send what an `AskPlan` of the same job shows, and keep what is answered as suggestions.

    Kept some conversations at a time: stopped in between, it goes on where it was, and what was
    answered once is never asked again. EndpointError says why it cannot go on; ActionRefusedError
    where messages were not searched for private details yet.
    """
    job = _Job(workspace, asking)
    job.refuse_unsearched()
    waiting = job.waiting()[: asking.most or None]
    report = AskReport()
    desk = _Desk(workspace, job, report)
    answers = Answers(workspace, asking.profile.model)
    asker = Asker(asking.profile, answers)
    done = 0

    def tick() -> None:
        progress(ASK_STAGE, min(done, len(waiting)), len(waiting))

    try:
        for outcome in asker.outcomes(desk.questions(waiting), tick):
            desk.take(outcome)
            done = desk.done
            tick()
        done = len(waiting)
        tick()
    finally:
        desk.keep()
        report.cost = cost_of(asking.profile, report.tokens_in, report.tokens_out)
    return report


def _state_of(workspace: Workspace) -> tuple[int, Settings]:
    return pace.newest(workspace), load_settings(workspace)


class _Job:
    """One kind of question about the conversations of a filter."""

    def __init__(self, workspace: Workspace, asking: Asking) -> None:
        self._workspace = workspace
        self._asking = asking
        self._sender = Sender(workspace)
        task, profile = asking.task, asking.profile
        names = load_settings(workspace).emotions if task is ModelTask.EMOTIONS else ()
        shown = self._sender.texts(names) if names else []
        self._names = {shown: own for shown, own in zip(shown, names, strict=True) if shown}
        told = repr((endpoints.VERSION, task.value, sorted(self._names.items()))).encode()
        name = profile.model[:_LONGEST_NAME]
        self.suggester = Suggester(
            name if name != OWN_RULES else f"{name} (model)",
            int.from_bytes(blake2b(told, digest_size=4).digest()) >> 1,
            model_tasks.KINDS[task],
        )

    def refuse_unsearched(self) -> None:
        """Raise ActionRefusedError where the filter lets through what was not searched yet."""
        with self._workspace.read() as connection:
            unsearched = self._among() & conversation.c.scanned.is_(False)
            if suggestions.unlooked(connection, self.suggester, 1, unsearched):
                text = N_("Some of these were not searched for private details yet; do that first.")
                raise ActionRefusedError(text)

    def waiting(self) -> list[int]:
        """Return the conversations that the model was not asked about as they are."""
        with self._workspace.read() as connection:
            return list(suggestions.unlooked(connection, self.suggester, None, self._among()))

    def _among(self) -> Any:
        among = filters.condition(self._asking.filter)
        if self._asking.chosen:
            among &= conversation.c.id.in_(self._asking.chosen)
        if self._asking.task is ModelTask.BACKGROUND:
            among &= conversation.c.background == ""
        return among

    def talks(self, numbers: Sequence[int]) -> Iterator[Talk]:
        """Yield conversations as they may be sent."""
        for start in range(0, len(numbers), _AT_ONCE):
            some = store.load_conversations(self._workspace, numbers[start : start + _AT_ONCE])
            yield from self._sender.talks(some)

    def parts(self, talk: Talk) -> list[Part]:
        """Return what is asked about a conversation; a long one takes several questions."""
        asking = self._asking
        return model_tasks.parts(asking.task, asking.profile, talk, self._names)


class _Desk:
    """Asks about conversations and puts the answers together, some conversations at a time."""

    def __init__(self, workspace: Workspace, job: _Job, report: AskReport) -> None:
        self._workspace = workspace
        self._job = job
        self._report = report
        self._talks: dict[int, Talk] = {}
        self._open: Counter[int] = Counter()
        self._told: dict[int, list[NewSuggestion]] = {}
        self._failed: set[int] = set()
        self._ready: dict[int, int] = {}
        self.done = 0

    def questions(self, numbers: Sequence[int]) -> Iterator[Question[int, Sequence[NewSuggestion]]]:
        """Yield the questions about conversations, in order."""
        for talk in self._job.talks(numbers):
            number = talk.conversation.id
            if talk.blocked:
                self._report.blocked += 1
                self.done += 1
                continue
            parts = self._job.parts(talk)
            self._talks[number] = talk
            self._told[number] = []
            self._open[number] = len(parts)
            if not parts:  # nothing in it to ask about
                self._finish(number)
            for part in parts:
                yield Question(number, part.body, part.read)

    def take(self, outcome: Outcome[int, Sequence[NewSuggestion]]) -> None:
        """Take what became of a question."""
        number, report = outcome.key, self._report
        report.requests += outcome.asked
        report.tokens_in += outcome.tokens_in
        report.tokens_out += outcome.tokens_out
        if outcome.answer is not None:
            self._told[number] += outcome.answer
        elif outcome.error is not None and number not in self._failed:
            self._failed.add(number)
            if outcome.asked:
                report.failed.append(outcome.error)
        self._open[number] -= 1
        if not self._open[number]:
            self._finish(number)

    def _finish(self, number: int) -> None:
        self.done += 1
        talk = self._talks.pop(number)
        if number in self._failed:
            self._told.pop(number)
            return
        self._ready[number] = talk.conversation.version
        if len(self._ready) >= _AT_ONCE:
            self.keep()

    def keep(self) -> None:
        """Write down what is suggested of the conversations that are answered."""
        if not self._ready:
            return
        told = [each for number in self._ready for each in self._told.pop(number)]
        with self._workspace.write() as connection:
            suggestions.replace_open(connection, self._job.suggester, self._ready, told)
        self._report.conversations += len(self._ready)
        self._report.suggested += len(told)
        self._ready = {}


def cost_of(profile: Profile, tokens_in: int, tokens_out: int) -> float | None:
    """Return what tokens cost by the prices of a connection, None where it has none."""
    if not profile.price_in and not profile.price_out:
        return None
    return (tokens_in * profile.price_in + tokens_out * profile.price_out) / _MILLION
