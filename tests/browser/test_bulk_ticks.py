"""Rows ticked in the table of a real browser: the bar, acting at once, undo with one click."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from curation import workflow
from curation.model import ConversationFilter, Status
from tests.browser.conftest import Server, as_new
from tests.browser.review_seed import seed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("ticks")
    seed(folder / "workspace.db", plain_ones=6)
    running = Server(folder / "workspace.db", folder / "log.txt")
    running.start()
    yield running
    running.kill()


def counts(server: Server) -> dict[Status, int]:
    workspace = workflow.open_workspace(server.workspace)
    found = workflow.count_by_status(workspace)
    workspace.close()
    return {status: count for status, count in found.items() if count}


def tick(page: Page, row: int) -> None:
    """Tick a row of the table, counted from 0."""
    page.locator("tbody tr").nth(row).locator("input").click()


@pytest.mark.parametrize("width", [1280, 390])
def test_bulk_with_undo(tab: Page, server: Server, width: int) -> None:
    as_new(tab, server, width=width, height=900)
    tab.goto(f"{server.url}/table")
    expect(tab.get_by_text("勾选行可批量操作")).to_be_visible()
    tick(tab, 0)
    expect(tab.get_by_text("已选 1 段")).to_be_visible()
    tick(tab, 2)
    expect(tab.get_by_text("已选 2 段")).to_be_visible()

    tab.locator(".st-key-bulk-approved button").click()
    expect(tab.get_by_text("已通过：2 段对话")).to_be_visible()
    assert counts(server) == {Status.APPROVED: 2, Status.PENDING: 4}

    tab.locator(".st-key-bulk-undo button").click()
    expect(tab.get_by_text("已撤销：状态")).to_be_visible()
    assert counts(server) == {Status.PENDING: 6}


def test_a_tick_does_not_move_to_another_row_when_rows_go_elsewhere(
    tab: Page, server: Server
) -> None:
    as_new(tab, server, width=1280, height=900)
    tab.goto(f"{server.url}/table?status=pending")
    expect(tab.get_by_text("勾选行可批量操作")).to_be_visible()
    tick(tab, 0)
    expect(tab.get_by_text("已选 1 段")).to_be_visible()
    workspace = workflow.open_workspace(server.workspace)  # another tab
    first = workflow.conversation_page(workspace, ConversationFilter(), page_size=1).rows
    workflow.set_status(workspace, [int(first["id"][0])], Status.REJECTED)
    workspace.close()
    tab.locator(".st-key-bulk-approved button").click()
    expect(tab.get_by_text("被别处改过")).to_be_visible()
    assert counts(server) == {Status.REJECTED: 1, Status.PENDING: 5}
