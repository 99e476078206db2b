"""MBTI answers: picked from a person's files, said in their register, kept as conversations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from curation import conversations, style
from curation.errors import N_, ActionRefusedError
from curation.model import Side
from curation.persona import mbti
from curation.persona.mbti import Behaviour, BehaviourFile, Pole
from curation.store import writing
from curation.store.writing import MBTI
from curation.style import Fingerprint
from curation.workflow.names import MBTI_CHAT
from curation.workflow.progress import ignore
from curation.workflow.roles import owners_only
from curation.workflow.voice import kept_voice, measure_voice
from curation.workflow.writing import add_talks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from curation.store import Workspace
    from curation.workflow.progress import Progress

EACH: Final = 30
"""So many answers of each pole are picked at first."""

_SPARE: Final = 2
"""How many times as many are looked at, as some of them repeat one another."""

Rewriter = Callable[[Behaviour, Fingerprint, int], tuple[str, ...]]
"""Says an answer anew as the person of a fingerprint would chat; the number is the seed."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """An answer beside what the person would send instead, in reply to `question`."""

    behaviour: Behaviour
    question: str
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MbtiPlan:
    """What was picked for a type.

    `missing` are its poles for which no file is there; `few` says how many were found of a pole
    where there were fewer than asked for. `repeated` were left out as they say nearly the same.
    `measured` is how many messages the register was read from.
    """

    answers: tuple[Rewritten, ...]
    missing: tuple[Pole, ...]
    few: Mapping[Pole, int]
    repeated: int
    measured: int


def by_rules(behaviour: Behaviour, fingerprint: Fingerprint, seed: int) -> tuple[str, ...]:
    """Return an answer said anew by rules; the `Rewriter` that needs nobody."""
    return style.rewrite(behaviour.answer, fingerprint, seed)


def read_behaviours(path: Path, name: str = "") -> BehaviourFile:
    """Return the records of a behaviour file; BadFileError where it is none."""
    return mbti.read_behaviours(path, name)


@owners_only
def plan_mbti(
    workspace: Workspace,
    mbti_type: str,
    files: Sequence[BehaviourFile],
    *,
    each: int = EACH,
    seed: int = 0,
    rewriter: Rewriter = by_rules,
    progress: Progress = ignore,
) -> MbtiPlan:
    """Pick answers of each pole of a type and say them anew; nothing is stored.

    Questions that are in the workspace already are passed over. The same seed picks the same.
    Raises ActionRefusedError where the type is none.
    """
    poles = _poles(mbti_type)
    voice = kept_voice(workspace) or measure_voice(workspace, progress)
    with workspace.read() as connection:
        known = writing.openings_from(connection, MBTI)
    picked: dict[Pole, list[Behaviour]] = {}
    for pole in poles:
        behaviours = [
            Behaviour(pole, *pair) for file in files if file.pole is pole for pair in file.pairs
        ]
        picked[pole] = mbti.pick(behaviours, _SPARE * each, seed, known=known)
    fresh, repeated = _without_repeats([each for some in picked.values() for each in some])
    answers: list[Rewritten] = []
    few: dict[Pole, int] = {}
    missing = tuple(mbti.missing_poles(poles, files))
    for pole in poles:
        told = [_rewritten(one, voice.before, seed, rewriter) for one in fresh if one.pole is pole]
        of_pole = [one for one in told if one.messages][:each]
        answers += of_pole
        if len(of_pole) < each and pole not in missing:
            few[pole] = len(of_pole)
    return MbtiPlan(tuple(answers), missing, few, repeated, voice.before.messages)


@owners_only
def take_mbti(workspace: Workspace, answers: Sequence[Rewritten]) -> list[int]:
    """Keep answers as pending conversations, in one action that can be undone; return their ids."""
    if not answers:
        raise ActionRefusedError(N_("Nothing was chosen."))
    talks = [
        [(Side.OTHER, each.question), *((Side.ME, message) for message in each.messages)]
        for each in answers
    ]
    return add_talks(workspace, talks, source=MBTI, action="mbti", chat=MBTI_CHAT)


def _poles(mbti_type: str) -> tuple[Pole, ...]:
    read = mbti_type.strip().upper()
    if len(read) != len(mbti.DIMENSIONS) or any(
        letter not in pair for letter, pair in zip(read, mbti.DIMENSIONS, strict=True)
    ):
        raise ActionRefusedError(N_("This is no MBTI type such as INFP."))
    return mbti.poles_of(read)


def _rewritten(
    behaviour: Behaviour, fingerprint: Fingerprint, seed: int, rewriter: Rewriter
) -> Rewritten:
    messages = rewriter(behaviour, fingerprint, seed)
    return Rewritten(behaviour, mbti.as_question(behaviour.question), messages)


def _without_repeats(picked: Sequence[Behaviour]) -> tuple[list[Behaviour], int]:
    """Return the behaviours that say nearly nothing an earlier one says, and how many are left."""
    texts = {at: f"{each.question}\n{each.answer}" for at, each in enumerate(picked)}
    alike = conversations.near_duplicates(texts)
    fresh = [each for at, each in enumerate(picked) if at not in alike]
    return fresh, len(picked) - len(fresh)
