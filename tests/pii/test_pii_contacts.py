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
    pytest.param("mango_bear7 ← 这是我", [("WECHAT_ID", "mango_bear7")], id="an arrow to oneself"),
    pytest.param(
        "认准mango_bear7，其他都是假的", [("WECHAT_ID", "mango_bear7")], id="the right one"
    ),
    pytest.param(
        "转钱前加我核实mango_bear7", [("WECHAT_ID", "mango_bear7")], id="added to make sure"
    ),
    pytest.param(
        "微信有两个，工作mangobear，私人mango_b7",
        [("WECHAT_ID", "mangobear"), ("WECHAT_ID", "mango_b7")],
        id="two by what they are for",
    ),
    pytest.param("微信 m a n g o 1 0 2", [("WECHAT_ID", "m a n g o 1 0 2")], id="letter by letter"),
    pytest.param("她微信 mango.bear77", [("WECHAT_ID", "mango.bear77")], id="full stop in an id"),
    pytest.param("微信 mango.apk 装一下", [], id="file of WeChat"),
    pytest.param("备注一下，vmango_bear", [("WECHAT_ID", "mango_bear")], id="one letter glued"),
    pytest.param("看了，vlog_mango不错", [], id="a word that begins with that letter"),
    pytest.param("我小店的号，加我的号 woaimangguo", [("WECHAT_ID", "woaimangguo")], id="pinyin"),
    pytest.param("你搜 screenshot", [], id="English to search for"),
    pytest.param("report_mango 这个是我的", [], id="file of mine"),
    pytest.param("贴吧id mango_bear7", [], id="account of a forum"),
    pytest.param("我q是六位的 583920", [("QQ_NUMBER", "583920")], id="six digits said to be so"),
    pytest.param("任九 31003 1133 10", [], id="football pools"),
    pytest.param("工资 13862.50 1930", [], id="sums"),
    pytest.param(
        "进群报qq：1.小陈 1928374655 2.阿伟 873645192",
        [("QQ_NUMBER", "1928374655"), ("QQ_NUMBER", "873645192")],
        id="list in one line",
    ),
    pytest.param("学号登记\n陈默 2021302141\n孙倩 2021302142", [], id="list of students"),
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
