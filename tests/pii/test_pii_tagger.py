"""The trained tagger finds names and addresses that no rule knows, and can be left out."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from curation.model import DetectionRules
from curation.pii import Detector, mask
from curation.pii.entities import TAGGED, WHY_TAGGER
from curation.pii.tagging import HINTS, MODEL, Tag, may_tag, spans, tags
from curation.pii.tagging_features import features, read
from pii_training.train_tagger import digest, messages

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def rules_only() -> Detector:
    return Detector(DetectionRules(tagger=False))


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("东西寄放在玉兰苑西区传达室", "CN_ADDRESS", "玉兰苑西区传达室"),
        ("公司换到恒泰中心塔2 1906了", "CN_ADDRESS", "恒泰中心塔2 1906"),
        ("你给马冬梅打个电话", "PERSON", "马冬梅"),
    ],
)
def test_what_stands_around_a_value_tells_what_it_is(
    detector: Detector, text: str, entity: str, value: str
) -> None:
    found = {(each.entity, text[each.start : each.end]) for each in detector.detect(text)}
    assert (entity, value) in found


def test_it_adds_to_the_rules_and_takes_nothing_away(
    detector: Detector, rules_only: Detector
) -> None:
    texts = [line.text for line in messages()["places/first_author"]][:200]
    for text, more, some in zip(
        texts, detector.detect_many(texts), rules_only.detect_many(texts), strict=True
    ):
        covered = {at for each in more for at in range(each.start, each.end)}
        assert all(
            at in covered or not text[at].isalnum()
            for each in some
            for at in range(each.start, each.end)
        ), text
    assert any(each.why == WHY_TAGGER for found in detector.detect_many(texts) for each in found)


def test_without_it_no_finding_is_its_own(rules_only: Detector) -> None:
    texts = [line.text for line in messages()["places/first_author"]][:200]
    assert not any(
        each.why == WHY_TAGGER for found in rules_only.detect_many(texts) for each in found
    )


def test_what_a_rule_and_the_tagger_see_of_one_value_is_one_finding(detector: Detector) -> None:
    text = "导航机场西出口往南300米建材城B区21号"
    found = [each for each in detector.detect(text) if each.entity == "CN_ADDRESS"]
    assert len(found) == 1


def test_a_line_is_read_alike_wherever_it_stands() -> None:
    line = "公司换到恒泰中心塔2 1906了"
    alone = tags(line)
    before = "马冬梅说\n好的\n"
    within = [each for each in tags(f"{before}{line}\n嗯") if each.start >= len(before)]
    assert within == [
        Tag(each.entity, each.start + len(before), each.end + len(before), each.probability)
        for each in alone
    ]
    assert alone


def test_a_placeholder_is_one_character_with_or_without_the_numbers_of_the_export() -> None:
    assert (
        read("我叫〔姓名〕住〔地址〕").text == read("我叫〔姓名\uf001〕住〔地址\uf001\uf002〕").text
    )
    piece = read("找〔姓名〕吧")
    assert piece.text == "找〔吧"
    assert list(piece.places) == [0, 1, 5, 6]


def test_no_tag_goes_over_what_is_masked() -> None:
    text = "菜鸟驿站（文二路店）〔电话〕翠湖新村3栋"
    assert tags(text)
    for tag in tags(text):
        assert "〔" not in text[tag.start : tag.end]


def test_nothing_is_left_to_find_once_its_findings_are_masked(detector: Detector) -> None:
    for line in messages()["places/second_author"][:150]:
        assert detector.detect(mask(line.text, detector.detect(line.text))) == [], line.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n",
        "\ud83d",
        "张\ud83d三丰路8号",
        "\u202e路8号张伟",
        "〔",
        "〔〔〔〕〕",
        "8号\u200b楼" * 50,
        "\x00栋\x00单元",
    ],
)
def test_odd_characters_move_no_offset(text: str) -> None:
    for tag in tags(text):
        assert 0 <= tag.start < tag.end <= len(text)
        assert tag.entity in TAGGED
    piece = read(text)
    assert len(features(piece.text)) == len(piece.text) == len(piece.places) - 1


def test_a_long_text_is_read_in_time_that_grows_with_its_length() -> None:
    def taken(size: int) -> float:
        text = "翻斗花园3号楼张伟的" * (size // 10)
        began = time.process_time()
        assert tags(text)
        return time.process_time() - began

    taken(1_000)
    assert taken(40_000) < 12 * taken(10_000) + 0.5


def test_threads_read_side_by_side() -> None:
    lines = [f"公司换到恒泰中心塔{number} 19{number:02}了" for number in range(10, 40)]
    alone = [tags(line) for line in lines]
    fresh = [line.replace("公司", "单位") for line in lines]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(tags, fresh))
    assert [len(found) for found in together] == [len(found) for found in alone]
    assert together == [tags(line) for line in fresh]


def test_most_chat_is_not_worth_asking_about() -> None:
    talk = ["哈哈哈哈", "好的", "我也觉得", "吃了吗", "明天见", "笑死我了[捂脸]", "真的假的？"]
    assert not any(map(may_tag, talk))


def test_labels_are_read_as_spans() -> None:
    named = ["O", "B-PERSON", "I-PERSON", "B-PERSON", "O", "I-CN_ADDRESS", "I-PERSON"]
    assert list(spans(named)) == [
        ("PERSON", 1, 3),
        ("PERSON", 3, 4),
        ("CN_ADDRESS", 5, 6),
        ("PERSON", 6, 7),
    ]


def test_the_model_is_small_and_was_made_from_the_texts_of_this_project() -> None:
    assert MODEL.stat().st_size + HINTS.stat().st_size < 5 * MEGABYTE
    assert f'"texts":"{digest(messages())}"' in HINTS.read_text(encoding="utf-8")
