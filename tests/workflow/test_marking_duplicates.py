"""Conversations that say nearly the same as an earlier one are marked, filtered and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete

from curation import workflow
from curation.model import ConversationFilter, Status, SuggestionKind
from curation.store import duplicates, iter_conversations
from curation.store.tables import fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from tests.workflow.conftest import Line, WriteChat

MARKED = ConversationFilter(suggestions=(SuggestionKind.NEAR_DUPLICATE,))
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


def searched_anew(workspace: workflow.Workspace) -> dict[int, int]:
    """Return the marks of a search that knows nothing of the ones before."""
    with workspace.write() as connection:
        connection.execute(delete(fingerprint))
    workflow.mark_duplicates(workspace)
    return marked(workspace)


def marked(workspace: workflow.Workspace) -> dict[int, int]:
    found = iter_conversations(workspace, ConversationFilter())
    return {each.id: each.duplicate_of for each in found if each.duplicate_of is not None}


@pytest.mark.on_both
def test_marks_after_imports_and_work_are_those_of_a_whole_search(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    bring(workspace, write_chat)
    more = write_chat(told(3000, "小周", more="真好"), "小周", first_id=200)
    workflow.import_files(workspace, [more], me={more: "小满"})
    assert marked(workspace) == {2: 1, 4: 1}
    # The first one goes: it is merged into nothing alike, so the others are like each other.
    first = next(iter(iter_conversations(workspace, ConversationFilter())))
    delete_most = [
        {
            "n": n,
            "type": "delete_message",
            "id": first.id,
            "version": n,
            "message": message.id,
            "deleted": True,
        }
        for n, message in enumerate(first.messages[:3], start=1)
    ]
    assert workflow.commit_actions(workspace, "c", delete_most).refused == ()
    again = write_chat([(9500, "林哥", "在的"), (9501, "小满", "嗯嗯")], "林哥", first_id=300)
    workflow.import_files(workspace, [again], me={again: "小满"})
    assert marked(workspace) == {4: 2} == searched_anew(workspace)
    workflow.undo(workspace)
    workflow.mark_duplicates(workspace)
    assert marked(workspace) == searched_anew(workspace)


def test_an_import_reads_only_what_is_new(
    workspace: workflow.Workspace, write_chat: WriteChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(workspace, write_chat)
    asked: list[int] = []
    read = duplicates.texts

    def noting(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
        asked.extend(numbers)
        return read(connection, numbers)

    monkeypatch.setattr(duplicates, "texts", noting)
    later = write_chat([(90_000, "小周", "在吗"), (90_001, "小满", "在")], "小周", first_id=400)
    workflow.import_files(workspace, [later], me={later: "小满"})
    assert asked == [4]
    workflow.mark_duplicates(workspace)
    assert asked == [4]
