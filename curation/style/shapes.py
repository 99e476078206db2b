"""What is known of a person's style, with its units."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LENGTH_STEPS: Final = (1, 3, 6, 11, 21, 41, 81)
"""Where the steps of a message's length in characters begin; the last one has no end."""

BURST_STEPS: Final = (1, 2, 3, 4, 6, 9)
"""Where the steps of a burst's size in messages begin; the last one has no end."""

MARKS: Final = ("~", "!", "?", "…", "。", "!!")
"""Punctuation that tells a voice: tilde, exclamation and question mark, ellipsis, full stop, and
two or more exclamation or question marks in a row; half- and full-width are counted together."""


@dataclass(frozen=True, slots=True)
class Often:
    """Something a person writes, to the letter, and how many times."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Habit:
    """How often something is done.

    `share` of the messages, from 0 to 1, hold it at least once; `per_hundred` is how many there
    are in a hundred messages. `top` is what is written most, to the letter, most first.
    """

    share: float = 0.0
    per_hundred: float = 0.0
    top: tuple[Often, ...] = ()


@dataclass(frozen=True, slots=True)
class Spread:
    """How sizes are spread: mean and the sizes below which a share of them lies.

    `shares` (0 to 1) say how many fall into each step of `LENGTH_STEPS` or `BURST_STEPS`.
    """

    mean: float = 0.0
    p10: int = 0
    p25: int = 0
    median: int = 0
    p75: int = 0
    p90: int = 0
    shares: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Background:
    """How others write: so many `messages`, and in how many of them each word stands."""

    messages: int = 0
    words: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """How one person writes.

    `messages` and `bursts` say how much was read; a burst is what a person writes in a row before
    somebody else does. `lengths` are characters of a message, `burst_sizes` messages of a burst.
    `kaomoji` are faces made of characters, `codes` stickers as text such as `[旺柴]`, `laughter`
    what is laughed in writing (哈哈, hhh, 233), `particles` what a message ends with (呀, 啦).
    `marks` are the habits of punctuation by `MARKS`, without `top`. `words` are the words that tell
    this person from what everybody writes, the most telling first; `openings` and `closings` are
    how messages of several words begin and end, most frequent first.
    """

    messages: int = 0
    bursts: int = 0
    lengths: Spread = field(default_factory=Spread)
    burst_sizes: Spread = field(default_factory=Spread)
    kaomoji: Habit = field(default_factory=Habit)
    codes: Habit = field(default_factory=Habit)
    emoji: Habit = field(default_factory=Habit)
    laughter: Habit = field(default_factory=Habit)
    particles: Habit = field(default_factory=Habit)
    marks: Mapping[str, Habit] = field(default_factory=dict)
    words: tuple[Often, ...] = ()
    openings: tuple[Often, ...] = ()
    closings: tuple[Often, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the fingerprint as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Fingerprint:
        """Return the fingerprint that `to_json` told."""
        habits = ("kaomoji", "codes", "emoji", "laughter", "particles")
        return cls(
            messages=told["messages"],
            bursts=told["bursts"],
            lengths=_spread(told["lengths"]),
            burst_sizes=_spread(told["burst_sizes"]),
            marks={name: _habit(each) for name, each in told["marks"].items()},
            words=_often(told["words"]),
            openings=_often(told["openings"]),
            closings=_often(told["closings"]),
            **{name: _habit(told[name]) for name in habits},
        )


def _often(told: list[Mapping[str, Any]]) -> tuple[Often, ...]:
    return tuple(Often(**each) for each in told)


def _habit(told: Mapping[str, Any]) -> Habit:
    return Habit(told["share"], told["per_hundred"], _often(told["top"]))


def _spread(told: Mapping[str, Any]) -> Spread:
    return Spread(**{**told, "shares": tuple(told["shares"])})
