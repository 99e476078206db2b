from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation.pii.recognizers.bank_card import passes_luhn

if TYPE_CHECKING:
    from tests.pii.conftest import Found

CASES = [
    pytest.param(
        "6222，0212，3456，7890，128", ["6222，0212，3456，7890，128"], id="Chinese commas between"
    ),
    pytest.param(
        "【6222】【0212】【3456】【7890】【128",
        ["6222】【0212】【3456】【7890】【128"],
        id="each four in brackets",
    ),
    pytest.param("4500，4600，4700，4808", [], id="prices, Chinese commas between"),
    pytest.param("6222021234567890128", ["6222021234567890128"], id="UnionPay, nineteen"),
    pytest.param("打给我6222021234567890128谢谢", ["6222021234567890128"], id="glued"),
    pytest.param("4111 1111 1111 1111", ["4111 1111 1111 1111"], id="Visa, spaced"),
    pytest.param("4111-1111-1111-1111", ["4111-1111-1111-1111"], id="dashed"),
    pytest.param(
        "６２２２０２１２３４５６７８９０１２８",
        ["６２２２０２１２３４５６７８９０１２８"],
        id="full width",
    ),
    pytest.param("卡号是6222021234567890123", ["6222021234567890123"], id="named, wrong Luhn"),
    pytest.param("工行卡 6222021234567890123", ["6222021234567890123"], id="named by its bank"),
    pytest.param("6222021234567890123", [], id="wrong Luhn"),
    pytest.param("交易号6222021234567890128", [], id="transaction"),
    pytest.param("4111 1111 1111 1111 08/27", ["4111 1111 1111 1111"], id="its date after it"),
    pytest.param("6222.0212.3456.7890.128", ["6222.0212.3456.7890.128"], id="dotted"),
    pytest.param("62220212\n34567890128", ["62220212\n34567890128"], id="two messages"),
    pytest.param(
        "六二二二零二一二三四五六七八九零一二八",
        ["六二二二零二一二三四五六七八九零一二八"],
        id="numerals",
    ),
    pytest.param(
        "card no. 6222021234567890123", ["6222021234567890123"], id="named in English, wrong Luhn"
    ),
    pytest.param(
        "中行卡6222 0212 3456 7890 123",
        ["6222 0212 3456 7890 123"],
        id="named by another bank, wrong Luhn",
    ),
    pytest.param("4500 4600 4700 4800", [], id="prices"),
    pytest.param("9787020002207123", [], id="longer than a book's"),
    pytest.param("尾号0128的卡", [], id="the last four"),
    pytest.param('"trade_no": "6222021234567890128"', [], id="field of a payment"),
    pytest.param("会员卡号6222021234567890128", [], id="card of a shop"),
    pytest.param("1234567890123452", [], id="no issuer"),
    pytest.param("9787020002207", [], id="ISBN"),
    pytest.param("4200001234202403151234567890", [], id="payment of 28 digits"),
    pytest.param("4444444444444444", [], id="one digit repeated"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_bank_card_is_found_by_luhn_and_issuer_or_by_its_name(
    found: Found, text: str, expected: list[str]
) -> None:
    assert found(text, "BANK_CARD") == expected


@pytest.mark.parametrize(
    ("digits", "valid"), [("4111111111111111", True), ("4111111111111112", False)]
)
def test_luhn_tells_a_right_check_digit_from_a_wrong_one(digits: str, valid: bool) -> None:  # noqa: FBT001  (a table's column)
    assert passes_luhn(digits) is valid
