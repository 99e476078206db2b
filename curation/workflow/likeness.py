"""Whether a model sounds like the person: the same questions to two, and their styles in numbers.

Questions go out as the person sees them; of the workspace only the persona's system text goes with
them, masked. What the person really answered is looked for on this machine.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from curation import style
from curation.chatting import Role, Said
from curation.errors import N_, ActionRefusedError, RuwoError
from curation.storable import storable
from curation.store.settings import get_setting, put_setting, put_value
from curation.workflow.chat_models import chat_options, talker_for
from curation.workflow.nearest import nearest_answers
from curation.workflow.personas import load_persona
from curation.workflow.progress import Progress, ignore
from curation.workflow.roles import owners_only
from curation.workflow.talking import masked_system
from curation.workflow.voice import kept_voice, measure_voice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from curation.chatting import Talker
    from curation.store import Workspace
    from curation.style import Change, Fingerprint
    from curation.workflow.chat_models import ChatModel

LIKENESS_STAGE: Final = "likeness"
OWN: Final = "own"
"""The key of the one who is compared with: what the person really answered."""

MOST_QUESTIONS: Final = 50
_LONGEST_QUESTION: Final = 300
_KEY: Final = "chat.likeness"
_QUESTIONS: Final = "chat.questions"
_GLANCE: Final = 0.2
_FEW: Final = 5
"""With fewer messages no style can be told."""

EVERYDAY: Final = (
    N_("Are you there?"),
    N_("What are you doing?"),
    N_("Have you eaten?"),
    N_("What did you have for dinner?"),
    N_("What are you doing at the weekend?"),
    N_("Want to go to the cinema?"),
    N_("I am so tired today."),
    N_("Are you still at work?"),
    N_("It is raining so hard out there."),
    N_("I cannot sleep."),
    N_("Good night."),
    N_("Good morning!"),
    N_("Guess who I met today?"),
    N_("Can you lend me a hand?"),
    N_("I passed the exam!!"),
    N_("My boss told me off again."),
    N_("What do you want for your birthday?"),
    N_("Which one looks better, black or white?"),
    N_("Sorry, I will be half an hour late."),
    N_("I miss you a bit."),
)
"""What people write to each other every day."""


@dataclass(frozen=True, slots=True)
class LikeAnswer:
    """An answer to a question; `asked` is what the person was really asked, where they answered.

    `problem` is a sentence of the catalogue and its values, where no answer came.
    """

    text: str = ""
    asked: str = ""
    problem: tuple[str, Mapping[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class LikeRow:
    """A question, and what both answered; None is not asked yet."""

    question: str
    answers: tuple[LikeAnswer | None, LikeAnswer | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Likeness:
    """The same questions to two, each by its key and name; `at` is when, in UTC seconds."""

    keys: tuple[str, str]
    names: tuple[str, str]
    rows: tuple[LikeRow, ...]
    at: int

    @property
    def done(self) -> int:
        """How many questions both were asked."""
        return sum(None not in row.answers for row in self.rows)


@dataclass(frozen=True, slots=True)
class LikeStyles:
    """The styles beside the person's own: for each side what differs, None with too few messages.

    `messages` is how many the person's own is of, and those of both sides.
    """

    sides: tuple[tuple[Change, ...] | None, tuple[Change, ...] | None]
    messages: tuple[int, int, int]


def everyday_questions(workspace: Workspace) -> tuple[str, ...] | None:
    """Return the questions as the person changed them, None where they are as usual."""
    kept = get_setting(workspace, _QUESTIONS)
    return None if kept is None else tuple(kept)


@owners_only
def save_questions(workspace: Workspace, questions: Sequence[str] | None) -> None:
    """Keep the questions, or go back to the usual ones; ActionRefusedError where there are none."""
    put_setting(workspace, _QUESTIONS, None if questions is None else [*_checked(questions)])


def kept_likeness(workspace: Workspace) -> Likeness | None:
    """Return the last comparison, None before the first."""
    kept = get_setting(workspace, _KEY)
    if kept is None:
        return None
    rows = tuple(
        LikeRow(row["question"], (_answer(row["answers"][0]), _answer(row["answers"][1])))
        for row in kept["rows"]
    )
    first, second = kept["keys"]
    return Likeness((first, second), tuple(kept["names"]), rows, kept["at"])


@owners_only
def ask_both(
    workspace: Workspace,
    sides: tuple[ChatModel, ChatModel | None],
    questions: Sequence[str],
    progress: Progress = ignore,
    make: Callable[[Workspace, ChatModel, threading.Event], Talker] | None = None,
) -> Likeness:
    """Ask two models the same questions, or one, beside what the person really answered.

    Each question is a talk of its own. What was answered is kept as it comes, also where
    `progress` raises. How the person writes is measured where it was not yet. EndpointError where
    it makes no sense to go on.
    """
    asked = _checked(questions)
    system = masked_system(workspace, load_persona(workspace), "")
    models = [each for each in sides if each is not None]
    keys = (sides[0].key, OWN if sides[1] is None else sides[1].key)
    names = (sides[0].name, "" if sides[1] is None else sides[1].name)
    real: list[LikeAnswer | None] = [None] * len(asked)
    if sides[1] is None:
        found = nearest_answers(workspace, asked, progress)
        real = [LikeAnswer() if x is None else LikeAnswer(x.text, x.asked) for x in found]
    rows = tuple(LikeRow(text, (None, one)) for text, one in zip(asked, real, strict=True))
    likeness = Likeness(keys, names, rows, int(time.time()))
    stopping = threading.Event()
    pool = ThreadPoolExecutor(len(models), thread_name_prefix="likeness")
    make = make or _talker
    talkers = [make(workspace, model, stopping) for model in models]
    try:
        for at, text in enumerate(asked):
            coming = [pool.submit(_heard, each, system, text) for each in talkers]
            while wait(coming, _GLANCE).not_done:
                progress(LIKENESS_STAGE, at, len(asked))
            likeness = _with(likeness, at, coming)
            _keep(workspace, likeness)
            _raise_fatal(coming)
            progress(LIKENESS_STAGE, at + 1, len(asked))
    finally:
        stopping.set()
        pool.shutdown(wait=False, cancel_futures=True)
        for each in talkers:
            each.close()
    if kept_voice(workspace) is None:
        measure_voice(workspace, progress)
    return likeness


def like_styles(workspace: Workspace, likeness: Likeness) -> LikeStyles | None:
    """Return both styles beside the person's own, None where that was not measured yet."""
    voice = kept_voice(workspace)
    if voice is None:
        return None
    own = voice.after if voice.after.messages else voice.before
    told = [_style(likeness, side) for side in (0, 1)]
    first, second = (
        style.differences(own, each) if min(own.messages, each.messages) >= _FEW else None
        for each in told
    )
    return LikeStyles((first, second), (own.messages, told[0].messages, told[1].messages))


