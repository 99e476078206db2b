from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from curation import workflow
from curation.errors import WorkspaceError
from curation.model import ConversationFilter, QueueOrder, ReviewOrder, Status
from curation.store.tables import lease
from curation.ui.components.review import Outbox
from curation.ui.state import Keys, UiState

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]


def state_of(at: AppTest) -> UiState:
    state: UiState = at.session_state["ruwo"]
    return state


def approve_first(ws: Workspace, *, version: int | None = None) -> Outbox:
    first = workflow.review_window(ws, ConversationFilter()).records[0].conversation
    action = {
        "n": 1,
        "type": "set_status",
        "id": first.id,
        "version": first.version if version is None else version,
        "status": "approved",
    }
    return Outbox("screen", 0, 3, first.id, (action,))


def test_without_conversations_the_page_leads_to_the_import(
    empty: Workspace, open_page: OpenPage
) -> None:
    at = open_page("review").run()
    assert not at.exception
    assert at.button(key="empty-import")


def test_what_the_piece_sends_is_stored_and_answered(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = open_page("review").run()
    state_of(at).review_outbox = approve_first(sample)
    at.run()
    assert not at.exception
    assert workflow.count_by_status(sample)[Status.APPROVED] == 1
    ack = state_of(at).review_ack
    assert ack is not None
    assert (ack.client, ack.number, ack.refused) == ("screen", 1, ())
    assert state_of(at).review_turn == 3


def test_a_message_sent_twice_is_done_once(sample: Workspace, open_page: OpenPage) -> None:
    at = open_page("review").run()
    outbox = approve_first(sample)
    for _time in range(2):
        state_of(at).review_outbox = outbox
        at.run()
    assert not at.exception
    assert [entry.action for entry in workflow.journal_page(sample).lines].count("set_status") == 1


def test_what_cannot_be_stored_is_told_and_the_piece_stays_to_send_it_again(
    sample: Workspace, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object, **_more: object) -> workflow.Ack:
        reason = "The disk is full."
        raise WorkspaceError(reason)

    at = open_page("review").run()
    outbox = approve_first(sample)
    with monkeypatch.context() as patched:
        patched.setattr(workflow, "commit_actions", full)
        state_of(at).review_outbox = outbox
        at.run()
    assert not at.exception
    assert len(at.error) == 1
    assert any("review-piece" in each.proto.id for each in at.get("bidi_component"))
    state_of(at).review_outbox = outbox
    at.run()
    assert not at.error
    assert workflow.count_by_status(sample)[Status.APPROVED] == 1


def test_an_old_version_is_refused_with_a_reason(sample: Workspace, open_page: OpenPage) -> None:
    at = open_page("review").run()
    state_of(at).review_outbox = approve_first(sample, version=99)
    at.run()
    assert not at.exception
    ack = state_of(at).review_ack
    assert ack is not None
    assert [refusal.n for refusal in ack.refused] == [1]
    assert workflow.count_by_status(sample)[Status.APPROVED] == 0


def test_who_leaves_the_page_lets_others_have_what_they_had_at_hand(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = open_page("review")
    at.session_state["ruwo"] = UiState(reviewer="阿橙")
    at.run()
    assert not at.exception
    with sample.read() as connection:
        assert set(connection.scalars(select(lease.c.reviewer))) == {"阿橙"}
    table = open_page("table")
    table.session_state["ruwo"] = state_of(at)  # the same tab
    assert not table.run().exception
    with sample.read() as connection:
        assert connection.scalars(select(lease.c.reviewer)).all() == []


@pytest.mark.parametrize(
    ("choice", "statuses"),
    [
        pytest.param("approved", (Status.APPROVED,), id="one status"),
        pytest.param("all", (), id="all"),
    ],
)
def test_the_status_switch_is_kept_in_the_address(
    sample: Workspace, open_page: OpenPage, choice: str, statuses: tuple[Status, ...]
) -> None:
    at = open_page("review").run()
    at.button_group(key=Keys.REVIEW_STATUS).set_value(choice).run()
    assert not at.exception
    assert state_of(at).review_filter.statuses == statuses
    assert choice in at.query_params["status"]


def test_a_chat_can_be_chosen_and_left_again(sample: Workspace, open_page: OpenPage) -> None:
    at = open_page("review").run()
    at.selectbox(key=Keys.REVIEW_CHAT).set_value("妈妈").run()
    assert state_of(at).review_filter.chats == ("妈妈",)
    at.selectbox(key=Keys.REVIEW_CHAT).set_value(None).run()
    assert state_of(at).review_filter.chats == ()


def test_the_tables_filter_can_be_dropped(sample: Workspace, open_page: OpenPage) -> None:
    at = open_page("review")
    at.query_params["q"] = "火锅"
    at.query_params["status"] = "pending"
    at.run()
    assert state_of(at).review_filter.text == "火锅"
    at.button(key="review-unfilter").click().run()
    assert not at.exception
    assert state_of(at).review_filter == ConversationFilter(statuses=(Status.PENDING,))


def test_when_all_is_decided_the_page_leads_to_the_export(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = open_page("review").run()
    assert "review-export" not in [button.key for button in at.button]
    workflow.set_status(sample, ConversationFilter(), Status.APPROVED)
    at.run()
    assert not at.exception
    assert at.button(key="review-export")


def test_the_order_is_kept_in_the_address_and_for_the_next_time(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = open_page("review").run()
    assert state_of(at).review_order is None
    at.selectbox(key=Keys.REVIEW_ORDER).set_value(ReviewOrder.RISK).run()
    assert not at.exception
    assert "risk" in at.query_params["order"]
    assert open_page("review").run().selectbox(key=Keys.REVIEW_ORDER).value is ReviewOrder.RISK

    at.selectbox(key=Keys.REVIEW_ORDER).set_value(ReviewOrder.RANDOM).run()
    seed = workflow.load_settings(sample).queue.seed
    assert str(seed) in at.query_params["seed"]
    at.button(key="review-shuffle").click().run()
    assert workflow.load_settings(sample).queue.seed != seed
    at.selectbox(key=Keys.REVIEW_ORDER).set_value(ReviewOrder.CHAT).run()
    assert "seed" not in at.query_params


@pytest.mark.parametrize(
    ("order", "seed", "expected"),
    [
        pytest.param("newest", "5", QueueOrder(ReviewOrder.NEWEST, 5), id="an order"),
        pytest.param("random", "77", QueueOrder(ReviewOrder.RANDOM, 77), id="a seed"),
        pytest.param("random", "9" * 40, QueueOrder(ReviewOrder.RANDOM), id="no seed"),
        pytest.param("fastest", "1", None, id="no such order"),
    ],
)
def test_an_address_names_the_order(
    sample: Workspace, open_page: OpenPage, order: str, seed: str, expected: QueueOrder | None
) -> None:
    at = open_page("review")
    at.query_params["order"] = order
    at.query_params["seed"] = seed
    at.run()
    assert not at.exception
    assert state_of(at).review_order == expected
