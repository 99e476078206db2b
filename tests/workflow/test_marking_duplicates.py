"""Conversations that say nearly the same as an earlier one are marked, filtered and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curation import workflow
from curation.model import ConversationFilter, Status
from curation.store import iter_conversations

if TYPE_CHECKING:
    from tests.workflow.conftest import Line, WriteChat

MARKED = ConversationFilter(duplicates=True)
STORY = [
    "今天在地铁上碰见一只特别大的橘猫，坐在座位上一动不动",
    "哈哈哈哈真的假的，它主人呢，是不是逃票了",
    "主人在旁边睡着了，全车厢的人都在给猫拍照，它一脸嫌弃",
    "下次记得拍给我看，我也想摸一下，最近压力好大需要撸猫",
]


def told(start: float, other: str, *, more: str = "") -> list[Line]:
    who = ("小满", other)
    return [
        (start + n, who[n % 2], said) for n, said in enumerate([*STORY, *([more] if more else [])])
    ]


def bring(workspace: workflow.Workspace, write_chat: WriteChat) -> workflow.ImportReport:
    """Import the story told to two people, a day apart, and something else."""
    one = write_chat(told(0, "阿橙"))
    two = write_chat(
        [*told(1500, "林哥", more="好呀"), (9000, "林哥", "在吗")], "林哥", first_id=90
    )
    return workflow.import_files(workspace, [one, two], me=dict.fromkeys([one, two], "小满"))


def marks(workspace: workflow.Workspace) -> list[tuple[str, int | None]]:
    found = iter_conversations(workspace, ConversationFilter())
    return [(each.chat, each.duplicate_of) for each in found]


def test_an_import_marks_what_says_nearly_the_same_as_an_earlier_one(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    assert bring(workspace, write_chat).duplicates == 1
    assert marks(workspace) == [("阿橙", None), ("林哥", 1), ("林哥", None)]
    assert workflow.count_matching(workspace, MARKED) == 1
    assert workflow.workspace_stats(workspace)["duplicates"] == 1
    assert workflow.count_by_status(workspace, MARKED)[Status.PENDING] == 1
    rows = workflow.conversation_page(workspace, MARKED).rows
    assert rows["duplicate_of"].tolist() == [1]
    (record,) = workflow.review_window(workspace, MARKED).records
    assert record.conversation.duplicate_of == 1


def test_an_import_that_adds_nothing_counts_the_marks_that_are_there(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    bring(workspace, write_chat)
    again = bring(workspace, write_chat)
    assert (again.added, again.duplicates) == (0, 1)


def test_a_mark_goes_with_the_conversation_it_names_and_comes_back_with_it(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    early: list[Line] = [(-100, "小满", "早上好"), *told(0, "阿橙")]
    one, two = write_chat(early), write_chat(told(1500, "林哥"), "林哥", first_id=90)
    workflow.import_files(workspace, [one, two], me=dict.fromkeys([one, two], "小满"))
    assert marks(workspace) == [("阿橙", None), ("阿橙", None), ("林哥", 2)]
    merge = {"n": 1, "type": "merge_next", "id": 1, "version": 1}
    workflow.commit_actions(workspace, "c", [merge])
    assert marks(workspace) == [("阿橙", None), ("林哥", None)]
    assert workflow.count_matching(workspace, MARKED) == 0
    workflow.undo(workspace)
    assert marks(workspace)[-1] == ("林哥", 2)


def test_marks_that_hold_no_longer_are_taken_away(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    bring(workspace, write_chat)
    (record,) = workflow.review_window(workspace, MARKED).records
    held = record.conversation
    delete = [
        {
            "n": n,
            "type": "delete_message",
            "id": held.id,
            "version": n,
            "message": message.id,
            "deleted": True,
        }
        for n, message in enumerate(held.messages[:3], start=1)
    ]
    assert workflow.commit_actions(workspace, "c", delete).refused == ()
    assert workflow.mark_duplicates(workspace) == 0
    assert workflow.count_matching(workspace, MARKED) == 0
    assert workflow.undo(workspace) == "delete_message"  # marking is nothing to undo
