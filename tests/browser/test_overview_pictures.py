"""The overview's pictures in a real browser: a click on a bar leads to the filtered table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from curation import workflow
from curation.model import ConversationFilter
from tests.browser.conftest import Server, as_new

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

FILTERED: Final = re.compile(r"/table\?(?=.*\bmin=11\b)(?=.*\bmax=20\b)")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("overview")
    running = Server(folder / "workspace.db", folder / "log.txt")
    workspace = workflow.open_workspace(running.workspace)
    workflow.import_sample(workspace)
    workflow.scan_findings(workspace)
    workflow.measure_voice(workspace)
    workflow.save_settings(workspace, workflow.Settings(language="en"))
    workspace.close()
    running.start()
    yield running
    running.kill()


def in_between(server: Server) -> int:
    """How many conversations have 11 to 20 messages."""
    flt = ConversationFilter(min_length=11, max_length=20)
    workspace = workflow.open_workspace(server.workspace)
    count = workflow.count_matching(workspace, flt)
    workspace.close()
    return count


def test_a_click_on_a_bar_shows_its_conversations_and_back_shows_the_picture(
    server: Server, tab: Page
) -> None:
    count = in_between(server)
    as_new(tab, server, width=1280, height=900)
    tab.goto(f"{server.url}/overview")
    card = tab.locator("[data-testid=stVerticalBlock]").filter(
        has=tab.get_by_role("heading", name="By number of messages")
    )
    picture = card.last.locator("[data-testid=stVegaLiteChart]")
    picture.scroll_into_view_if_needed()
    box = picture.locator("canvas, svg").first.bounding_box()
    assert box is not None
    # The fourth of eight steps, right above the axis.
    tab.mouse.click(box["x"] + 45 + (box["width"] - 45) * 3.5 / 8, box["y"] + box["height"] * 0.7)

    expect(tab).to_have_url(FILTERED)
    expect(tab.get_by_text(str(count)).first).to_be_visible()
    tab.go_back()
    expect(tab.get_by_role("heading", name="By number of messages")).to_be_visible()


def test_the_keyboard_reaches_the_same_conversations(server: Server, tab: Page) -> None:
    count = in_between(server)
    as_new(tab, server, width=390, height=800)
    tab.goto(f"{server.url}/overview")
    heading = tab.get_by_role("heading", name="By number of messages")
    card = tab.locator("[data-testid=stVerticalBlock]").filter(has=heading).last
    summary = card.locator("summary")
    summary.focus()
    tab.keyboard.press("Enter")
    choice = card.get_by_role("radio", name=f"11–20: {count}").or_(
        card.get_by_role("button", name=f"11–20: {count}")
    )
    choice.first.focus()
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(FILTERED)
