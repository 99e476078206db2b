"""Reads a CSV of dialogues that hold nothing private, such as CPED's, and whole talks of them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from benchmarks.evaluation_set import Line, Said

if TYPE_CHECKING:
    from pathlib import Path

TALK, SPEAKER = "Dialogue_ID", "Speaker"
"""The columns of CPED (https://github.com/scutcyr/CPED) that tell its talks and who speaks."""


@dataclass(frozen=True, slots=True)
class Dialogues:
    """What a file holds: the name of its column of texts, and its talks.

    In a file that does not tell its talks each line is one. Whoever speaks first in a talk stands
    for the owner of the export.
    """

    column: str
    talks: list[list[Said]]

    @property
    def texts(self) -> list[str]:
        """The texts of all talks, in the file's order."""
        return [said.line.text for talk in self.talks for said in talk]


def chinese(text: str) -> int:
    """Return how many characters are CJK ideographs."""
    return sum("一" <= letter <= "鿿" for letter in text)


def read_dialogues(path: Path, column: str | None) -> Dialogues:
    """Return what the file holds; empty texts are none. ValueError: there is no such column.

    The column is the one with the most Chinese characters in distinct cells, unless named.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or (column is not None and column not in rows[0]):
        message = f"{path.name}: no rows, or no column {column}"
        raise ValueError(message)
    if column is None:
        column = max(
            rows[0], key=lambda name: sum(map(chinese, {str(row[name] or "") for row in rows}))
        )
    said = [
        (row.get(TALK, str(number)), row.get(SPEAKER), Line(number, path.name, row[column], ()))
        for number, row in enumerate(rows, start=2)
        if row[column]
    ]
    talks = []
    for _, some in groupby(said, key=lambda each: each[0]):
        talk = list(some)
        owner = talk[0][1]
        talks.append([Said(speaker == owner, line) for _, speaker, line in talk])
    return Dialogues(column, talks)
