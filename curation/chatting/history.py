"""How much of a talk goes into a question, and in which order: as trained models know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from curation.chatting.talker import Role, Said
from curation.errors import N_, EndpointError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

AROUND: Final = 6
"""Tokens that stand around every turn, to tell whose it is."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many tokens a question may have, and how many together with its answer."""

    question: int
    whole: int


SPARK: Final = Limits(8192, 32_767)
"""The first is the vendor's limit for all that a question holds, https://xfyun.cn/doc/spark/API.html
(November 2026); the second is assumed."""


def alternating(history: Sequence[Said]) -> list[Said]:
    """Return a talk in which the person begins, both take turns, and the person says the last.

    What one of them said in a row becomes one turn, lines below each other; a beginning by the
    model and turns without text are left out. Empty where the person said nothing.
    """
    turns: list[Said] = []
    for each in history:
        text = each.text.strip()
        if not text or (not turns and each.role is Role.ASSISTANT):
            continue
        if turns and turns[-1].role is each.role:
            turns[-1] = Said(each.role, f"{turns[-1].text}\n{text}")
        else:
            turns.append(Said(each.role, text))
    while turns and turns[-1].role is Role.ASSISTANT:
        turns.pop()
    return turns


def fitted(
    system: str,
    history: Sequence[Said],
    limits: Limits,
    answer: int,
    count: Callable[[str], int],
) -> tuple[Said, ...]:
    """Return as much of a talk as fits: the oldest pairs go, the system text and the last stay.

    `answer` is how many tokens are left for the answer, `count` measures a text. EndpointError
    where there is nothing to answer, or not even the last turn fits.
    """
    turns = alternating(history)
    if not turns:
        raise EndpointError(N_("There is nothing to answer yet."), fatal=False)
    room = min(limits.question, limits.whole - answer) - (count(system) + AROUND if system else 0)
    sizes = [count(each.text) + AROUND for each in turns]
    if sizes[-1] > room:
        if count(system) > sizes[-1]:
            text = N_("The persona's system text is too long for this model.")
        else:
            text = N_("What you wrote is too long for this model; say it in fewer words.")
        raise EndpointError(text, fatal=False)
    first = 0
    while sum(sizes[first:]) > room:
        first += 2  # a question and its answer
    return tuple(turns[first:])
