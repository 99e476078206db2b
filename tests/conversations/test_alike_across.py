"""Which texts of one part of a dataset have their like in the other part."""

from __future__ import annotations

import pytest

from curation.conversations import alike_across, fingerprints

LONG = (
    "今天下班以后去河边走了一圈风很大有人在放风筝线断了飘得好远"
    "孩子追了半天没追上最后大家都笑了起来然后去吃面"
)
OTHER = (
    "周末打算把阳台收拾出来种点小番茄和薄荷顺便修那把吱吱响的椅子"
    "你要是有空就过来帮忙我请你喝自己泡的梅子酒哈"
)


def moved(texts: dict[int, str], apart: set[int]) -> set[int]:
    return alike_across(fingerprints(texts), apart, lambda ids: {each: texts[each] for each in ids})


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param({1: LONG, 9: OTHER}, set(), id="nothing alike"),
        pytest.param({1: LONG, 9: LONG + "好吃"}, {9}, id="nearly the same"),
        pytest.param({1: LONG, 9: LONG[:20] + OTHER[:40]}, set(), id="the same beginning alone"),
        pytest.param({1: "在吗", 9: "在 吗\n"}, {9}, id="a few words, the same"),
        pytest.param({1: "在吗在的", 9: "在吗在"}, set(), id="a few words, nearly the same"),
        pytest.param({8: LONG, 9: LONG}, set(), id="two alike on the same side"),
        pytest.param(
            {1: LONG, 8: LONG + OTHER[:14], 9: LONG[14:] + OTHER[:14]},
            {8, 9},
            id="one like another that goes",
        ),
        pytest.param({1: LONG * 1100, 9: LONG * 1100 + "\n嗯"}, set(), id="long, one line"),
        pytest.param(
            {1: "\n".join([LONG] * 1100), 9: "\n".join([*[LONG] * 1100, "嗯"])}, {9}, id="long"
        ),
    ],
)
def test_what_is_like_a_text_outside_goes(texts: dict[int, str], expected: set[int]) -> None:
    assert moved(texts, {each for each in texts if each >= 8}) == expected


def test_among_very_many_with_the_same_phrase_the_like_is_found() -> None:
    texts = {at: LONG[:40] + f"第{at}次说{at * 7919}遍" * 8 for at in range(700)}
    texts[1000] = texts[650] + "哈"
    assert moved(texts, {1000}) == {1000}


def test_nothing_apart_moves_nothing() -> None:
    assert moved({1: LONG, 2: LONG}, set()) == set()
