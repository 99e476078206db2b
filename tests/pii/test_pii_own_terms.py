"""A person's own terms are always found, and what they except never is."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.model import DetectionRules
from curation.pii import Detector, escaped, mask
from curation.pii.entities import STAND_IN
from curation.pii.folding import fold
from curation.pii.literals import Literals, lowered

if TYPE_CHECKING:
    from curation.model import Finding

TERMS = ("翻斗花园", "Ruwo计划", "acme", "42", "老板*", "天王?虎", "云", "ＶＩＰ客户")


@pytest.fixture(scope="module")
def searcher() -> Detector:
    return Detector(DetectionRules(terms=TERMS))


def pieces(text: str, findings: list[Finding]) -> list[tuple[str, str]]:
    return [(each.entity, text[each.start : each.end]) for each in findings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("翻斗花园见", ["翻斗花园"], id="as it was written"),
        pytest.param("这是RUWO计划啊", ["RUWO计划"], id="other letter case"),
        pytest.param("ｒｕｗｏ计划", ["ｒｕｗｏ计划"], id="full width in the message"),
        pytest.param("他是vip客户", ["vip客户"], id="full width in the term"),
        pytest.param("acme和ACME.", ["acme", "ACME"], id="twice"),
        pytest.param("老板娘来了", ["老板娘"], id="a star at the end: the rest of the word"),
        pytest.param("天王老虎，天王虎", ["天王老虎"], id="a question mark is one character"),
        pytest.param("白云飘", ["云"], id="a single character"),
        pytest.param("第42个", ["42"], id="a number"),
        pytest.param("翻斗花 园", [], id="a blank inside"),
        pytest.param("acmeology macme", [], id="inside a longer word"),
        pytest.param("1420 421", [], id="inside a longer number"),
        pytest.param("翻斗", [], id="only the beginning"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_a_term_is_found(searcher: Detector, text: str, expected: list[str]) -> None:
    assert pieces(text, searcher.detect(text)) == [("CUSTOM_TERM", piece) for piece in expected]


@pytest.mark.parametrize(
    ("exceptions", "text", "expected"),
    [
        (("13812345678",), "打13812345678", []),
        (("１３８１２３４５６７８",), "打13812345678", []),
        (("138*",), "打13812345678，13912345678", [("PHONE_NUMBER", "13912345678")]),
        (("张三",), "张三 13812345678", [("PHONE_NUMBER", "13812345678")]),
        (("1381234",), "打13812345678", [("PHONE_NUMBER", "13812345678")]),
        (("*@example.com",), "写a@Example.com", []),
        (("翻斗花园",), "翻斗花园3号楼1001", [("CN_ADDRESS", "翻斗花园3号楼1001")]),
        (("*",), "打13812345678", [("PHONE_NUMBER", "13812345678")]),
    ],
)
def test_an_exception_lets_go_what_it_matches_whole_and_nothing_else(
    exceptions: tuple[str, ...], text: str, expected: list[tuple[str, str]]
) -> None:
    searcher = Detector(DetectionRules(exceptions=exceptions))
    assert pieces(text, searcher.detect(text)) == expected


@pytest.mark.parametrize(
    ("entities", "text", "expected"),
    [
        ("OTP_CODE", "验证码 482913", []),
        ("OTP_CODE", "我银行卡密码是482913", [("PASSWORD", "482913")]),
        ("PASSWORD", "验证码 482913", [("OTP_CODE", "482913")]),
        ("OTP_CODE PASSWORD", "我银行卡密码是482913", []),
    ],
)
def test_an_exception_of_one_kind_lets_nothing_of_another_kind_go(
    entities: str, text: str, expected: list[tuple[str, str]]
) -> None:
    rules = DetectionRules(exceptions=("482913",), exception_entities={"482913": entities})
    assert pieces(text, Detector(DetectionRules.from_json(rules.to_json())).detect(text)) == (
        expected
    )


def test_what_is_let_go_as_one_kind_does_not_come_back_in_its_place_as_a_lesser_one() -> None:
    rules = DetectionRules(exceptions=("小满",), exception_entities={"小满": "PERSON"})
    assert Detector(replace(rules, names=("小满",))).detect("小满来了") == []


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("电话", "打〔电话〕", []),
        ("电话", "〔电话\U00100000〕的电话", ["电话"]),
        ("隐*", "〔隐私〕隐居", ["隐居"]),
        ("打*来", "打〔电话\U00100003\U00100000〕来", ["打", "来"]),
        ("?电", "〔电话〕", []),
        ("MAC地址", "MAC地址是〔MAC地址〕", ["MAC地址"]),
        ("密码", "〔我的密码〕", ["密码"]),
    ],
)
def test_a_term_is_not_found_in_what_stands_for_a_masked_value(
    term: str, text: str, expected: list[str]
) -> None:
    found = Detector(DetectionRules(terms=(term,))).detect(text)
    assert [text[each.start : each.end] for each in found] == expected


def test_an_exception_is_stronger_than_a_term() -> None:
    searcher = Detector(DetectionRules(terms=("翻斗?园",), exceptions=("翻斗花园",)))
    text = "翻斗花园，翻斗果园"
    assert pieces(text, searcher.detect(text)) == [("CUSTOM_TERM", "翻斗果园")]


def test_what_an_exception_lets_go_stays_when_the_rest_is_masked() -> None:
    searcher = Detector(DetectionRules(exceptions=("13812345678",)))
    text = "13812345678和13912345678"
    assert mask(text, searcher.detect(text)) == "13812345678和〔电话〕"


@pytest.mark.parametrize("value", ["13812345678", "lihua@163.com"])
def test_a_term_wins_over_another_finding_on_the_same_span(value: str) -> None:
    searcher = Detector(DetectionRules(terms=(value,)))
    assert [each.entity for each in searcher.detect(f"打{value}")] == ["CUSTOM_TERM"]


def test_thousands_of_terms_cost_hardly_more_than_one() -> None:
    text = "今天晚上一起吃饭好呀告诉我" * 400
    seconds = []
    for count in (1, 5000):
        terms = tuple(f"{chr(0x4E00 + number % 3000)}甲{number}" for number in range(count))
        searcher = Detector(DetectionRules(terms=terms))
        searcher.detect("甲")
        began = time.process_time()
        for _ in range(5):
            assert searcher.detect(text) == []
        seconds.append(time.process_time() - began)
    assert seconds[1] < 20 * seconds[0] + 0.2


@given(
    strings=st.lists(st.text(alphabet="ab甲乙İKé1 ", min_size=1, max_size=3), max_size=4),
    text=st.text(alphabet="abAB甲乙İKKéÉ1 ", max_size=12),
)
def test_the_gates_of_many_strings_never_hide_one(strings: list[str], text: str) -> None:
    literals = Literals({lowered(string): True for string in strings})
    places = list(literals.find(lowered(text)))
    for place in places:
        assert place.end <= len(text)
        assert lowered(text)[place.start : place.end] in {lowered(string) for string in strings}
    if places:
        assert literals.may_be_in(lowered(text))
        assert literals.gate().search(fold(text))


@given(st.text(min_size=1, max_size=8))
def test_any_term_that_says_anything_finds_itself(text: str) -> None:
    if fold(text).strip() != fold(text) or not any(map(str.isalnum, text)):
        return
    if STAND_IN.search(text):  # of a placeholder nothing is found
        return
    assert Detector(DetectionRules(terms=(escaped(text),))).detect(f"。{text}。")
