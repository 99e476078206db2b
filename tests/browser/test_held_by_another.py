"""What somebody else is working on can be read, taken over, and only then changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from curation import workflow
from curation.model import ConversationFilter

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.desk import Desk


def test_keys_change_nothing_of_it_until_it_is_taken_over(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    workspace = workflow.open_workspace(desk.server.workspace).acting_as("<b>阿橙</b>")
    mine = ConversationFilter(chats=(desk.chat,))
    workflow.review_window(workspace, mine, at=desk.stored()[1].id, ahead=0, screen="elsewhere")
    desk.open()
    desk.press("s")
    desk.shows("第3个问题")  # the queue passes over it
    desk.page.goto(f"{desk.url}&at={desk.stored()[1].id}")
    desk.shows("第2个问题")
    held = desk.page.locator(".held")
    expect(held).to_contain_text("<b>阿橙</b>")
    desk.press("a", "2", "e", "b")
    expect(desk.area).to_have_count(0)
    held.get_by_role("button").click()
    expect(held).to_be_hidden()
    desk.press("a")
    desk.saved()
    assert desk.statuses() == "sa" + "p" * 6
    assert desk.stored()[1].emotions == ()
    workspace.close()
