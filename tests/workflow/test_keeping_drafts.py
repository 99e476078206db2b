"""What a screen sends while somebody types, and what becomes of it."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

from curation import workflow
from curation.model import ConversationFilter, Status
from curation.store import load_conversations
from curation.ui.components.drafts import read_drafts

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workflow.conftest import WriteChat

TYPED = "还没写完的悄悄话"


@pytest.fixture
def talk(workspace: workflow.Workspace, write_chat: WriteChat) -> workflow.Workspace:
    lines = [(0, "阿橙", "在吗"), (1, "小满", "在呀~"), (200, "阿橙", "早"), (201, "小满", "早")]
    path = write_chat(lines)
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    return workspace


def typed(text: str | None, **fields: Any) -> dict[str, Any]:
    usual = {
        "conversation": 1,
        "field": "edit",
        "message": 2,
        "anchor": 1,
        "base": "在呀~",
        "at": 7,
    }
    return {**usual, "text": text, **fields}


def shown(workspace: workflow.Workspace) -> list[str]:
    window = workflow.review_window(workspace, ConversationFilter())
    return [draft.text for record in window.records for draft in record.drafts]


def test_a_draft_comes_with_its_conversation(talk: workflow.Workspace) -> None:
    workflow.save_drafts(talk, [typed(TYPED)])
    window = workflow.review_window(talk, ConversationFilter())
    assert [[draft.text for draft in record.drafts] for record in window.records] == [[TYPED], []]
    assert workflow.journal_page(talk).lines[0].action == "import"
    assert load_conversations(talk, [1])[0].version == 1
    workflow.save_drafts(talk, [typed(None)])
    assert shown(talk) == []


@pytest.mark.parametrize(
    ("field", "message", "action"),
    [
        pytest.param("edit", 2, {"type": "edit_message", "message": 2}, id="an edit"),
        pytest.param("add", None, {"type": "add_message", "side": "me", "before": None}, id="new"),
        pytest.param("background", None, {"type": "set_background"}, id="background"),
        pytest.param(
            "background", 2, {"type": "set_message_background", "message": 2.0}, id="of a message"
        ),
    ],
)
def test_saving_forgets_the_draft_and_a_refusal_keeps_it(
    talk: workflow.Workspace, field: str, message: int | None, action: dict[str, Any]
) -> None:
    workflow.save_drafts(talk, [typed(TYPED, field=field, message=message)])
    sent = {"n": 1, "id": 1, "version": 9, "text": TYPED, **action}
    assert workflow.commit_actions(talk, "c", [sent]).refused
    assert shown(talk) == [TYPED]
    assert not workflow.commit_actions(talk, "d", [{**sent, "version": 1}]).refused
    assert shown(talk) == []


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param({"field": "status"}, id="a field that is none"),
        pytest.param({"conversation": "1"}, id="no number"),
        pytest.param({"conversation": float("inf")}, id="endless"),
        pytest.param({"message": 2.5}, id="half a message"),
        pytest.param({"text": 5}, id="no text"),
        pytest.param({"text": "哈" * 200_001}, id="endless text"),
        pytest.param({"base": None}, id="no base"),
        pytest.param({"at": 1e300}, id="no time"),
        pytest.param({"conversation": 999, "message": 999}, id="nothing it belongs to"),
    ],
)
def test_what_is_no_draft_is_passed_over(talk: workflow.Workspace, bad: dict[str, Any]) -> None:
    workflow.save_drafts(talk, [{**typed("坏的"), **bad}, typed(TYPED)])
    assert shown(talk) == [TYPED]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("  缩进\n\n末尾空行\n", "  缩进\n\n末尾空行\n", id="blanks stay"),
        pytest.param("[捂脸]~~(｡•́︿•̀｡)👨‍👩‍👧", "[捂脸]~~(｡•́︿•̀｡)👨‍👩‍👧", id="kaomoji stay"),
        pytest.param("半个\ud83d", "半个", id="half a character"),
        pytest.param("零\0零", "零零", id="a zero character"),
    ],
)
def test_a_draft_is_kept_as_it_was_typed(talk: workflow.Workspace, text: str, kept: str) -> None:
    workflow.save_drafts(talk, [typed(text)])
    assert shown(talk) == [kept]


def test_a_draft_is_neither_exported_nor_told_to_a_log(
    talk: workflow.Workspace, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fields = [("edit", 2), ("add", None), ("background", None), ("note", None), ("background", 1)]
    workflow.save_drafts(
        talk, [typed(TYPED, field=field, message=message) for field, message in fields]
    )
    assert shown(talk) == [TYPED] * len(fields)
    workflow.set_status(talk, ConversationFilter(), Status.APPROVED)
    workflow.export_dataset(talk, tmp_path / "out")
    written = [path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir()]
    assert len(written) >= 3
    assert not any(TYPED in text or json.dumps(TYPED)[1:-1] in text for text in written)
    assert TYPED not in caplog.text
    assert shown(talk) == [TYPED] * len(fields)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"client": "", "n": 1, "drafts": []},
        {"client": "c", "n": "1", "drafts": []},
        {"client": "c", "n": 1.5, "drafts": []},
        {"client": "c", "n": 1, "drafts": [5]},
    ],
)
def test_what_is_no_message_of_the_line_is_none(value: object) -> None:
    assert read_drafts(value) is None


def test_a_message_of_the_line_is_read() -> None:
    message = read_drafts({"client": "c", "n": 3.0, "drafts": [{"text": "好"}]})
    assert message is not None
    assert (message.client, message.number, message.drafts) == ("c", 3, ({"text": "好"},))
