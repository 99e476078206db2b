"""By what rules messages become conversations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, get_args

Mode = Literal["adaptive", "fixed"]
Unit = Literal["characters", "tokens"]

DEFAULT_GAP: Final = timedelta(minutes=30)
"""The pause that ends a conversation where nothing says better."""


@dataclass(frozen=True, slots=True)
class SplitRules:
    """How a chat is split.

    `mode`: whether each chat's gap is found from its own pauses or is `gap` for all. `burst`: one
    side's messages not further apart than this are never parted by a gap. `limit`: the longest
    conversation in `unit`, 0 for none.
    """

    mode: Mode = "adaptive"
    gap: timedelta = DEFAULT_GAP
    burst: timedelta = timedelta(minutes=3)
    limit: int = 0
    unit: Unit = "characters"

    def __post_init__(self) -> None:
        if self.mode not in get_args(Mode) or self.unit not in get_args(Unit):
            msg = "no such mode or unit"
            raise ValueError(msg)
        if self.gap < timedelta() or self.burst < timedelta() or self.limit < 0:
            msg = "gap, burst and limit are not below zero"
            raise ValueError(msg)
