"""What a loss curve says, in words, and the numbers behind it.

The signs are those that people who tune personas report: the validation loss turns up while the
training loss goes on falling, the two come apart by more than about 0.5, the training loss falls
below about 0.5 with a few hundred conversations. The other limits are judgement; the tests name
curves on both sides of each.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import TYPE_CHECKING, Final

from curation.errors import N_
from curation.training.curves import smoothed, weight_for
from curation.training.recipe import FEW
from curation.training.told import Told, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.training.logs import Point, Run

ENOUGH: Final = 8
"""Fewer training losses say nothing."""
RISES: Final = 2
"""Measurements after the lowest one that have to lie above it."""
RISE: Final = 0.01
"""By so much of the lowest validation loss has the last to lie above it."""
GAP: Final = 0.5
BY_HEART: Final = 0.5
ROUGH: Final = 0.25
"""How much one loss differs from the next, as a share of their height."""
FALL: Final = 0.02
"""By so much has a loss to fall in the last third to be called falling."""
LEARNT: Final = 0.05
"""By so much has a loss to fall in all to have learnt anything."""
BLOWN_UP: Final = 1.5
"""Losses that end so many times as high as usual have blown up."""
_IN_A_ROW: Final = 3
_LEAST_STARTED: Final = 0.1


class Kind(StrEnum):
    """What a curve looks like."""

    EMPTY = "empty"
    EARLY = "early"
    DIVERGED = "diverged"
    OVERFITTING = "overfitting"
    BY_HEART = "by_heart"
    JUMPY = "jumpy"
    FLAT = "flat"
    FALLING = "falling"
    SETTLED = "settled"


GOOD: Final = frozenset({Kind.FALLING, Kind.SETTLED})
WAITING: Final = frozenset({Kind.EMPTY, Kind.EARLY})


@dataclass(frozen=True, slots=True)
class Fact:
    """A number behind a verdict: what it is, and how it reads."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a curve looks like, what it means, what to do, and the numbers behind it.

    `step` is where to stop, or where it went wrong; None where there is no such place.
    """

    kind: Kind
    says: Told
    advice: Told
    facts: tuple[Fact, ...] = ()
    step: int | None = None


@dataclass(frozen=True, slots=True)
class _Curve:
    """The losses of a run as the rules look at them."""

    run: Run
    trained: Sequence[Point]
    losses: Sequence[float]
    line: Sequence[float]
    measured: Sequence[Point]
    evals: Sequence[float]

    @property
    def now(self) -> float:
        """The training loss of the last steps: the smoothed line lags behind."""
        last = self.losses[-max(_IN_A_ROW, len(self.losses) // 20) :]
        return sum(last) / len(last)

    @property
    def gap(self) -> float | None:
        """By how much the last validation loss lies above the training loss."""
        return self.evals[-1] - self.now if self.evals and self.losses else None


def judge(run: Run, records: int = 0) -> Verdict:
    """Return what the curve of a run says; `records` is the dataset's size, 0 for unknown."""
    trained = [each for each in run.trained if _is_number(each.loss)]
    losses = [float(each.loss or 0.0) for each in trained]
    measured = [each for each in run.measured if _is_number(each.eval_loss)]
    evals = [float(each.eval_loss or 0.0) for each in measured]
    line = smoothed(losses, weight_for(len(losses)))
    curve = _Curve(run, trained, losses, line, measured, evals)
    for rule in (_diverged, _empty, _overfitting):
        if found := rule(curve):
            return found
    if found := _by_heart(curve, records):
        return found
    for rule in (_early, _jumpy, _flat, _falling):
        if found := rule(curve):
            return found
    return Verdict(
        Kind.SETTLED,
        told(N_("The loss fell and has settled: it has learnt what it will.")),
        told(N_("Take the last state, or the one with the lowest validation loss, and chat.")),
        _facts(curve),
    )


