"""Who the chats and the persona name is found; added names are searched where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import ConversationFilter, Persona
from curation.store import iter_conversations, put_setting

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workflow.conftest import WriteChat

FIRST = [
    (0, "阿橙", "苏禾禾今天来吗"),
    (1, "小满", "来呀，禾禾说七点"),
    (300, "阿橙", "号码13812345678记一下"),
    (301, "小满", "好"),
    (600, "阿橙", "小苏胖了哈哈"),
    (601, "小满", "真的"),
    (900, "阿橙", "he_1990这个号是谁"),
    (901, "小满", "不知道"),
]
CONTACTS = "\ufeffUserName,Alias,Remark,NickName\nwxid_demo77,he_1990,苏禾禾,Suhe\n"


@pytest.fixture
def contacts(tmp_path: Path) -> Path:
    path = tmp_path / "contacts.csv"
    path.write_text(CONTACTS, encoding="utf-8")
    return path


def found(workspace: workflow.Workspace) -> list[tuple[str, str, str]]:
    return [
        (finding.entity, message.text[finding.start : finding.end], finding.why)
        for each in iter_conversations(workspace, ConversationFilter())
        for message in each.messages
        for finding in message.findings
    ]


def brought(workspace: workflow.Workspace, write_chat: WriteChat) -> None:
    path = write_chat(FIRST)
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)


def test_people_of_the_contacts_are_found_with_their_forms_and_ids(
    workspace: workflow.Workspace, write_chat: WriteChat, contacts: Path
) -> None:
    brought(workspace, write_chat)
    workflow.import_files(workspace, [contacts])
    workflow.scan_findings(workspace)
    assert {
        ("PERSON", "苏禾禾", "known name"),
        ("PERSON", "禾禾", "short form of a known name"),
        ("PERSON", "小苏", "short form of a known name"),
        ("WECHAT_ID", "he_1990", "known id"),
    } <= set(found(workspace))


def test_names_that_an_import_adds_are_searched_where_they_stand_and_nowhere_else(
    workspace: workflow.Workspace, write_chat: WriteChat, contacts: Path
) -> None:
    brought(workspace, write_chat)
    assert workflow.unscanned_count(workspace) == 0
    workflow.import_files(workspace, [contacts])
    assert workflow.unscanned_count(workspace) == 6, "all but the conversation of the phone"
    assert workflow.scan_findings(workspace) == 6
    in_part = found(workspace)
    put_setting(workspace, "searched_by", "something else")
    assert workflow.scan_findings(workspace) == len(FIRST)
    assert found(workspace) == in_part


def test_a_setting_that_changed_beside_the_names_lets_everything_be_searched(
    workspace: workflow.Workspace, write_chat: WriteChat, contacts: Path
) -> None:
    brought(workspace, write_chat)
    workflow.ignore_terms(workspace, ["13812345678"])
    workflow.import_files(workspace, [contacts])
    assert workflow.unscanned_count(workspace) == len(FIRST)


def test_the_personas_own_name_is_found_and_forgotten_with_it(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    path = write_chat([(0, "阿橙", "谭小棉在吗"), (1, "我是我", "棉棉不在")])
    workflow.import_files(workspace, [path], me={path: "我是我"})
    workflow.save_persona(workspace, Persona(name="谭小棉"))
    workflow.scan_findings(workspace)
    assert {text for _entity, text, why in found(workspace) if "known" in why} == {"谭小棉", "棉棉"}
    workflow.save_persona(workspace, Persona())
    workflow.scan_findings(workspace)
    assert not [text for _entity, text, why in found(workspace) if "known" in why]


def test_what_an_export_is_called_after_its_app_is_nobodys_name(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    for name in ("WhatsApp", "line", "_chat", "苏禾禾"):
        path = write_chat([(0, "阿橙", "WhatsApp 和 line 都行"), (1, "小满", "嗯")], name)
        workflow.import_files(workspace, [path], me={path: "小满"})
    assert set(workflow.known_names(workspace)) == {"阿橙", "小满", "苏禾禾"}