def _style(likeness: Likeness, side: int) -> Fingerprint:
    answers = [row.answers[side] for row in likeness.rows]
    bursts = [each.text.splitlines() for each in answers if each is not None]
    return style.fingerprint(bursts, words=False)


def _talker(workspace: Workspace, model: ChatModel, stopping: threading.Event) -> Talker:
    return talker_for(model, chat_options(workspace, model), stopping)


def _heard(talker: Talker, system: str, question: str) -> LikeAnswer:
    """Return what a model answers to one question; what goes wrong is a part of it."""
    pieces: list[str] = []
    try:
        pieces.extend(each.text for each in talker.answer(system, [Said(Role.USER, question)]))
    except RuwoError as error:
        if getattr(error, "fatal", True):
            raise
        return LikeAnswer(storable("".join(pieces)).strip(), "", error.as_json())
    return LikeAnswer(storable("".join(pieces)).strip())


def _with(likeness: Likeness, at: int, coming: Sequence[Future[LikeAnswer]]) -> Likeness:
    """Return the comparison with the answers to one more question."""
    row = likeness.rows[at]
    heard = [each.result() if each.exception() is None else None for each in coming]
    first, second = heard if len(heard) > 1 else (heard[0], row.answers[1])
    new = replace(row, answers=(first, second))
    return replace(likeness, rows=(*likeness.rows[:at], new, *likeness.rows[at + 1 :]))


def _raise_fatal(coming: Sequence[Future[LikeAnswer]]) -> None:
    for each in coming:
        error = each.exception()
        if error is not None:
            raise error


def _keep(workspace: Workspace, likeness: Likeness) -> None:
    with workspace.write() as connection:
        put_value(connection, _KEY, asdict(likeness))


def _answer(kept: Mapping[str, Any] | None) -> LikeAnswer | None:
    if kept is None:
        return None
    problem = kept["problem"]
    return LikeAnswer(kept["text"], kept["asked"], None if problem is None else (*problem,))


def _checked(questions: Sequence[str]) -> tuple[str, ...]:
    asked = tuple(dict.fromkeys(storable(each).strip()[:_LONGEST_QUESTION] for each in questions))
    asked = tuple(each for each in asked if each)
    if not 0 < len(asked) <= MOST_QUESTIONS:
        raise ActionRefusedError(N_("Write 1 to {n} questions, one a line."), n=MOST_QUESTIONS)
    return asked
