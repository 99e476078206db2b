"""How much is tried: a part of the examples, the lengths and the slow tests, all by a variable."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

EVERY: Final = "RUWO_EXAMPLES"
"""The variable that lets every test try all the examples, and the whole lengths, it names."""

EVERYTHING: Final = bool(os.environ.get(EVERY))
PART: Final = "RUWO_PART"
"""The variable that says which part of the slow tests is run, from 1 on."""

PARTS: Final = 8
"""A run of all tests takes the slow ones in turn, a part each hour."""

IN_TURN: Final = "in_turn"
"""The mark of a slow test."""
_LEAST: Final = 10


def examples(many: int) -> int:
    """Return how many of so many examples are tried."""
    return many if EVERYTHING else max(many // 3, min(many, _LEAST))


def shortened(whole: int) -> int:
    """Return how long a text is that would be so long: a quarter of it.

    What takes sixteen times as long for the whole takes a quarter as long for each quarter of it:
    a limit that is to tell such growth is measured in lengths, too.
    """
    return whole if EVERYTHING else whole // 4


def part_of_this_hour() -> str:
    """Return whose turn it is."""
    return str(int(time.time()) // 3600 % PARTS + 1)


def out_of_turn(tests: Iterable[pytest.Item], part: str) -> set[pytest.Item]:
    """Return the slow ones of some tests that are not of a part.

    They are dealt out one by one in their order, so that a module's are in all parts.
    """
    slow = [test for test in tests if test.get_closest_marker(IN_TURN) is not None]
    return {test for place, test in enumerate(slow) if place % PARTS + 1 != int(part)}
