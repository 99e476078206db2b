"""A chat's gap lies in the valley between pauses within talks and pauses between them."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.conversations import DEFAULT_GAP, adaptive_gap, gap_histogram

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SEEDS = range(5)
USUAL = DEFAULT_GAP / timedelta(minutes=1)


def chat(
    seed: int, *, messages: int, within: float, between: float, talks: float, spread: float = 0.8
) -> NDArray[np.int64]:
    """Return times of a chat: pauses around `within` seconds, a share around `between` minutes."""
    draw = np.random.default_rng(seed)
    pauses = np.where(
        draw.random(messages) < talks,
        draw.lognormal(np.log(between * 60), 0.6, messages),
        draw.lognormal(np.log(within), spread, messages),
    )
    return 1_700_000_000 + np.cumsum(pauses.astype("int64"))


def chatter(seed: int, days: int) -> NDArray[np.int64]:
    """Return times of a group that chats all day long and sleeps for eight hours."""
    draw = np.random.default_rng(seed)
    day = np.arange(8 * 3600, 24 * 3600)
    return np.concatenate(
        [86400 * number + day[draw.random(len(day)) < 1 / 40] for number in range(days)]
    )


def minutes_of(times: Sequence[int] | NDArray[np.int64]) -> float:
    return adaptive_gap(times) / timedelta(minutes=1)


# For each chat: the pauses it was made of, and where a person would see the valley.
CHATS = [
    pytest.param({"within": 20, "between": 300, "talks": 0.06}, 10, 45, id="seconds and hours"),
    pytest.param({"within": 180, "between": 600, "talks": 0.2}, 40, 80, id="minutes and a night"),
    pytest.param({"within": 500, "between": 600, "talks": 0.3}, 65, 110, id="slow"),
    pytest.param(
        {"within": 30, "between": 180, "talks": 0.08, "spread": 1.3}, 15, 60, id="wide hills"
    ),
    pytest.param({"within": 4, "between": 25, "talks": 0.1}, 10, 10, id="held up at ten minutes"),
    pytest.param(
        {"within": 3600, "between": 2000, "talks": 0.3}, 120, 120, id="held down at two hours"
    ),
]


@pytest.mark.parametrize(("made", "least", "most"), CHATS)
@pytest.mark.parametrize("messages", [400, 4000])
def test_the_valley_is_found(made: dict[str, float], least: int, most: int, messages: int) -> None:
    found = [minutes_of(chat(seed, messages=messages, **made)) for seed in SEEDS]
    assert all(least <= minutes <= most for minutes in found), found


@pytest.mark.parametrize(("made", "least", "most"), CHATS)
def test_clocks_without_seconds_do_as_well(made: dict[str, float], least: int, most: int) -> None:
    found = [minutes_of(chat(seed, messages=4000, **made) // 60 * 60) for seed in SEEDS]
    assert all(least <= minutes <= most for minutes in found), found


@pytest.mark.parametrize("within", [0, 10, 60])
def test_nothing_at_all_between_the_hills_gives_the_middle_of_what_a_gap_may_be(
    within: int,
) -> None:
    # 35 minutes are as far from 10 as from 120 on a logarithmic scale. At 0, all that is said in a
    # talk has the same minute of the clock.
    times = [60_000 * talk + within * line for talk in range(50) for line in range(10)]
    assert gap_histogram(times).found
    assert 30 <= minutes_of(times) <= 40


def test_a_group_that_never_stops_ends_its_talks_at_night() -> None:
    assert all(20 <= minutes_of(chatter(seed, days=30)) <= 120 for seed in SEEDS)


@pytest.mark.parametrize(
    "times",
    [
        pytest.param([], id="no message"),
        pytest.param([5], id="one message"),
        pytest.param([7] * 500, id="all at the same time"),
        pytest.param([0, 10, 20, 36_000, 36_010], id="too few"),
        pytest.param(list(range(0, 500 * 40, 40)), id="one hill"),
    ],
)
def test_without_a_valley_the_gap_is_the_usual_one(times: list[int]) -> None:
    assert adaptive_gap(times) == DEFAULT_GAP
    histogram = gap_histogram(times)
    assert not histogram.found
    assert histogram.valley_minutes == USUAL


@pytest.mark.parametrize("seed", SEEDS)
def test_one_kind_of_pauses_has_no_valley(seed: int) -> None:
    times = chat(seed, messages=3000, within=60, between=1, talks=0, spread=1.3)
    assert not gap_histogram(times).found


@pytest.mark.parametrize(("kept", "found"), [(0.95, False), (0.5, True)])
def test_a_shallow_dip_is_no_valley_however_many_pauses_show_it(kept: float, found: bool) -> None:  # noqa: FBT001  (a column of the table)
    pauses = 10 ** np.linspace(1, 4.9, 100_000)
    dip = (pauses > 20 * 60) & (pauses < 60 * 60)
    left_out = dip & (np.arange(len(pauses)) % 100 >= 100 * kept)
    times = np.cumsum(pauses[~left_out].astype("int64"))
    assert gap_histogram(times).found is found


@given(times=st.lists(st.integers(0, 10**10), max_size=60), data=st.data())
def test_any_times_give_a_gap_within_bounds_in_any_order(
    times: list[int], data: st.DataObject
) -> None:
    gap = adaptive_gap(times)
    assert timedelta(minutes=10) <= gap <= timedelta(minutes=120)
    assert gap % timedelta(minutes=1) == timedelta()
    assert adaptive_gap(data.draw(st.permutations(times))) == gap


@given(times=st.lists(st.integers(0, 10**10), max_size=60))
def test_the_histogram_counts_every_pause_once(times: list[int]) -> None:
    histogram = gap_histogram(times)
    assert sum(histogram.counts) == max(len(times) - 1, 0)
    assert len(histogram.edges_minutes) == len(histogram.counts) + 1
    assert timedelta(minutes=histogram.valley_minutes) == adaptive_gap(times)
    ratios = [after / before for before, after in pairwise(histogram.edges_minutes)]
    assert max(ratios) == pytest.approx(min(ratios))


def test_a_pause_counts_in_its_bin() -> None:
    histogram = gap_histogram([0, 300])
    place = histogram.counts.index(1)
    assert histogram.edges_minutes[place] <= 5 < histogram.edges_minutes[place + 1]
    assert gap_histogram([0, 10**9]).counts[-1] == 1
    assert gap_histogram([7, 7]).counts[0] == 1


def test_the_same_minute_of_a_clock_without_seconds_is_half_a_minute() -> None:
    histogram = gap_histogram([60, 60])
    place = histogram.counts.index(1)
    assert histogram.edges_minutes[place] <= 0.5 < histogram.edges_minutes[place + 1]
