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
