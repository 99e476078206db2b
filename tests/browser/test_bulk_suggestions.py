"""Suggestions of many conversations answered at once in a real browser, and undone with a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from curation import workflow
from curation.model import ConversationFilter
from curation.store.tables import suggestion
from tests.browser.conftest import Server, as_new, served
from tests.browser.review_seed import plain, put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from curation.workflow import Workspace

TAGGED = ConversationFilter(emotion="开心")


def fill(workspace: Workspace) -> None:
    put(workspace, "阿橙", [plain(number) for number in range(5)])
    rows = workflow.conversation_page(workspace, ConversationFilter(), page_size=5).rows
    with workspace.write() as connection:
        for number, score in zip(rows["id"], (0.9, 0.8, 0.4), strict=False):
            connection.execute(
                suggestion.insert().values(
                    conversation_id=int(number),
                    kind="emotion",
                    label="开心",
                    score=score,
                    reason="",
                    model="test",
                    state="open",
                )
            )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("suggested"), fill, "zh") as running:
        yield running


def tagged(server: Server) -> int:
    workspace = workflow.open_workspace(server.workspace)
    found = workflow.count_matching(workspace, TAGGED)
    workspace.close()
    return found


def test_all_of_a_filter_are_accepted_after_their_count_was_told(tab: Page, server: Server) -> None:
    as_new(tab, server, width=1280, height=900)
    tab.goto(f"{server.url}/table?hint=emotion&score=0.5")
    expect(tab.locator("tbody tr")).to_have_count(2)
    tab.locator("[class*=st-key-table-all] label").first.click()
    expect(tab.get_by_text("已选 2 段")).to_be_visible()
    tab.locator(".st-key-bulk-more button").first.click()
    tab.get_by_role("menuitem", name="建议…").click()
    expect(tab.get_by_text("会回答 2 条建议")).to_be_visible()
    assert tagged(server) == 0

    tab.locator(".st-key-bulk-yes button").click()
    expect(tab.locator(".st-key-bulk-undo button")).to_be_visible()
    assert tagged(server) == 2

    tab.locator(".st-key-bulk-undo button").click()
    expect(tab.get_by_text("已撤销")).to_be_visible()
    assert tagged(server) == 0
