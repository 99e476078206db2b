"""The table in a real browser: the filter survives every way back; rows are ticked and sorted."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from curation import workflow
from curation.model import ConversationFilter, Status
from tests.browser.conftest import Server, as_new, served
from tests.browser.review_seed import plain, put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from curation.workflow import Workspace
    from tests.browser.review_seed import Line

TOFU: Final = "我们去吃那家豆花吧"
LONG: Final[tuple[Line, ...]] = (
    ("other", "text", TOFU, 0),
    *((("me", "other")[number % 2], "text", f"闲聊第{number}句", 20) for number in range(30)),
)
HTML: Final[tuple[Line, ...]] = (
    ("other", "text", "<img src=x onerror=document.title='hit'>豆花**好**吃", 0),
    ("me", "text", "嗯", 20),
)


def fill(workspace: Workspace) -> None:
    put(workspace, "阿橙", [*(plain(number) for number in range(70)), LONG])
    put(workspace, "妈妈", [HTML, plain(90)])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("table"), fill) as running:
        yield running


@pytest.fixture
def page(server: Server, tab: Page) -> Page:
    as_new(tab, server, width=1280, height=800)
    return tab


def is_filtered(page: Page) -> None:
    """The words, the partner and the one conversation they leave are on screen."""
    expect(page.get_by_label("Words in it")).to_have_value("豆花")
    expect(page.get_by_text("Partner: 妈妈")).to_be_visible()
    expect(page.get_by_text("1 conversation", exact=True)).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody mark")).to_have_text("豆花")


def test_a_filter_survives_a_record_the_way_back_and_a_reload(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/table")
    search = page.get_by_label("Words in it")
    search.fill("豆花")
    search.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("button", name="Filter", exact=False).first.click()
    page.get_by_label("Partner", exact=True).click()
    page.get_by_role("option", name="妈妈").click()
    expect(page.get_by_text("1 conversation", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    is_filtered(page)
    assert page.title() != "hit", "what was said is text"

    page.locator("td.said-cell").click()
    expect(page).to_have_url(re.compile("/review"))
    expect(page.locator(".row").first).to_contain_text("豆花**好**吃")
    expect(page.locator(".row[aria-current=true] mark")).to_have_text("豆花")

    page.go_back()
    expect(page).to_have_url(re.compile("/table"))
    is_filtered(page)

    page.locator("td.said-cell").click()
    page.get_by_role("button", name="Back to the table").click()
    expect(page).to_have_url(re.compile("/table"))
    is_filtered(page)

    page.reload()
    is_filtered(page)

    page.get_by_role("link", name="Settings").click()
    expect(page).to_have_url(re.compile("/settings"))
    page.get_by_role("link", name="Table").click()
    is_filtered(page)

    page.get_by_role("button", name="Partner: 妈妈 ✕").click()
    expect(page.locator("tbody tr")).to_have_count(2)


def test_rows_are_sorted_by_a_head_and_ticked_with_shift_and_keys(
    server: Server, page: Page
) -> None:
    page.goto(f"{server.url}/table")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(50)
    expect(rows.first).not_to_contain_text("豆花")

    page.get_by_role("button", name="Messages").click()
    expect(rows.first).to_contain_text(TOFU)
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Messages")
    expect(page).to_have_url(re.compile("sort=-length"))

    rows.nth(0).locator("input").click()
    expect(page.get_by_text("1 chosen")).to_be_visible()
    rows.nth(3).locator("input").click(modifiers=["Shift"])
    expect(page.get_by_text("4 chosen")).to_be_visible()
    rows.nth(3).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.get_by_text("5 chosen")).to_be_visible()

    page.get_by_role("button", name="Skip", exact=True).click()
    expect(page.locator("tbody .status.skipped")).to_have_count(5)

    page.reload()
    expect(rows.first).to_contain_text(TOFU)
    page.get_by_text("中文", exact=True).click()
    expect(page.get_by_role("heading", name="对话表")).to_be_visible()
    expect(rows.first).to_contain_text(TOFU)
    expect(page).to_have_url(re.compile("sort=-length"))
    page.get_by_text("English", exact=True).click()
    page.get_by_label("Choose all rows of this page").click()
    expect(page.get_by_text("50 chosen")).to_be_visible()


def tick(page: Page, row: int) -> None:
    page.locator("tbody tr").nth(row).locator("input").click()


def turn_to(page: Page, number: int, first: str) -> None:
    page.get_by_label(re.compile(rf"^Page {number}\b")).click()
    expect(page.locator("tbody tr").first).to_have_attribute("data-id", first)


def test_what_is_ticked_stays_so_when_pages_are_turned_and_is_acted_on_from_any(
    page: Page, server: Server
) -> None:
    page.goto(f"{server.url}/table")
    expect(page.locator("tbody tr")).to_have_count(50)
    tick(page, 0)
    tick(page, 3)
    expect(page.get_by_text("2 chosen", exact=True)).to_be_visible()
    turn_to(page, 2, "51")
    expect(page.get_by_text("2 chosen, 2 elsewhere")).to_be_visible()
    tick(page, 1)
    expect(page.get_by_text("3 chosen, 2 elsewhere")).to_be_visible()

    turn_to(page, 1, "1")
    expect(page.get_by_text("3 chosen, 1 elsewhere")).to_be_visible()
    expect(page.locator("tbody input:checked")).to_have_count(2)
    tick(page, 3)
    expect(page.get_by_text("2 chosen, 1 elsewhere")).to_be_visible()

    page.locator(".st-key-bulk-approved button").click()
    expect(page.get_by_text("Approved: 2 conversations")).to_be_visible()
    expect(page.locator("tbody input:checked")).to_have_count(0)
    with closing(workflow.open_workspace(server.workspace)) as workspace:
        approved = workflow.conversation_page(
            workspace, ConversationFilter(statuses=(Status.APPROVED,))
        )
    assert approved.rows["id"].tolist() == [1, 52]
    page.locator(".st-key-bulk-undo button").click()
    expect(page.get_by_text("Undone")).to_be_visible()

    turn_to(page, 2, "51")
    tick(page, 0)
    turn_to(page, 1, "1")
    page.locator(".st-key-bulk-none button").first.click()
    expect(page.get_by_text("Tick rows to act on them")).to_be_visible()
    turn_to(page, 2, "51")
    expect(page.locator("tbody input:checked")).to_have_count(0)
