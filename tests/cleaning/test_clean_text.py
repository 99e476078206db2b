"""Cleaning takes off what exporters added, and keeps what people typed byte for byte."""

from __future__ import annotations

import time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.cleaning import clean_text, clean_texts


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        pytest.param("好\r\n的\r吧\n", "好\n的\n吧", id="line ends"),
        pytest.param(" \t\n嗯 \n", "嗯", id="outer blanks"),
        pytest.param("a \t b\n\n c", "a \t b\n\n c", id="inner blanks stay"),
        pytest.param("哈\x00哈\x08\x1b哈\x0b\x0c", "哈哈哈", id="control characters"),
        pytest.param("半\ud83d个\udc4d", "半个", id="lone surrogates"),
        pytest.param("\x00 嗯\x1f\r\n\x02", "嗯", id="blanks behind control characters"),
        pytest.param("<![CDATA[嗯嗯]]>", "嗯嗯", id="CDATA"),
        pytest.param("<![CDATA[没关上", "没关上", id="open CDATA"),
        pytest.param("<![CD<![CDATA[ATA[嗯]]>", "嗯", id="CDATA within CDATA"),
        pytest.param(
            '<![CDATA[你撤回了一条消息 <a href="weixin://revoke_edit_click">重新编辑</a>]]>',
            "你撤回了一条消息",
            id="the button behind a recall",
        ),
        pytest.param('点<a href="weixin://x/y">这里</a>吧', "点这里吧", id="a WeChat button"),
        pytest.param(
            '看<_wc_custom_link_ color="#000" href="weixin://z">公告</_wc_custom_link_>',
            "看公告",
            id="a WeChat link",
        ),
        pytest.param("\u3000", "", id="nothing but a full-width space"),
        pytest.param("", "", id="empty"),
    ],
)
def test_what_no_person_typed_goes(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned


TYPED = [
    "(｡•́︿•̀｡)",
    "(╯°□°）╯︵ ┻━┻",
    "¯\\_(ツ)_/¯",
    "ヽ(✿ﾟ▽ﾟ)ノ",
    "　∧＿∧\n（　・ω・）\n（　つ旦",
    "[委屈][微笑][旺柴]",
    "哈哈哈哈哈哈哈哈",
    "hhhhh 2333 awsl xswl",
    "？？？！！！!!!…… 。。。。~~～～",
    "👨‍👩‍👧‍👦 ❤️ 💪🏽 🏳️‍🌈 1️⃣ 🇨🇳",
    "e\u0301 \u200b\u200d\ufeff",
    "我 <3 你 a<b>c </3",
    '<script>alert(1)</script> <a href="https://example.com">链接</a>',
    "]]> 是什么",
    "![图](x.png) $$x^2$$ =1+1 **粗**",
    "\u00a0两边不断行空格\u00a0",
    "\x7f\x85",
]


@pytest.mark.parametrize("text", TYPED)
def test_what_a_person_typed_stays_byte_for_byte(text: str) -> None:
    assert clean_text(text) == text


_MARKUP = st.lists(
    st.sampled_from(
        [
            *(
                "<![CDATA[",
                "]]>",
                "<![CD",
                "ATA[",
                "<",
                ">",
                "</a>",
                "重新编辑",
                "<a ",
                "weixin://",
            ),
            *(
                '<a href="weixin://x">',
                "<_wc_custom_link_ a>",
                "</_wc_custom_link_>",
                "<_wc_custom",
            ),
            *(" ", "\n", "\r", "\x00", "\ud83d", "\u3000", "哈", "\t"),
        ]
    )
).map("".join)


def _is_storable(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


@settings(deadline=None)
@given(st.one_of(_MARKUP, st.text(st.characters(exclude_categories=()))))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once


@settings(deadline=None)
@given(st.lists(st.one_of(_MARKUP, st.text(st.characters(exclude_categories=())), st.none())))
def test_a_column_is_cleaned_like_each_of_its_texts(texts: list[str | None]) -> None:
    series = pd.Series(texts, dtype=object)
    expected = [None if text is None else clean_text(text) for text in texts]
    assert clean_texts(series).tolist() == expected


@settings(deadline=None)
@given(st.lists(st.one_of(_MARKUP, st.text()).filter(_is_storable)))
def test_a_column_of_arrow_text_is_cleaned_like_each_of_its_texts(texts: list[str]) -> None:
    series = pd.Series(texts, dtype="str")
    assert clean_texts(series).tolist() == [clean_text(text) for text in texts]


def test_a_column_keeps_its_index_name_and_dtype() -> None:
    series = pd.Series([" 嗯 ", None, "好"], index=[7, 7, 9], name="text", dtype="str")
    cleaned = clean_texts(series)
    assert cleaned.index.tolist() == [7, 7, 9]
    assert (cleaned.name, cleaned.dtype) == ("text", series.dtype)
    assert cleaned.isna().tolist() == [False, True, False]
    assert cleaned.iloc[0] == "嗯"


def test_a_long_text_of_half_markup_is_cleaned_in_reasonable_time() -> None:
    started = time.process_time()
    for piece in ("<a weixin://", "<![CDATA[", "<_wc_custom_link_", "<a ", " \n"):
        clean_text(piece * (100_000 // len(piece)) + "哈")
    assert time.process_time() - started < 20
