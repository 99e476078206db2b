"""Lines as people chat: what must be found in them is marked, or there is nothing to find.

In `must_catch.txt` a value stands between the brackets of `⟦TEL:…⟧`, exactly as it must be found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.evaluation_set import Line, Mark
from pii_training.unit_test_lists import read_list

if TYPE_CHECKING:
    from curation.pii import Detector


def text_of(line: Line) -> str:
    return line.text


@pytest.mark.parametrize("line", read_list("must_catch"), ids=text_of)
def test_every_marked_value_is_found_as_what_it_is_and_nothing_else(
    detector: Detector, line: Line
) -> None:
    found = [Mark(each.entity, each.start, each.end) for each in detector.detect(line.text)]
    assert found == list(line.marks)


@pytest.mark.parametrize("line", read_list("must_not_flag"), ids=text_of)
def test_a_harmless_line_holds_nothing_to_find(detector: Detector, line: Line) -> None:
    assert detector.detect(line.text) == []
