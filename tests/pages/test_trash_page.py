"""The trash page: what it shows, how it is searched, bringing back one, several and all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import ConversationFilter, Status
from curation.store import iter_conversations
from curation.ui.state import Keys
from curation.workflow import TrashFilter, TrashKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]

MOTHER = ConversationFilter(chats=("妈妈",))


@pytest.fixture
def dropped(sample: Workspace) -> int:
    """Reject all conversations with 妈妈, delete one message of 阿橙; return how many things."""
    count = workflow.set_status(sample, MOTHER, Status.REJECTED)
    first = next(iter_conversations(sample, ConversationFilter(chats=("阿橙",))))
    action = {"n": 1, "type": "delete_message", "id": first.id, "version": first.version}
    message = {"message": first.messages[0].id, "deleted": True}
    assert not workflow.commit_actions(sample, "tab", [{**action, **message}]).refused
    return count + 1


def in_trash(workspace: Workspace, flt: TrashFilter | None = None) -> int:
    return workflow.trash_page(workspace, flt or TrashFilter()).total


def said(at: AppTest) -> str:
    words = [each.value for each in (*at.markdown, *at.caption, *at.subheader, *at.toast)]
    return "\n".join(words).replace("\\", "").replace("\u200b", "")


def html(at: AppTest) -> str:
    return "".join(str(getattr(each, "body", "")) for each in at.get("html"))


def press(at: AppTest, key: str) -> AppTest:
    done = at.button(key=key).click().run()
    assert not done.exception
    return done


def ids(workspace: Workspace) -> list[int]:
    return [thing.id for thing in workflow.trash_page(workspace, TrashFilter()).things]


def test_an_empty_trash_says_what_comes_here(sample: Workspace, open_page: OpenPage) -> None:
    at = open_page("trash").run()
    assert "回收站是空的" in said(at)
    assert "trash-all" not in {each.key for each in at.button}


def test_what_was_dropped_is_shown_with_its_text_and_why(
    sample: Workspace, dropped: int, open_page: OpenPage
) -> None:
    at = open_page("trash").run()
    assert not at.exception
    assert f"**{dropped} 项**" in said(at)
    message = workflow.trash_page(sample, TrashFilter(kind=TrashKind.MESSAGES)).things[0]
    assert message.text in html(at)
    assert f"一次 {dropped - 1} 段对话" in said(at)


@pytest.mark.parametrize(
    ("change", "flt"),
    [
        pytest.param(
            lambda at: at.segmented_control(key=Keys.TRASH_KIND).set_value(TrashKind.MESSAGES),
            TrashFilter(kind=TrashKind.MESSAGES),
            id="messages",
        ),
        pytest.param(
            lambda at: at.text_input(key=Keys.TRASH_TEXT).set_value("妈"),
            TrashFilter(text="妈"),
            id="words",
        ),
        pytest.param(
            lambda at: at.multiselect(key=Keys.TRASH_CHATS).set_value(["阿橙"]),
            TrashFilter(chats=("阿橙",)),
            id="chat",
        ),
    ],
)
def test_the_trash_is_filtered(
    sample: Workspace,
    dropped: int,
    open_page: OpenPage,
    change: Callable[[AppTest], object],
    flt: TrashFilter,
) -> None:
    at = open_page("trash").run()
    change(at)
    at.run()
    assert 0 < in_trash(sample, flt) < dropped
    assert f"**{in_trash(sample, flt)} 项**" in said(at)


def test_one_thing_is_brought_back_at_once_and_undone_with_its_own_button(
    sample: Workspace, dropped: int, open_page: OpenPage
) -> None:
    at = open_page("trash").run()
    press(at, f"restore-{ids(sample)[0]}")
    assert in_trash(sample) == dropped - 1
    assert "已恢复：1 条消息" in said(at)
    press(at, "trash-undo")
    assert in_trash(sample) == dropped
    assert "已撤销：从回收站恢复" in said(at)


def test_what_was_undone_otherwise_is_no_longer_said_to_have_come_back(
    sample: Workspace, dropped: int, open_page: OpenPage
) -> None:
    at = open_page("trash").run()
    press(at, f"restore-{ids(sample)[0]}")
    press(at, "undo")
    assert in_trash(sample) == dropped
    assert "已恢复" not in said(at)
    assert "trash-undo" not in {each.key for each in at.button}


def test_ticked_things_are_brought_back_together(
    sample: Workspace, dropped: int, open_page: OpenPage
) -> None:
    at = open_page("trash").run()
    for box in at.checkbox[:3]:
        box.check()
    at.run()
    press(at, "trash-chosen")
    assert in_trash(sample) == dropped - 3
    assert "已恢复：2 段对话，1 条消息" in said(at)
    assert not any(box.value for box in at.checkbox)


def test_all_of_a_search_are_asked_about_and_brought_back(
    sample: Workspace, dropped: int, open_page: OpenPage
) -> None:
    at = open_page("trash").run()
    at.segmented_control(key=Keys.TRASH_KIND).set_value(TrashKind.CONVERSATIONS).run()
    press(at, "trash-all")
    assert f"恢复这 {dropped - 1} 项？" in said(at)
    assert in_trash(sample) == dropped, "only asked so far"
    press(at, "trash-no")
    press(press(at, "trash-all"), "trash-yes")
    assert in_trash(sample) == 1
    assert workflow.count_by_status(sample, MOTHER)[Status.PENDING] == dropped - 1


def test_chat_text_is_never_interpreted(
    sample: Workspace, dropped: int, open_page: OpenPage
) -> None:
    nasty = "<img src=x onerror=alert(1)> **b** $x$ :red[x]"
    first = next(iter_conversations(sample, ConversationFilter(chats=("阿橙",))))
    edit = {"n": 2, "type": "edit_message", "id": first.id, "version": first.version}
    message = {"message": first.messages[0].id, "text": nasty}
    assert not workflow.commit_actions(sample, "tab", [{**edit, **message}]).refused
    at = open_page("trash").run()
    assert "&lt;img src=x" in html(at)
    assert "<img" not in html(at)
