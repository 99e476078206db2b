"""Ways from one message or conversation to another, in the review piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from curation import workflow
from tests.browser.conftest import Server, as_new, served
from tests.browser.review_seed import plain, put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from curation.workflow import Workspace
    from tests.browser.review_seed import Line

CHAT: Final = "阿橙"
QUOTED: Final = "我们去吃那家豆花吧"

FORWARDED: Final[tuple[Line, ...]] = (
    (
        "other",
        "text",
        "通知：周六上午九点在学校北门集合，请带好身份证和雨具，迟到的自己打车去营地",
        0,
    ),
    ("me", "text", "收到，我会提前十分钟到北门，顺便帮大家带早饭，要吃的在群里接龙", 30),
    ("other", "text", "好的，那就辛苦你了，记得给小吴带一份不要香菜的，他上次吃了一口就吐了", 30),
    ("me", "text", "哈哈哈哈我记得，他那个表情我还存着呢，这次给他单独写个大字报", 30),
)

LONG_AGO: Final[tuple[Line, ...]] = (
    ("other", "text", QUOTED, 0),
    *((("me", "other")[number % 2], "text", f"闲聊第{number}句", 20) for number in range(60)),
    ("me", "quote", "行，就这么定", 20),
)


def fill(workspace: Workspace) -> None:
    talks = [LONG_AGO, FORWARDED, *(plain(number) for number in range(20)), FORWARDED]
    put(workspace, CHAT, talks)
    assert workflow.mark_duplicates(workspace) == 1


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("links"), fill) as running:
        yield running


@pytest.fixture
def page(server: Server, tab: Page) -> Page:
    as_new(tab, server, width=1280, height=800)
    return tab


def test_a_quote_leads_to_the_message_it_answers(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/review?status=pending&chat={CHAT}")
    quote = page.get_by_role("button", name=QUOTED)
    expect(quote).to_be_attached()
    quote.scroll_into_view_if_needed()
    answered = page.locator(".row").first
    expect(answered).not_to_be_in_viewport()

    quote.click()

    expect(answered).to_be_in_viewport()
    expect(answered).to_have_attribute("aria-current", "true")


def test_a_near_duplicate_leads_to_the_other_one_and_back(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/review?status=all&near=1")
    badge = page.get_by_role("button", name="nearly the same as #2", exact=True)
    expect(badge).to_be_visible()

    badge.click()
    back = page.get_by_role("button", name="back to #23", exact=True)
    expect(back).to_be_visible()
    expect(page.locator(".row").first).to_contain_text("周六上午九点")
    expect(badge).to_have_count(0)

    back.click()
    expect(badge).to_be_visible()
    expect(back).to_have_count(0)


def test_the_table_shows_only_near_duplicates_by_its_address(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/table?near=1")
    expect(page.get_by_text("1 conversation", exact=True)).to_be_visible()
    # The chip says what narrows the rows; a click on it would take that out.
    expect(page.get_by_text("Nearly the same as another").first).to_be_visible()
