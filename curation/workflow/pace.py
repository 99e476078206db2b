"""How fast somebody reviews, and how long what is left will take."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.store.pace import Step

PAUSE: Final = 300
"""Seconds without any action after which somebody is taken to be away."""

_LEAST_DECIDED: Final = 20
_LEAST_SECONDS: Final = 120
_ENOUGH: Final = 600
"""Decisions that are looked at, the newest first: one gets quicker, and the work changes."""

_BLOCK: Final = 20
_LEAST_BLOCKS: Final = 4
_HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class Forecast:
    """How long the rest takes: conversations an hour, and seconds of work left, from least to most.

    The range is where the paces of the middle half of the work lead to; without enough of it,
    both ends are the same.
    """

    an_hour: float
    least: float
    most: float


def forecast(steps: Sequence[Step], left: int) -> Forecast | None:
    """Return how long `left` conversations take at the pace of `steps`, which are oldest first.

    Only time at work counts: what lies between two actions, unless it is longer than `PAUSE`.
    Edits and undone decisions take their time too. None where there is too little to go by, or
    nothing left.
    """
    took = _took(steps)
    worked = sum(took)
    if left <= 0 or len(took) < _LEAST_DECIDED or worked < _LEAST_SECONDS:
        return None
    each = worked / len(took)
    blocks = [
        sum(took[at : at + _BLOCK]) / _BLOCK for at in range(0, len(took) - _BLOCK + 1, _BLOCK)
    ]
    least = most = each
    if len(blocks) >= _LEAST_BLOCKS:
        quarter, _half, three = statistics.quantiles(blocks, n=4)
        least, most = min(each, quarter), max(each, three)
    return Forecast(_HOUR / each, least * left, most * left)


def _took(steps: Sequence[Step]) -> list[float]:
    """Return the seconds at work behind each decision, newest first.

    The first decision after a pause has none that is known and is left out.
    """
    taken: list[float] = []
    waiting: float | None = None
    for before, step in pairwise(steps):
        apart = step.at - before.at
        if not 0 <= apart <= PAUSE:
            waiting = None
            continue
        waiting = apart + (waiting or 0)
        if step.decided:
            taken.append(waiting)
            waiting = None
    return taken[: -_ENOUGH - 1 : -1]
