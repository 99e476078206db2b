"""How many examples a property is tried with: a third of what its test says, all by a variable."""

from __future__ import annotations

import os
from typing import Final

EVERY: Final = "RUWO_EXAMPLES"
"""The variable that lets every test try all the examples it names."""

_LEAST: Final = 10


def examples(many: int) -> int:
    """Return how many of so many examples are tried."""
    return many if os.environ.get(EVERY) else max(many // 3, min(many, _LEAST))
