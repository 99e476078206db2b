"""How long work tells how far it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Progress = Callable[[str, int, int], None]
"""Called with a stage's key, how much is done and how much there is.

An exception raised inside it stops the work; what was not finished is rolled back.
"""

CHANGE_STAGE: Final = "change"
"""The stage in which what was asked for is done."""


def ignore(_stage: str, _done: int, _total: int) -> None:
    """Take no notice."""
