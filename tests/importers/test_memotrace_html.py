"""Pages of MemoTrace: literals that are read as text, whatever stands in them."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.errors import BadFileError, NoMessagesError
from curation.importers import read_file
from curation.importers.wechat.js_objects import objects
from tests.examples import examples

if TYPE_CHECKING:
    from pathlib import Path

ANY_CHARACTER = st.characters(codec="utf-8")

START = re.compile(r"\{\s*[\"']?type[\"']?\s*:\s*[\"']?-?\d{1,19}[\"']?\s*,")


def escaped(text: str) -> str:
    """Return a text as MemoTrace escapes it for JavaScript."""
    for plain, written in (
        ("\\", "\\\\"),
        ("'", "\\'"),
        ('"', '\\"'),
        ("\n", "\\n"),
        ("\r", "\\r"),
    ):
        text = text.replace(plain, written)
    return text


def literal(text: str, name: str = "阿川", sent: object = 1, moment: object = 1_700_000_000) -> str:
    return (
        f"{{ type:1, text: '{text}',is_send:{sent},avatar_path:'',timestamp:{moment},"
        f"is_chatroom:0,displayname:'{name}'}},"
    )


def page(*messages: str) -> str:
    return (
        "<!DOCTYPE html><html><head><title>林小满</title></head><body><script>"
        f"const chatMessages = [{''.join(messages)}];</script></body></html>"
    )


def texts_of(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    return read_file(path).messages["text"].to_list()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(r"a\nb", "a\nb", id="line end"),
        pytest.param(r"it\'s \"so\"", 'it\'s "so"', id="quotation marks"),
        pytest.param(r"C:\\new\\text", "C:\\new\\text", id="backslashes"),
        pytest.param(r"\u4f60\x41\u{1F600}", "你A😀", id="numbers"),
        pytest.param(r"\ud83d\ude00", "😀", id="halves of a character"),
        pytest.param(r"\ud83d!", "!", id="half a character"),
        pytest.param(r"\u{FFFFFF}!", "!", id="no character"),
        pytest.param("a\\\nb", "ab", id="a line that goes on"),
        pytest.param(r"\q", "q", id="an escape without a meaning"),
        pytest.param("O'Neil, 'n' co", "O'Neil, 'n' co", id="quotation marks not escaped"),
        pytest.param("a','b", "a','b", id="quotation mark before a comma"),
        pytest.param("{ type:1, x", "{ type:1, x", id="looks like a message"),
        pytest.param("]</script>", "]</script>", id="looks like the end"),
    ],
)
def test_a_string_is_what_it_means(written: str, expected: str) -> None:
    found = list(objects(f"[{{ type:1, text:'{written}', n:1 }}]", START))
    assert found == [{"type": 1, "text": expected, "n": 1}]


@settings(max_examples=examples(300), deadline=None)
@given(
    texts=st.lists(
        st.text(
            st.one_of(
                st.sampled_from("'\"\\\n\r,:{}[] ntuxtype:1is_send<>&"),
                ANY_CHARACTER,
            ),
            max_size=30,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_escaped_texts_read_back(texts: list[str]) -> None:
    written = "".join(f"{{ type:1, text: '{escaped(text)}',is_send:1}},\n" for text in texts)
    found = list(objects(f"x = [{written}];", START))
    assert found == [{"type": 1, "text": text, "is_send": 1} for text in texts]


@settings(max_examples=examples(300), deadline=None)
@given(text=st.text(st.sampled_from("{}[]'\",:\\ntype1 is_send\n"), max_size=80))
def test_anything_gives_objects_or_none(text: str) -> None:
    for found in objects("{type:1," + text, START):
        assert found is None or isinstance(found, dict)


def test_json_objects_are_read_as_json() -> None:
    rows: list[dict[str, Any]] = [
        {"type": "1", "text": "a'b", "xml_dict": {"msg": [{"type": "3", "x": None}]}},
        {"type": "1", "text": "很" * 70_000},
    ]
    assert list(objects(f"x = {json.dumps(rows, indent=4)};", START)) == rows


def test_a_damaged_message_is_a_bad_row(tmp_path: Path) -> None:
    path = tmp_path / "林小满.html"
    path.write_text(page(literal("a"), "{ type:1, text: oops },", literal("b")), encoding="utf-8")
    source = read_file(path)
    assert source.messages["text"].to_list() == ["a", "b"]
    assert [error.place for error in source.bad_rows] == ["message 2"]


@pytest.mark.parametrize(
    ("sent", "moment", "reason"),
    [
        pytest.param(7, 1_700_000_000, "neither 0 nor 1", id="nobody's"),
        pytest.param("null", 1_700_000_000, "neither 0 nor 1", id="null"),
        pytest.param(1, 0, "no possible date", id="the year 1970"),
        pytest.param(1, "null", "time is missing", id="no time"),
        pytest.param(1, 10**30, "time is missing", id="a number without end"),
    ],
)
def test_a_message_without_sense_is_a_bad_row(
    sent: object, moment: object, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "林小满.html"
    path.write_text(page(literal("a"), literal("b", sent=sent, moment=moment)), encoding="utf-8")
    source = read_file(path)
    assert source.messages["text"].to_list() == ["a"]
    assert reason in str(source.bad_rows[0])


def test_escaped_html_is_what_was_typed(tmp_path: Path) -> None:
    shown = "&lt;b&gt; a &amp; b &amp;lt; <br>&lt;br&gt;"
    assert texts_of(tmp_path / "a.html", page(literal(shown))) == ["<b> a & b &lt; \n<br>"]


def test_shown_times_are_no_messages(tmp_path: Path) -> None:
    shown = "{ type:0, text: '2023-11-15 06:13:20',is_send:0,avatar_path:'',timestamp:1700000000},"
    assert texts_of(tmp_path / "a.html", page(shown, literal("a"), shown)) == ["a"]


def test_only_shown_times_are_no_messages_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    shown = "{ type:0, text: '2023-11-15 06:13:20',is_send:0,avatar_path:'',timestamp:1700000000},"
    path.write_text(page(shown), encoding="utf-8")
    with pytest.raises(NoMessagesError):
        read_file(path)


def test_a_list_of_the_page_itself_holds_no_messages(tmp_path: Path) -> None:
    own = "<script>const lines = [{ type: 1, width: 2 }, { type: 2, width: 1 }];</script>"
    assert texts_of(tmp_path / "a.html", own + page(literal("a"), literal("b"))) == ["a", "b"]


def test_a_page_may_begin_with_a_long_message(tmp_path: Path) -> None:
    assert texts_of(tmp_path / "a.html", page(literal("很" * 9_000))) == ["很" * 9_000]


def test_another_page_is_no_chat(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(page("{ type:1, width: 2 }"), encoding="utf-8")
    with pytest.raises(BadFileError, match="web page"):
        read_file(path)


def test_a_page_is_read_in_linear_time(tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        path = tmp_path / f"{count}.html"
        path.write_text(page(*(literal(f"a{number}") for number in range(count))), encoding="utf-8")
        begin = time.process_time()
        assert len(read_file(path).messages) == count
        return time.process_time() - begin

    seconds(500)
    assert seconds(40_000) < 60 * seconds(4_000)  # a quadratic way takes a hundred times as long
