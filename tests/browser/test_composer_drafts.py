"""The composer in a real browser: typed by keys, there after a reload, kept as a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from curation import workflow
from curation.model import ConversationFilter, Side
from tests.browser.conftest import Server, as_new, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("composer"), lambda _: None) as running:
        yield running


@pytest.fixture
def page(server: Server, tab: Page) -> Page:
    as_new(tab, server, width=1280, height=1200)
    go(tab, server)
    return tab


def go(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/writing")
    expect(box(page)).to_be_visible()


def box(page: Page) -> Locator:
    return page.locator(".composer textarea")


def rows(page: Page) -> Locator:
    return page.locator(".composer .row")


def test_a_conversation_is_typed_by_keys_survives_a_reload_and_is_kept(
    server: Server, page: Page
) -> None:
    box(page).fill("周末干嘛 <b>x</b>")
    box(page).press("Enter")
    box(page).press("Enter")  # nothing typed: the other side's turn
    expect(page.locator(".turn")).to_have_text("Me")
    box(page).press_sequentially("躺着")
    box(page).press("Enter")
    box(page).press_sequentially("你呢还没写")
    expect(page.locator(".kept")).to_have_text("Draft kept")

    go(page, server)
    expect(rows(page)).to_have_count(2)
    expect(rows(page).nth(0)).to_contain_text("<b>x</b>")
    expect(box(page)).to_have_value("你呢还没写")
    expect(page.locator(".turn")).to_have_text("Me")

    box(page).fill("")
    box(page).press("ArrowUp")
    expect(box(page)).to_have_value("躺着")
    box(page).fill("躺着哈哈")
    box(page).press("Control+Enter")
    expect(rows(page)).to_have_count(0)
    expect(box(page)).to_have_value("")
    expect(box(page)).to_be_focused()

    workspace = workflow.open_workspace(server.workspace)
    (record,) = workflow.review_window(workspace, ConversationFilter()).records
    assert [(each.side, each.text) for each in record.conversation.messages] == [
        (Side.OTHER, "周末干嘛 <b>x</b>"),
        (Side.ME, "躺着哈哈"),
    ]
    workspace.close()
    go(page, server)
    expect(rows(page)).to_have_count(0)
