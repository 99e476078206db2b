"""Scanning the workspace: each text once, runs of a side together, equal values as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import ConversationFilter, Decision
from curation.store import iter_conversations

if TYPE_CHECKING:
    from tests.workflow.conftest import WriteChat


def bring(workspace: workflow.Workspace, write_chat: WriteChat, *lines: tuple[str, str]) -> None:
    path = write_chat([(place, sender, text) for place, (sender, text) in enumerate(lines)])
    workflow.import_files(workspace, [path], me={path: "小满"})


def found(workspace: workflow.Workspace) -> list[tuple[str, str]]:
    return [
        (finding.entity, message.text[finding.start : finding.end])
        for each in iter_conversations(workspace, ConversationFilter())
        for message in each.messages
        for finding in message.findings
    ]


def test_every_message_is_searched_once(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    bring(workspace, write_chat, ("阿橙", "我号13800138000哈"), ("小满", "收到[OK]"))
    assert workflow.unscanned_count(workspace) == 2
    assert workflow.scan_findings(workspace) == 2
    assert workflow.scan_findings(workspace) == 0
    assert found(workspace) == [("PHONE_NUMBER", "13800138000")]


def test_a_password_in_a_message_of_its_own_is_found(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    bring(workspace, write_chat, ("阿橙", "wifi密码是"), ("阿橙", "abc12345"), ("小满", "好的"))
    workflow.scan_findings(workspace)
    assert found(workspace) == [("PASSWORD", "abc12345")]


def test_a_scan_that_is_stopped_goes_on_later(
    workspace: workflow.Workspace, write_chat: WriteChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    class StoppedError(Exception):
        pass

    def stop(_stage: str, done: int, _total: int) -> None:
        if done:
            raise StoppedError

    monkeypatch.setattr("curation.workflow.detecting.BATCH", 1)
    lines = [(hour * 60, "小满", f"1380013800{hour}") for hour in range(3)]
    path = write_chat(lines)
    workflow.import_files(workspace, [path], me={path: "小满"})
    with pytest.raises(StoppedError):
        workflow.scan_findings(workspace, stop)
    assert workflow.unscanned_count(workspace) == 2
    workflow.scan_findings(workspace)
    assert len(found(workspace)) == 3


def test_equal_values_are_one_group_and_decided_together(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    bring(workspace, write_chat, ("阿橙", "138-0013-8000"), ("小满", "13800138000?"))
    workflow.scan_findings(workspace)
    (group,) = workflow.finding_groups(workspace).groups
    assert (group.count, group.decision) == (2, Decision.PENDING)
    assert (group.before, group.shown) == ("", "138-0013-8000")
    assert workflow.decide_value(workspace, group.entity, group.value, Decision.KEEP) == 2
    assert workflow.finding_counts(workspace) == {("PHONE_NUMBER", Decision.KEEP): 2}
    assert workflow.undo(workspace) == "decide_finding"
    assert workflow.finding_counts(workspace) == {("PHONE_NUMBER", Decision.PENDING): 2}


def test_findings_in_deleted_messages_are_not_shown(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    bring(workspace, write_chat, ("阿橙", "13800138000"), ("小满", "好"))
    workflow.scan_findings(workspace)
    workflow.commit_actions(
        workspace,
        "c",
        [{"n": 1, "type": "delete_message", "id": 1, "version": 1, "message": 1, "deleted": True}],
    )
    assert workflow.finding_groups(workspace).total == 0
    assert workflow.finding_counts(workspace) == {}
