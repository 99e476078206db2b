"""Long work in a real browser: stopped by the person, or cut off by a killed server."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from curation import workflow
from curation.model import Status
from tests.browser.conftest import Server, as_new
from tests.browser.desk import LONG_MS, SLOW
from tests.browser.slow_streamlit import HELD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

CONVERSATIONS: Final = 5_000
LINES: Final = 20
START: Final = datetime(2019, 1, 1, 8)  # noqa: DTZ001  (wall-clock time has no zone)


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chat long enough that bringing it in takes a moment."""
    path = tmp_path_factory.mktemp("files") / "阿橙.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("消息ID,类型,发送人,时间,内容\n")
        for number in range(CONVERSATIONS * LINES):
            talk, line = divmod(number, LINES)
            moment = START + timedelta(hours=talk, seconds=9 * line)
            who = ("阿橙", "小满")[line % 2]
            file.write(f"{7 * 10**18 + number},文本,{who},{moment},第{number}句 哈哈\n")
    return path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("long")
    running = Server(folder / "workspace.db", folder / "log.txt", SLOW)
    running.slow(HELD)
    running.start()
    yield running
    running.kill()


@pytest.fixture
def page(server: Server, tab: Page) -> Page:
    server.slow(HELD)
    as_new(tab, server, width=1280, height=900)
    return tab


def counts(server: Server) -> dict[Status, int]:
    workspace = workflow.open_workspace(server.workspace)
    found = workflow.count_by_status(workspace)
    workspace.close()
    return {status: count for status, count in found.items() if count}


def begin_import(page: Page, server: Server, chat: Path) -> None:
    """Choose the chat, answer who is me, and start the import; it is held at its first report."""
    page.goto(server.url)
    page.locator('input[type="file"]').set_input_files(chat)
    page.get_by_role("radiogroup").get_by_text("小满", exact=True).click(timeout=LONG_MS)
    page.get_by_role("button", name="导入 100,000 条消息").click(timeout=LONG_MS)
    expect(page.get_by_test_id("stProgress")).to_be_visible()


def begin_bulk(page: Page, server: Server) -> None:
    """Approve all conversations in the table; that is held at its first report."""
    page.goto(f"{server.url}/table")
    page.get_by_text("选中符合条件的全部 5,000 段").click(timeout=LONG_MS)
    page.locator(".st-key-bulk-approved button").click(timeout=LONG_MS)
    page.locator(".st-key-bulk-yes button").click(timeout=LONG_MS)
    expect(page.get_by_test_id("stProgress")).to_be_visible()


def test_an_import_that_is_stopped_leaves_nothing_and_can_be_begun_again(
    page: Page, server: Server, chat: Path
) -> None:
    begin_import(page, server, chat)
    page.get_by_role("button", name="停止").click()
    expect(page.get_by_text("已停止，没有导入任何内容。")).to_be_visible()
    assert counts(server) == {}
    expect(page.get_by_role("button", name="导入 100,000 条消息")).to_be_enabled()


def test_an_import_cut_off_by_a_killed_server_leaves_all_or_nothing(
    page: Page, server: Server, chat: Path
) -> None:
    begin_import(page, server, chat)
    expect(page.get_by_test_id("stProgress")).to_contain_text("MB")
    server.slow(0.1)
    expect(page.get_by_test_id("stProgress")).to_contain_text("100,000")
    server.kill()
    assert counts(server) in ({}, {Status.PENDING: CONVERSATIONS})
    server.start()
    page.goto(server.url)
    expect(page.get_by_role("heading", name="导入", exact=True)).to_be_visible()


@pytest.fixture(scope="module")
def filled(server: Server, chat: Path) -> Server:
    """The server once its workspace holds the whole chat."""
    workspace = workflow.open_workspace(server.workspace)
    workflow.import_files(workspace, [chat], me={chat: "小满"})
    workspace.close()
    return server


def test_a_bulk_action_that_is_stopped_changes_nothing(page: Page, filled: Server) -> None:
    begin_bulk(page, filled)
    page.get_by_role("button", name="停止").click()
    expect(page.get_by_text("已停止，没有改动任何内容。")).to_be_visible()
    assert counts(filled) == {Status.PENDING: CONVERSATIONS}


def test_a_bulk_action_counts_and_one_undo_takes_all_of_it_back(page: Page, filled: Server) -> None:
    begin_bulk(page, filled)
    filled.slow(0)
    expect(page.get_by_text("已通过：5,000 段对话")).to_be_visible()
    assert counts(filled) == {Status.APPROVED: CONVERSATIONS}
    assert not page.get_by_role("switch", name="选中符合条件的全部").is_checked()
    page.locator(".st-key-bulk-undo button").click()
    expect(page.get_by_text("已撤销：状态")).to_be_visible()
    assert counts(filled) == {Status.PENDING: CONVERSATIONS}


def test_a_bulk_action_cut_off_by_a_killed_server_is_done_or_not_at_all(
    page: Page, filled: Server
) -> None:
    begin_bulk(page, filled)
    filled.slow(0.2)
    filled.kill()
    left = counts(filled)
    assert left in ({Status.PENDING: CONVERSATIONS}, {Status.APPROVED: CONVERSATIONS})
    filled.start()
    page.goto(f"{filled.url}/export")
    expect(page.get_by_role("img", name="各状态的对话数")).to_be_visible()
    assert counts(filled) == left
