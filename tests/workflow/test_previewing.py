"""The record a person looks at is the record that the export writes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from curation import workflow
from curation.errors import ActionRefusedError
from curation.model import ConversationFilter, Persona, Replacement, Status

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workflow.conftest import WriteChat

LINES = [
    (0, "阿橙", "我换号了 13812345678"),
    (1, "阿橙", "旧的不用了(｡•́︿•̀｡)"),
    (2, "小满", "好~ 记下了"),
    (200, "阿橙", "邮箱 orange@163.com"),
    (201, "小满", "收到！！！[旺柴]"),
    (400, "小满", "在吗"),
    (600, "阿橙", "在吗在吗"),
    (800, "阿橙", "哈哈哈哈" * 30),
    (801, "小满", "嗯" * 900),
]


@pytest.fixture
def talk(workspace: workflow.Workspace, write_chat: WriteChat) -> workflow.Workspace:
    """Conversations 1 and 2 have two turns, 3 is only mine, 4 only the other's, 5 is long."""
    path = write_chat(LINES)
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    workflow.save_persona(workspace, Persona(name="小满", relations={"阿橙": "老同学"}))
    return workspace


def act(workspace: workflow.Workspace, **action: object) -> None:
    ack = workflow.commit_actions(workspace, "c", [{"n": 1, "id": 1, "version": 1, **action}])
    assert not ack.refused


@pytest.mark.parametrize("way", list(Replacement))
def test_what_is_shown_is_what_the_file_holds(
    talk: workflow.Workspace, tmp_path: Path, way: Replacement
) -> None:
    settings = workflow.load_settings(talk)
    changed = {"PHONE_NUMBER": way, "EMAIL_ADDRESS": way}
    workflow.save_settings(
        talk, workflow.Settings(**{**_fields(settings), "replacements": changed})
    )
    act(talk, type="set_background", text="阿橙刚搬到新城市，号码 13900001111")
    previews = [workflow.preview_record(talk, number) for number in range(1, 6)]
    workflow.set_status(talk, ConversationFilter(), Status.APPROVED)
    workflow.export_dataset(talk, tmp_path / "out")
    written = json.loads((tmp_path / "out" / "sharegpt.json").read_text(encoding="utf-8"))
    shown = [
        {
            "conversations": [{"from": role, "value": text} for role, text in each.turns],
            "system": each.system,
            "tools": "[]",
        }
        for each in previews
        if each.turns
    ]
    assert shown == written
    assert len(shown) >= 2


def _fields(settings: workflow.Settings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in settings.__dataclass_fields__}


def test_what_gives_no_record_says_why(talk: workflow.Workspace) -> None:
    reasons = [workflow.preview_record(talk, number).reason for number in (3, 4)]
    assert reasons == ["only_me", "only_other"]
    assert not workflow.preview_record(talk, 3).turns


def test_the_length_is_told_and_what_a_trainer_would_cut(talk: workflow.Workspace) -> None:
    short, long = (workflow.preview_record(talk, number) for number in (1, 5))
    assert 0 < short.said < short.tokens
    assert not short.too_long
    assert long.said > 700
    limited = workflow.load_settings(talk)
    workflow.save_settings(talk, workflow.Settings(**{**_fields(limited), "length_limit": 500}))
    assert workflow.preview_record(talk, 5).too_long
    workflow.save_settings(talk, workflow.Settings(**{**_fields(limited), "length_limit": 0}))
    assert not workflow.preview_record(talk, 5).too_long


def test_what_was_not_searched_yet_is_searched_before_it_is_shown(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    path = write_chat(LINES)
    workflow.import_files(workspace, [path], me={path: "小满"})
    text = workflow.preview_record(workspace, 1).turns[0][1]
    assert "13812345678" not in text
    assert "〔电话〕" in text


def test_a_conversation_that_is_gone_has_no_record(talk: workflow.Workspace) -> None:
    with pytest.raises(ActionRefusedError):
        workflow.preview_record(talk, 99)
