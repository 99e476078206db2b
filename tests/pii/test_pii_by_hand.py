"""What a person flagged, among what the search finds and after an edit."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.model import Decision, Finding
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
        ("去老地方，行吗", "行吗，去老地方", 4),
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


@pytest.mark.parametrize(
    ("new", "shown"),
    [
        ("在我家后面那颗树下", "我家后面那颗树"),
        ("在我家的后面那棵老树下", "我家的后面那棵老树"),
        ("在咱家后面那棵树下", "咱家后面那棵树"),
        ("在后面那棵树下", "后面那棵树"),
        ("我家后面那棵大", "我家后面那棵大"),
        ("在树下", None),
    ],
)
def test_what_is_written_over_a_part_of_it_is_flagged_with_it(new: str, shown: str | None) -> None:
    old = "在我家后面那棵树下"
    spans = [(each.start, each.end) for each in moved(old, new, [flagged("CN_ADDRESS", 1, 8)])]
    assert [new[start:end] for start, end in spans] == ([] if shown is None else [shown])


def test_what_was_kept_and_reads_otherwise_is_undecided() -> None:
    kept = replace(flagged("CUSTOM_TERM", 0, 4), decision=Decision.KEEP)
    decisions = [moved("暗号天王", new, [kept])[0].decision for new in ("说暗号天王", "暗号天地王")]
    assert decisions == [Decision.KEEP, Decision.PENDING]


@given(spans("HAND"), st.text("0123ab", max_size=30))
def test_what_moved_lies_in_the_new_text_and_overlaps_nothing(
    held: list[Finding], new: str
) -> None:
    after = moved(TEXT, new, held)
    assert all(one.end <= other.start for one, other in pairwise(after))
    assert all(0 <= each.start < each.end <= len(new) for each in after)
    assert moved(TEXT, TEXT, held) == held


def test_thousands_of_equal_and_of_other_words_move_at_once() -> None:
    """It took minutes while every place was compared with every other one."""
    equal = [flagged("CUSTOM_TERM", at, at + 2) for at in range(0, 9000, 3)]
    assert len(moved("暗号 " * 3000, "又 " + "暗号，" * 2000 + "完", equal)) == 2000
    begin = process_time()
    assert moved("暗号 " * 3000, "说" + "暗号 " * 3000, equal)[-1].start == 8998
    merged = with_flagged("暗号 " * 3000, equal, equal[::2])
    assert len(merged) == 3000
    assert process_time() - begin < 2
