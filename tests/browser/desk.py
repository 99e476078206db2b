"""One reviewer's place: a chat of its own before the person, and what the workspace holds of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from playwright.sync_api import expect

from curation import workflow
from curation.model import ConversationFilter
from curation.store import conversations, queue

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from curation.model import Conversation, Status
    from tests.browser.conftest import Server

SLOW: Final = (str(Path(__file__).parent / "slow_streamlit.py"),)
SAVED: Final = '[data-part="tick"][data-state="saved"]'
REFUSED: Final = '[data-part="tick"][data-state="refused"]'
LONG_MS: Final = 60_000


@dataclass
class Desk:
    """One test's chat: what the person sees of it, and what the workspace holds of it."""

    server: Server
    page: Page
    chat: str

    def slow(self, seconds: float) -> None:
        self.server.slow(seconds)

    @property
    def url(self) -> str:
        return f"{self.server.url}/review?status=pending&chat={quote(self.chat)}"

    def open(self) -> None:
        self.page.goto(self.url)
        expect(self.page.locator(".row").first).to_be_visible()

    def press(self, *keys: str, pause: float = 30) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.page.wait_for_timeout(pause)

    def click(self, row: int, *held: str) -> None:
        """Click beside the words of a row's bubble, with keys held down."""
        for key in held:
            self.page.keyboard.down(key)
        self.page.locator(".row .bubble").nth(row).click(position={"x": 4, "y": 4})
        for key in held:
            self.page.keyboard.up(key)

    def saved(self, page: Page | None = None) -> None:
        expect((page or self.page).locator(SAVED)).to_be_visible()

    def shows(self, text: str) -> None:
        expect(self.page.locator('[data-part="list"]')).to_contain_text(text)

    @property
    def area(self) -> Locator:
        return self.page.locator(".editor textarea")

    def selected(self) -> list[int]:
        """Which rows are selected, counted from 0."""
        rows = self.page.locator(".row")
        return [
            n
            for n in range(rows.count())
            if "selected" in (rows.nth(n).get_attribute("class") or "")
        ]

    def stored(self) -> list[Conversation]:
        workspace = workflow.open_workspace(self.server.workspace)
        with workspace.read() as connection:
            ids = queue.matching_ids(connection, ConversationFilter(chats=(self.chat,)))
            found = conversations.read_conversations(connection, ids)
        workspace.close()
        return found

    def statuses(self) -> str:
        """The first letters of the statuses, in the order of the queue."""
        return "".join(each.status.value[0] for each in self.stored())

    def elsewhere(self, number: int, status: Status) -> None:
        """Change a conversation behind the screen's back."""
        workspace = workflow.open_workspace(self.server.workspace)
        workflow.set_status(workspace, [self.stored()[number].id], status)
        workspace.close()
