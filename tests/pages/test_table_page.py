from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from curation import workflow
from curation.model import ConversationFilter, FindingFilter, Status
from curation.ui.state import Keys, UiState

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]


def state_of(at: AppTest) -> UiState:
    state: UiState = at.session_state["ruwo"]
    return state


def rows(at: AppTest) -> list[dict[str, Any]]:
    """The rows that the piece was given."""
    for each in at.get("bidi_component"):
        proto: Any = each.proto
        if "rows" in str(proto.component_name):
            return list(json.loads(proto.json)["rows"])
    return []


def ids(at: AppTest) -> list[int]:
    return [row["id"] for row in rows(at)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(
            lambda at: at.text_input(key=Keys.TEXT).set_value("密码"),
            ConversationFilter(text="密码"),
            id="words",
        ),
        pytest.param(
            lambda at: at.selectbox(key=Keys.FINDINGS).set_value(FindingFilter.UNDECIDED),
            ConversationFilter(findings=FindingFilter.UNDECIDED),
            id="undecided findings",
        ),
        pytest.param(
            lambda at: at.number_input(key=Keys.MIN_LENGTH).set_value(20),
            ConversationFilter(min_length=20),
            id="length",
        ),
    ],
)
def test_a_filter_shows_only_what_fits_and_stands_in_the_address(
    change: Callable[[AppTest], object],
    expected: ConversationFilter,
    sample: Workspace,
    open_page: OpenPage,
) -> None:
    at = open_page("table").run()
    change(at)
    at.run()

    assert not at.exception
    fitting = workflow.count_matching(sample, expected)
    assert 0 < fitting < workflow.count_matching(sample, ConversationFilter())
    assert len(rows(at)) == fitting
    assert len(dict(at.query_params)) == 1

    again = open_page("table")
    for name, value in dict(at.query_params).items():
        again.query_params[name] = value
    again.run()
    assert state_of(again).table_filter == expected, "a reload keeps it"


def test_clearing_the_filter_shows_everything_again(sample: Workspace, open_page: OpenPage) -> None:
    at = open_page("table")
    at.query_params["q"] = "没有人会说的话"
    at.run()
    assert not rows(at)
    assert at.markdown[-1].value == "**没有这样的对话，请放宽筛选条件。**"

    at.button(key="clear").click().run()
    assert len(rows(at)) == 50
    assert dict(at.query_params) == {}


def test_an_address_that_means_nothing_is_passed_over(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = open_page("table")
    for name, value in {
        "status": "gone",
        "from": "31-31-31",
        "min": "-5",
        "max": "9" * 30,
        "pii": "?",
        "emotion": "没有的情绪",
    }.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    assert state_of(at).table_filter == ConversationFilter(emotion="没有的情绪")


def test_pages_follow_each_other_and_a_new_filter_starts_at_the_first(
    sample: Workspace, open_page: OpenPage
) -> None:
    total = workflow.count_matching(sample, ConversationFilter())
    at = open_page("table").run()
    first = set(ids(at))
    at.pagination[0].set_value(2).run()
    second = set(ids(at))
    assert len(first | second) == total

    at.selectbox(key=Keys.TABLE_ORDER).set_value("-length").run()
    assert len(rows(at)) == 50
    lengths = [row["length"] for row in rows(at)]
    assert lengths == sorted(lengths, reverse=True)


def test_review_these_takes_the_filter_along(
    sample: Workspace, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    went: list[tuple[str, object]] = []
    monkeypatch.setattr("curation.ui.pages.go", lambda name, query=None: went.append((name, query)))
    at = open_page("table").run()
    at.multiselect(key=Keys.CHATS).set_value(["妈妈"]).run()

    at.button(key="review-these").click().run()

    assert went == [("review", {"chat": ["妈妈"]})]
    assert state_of(at).review_filter == ConversationFilter(chats=("妈妈",))


def test_the_last_page_follows_when_the_list_gets_shorter(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = open_page("table").run()
    at.pills(key=Keys.STATUSES).set_value([Status.PENDING]).run()
    at.pagination[0].set_value(2).run()
    found = workflow.conversation_page(sample, ConversationFilter(), page_size=60).rows
    workflow.set_status(sample, [int(number) for number in found["id"]], Status.APPROVED)
    at.run()
    assert not at.exception
    left = workflow.count_matching(sample, ConversationFilter(statuses=(Status.PENDING,)))
    assert len(rows(at)) == left


def test_the_empty_table_leads_to_the_import(
    empty: Workspace, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    went: list[str] = []
    monkeypatch.setattr("curation.ui.pages.go", went.append)
    at = open_page("table").run()
    at.button(key="empty-import").click().run()
    assert went == ["importing"]
