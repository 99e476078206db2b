"""Every page in a real browser: what it asks for and logs, how wide it is, who can read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import pytest
from playwright.sync_api import Page, expect

from curation import workflow
from tests.browser.accessibility import barriers
from tests.browser.conftest import Server, as_new
from tests.browser.desk import LONG_MS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import ConsoleMessage

PAGES: Final = {
    "review": "Review",
    "": "Import",
    "overview": "Overview",
    "chats": "Chats",
    "table": "Table",
    "asking": "Ask a model",
    "trash": "Trash",
    "privacy": "Privacy",
    "persona": "Persona",
    "writing": "Writing",
    "mbti": "MBTI",
    "export": "Export",
    "training": "Training",
    "chat": "Talk",
    "journal": "Journal",
    "settings": "Settings",
    "guide": "Guide",
}
"""Addresses and headings; the review's own address is the first one the new server is asked for."""

MOST_STOPS: Final = 250
LEFT: Final = """() => {
  const held = document.activeElement;
  held.dataset.reached = "";
  return held.closest('[data-testid="stMain"]') === null;
}"""
"""Notes what has the focus, and says whether that is outside the page itself."""
UNREACHED: Final = """main => {
  // Arrows move within a group, of which the Tab key stops at one.
  const groups = '[role="radiogroup"], [role="toolbar"], [role="tablist"]';
  return [...main.querySelectorAll("button, a[href], input, textarea, summary")]
    .filter(each => each.checkVisibility() && !each.disabled && each.tabIndex >= 0)
    .filter(each => !each.matches("[data-reached]"))
    .filter(each => !each.closest(groups)?.querySelector("[data-reached]"))
    .map(each => each.outerHTML.slice(0, 200));
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("pages")
    running = Server(folder / "workspace.db", folder / "log.txt")
    workspace = workflow.open_workspace(running.workspace)
    workflow.import_sample(workspace)
    workflow.scan_findings(workspace)
    settings = workflow.Settings(language="en")
    workflow.save_settings(workspace, settings)
    workspace.close()
    running.start()
    yield running
    running.kill()


def is_ours(message: ConsoleMessage) -> bool:
    """Return whether an error is one of ours.

    Streamlit asks below a page's address for what lies at the root, and takes the 404 as answer.
    """
    return message.type == "error" and "/_stcore/" not in message.location.get("url", "")


def follow(tab: Page, url: str) -> None:
    """Go to a page of the app by its link, as from page to page; on a phone its list is hidden."""
    tab.evaluate(
        """url => [...document.querySelectorAll('[data-testid="stSidebarNavLink"]')]
          .find(link => link.href === url).click()""",
        url,
    )


@pytest.mark.parametrize(
    ("width", "theme"),
    [
        pytest.param(1280, "light", id="desk", marks=pytest.mark.every_run),
        pytest.param(390, "dark", id="phone"),
    ],
)
def test_every_page_asks_only_its_own_server_logs_no_error_fits_and_bars_nobody(
    server: Server, tab: Page, width: int, theme: Literal["light", "dark"]
) -> None:
    as_new(tab, server, width=width, height=844)
    tab.emulate_media(color_scheme=theme)
    asked: list[str] = []
    errors: list[str] = []
    found: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("pageerror", lambda error: errors.append(error.message))
    tab.on("console", lambda said: errors.append(said.text) if is_ours(said) else None)
    for number, (address, heading) in enumerate(PAGES.items()):
        # At the desk each page is loaded by its address, on the phone the first one alone.
        go = follow if width < 640 and number else Page.goto
        go(tab, f"{server.url}/{address}")
        expect(tab.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        expect(tab.locator('[data-test-script-state="running"]')).to_have_count(0)
        tab.wait_for_load_state("networkidle")
        expect(tab.get_by_test_id("stSkeleton")).to_have_count(0)
        expect(tab).to_have_title(f"{heading} · 如我 Ruwo")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        main = tab.get_by_test_id("stMain")
        assert main.evaluate("box => box.scrollWidth <= box.clientWidth"), heading
        found += [f"{heading}: {barrier}" for barrier in barriers(tab)]
    assert asked
    assert [url for url in asked if not url.startswith((server.url, "blob:", "data:"))] == []
    assert errors == []
    assert found == []


def opened(tab: Page, server: Server, address: str, *, width: int, height: int = 860) -> None:
    as_new(tab, server, width=width, height=height)
    tab.goto(f"{server.url}/{address}")
    expect(tab.get_by_role("heading", name=PAGES[address], exact=True)).to_be_visible(
        timeout=LONG_MS
    )
    expect(tab.locator('[data-test-script-state="running"]')).to_have_count(0)


def test_a_desk_shows_eleven_messages_and_the_whole_action_bar(server: Server, tab: Page) -> None:
    opened(tab, server, "review", width=1280)
    rows = tab.locator(".list .row")
    expect(rows.nth(11)).to_be_attached()
    shown = tab.locator(".list").evaluate(
        """list => {
          const { top, bottom } = list.getBoundingClientRect();
          const places = [...list.querySelectorAll(".bubble")].map(b => b.getBoundingClientRect());
          return places.filter(place => place.top >= top && place.bottom <= bottom).length;
        }"""
    )
    assert shown >= 11
    bar = tab.locator(".bar").bounding_box()
    assert bar is not None
    assert bar["y"] + bar["height"] <= 860
    hidden = tab.locator('[data-command="merge"]')
    expect(hidden).to_be_hidden()
    tab.locator(".button.more").focus()
    tab.keyboard.press("Enter")
    expect(hidden).to_be_visible()


def test_a_desk_shows_the_first_row_of_the_table_below_three_lines(
    server: Server, tab: Page
) -> None:
    opened(tab, server, "table", width=1280)
    first = tab.locator("tbody tr").first
    expect(first).to_be_visible()
    place = first.bounding_box()
    assert place is not None
    assert place["y"] <= 240


@pytest.mark.parametrize("address", ["table", "trash", "privacy", "journal", "settings"])
def test_the_tab_key_reaches_every_control_of_a_page(
    server: Server, tab: Page, address: str
) -> None:
    opened(tab, server, address, width=1280)
    main = tab.get_by_test_id("stMain")
    left_out = [""]
    for _walk in range(3):  # a widget whose script comes late takes its place after the first walk
        main.focus()
        for _stop in range(MOST_STOPS):
            tab.keyboard.press("Tab")
            if tab.evaluate(LEFT):
                break
        left_out = main.evaluate(UNREACHED)
        if not left_out:
            break
    assert left_out == []


@pytest.mark.parametrize(
    ("address", "action"),
    [("review", '[data-command="approve"]'), ("table", ".st-key-review-these button")],
)
def test_a_phone_has_the_main_action_within_reach(
    server: Server, tab: Page, address: str, action: str
) -> None:
    opened(tab, server, address, width=390, height=844)
    button = tab.locator(action)
    expect(button).to_be_visible()
    expect(button).to_be_in_viewport(ratio=1)


def test_an_address_that_no_page_has_is_told_in_the_persons_words(
    server: Server, tab: Page
) -> None:
    opened(tab, server, "", width=1280)  # the first page after a start is Streamlit's to find
    tab.goto(f"{server.url}/nothing")
    expect(tab.get_by_role("heading", name="There is no page at this address")).to_be_visible()
    expect(tab.get_by_role("dialog")).to_have_count(0)
    tab.get_by_role("button", name="Go to the first page").click()
    expect(tab.get_by_role("heading", name="Import", exact=True)).to_be_visible()
    expect(tab).to_have_url(f"{server.url}/")


def test_what_opens_over_the_review_page_bars_nobody(server: Server, tab: Page) -> None:
    opened(tab, server, "review", width=1280)
    tab.emulate_media(color_scheme="light")
    tab.locator(".bubble").first.click()
    tab.keyboard.press("v")
    expect(tab.locator(".selection")).to_be_visible()
    tab.locator(".button.more").click()
    assert barriers(tab) == []
    tab.keyboard.press("h")
    expect(tab.get_by_role("dialog")).to_be_visible()
    assert barriers(tab) == []


def test_what_opens_over_the_table_bars_nobody(server: Server, tab: Page) -> None:
    opened(tab, server, "table", width=1280)
    tab.emulate_media(color_scheme="dark")
    tab.locator("tbody input").first.click()
    expect(tab.locator(".st-key-bulk-approved")).to_be_visible()
    tab.get_by_role("button", name="Filter", exact=True).click()
    expect(tab.get_by_text("Partner").last).to_be_visible()
    assert barriers(tab) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_words_of_pictures_are_read_against_their_page(
    server: Server, tab: Page, theme: Literal["light", "dark"]
) -> None:
    tab.emulate_media(color_scheme=theme)
    opened(tab, server, "overview", width=1280)
    words = tab.locator('[data-testid="stVegaLiteChart"] .role-axis-label text').first
    expect(words).to_be_visible()
    ratio = words.evaluate(
        """text => {
          const light = colour => {
            const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(each => each / 255);
            const even = parts.map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
            return 0.2126 * even[0] + 0.7152 * even[1] + 0.0722 * even[2] + 0.05;
          };
          const page = document.querySelector('[data-testid="stApp"]');
          const pair = [getComputedStyle(text).fill, getComputedStyle(page).backgroundColor];
          const [dark, bright] = pair.map(light).sort((a, b) => a - b);
          return bright / dark;
        }"""
    )
    assert ratio >= 4.5
