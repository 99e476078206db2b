from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings

from curation.model import Decision, Finding
from curation.pii import ENTITIES, PLACEHOLDER_TEXT, Detector, canonical_value, mask
from tests.examples import examples
from tests.pii.test_pii_detector import MESSAGES


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("打我13812345678哈", "打我〔电话〕哈", id="phone"),
        pytest.param("我住翻斗花园3号楼1001，来吧", "我住〔地址〕，来吧", id="address"),
        pytest.param("😀lihua@163.com😀", "😀〔邮箱〕😀", id="between emoji"),
        pytest.param("13812345678 13987654321", "〔电话〕 〔电话〕", id="two stay two"),
        pytest.param("13812345678/lihua@163.com", "〔电话〕/〔邮箱〕", id="two kinds"),
        pytest.param("密码是abc123[微笑]~~!!!", "密码是〔密码〕[微笑]~~!!!", id="codes stay"),
        pytest.param("哈哈哈哈(｡•́︿•̀｡)", "哈哈哈哈(｡•́︿•̀｡)", id="nothing to mask"),
    ],
)
def test_findings_are_replaced_by_their_placeholders(
    detector: Detector, text: str, expected: str
) -> None:
    assert mask(text, detector.detect(text)) == expected


def test_a_finding_decided_keep_stays_and_pending_is_masked(detector: Detector) -> None:
    text = "13812345678和13987654321和13611112222"
    first, second, third = detector.detect(text)
    decided = [
        replace(first, decision=Decision.KEEP),
        second,
        replace(third, decision=Decision.MASK),
    ]
    assert mask(text, decided) == "13812345678和〔电话〕和〔电话〕"


def test_overlapping_findings_leave_nothing_of_either() -> None:
    text = "abcdefgh"
    findings = [Finding("PASSWORD", 0, 5, 0.9, "a"), Finding("PERSON", 3, 8, 0.5, "b")]
    assert mask(text, findings) == "〔密码〕〔姓名〕"


def test_as_many_findings_as_there_may_be_are_masked_in_time() -> None:
    count = 20_000
    text = "打abcdefgh吧" * count
    findings = [
        Finding(entity, start, start + 6, score, "a")
        for place in range(count)
        for entity, start, score in (
            ("PASSWORD", place * 10 + 1, 0.9),
            ("PERSON", place * 10 + 3, 0.5),
        )
    ]
    began = time.process_time()
    assert mask(text, reversed(findings)) == "打〔密码〕〔姓名〕吧" * count
    assert time.process_time() - began < 8


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_placeholder_is_never_found_again(detector: Detector, entity: str) -> None:
    placeholder = PLACEHOLDER_TEXT[entity]
    for text in (
        placeholder,
        f"密码是{placeholder}",
        f"我住在{placeholder}3楼",
        f"{placeholder}是密码",
    ):
        assert detector.detect(text) == []


@settings(max_examples=examples(250), deadline=None)
@given(text=MESSAGES)
def test_masked_text_holds_no_masked_value_and_nothing_more_to_find(
    detector: Detector, text: str
) -> None:
    findings = detector.detect(text)
    masked = mask(text, findings)
    visible = re.sub("〔[^〕]*〕", "\n", masked)
    for finding in findings:
        value = text[finding.start : finding.end]
        # What is left of an address glued to another is only where it was written.
        if len(value) >= 4 and not value.startswith("@"):
            assert not re.search(rf"(?<![0-9A-Za-z]){re.escape(value)}(?![0-9A-Za-z])", visible)
    assert detector.detect(masked) == []


@pytest.mark.parametrize(
    ("entity", "one", "other"),
    [
        ("PHONE_NUMBER", "138-1234-5678", "13812345678"),
        ("PHONE_NUMBER", "+86 138 1234 5678", "13812345678"),
        ("PHONE_NUMBER", "（86）１３８１２３４５６７８", "13812345678"),
        ("PHONE_NUMBER", "幺三八一二三四五六七八", "13812345678"),
        ("PHONE_NUMBER", "+86-10-88886666", "010-88886666"),
        ("EMAIL_ADDRESS", "LiHua＠163．com", "lihua@163.com"),
        ("CN_ID_CARD", "110105 19491231 002x", "11010519491231002X"),
        ("BANK_CARD", "6222 0212 3456 7890 128", "6222021234567890128"),
        ("LICENSE_PLATE", "京a·12345", "京A12345"),
        ("CN_ADDRESS", "翻斗花园 ３号楼1001", "翻斗花园3号楼1001"),
        ("CN_ADDRESS", "翻斗花园3号楼 ２－３０１", "翻斗花园-3号楼2 301"),
        ("PASSWORD", "ａｂｃ123", "abc123"),
    ],
)
def test_equal_values_have_one_canonical_form(entity: str, one: str, other: str) -> None:
    assert canonical_value(entity, one) == canonical_value(entity, other)


@pytest.mark.parametrize(
    ("entity", "one", "other"),
    [
        ("PASSWORD", "Abc123", "abc123"),
        ("PASSWORD", "abc-123", "abc123"),
        ("PHONE_NUMBER", "13812345678", "13812345679"),
        ("EMAIL_ADDRESS", "a.b@c.cn", "ab@c.cn"),
        ("CN_ADDRESS", "翻斗花园3号楼2-301", "翻斗花园3号楼23-01"),
        ("CN_ADDRESS", "翻斗花园3号楼2-301", "翻斗花园3号楼2301"),
    ],
)
def test_different_values_stay_apart(entity: str, one: str, other: str) -> None:
    assert canonical_value(entity, one) != canonical_value(entity, other)


@settings(deadline=None)
@given(text=MESSAGES)
def test_the_canonical_form_of_a_canonical_form_is_itself(text: str) -> None:
    for entity in ENTITIES:
        once = canonical_value(entity, text)
        assert canonical_value(entity, once) == once
