"""The gap piece in a real browser: dragged, typed, by keys, after a reload, on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from curation import workflow
from tests.browser.conftest import Server, as_new, served
from tests.browser.desk import LONG_MS
from tests.browser.review_seed import plain, put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

    from curation.workflow import ChatInfo, Workspace
    from tests.browser.review_seed import Line

CHAT: Final = "阿橙"
HOUR: Final = 3600
TALKS: Final = 60


def talk(number: int) -> tuple[Line, ...]:
    """Return a talk with a break of 40 minutes in its middle; talks are hours apart."""
    before, after = plain(number), plain(number)
    return (*before, ("other", "text", f"回来了{number}", 40 * 60), *after[1:])


def fill(workspace: Workspace) -> None:
    put(workspace, CHAT, [talk(number) for number in range(TALKS)])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("gap"), fill) as running:
        yield running


@pytest.fixture
def page(server: Server, tab: Page) -> Page:
    as_new(tab, server, width=1280, height=1200)
    go(tab, server)
    return tab


def go(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/chats?chat={CHAT}")
    expect(knob(page)).to_be_visible()


def knob(page: Page) -> Locator:
    return page.get_by_role("slider", name="Pause after which")


def field(page: Page) -> Locator:
    return page.get_by_role("spinbutton", name="Pause after which")


def said(page: Page) -> Locator:
    return page.locator(".said")


def kept(server: Server) -> ChatInfo:
    workspace = workflow.open_workspace(server.workspace)
    found = next(each for each in workflow.chat_overview(workspace) if each.name == CHAT)
    workspace.close()
    return found


def drag_to(page: Page, share: float, *, drop: bool = True) -> None:
    """Drag the line to a share of the width of the plot."""
    plot, grip = page.locator(".plot"), page.locator(".knob .grip")
    plot.scroll_into_view_if_needed()
    wide, held = plot.bounding_box(), grip.bounding_box()
    assert wide is not None
    assert held is not None
    height = held["y"] + held["height"] / 2
    page.mouse.move(held["x"] + held["width"] / 2, height)
    page.mouse.down()
    page.mouse.move(wide["x"] + wide["width"] * share, height, steps=6)
    if drop:
        page.mouse.up()


def test_a_typed_pause_is_kept_counted_and_there_after_a_reload(server: Server, page: Page) -> None:
    field(page).fill("20")
    field(page).press("Enter")
    expect(said(page)).to_have_text(f"gives {2 * TALKS} conversations")
    assert kept(server).gap_minutes == 20

    go(page, server)
    expect(knob(page)).to_have_attribute("aria-valuenow", "20")
    expect(field(page)).to_have_value("20")

    field(page).fill("60")
    field(page).press("Enter")
    expect(said(page)).to_have_text(f"gives {TALKS} conversations")


def test_the_line_is_dragged_and_says_at_once_how_many_that_gives(
    server: Server, page: Page
) -> None:
    field(page).fill("60")
    field(page).press("Enter")
    expect(said(page)).to_have_text(f"gives {TALKS} conversations")

    drag_to(page, 0.05, drop=False)
    expect(said(page)).to_contain_text("gives about")
    assert kept(server).gap_minutes == 60, "nothing is kept while it is held"
    page.mouse.up()

    expect(page.locator(".gap.waiting")).to_have_count(0)
    expect(said(page)).not_to_contain_text("about")
    moved = kept(server).gap_minutes
    assert moved is not None
    assert moved < 20
    expect(knob(page)).to_have_attribute("aria-valuenow", str(moved))


def test_the_line_moves_by_keys_and_escape_takes_it_back(server: Server, page: Page) -> None:
    field(page).fill("60")
    field(page).press("Enter")
    expect(said(page)).to_have_text(f"gives {TALKS} conversations")
    knob(page).focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("PageDown")
    moved = knob(page).get_attribute("aria-valuenow")
    page.keyboard.press("Escape")  # before the moved line is taken for a choice
    assert moved == "49"
    expect(knob(page)).to_have_attribute("aria-valuenow", "60")

    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".gap.waiting")).to_have_count(0)
    expect(knob(page)).to_have_attribute("aria-valuenow", "61")
    expect(knob(page)).to_be_focused()
    assert kept(server).gap_minutes == 61

    page.keyboard.press("z")
    expect(knob(page)).to_have_attribute("aria-valuenow", "60")
    assert kept(server).gap_minutes == 60, "the page's own key for undo works from the line"


def test_automatic_is_one_click_away_and_splitting_again_follows_the_line(
    server: Server, page: Page
) -> None:
    field(page).fill("20")
    field(page).press("Enter")
    expect(said(page)).to_have_text(f"gives {2 * TALKS} conversations")
    page.get_by_role("button", name="Split again").click()
    expect(page.get_by_text(f"became {2 * TALKS} conversations")).to_be_visible()
    assert kept(server).conversations == 2 * TALKS

    page.get_by_role("button", name="Automatic").click()
    expect(page.get_by_role("button", name="Automatic")).to_have_attribute(
        "aria-pressed", "true", timeout=LONG_MS
    )
    assert kept(server).gap_minutes is None


def test_on_a_dark_phone_everything_fits_and_can_be_dragged(
    server: Server, browser: Browser
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, color_scheme="dark", has_touch=True
    )
    page = context.new_page()
    go(page, server)
    page.locator(".gap").scroll_into_view_if_needed()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".gap").evaluate("box => box.scrollWidth <= box.clientWidth")
    before = knob(page).get_attribute("aria-valuenow")
    drag_to(page, 0.9)
    expect(knob(page)).not_to_have_attribute("aria-valuenow", before or "")
    context.close()
