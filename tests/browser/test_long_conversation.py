"""A conversation of a thousand messages: seen at once, sent in parts, walked through by keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from curation import workflow
from curation.model import ConversationFilter, Status
from tests.browser.conftest import Server, as_new
from tests.browser.review_seed import Line, put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, WebSocket

MESSAGES: Final = 1200
FRAME_BYTES: Final = 100_000
# Script, layout and paint of one press, on a machine that others use as well.
PAINT_MS: Final = 400
LONG_MS: Final = 120_000
SAVED: Final = '[data-part="tick"][data-state="saved"]'

FIRST_PAINT: Final = """
() => new Promise((done) => {
  const isHost = (each) => each.shadowRoot?.querySelector(".piece");
  const host = [...document.querySelectorAll("*")].find(isHost);
  const list = host.shadowRoot.querySelector('[data-part="list"]');
  const start = performance.now();
  const seen = new MutationObserver(() => {
    if (!list.textContent.includes("第0句")) return;
    seen.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start), 0));
  });
  seen.observe(list, { childList: true, subtree: true });
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "j", code: "KeyJ", bubbles: true }));
})
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("long")
    running = Server(folder / "workspace.db", folder / "log.txt")
    workspace = workflow.open_workspace(running.workspace)
    short: tuple[Line, ...] = (("other", "text", "短的", 0), ("me", "text", "嗯", 9))
    long = tuple[Line, ...](
        (("other" if at % 3 else "me"), "text", f"第{at}句：今天去吃火锅吧哈哈哈[旺柴]", 12)
        for at in range(MESSAGES)
    )
    put(workspace, "阿橙", [short, (("other", "text", "开头", 0), *long, ("me", "text", "完", 9))])
    workspace.close()
    running.start()
    yield running
    running.kill()


def test_a_long_conversation_is_seen_at_once_and_comes_in_small_answers(
    tab: Page, server: Server
) -> None:
    as_new(tab, server, width=1280, height=844)
    frames: list[int] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(len(frame)))

    tab.on("websocket", listen)
    tab.goto(f"{server.url}/review")
    items = tab.locator('[data-part="list"]')
    expect(items).to_contain_text("短的", timeout=LONG_MS)
    expect(tab.locator(SAVED)).to_be_visible()
    tab.wait_for_timeout(500)
    frames.clear()
    assert tab.evaluate(FIRST_PAINT) < PAINT_MS
    expect(items.locator(".row")).to_have_count(MESSAGES + 2, timeout=LONG_MS)
    assert max(frames) < FRAME_BYTES, max(frames)
    tab.remove_listener("websocket", listen)

    tab.keyboard.press("ArrowUp")  # from the end on
    selected = items.locator(".row.selected")
    expect(selected).to_contain_text("完")
    tab.keyboard.press("ArrowUp")
    expect(selected).to_contain_text(f"第{MESSAGES - 1}句")
    expect(selected).to_be_in_viewport()
    # A change sends the part it is in, not everything again.
    frames.clear()
    tab.on("websocket", listen)
    tab.keyboard.press("d")
    expect(selected).to_have_class(re.compile("deleted"))
    expect(tab.locator(SAVED)).to_be_visible()
    assert sum(frames) < FRAME_BYTES
    expect(items.locator(".row")).to_have_count(MESSAGES + 2)
    tab.keyboard.press("a")
    expect(tab.locator(SAVED)).to_be_visible()
    tab.remove_listener("websocket", listen)
    workspace = workflow.open_workspace(server.workspace)
    assert workflow.count_by_status(workspace, ConversationFilter())[Status.APPROVED] == 1
    workspace.close()
