"""Wildcards in a person's own terms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.pii import escaped, term_pattern
from curation.pii.folding import fold


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("翻斗花园", "我家在翻斗花园呢", ["翻斗花园"]),
        ("翻斗*", "翻斗花园和翻斗小学", ["翻斗花园和翻斗小学"]),
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
    pattern = term_pattern([term])
    hits = (
        [] if pattern is None else [text[m.start() : m.end()] for m in pattern.finditer(fold(text))]
    )
    assert hits == found


def test_the_longer_of_two_terms_wins() -> None:
    pattern = term_pattern(["小满", "小满仓"])
    assert pattern is not None
    assert pattern.findall("小满仓和小满") == ["小满仓", "小满"]


@given(st.text(min_size=1).filter(lambda text: fold(text).strip() == fold(text)))
def test_escaped_text_finds_itself_whatever_it_holds(text: str) -> None:
    pattern = term_pattern([escaped(text)])
    assert pattern is not None
    assert pattern.fullmatch(fold(text))
