"""What a model can be asked about a conversation, and which suggestions its answers become."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from curation import conversations, endpoints
from curation.errors import N_
from curation.model import NewSuggestion, SuggestionKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from curation.endpoints import Line, Profile
    from curation.workflow.sending import Talk


class ModelTask(StrEnum):
    """What a model is asked for."""

    EMOTIONS = "emotions"
    COHERENCE = "coherence"
    BACKGROUND = "background"


KINDS: Final[Mapping[ModelTask, frozenset[SuggestionKind]]] = {
    ModelTask.EMOTIONS: frozenset({SuggestionKind.EMOTION}),
    ModelTask.COHERENCE: frozenset(
        {SuggestionKind.TOPIC_JUMP, SuggestionKind.INCOMPLETE, SuggestionKind.TOO_THIN}
    ),
    ModelTask.BACKGROUND: frozenset({SuggestionKind.BACKGROUND}),
}

_PROBLEMS: Final = {
    "jump": SuggestionKind.TOPIC_JUMP,
    "incomplete": SuggestionKind.INCOMPLETE,
    "thin": SuggestionKind.TOO_THIN,
}
_BEST_GRADE: Final = 5
_GOOD_GRADE: Final = 4
"""From this grade on nothing is suggested."""

_FEELS: Final = N_("The model says: {reason}")
_GRADED: Final = N_("Hangs together {grade} of 5: {reason}")
_DRAFT: Final = N_("Draft: {text}")

_SHORT_ANSWER: Final = 90  # tokens
_FEELING: Final = 35
"""Tokens that an emotion takes in an answer; about every third message shows one."""


@dataclass(frozen=True, slots=True)
class Part:
    """The body of a request about a part of a conversation, and how its answer is read.

    `expected` is about how many tokens the answer takes.
    """

    body: dict[str, Any]
    read: Callable[[str], Sequence[NewSuggestion]]
    expected: int


def parts(task: ModelTask, profile: Profile, talk: Talk, names: Mapping[str, str]) -> list[Part]:
    """Return what is asked about a conversation, none where there is nothing to ask.

    `names` are the emotions as they may be sent, and what the person calls them.
    """
    if not talk.lines:
        return []
    number = talk.conversation.id
    if task is ModelTask.EMOTIONS:
        return [
            _emotions(profile, number, talk, lines, names)
            for lines in _cut(talk.lines, profile.tokens_at_once)
            if names and any(line.mine for line in lines)
        ]
    if task is ModelTask.COHERENCE:
        return [
            _coherence(profile, number, talk, lines)
            for lines in _cut(talk.lines, profile.tokens_at_once)
        ]
    # What one must know before it shows in how it begins.
    return [_background(profile, number, next(_cut(talk.lines, profile.tokens_at_once)))]


def _emotions(
    profile: Profile, number: int, talk: Talk, lines: Sequence[Line], names: Mapping[str, str]
) -> Part:
    whole = len(lines) == len(talk.lines)

    def read(answer: str) -> list[NewSuggestion]:
        return [
            NewSuggestion(
                number,
                SuggestionKind.EMOTION,
                each.score,
                "model_emotion",
                _FEELS,
                {"reason": each.reason},
                None if each.n is None else talk.ids[each.n - 1],
                names[each.emotion],
            )
            for each in endpoints.read_emotions(answer, lines, names)
            if whole or each.n is not None  # a part does not speak for the whole
        ]

    mine = sum(line.mine for line in lines)
    body = endpoints.emotions_body(profile, lines, tuple(names))
    return Part(body, read, _SHORT_ANSWER + _FEELING * mine // 3)


def _coherence(profile: Profile, number: int, talk: Talk, lines: Sequence[Line]) -> Part:
    def read(answer: str) -> list[NewSuggestion]:
        told = endpoints.read_judgement(answer, lines)
        kind = _PROBLEMS.get(told.problem)
        if kind is None or told.grade >= _GOOD_GRADE:
            return []
        return [
            NewSuggestion(
                number,
                kind,
                (_BEST_GRADE - told.grade) / (_BEST_GRADE - 1),
                f"model_{told.problem}",
                _GRADED,
                {"grade": told.grade, "reason": told.reason},
                None if told.n is None else talk.ids[told.n - 1],
            )
        ]

    return Part(endpoints.judge_body(profile, lines), read, _SHORT_ANSWER)


def _background(profile: Profile, number: int, lines: Sequence[Line]) -> Part:
    def read(answer: str) -> list[NewSuggestion]:
        told = endpoints.read_background(answer)
        if not told.background:
            return []
        return [
            NewSuggestion(
                number,
                SuggestionKind.BACKGROUND,
                told.score,
                "model_background",
                _DRAFT,
                {"text": told.background},
            )
        ]

    return Part(endpoints.background_body(profile, lines), read, _SHORT_ANSWER)


def _cut(lines: Sequence[Line], most: int) -> Iterator[Sequence[Line]]:
    """Yield lines in parts of about `most` tokens."""
    part: list[Line] = []
    tokens = 0
    for line in lines:
        length = conversations.estimate_tokens(line.text)
        if part and most and tokens + length > most:
            yield part
            part, tokens = [], 0
        part.append(line)
        tokens += length
    if part:
        yield part
