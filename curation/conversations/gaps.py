"""After how long a pause a chat's conversation is over: the valley between two kinds of pauses.

Pauses within a conversation last seconds to minutes, those between conversations hours. On a
logarithmic scale they form two hills; the lowest place between them is the chat's gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from curation.conversations.rules import DEFAULT_GAP

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SHORTEST_GAP: Final = timedelta(minutes=10)
LONGEST_GAP: Final = timedelta(minutes=120)

_FEWEST_PAUSES: Final = 20
_MINUTE: Final = 60
_EDGES: Final = 10.0 ** np.linspace(-1, 4, 51)
"""Edges of the plotted bins in minutes: 6 seconds to 7 days, ten bins a power of ten."""

_STEP: Final = 0.01
_PLACES: Final = np.arange(-2.5, 4.6, _STEP)
"""Where the smoothed curve is known: log10 of minutes, a fifth of a second to a month."""

_WIDTHS: Final = (0.1, 0.25)
"""Narrowest and widest smoothing (standard deviation in powers of ten).

Below the narrowest, times without seconds show a tooth for every minute; above the widest the two
hills become one.
"""

_SEARCHED: Final = (
    np.log10([SHORTEST_GAP.seconds / _MINUTE, LONGEST_GAP.seconds / _MINUTE]),
    np.log10([2.0, 12 * 60.0]),
)
"""Where a valley is looked for: first where a gap may lie, then around it.

The dip between an afternoon's and a night's pauses is often deeper than the one wanted, so the
wider range counts only if the inner one has no valley.
"""

_SURE: Final = 2.5
"""By how many standard deviations the lower hill must rise above the valley."""

_DEEP: Final = 0.9
"""The valley is at most so high, measured by the lower hill."""


@dataclass(frozen=True, slots=True)
class GapHistogram:
    """How often a chat paused for how long, and which gap follows from it.

    `edges_minutes` are the edges of the bins of `counts`, one more than those, evenly spaced on a
    logarithmic scale; shorter and longer pauses count in the outer bins. `valley_minutes` is what
    `adaptive_gap` returns; `found` is false where there is no clear valley and it is the usual gap.
    """

    edges_minutes: tuple[float, ...]
    counts: tuple[int, ...]
    valley_minutes: float
    found: bool


def adaptive_gap(times_seconds: Iterable[int]) -> timedelta:
    """Return the gap that suits one chat, in whole minutes between 10 and 120.

    `times_seconds` are the times of its messages in any order. Where there are too few pauses, or
    no valley between short and long ones, it is 30 minutes.
    """
    valley = _valley(_pauses(times_seconds))
    return DEFAULT_GAP if valley is None else timedelta(minutes=valley)


def gap_histogram(times_seconds: Iterable[int]) -> GapHistogram:
    """Return the pauses of one chat in bins for a plot; `times_seconds` as in `adaptive_gap`."""
    pauses = _pauses(times_seconds)
    valley = _valley(pauses)
    inside = np.clip(pauses / _MINUTE, _EDGES[0], np.nextafter(_EDGES[-1], 0))
    counts = np.histogram(inside, _EDGES)[0]
    return GapHistogram(
        edges_minutes=tuple(_EDGES.tolist()),
        counts=tuple(counts.tolist()),
        valley_minutes=DEFAULT_GAP.total_seconds() / _MINUTE if valley is None else float(valley),
        found=valley is not None,
    )


def _pauses(times_seconds: Iterable[int]) -> Floats:
    """Return the pauses in seconds; two messages at the same time are half a tick apart.

    A clock that shows no seconds has ticks of a minute: without this, all that was said within a
    minute would be left out of the short pauses.
    """
    times = np.sort(np.asarray(times_seconds, dtype="int64"))
    if len(times) == 0:
        return np.empty(0)
    tick = _MINUTE if not (times % _MINUTE).any() else 1
    return np.maximum(np.diff(times), tick / 2)


def _valley(pauses: Floats) -> int | None:
    """Return the minutes at the valley, held between the shortest and the longest gap."""
    if len(pauses) < _FEWEST_PAUSES:
        return None
    curve = _smoothed(np.log10(pauses / _MINUTE))
    for first, last in _SEARCHED:
        place = _lowest_between_hills(curve, float(first), float(last))
        if place is not None:
            minutes = np.clip(
                10**place, SHORTEST_GAP.seconds / _MINUTE, LONGEST_GAP.seconds / _MINUTE
            )
            return round(float(minutes))
    return None


def _smoothed(logs: Floats) -> Floats:
    """Return how many pauses lie around each of `_PLACES`, weighted by a bell of height 1."""
    cells = np.round((np.clip(logs, _PLACES[0], _PLACES[-1]) - _PLACES[0]) / _STEP)
    counts = np.bincount(cells.astype("int64"), minlength=len(_PLACES))
    # Fewer pauses need more smoothing; the fifth root is the usual rule for density estimates.
    width = float(np.clip(0.5 * len(logs) ** -0.2, *_WIDTHS))
    reach = np.arange(-round(4 * width / _STEP), round(4 * width / _STEP) + 1) * _STEP
    return np.convolve(counts, np.exp(-0.5 * (reach / width) ** 2), mode="same")


def _lowest_between_hills(curve: Floats, first: float, last: float) -> float | None:
    """Return the place in [first, last] that lies deepest below the lower of its two hills.

    None where no place is clearly lower than both.
    """
    hill = np.minimum(np.maximum.accumulate(curve), np.maximum.accumulate(curve[::-1])[::-1])
    searched = np.clip(_PLACES, first, last) == _PLACES
    depth = np.where(searched, hill - curve, -1.0)
    deepest = int(depth.argmax())
    if depth[deepest] <= 0:
        return None
    clear = depth[deepest] > _SURE * np.sqrt(hill[deepest] + curve[deepest])
    if not clear or curve[deepest] > _DEEP * hill[deepest]:
        return None
    # Where nothing at all lies between the hills, any place is as low: take the middle.
    flat = np.flatnonzero(depth >= depth[deepest] - 1e-9)
    return float(_PLACES[flat].mean())
