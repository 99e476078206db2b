"""Conversations that say nearly the same are marked; short ones that merely sound alike are not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from curation.conversations import near_duplicates

TALK = """周末要不要去爬山呀
好啊去哪座
香山吧 红叶应该正好
那得早起 地铁转公交要一个半小时
我可以！八点西直门见
你上次也这么说 结果十点才起床[捂脸]
这次不一样 我定五个闹钟(๑•̀ㅂ•́)و✧
行 我带水果 你带三明治
没问题~ 要不要叫上阿橙
叫上吧 她念叨好久了"""
OTHER_TALK = """论文初稿你交了吗
还没 导师出差了 说下周再看
我这边数据跑挂了 哭死[流泪]
又挂？上次不是重跑过一遍
嗯 显存不够 改小了批次才行
实验室那台新机器能用了 你去登记一下
真的？！我马上去
记得带学生卡 门禁换了"""


def lines(text: str, *drop: int) -> str:
    return "\n".join(line for at, line in enumerate(text.split("\n")) if at not in drop)


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(TALK, id="a copy"),
        pytest.param(TALK.replace("\n", "\r\n") + " \n", id="other blanks and line ends"),
        pytest.param(lines(TALK, 0), id="without its first line"),
        pytest.param(lines(TALK, 8, 9), id="without its last lines"),
        pytest.param(lines(TALK, 4), id="without one between"),
        pytest.param(TALK + "\n好嘞 到时候电话联系", id="with a line more"),
        pytest.param(TALK.replace("香山", "〔地址〕"), id="with another word for a place"),
        pytest.param(TALK.replace("[捂脸]", "[表情]").replace("~", "～"), id="by another exporter"),
    ],
)
def test_a_text_like_an_earlier_one_is_marked(later: str) -> None:
    found = near_duplicates({3: OTHER_TALK, 8: TALK, 9: later})
    assert list(found) == [9]
    number, similarity = found[9]
    assert number == 8
    bare, earlier = "".join(later.split()), "".join(TALK.split())
    assert similarity == pytest.approx(Indel.normalized_similarity(bare, earlier))
    assert (similarity == 1) == (bare == earlier)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("在吗", "在", id="a greeting"),
        pytest.param("在吗\n在", "在吗\n在", id="the same greeting"),
        pytest.param(
            "早安\n早安呀宝贝\n吃了吗\n吃了", "早安\n早安呀宝贝\n吃了吗\n吃了", id="a ritual"
        ),
        pytest.param("哈" * 200, "哈" * 200, id="laughter only"),
        pytest.param("哈" * 200, "哈" * 190, id="nearly the same laughter"),
        pytest.param("[图片]\n" * 40, "[图片]\n" * 40, id="pictures only"),
        pytest.param(
            "到家了吗\n到了到了\n早点睡", "到家了没\n到了到了\n早点睡", id="short and alike"
        ),
        pytest.param("", "", id="nothing"),
        pytest.param(TALK, OTHER_TALK, id="two talks"),
        pytest.param(TALK, TALK + "\n" + OTHER_TALK, id="half of it is another talk"),
        pytest.param(TALK, lines(TALK, 0, 1, 2, 3, 4, 5), id="a small part of it"),
    ],
)
def test_short_or_different_texts_are_not_marked(one: str, other: str) -> None:
    assert near_duplicates({1: one, 2: other}) == {}


def test_a_text_forwarded_to_two_chats_is_marked() -> None:
    notice = "各位同学请注意：本周五下午两点在三教开年级大会，讨论毕业照和聚餐，请准时参加不要迟到"
    found = near_duplicates({1: f"{notice}\n收到", 2: f"{notice}\n好的~"})
    assert list(found) == [2]
    assert 0.8 <= found[2][1] < 1


def test_the_earliest_is_the_first_one_given_whatever_its_id() -> None:
    assert near_duplicates({9: TALK, 4: TALK, 6: TALK}) == {4: (9, 1.0), 6: (9, 1.0)}


def test_who_drops_all_marked_ones_keeps_one_of_each() -> None:
    # Each is like the one before; the last is like the second, but not like the first.
    words = [f"第{number}句话是{chr(0x4E00 + 7 * number)}" for number in range(40)]
    chain = {step: "\n".join(words[3 * step : 3 * step + 25]) for step in range(5)}
    found = near_duplicates(chain)
    assert found
    for later, (earlier, similarity) in found.items():
        assert earlier < later
        assert earlier not in found
        assert similarity >= 0.8


def test_copies_of_a_marked_text_are_marked_like_it() -> None:
    less = lines(TALK, 9)
    found = near_duplicates({1: TALK, 2: less, 3: less})
    assert found[2] == found[3]
    assert found[3][0] == 1


def test_texts_too_long_for_each_character_are_compared_by_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("curation.conversations.duplicates._LONG", 50)
    found = near_duplicates({1: TALK, 2: lines(TALK, 9), 3: OTHER_TALK})
    assert list(found) == [2]
    assert found[2] == pytest.approx((1, 2 * 9 / 19))


@pytest.mark.in_turn
def test_progress_is_told_and_can_end_the_search() -> None:
    told: list[tuple[int, int]] = []
    texts = {number: f"{number}{TALK}" for number in range(3000)}
    near_duplicates(texts, lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert {total for _done, total in told} == {3000}
    assert told[-1] == (3000, 3000)
    assert len(told) > 3

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        near_duplicates(texts, stop)


def test_altered_copies_among_many_are_found_and_nothing_else() -> None:
    draw = random.Random(5)  # noqa: S311  (repeatable, not secret)
    signs = [chr(0x4E00 + number) for number in range(800)]
    texts = {
        number: "\n".join(
            "".join(draw.choices(signs, k=draw.randint(4, 12))) for _line in range(12)
        )
        for number in range(400)
    }
    for number in range(400):
        kept = texts[number].split("\n")
        del kept[draw.randrange(len(kept))]
        place = draw.randrange(len(kept))
        kept[place] = draw.choice(signs) + kept[place][1:]
        texts[400 + number] = "\n".join(kept)
    found = near_duplicates(texts)
    assert {later: earlier for later, (earlier, _alike) in found.items()} == {
        400 + number: number for number in range(400)
    }


_TEXTS = st.lists(st.sampled_from([*TALK.split("\n"), *OTHER_TALK.split("\n")]), max_size=12).map(
    "\n".join
)


@settings(deadline=None)
@given(texts=st.lists(st.one_of(_TEXTS, st.text(st.characters(), max_size=60)), max_size=12))
def test_whatever_the_texts_a_mark_names_an_unmarked_earlier_one(texts: list[str]) -> None:
    numbered = dict(enumerate(texts))
    found = near_duplicates(numbered)
    assert found == near_duplicates(numbered)
    for later, (earlier, similarity) in found.items():
        assert earlier < later
        assert earlier not in found
        assert 0.8 <= similarity <= 1
