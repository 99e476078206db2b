"""Phones and accounts that no form names are told by what stands beside them."""

from __future__ import annotations

import pytest

from curation.pii import Detector

CASES = [
    pytest.param("我在那边用 0455 018 372", [("PHONE_NUMBER", "0455 018 372")], id="abroad"),
    pytest.param("打我 (628) 555-0149", [("PHONE_NUMBER", "(628) 555-0149")], id="overseas"),
    pytest.param("电话 139 4471 2 906", [("PHONE_NUMBER", "139 4471 2 906")], id="odd groups"),
    pytest.param("加这个 lazy_koala31", [("WECHAT_ID", "lazy_koala31")], id="to add"),
    pytest.param("那个号38820174还在用，qq上喊我", [("QQ_NUMBER", "38820174")], id="far word"),
    pytest.param("路由器 192.168.10.22 33", [], id="address of a host and more"),
    pytest.param("报了 1200 3400 5600 三个价", [], id="prices"),
    pytest.param("更新到 nightly_build7", [], id="version"),
    pytest.param("2019 0412 那天", [], id="day"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_contact_is_told_by_what_stands_beside_it(
    text: str, expected: list[tuple[str, str]]
) -> None:
    kinds = {"PHONE_NUMBER", "WECHAT_ID", "QQ_NUMBER"}
    found = [
        (finding.entity, text[finding.start : finding.end])
        for finding in Detector().detect(text)
        if finding.entity in kinds
    ]
    assert found == expected


def test_a_contact_says_which_words_spoke_for_it() -> None:
    (finding,) = Detector().detect("电话 139 4471 2 906")
    assert "电话" in finding.why