def _is_number(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _facts(curve: _Curve) -> tuple[Fact, ...]:
    found: list[Fact] = []
    if curve.line:
        found += [
            Fact(N_("Training loss at the start"), f"{curve.line[0]:.3f}"),
            Fact(N_("Training loss now"), f"{curve.now:.3f}"),
        ]
    if curve.evals:
        low = _lowest(curve.evals)
        found += [
            Fact(
                N_("Lowest validation loss"),
                f"{curve.evals[low]:.3f} @ {curve.measured[low].step:,}",
            ),
            Fact(N_("Last validation loss"), f"{curve.evals[-1]:.3f}"),
        ]
    if curve.gap is not None:
        found.append(Fact(N_("Validation above training"), f"{curve.gap:+.3f}"))
    if len(curve.losses) >= ENOUGH:
        found.append(Fact(N_("From one loss to the next"), f"± {100 * _roughness(curve):.0f} %"))
    return tuple(found)


def _lowest(evals: Sequence[float]) -> int:
    return min(range(len(evals)), key=evals.__getitem__)


def _roughness(curve: _Curve) -> float:
    """Return how much the later half of the losses jumps, as a share of their height."""
    later = curve.losses[len(curve.losses) // 2 :]
    height = sum(later) / len(later)
    if len(later) < RISES or height <= 0:
        return 0.0
    squares = [(second - first) ** 2 for first, second in itertools.pairwise(later)]
    return math.sqrt(sum(squares) / len(squares) / 2) / height


def _diverged(curve: _Curve) -> Verdict | None:
    at = curve.run.broken_at
    if at is None:
        at = _zeros_from(curve)
    advice = told(
        N_("Stop it and halve the learning rate; if it breaks again, choose the other precision.")
    )
    if at is not None:
        return Verdict(
            Kind.DIVERGED,
            told(
                N_("From step {step} on the loss is no number any more: it broke."), step=f"{at:,}"
            ),
            advice,
            _facts(curve),
            at,
        )
    if len(curve.losses) < ENOUGH:
        return None
    usual = min(median(curve.losses), median(curve.losses[: len(curve.losses) // 3]))
    last = curve.losses[-_IN_A_ROW:]
    if min(last) <= BLOWN_UP * usual:
        return None
    step = curve.trained[_lowest(curve.line)].step
    return Verdict(
        Kind.DIVERGED,
        told(
            N_("Since step {step} the loss climbs, from about {low} to {now}: it blew up."),
            step=f"{step:,}",
            low=f"{usual:.2f}",
            now=f"{sum(last) / len(last):.2f}",
        ),
        advice,
        _facts(curve),
        step,
    )


def _zeros_from(curve: _Curve) -> int | None:
    """Return from which step on the loss is exactly 0: trainers write that for what is no number.

    transformers leaves such losses out of the mean it logs (`logging_nan_inf_filter`).
    """
    first = len(curve.losses)
    while first and curve.losses[first - 1] == 0:
        first -= 1
    if len(curve.losses) - first < _IN_A_ROW:
        return None
    before = curve.losses[first - 1] if first else 1.0
    # A loss that goes to nothing by itself goes there in small steps.
    return curve.trained[first].step if before > _LEAST_STARTED else None


def _empty(curve: _Curve) -> Verdict | None:
    if curve.losses or curve.evals:
        return None
    return Verdict(
        Kind.EMPTY,
        told(N_("No loss was logged yet.")),
        told(N_("Loading a model takes some minutes; the first numbers come after that.")),
    )


def _overfitting(curve: _Curve) -> Verdict | None:
    if len(curve.evals) <= RISES:
        return None
    low = _lowest(curve.evals)
    after = curve.evals[low + 1 :]
    lowest = curve.evals[low]
    rose = len(after) >= RISES and all(each > lowest for each in after[-RISES:])
    if not rose or after[-1] < lowest * (1 + RISE) or not _falls_since(curve, low):
        return None
    step = curve.measured[low].step
    return Verdict(
        Kind.OVERFITTING,
        told(
            N_(
                "Since step {step} it learns by heart: the validation loss rose from {low} to {now}"
                " while the training loss went on falling."
            ),
            step=f"{step:,}",
            low=f"{lowest:.2f}",
            now=f"{curve.evals[-1]:.2f}",
        ),
        told(
            N_("Stop, and take the state saved at step {step} (checkpoint-{number})."),
            step=f"{step:,}",
            number=step,
        ),
        _facts(curve),
        step,
    )


def _falls_since(curve: _Curve, low: int) -> bool:
    """Whether the training loss is lower now than at the measurement `low`."""
    step = curve.measured[low].step
    then = next(
        (
            height
            for point, height in zip(reversed(curve.trained), reversed(curve.line), strict=True)
            if point.step <= step
        ),
        None,
    )
    return bool(curve.line) and (then is None or curve.line[-1] < then)


def _by_heart(curve: _Curve, records: int) -> Verdict | None:
    if len(curve.losses) < ENOUGH or curve.now >= BY_HEART:
        return None
    apart = curve.gap is not None and curve.gap > GAP
    few = curve.gap is None and 0 < records < FEW
    if not apart and not few:
        return None
    values = {"now": f"{curve.now:.2f}", "n": f"{records:,}"}
    says = (
        told(
            N_(
                "Its own lines it knows ({now}), new ones it does not ({new}): there is too little"
                " to learn from."
            ),
            now=values["now"],
            new=f"{curve.evals[-1]:.2f}",
        )
        if apart
        else told(
            N_("A loss of {now} with {n} conversations means that it knows them by heart."),
            **values,
        )
    )
    return Verdict(
        Kind.BY_HEART,
        says,
        told(N_("Add conversations; until then fewer epochs, a lower rank and more dropout.")),
        _facts(curve),
    )


def _early(curve: _Curve) -> Verdict | None:
    if len(curve.losses) >= ENOUGH:
        return None
    return Verdict(
        Kind.EARLY,
        told(N_("{n} losses are too few to say anything."), n=len(curve.losses)),
        told(N_("Let it go on.")),
        _facts(curve),
    )


def _jumpy(curve: _Curve) -> Verdict | None:
    rough = _roughness(curve)
    if rough <= ROUGH:
        return None
    return Verdict(
        Kind.JUMPY,
        told(
            N_("The loss jumps by {percent} % from one value to the next, too much to learn well."),
            percent=f"{100 * rough:.0f}",
        ),
        told(N_("Halve the learning rate or the rank, or let more conversations make a step.")),
        _facts(curve),
    )


def _flat(curve: _Curve) -> Verdict | None:
    start, end = _level(curve.losses, 0), _level(curve.losses, -1)
    if start <= 0 or 1 - end / start >= LEARNT:
        return None
    return Verdict(
        Kind.FLAT,
        told(
            N_("The loss hardly moves: {start} at the start, {now} now."),
            start=f"{start:.2f}",
            now=f"{end:.2f}",
        ),
        told(N_("Double the learning rate or the rank, and see that the template is the model's.")),
        _facts(curve),
    )


def _falling(curve: _Curve) -> Verdict | None:
    middle, end = _level(curve.losses, 1), _level(curve.losses, -1)
    chance = _roughness(curve) * math.sqrt(2 / max(1, len(curve.losses) // 3))
    if middle <= 0 or 1 - end / middle < max(FALL, chance):
        return None
    if len(curve.evals) > 1 and curve.evals[-1] > min(curve.evals):
        return None
    advice = (
        told(N_("Let it go on; if it ends like this, another epoch will still help."))
        if curve.evals
        else told(
            N_("Go on, but look at the answers: without validation nothing tells when to stop.")
        )
    )
    return Verdict(
        Kind.FALLING,
        told(
            N_("The loss still falls, from {before} to {now} in the last third."),
            before=f"{middle:.2f}",
            now=f"{end:.2f}",
        ),
        advice,
        _facts(curve),
    )


def _level(losses: Sequence[float], third: int) -> float:
    """Return the mean loss of the first (0), the middle (1) or the last (-1) third."""
    length = max(1, len(losses) // 3)
    part = losses[-length:] if third < 0 else losses[third * length : (third + 1) * length]
    return sum(part) / len(part)
