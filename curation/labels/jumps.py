"""Where a conversation jumps to another subject.

Pauses carry the decision. Words alone hardly tell a new subject in chat (on public call-centre
dialogues, cutting where words change does not beat cutting every six lines), so what is said
supports or speaks against a pause: a leave taken or a question left open before it; a greeting, a
对了, new words behind it; an answer or a quote that reaches over it. Where a chat has no times,
only these are left, and the scores are lower.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from curation.errors import N_
from curation.labels.lines import (
    acknowledges,
    answers,
    asks,
    closes,
    greets,
    leaves,
    reports,
    turns,
    waits,
)
from curation.labels.said import words_of
from curation.labels.words import content, new_share
from curation.model import NewSuggestion, SuggestionKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curation.model import Said

PAUSE: Final = N_("{minutes} minutes of silence before it, and nothing takes up what was said.")
PAUSE_LEFT: Final = N_("The talk was taken leave of before it; {minutes} minutes later it goes on.")
PAUSE_ASKED: Final = N_(
    "A question before it has no answer, and after {minutes} minutes it is about something else."
)
PAUSE_OPENED: Final = N_("After {minutes} minutes it begins like a new talk.")
LEFT: Final = N_("The talk was taken leave of before it.")
OPENED: Final = N_("It begins like a new talk.")

SPEAKS: Final = 0.5
"""A jump is told from this score on."""

SPEAKS_WITHOUT_TIMES: Final = 0.4
_LEAST: Final = {"pause": 0.65}
"""Where a pause is all there is, more of it is needed."""
_MOST_WITHOUT_TIMES: Final = 0.6

_SIDE_AT_LEAST: Final = 2
"""Messages that a talk must have before and behind a jump; less is no talk of its own."""

_WINDOW: Final = 6
_BEHIND: Final = 4
"""Messages before and behind a place whose words are compared."""

_ENOUGH: Final = 4
"""Pairs of ideographs on either side from which on their newness means something."""

_LEAST_PAUSE: Final = 180
_LONGEST_COUNTED: Final = 6 * 3600
_FAR_BEYOND: Final = 8.0
"""A pause this many times the usual one of the talk counts in full."""

_LEFT: Final = 0.25
_LEFT_IN_WORDS: Final = 0.15
_TURNED: Final = 0.3
_GREETED: Final = 0.2
_OPEN_QUESTION: Final = 0.15
_NEW: Final = 0.2
_USUAL_NEWNESS: Final = 0.8
"""Even within one subject most pairs of ideographs were not said right before."""

_TAKEN_UP: Final = 0.35
_ASKED_BEFORE: Final = 0.25
_CLOSED: Final = 0.08
_ASKS_NEW: Final = 0.1
_UNDER_WAY: Final = 0.15
_REPORTED: Final = 0.25

_LONGEST: Final = 400
"""Characters of a message that are read."""

_MOST: Final = 0.95
_APART: Final = 3
"""So many messages lie between two jumps at least."""

_LATENT: Final = 60.0
"""Seconds that a talk's usual pause counts as at least: people type."""


class _Place(NamedTuple):
    """What speaks for a jump before the message at `at`."""

    at: int
    score: float
    rule: str
    reason: str
    pause: int | None


def jumps(number: int, talk: Sequence[Said]) -> Iterator[NewSuggestion]:
    """Yield the messages that begin another subject, in their order."""
    if len(talk) < 2 * _SIDE_AT_LEAST:
        return
    found = list(_places(talk))
    kept: list[_Place] = []
    near: set[int] = set()
    for place in sorted(found, key=lambda each: (-each.score, each.at)):
        if place.at not in near:
            kept.append(place)
            near.update(range(place.at - _APART + 1, place.at + _APART))
    for place in sorted(kept):
        yield NewSuggestion(
            number,
            SuggestionKind.TOPIC_JUMP,
            round(place.score, 2),
            place.rule,
            place.reason,
            {} if place.pause is None else {"minutes": round(place.pause / 60)},
            talk[place.at].id,
        )


def _places(talk: Sequence[Said]) -> Iterator[_Place]:
    words = [words_of(each)[:_LONGEST] for each in talk]
    usual = _usual_pause(talk)
    linked = _linked(talk)
    for at in range(_SIDE_AT_LEAST, len(talk) - _SIDE_AT_LEAST + 1):
        pause = _pause(talk, at)
        if pause is not None and pause < _LEAST_PAUSE and not turns(words[at]):
            continue
        if pause is None and not _may_turn(words, at):
            continue
        place = None if at in linked else _judged(talk, words, at, pause, usual)
        if place is not None:
            yield place


