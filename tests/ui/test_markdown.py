from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.model import Side
from curation.ui.html import bubbles, marked, quoted
from curation.ui.markdown import plain

SIGN = "[" + re.escape(string.punctuation) + "]"
ESCAPED = re.compile(rf"\\({SIGN})")


@pytest.mark.parametrize(
    "text",
    [
        "**bold** _it_ ~~x~~ `code`",
        "![x](http://a.b/c) [y](javascript:alert(1))",
        "<script>alert(1)</script>",
        "$E=mc^2$",
        ":smile: :material/delete: :red[x] :green-badge[y]",
        "# head",
        "www.example.com me@example.com",
    ],
)
def test_no_sign_of_markdown_stays_unescaped(text: str) -> None:
    left = ESCAPED.sub("", plain(text))
    assert re.findall(SIGN, left) == []


@given(st.text())
def test_what_is_shown_is_the_text_itself(text: str) -> None:
    shown = ESCAPED.sub(r"\1", plain(text)).replace("  \n", "\n")
    assert shown.replace("\u200b", "") == text.replace("\u200b", "")


@given(st.text(), st.text(min_size=1), st.text())
def test_html_of_chat_text_holds_no_tag_of_its_own(before: str, value: str, after: str) -> None:
    for html in (
        marked(before, value, after),
        quoted(before + value),
        bubbles([value], Side.ME, whole=True),
    ):
        tags = re.findall(r"<(/?\w+)", html)
        assert set(tags) <= {"div", "/div", "mark", "/mark"}
        assert len(tags) in (2, 4)
