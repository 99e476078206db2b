"""The orders of the queue: each goes through all, forwards and back, and knows where one stands."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select, update

from curation.model import (
    ConversationFilter,
    Decision,
    Finding,
    QueueOrder,
    ReviewOrder,
    Status,
)
from curation.store import ValuedFinding, actions, journal, queue, structure
from curation.store.suggestions import refresh_scores
from curation.store.tables import conversation, finding, message, suggestion
from tests.store.conftest import chat_table, put_table, search

if TYPE_CHECKING:
    from curation.store import Workspace

NUMBER = "13800138000"
CODE = "483920"
EVERYTHING = ConversationFilter()
SEEDS = (0, 7, 2**31 - 1, 2**40)
ORDERS = [
    *(QueueOrder(by) for by in ReviewOrder if by is not ReviewOrder.RANDOM),
    *(QueueOrder(ReviewOrder.RANDOM, seed) for seed in SEEDS),
]
FILTERS = {
    "all": EVERYTHING,
    "pending": ConversationFilter(statuses=(Status.PENDING,)),
    "two": ConversationFilter(statuses=(Status.APPROVED, Status.SKIPPED)),
    "a chat": ConversationFilter(chats=("妈妈",)),
    "words": ConversationFilter(text="号"),
}


def find(text: str) -> list[ValuedFinding]:
    found = []
    for entity, value in (("PHONE_NUMBER", NUMBER), ("OTP_CODE", CODE)):
        at = text.find(value)
        if at >= 0:
            span = Finding(entity, at, at + len(value), 0.9, "test")
            found.append(ValuedFinding(span, value))
    return found


@pytest.fixture
def desk(workspace: Workspace) -> Workspace:
    """Twelve conversations in two chats: some without a date, of every status, risk and score."""
    texts = ["在吗", f"我的号{NUMBER}", f"验证码{CODE}号", f"号{NUMBER}和{CODE}", "好", "号码呢"]
    one = [[("other", text), ("me", "嗯")] for text in texts]
    put_table(workspace, chat_table(one))
    put_table(workspace, chat_table(one, start=1_699_990_000), chat="妈妈")
    search(workspace, find)
    with workspace.write() as connection:
        for number, status in ((2, "approved"), (5, "skipped"), (8, "rejected"), (9, "approved")):
            connection.execute(
                update(conversation).where(conversation.c.id == number).values(status=status)
            )
        undated = conversation.c.id.in_([4, 11])
        connection.execute(update(conversation).where(undated).values(started_at=None))
        alike = {"duplicate_of": 1, "similarity": 0.9}
        connection.execute(update(conversation).where(conversation.c.id == 7).values(alike))
        told = {"kind": "topic_jump", "reason": "", "model": "rule", "state": "open"}
        hints = [(3, 0.4), (3, 0.95), (10, 0.4), (7, 0.2)]
        for number, score in hints:
            connection.execute(
                insert(suggestion).values(conversation_id=number, score=score, **told)
            )
        refresh_scores(connection, range(1, 13))
    return workspace


def rows(workspace: Workspace, flt: ConversationFilter) -> list[Any]:
    with workspace.read() as connection:
        ids = queue.matching_ids(connection, flt)
        found = connection.execute(select(conversation).where(conversation.c.id.in_(ids))).all()
    return sorted(found, key=lambda row: (row.chat_id, row.sort_key, row.id))


def wanted(workspace: Workspace, flt: ConversationFilter, order: QueueOrder) -> list[int]:
    """The ids in order, sorted here and not by the database."""
    found = rows(workspace, flt)
    match order.by:
        case ReviewOrder.CHAT:
            pass
        case ReviewOrder.DATE:
            found.sort(key=lambda row: (row.started_at is None, row.started_at or 0))
        case ReviewOrder.NEWEST:
            found.sort(key=lambda row: (row.started_at is None, -(row.started_at or 0)))
        case ReviewOrder.RISK:
            found.sort(key=lambda row: (-row.risk, -row.id if row.risk else 0))
        case ReviewOrder.SUGGESTED:
            found.sort(
                key=lambda row: (-(row.suggested or 0), -row.id if row.suggested else 0),
            )
        case ReviewOrder.RANDOM:
            start = order.seed % 2**31
            found.sort(key=lambda row: (row.shuffle < start, row.shuffle, row.id))
    return [row.id for row in found]


@pytest.mark.in_turn
def test_every_order_goes_through_all_and_back(desk: Workspace, subtests: pytest.Subtests) -> None:
    for order, (name, flt) in itertools.product(ORDERS, FILTERS.items()):
        with subtests.test(f"{order.by} {order.seed}, {name}"), desk.read() as connection:
            ids = wanted(desk, flt, order)
            assert ids
            assert queue.ids_after(connection, flt, None, 99, order) == ids
            for index, number in enumerate(ids):
                place = queue.place_of(connection, number, order)
                assert place is not None
                assert queue.is_place(place, order)
                assert queue.ids_after(connection, flt, place, 3, order) == ids[index + 1 :][:3]
                assert queue.ids_before(connection, flt, place, 3, order) == ids[:index][-3:]
                assert queue.count_up_to(connection, flt, place, order) == index + 1


def test_what_may_do_most_harm_comes_first_and_what_was_decided_counts_no_more(
    desk: Workspace,
) -> None:
    order = QueueOrder(ReviewOrder.RISK)
    with desk.read() as connection:
        # A number (8) and a code (2) weigh 10; ids 4 and 10 hold both.
        assert queue.ids_after(connection, EVERYTHING, None, 6, order) == [10, 4, 8, 2, 9, 3]
        mine = select(finding.c.id).join(message).where(message.c.conversation_id == 10)
        found = connection.scalars(mine).all()
    with desk.write() as connection:
        recorder = journal.Recorder(connection)
        for number in found:
            actions.decide_finding(recorder, 10, number, Decision.MASK, all_equal=False)
        journal.finish(recorder, "decide_finding")
    with desk.read() as connection:
        assert queue.ids_after(connection, EVERYTHING, None, 5, order) == [4, 8, 2, 9, 3]


def test_what_is_suggested_with_most_certainty_comes_first(desk: Workspace) -> None:
    order = QueueOrder(ReviewOrder.SUGGESTED)
    with desk.read() as connection:
        assert queue.ids_after(connection, EVERYTHING, None, 4, order) == [3, 7, 10, 1]


def test_every_seed_begins_elsewhere_and_the_same_seed_in_the_same_place(desk: Workspace) -> None:
    with desk.read() as connection:
        thrown = [row.shuffle for row in rows(desk, EVERYTHING)]
        assert len(set(thrown)) == len(thrown)
        firsts = {
            queue.ids_after(connection, EVERYTHING, None, 1, QueueOrder(ReviewOrder.RANDOM, seed))[
                0
            ]
            for seed in range(0, 2**31, 2**27)
        }
    assert len(firsts) > 1


def test_a_split_off_conversation_has_a_place_of_its_own_by_chance(desk: Workspace) -> None:
    with desk.write() as connection:
        second = connection.scalar(
            select(message.c.id).where(message.c.conversation_id == 1).offset(1)
        )
        assert second is not None
        recorder = journal.Recorder(connection)
        new = structure.split(recorder, 1, second)
        journal.finish(recorder, "split")
    thrown = {row.id: row.shuffle for row in rows(desk, EVERYTHING)}
    assert thrown[new] not in {thrown[number] for number in thrown if number != new}


@pytest.mark.parametrize(
    ("place", "order", "good"),
    [
        pytest.param((0, 1, 2, 3), ReviewOrder.CHAT, True, id="chat"),
        pytest.param((1, 1, 2, 3), ReviewOrder.RISK, True, id="without risk"),
        pytest.param((0, 5, 3), ReviewOrder.RISK, True, id="with risk"),
        pytest.param((0, 0.5, 3), ReviewOrder.SUGGESTED, True, id="a score"),
        pytest.param((1, 5, 3), ReviewOrder.RISK, False, id="of the wrong length"),
        pytest.param((2, 5, 3), ReviewOrder.RISK, False, id="no such stretch"),
        pytest.param((0.5, 5, 3), ReviewOrder.RISK, False, id="half a stretch"),
        pytest.param((), ReviewOrder.CHAT, False, id="nothing"),
    ],
)
def test_only_numbers_that_can_be_a_place_are_one(
    place: tuple[float, ...], order: ReviewOrder, *, good: bool
) -> None:
    assert queue.is_place(place, QueueOrder(order)) is good
