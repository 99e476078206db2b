"""Rules look at what is new or changed, in batches, and a person answers what they suggest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from curation import store, workflow
from curation.model import ConversationFilter, SuggestionKind
from curation.workflow import suggesting

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from curation.store.answering import Suggestion

    WriteChat = Callable[..., Path]

SAD = [(0.0, "阿橙", "面试怎么样"), (0.3, "小满", "没过[流泪]"), (0.6, "阿橙", "没事 下次")]
NOD = [(0.0, "阿橙", "会议改到四点"), (0.3, "小满", "好的")]
EVENING = 24 * 60.0


@pytest.fixture
def chat(workspace: workflow.Workspace, write_chat: WriteChat) -> workflow.Workspace:
    """Two conversations: one sad, and one in which I only nod."""
    lines = [*SAD, *((minute + EVENING, who, text) for minute, who, text in NOD)]
    file = write_chat(lines)
    workflow.import_files(workspace, [file], me={file: "小满"})
    return workspace


def _told(workspace: workflow.Workspace) -> list[tuple[Suggestion, ...]]:
    window = workflow.review_window(workspace, ConversationFilter())
    return [each.suggestions for each in window.records]


def _kinds(workspace: workflow.Workspace) -> list[list[str]]:
    return [[each.kind.value for each in told] for told in _told(workspace)]


def _send(workspace: workflow.Workspace, number: int, **action: object) -> None:
    ack = workflow.commit_actions(workspace, "screen", [{"n": number, **action}])
    assert not ack.refused


def test_every_conversation_is_looked_at_once(chat: workflow.Workspace) -> None:
    assert workflow.suggestions_wanted(chat)
    seen: list[tuple[str, int, int]] = []
    assert workflow.suggest(chat, lambda *told: seen.append(told)) == 2
    assert seen == [("suggest", 0, 2), ("suggest", 2, 2)]
    assert _kinds(chat) == [["emotion"], ["too_thin"]]
    assert not workflow.suggestions_wanted(chat)
    assert workflow.suggest(chat) == 0


def test_nothing_is_applied_without_a_person(chat: workflow.Workspace) -> None:
    def state() -> list[object]:
        records = workflow.review_window(chat, ConversationFilter()).records
        return [each.conversation for each in records]

    before = state()
    workflow.suggest(chat)
    assert state() == before
    assert workflow.suggestion_counts(chat) == {
        SuggestionKind.EMOTION: 1,
        SuggestionKind.TOO_THIN: 1,
    }


def test_stopped_it_goes_on_where_it_was(
    chat: workflow.Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suggesting, "_BATCH", 1)

    class StoppedError(Exception):
        pass

    def stop(_stage: str, done: int, _total: int) -> None:
        if done == 1:
            raise StoppedError

    with pytest.raises(StoppedError):
        workflow.suggest(chat, stop)
    assert _kinds(chat) == [["emotion"], []]
    assert workflow.suggestions_wanted(chat)
    assert workflow.suggest(chat) == 1
    assert _kinds(chat) == [["emotion"], ["too_thin"]]


def test_an_edited_message_is_suggested_of_anew_at_once(chat: workflow.Workspace) -> None:
    workflow.suggest(chat)
    sad = workflow.review_window(chat, ConversationFilter()).records[0].conversation
    said = sad.messages[1].id
    change = {"type": "edit_message", "id": sad.id, "version": sad.version, "message": said}
    _send(chat, 1, **change, text="过了！[呲牙]")
    assert [each.label for each in _told(chat)[0]] == ["开心"]
    _send(chat, 2, type="undo")
    assert [each.label for each in _told(chat)[0]] == ["难过"]


def test_both_parts_of_a_split_conversation_are_suggested_of_anew(chat: workflow.Workspace) -> None:
    workflow.suggest(chat)
    sad = workflow.review_window(chat, ConversationFilter()).records[0].conversation
    first = sad.messages[2].id
    _send(chat, 1, type="split", id=sad.id, version=sad.version, message=first)
    assert _kinds(chat) == [["emotion"], ["incomplete"], ["too_thin"]]


def test_what_was_refused_is_not_suggested_again(chat: workflow.Workspace) -> None:
    workflow.suggest(chat)
    sad = workflow.review_window(chat, ConversationFilter()).records[0]
    change = {"id": sad.conversation.id, "version": sad.conversation.version}
    told = sad.suggestions[0].id
    _send(chat, 1, type="answer_suggestion", **change, suggestion=told, accept=False)
    assert workflow.suggest(chat) == 1
    assert _kinds(chat) == [[], ["too_thin"]]


def test_feelings_go_by_the_persons_own_words(chat: workflow.Workspace) -> None:
    workflow.suggest(chat)
    own = replace(workflow.load_settings(chat), emotions=("伤心", "高兴"))
    workflow.save_settings(chat, own)
    assert workflow.suggestions_wanted(chat)
    assert workflow.suggest(chat) == 2
    assert [each.label for each in _told(chat)[0]] == ["伤心"]
    workflow.save_settings(chat, replace(own, emotions=("摸鱼",)))
    workflow.suggest(chat)
    assert _kinds(chat) == [[], ["too_thin"]]


def test_an_empty_workspace_wants_nothing(workspace: workflow.Workspace) -> None:
    assert not workflow.suggestions_wanted(workspace)
    assert workflow.suggest(workspace) == 0


def test_deleted_messages_are_not_read(chat: workflow.Workspace) -> None:
    sad = workflow.review_window(chat, ConversationFilter()).records[0].conversation
    change = {"id": sad.id, "version": sad.version, "message": sad.messages[1].id}
    _send(chat, 1, type="delete_message", **change, deleted=True)
    workflow.suggest(chat)
    assert _kinds(chat)[0] == ["incomplete"]


def test_a_conversation_that_is_gone_is_passed_over(chat: workflow.Workspace) -> None:
    suggesting.suggest_again(chat, [999])
    assert store.suggestion_counts(chat) == {}


def test_in_a_group_nobody_waits_for_my_answer(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    asked = [(0.0, "阿橙", "周六爬山有人去吗"), (0.3, "小满", "我去"), (0.6, "阿橙", "林哥去不去")]
    both = [*asked, (0.9, "林哥", "我要加班 老陈呢"), (1.2, "林哥", "老陈去不去")]
    files = [write_chat(asked, "阿橙"), write_chat(both, "山友", first_id=100)]
    workflow.import_files(workspace, files, me=dict.fromkeys(files, "小满"))
    workflow.suggest(workspace)
    assert sorted(_kinds(workspace)) == [[], ["incomplete"]]
