from __future__ import annotations

import json
import random

import pytest

from curation.style import (
    BURST_STEPS,
    LENGTH_STEPS,
    Change,
    Fingerprint,
    Measure,
    Often,
    background,
    compare,
    fingerprint,
)

VOICE = (
    *("今天好累呀(｡•́︿•̀｡)", "哈哈哈哈哈笑死我了", "绝绝子[旺柴]", "不想上班呢~~", "绝绝子！！"),
    *("我觉得还行吧", "我觉得可以啦", "我觉得不错呀", "绝绝子…", "去吃麻辣烫吧😋"),
)


def voice(messages: int, seed: int = 1) -> list[list[str]]:
    """Bursts of one to three messages of the same person."""
    draw = random.Random(seed)  # noqa: S311  (no secret)
    bursts: list[list[str]] = []
    left = messages
    while left > 0:
        size = min(draw.randint(1, 3), left)
        bursts.append(draw.choices(VOICE, k=size))
        left -= size
    return bursts


def test_lengths_and_bursts_are_spread_as_counted() -> None:
    told = fingerprint([["好"], ["好的", "x" * 100, "嗯嗯嗯"], ["  ", ""], []])

    assert (told.messages, told.bursts) == (4, 2)
    assert told.lengths.mean == pytest.approx((1 + 2 + 100 + 3) / 4)
    assert (told.lengths.p10, told.lengths.median, told.lengths.p90) == (1, 2, 100)
    assert told.lengths.shares == (0.5, 0.25, 0, 0, 0, 0, 0.25)
    assert told.burst_sizes.mean == 2
    assert told.burst_sizes.shares == (0.5, 0, 0.5, 0, 0, 0)
    assert len(told.lengths.shares) == len(LENGTH_STEPS)
    assert len(told.burst_sizes.shares) == len(BURST_STEPS)


@pytest.mark.parametrize(
    ("habit", "share", "per_hundred", "top"),
    [
        ("kaomoji", 0.5, 75, [("(｡•́︿•̀｡)", 2), ("T_T", 1)]),
        ("codes", 0.25, 50, [("[旺柴]", 2)]),
        ("emoji", 0.25, 25, [("👍🏽", 1)]),
        ("laughter", 0.25, 25, [("哈哈哈", 1)]),
        ("particles", 0.5, 50, [("呀", 1), ("啦", 1)]),
    ],
)
def test_habits_are_shares_and_numbers_in_a_hundred(
    habit: str, share: float, per_hundred: float, top: list[tuple[str, int]]
) -> None:
    told = getattr(
        fingerprint(
            [
                ["好呀(｡•́︿•̀｡)(｡•́︿•̀｡)", "走啦！T_T"],
                ["哈哈哈[旺柴][旺柴]", "https://a.cn/(^_^) 👍🏽"],
            ]
        ),
        habit,
    )
    assert (told.share, told.per_hundred) == (share, per_hundred)
    assert told.top == tuple(Often(*each) for each in top)


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("好呀~", {"~"}),
        ("好呀～～", {"~"}),
        ("走！", {"!"}),
        ("真的？？", {"?", "!!"}),
        ("真的!?", {"!", "?", "!!"}),
        ("算了…", {"…"}),
        ("算了。。。", {"…"}),
        ("算了...", {"…"}),
        ("好的。", {"。"}),
        ("v1.2", set()),
        ("(~_~) [哈?]", set()),
    ],
)
def test_punctuation_is_counted_outside_faces_and_codes(text: str, marks: set[str]) -> None:
    told = fingerprint([[text]], words=False).marks
    assert {name for name, habit in told.items() if habit.share} == marks


@pytest.mark.parametrize(
    ("text", "particle"),
    [
        *(("好呀", "呀"), ("好呀~~", "呀"), ("好啦(＾▽＾)", "啦"), ("走吧 [旺柴]😋", "吧")),
        *(("好嘛哈哈哈", "嘛"), ("好的", ""), ("啦啦队来了", ""), ("哈哈哈哈", "")),
    ],
)
def test_a_particle_ends_the_words_of_a_message(text: str, particle: str) -> None:
    top = fingerprint([[text]], words=False).particles.top
    assert "".join(each.text for each in top) == particle


def test_favourite_words_are_what_few_others_write() -> None:
    told = fingerprint(voice(400))
    words = [each.text for each in told.words]
    assert "麻辣烫" in words
    assert "今天" not in words
    assert not any("哈哈" in word for word in words)
    assert told.openings[0].text == "我觉得" or "我觉得" in [each.text for each in told.openings]


