"""The forms in which each kind is usually given, and what only looks like one.

`standard_forms.txt` has the markup of the evaluation set: a value stands as `⟦ENTITY|value⟧`, a
line without any holds nothing to find. Names of people are not looked at.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest

from benchmarks.evaluation_set import Line, Mark, read_lines
from benchmarks.pii_quality import is_right, overlap, visible
from curation.pii import Detector

LINES = read_lines(Path(__file__).parent / "standard_forms.txt")
TOPICS = {topic: list(lines) for topic, lines in groupby(LINES, key=lambda line: line.topic)}
NAME = "PERSON"


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector()


def problems(line: Line, found: list[Mark]) -> list[str]:
    """What is not masked, is taken for another kind, or flagged and not private."""
    masked = visible(line, found)
    marks = [mark for mark in line.marks if mark.entity != NAME]
    open_ones = [
        f"missed {line.value(mark)}"
        for mark in marks
        if not visible(line, [mark]) <= masked
        or not any(each.entity == mark.entity and overlap(each, mark) for each in found)
    ]
    return open_ones + [
        f"false {each.entity} {line.value(each)}"
        for each in found
        if each.entity != NAME and not is_right(each, line)
    ]


@pytest.mark.parametrize("topic", TOPICS)
def test_usual_forms_are_found_and_nothing_else(detector: Detector, topic: str) -> None:
    lines = TOPICS[topic]
    every = detector.detect_many([line.text for line in lines])
    wrong = {
        line.text: told
        for line, found in zip(lines, every, strict=True)
        if (told := problems(line, [Mark(each.entity, each.start, each.end) for each in found]))
    }
    assert wrong == {}
