"""The table's bar: chips, saved filters, what helps where nothing is found, order and page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from curation import workflow
from curation.model import ConversationFilter, FindingFilter, Status, SuggestionKind
from curation.store import search
from curation.ui.components.rows import Asked, read_asked, read_chosen
from curation.ui.filter_parts import parts
from curation.ui.filters import to_query
from curation.ui.state import Keys, UiState
from curation.ui.table_rows import IN_QUEUE, ORDERS, next_order

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]

NARROW = ConversationFilter(
    chats=("妈妈",), min_length=3, findings=FindingFilter.ANY, entities=("PASSWORD",)
)


def state_of(at: AppTest) -> UiState:
    state: UiState = at.session_state["ruwo"]
    return state


def piece(at: AppTest) -> dict[str, Any]:
    """What the rows piece was given."""
    (proto,) = (each.proto for each in at.get("bidi_component"))
    data: dict[str, Any] = json.loads(proto.json)
    return data


def ids(at: AppTest) -> list[int]:
    return [row["id"] for row in piece(at)["rows"]]


def opened(open_page: OpenPage, flt: ConversationFilter, **more: str) -> AppTest:
    at = open_page("table")
    for name, values in to_query(flt).items():
        at.query_params[name] = values
    for name, value in more.items():
        at.query_params[name] = value
    return at.run()


def chips(at: AppTest) -> Any:
    (found,) = (each for each in at.pills if str(each.key).startswith(Keys.CHIPS))
    return found


def test_each_part_of_a_filter_has_a_chip_that_takes_it_away(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = opened(open_page, NARROW)
    shown = [each.content.replace("\\", "") for each in chips(at).proto.options]
    assert shown == ["聊天对象：妈妈 ✕", "≥ 3 条消息 ✕", "有隐私发现: 密码 ✕"]

    chips(at).set_value([0, 2]).run()

    assert not at.exception
    left = ConversationFilter(chats=("妈妈",), findings=FindingFilter.ANY, entities=("PASSWORD",))
    assert state_of(at).table_filter == left
    assert at.number_input(key=Keys.MIN_LENGTH).value is None
    assert len(ids(at)) == workflow.count_matching(sample, left)


def test_without_a_filter_there_are_no_chips(sample: Workspace, open_page: OpenPage) -> None:
    at = open_page("table").run()
    assert not [each for each in at.pills if str(each.key).startswith(Keys.CHIPS)]


def test_a_filter_is_saved_applied_renamed_and_deleted(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = opened(open_page, NARROW)
    at.text_input(key=Keys.SAVED_NAME).set_value("  妈妈的 *密码* ")
    at.button(key="FormSubmitter:save-filter-保存").click().run()
    assert not at.exception
    name = "妈妈的 *密码*"
    assert list(workflow.saved_filters(sample)) == [name]

    at = open_page("table").run()
    at.pills(key=Keys.SAVED_CHIPS).set_value(name).run()
    assert state_of(at).table_filter == NARROW
    assert dict(at.query_params) == to_query(NARROW) or len(at.query_params) == 4
    assert at.pills(key=Keys.SAVED_CHIPS).value == name

    at.pills(key=Keys.SAVED_CHIPS).set_value(None).run()
    assert state_of(at).table_filter == ConversationFilter()

    at.text_input(key=f"{Keys.SAVED_RENAMED}-{name}").set_value("密码")
    at.button(key="rename-filter").click().run()
    assert list(workflow.saved_filters(sample)) == ["密码"]
    at.button(key="forget-filter").click().run()
    assert not at.exception
    assert workflow.saved_filters(sample) == {}


def test_a_name_that_is_empty_or_taken_is_refused_with_a_reason(
    sample: Workspace, open_page: OpenPage
) -> None:
    workflow.save_filter(sample, "一", {"q": ["一"]})
    workflow.save_filter(sample, "二", {"q": ["二"]})
    workflow.save_filter(sample, "二", {"q": ["两"]})
    assert workflow.saved_filters(sample) == {"一": {"q": ["一"]}, "二": {"q": ["两"]}}
    at = open_page("table").run()

    at.text_input(key=f"{Keys.SAVED_RENAMED}-一").set_value("二")
    at.button(key="rename-filter").click().run()
    assert "已有同名的筛选" in at.toast[0].value

    at.text_input(key=f"{Keys.SAVED_RENAMED}-一").set_value("  ")
    at.button(key="rename-filter").click().run()
    assert "请给筛选起个名字" in at.toast[0].value
    assert list(workflow.saved_filters(sample)) == ["一", "二"]


def test_where_nothing_is_found_each_part_says_what_would_be_without_it(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = opened(open_page, ConversationFilter(chats=("妈妈",), text="没有人会说的话"))
    mother = workflow.count_matching(sample, ConversationFilter(chats=("妈妈",)))
    assert at.button(key="without-text").label.endswith(f"{mother}")
    assert at.button(key="without-chats").disabled

    at.button(key="without-text").click().run()
    assert len(ids(at)) == mother


def test_statuses_show_how_many_the_rest_of_the_filter_lets_through(
    sample: Workspace, open_page: OpenPage
) -> None:
    flt = ConversationFilter(chats=("妈妈",))
    count = workflow.count_matching(sample, flt)
    first = int(workflow.conversation_page(sample, flt).rows["id"][0])
    workflow.set_status(sample, [first], Status.SKIPPED)
    at = opened(open_page, ConversationFilter(chats=("妈妈",), statuses=(Status.SKIPPED,)))
    shown = [each.content for each in at.pills(key=Keys.STATUSES).proto.options]
    assert [text.rsplit(" ", 1)[1] for text in shown] == [f"{count - 1}", "0", "0", "1"]
    assert len(ids(at)) == 1


def test_order_and_page_stand_in_the_address_and_come_back_from_it(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = opened(open_page, ConversationFilter(), sort="-length", page="2")
    total = workflow.count_matching(sample, ConversationFilter())
    assert len(ids(at)) == total - 50
    lengths = [row["length"] for row in piece(at)["rows"]]
    assert lengths == sorted(lengths, reverse=True)
    assert at.query_params["page"] in ("2", ["2"])

    at.selectbox(key=Keys.TABLE_ORDER).set_value(IN_QUEUE).run()
    assert "sort" not in at.query_params
    assert "page" not in at.query_params
    assert len(ids(at)) == 50


@pytest.mark.parametrize("more", [{"sort": "nothing"}, {"page": "999"}, {"page": "x"}])
def test_an_order_or_a_page_that_is_not_there_is_passed_over(
    sample: Workspace, open_page: OpenPage, more: dict[str, str]
) -> None:
    at = opened(open_page, ConversationFilter(), **more)
    assert not at.exception
    assert ids(at)


def test_what_was_found_is_told_apart_in_the_row(sample: Workspace, open_page: OpenPage) -> None:
    at = opened(open_page, ConversationFilter(text="密码"))
    rows = piece(at)["rows"]
    assert rows
    assert all(["密码", True] in row["said"] for row in rows)
    assert search.waiting(sample) == 0, "the first search made the index"


def test_a_filter_field_without_a_widget_on_screen_stays(
    sample: Workspace, open_page: OpenPage
) -> None:
    flt = ConversationFilter(min_score=0.815, suggestions=(SuggestionKind.TOPIC_JUMP,))
    assert state_of(opened(open_page, flt)).table_filter == flt


@pytest.mark.parametrize("column", [name.lstrip("-") for name in ORDERS if name != IN_QUEUE])
def test_a_head_sorts_one_way_then_the_other_then_not(column: str) -> None:
    first = next_order(IN_QUEUE, column)
    second = next_order(first, column)
    assert {first, second} == {column, f"-{column}"}
    assert next_order(second, column) == IN_QUEUE


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ({"open": 3.0, "message": 7}, Asked(open=3, message=7)),
        ({"open": 3, "message": None}, Asked(open=3)),
        ({"sort": "length"}, Asked(sort="length")),
        ({"sort": ""}, None),
        ({"open": True}, None),
        ("open", None),
        (None, None),
    ],
)
def test_what_the_rows_ask_for_is_read_with_care(told: object, asked: Asked | None) -> None:
    assert read_asked(told) == asked


@pytest.mark.parametrize(
    ("told", "chosen"),
    [
        ({"view": "a", "ids": [1, 2.0, "3", True]}, [1, 2]),
        ({"view": "b", "ids": [1]}, None),
        ({"view": "a", "ids": "1"}, []),
        (None, None),
    ],
)
def test_ticks_of_another_view_say_nothing(told: object, chosen: list[int] | None) -> None:
    assert read_chosen(told, "a") == chosen


def test_every_part_of_a_filter_is_told_in_words_and_can_be_taken_away() -> None:
    full = ConversationFilter(
        statuses=(Status.PENDING,),
        chats=("一", "二", "三"),
        text="词",
        emotion="开心",
        findings=FindingFilter.NONE,
        min_length=1,
        max_turns=9,
        sources=("a.csv",),
        without_emotion="难过",
        tagged=True,
        suggestions=(SuggestionKind.NEAR_DUPLICATE,),
        min_score=0.5,
        edited=False,
        noted=True,
    )
    rest = full
    for part in parts(full):
        assert part.label
        rest = part.without(rest)
    assert rest == ConversationFilter()
