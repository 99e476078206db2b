"""Who is refused is told what was done to the conversation in the meantime."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from curation import workflow
from curation.model import ConversationFilter, Status
from curation.store import load_conversations

if TYPE_CHECKING:
    from tests.workflow.conftest import WriteChat


@pytest.fixture
def talk(workspace: workflow.Workspace, write_chat: WriteChat) -> workflow.Workspace:
    """Conversations 1 to 3 of two messages each, as 小明 sees them."""
    lines = [(hour * 120 + n, ("阿橙", "小满")[n], "好~") for hour in range(3) for n in range(2)]
    path = write_chat(lines)
    workflow.import_files(workspace, [path], me={path: "小满"})
    return workspace.acting_as("小明")


def send(workspace: workflow.Workspace, kind: str, number: int = 1, **more: Any) -> None:
    version = load_conversations(workspace, [number])[0].version
    action = {"n": 1, "type": kind, "id": number, "version": version, **more}
    assert not workflow.commit_actions(workspace, f"{kind} {version}", [action]).refused


def told(workspace: workflow.Workspace, version: int = 1, number: int = 1) -> list[tuple[str, ...]]:
    """What somebody is told who decides about a conversation as it was at `version`."""
    action = {"n": 1, "type": "set_status", "id": number, "version": version, "status": "approved"}
    (refusal,) = workflow.commit_actions(workspace, "late", [action]).refused
    changed: Any = refusal.error.values["changed"]
    return [(each["action"], each["who"], each["status"]) for each in changed]


def test_what_was_done_is_told_with_who_did_it(talk: workflow.Workspace) -> None:
    send(talk, "set_status", status="rejected")
    assert told(talk) == [("set_status", "小明", "rejected")]
    # A message that was asked again is told the same, from what is kept of the refusal.
    assert told(talk) == [("set_status", "小明", "rejected")]


def test_only_what_came_after_it_was_shown_is_told_and_of_this_conversation(
    talk: workflow.Workspace,
) -> None:
    send(talk, "set_background", text="周末")
    send(talk, "edit_message", message=1, text="好的")
    send(talk, "set_status", number=2, status="skipped")
    send(talk, "delete_message", message=2, deleted=True)
    assert told(talk, version=2) == [("edit_message", "小明", ""), ("delete_message", "小明", "")]


def test_an_action_on_many_is_told_too(talk: workflow.Workspace) -> None:
    workflow.set_status(talk, ConversationFilter(), Status.SKIPPED)
    assert told(talk, number=3) == [("set_status", "小明", "skipped")]


def test_an_undo_tells_what_holds_again(talk: workflow.Workspace) -> None:
    send(talk, "set_status", status="rejected")
    workflow.undo(talk)
    assert told(talk) == [("set_status", "小明", "rejected"), ("undo", "小明", "pending")]


def test_of_many_actions_the_newest_three_are_told(talk: workflow.Workspace) -> None:
    for number in range(5):
        send(talk, "set_background", text=f"第{number}次")
    assert told(talk) == [("set_background", "小明", "")] * 3


def test_no_chat_text_is_in_what_is_kept_of_a_refusal(talk: workflow.Workspace) -> None:
    send(talk, "edit_message", message=1, text="悄悄话")
    told(talk)
    (refusal,) = workflow.commit_actions(talk, "late", []).refused
    assert "悄悄话" not in repr(refusal.error.values)
