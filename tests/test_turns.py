"""Slow tests take turns, and none is left out for ever."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from tests.examples import PARTS, out_of_turn, part_of_this_hour

if TYPE_CHECKING:
    import pytest


@dataclass(frozen=True)
class Named:
    """What is asked of a test here."""

    name: str
    slow: bool

    def get_closest_marker(self, name: str) -> str | None:
        return name if self.slow else None


def taken(tests: list[Named], part: int) -> list[str]:
    left_out = out_of_turn(cast("list[pytest.Item]", tests), str(part))
    return [test.name for test in tests if cast("pytest.Item", test) not in left_out]


def test_each_slow_test_is_in_one_part_and_every_other_one_in_all() -> None:
    tests = [Named(f"{place}", slow=place % 3 != 0) for place in range(100)]
    parts = [taken(tests, part) for part in range(1, PARTS + 1)]
    for test in tests:
        assert sum(test.name in part for part in parts) == (1 if test.slow else PARTS)


def test_the_slow_ones_beside_each_other_are_in_different_parts() -> None:
    tests = [Named(f"{place}", slow=True) for place in range(PARTS)]
    assert all(len(taken(tests, part)) == 1 for part in range(1, PARTS + 1))


def test_it_is_the_turn_of_a_part_that_there_is() -> None:
    assert int(part_of_this_hour()) in range(1, PARTS + 1)
