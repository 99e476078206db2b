from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import ConversationFilter, FindingFilter, Status
from curation.ui.state import Keys, UiState

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest
    from streamlit.testing.v1.element_tree import Toggle

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]


def state_of(at: AppTest) -> UiState:
    state: UiState = at.session_state["ruwo"]
    return state


def all_of_filter(at: AppTest) -> Toggle:
    (found,) = (each for each in at.toggle if str(each.key).startswith(Keys.TABLE_ALL))
    return found


def toasts(at: AppTest) -> list[str]:
    return [toast.value.replace("\\", "").replace("\u200b", "") for toast in at.toast]


def test_all_of_a_filter_is_approved_in_one_action_that_one_undo_takes_back(
    sample: Workspace, open_page: OpenPage
) -> None:
    wanted = ConversationFilter(chats=("妈妈",))
    count = workflow.count_matching(sample, wanted)
    at = open_page("table").run()
    at.multiselect(key=Keys.CHATS).set_value(["妈妈"]).run()
    assert len(at.dataframe[0].value) == count

    all_of_filter(at).set_value(True).run()
    at.button(key="bulk-approved").click().run()

    assert not at.exception
    assert workflow.count_by_status(sample)[Status.APPROVED] == count
    assert toasts(at) == [f"已通过：{count} 段对话"]

    at.button(key="undo").click().run()
    assert workflow.count_by_status(sample)[Status.APPROVED] == 0
    assert toasts(at) == ["已撤销：状态"]

    at.button(key="redo").click().run()
    assert workflow.count_by_status(sample)[Status.APPROVED] == count


def test_more_than_one_page_is_asked_about_first(sample: Workspace, open_page: OpenPage) -> None:
    total = workflow.count_matching(sample, ConversationFilter())
    assert total > 50
    at = open_page("table").run()
    all_of_filter(at).set_value(True).run()

    at.button(key="bulk-rejected").click().run()
    assert workflow.count_by_status(sample)[Status.REJECTED] == 0, "only asked so far"
    assert at.text[0].value == f"把 {total} 段对话标为“已移除”？"

    at.button(key="bulk-no").click().run()
    assert workflow.count_by_status(sample)[Status.REJECTED] == 0

    at.button(key="bulk-rejected").click().run()
    at.button(key="bulk-yes").click().run()
    assert workflow.count_by_status(sample)[Status.REJECTED] == total
    assert not all_of_filter(at).value, "the next action does not meet all of them again"


def test_an_emotion_is_put_on_and_taken_off_in_bulk(sample: Workspace, open_page: OpenPage) -> None:
    tagged = ConversationFilter(emotion="温柔")
    at = open_page("table").run()
    at.multiselect(key=Keys.CHATS).set_value(["阿橙"]).run()
    all_of_filter(at).set_value(True).run()
    at.selectbox(key=Keys.BULK_EMOTION).set_value("温柔").run()

    at.button(key="bulk-tag-True").click().run()
    assert workflow.count_matching(sample, tagged) == len(at.dataframe[0].value)

    all_of_filter(at).set_value(True).run()
    at.button(key="bulk-tag-False").click().run()
    assert workflow.count_matching(sample, tagged) == 0


def test_nothing_can_be_pressed_while_nothing_is_selected(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = open_page("table").run()
    acting = [each for each in at.button if str(each.key).startswith("bulk-")]
    assert len(acting) == 6
    assert all(each.disabled for each in acting)


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
    assert len(at.dataframe[0].value) == fitting
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
    assert not at.dataframe
    assert at.info[0].value == "没有这样的对话，请放宽筛选条件。"

    at.button(key="clear").click().run()
    assert len(at.dataframe[0].value) == 50
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
    first = set(at.dataframe[0].value["id"])
    at.pagination[0].set_value(2).run()
    second = set(at.dataframe[0].value["id"])
    assert len(first | second) == total

    at.selectbox(key=Keys.TABLE_ORDER).set_value("-length").run()
    assert len(at.dataframe[0].value) == 50
    lengths = list(at.dataframe[0].value["length"])
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
    rows = workflow.conversation_page(sample, ConversationFilter(), page_size=60).rows
    workflow.set_status(sample, [int(number) for number in rows["id"]], Status.APPROVED)
    at.run()
    assert not at.exception
    left = workflow.count_matching(sample, ConversationFilter(statuses=(Status.PENDING,)))
    assert len(at.dataframe[0].value) == left


def test_the_empty_table_leads_to_the_import(
    empty: Workspace, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    went: list[str] = []
    monkeypatch.setattr("curation.ui.pages.go", went.append)
    at = open_page("table").run()
    at.button(key="empty-import").click().run()
    assert went == ["importing"]
