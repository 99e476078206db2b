"""How much is tried: a part of the examples and the lengths that tests say, all by a variable."""

from __future__ import annotations

import os
from typing import Final

EVERY: Final = "RUWO_EXAMPLES"
"""The variable that lets every test try all the examples, and the whole lengths, it names."""

EVERYTHING: Final = bool(os.environ.get(EVERY))
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
