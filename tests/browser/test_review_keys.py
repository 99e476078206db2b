"""The keys of the review page in a real browser: changed, typed into texts, with modifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from curation import workflow
from curation.model import ConversationFilter, Status
from tests.browser.conftest import Server, as_new
from tests.browser.review_seed import seed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

CHAT: Final = "阿橙"
SAVED: Final = '[data-part="tick"][data-state="saved"]'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("keys")
    running = Server(folder / "workspace.db", folder / "log.txt")
    seed(running.workspace, CHAT, plain_ones=6)
    running.start()
    yield running
    running.kill()


def change_settings(server: Server, settings: workflow.Settings) -> None:
    workspace = workflow.open_workspace(server.workspace)
    workflow.save_settings(workspace, settings)
    workspace.close()


@pytest.fixture
def desk(server: Server, tab: Page) -> Page:
    workspace = workflow.open_workspace(server.workspace)
    workflow.set_status(workspace, ConversationFilter(), Status.PENDING)
    workflow.save_settings(workspace, workflow.Settings(language="en"))
    workspace.close()
    as_new(tab, server, width=1280, height=844)
    return tab


def review(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/review?status=pending&chat={quote(CHAT)}")
    expect(page.locator(".row").first).to_be_visible()


def approved(server: Server) -> int:
    workspace = workflow.open_workspace(server.workspace)
    count = workflow.count_by_status(workspace)[Status.APPROVED]
    workspace.close()
    return count


def test_a_key_changed_in_the_settings_works_at_once_and_the_old_one_does_not(
    desk: Page, server: Server
) -> None:
    desk.goto(f"{server.url}/settings")
    desk.get_by_text("All keys").click()
    change = desk.get_by_role("button", name="Change the key of: Approve")
    change.click()
    desk.keyboard.press("j")
    expect(desk.get_by_text("J is already “Next”. Give that another key first.")).to_be_visible()
    change.click()
    desk.keyboard.press("r")  # would load the page again
    expect(desk.get_by_text("R belongs to the page, which would load again.")).to_be_visible()
    change.click()
    desk.keyboard.press("q")
    expect(desk.get_by_role("button", name="Back to A")).to_be_visible()
    expect(desk.get_by_text("R belongs to the page")).to_have_count(0)

    review(desk, server)
    button = desk.locator('[data-command="approve"]')
    expect(button.locator("kbd")).to_have_text("Q")
    desk.keyboard.press("a")
    desk.wait_for_timeout(300)
    desk.keyboard.press("q")
    expect(desk.locator('[data-part="list"]')).to_contain_text("第2个问题")
    expect(desk.locator(SAVED)).to_be_visible()
    assert approved(server) == 1
    desk.keyboard.press("h")
    expect(desk.locator(".sheet")).to_contain_text("Q")


def test_escape_leaves_a_key_as_it_is(desk: Page, server: Server) -> None:
    desk.goto(f"{server.url}/settings")
    desk.get_by_text("All keys").click()
    desk.get_by_role("button", name="Change the key of: Skip").click()
    expect(desk.get_by_text("Esc leaves it as it is.")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_text("Esc leaves it as it is.")).to_have_count(0)
    desk.keyboard.press("q")
    desk.wait_for_timeout(300)
    workspace = workflow.open_workspace(server.workspace)
    assert workflow.load_settings(workspace).keys == {}
    workspace.close()


@pytest.mark.parametrize(
    "combination",
    ["Control+s", "Alt+ArrowRight", "Alt+a", "Control+ArrowRight", "Control+Shift+y", "Meta+x"],
)
def test_combinations_lose_nothing_of_a_text_that_is_being_written(
    desk: Page, server: Server, combination: str
) -> None:
    review(desk, server)
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("e")
    area = desk.locator(".editor textarea")
    desk.keyboard.type("，我还没写完")
    desk.keyboard.press(combination)
    desk.wait_for_timeout(200)
    expect(area).to_have_value("第1个问题：今天吃什么，我还没写完")
    expect(area).to_be_focused()
    assert approved(server) == 0
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(SAVED)).to_be_visible()
    expect(desk.locator('[data-part="list"]')).to_contain_text("我还没写完")
    desk.keyboard.press("z")
    expect(desk.locator('[data-part="list"]')).not_to_contain_text("我还没写完")
    expect(desk.locator(SAVED)).to_be_visible()


def test_keys_typed_into_a_search_field_of_the_page_do_nothing(desk: Page, server: Server) -> None:
    review(desk, server)
    desk.get_by_role("combobox").first.click()
    desk.keyboard.type("axsj1")
    desk.wait_for_timeout(300)
    desk.keyboard.press("Escape")
    expect(desk.locator('[data-part="list"]')).to_contain_text("第1个问题")
    assert approved(server) == 0


def test_a_workspace_with_changed_keys_prints_them_beside_the_buttons(
    desk: Page, server: Server
) -> None:
    change_settings(server, workflow.Settings(language="en", keys={"emotion:0": "0"}))
    review(desk, server)
    first = desk.locator(".group.emotions .tag").first
    expect(first.locator("kbd")).to_have_text("0")
    desk.keyboard.press("1")
    desk.wait_for_timeout(200)
    expect(first).to_have_attribute("aria-pressed", "false")
    desk.keyboard.press("0")
    expect(first).to_have_attribute("aria-pressed", "true")
    expect(desk.locator(SAVED)).to_be_visible()
