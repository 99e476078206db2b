"""Another tool's export of a chat adds only what is new, whatever it calls the chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import Conversation, ConversationFilter, Side
from curation.store import iter_conversations

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workflow.conftest import Line, WriteChat

TALK: list[Line] = [
    (0, "阿橙", "周末去爬山吗"),
    (1, "小满", "去呀去呀"),
    (2, "阿橙", "那八点东门见"),
    (90, "小满", "我到了你人呢"),
    (91, "阿橙", "堵在路上了"),
]


def bring(workspace: workflow.Workspace, *paths: Path) -> workflow.ImportReport:
    return workflow.import_files(workspace, paths, me=dict.fromkeys(paths, "小满"))


def everything(workspace: workflow.Workspace) -> list[Conversation]:
    return list(iter_conversations(workspace, ConversationFilter()))


def sides(workspace: workflow.Workspace) -> list[tuple[Side, str]]:
    return [(m.side, m.text) for each in everything(workspace) for m in each.messages]


@pytest.mark.parametrize("first_id", [500, None], ids=["other ids", "no ids"])
@pytest.mark.parametrize("turned", [False, True], ids=["as they came", "the other way round"])
def test_another_tools_file_adds_only_what_is_new(
    workspace: workflow.Workspace,
    write_chat: WriteChat,
    write_chatlab: WriteChat,
    first_id: int | None,
    *,
    turned: bool,
) -> None:
    one, other = write_chat(TALK), write_chatlab([*TALK, (92, "小满", "慢慢来")], first_id=first_id)
    if turned:
        bring(workspace, other)
        assert bring(workspace, one).added == 0
    else:
        bring(workspace, one)
        assert bring(workspace, other).added == 1
    assert len(workflow.chats(workspace)) == 1
    assert [text for _side, text in sides(workspace)] == [text for _at, _who, text in TALK] + [
        "慢慢来"
    ]
    for path in (one, other):
        assert bring(workspace, path).added == 0


def test_two_tools_files_at_once_are_one_chat(
    workspace: workflow.Workspace, write_chat: WriteChat, write_chatlab: WriteChat
) -> None:
    report = bring(workspace, write_chat(TALK), write_chatlab(TALK))
    assert [file.added for file in report.files] == [5, 0]
    assert len(workflow.chats(workspace)) == 1


def test_a_newer_file_of_the_first_tool_knows_what_the_second_brought(
    workspace: workflow.Workspace, write_chat: WriteChat, write_chatlab: WriteChat
) -> None:
    more: list[Line] = [*TALK, (92, "小满", "慢慢来")]
    bring(workspace, write_chat(TALK))
    bring(workspace, write_chatlab(more))
    assert bring(workspace, write_chat([*more, (93, "阿橙", "到了")])).added == 1


def test_a_greeting_sent_to_everybody_does_not_make_two_chats_one(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    wishes: list[Line] = [(n * 9000, "小满", f"第{n}年新年快乐") for n in range(3)]
    for name in ("阿橙", "林哥"):
        own: list[Line] = [(n * 600 + 300, name, f"{name}说的第{n}句话") for n in range(30)]
        bring(workspace, write_chat(sorted([*wishes, *own]), name))
    assert workflow.chats(workspace) == ["林哥", "阿橙"]


def test_a_group_is_found_by_its_account_under_a_new_name(
    workspace: workflow.Workspace, write_chatlab: WriteChat
) -> None:
    three: list[Line] = [*TALK, (92, "老陈", "我也来")]
    bring(workspace, write_chatlab(three, "山友", group=True, account="1@chatroom"))
    later: list[Line] = [(9000, "老陈", "散了吧")]
    bring(workspace, write_chatlab(later, "前山友", group=True, account="1@chatroom"))
    assert workflow.chats(workspace) == ["山友"]
    assert workflow.chat_overview(workspace)[0].account == "1@chatroom"


def test_two_groups_of_one_name_stay_two(
    workspace: workflow.Workspace, write_chatlab: WriteChat
) -> None:
    bring(workspace, write_chatlab(TALK, "山友", group=True, account="1@chatroom"))
    other: list[Line] = [(minute + 7, who, f"另外{text}") for minute, who, text in TALK]
    path = write_chatlab(other, "山友", group=True, account="2@chatroom")
    bring(workspace, path)
    assert workflow.chats(workspace) == ["山友", "山友 (2)"]
    assert bring(workspace, path).added == 0


def test_who_is_me_is_what_was_said_before(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    path = write_chat(TALK)
    bring(workspace, path)
    before = sides(workspace)
    assert workflow.import_files(workspace, [path], me={path: "阿橙"}).added == 0
    assert sides(workspace) == before


@pytest.mark.parametrize("again", ["same tool", "another tool"])
def test_a_file_read_again_after_the_sides_changed_places_adds_nothing(
    workspace: workflow.Workspace, write_chat: WriteChat, write_chatlab: WriteChat, again: str
) -> None:
    path = write_chat(TALK)
    bring(workspace, path)
    (chat,) = workflow.chat_overview(workspace)
    workflow.set_me(workspace, chat.id, "阿橙")
    turned = sides(workspace)
    assert turned[:2] == [(Side.ME, TALK[0][2]), (Side.OTHER, TALK[1][2])]
    more: list[Line] = [*TALK, (92, "小满", "慢慢来")]
    newer = write_chat(more) if again == "same tool" else write_chatlab(more)
    assert bring(workspace, newer).added == 1
    assert sides(workspace) == [*turned, (Side.OTHER, "慢慢来")]
    assert workflow.undo(workspace) == "set_me"
    assert sides(workspace)[-1] == (Side.ME, "慢慢来")
    assert bring(workspace, newer).added == 0


def test_records_read_again_after_the_sides_changed_places_add_nothing(
    workspace: workflow.Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "records.json"
    path.write_text(
        '[{"conversations": [{"from": "human", "value": "在吗"}, {"from": "gpt", "value": "在"}]}]',
        encoding="utf-8",
    )
    workflow.import_files(workspace, [path])
    (chat,) = workflow.chat_overview(workspace)
    (other,) = [each for each in chat.speakers if not each.is_me]
    workflow.set_me(workspace, chat.id, other.key)
    assert workflow.import_files(workspace, [path]).added == 0
    assert [side for side, _text in sides(workspace)] == [Side.ME, Side.OTHER]
