"""Whether a second fingerprint is still the same voice."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from curation.style.shapes import Fingerprint, Habit

ENOUGH: Final = 100
"""So many messages on each side are needed before a difference means anything."""

_MUCH: Final = 0.25
"""From a quarter more or less on, a reader notices."""

_LEAST: Final = 0.01
"""A habit of fewer than one message in a hundred is too rare to speak of."""

_CERTAIN: Final = 2.6
"""Standard errors between two shares that chance alone brings about once in a hundred times."""

_WORDS: Final = 20
_ENOUGH_FOR_WORDS: Final = 2000
"""Which words are favourites depends on a few occurrences each: fewer messages say nothing."""


class Measure(StrEnum):
    """What is compared; the unit of its numbers stands behind each."""

    LENGTH = "length"  # characters of a message, mean
    BURST = "burst"  # messages in a row, mean
    KAOMOJI = "kaomoji"  # share of messages, as are all that follow
    CODES = "codes"
    EMOJI = "emoji"
    LAUGHTER = "laughter"
    PARTICLES = "particles"
    TILDE = "tilde"
    EXCLAMATION = "exclamation"
    QUESTION = "question"
    ELLIPSIS = "ellipsis"
    FULL_STOP = "full_stop"
    DOUBLED = "doubled"
    WORDS = "words"  # share of the favourite words before that still are among them


SIZES: Final = frozenset({Measure.LENGTH, Measure.BURST})
"""Measures that are no shares."""


@dataclass(frozen=True, slots=True)
class Change:
    """One measure before and after; `much` says that a reader would notice the difference."""

    measure: Measure
    before: float
    after: float
    much: bool


_MARK: Final = {
    Measure.TILDE: "~",
    Measure.EXCLAMATION: "!",
    Measure.QUESTION: "?",
    Measure.ELLIPSIS: "…",
    Measure.FULL_STOP: "。",
    Measure.DOUBLED: "!!",
}


def compare(before: Fingerprint, after: Fingerprint) -> tuple[Change, ...]:
    """Return what is compared, in the order of `Measure`; none with fewer than `ENOUGH` messages.

    A share is called much different when it is a quarter more or less than before, a message in a
    hundred at least, and more than chance explains. Favourite words are only compared with
    enough messages.
    """
    if min(before.messages, after.messages) < ENOUGH:
        return ()
    changes = list(differences(before, after))
    if min(before.messages, after.messages) >= _ENOUGH_FOR_WORDS and before.words:
        changes.append(_words(before, after))
    return tuple(changes)


def differences(own: Fingerprint, other: Fingerprint) -> tuple[Change, ...]:
    """Return what `compare` does, but for the words, of however few messages.

    With few messages a share is only called much different where it is off by far.
    """
    changes = [
        _size(Measure.LENGTH, own.lengths.mean, other.lengths.mean),
        _size(Measure.BURST, own.burst_sizes.mean, other.burst_sizes.mean),
    ]
    for measure in Measure:
        if measure not in SIZES and measure is not Measure.WORDS:
            shares = (_habit(own, measure).share, _habit(other, measure).share)
            much = _differ(shares, (own.messages, other.messages))
            changes.append(Change(measure, *shares, much))
    return tuple(changes)


def _habit(told: Fingerprint, measure: Measure) -> Habit:
    if measure in _MARK:
        return told.marks[_MARK[measure]]
    habits = {
        Measure.KAOMOJI: told.kaomoji,
        Measure.CODES: told.codes,
        Measure.EMOJI: told.emoji,
        Measure.LAUGHTER: told.laughter,
        Measure.PARTICLES: told.particles,
    }
    return habits[measure]


def _size(measure: Measure, before: float, after: float) -> Change:
    return Change(measure, before, after, abs(after - before) > _MUCH * before)


def _differ(shares: tuple[float, float], messages: tuple[int, int]) -> bool:
    before, after = shares
    apart = abs(after - before)
    if apart < max(_MUCH * before, _LEAST):
        return False
    if not min(messages):
        return False
    together = (before * messages[0] + after * messages[1]) / sum(messages)
    error = math.sqrt(together * (1 - together) * (1 / messages[0] + 1 / messages[1]))
    return apart > _CERTAIN * error


def _words(before: Fingerprint, after: Fingerprint) -> Change:
    """Return how many of the favourite words stayed; half of them gone is much."""
    held = [each.text for each in before.words[:_WORDS]]
    still = {each.text for each in after.words}
    share = sum(word in still for word in held) / len(held)
    return Change(Measure.WORDS, 1.0, share, share <= 1 / 2)
