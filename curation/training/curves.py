"""A loss as a line that can be looked at: smoothed, and no more points than a picture has room."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

DRAWN: Final = 400
"""Points of a line: a picture is hardly wider in pixels than twice that."""

USUAL_WEIGHT: Final = 0.9
"""How much of the line so far each new point keeps."""

Each = TypeVar("Each")


def smoothed(values: Sequence[float], weight: float = USUAL_WEIGHT) -> list[float]:
    """Return the exponential moving average, corrected for its start; NaN until a number came.

    A value that is no number leaves the average where it was.
    """
    average, share = 0.0, 0.0
    line: list[float] = []
    for value in values:
        if math.isfinite(value):
            average = weight * average + (1 - weight) * value
            share = weight * share + (1 - weight)
        line.append(average / share if share else math.nan)
    return line


def weight_for(count: int) -> float:
    """Return how much to smooth a line of so many points: over about a twentieth of it."""
    return min(0.98, max(0.0, 1 - 20 / max(count, 1)))


def thinned(points: Sequence[Each], values: Sequence[float], most: int = DRAWN) -> list[Each]:
    """Return at most `most` of the points: the first, the last, and the extremes in between.

    `values` are the points' heights, by which the highest and the lowest of each stretch are known.
    """
    if len(points) <= most:
        return list(points)
    stretches = max(1, (most - 2) // 2)
    inner = range(1, len(points) - 1)
    kept = {0, len(points) - 1}
    for number in range(stretches):
        part = inner[len(inner) * number // stretches : len(inner) * (number + 1) // stretches]
        finite = [at for at in part if math.isfinite(values[at])]
        if finite:
            kept.add(min(finite, key=values.__getitem__))
            kept.add(max(finite, key=values.__getitem__))
    return [points[at] for at in sorted(kept)]
