from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation.pii.recognizers.id_card import has_valid_checksum

if TYPE_CHECKING:
    from tests.pii.conftest import Found

CASES = [
    pytest.param("11010519491231002X", ["11010519491231002X"], id="checksum X"),
    pytest.param("我身份证11010519491231002x哦", ["11010519491231002x"], id="small x, glued"),
    pytest.param("110105 19491231 002X", ["110105 19491231 002X"], id="spaced"),
    pytest.param("110105-19491231-002X", ["110105-19491231-002X"], id="dashed"),
    pytest.param(
        "１１０１０５１９４９１２３１００２Ｘ",
        ["１１０１０５１９４９１２３１００２Ｘ"],
        id="full width",
    ),
    pytest.param("身份证号：110105194912310021", ["110105194912310021"], id="mistyped, but named"),
    pytest.param("身份证 110105491231002", ["110105491231002"], id="fifteen digits, named"),
    pytest.param("110105.19491231.002X", ["110105.19491231.002X"], id="dotted"),
    pytest.param("1101051949\n1231002X", ["1101051949\n1231002X"], id="two messages"),
    pytest.param(
        "一一零一零五一九四九一二三一零零二X",
        ["一一零一零五一九四九一二三一零零二X"],
        id="numerals",
    ),
    pytest.param(
        "110105194912310021是我身份证", ["110105194912310021"], id="mistyped, named after it"
    ),
    pytest.param("身份证号110105194913310029", ["110105194913310029"], id="named, no such month"),
    pytest.param("身份证1101051949123100", [], id="two digits missing"),
    pytest.param("身份证号 11010519491231002", ["11010519491231002"], id="a digit missing"),
    pytest.param('"id_card": "110105194912310021"', ["110105194912310021"], id="field"),
    pytest.param("香港身份证A123456(3)", ["A123456(3)"], id="Hong Kong"),
    pytest.param("A123456(4)", [], id="Hong Kong, wrong check digit"),
    pytest.param("台灣身分證A123456789", ["A123456789"], id="Taiwan"),
    pytest.param("A123456788", [], id="Taiwan, wrong check digit"),
    pytest.param("澳门身份证1234567(8)", ["1234567(8)"], id="Macau"),
    pytest.param(
        "卡号6222021234567890128，身份证11010519491231002X",
        ["11010519491231002X"],
        id="the word names what follows it",
    ),
    pytest.param("11010519491231002叉", ["11010519491231002叉"], id="X as it is read out"),
    pytest.param("十五位的110105491231002", ["110105491231002"], id="said to be an old one"),
    pytest.param("统一编号A123456789", ["A123456789"], id="Taiwan, another word"),
    pytest.param("110105194912310021跟身份证似的", [], id="only like one"),
    pytest.param("准考证号110105491231002", [], id="number of an examination"),
    pytest.param("身份证后四位002X", [], id="the last four"),
    pytest.param("110105491231002", [], id="fifteen digits alone"),
    pytest.param("110105194912310021", [], id="wrong checksum"),
    pytest.param("110105194913310029", [], id="no such month"),
    pytest.param("990105194912310021", [], id="no such region"),
    pytest.param("订单号11010519491231002X", [], id="order number with a lucky checksum"),
    pytest.param("111010519491231002X", [], id="nineteen digits"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_an_identity_card_is_found_by_checksum_or_by_its_name(
    found: Found, text: str, expected: list[str]
) -> None:
    assert found(text, "CN_ID_CARD") == expected


@pytest.mark.parametrize("place", range(17))
def test_the_checksum_notices_one_wrong_digit(place: int) -> None:
    right = "11010519491231002X"
    wrong = right[:place] + str((int(right[place]) + 1) % 10) + right[place + 1 :]
    assert has_valid_checksum(right)
    assert not has_valid_checksum(wrong)
