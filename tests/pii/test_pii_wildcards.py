"""Wildcards in a person's own terms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.pii import TermFinder, escaped, term_pattern
from curation.pii.folding import fold


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("翻斗花园", "我家在翻斗花园呢", ["翻斗花园"]),
        ("翻斗*", "翻斗花园和翻斗小学", ["翻斗花园", "翻斗小学"]),
        ("翻斗*", "翻斗和平里", ["翻斗和平里"]),
        ("阳光*", "我在阳光太古里的店", ["阳光太古里"]),
        ("阳光*", "住阳光别墅", ["阳光别墅"]),
        ("阳光*", "住陽光別墅", ["陽光別墅"]),
        ("阳光*", "阳光天地在哪", ["阳光天地"]),
        ("阳光*", "阳光很多，阳光那边没人", ["阳光", "阳光"]),
        ("绿*", "绿地在哪", ["绿地"]),
        ("星河*", "星河也门项目", ["星河也门项目"]),
        ("星河*", "星河不夜城那边", ["星河不夜城"]),
        ("赵*", "赵太平昨天来了，找赵也，赵也来", ["赵太平", "赵也", "赵"]),
        ("*集团", "她在集团上班，去集团", ["集团", "集团"]),
        ("*集团", "她在太平洋集团上班", ["太平洋集团"]),
        ("*集团", "去地平线集团，我爸在得力集团", ["地平线集团", "得力集团"]),
        ("*集团", "他在未来集团和绿地集团都待过", ["未来集团", "绿地集团"]),
        ("老板*", "老板回来了，老板不好惹", ["老板", "老板"]),
        ("老板*", "老板今天心情好所以我们下午三点就可以下班了哦", ["老板"]),
        ("*老板", "我觉得今天大老板特别开心", ["大老板"]),
        ("老板?", "老板👨\u200d👩\u200d👧，老板(｡•́︿•̀｡)，老板娘", ["老板", "老板", "老板娘"]),
        ("?老板?", "[捂脸]老板[微笑]", ["老板"]),
        ("老*板", "老[捂脸]板哈哈哈", ["老", "板"]),
        ("老板*", "老板哈哈哈哈", ["老板"]),
        ("旺*", "[旺柴]旺旺", ["旺旺"]),
        ("张三*", "[张三丰]来了", ["张三丰"]),
        ("老板*", "老板娘，来碗面", ["老板娘"]),
        ("翻斗*楼", "翻斗花园3号楼见", ["翻斗花园3号楼"]),
        ("翻斗*楼", "翻斗花园\n3号楼", []),
        ("小?哥", "小明哥，小哥", ["小明哥"]),
        ("Acme", "在ＡＣＭＥ上班，acme不错", ["ＡＣＭＥ", "acme"]),
        ("acme", "acmeology", []),
        ("b-42", "编号B-42的", ["B-42"]),
        ("42", "1042和420", []),
        (r"a\*b", "a*b axb", ["a*b"]),
        ("*", "什么都不找", []),
        ("??", "什么都不找", []),
    ],
)
def test_a_term_finds(term: str, text: str, found: list[str]) -> None:
    assert [text[slice(*span)] for span in TermFinder([term]).spans(fold(text))] == found
    pattern = term_pattern([term])
    assert (pattern is not None and pattern.search(fold(text)) is not None) >= bool(found)


def test_no_term_hides_what_another_one_reaches() -> None:
    text = "蓝鲸二期项目组明天开会"
    spans = TermFinder(["蓝鲸*", "蓝鲸??"]).spans(text)
    assert {text[slice(*span)] for span in spans} == {"蓝鲸二期", "蓝鲸二期项目组"}


@given(st.text(min_size=1).filter(lambda text: fold(text).strip() == fold(text)))
def test_escaped_text_finds_itself_whatever_it_holds(text: str) -> None:
    pattern = term_pattern([escaped(text)])
    assert pattern is not None
    assert pattern.fullmatch(fold(text))
