"""The keys of the review page in a real browser: changed, typed into texts, with modifiers."""

from __future__ import annotations

import re
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
    desk.get_by_role("tab", name="Language, name and keys").click()
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
    expect(desk.get_by_role("dialog", name="All keys")).to_contain_text("Q")


def test_keys_work_right_after_an_order_was_chosen(desk: Page, server: Server) -> None:
    review(desk, server)
    box = desk.locator(".st-key-review-order input")
    for done, order in enumerate(("Newest first", "Oldest first"), start=1):
        box.click()
        desk.get_by_role("option", name=order).click()
        expect(box).to_have_value(order)
        expect(box).not_to_be_focused()
        desk.keyboard.press("a")
        expect(desk.get_by_text(f"{6 - done} to go")).to_be_visible()
        expect(desk.locator(SAVED)).to_be_visible()
        assert approved(server) == done


def test_escape_leaves_a_key_as_it_is(desk: Page, server: Server) -> None:
    desk.goto(f"{server.url}/settings")
    desk.get_by_role("tab", name="Language, name and keys").click()
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
    ["Control+s", "Alt+a", "Control+ArrowRight", "Control+Shift+y", "Meta+x"],
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


def test_the_record_as_it_will_be_exported_is_one_key_away(desk: Page, server: Server) -> None:
    review(desk, server)
    desk.keyboard.press("i")
    sheet = desk.locator(".sheet.record")
    expect(sheet.locator('[data-role="gpt"]')).to_contain_text("第1个回答：火锅吧哈哈哈")
    expect(sheet).to_contain_text("It is exported only once it is approved.")
    expect(sheet.locator(".record-length")).to_have_text(re.compile(r"about \d+ tokens"))
    desk.keyboard.press("a")
    desk.wait_for_timeout(200)
    assert approved(server) == 0
    desk.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    desk.keyboard.press("a")
    desk.keyboard.press("i")
    expect(sheet.locator('[data-role="gpt"]')).to_contain_text("第2个回答")
    desk.keyboard.press("i")
    expect(sheet).to_be_hidden()
    expect(desk.locator(SAVED)).to_be_visible()
    assert approved(server) == 1


def test_a_note_is_written_shown_in_the_head_and_taken_back(desk: Page, server: Server) -> None:
    review(desk, server)
    desk.keyboard.press("t")
    desk.keyboard.type("问一下要不要留 axs")
    desk.keyboard.press("Control+Enter")
    note = desk.locator('[data-part="note"]')
    expect(note).to_have_text("问一下要不要留 axs")
    desk.keyboard.press("z")
    expect(note).to_be_hidden()
    expect(desk.locator(SAVED)).to_be_visible()
    assert approved(server) == 0


def test_another_order_begins_anew_and_survives_a_reload(desk: Page, server: Server) -> None:
    review(desk, server)
    desk.get_by_role("combobox").nth(1).click()
    desk.get_by_role("option", name="Newest first").click()
    expect(desk.locator('[data-part="list"]')).to_contain_text("第6个问题")
    desk.locator('[data-part="chat"]').click()  # out of the list of orders, which takes letters
    desk.keyboard.press("s")
    expect(desk.locator('[data-part="list"]')).to_contain_text("第5个问题")
    expect(desk.locator(SAVED)).to_be_visible()
    desk.reload()
    expect(desk.locator('[data-part="list"]')).to_contain_text("第5个问题")
    desk.keyboard.press("k")
    expect(desk.locator('[data-part="list"]')).to_contain_text("第6个问题")
