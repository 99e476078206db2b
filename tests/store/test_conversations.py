"""Filters, pages, order and the queue."""

from __future__ import annotations

import itertools
from datetime import date
from typing import TYPE_CHECKING, Final

import pytest

from curation.model import ConversationFilter, Finding, FindingFilter, Status
from curation.store import (
    ORDERS,
    ValuedFinding,
    actions,
    chat_names,
    conversation_rows,
    count_by_status,
    count_matching,
    journal,
)
from curation.store.queue import count_up_to, ids_after, ids_before, place_of
from tests.store.conftest import search

if TYPE_CHECKING:
    from collections.abc import Callable

    from curation.store import Workspace

NOV_14 = 1_699_970_400  # 2023-11-14 14:00


@pytest.fixture
def filled(workspace: Workspace, fill: Callable[..., None]) -> Workspace:
    """Ids 1-3 are 阿橙's of 14 November 2023, 4-5 妈妈's of the day after."""
    fill(
        [
            [("other", "电话13800138000"), ("me", "100%对_吗")],
            [("other", "吃了没"), ("me", "吃了(*^▽^*)"), ("me", "你呢"), ("other", "也吃了")],
            [("me", "晚安")],
        ],
        start=NOV_14,
    )
    fill(
        [[("other", "降温了"), ("me", "知道啦")], [("other", "Hello"), ("me", "嗯")]],
        chat="妈妈",
        start=NOV_14 + 86_400,
    )
    phone = ValuedFinding(Finding("PHONE_NUMBER", 2, 13, 0.9, "test"), "13800138000")
    search(workspace, lambda text: [phone] if "138" in text else [])
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        actions.set_status(recorder, [2], Status.APPROVED)
        actions.tag_emotion(recorder, [2], "开心", on=True)
        actions.tag_emotion(recorder, [4], "温柔", on=True, message_id=9)
        actions.delete_message(recorder, 5, 10, deleted=True)
        journal.finish(recorder, "test")
    return workspace


FILTERS: Final[dict[str, tuple[ConversationFilter, list[int]]]] = {
    "everything": (ConversationFilter(), [1, 2, 3, 4, 5]),
    "one status": (ConversationFilter(statuses=(Status.APPROVED,)), [2]),
    "statuses": (ConversationFilter(statuses=(Status.PENDING, Status.SKIPPED)), [1, 3, 4, 5]),
    "one chat": (ConversationFilter(chats=("妈妈",)), [4, 5]),
    "a kaomoji is searched as it stands": (ConversationFilter(text="吃了("), [2]),
    "percent and underscore are plain characters": (ConversationFilter(text="0%对_"), [1]),
    "deleted messages are not searched": (ConversationFilter(text="hello"), []),
    "SQL is plain text": (ConversationFilter(text="' OR 1=1 --"), []),
    "emotion of a conversation": (ConversationFilter(emotion="开心"), [2]),
    "emotion of a message": (ConversationFilter(emotion="温柔"), [4]),
    "has findings": (ConversationFilter(findings=FindingFilter.ANY), [1]),
    "has undecided findings": (ConversationFilter(findings=FindingFilter.UNDECIDED), [1]),
    "no findings": (ConversationFilter(findings=FindingFilter.NONE), [2, 3, 4, 5]),
    "from a day on": (ConversationFilter(first_day=date(2023, 11, 15)), [4, 5]),
    "up to a day": (ConversationFilter(last_day=date(2023, 11, 14)), [1, 2, 3]),
    "length without deleted": (ConversationFilter(min_length=2, max_length=3), [1, 4]),
    "all parts must hold": (ConversationFilter(chats=("妈妈",), text="降温"), [4]),
}


def test_a_filter_lets_through(filled: Workspace, subtests: pytest.Subtests) -> None:
    for name, (flt, expected) in FILTERS.items():
        with subtests.test(name):
            rows = conversation_rows(
                filled, flt, order="queue", descending=False, page=1, page_size=50
            )
            assert rows["id"].tolist() == expected
            assert count_matching(filled, flt) == len(expected)
            assert sum(count_by_status(filled, flt).values()) == len(expected)


def test_a_row_of_the_table_says_what_a_person_wants_to_know(filled: Workspace) -> None:
    row = conversation_rows(
        filled,
        ConversationFilter(chats=("阿橙",)),
        order="date",
        descending=False,
        page=1,
        page_size=1,
    ).iloc[0]
    assert (row["chat"], row["opening"], row["status"]) == ("阿橙", "电话13800138000", "pending")
    assert (row["length"], row["turns"], row["findings"], row["undecided"]) == (2, 2, 1, 1)
    assert str(row["started"]) == "2023-11-14 14:00:00"


def test_pages_hold_every_conversation_once_in_any_order(
    filled: Workspace, subtests: pytest.Subtests
) -> None:
    for order, descending in itertools.product(ORDERS, (False, True)):
        with subtests.test(order, descending=descending):
            ids = [
                number
                for page in (1, 2, 3)
                for number in conversation_rows(
                    filled,
                    ConversationFilter(),
                    order=order,
                    descending=descending,
                    page=page,
                    page_size=2,
                )["id"].tolist()
            ]
            assert sorted(ids) == [1, 2, 3, 4, 5]


def test_the_queue_goes_chat_by_chat_in_order_of_time(filled: Workspace) -> None:
    pending = ConversationFilter(statuses=(Status.PENDING,))
    with filled.read() as connection:
        place = place_of(connection, 3)
        assert place is not None
        assert ids_after(connection, pending, None, 9) == [1, 3, 4, 5]
        assert ids_after(connection, pending, place, 1) == [4]
        assert ids_before(connection, ConversationFilter(), place, 9) == [1, 2]
        assert count_up_to(connection, ConversationFilter(), place) == 3
        assert place_of(connection, 99) is None


def test_chat_names_are_those_of_the_imports(filled: Workspace) -> None:
    assert chat_names(filled) == ["妈妈", "阿橙"]
