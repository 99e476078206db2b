"""How long a text is for a trainer."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.conversations import estimate_tokens, message_lengths
from curation.conversations.tokens import most_tokens


# What the vocabulary of Qwen (qwen.tiktoken, 151,643 entries) makes of these texts.
@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("今天晚上一起去吃火锅吗", 6),
        ("13812345678", 11),
        ("2024-05-01 20:00", 16),
        ("(｡•́︿•̀｡)", 9),
        ("(*^▽^*)", 5),
        ("[委屈][旺柴]", 6),
        ("😂😂😭👍🏻", 5),
        ("hello how are you doing today", 6),
        ("https://v.douyin.com/ieFxyz12/", 15),
    ],
)
def test_an_estimate_is_near_and_rather_too_high(text: str, tokens: int) -> None:
    assert tokens - 1 <= estimate_tokens(text) <= 2 * tokens


def test_nothing_is_no_token_and_anything_is_one() -> None:
    assert estimate_tokens("") == 0
    assert estimate_tokens("a") == estimate_tokens("\udc80") - 1 == 1


@given(one=st.text(), other=st.text())
def test_two_texts_together_are_about_as_long_as_both(one: str, other: str) -> None:
    apart = estimate_tokens(one) + estimate_tokens(other)
    assert apart - 1 <= estimate_tokens(one + other) <= apart


@given(texts=st.lists(st.text(max_size=20)))
def test_many_texts_are_measured_like_each_one(texts: list[str]) -> None:
    column = pd.Series(texts, dtype="object").astype("str")
    characters, tokens = (message_lengths(column, unit) for unit in ("characters", "tokens"))
    assert characters.tolist() == [len(text) for text in texts]
    assert tokens.tolist() == [estimate_tokens(text) for text in texts]
    assert (tokens <= most_tokens(characters)).all()


def test_more_texts_than_are_handled_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curation.conversations.tokens._AT_ONCE", 2)
    texts = pd.Series(["一", "", "二二", None, "hello", "三" * 9], dtype="str")
    assert message_lengths(texts, "tokens").tolist() == [1, 0, 2, 0, 2, 8]
    assert message_lengths(texts, "characters").tolist() == [1, 0, 2, 0, 5, 9]
