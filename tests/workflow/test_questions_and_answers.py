"""A bare value that answers the other side's question is found, and only then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import ConversationFilter
from curation.store import iter_conversations

if TYPE_CHECKING:
    from curation.workflow import Workspace
    from tests.workflow.conftest import WriteChat


def said(workspace: Workspace) -> list[tuple[str, str]]:
    return [
        (finding.entity, message.text[finding.start : finding.end])
        for each in iter_conversations(workspace, ConversationFilter())
        for message in each.messages
        for finding in message.findings
    ]


@pytest.mark.parametrize(
    ("question", "answers", "found"),
    [
        ("你家wifi密码多少呀", ["88888888"], [("PASSWORD", "88888888")]),
        ("验证码发我一下", ["等等哈", "482913"], [("OTP_CODE", "482913")]),
        ("加个微信吧 你微信号是啥", ["lihua_1990"], [("WECHAT_ID", "lihua_1990")]),
        ("QQ多少", ["283746591"], [("QQ_NUMBER", "283746591")]),
        ("密码多少来着", ["忘了哈哈哈"], []),
        ("今天花了多少", ["88888888"], []),
        ("你密码改了吗", ["改了改了"], []),
        ("几点到", ["482913"], []),
    ],
)
def test_an_answer_is_read_with_its_question(
    workspace: Workspace, write_chat: WriteChat, question: str, answers: list[str], found: object
) -> None:
    lines = [(0, "阿橙", question), *((1, "小满", answer) for answer in answers)]
    path = write_chat(lines)
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    assert said(workspace) == found


def test_an_edited_answer_stays_private(workspace: Workspace, write_chat: WriteChat) -> None:
    path = write_chat([(0, "阿橙", "wifi密码多少"), (1, "小满", "88888888")])
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    (held,) = iter_conversations(workspace, ConversationFilter())
    action = {
        "n": 1,
        "type": "edit_message",
        "id": held.id,
        "version": held.version,
        "message": held.messages[1].id,
        "text": "66668888",
    }
    assert workflow.commit_actions(workspace, "tab", [action]).refused == ()
    assert said(workspace) == [("PASSWORD", "66668888")]
    workflow.undo(workspace)
    assert said(workspace) == [("PASSWORD", "88888888")]


def test_an_answer_stays_private_when_its_question_is_deleted(
    workspace: Workspace, write_chat: WriteChat
) -> None:
    path = write_chat([(0, "阿橙", "wifi密码多少"), (1, "小满", "88888888"), (2, "阿橙", "好嘟~")])
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    (held,) = iter_conversations(workspace, ConversationFilter())
    action = {
        "n": 1,
        "type": "delete_message",
        "id": held.id,
        "version": held.version,
        "message": held.messages[0].id,
        "deleted": True,
    }
    assert workflow.commit_actions(workspace, "tab", [action]).refused == ()
    settings = workflow.load_settings(workspace)
    workflow.save_settings(workspace, replace(settings, thresholds={"EMAIL_ADDRESS": 0.9}))
    assert workflow.scan_findings(workspace) == 3
    assert said(workspace) == [("PASSWORD", "88888888")]
