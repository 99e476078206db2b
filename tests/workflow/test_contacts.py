"""A list of contacts holds no messages: it brings names and harms no import."""

from __future__ import annotations

import json
from pathlib import Path

from curation import workflow

GOLDEN = Path(__file__).parent.parent / "importers" / "golden"
CONTACTS = GOLDEN / "wechat_contacts" / "contacts.csv"
CHAT = GOLDEN / "weflow_json_old" / "林小满.json"


def test_contacts_alone_bring_names_and_nothing_else(workspace: workflow.Workspace) -> None:
    report = workflow.import_files(workspace, [CONTACTS])
    assert [(file.messages, file.added) for file in report.files] == [(0, 0)]
    assert report.conversations_added == 0
    assert {"林小满", "满满", "小周"} <= set(workflow.known_names(workspace))


def test_contacts_beside_a_chat_change_nothing_of_it(workspace: workflow.Workspace) -> None:
    report = workflow.import_files(workspace, [CONTACTS, CHAT, CONTACTS])
    assert [file.messages for file in report.files] == [0, 8, 0]
    assert report.added == 8
    again = workflow.import_files(workspace, [CHAT, CONTACTS])
    assert again.added == 0


def test_the_preview_of_contacts_asks_nothing() -> None:
    (preview,) = workflow.preview_files([CONTACTS])
    assert preview.error is None
    assert (preview.message_count, preview.participants, preview.me_known) == (0, (), True)
    assert preview.first_time is None


def test_users_of_pywxdump_opened_alone_are_contacts(tmp_path: Path) -> None:
    users = tmp_path / "users.json"
    person = {"wxid": "wxid_demo01", "nickname": "满满", "remark": "林小满"}
    users.write_text(json.dumps({"wxid_demo01": person}), encoding="utf-8")
    (preview,) = workflow.preview_files([users])
    assert (preview.error, preview.format) == (None, "WeChat contacts")
