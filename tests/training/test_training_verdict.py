"""What a loss curve says: a table of invented curves, each with its near-misses."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.training import GOOD, Kind, Point, Run, judge

if TYPE_CHECKING:
    from collections.abc import Sequence

EVERY = 10
"""Steps between two training losses."""


def run(losses: Sequence[float], evals: Sequence[float] = (), *, each: int = 0) -> Run:
    """Return a run with validation losses evenly between its training losses."""
    each = each or max(1, len(losses) // max(1, len(evals)))
    points: list[Point] = []
    left = list(evals)
    for number, loss in enumerate(losses, start=1):
        points.append(Point(number * EVERY, loss=loss))
        if number % each == 0 and left:
            points.append(Point(number * EVERY, eval_loss=left.pop(0)))
    broken = next((each.step for each in points if not math.isfinite(each.loss or 0.0)), None)
    return Run(tuple(points), broken_at=broken)


def falling(start: float, end: float, count: int, noise: float = 0.0) -> list[float]:
    """Return losses that fall evenly, each off by up to `noise` of its height."""
    chance = random.Random(7)  # noqa: S311  (a curve, no secret)
    way = [start + (end - start) * number / (count - 1) for number in range(count)]
    return [loss * (1 + chance.uniform(-noise, noise)) for loss in way]


def settling(start: float, end: float, count: int, noise: float = 0.0) -> list[float]:
    """Return losses that fall at first and then stay."""
    chance = random.Random(7)  # noqa: S311  (a curve, no secret)
    way = [end + (start - end) * math.exp(-8 * number / count) for number in range(count)]
    return [loss * (1 + chance.uniform(-noise, noise)) for loss in way]


@pytest.mark.parametrize(
    ("seen", "kind"),
    [
        pytest.param(run([]), Kind.EMPTY, id="nothing yet"),
        pytest.param(run([2.0] * 7), Kind.EARLY, id="seven are too few"),
        pytest.param(run(falling(3, 2, 8)), Kind.FALLING, id="eight are enough"),
        pytest.param(run([*falling(3, 2, 20), math.nan]), Kind.DIVERGED, id="no number"),
        pytest.param(run([math.inf]), Kind.DIVERGED, id="no number from the start"),
        pytest.param(run([*falling(3, 2, 20), 0, 0, 0]), Kind.DIVERGED, id="zeros for no number"),
        pytest.param(run([*falling(3, 2, 20), 0, 0]), Kind.FALLING, id="two zeros only"),
        pytest.param(run([*falling(3, 2, 20), 6, 8, 9]), Kind.DIVERGED, id="blows up"),
        pytest.param(run(falling(3, 9, 40)), Kind.DIVERGED, id="climbs from the start"),
        pytest.param(run([*settling(3, 2, 40), 9, 2, 2, 2]), Kind.JUMPY, id="one spike"),
        pytest.param(run(settling(3, 2, 60, 0.1)), Kind.SETTLED, id="usual noise"),
        pytest.param(run(settling(3, 2, 60, 0.3)), Kind.SETTLED, id="much noise"),
        pytest.param(run(settling(3, 2, 60, 0.7)), Kind.JUMPY, id="too much noise"),
        pytest.param(run([2.5, 2.5, 2.49] * 20), Kind.FLAT, id="does not move"),
        pytest.param(run(falling(2.5, 2.42, 60)), Kind.FLAT, id="hardly moves"),
        pytest.param(run(falling(2.5, 2.1, 60)), Kind.FALLING, id="moves"),
        pytest.param(
            run(falling(3, 1, 60), [2.6, 2.2, 2.1, 2.2, 2.3, 2.4]),
            Kind.OVERFITTING,
            id="turned up",
        ),
        pytest.param(
            run(falling(3, 1, 60), [2.1, 2.2, 2.3, 2.4]), Kind.OVERFITTING, id="from the first on"
        ),
        pytest.param(
            run(falling(3, 1, 60), [2.6, 2.2, 2.1, 2.0, 1.95, 2.1]),
            Kind.SETTLED,
            id="rose once only",
        ),
        pytest.param(
            run(falling(3, 1, 60), [2.6, 2.2, 2.1, 2.105, 2.103, 2.11]),
            Kind.SETTLED,
            id="rose by less than one percent",
        ),
        pytest.param(
            run(falling(3, 1, 60), [2.6, 2.0, 2.3, 2.2, 2.1, 1.9]),
            Kind.FALLING,
            id="rose and fell again",
        ),
        pytest.param(
            run([*falling(3, 2, 30), *falling(2, 2.4, 30)], [2.6, 2.2, 2.1, 2.2, 2.3, 2.4]),
            Kind.SETTLED,
            id="both rise, so it is not by heart",
        ),
        pytest.param(run(falling(3, 0.3, 60), [2.6, 2.2, 2.0, 1.9]), Kind.BY_HEART, id="far apart"),
        pytest.param(
            run(falling(3, 0.3, 60), [1.6, 1.2, 0.9, 0.7]), Kind.FALLING, id="low, and together"
        ),
        pytest.param(
            run(falling(3, 0.8, 60), [2.6, 2.2, 2.0, 1.9]), Kind.FALLING, id="apart, but not low"
        ),
    ],
)
def test_a_curve_is_told_for_what_it_is(seen: Run, kind: Kind) -> None:
    assert judge(seen).kind is kind


@pytest.mark.parametrize(
    ("records", "kind"), [(120, Kind.BY_HEART), (3000, Kind.FALLING), (0, Kind.FALLING)]
)
def test_a_low_loss_with_few_conversations_is_by_heart(records: int, kind: Kind) -> None:
    assert judge(run(falling(3, 0.3, 60)), records).kind is kind


def test_overfitting_names_the_state_to_take() -> None:
    verdict = judge(run(falling(3, 1, 60), [2.6, 2.2, 2.1, 2.2, 2.3, 2.4]))
    assert verdict.step == 300
    assert "2.10 to 2.40" in str(verdict.says)
    assert "checkpoint-300" in str(verdict.advice)
    facts = {fact.label: fact.value for fact in verdict.facts}
    assert facts["Lowest validation loss"] == "2.100 @ 300"
    assert facts["Last validation loss"] == "2.400"


def test_a_broken_run_names_the_step_and_what_to_do() -> None:
    verdict = judge(run([*falling(3, 2, 20), math.nan, 2.0]))
    assert verdict.step == 21 * EVERY
    assert "learning rate" in str(verdict.advice)


@given(
    st.lists(st.floats(allow_nan=True, width=32), max_size=60),
    st.lists(st.floats(0, 10), max_size=10),
    st.integers(0, 10_000),
)
def test_any_curve_gets_a_verdict_in_whole_sentences(
    losses: list[float], evals: list[float], records: int
) -> None:
    verdict = judge(run(losses, evals), records)
    assert str(verdict.says).endswith(".")
    assert str(verdict.advice).endswith(".")
    if any(not math.isfinite(loss) for loss in losses):
        assert verdict.kind is Kind.DIVERGED


@given(st.floats(1.5, 4), st.floats(0.55, 0.8), st.integers(20, 300), st.floats(0, 0.08))
def test_a_loss_that_falls_with_a_little_noise_is_never_called_bad(
    start: float, share: float, count: int, noise: float
) -> None:
    losses = falling(start, start * share, count, noise)
    assert judge(run(losses)).kind in GOOD