@pytest.mark.parametrize(
    ("mine", "common"),
    [
        pytest.param("the rain in here i reckon, rain again", "rain", id="English"),
        pytest.param("說真的我覺得這樣很好", "這樣", id="traditional characters"),
        pytest.param("麻辣烫配冰粉绝绝子", "麻辣烫", id="simplified characters"),
    ],
)
def test_what_those_one_talks_with_write_as_well_tells_less(mine: str, common: str) -> None:
    said = [[mine]] * 50
    heard = background([common] * 900 + ["好"] * 100 + ["  "])
    assert (heard.messages, heard.words) == (1000, {common: 900})
    alone = [each.text for each in fingerprint(said).words]
    among = [each.text for each in fingerprint(said, others=heard).words]
    assert set(alone) == set(among) > {common}
    assert alone[-1] != common
    assert among[-1] == common


def test_few_messages_of_others_do_not_tell_what_is_common() -> None:
    said = [["麻辣烫配冰粉绝绝子"]] * 50
    assert fingerprint(said, others=background(["麻辣烫"] * 100)) == fingerprint(said)


def test_names_and_private_values_are_in_no_word() -> None:
    said = [["晓梦来吃麻辣烫", "梦梦的麻辣烫[晓梦]", "晓梦晓梦"]] * 20
    open_ = fingerprint(said)
    assert any("晓梦" in each.text for each in (*open_.words, *open_.openings))
    assert open_.codes.top

    told = fingerprint(said, hidden=["韩晓梦", "梦梦", "晓梦", "13812345678"])
    for each in (*told.words, *told.openings, *told.closings, *told.codes.top):
        assert "晓梦" not in each.text
        assert "梦梦" not in each.text
    assert "麻辣烫" in [each.text for each in told.words]
    assert told.codes.share == open_.codes.share


def test_words_are_left_out_where_they_are_not_wanted() -> None:
    told = fingerprint(voice(200), words=False)
    assert (told.words, told.openings, told.closings) == ((), (), ())
    assert told.kaomoji.share > 0


def test_a_placeholder_is_no_word() -> None:
    told = fingerprint([["电话是〔电话号码〕", "住〔详细地址〕"]] * 10)
    assert not any("号码" in each.text or "详细" in each.text for each in told.words)


def test_a_fingerprint_goes_to_json_and_back() -> None:
    told = fingerprint(voice(300))
    assert Fingerprint.from_json(json.loads(json.dumps(told.to_json()))) == told
    empty = fingerprint([])
    assert Fingerprint.from_json(json.loads(json.dumps(empty.to_json()))) == empty


def test_reading_can_be_stopped() -> None:
    class StopError(Exception):
        pass

    def tick(done: int) -> None:
        if done >= 10:
            raise StopError

    with pytest.raises(StopError):
        fingerprint(voice(100), words=False, tick=tick)


def changed(before: list[list[str]], after: list[list[str]]) -> set[Measure]:
    told = compare(fingerprint(before), fingerprint(after))
    assert told
    return {each.measure for each in told if each.much}


def test_the_same_person_is_the_same_voice() -> None:
    assert changed(voice(3000), voice(1500, seed=2)) == set()


@pytest.mark.parametrize(
    ("lost", "measures"),
    [
        ("(｡•́︿•̀｡)", {Measure.KAOMOJI}),
        ("[旺柴]", {Measure.CODES}),
        ("😋", {Measure.EMOJI}),
        ("…", {Measure.ELLIPSIS}),
        ("~", {Measure.TILDE}),
    ],
)
def test_what_cleaning_took_away_is_named(lost: str, measures: set[Measure]) -> None:
    before = voice(2000)
    after = [[text.replace(lost, "") for text in burst] for burst in before]
    assert changed(before, after) == measures


def test_one_message_a_burst_and_twice_the_length_is_another_rhythm() -> None:
    before = voice(1000)
    joined = [["，".join(burst)] for burst in before]
    assert {Measure.BURST, Measure.LENGTH} <= changed(before, joined)


def test_too_few_messages_say_nothing() -> None:
    assert compare(fingerprint(voice(500)), fingerprint(voice(40))) == ()


def test_a_chance_difference_of_few_messages_is_not_called_a_change() -> None:
    plain = [["在家"]] * 130
    before = [*plain[:117], *[["在家~"]] * 13]  # one in ten
    after = [*plain[:110], *[["在家~"]] * 20]  # one in six and a half
    told = {each.measure: each for each in compare(fingerprint(before), fingerprint(after))}
    assert told[Measure.TILDE] == Change(Measure.TILDE, 0.1, 20 / 130, much=False)
