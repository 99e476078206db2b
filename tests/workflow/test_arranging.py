"""Actions on several messages, as a screen sends them: one line in the history, one undo each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from curation import workflow
from curation.store import load_conversations

if TYPE_CHECKING:
    from curation.model import Message
    from tests.workflow.conftest import WriteChat

LINES = (
    ("阿橙", "家里wifi密码是多少呀"),
    ("小满", "稍等"),
    ("阿橙", "嗯嗯"),
    ("小满", "Qw83xm2026"),
    ("阿橙", "收到~"),
)


@pytest.fixture
def talk(workspace: workflow.Workspace, write_chat: WriteChat) -> workflow.Workspace:
    """Conversations 1 to 3 of five messages each."""
    lines = [
        (hour * 120 + minute, sender, text)
        for hour in range(3)
        for minute, (sender, text) in enumerate(LINES)
    ]
    path = write_chat(lines)
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    return workspace


def messages(workspace: workflow.Workspace, number: int = 1) -> tuple[Message, ...]:
    return load_conversations(workspace, [number])[0].messages


def send(workspace: workflow.Workspace, kind: str, number: int = 1, **more: Any) -> workflow.Ack:
    version = load_conversations(workspace, [number])[0].version
    action = {"n": 1, "type": kind, "id": number, "version": version, **more}
    return workflow.commit_actions(workspace, f"screen {kind}", [action])


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        pytest.param("delete_messages", {"messages": [1, 3], "deleted": True}, id="delete"),
        pytest.param("swap_sides", {"messages": [1, 2, 3]}, id="the other side"),
        pytest.param("tag_messages", {"messages": [2, 4], "emotion": "开心", "on": True}, id="tag"),
        pytest.param("split_off", {"messages": [4, 2]}, id="split off"),
        pytest.param("replace", {"texts": [[1, "密码呢"], [5.0, "好~"]]}, id="replace"),
        pytest.param("merge_next", {}, id="merge with the next"),
    ],
)
def test_one_action_is_one_line_in_the_history_and_one_undo(
    talk: workflow.Workspace, kind: str, more: dict[str, Any]
) -> None:
    before = [each.messages for each in load_conversations(talk, [1, 2, 3])]
    lines = len(workflow.journal_page(talk).lines)
    assert send(talk, kind, **more).refused == ()
    assert [each.messages for each in load_conversations(talk, [1, 2, 3])] != before
    assert len(workflow.journal_page(talk).lines) == lines + 1
    workflow.commit_actions(talk, "c", [{"n": 1, "type": "undo"}])
    assert [each.messages for each in load_conversations(talk, [1, 2, 3])] == before


def test_merging_with_the_one_before_tells_which_one_is_gone(talk: workflow.Workspace) -> None:
    ack = send(talk, "merge_previous", 2)
    assert (ack.refused, ack.gone) == ((), (1,))
    assert [message.text for message in messages(talk, 2)] == [text for _, text in LINES] * 2


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        pytest.param("delete_messages", {"messages": [], "deleted": True}, id="no messages"),
        pytest.param("delete_messages", {"messages": 1, "deleted": True}, id="not a list"),
        pytest.param("delete_messages", {"messages": [1], "deleted": 1}, id="no flag"),
        pytest.param("swap_sides", {"messages": [1, "2"]}, id="an id that is none"),
        pytest.param("swap_sides", {"messages": [6]}, id="of another conversation"),
        pytest.param("tag_messages", {"messages": [1], "emotion": " ", "on": True}, id="no name"),
        pytest.param("split_off", {"messages": [1, 2, 3, 4, 5]}, id="nothing would stay"),
        pytest.param("merge_previous", {}, id="nothing before"),
        pytest.param("replace", {"texts": []}, id="no texts"),
        pytest.param("replace", {"texts": [[1, "好"], [2]]}, id="half a pair"),
        pytest.param("replace", {"texts": [[1, "好"], [2, " "]]}, id="an empty text"),
        pytest.param("replace", {"texts": [[1, "好"], [9, "好"]]}, id="of another conversation"),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    talk: workflow.Workspace, kind: str, more: dict[str, Any]
) -> None:
    before = load_conversations(talk, [1, 2, 3])
    ack = send(talk, kind, **more)
    assert len(str(ack.refused[0].error)) > 10
    assert load_conversations(talk, [1, 2, 3]) == before


def test_what_new_neighbours_make_private_is_found(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    """Eight messages lie between the question and its answer, until they are taken out."""
    between = [
        ("阿橙" if at % 2 else "小满", f"今天{word}") for at, word in enumerate("冷热忙累饿困晴阴")
    ]
    said = [LINES[0], *between, ("小满", "48291375"), LINES[4]]
    path = write_chat([(at, sender, text) for at, (sender, text) in enumerate(said)])
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    assert [each.findings for each in messages(workspace)] == [()] * len(said)
    send(workspace, "split_off", messages=[each.id for each in messages(workspace)[1:9]])
    found = messages(workspace)[1].findings
    assert [(each.entity, each.start, each.end) for each in found] == [("PASSWORD", 0, 8)]


def test_moving_messages_uncovers_nothing(talk: workflow.Workspace) -> None:
    send(talk, "edit_message", message=5, text="号码13800138000")
    (found,) = messages(talk)[4].findings
    send(talk, "decide_finding", finding=found.id, decision="mask", all_equal=False)
    send(talk, "swap_sides", messages=[5])
    send(talk, "split_off", messages=[5])
    part = load_conversations(talk, [4])[0]
    assert [(each.entity, each.decision.value) for each in part.messages[0].findings] == [
        ("PHONE_NUMBER", "mask")
    ]


def test_replaced_texts_are_searched_and_what_was_flagged_stays(talk: workflow.Workspace) -> None:
    send(talk, "flag", message=3, start=0, end=1, text="嗯", entity="PERSON", all_equal=False)
    texts = [[1, "号码13800138000"], [3, "好的嗯"], [5, "收到[OK]~"]]
    assert send(talk, "replace", texts=texts).refused == ()
    found = [
        [(each.entity, message.text[each.start : each.end]) for each in message.findings]
        for message in messages(talk)
    ]
    phone, password = ("PHONE_NUMBER", "13800138000"), ("PASSWORD", "Qw83xm2026")
    assert found == [[phone], [], [("PERSON", "嗯")], [password], []]
    assert messages(talk)[4].text == "收到[OK]~"
    assert [message.edited for message in messages(talk)] == [True, False, True, False, True]
