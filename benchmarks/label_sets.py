"""Reads the evaluation sets of conversations and of messages in `label_evaluation/`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from curation.model import PLACEHOLDERS, Kind, Said, Side

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = Path(__file__).parent / "label_evaluation"

_LINE = re.compile(
    r"(?:\[(?P<pause>\d+)\] )?(?P<side>[mo]) "
    r"(?:<(?P<kind>\w+)>|(?:\{(?P<quote>.*?)\} )?(?P<text>.*))"
)
_START = 1_750_000_000
_USUAL, _SAME_SIDE = 20, 5


@dataclass(frozen=True)
class Example:
    """A conversation and what should be said of it: `expected` is jump, incomplete, thin or ""."""

    place: str
    talk: tuple[Said, ...]
    expected: str
    jump: int = 0  # number of the message, from 1

    @property
    def timed(self) -> bool:
        """Whether its messages have times."""
        return self.talk[0].time is not None

    def without_times(self) -> Example:
        """Return the same conversation as a chat without times would hold it."""
        return replace(self, talk=tuple(each._replace(time=None) for each in self.talk))


TUNED: Final = ("fragments", "jumps")
LATER: Final = ("later",)


def read_examples(names: Sequence[str] = TUNED) -> list[Example]:
    """Return conversations of the set; ValueError where a line is not as it should be.

    Those that the rules were mended by, or those of `LATER`.
    """
    examples: list[Example] = []
    for name in names:
        blocks = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").split("\n## ")
        examples += [_example(f"{name} {at}", block) for at, block in enumerate(blocks) if at]
    return examples


def read_messages() -> list[tuple[str, str]]:
    """Return the single messages of the set, each after the feeling that it shows, "" for none."""
    lines = (FOLDER / "feelings.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("|", 1) for line in lines if not line.startswith("#"))
    return [("" if feeling == "-" else feeling, text) for feeling, text in pairs]


def _example(place: str, block: str) -> Example:
    head, *lines = [line for line in block.splitlines() if line and not line.startswith("#")]
    told = head.replace("~", "").split()
    talk: list[Said] = []
    now = _START
    for number, line in enumerate(lines, start=1):
        match = _LINE.fullmatch(line)
        if match is None or told[0] not in {"jump", "incomplete", "thin", "-"}:
            msg = f"{place}: {line}"
            raise ValueError(msg)
        side = Side.ME if match["side"] == "m" else Side.OTHER
        kind = Kind(match["kind"]) if match["kind"] else Kind.TEXT
        same = bool(talk) and talk[-1].side is side
        now += int(match["pause"]) * 60 if match["pause"] else (_SAME_SIDE if same else _USUAL)
        text = match["text"] if match["kind"] is None else PLACEHOLDERS[kind]
        time = None if head.startswith("~") else now
        talk.append(Said(number, side, time, kind, text, match["quote"]))
    jump = int(told[1]) if told[0] == "jump" else 0
    return Example(place, tuple(talk), "" if told[0] == "-" else told[0], jump)
