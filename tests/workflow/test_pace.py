from __future__ import annotations

import pytest

from curation.store.pace import Step
from curation.workflow.pace import PAUSE, forecast


def every(seconds: int, count: int, start: int = 0) -> list[Step]:
    return [Step(start + seconds * number, decided=True) for number in range(count)]


def test_an_even_pace_leads_to_one_number() -> None:
    told = forecast(every(10, 200), left=360)
    assert told is not None
    assert told.an_hour == pytest.approx(360)
    assert [told.least, told.most] == pytest.approx([3600, 3600])


def test_a_night_between_two_evenings_is_no_work() -> None:
    evenings = [*every(10, 101), *every(10, 101, start=86_400)]
    told = forecast(evenings, left=100)
    assert told is not None
    assert told.an_hour == pytest.approx(360)


def test_edits_take_time_and_decide_nothing() -> None:
    steps = [Step(10 * number, decided=number % 2 == 0) for number in range(401)]
    told = forecast(steps, left=180)
    assert told is not None
    assert told.an_hour == pytest.approx(180)
    assert told.least == pytest.approx(3600)


def test_an_uneven_pace_gives_a_range_around_the_mean() -> None:
    steps, now = [Step(0, decided=True)], 0
    for number in range(400):
        now += 5 if number // 40 % 2 else 35
        steps.append(Step(now, decided=True))
    told = forecast(steps, left=100)
    assert told is not None
    assert told.least == pytest.approx(500)
    assert told.most == pytest.approx(3500)
    assert told.least < 100 * 3600 / told.an_hour < told.most


def test_only_what_was_done_lately_counts() -> None:
    slow = every(60, 600)
    told = forecast([*slow, *every(6, 700, start=slow[-1].at + 3600)], left=10)
    assert told is not None
    assert told.an_hour == pytest.approx(600)


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        pytest.param([], 10, id="nothing done"),
        pytest.param(every(10, 15), 10, id="few decisions"),
        pytest.param(every(0, 500), 10, id="one bulk action, or a key held down"),
        pytest.param(every(PAUSE + 1, 500), 10, id="one now and then"),
        pytest.param([Step(10 * n, decided=False) for n in range(500)], 10, id="no decision"),
        pytest.param(every(10, 500), 0, id="nothing left"),
        pytest.param([*every(10, 15, start=9000), *every(10, 4)], 10, id="a clock set back"),
    ],
)
def test_too_little_to_go_by_says_nothing(steps: list[Step], left: int) -> None:
    assert forecast(steps, left) is None
