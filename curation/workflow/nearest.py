"""What the person really answered to something like a question, in the chats of the workspace."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Final

import numpy as np
from rapidfuzz import fuzz, process

from curation import store
from curation.model import UNSPOKEN_KINDS, ConversationFilter, Said, Side, Status
from curation.store import queue, texts
from curation.store.writing import CORRECTION, LIKED
from curation.workflow.progress import Progress, ignore
from curation.workflow.sending import Sender

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from curation.store import Workspace

NEAREST_STAGE: Final = "nearest"

_AT_ONCE: Final = 500
_ALIKE: Final = 50.0
"""Of a hundred: what is less alike is another question."""

_LONGEST: Final = 80
"""Characters; what is longer is no everyday question."""

_SIGNS: Final = re.compile(r"\W+")
_SEARCHED: Final = (
    ConversationFilter(statuses=(Status.APPROVED,)),
    ConversationFilter(statuses=(Status.PENDING, Status.SKIPPED)),
)
"""Where answers are looked for: in what else there is only if what is approved has none."""

_OF_MODELS: Final = ConversationFilter(sources=(CORRECTION, LIKED))
"""Made of talks with models, whose own words stand in them: no real answers."""


@dataclass(frozen=True, slots=True)
class RealAnswer:
    """What the person answered once, masked, to what was asked then; `alike` is 0 to 100."""

    asked: str
    text: str
    conversation: int
    alike: float


@dataclass(frozen=True, slots=True)
class _Found:
    conversation: int
    asked: tuple[int, ...]
    answered: tuple[int, ...]
    alike: float


def nearest_answers(
    workspace: Workspace, questions: Sequence[str], progress: Progress = ignore
) -> list[RealAnswer | None]:
    """Return for each question the person's answer to the one most like it; None without any.

    What waits for review counts only where nothing that is approved is like the question.
    Answers in which something private could not be masked are left out. Nothing is sent anywhere.
    """
    with workspace.read() as connection:
        models = set(queue.matching_ids(connection, _OF_MODELS))
        searched = [
            [number for number in queue.matching_ids(connection, each) if number not in models]
            for each in _SEARCHED
        ]
    folded = [_folded(each) for each in questions]
    best: dict[int, _Found] = {}
    done, total = 0, sum(map(len, searched))
    for ids in searched:
        missing = ["" if at in best else each for at, each in enumerate(folded)]
        for start in range(0, len(ids), _AT_ONCE):
            progress(NEAREST_STAGE, done + start, total)
            with workspace.read() as connection:
                talks = texts.talks(connection, ids[start : start + _AT_ONCE])
            _look_among(talks, missing, best)
        done += len(ids)
    return _masked(workspace, [best.get(at) for at in range(len(questions))])


def _look_among(
    talks: Mapping[int, Sequence[Said]], folded: Sequence[str], best: dict[int, _Found]
) -> None:
    """Take what of some conversations is nearer to a question than what was found before."""
    pairs = [(number, *pair) for number, talk in talks.items() for pair in _pairs(talk)]
    asked = [_folded("".join(each.text for each in other)) for _number, other, _mine in pairs]
    if not pairs or not folded:
        return
    alike = process.cdist(folded, asked, scorer=fuzz.ratio, score_cutoff=_ALIKE, dtype=np.float32)
    for at, row in enumerate(alike):
        place = int(row.argmax())
        score = float(row[place])
        if folded[at] and score >= _ALIKE and (at not in best or score > best[at].alike):
            number, other, mine = pairs[place]
            best[at] = _Found(number, _ids(other), _ids(mine), score)


def _pairs(talk: Sequence[Said]) -> Iterator[tuple[list[Said], list[Said]]]:
    """Yield what the other said in a row, and what the person answered in a row."""
    spoken = [each for each in talk if each.kind not in UNSPOKEN_KINDS and each.text.strip()]
    runs = [list(run) for _side, run in groupby(spoken, attrgetter("side"))]
    for other, mine in pairwise(runs):
        if other[0].side is Side.OTHER and sum(len(each.text) for each in other) <= _LONGEST:
            yield other, mine


def _ids(run: Sequence[Said]) -> tuple[int, ...]:
    return tuple(each.id for each in run)


def _folded(text: str) -> str:
    """Return what counts of a question: its words, without case and punctuation."""
    return _SIGNS.sub("", text).casefold()


def _masked(workspace: Workspace, found: Sequence[_Found | None]) -> list[RealAnswer | None]:
    """Return answers as they may be shown: whole conversations tell what is private in them."""
    numbers = sorted({each.conversation for each in found if each is not None})
    held = store.load_conversations(workspace, numbers)
    lines = {
        talk.conversation.id: {
            number: line.text for number, line in zip(talk.ids, talk.lines, strict=True)
        }
        for talk in (Sender(workspace).talks(held) if held else ())
    }
    answers: list[RealAnswer | None] = []
    for each in found:
        told = {} if each is None else lines.get(each.conversation, {})
        if each is None or not (mine := [told[n] for n in each.answered if n in told]):
            answers.append(None)
            continue
        asked = "\n".join(told[number] for number in each.asked if number in told)
        answers.append(RealAnswer(asked, "\n".join(mine), each.conversation, each.alike))
    return answers
