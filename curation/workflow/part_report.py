"""What was written of one part of a dataset, in numbers."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

QUANTILES: Final = (0, 5, 25, 50, 75, 95, 99, 100)
_FIRST_BIN: Final = 32


@dataclass(frozen=True, slots=True)
class PartReport:
    """How conversations became the records of a part.

    `records` = `conversations` - `joined`, which stand behind another one in its record, + `cut`
    and `windows`, the records that a conversation gave beside its first. `turns` are counted once
    each; `repeated` is how often one stands in a further window. `too_long` turns are left out:
    with the other one of their pair they are longer than a record may be. `lengths` are the tokens
    of each record.
    """

    conversations: int = 0
    records: int = 0
    joined: int = 0
    cut: int = 0
    windows: int = 0
    turns: int = 0
    repeated: int = 0
    too_long: int = 0
    lengths: Sequence[int] = field(default_factory=lambda: array("q"))

    def adds_up(self) -> bool:
        """Whether no record came from nowhere or went there."""
        return (
            self.records == self.conversations - self.joined + self.cut + self.windows
            and self.records == len(self.lengths)
        )

    def quantiles(self) -> dict[int, int]:
        """Return the length, in tokens, that so many of a hundred records do not exceed."""
        ordered = sorted(self.lengths)
        last = len(ordered) - 1
        return {each: ordered[-(-last * each // 100)] for each in QUANTILES} if ordered else {}

    def bins(self) -> list[tuple[int, int]]:
        """Return how many records are at most so many tokens long and longer than the bin before.

        The bounds double from 32 on.
        """
        if not self.lengths:
            return []
        bounds = [_FIRST_BIN]
        while bounds[-1] < max(self.lengths):
            bounds.append(2 * bounds[-1])
        counts = [0] * len(bounds)
        for length in self.lengths:
            counts[bisect_left(bounds, length)] += 1
        return list(zip(bounds, counts, strict=True))

    def to_json(self) -> dict[str, Any]:
        """Return the numbers as the JSON values of `report.json`."""
        names = ("conversations", "records", "joined", "cut", "windows")
        return {
            **{name: getattr(self, name) for name in names},
            "turns": self.turns,
            "repeated_turns": self.repeated,
            "too_long_turns": self.too_long,
            "tokens": {
                "sum": sum(self.lengths),
                "quantiles": {str(each): length for each, length in self.quantiles().items()},
                "bins": [list(each) for each in self.bins()],
            },
        }
