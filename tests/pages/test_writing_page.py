from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from curation import workflow
from curation.model import Side
from curation.ui.components.composer import composer_data, composer_labels, read_written
from curation.ui.state import Keys
from curation.workflow import QUESTIONS, Line, WritingDraft

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]

TALK = (Line(Side.OTHER, "在吗"), Line(Side.ME, "在呀"))


def test_the_page_opens_in_an_empty_workspace(empty: Workspace, open_page: OpenPage) -> None:
    at = open_page("writing").run()
    assert not at.exception
    assert at.selectbox(key=Keys.WRITING_CHAT).value == ""
    assert workflow.is_empty(empty)


def test_whom_a_draft_is_with_is_kept_with_it(sample: Workspace, open_page: OpenPage) -> None:
    workflow.keep_draft(sample, "free", WritingDraft(TALK))
    at = open_page("writing").run()
    at.selectbox(key=Keys.WRITING_CHAT).set_value("妈妈").run()
    assert not at.exception
    assert workflow.load_draft(sample, "free") == WritingDraft(TALK, chat="妈妈")
    again = open_page("writing").run()
    assert again.selectbox(key=Keys.WRITING_CHAT).value == "妈妈"


def test_the_interview_says_how_far_one_is_and_goes_to_what_is_not_answered(
    empty: Workspace, open_page: OpenPage
) -> None:
    first = QUESTIONS[0]
    workflow.answer_question(
        empty, first.key, [Line(Side.OTHER, first.text), Line(Side.ME, "挺皮的")]
    )
    at = open_page("writing").run()
    at.segmented_control(key=Keys.WRITING_WAY).set_value("interview").run()
    assert not at.exception
    assert any("第 2 题，共 100 题" in each.value for each in at.caption)
    at.button(key="question-before").click().run()
    assert any("第 1 题，共 100 题 · :material/check: 已回答" in each.value for each in at.caption)
    at.button(key="question-before").click().run()
    assert any("第 100 题" in each.value for each in at.caption)
    at.button_group(key=Keys.INTERVIEW_GROUP).set_value("love").run()
    assert any("第 1 题，共 8 题" in each.value for each in at.caption)
    assert any("已手写 1 段对话" in each.value for each in at.markdown)


SENT: dict[str, Any] = {
    "place": "free",
    "n": 3,
    "lines": [{"side": "other", "text": "在吗"}, {"side": "me", "text": "在\ud83d呀"}],
    "typing": "还没写",
    "side": "me",
}


def test_what_the_piece_sends_is_read() -> None:
    written = read_written(SENT)
    assert written is not None
    assert written.draft == WritingDraft(TALK, "还没写", Side.ME)
    assert (written.place, written.number) == ("free", 3)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"place": 3}, id="place"),
        pytest.param({"n": "3"}, id="number"),
        pytest.param({"n": True}, id="truth"),
        pytest.param({"lines": "在吗"}, id="lines"),
        pytest.param({"lines": [{"side": "us", "text": "x"}]}, id="side of a line"),
        pytest.param({"lines": [{"side": "me"}]}, id="no text"),
        pytest.param({"side": "us"}, id="side"),
        pytest.param({"typing": None}, id="typing"),
    ],
)
def test_what_is_no_such_message_is_passed_over(changed: dict[str, Any]) -> None:
    assert read_written({**SENT, **changed}) is None
    assert read_written("x") is None


def test_the_piece_is_given_plain_values() -> None:
    labels = composer_labels(lambda text: text)
    data = composer_data("free", WritingDraft(TALK), drafted=True, turn=1, number=2, labels=labels)
    assert data["lines"] == [{"side": "other", "text": "在吗"}, {"side": "me", "text": "在呀"}]
    assert (data["turn"], data["number"], data["side"]) == (1, 2, "other")