def _judged(
    talk: Sequence[Said], words: Sequence[str], at: int, pause: int | None, usual: float
) -> _Place | None:
    """Return the place with its score, None where too little speaks for a jump."""
    before = words[max(0, at - _WINDOW) : at]
    behind = words[at : at + _BEHIND]
    left = any(leaves(each) for each in before[-3:])
    opened = turns(words[at]) or greets(words[at])
    open_question = _open_question(talk, words, at)
    old, new = content(before), content(behind)
    newness = new_share(old, new) if min(len(old), len(new)) >= _ENOUGH else None
    taken_up = answers(words[at]) or acknowledges(words[at]) or not words[at]
    # People who take leave often stay a while: without a pause it means less.
    score = (_LEFT if pause is not None or opened else _LEFT_IN_WORDS) * left
    score += _OPEN_QUESTION * open_question
    score += _TURNED if turns(words[at]) else _GREETED * greets(words[at])
    if newness is not None:
        score += _NEW * (newness - _USUAL_NEWNESS) / (1 - _USUAL_NEWNESS)
    if pause is not None and newness == 1:
        score += _CLOSED * closes(words[at - 1]) + _ASKS_NEW * asks(words[at])
    if pause is not None and not opened:
        score -= _UNDER_WAY * any(map(waits, before[-2:])) + _REPORTED * reports(words[at])
    if taken_up and not opened:
        score -= _TAKEN_UP
    elif talk[at].side is not talk[at - 1].side and asks(words[at - 1]) and not opened:
        score -= _ASKED_BEFORE  # whoever speaks next after a question mostly answers it
    if pause is not None:
        score += _weight(pause, usual)
    rule, reason = _why(pause, left=left, opened=opened, asked=open_question)
    if score < (SPEAKS_WITHOUT_TIMES if pause is None else _LEAST.get(rule, SPEAKS)):
        return None
    if pause is None:
        score = min(score, _MOST_WITHOUT_TIMES)
    return _Place(at, min(score, _MOST), rule, reason, pause)


def _why(pause: int | None, *, left: bool, opened: bool, asked: bool) -> tuple[str, str]:
    timed = pause is not None and pause >= _LEAST_PAUSE
    if left:
        return ("left", PAUSE_LEFT) if timed else ("left_no_pause", LEFT)
    if opened:
        return ("opened", PAUSE_OPENED) if timed else ("opened_no_pause", OPENED)
    if asked:
        return "asked", PAUSE_ASKED
    return "pause", PAUSE


def _weight(pause: int, usual: float) -> float:
    """Return what a pause counts: by its length, and by how far it is beyond the usual."""
    if pause < _LEAST_PAUSE:
        return 0.0
    long = math.log(min(pause, _LONGEST_COUNTED) / _LEAST_PAUSE) / math.log(
        _LONGEST_COUNTED / _LEAST_PAUSE
    )
    unusual = min(1.0, math.log(max(1.0, pause / usual)) / math.log(_FAR_BEYOND))
    return 0.65 * long * (0.4 + 0.6 * unusual) + 0.1 * unusual


def _usual_pause(talk: Sequence[Said]) -> float:
    """Return the median of the pauses of a talk in seconds, which long ones do not move."""
    pauses = sorted(
        later.time - earlier.time
        for earlier, later in pairwise(talk)
        if later.time is not None and earlier.time is not None
    )
    return max(_LATENT, float(pauses[len(pauses) // 2])) if pauses else _LATENT


def _pause(talk: Sequence[Said], at: int) -> int | None:
    earlier, later = talk[at - 1].time, talk[at].time
    return None if earlier is None or later is None else max(0, later - earlier)


def _may_turn(words: Sequence[str], at: int) -> bool:
    """Return whether a place of a talk without times is worth a closer look."""
    return turns(words[at]) or greets(words[at]) or leaves(words[at - 1])


def _linked(talk: Sequence[Said]) -> set[int]:
    """Return the places of which a message right behind quotes one before."""
    first: dict[str, int] = {}
    linked: set[int] = set()
    for at, each in enumerate(talk):
        first.setdefault(each.text.strip(), at)
        quoted = first.get((each.reply_to or "").strip(), at)
        linked.update(range(max(quoted + 1, at - _WINDOW + 1), at + 1))
    return linked


def _open_question(talk: Sequence[Said], words: Sequence[str], at: int) -> bool:
    """Return whether what was said last before a place is a question that stays unanswered.

    Whoever asked goes on about something else, or the other side does not take it up.
    """
    if not asks(words[at - 1]):
        return False
    return talk[at].side is talk[at - 1].side or not answers(words[at])
