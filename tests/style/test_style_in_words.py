"""A person's style in Chinese phrases."""

from __future__ import annotations

import pytest

from curation.style import catch_phrases, describe, fingerprint

FEW = 99


def said(*burst: str, times: int = 200) -> str:
    return describe(fingerprint([list(burst)] * times))


@pytest.mark.parametrize(
    ("burst", "phrase"),
    [
        pytest.param(["在呢"], "消息很短，一条约 2 个字", id="very short"),
        pytest.param(["我今天在家画了一天图"], "消息短，一条约 10 个字", id="short"),
        pytest.param(["我今天在家" * 7], "消息长，一条约 35 个字", id="long"),
        pytest.param(["在", "你呢", "吃了吗"], "拆开连着发，一次常有 2～3 条", id="bursts"),
        pytest.param(["在", "你呢"], "拆开连着发，一次常有 2 条", id="pairs"),
        pytest.param(["在的"], "一次一般只发一条", id="one at a time"),
        pytest.param(["在的"], "几乎不用句号", id="no full stop"),
        pytest.param(["我在家。"], "句子常以句号结尾", id="full stop"),
        pytest.param(["好~"], "常用波浪号“~”", id="tilde"),
        pytest.param(["真的！！"], "激动时连用“！！”“？？”", id="excited"),
        pytest.param(["真的！"], "爱用感叹号", id="exclaims"),
        pytest.param(["这样……"], "常用省略号", id="trails off"),
        pytest.param(["走呀"], "句尾爱带“呀”", id="particles"),
        pytest.param(["哈哈哈哈"], "笑的时候写“哈哈哈哈”", id="laughter"),
        pytest.param(["好吧[旺柴]"], "常发表情[旺柴]", id="codes"),
        pytest.param(["好吧😂"], "常发😂", id="emoji"),
        pytest.param(["好吧(*^▽^*)"], "爱用颜文字(*^▽^*)", id="kaomoji"),
    ],
)
def test_what_stands_out_is_said_with_the_persons_own_letters(
    burst: list[str], phrase: str
) -> None:
    assert phrase in said(*burst)


@pytest.mark.parametrize(
    "word", ["波浪号", "感叹号", "省略号", "表情", "颜文字", "笑的时候", "句尾"]
)
def test_what_is_not_done_is_not_said(word: str) -> None:
    assert word not in said("我今天在家画图")


def test_too_few_messages_tell_nothing() -> None:
    few = fingerprint([["哈哈哈好嘛"]] * FEW)
    assert describe(few) == ""
    assert catch_phrases(few) == ()


def test_laughter_of_other_lengths_is_one_example() -> None:
    bursts = [["哈哈哈", "哈哈哈哈", "哈哈哈", "233"]] * 50
    assert "笑的时候写“哈哈哈”“233”" in describe(fingerprint(bursts))


def test_what_messages_begin_and_end_with_comes_before_what_they_speak_of() -> None:
    bursts = [["绝绝子 螺蛳粉 好吃", "救命 螺蛳粉 好香", "讲真 螺蛳粉 真香"]] * 50
    phrases = catch_phrases(fingerprint(bursts))
    assert "绝绝子" in phrases
    assert "螺蛳粉" not in phrases


def test_catch_phrases_are_favourite_words_and_never_a_hidden_one() -> None:
    bursts = [["绝绝子", "林夏也来"]] * 200
    assert "林夏" not in catch_phrases(fingerprint(bursts, hidden=["林夏"]))
    assert 0 < len(catch_phrases(fingerprint(bursts, hidden=["林夏"]))) <= 6
