"""What a person flagged, among what the search finds and after an edit."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.model import Finding
from curation.pii import flagged, moved, with_flagged

TEXT = "0123456789abcdefghij"


@st.composite
def spans(draw: st.DrawFn, kind: str) -> list[Finding]:
    """Findings of TEXT of which none overlaps another."""
    cuts = sorted(draw(st.sets(st.integers(0, len(TEXT)), max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return [Finding(kind, start, end, 0.9, kind) for start, end in pairs]


@given(spans("FOUND"), spans("HAND"))
def test_nothing_overlaps_and_nothing_is_uncovered(
    found: list[Finding], by_hand: list[Finding]
) -> None:
    merged = with_flagged(TEXT, found, by_hand)
    assert all(one.end <= other.start for one, other in pairwise(merged))
    assert {each for each in merged if each.entity == "HAND"} == set(by_hand)
    covered = {at for each in (*found, *by_hand) for at in range(each.start, each.end)}
    assert covered == {at for each in merged for at in range(each.start, each.end)}


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("去老地方", "今晚去老地方", 3),
        ("去老地方吧", "去老地方", 1),
        ("老地方，老地方", "不是老地方，老地方", 2),
        ("去老地方", "去别处", None),
    ],
)
def test_what_was_flagged_moves_with_its_words(old: str, new: str, at: int | None) -> None:
    start = old.index("老地方")
    places = [each.start for each in moved(old, new, [flagged("CN_ADDRESS", start, start + 3)])]
    assert places == ([] if at is None else [at])


def test_two_equal_spans_take_two_places() -> None:
    held = [flagged("CUSTOM_TERM", 0, 2), flagged("CUSTOM_TERM", 3, 5)]
    assert [each.start for each in moved("暗号 暗号", "说暗号和暗号", held)] == [1, 4]
    assert [each.start for each in moved("暗号 暗号", "说暗号", held)] == [1]
