"""A bare value that answers the other side's question is found, and only then."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.export_options import ExportOptions
from curation.model import ConversationFilter, Status
from curation.store import iter_conversations
from curation.store.trash import TrashFilter
from curation.workflow import SplitAgain

if TYPE_CHECKING:
    from pathlib import Path

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
        ("几点到", ["48291375"], []),
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


def _doing(workspace: Workspace, name: str, **values: object) -> None:
    (held,) = iter_conversations(workspace, ConversationFilter())
    action = {"n": 1, "type": name, "id": held.id, "version": held.version, **values}
    assert workflow.commit_actions(workspace, f"tab {held.version}", [action]).refused == ()


def _talk(workspace: Workspace, write_chat: WriteChat, *lines: tuple[str, str]) -> list[int]:
    """Import what was said one after the other; return the ids of the messages."""
    path = write_chat([(at, sender, text) for at, (sender, text) in enumerate(lines)])
    workflow.import_files(workspace, [path], me={path: "小满"})
    (held,) = iter_conversations(workspace, ConversationFilter())
    return [each.id for each in held.messages]


ASKED, ANSWERED = ("阿橙", "你家wifi密码多少"), ("小满", "48291375")
FOUND = [("PASSWORD", "48291375")]
BETWEEN = [
    ("小满", "啊"),
    *[("阿橙", text) for text in ("在吗", "喂", "吃了没", "今天好冷", "我刚下班", "哈哈哈")],
    ("小满", "刚看到"),
]
"""So much lies between a question and its answer that neither is read with the other."""


def test_a_question_that_is_added_makes_its_answer_private(
    workspace: Workspace, write_chat: WriteChat
) -> None:
    _first, answer = _talk(workspace, write_chat, ("阿橙", "在"), ANSWERED)
    workflow.scan_findings(workspace)
    assert said(workspace) == []
    _doing(workspace, "add_message", side="other", text=ASKED[1], before=answer)
    assert said(workspace) == FOUND
    workflow.undo(workspace)
    assert said(workspace) == []


def test_what_is_deleted_between_a_question_and_its_answer_brings_them_together(
    workspace: Workspace, write_chat: WriteChat
) -> None:
    _asked, *numbers, _answer = _talk(workspace, write_chat, ASKED, *BETWEEN, ANSWERED)
    workflow.scan_findings(workspace)
    assert said(workspace) == []
    _doing(workspace, "delete_message", message=numbers[0], deleted=True)
    assert said(workspace) == []
    _doing(workspace, "delete_messages", messages=numbers[1:], deleted=True)
    assert said(workspace) == FOUND


def test_an_answer_in_the_trash_is_found_and_comes_back_private(
    workspace: Workspace, write_chat: WriteChat
) -> None:
    _asked, answer, _rest = _talk(workspace, write_chat, ASKED, ANSWERED, ("阿橙", "好嘟~"))
    _doing(workspace, "delete_message", message=answer, deleted=True)
    workflow.scan_findings(workspace)
    _doing(workspace, "delete_message", message=answer, deleted=False)
    assert said(workspace) == FOUND


def test_a_question_that_comes_back_from_the_trash_is_read_with_its_answer(
    workspace: Workspace, write_chat: WriteChat
) -> None:
    asked, *others, _answer = _talk(workspace, write_chat, ASKED, *BETWEEN, ANSWERED)
    _doing(workspace, "delete_messages", messages=[asked, *others], deleted=True)
    workflow.scan_findings(workspace)
    assert said(workspace) == []
    page = workflow.trash_page(workspace, TrashFilter())
    workflow.restore(workspace, [each.id for each in page.things if each.message_id == asked])
    assert said(workspace) == FOUND


@pytest.mark.parametrize(
    ("asked", "answer", "joined"),
    [
        ("你家wifi密码多少", "qwe12345", False),
        ("你家wifi密码多少\n我连不上", "qwe12345", False),
        ("你家wifi密码多少", "等下\n我找找\nqwe12345", False),
        ("嗯", "qwe12345", True),
        ("你家wifi密码多少\n我连不上", "等下\n我找找", True),
    ],
)
def test_conversations_are_not_joined_where_that_makes_an_answer_private(
    workspace: Workspace,
    write_chat: WriteChat,
    tmp_path: Path,
    asked: str,
    answer: str,
    *,
    joined: bool,
) -> None:
    lines = [(0, "阿橙", "早"), (1, "小满", asked), (61, "阿橙", answer), (62, "小满", "好")]
    workflow.save_settings(workspace, workflow.Settings(gap_mode="fixed", gap_minutes=30))
    path = write_chat(lines)
    workflow.import_files(workspace, [path], me={path: "小满"})
    ids = [each.id for each in iter_conversations(workspace, ConversationFilter())]
    workflow.set_status(workspace, ids, Status.APPROVED)
    workflow.export_dataset(workspace, tmp_path / "out", ExportOptions(join_minutes=90))
    written = json.loads((tmp_path / "out" / "sharegpt.json").read_text(encoding="utf-8"))
    held = [[turn["value"] for turn in each["conversations"]] for each in written]
    first, second = ["早", asked], [answer, "好"]
    assert held == ([[*first, *second]] if joined else [first, second])


@pytest.mark.parametrize("asked", ["你家wifi密码多少", "你家wifi密码多少\n我连不上"])
@pytest.mark.parametrize("recorded", [False, True])
def test_splitting_again_reads_an_answer_with_the_question_that_it_brings_to_it(
    workspace: Workspace, write_chat: WriteChat, asked: str, *, recorded: bool
) -> None:
    usual = workflow.Settings(gap_mode="fixed", gap_minutes=30)
    workflow.save_settings(workspace, usual)
    lines = [(0, "阿橙", "早"), (1, "小满", asked), (61, "阿橙", "嗯\n哈哈")]
    path = write_chat([*lines, (62, "阿橙", ANSWERED[1]), (63, "小满", "好")])
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    assert said(workspace) == []
    ids = [each.id for each in iter_conversations(workspace, ConversationFilter())]
    assert len(ids) == len(lines) - 1
    workflow.save_settings(workspace, replace(usual, gap_minutes=90))
    if recorded:
        plan = workflow.plan_bulk(workspace, ids, SplitAgain(90))
        workflow.do_bulk(workspace, plan)
    else:
        workflow.resplit(workspace)
    workflow.scan_findings(workspace)
    assert said(workspace) == FOUND
    if recorded:
        workflow.undo(workspace)
        assert said(workspace) == FOUND
