"""Every page in a real browser: what it asks for and logs, how wide it is, who can read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import pytest
from playwright.sync_api import expect

from curation import workflow
from tests.browser.accessibility import barriers
from tests.browser.conftest import Server, as_new

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import ConsoleMessage, Page

WAIT: Final = 30_000
PAGES: Final = {
    "review": "Review",
    "": "Import",
    "overview": "Overview",
    "chats": "Chats",
    "table": "Table",
    "trash": "Trash",
    "privacy": "Privacy",
    "persona": "Persona",
    "export": "Export",
    "journal": "Journal",
    "settings": "Settings",
}
"""Addresses and headings; the review's own address is the first one the new server is asked for."""


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


@pytest.mark.parametrize(
    ("width", "theme"), [(1280, "light"), (390, "dark")], ids=["desk", "phone"]
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
    for address, heading in PAGES.items():
        tab.goto(f"{server.url}/{address}")
        expect(tab.get_by_role("heading", name=heading, exact=True)).to_be_visible(timeout=WAIT)
        expect(tab.locator('[data-test-script-state="running"]')).to_have_count(0, timeout=WAIT)
        tab.wait_for_load_state("networkidle")
        assert tab.title() == f"{heading} · 如我 Ruwo"
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        main = tab.get_by_test_id("stMain")
        assert main.evaluate("box => box.scrollWidth <= box.clientWidth"), heading
        found += [f"{heading}: {barrier}" for barrier in barriers(tab)]
    assert asked
    assert [url for url in asked if not url.startswith((server.url, "blob:", "data:"))] == []
    assert errors == []
    assert found == []
