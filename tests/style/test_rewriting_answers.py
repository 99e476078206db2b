"""Answers said anew in a person's register: their lengths, their marks, their own letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.style import MOST_MESSAGES, Fingerprint, Measure, compare, fingerprint, rewrite

ANSWER = (
    "我非常喜欢安静的环境，因此周末通常待在家里。例如，我会看书或者画画。"
    "总的来说，与朋友聊天也让我感到开心！如果下雨，我能够一个人待一整天。"
)


def person(*burst: str, times: int = 200) -> Fingerprint:
    return fingerprint([list(burst)] * times)


PLAIN = person("在呢", "刚下班", "今天好累")


def test_it_is_said_in_the_first_person_in_short_messages_without_the_words_of_essays() -> None:
    said = rewrite(ANSWER, PLAIN, 0)
    assert said[0].startswith("我特别喜欢安静的环境")
    assert 1 < len(said) <= MOST_MESSAGES
    whole = "\n".join(said)
    for word in ("非常", "因此", "通常", "例如", "总的来说", "感到", "能够", "。"):
        assert word not in whole


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("作为一个内向的人，我喜欢独处。", "我喜欢独处", id="as a person who"),
        pytest.param("我认为应该先想清楚。", "我觉得应该先想清楚", id="think"),
        pytest.param("我相信自己的直觉。", "我相信自己的直觉", id="trust stays"),
        pytest.param("如果下雨，我就不去。", "要是下雨，我就不去", id="a half with its whole"),
        pytest.param("你想去吗？", "你想去吗？", id="a question stays one"),
        pytest.param("我与朋友参与活动。", "我跟朋友参与活动", id="with, but not part of a word"),
        pytest.param("我需要时间。", "我需要时间", id="need stays"),
    ],
)
def test_words_of_essays_become_spoken_ones(text: str, said: str) -> None:
    assert rewrite(text, PLAIN, 0) == (said,)


@pytest.mark.parametrize("text", ["", "。", "！？", "  \n "])
def test_nothing_to_say_gives_nothing(text: str) -> None:
    assert rewrite(text, PLAIN, 0) == ()


def test_the_same_seed_says_the_same_and_another_one_may_not() -> None:
    lively = person("哈哈哈好呀~", "真的！！", "行[旺柴]")
    assert rewrite(ANSWER, lively, 3) == rewrite(ANSWER, lively, 3)
    assert len({rewrite(ANSWER, lively, seed) for seed in range(8)}) > 1


def test_laughter_codes_and_marks_come_at_the_persons_own_rates() -> None:
    said = (
        "在呢~",
        "哈哈哈好",
        "行[旺柴]",
        "知道啦",
        "我看看",
        "真的！",
        "走呀",
        "再说",
        "嗯嗯",
        "好",
    )
    own = fingerprint([said] * 100)
    new = fingerprint(rewrite(ANSWER, own, seed) for seed in range(400))
    changes = {each.measure: each for each in compare(own, new)}
    rates = (Measure.LAUGHTER, Measure.CODES, Measure.PARTICLES, Measure.TILDE, Measure.EXCLAMATION)
    assert [each for each in rates if changes[each].much] == []
    assert {each.text for each in new.codes.top} == {"[旺柴]"}
    assert {each.text for each in new.laughter.top} == {"哈哈哈"}


def test_who_writes_long_messages_gets_longer_ones() -> None:
    long = person("我今天在家里画了一整天的图，晚上准备出去走走，你要不要一起来呀")
    short = person("在")

    def mean(own: Fingerprint) -> float:
        return fingerprint(rewrite(f"{ANSWER}{n}", own, n) for n in range(50)).lengths.mean

    assert mean(long) > 1.3 * mean(short)


def test_who_has_no_messages_gets_plain_ones() -> None:
    said = rewrite(ANSWER, Fingerprint(), 0)
    assert said
    assert not any(sign in "".join(said) for sign in "~！[…")


@given(st.text(max_size=300), st.integers(0, 5))
def test_any_text_gives_messages_that_show_something(text: str, seed: int) -> None:
    said = rewrite(text, PLAIN, seed)
    assert len(said) <= MOST_MESSAGES
    assert all(message.strip() for message in said)
