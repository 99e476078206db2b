"""Several people review one queue: each has conversations of their own, and nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from curation import workflow
from curation.errors import ActionRefusedError
from curation.model import ConversationFilter, Status
from curation.store import load_conversations
from curation.store.tables import lease
from curation.workflow import Left, SetStatus

if TYPE_CHECKING:
    from curation.workflow import Window, Workspace
    from tests.workflow.conftest import WriteChat

PENDING = ConversationFilter(statuses=(Status.PENDING,))
CONVERSATIONS = 12


@pytest.fixture
def queue(workspace: Workspace, write_chat: WriteChat) -> Workspace:
    """Conversations 1 to 12 of two messages each."""
    path = write_chat(
        [
            (hour * 120 + minute, ("阿橙", "小满")[minute], f"{hour}点{minute}分~")
            for hour in range(CONVERSATIONS)
            for minute in range(2)
        ]
    )
    workflow.import_files(workspace, [path], me={path: "小满"})
    return workspace


def look(workspace: Workspace, who: str, at: int | None = None, ahead: int = 2) -> Window:
    return workflow.review_window(
        workspace.acting_as(who), PENDING, at=at, ahead=ahead, behind=0, screen=f"{who}'s tab"
    )


def numbers(window: Window) -> list[int]:
    return [each.conversation.id for each in window.records]


def act(
    workspace: Workspace, who: str, kind: str, number: int, n: int = 1, **more: object
) -> workflow.Ack:
    version = load_conversations(workspace, [number])[0].version
    action = {"n": n, "type": kind, "id": number, "version": version, **more}
    return workflow.commit_actions(workspace.acting_as(who), f"{who}'s page", [action])


def status(workspace: Workspace, number: int) -> Status:
    return load_conversations(workspace, [number])[0].status


def leases(workspace: Workspace) -> int:
    with workspace.read() as connection:
        return connection.execute(select(func.count()).select_from(lease)).scalar_one()


def test_each_is_given_what_the_others_do_not_have(queue: Workspace) -> None:
    assert numbers(look(queue, "阿橙")) == [1, 2, 3]
    assert numbers(look(queue, "老陈")) == [4, 5, 6]
    act(queue, "阿橙", "set_status", 1, status="approved")
    onwards = look(queue, "阿橙", at=2)
    assert (onwards.at, numbers(onwards)) == (2, [2, 3, 7])
    assert onwards.leasing


def test_somebody_alone_without_a_name_leaves_no_trace(queue: Workspace) -> None:
    window = look(queue, "")
    assert (numbers(window), window.leasing, leases(queue)) == ([1, 2, 3], False, 0)
    look(queue, "阿橙", at=5)
    window = look(queue, "")
    assert (numbers(window), window.leasing) == ([1, 2, 3], True)
    assert numbers(look(queue, "老陈")) == [4, 8, 9]


def test_what_another_has_can_be_looked_at_and_is_not_taken_by_that(queue: Workspace) -> None:
    look(queue, "阿橙")
    window = look(queue, "老陈", at=2)
    assert (window.at, window.holders[2].reviewer) == (2, "阿橙")
    assert look(queue, "阿橙").holders == {}


def test_who_changes_what_another_has_is_told_so_and_keeps_what_they_typed(
    queue: Workspace,
) -> None:
    look(queue, "阿橙")
    draft = {
        "conversation": 1,
        "anchor": 0,
        "field": "background",
        "message": None,
        "base": "",
        "text": "他们是同学",
        "at": 1,
    }
    workflow.save_drafts(queue.acting_as("老陈"), [draft])
    ack = act(queue, "老陈", "set_background", 1, text="他们是同学")
    assert [str(each.error).partition(";")[0] for each in ack.refused] == [
        "阿橙 is working on this conversation"
    ]
    held = look(queue, "老陈", at=1).records[0]
    assert held.conversation.background == ""
    assert [each.text for each in held.drafts] == ["他们是同学"]


def test_what_was_taken_over_is_the_others_to_look_at(queue: Workspace) -> None:
    look(queue, "阿橙")
    act(queue, "老陈", "set_status", 9, status="approved")
    act(queue, "老陈", "undo", 9, n=2)
    ack = act(queue, "老陈", "take_over", 1, n=3)
    assert (ack.refused, ack.at) == ((), 1)
    assert act(queue, "阿橙", "set_status", 1, status="approved").refused
    assert not act(queue, "老陈", "set_status", 1, n=4, status="rejected").refused
    assert status(queue, 1) is Status.REJECTED
    assert look(queue, "阿橙", at=1).holders[1].reviewer == "老陈"
    lines = workflow.journal_page(queue).lines
    taken = next(line for line in lines if line.action == "take_over")
    assert (taken.reviewer, taken.conversation_id, taken.undoable) == ("老陈", 1, False)
    assert [(each.before, each.after) for each in taken.details] == [("阿橙", "老陈")]


def test_taking_over_does_not_end_what_can_be_done_again(queue: Workspace) -> None:
    look(queue, "阿橙")
    act(queue, "老陈", "set_status", 9, status="approved")
    act(queue, "老陈", "undo", 9, n=2)
    act(queue, "老陈", "take_over", 1, n=3)
    assert look(queue, "老陈", at=1).redo == "set_status"


def test_taking_over_twice_by_the_same_message_is_one_step(queue: Workspace) -> None:
    look(queue, "阿橙")
    for _time in range(2):
        act(queue, "老陈", "take_over", 1)
    actions = [line.action for line in workflow.journal_page(queue).lines]
    assert actions.count("take_over") == 1


def test_undo_reaches_what_another_has_by_now(queue: Workspace) -> None:
    act(queue, "老陈", "set_status", 1, status="skipped")
    act(queue, "老陈", "set_status", 1, n=2, status="pending")
    look(queue, "阿橙")
    assert act(queue, "老陈", "undo", 1, n=3).refused == ()
    assert status(queue, 1) is Status.SKIPPED


def test_what_another_has_is_not_merged_away(queue: Workspace) -> None:
    look(queue, "阿橙", at=2, ahead=0)
    assert act(queue, "老陈", "merge_next", 1).refused
    ack = act(queue, "老陈", "merge_next", 3, n=2)
    assert [each.n for each in ack.refused] == [1]


def test_what_is_done_to_many_leaves_alone_what_others_have(queue: Workspace) -> None:
    look(queue, "阿橙")
    mine = queue.acting_as("老陈")
    plan = workflow.plan_bulk(mine, PENDING, SetStatus(Status.APPROVED))
    assert (plan.changing, dict(plan.left)) == (9, {Left.HELD: 3})
    look(queue, "林哥")
    result = workflow.do_bulk(mine, plan)
    assert (result.changed, dict(result.left)) == (6, {Left.HELD: 6})
    own = workflow.plan_bulk(queue.acting_as("阿橙"), [1, 2, 3], SetStatus(Status.APPROVED))
    assert own.changing == 3


def test_at_the_end_one_is_told_how_much_is_with_others(queue: Workspace) -> None:
    look(queue, "阿橙", ahead=CONVERSATIONS)
    window = look(queue, "老陈")
    assert (window.at, window.elsewhere, window.records) == (None, CONVERSATIONS, ())


def test_what_a_tab_gave_back_is_the_next_ones(queue: Workspace) -> None:
    look(queue, "阿橙")
    workflow.give_back_leases(queue, "阿橙's tab")
    assert numbers(look(queue, "老陈")) == [1, 2, 3]


def test_while_somebody_writes_very_much_the_queue_can_be_read(
    queue: Workspace, database: str
) -> None:
    with queue.write():
        assert numbers(look(queue, "阿橙")) == [1, 2, 3]
    assert leases(queue) == (0 if database == "sqlite" else 3)


def test_a_name_may_have_as_many_characters_as_is_said_and_no_more(queue: Workspace) -> None:
    longest = "名" * workflow.LONGEST_MEMBER
    owner = queue.acting_as("小满")
    workflow.set_member(owner, longest, workflow.Role.REVIEWER)
    shown = numbers(look(queue, longest))[0]
    assert act(queue, longest, "set_status", shown, status="skipped").refused == ()
    (refused,) = act(queue, "小满", "set_status", shown, status="approved").refused
    assert longest in str(refused.error)
    assert workflow.undo(queue.acting_as(longest)) == "set_status"
    assert longest in workflow.journal_reviewers(owner)
    for more in (
        lambda: queue.acting_as(f"{longest}字"),
        lambda: workflow.set_member(owner, f"{longest}字", workflow.Role.REVIEWER),
    ):
        with pytest.raises(ActionRefusedError, match=str(len(longest))):
            more()
