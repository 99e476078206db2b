"""Two workspaces served side by side in a real Chromium, and what is measured there.

What is asked of one desk is asked of the other in turn, so that a busy machine slows both.
"""

from __future__ import annotations

import argparse
import re
import statistics
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from playwright.sync_api import expect, sync_playwright

from benchmarks.invented_workspace import fill, kept_or_made
from curation import workflow
from tests.browser.conftest import ARGUMENTS, Server, find_chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from playwright.sync_api import Browser, Page

MOST_BYTES: Final = 100_000
"""What one action may send over the socket, both ways."""

# Finds what a selector asks for, also inside the pieces.
FIND: Final = """
  const find = (root, selector) => {
    const hit = root.querySelector(selector);
    if (hit !== null) return hit;
    for (const node of root.querySelectorAll("*")) {
      const inner = node.shadowRoot === null ? null : find(node.shadowRoot, selector);
      if (inner !== null) return inner;
    }
    return null;
  };
"""
# Watches the review piece: `waited` holds the times of the last key press.
WATCH: Final = """() => {%s
  const list = find(document, '[data-part="list"]');
  const tick = find(list.getRootNode(), '[data-part="tick"]');
  const waited = { painted: null, saved: null };
  let start = 0;
  let before = "";
  let asked = false;
  let unsaved = false;
  window.waited = waited;
  window.addEventListener("keydown", (event) => {
    start = event.timeStamp;
    before = list.textContent;
    waited.painted = waited.saved = null;
    asked = unsaved = false;
  }, true);
  new MutationObserver(() => {
    if (asked || list.textContent === before) return;
    asked = true;
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => { waited.painted = performance.now() - start; };
      after.port2.postMessage(null);
    });
  }).observe(list, { childList: true, subtree: true, characterData: true });
  new MutationObserver(() => {
    if (tick.dataset.state !== "saved") unsaved = true;
    else if (unsaved && waited.saved === null) waited.saved = performance.now() - start;
  }).observe(tick, { attributes: true });
}"""
# Resolves with the milliseconds until a frame shows what a selector asks for, with that text in it.
UNTIL: Final = """([selector, text, start]) => new Promise((done) => {%s
  const look = () => {
    const shown = find(document, selector);
    if (shown === null || !shown.textContent.includes(text)) requestAnimationFrame(look);
    else {
      const after = new MessageChannel();
      after.port1.onmessage = () => done(performance.now() - start);
      after.port2.postMessage(null);
    }
  };
  requestAnimationFrame(look);
})"""
# Notes when the next click or key press came.
STARTS: Final = """() => {
  window.started = null;
  const note = (event) => { window.started ??= event.timeStamp; };
  for (const kind of ["mousedown", "keydown"]) window.addEventListener(kind, note, true);
}"""


class Desk:
    """A tab on a server of its own with one workspace."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.server = server
        self.workspace = workflow.open_workspace(server.workspace)
        self.page: Page = browser.new_context(
            viewport={"width": 1280, "height": 860}, locale="zh-CN"
        ).new_page()
        self.bytes = 0
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")
        for event in ("Network.webSocketFrameSent", "Network.webSocketFrameReceived"):
            session.on(event, self._count)

    def _count(self, event: dict[str, Any]) -> None:
        response = event["response"]
        data: str = response["payloadData"]
        binary = response["opcode"] == 2
        self.bytes += len(data) * 3 // 4 if binary else len(data.encode())

    def review(self) -> None:
        """Open the review page and wait for its first conversation."""
        self.page.goto(f"{self.server.url}/review?status=pending")
        expect(self.page.locator(".row").first).to_be_visible(timeout=60_000)
        expect(self.page.locator('[data-part="tick"][data-state="saved"]')).to_be_visible()
        self.page.evaluate(WATCH % FIND)
        self.page.wait_for_timeout(300)

    def through(self, act: Callable[[], None], selector: str, text: str = "") -> float:
        """Return the milliseconds from a click or key until what is asked for is painted."""
        self.bytes = 0
        self.page.evaluate(STARTS)
        act()
        start = self.page.evaluate("window.started")
        return float(self.page.evaluate(UNTIL % FIND, [selector, text, start]))

    def memory(self) -> float:
        """Return the server's proportional share of memory in MB (Linux)."""
        assert self.server.process is not None
        rollup = Path(f"/proc/{self.server.process.pid}/smaps_rollup").read_text(encoding="ascii")
        found = re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)
        assert found is not None
        return int(found[1]) / 1024


class Desks:
    """The desks by the size of their workspaces, and what was measured there."""

    def __init__(self, desks: dict[int, Desk]) -> None:
        self.small, self.large = desks
        self._desks = desks
        self._taken: dict[int, dict[str, list[float]]] = {size: {} for size in desks}
        for desk in desks.values():
            desk.review()

    def take(
        self,
        step: Callable[[Desk, int], Mapping[str, float]],
        times: int = 1,
        *,
        warming: int = 0,
        only_large: bool = False,
    ) -> None:
        """Take a step so many times, each told its number, after some that only warm up."""
        for turn in range(warming + times):
            for size, desk in self._desks.items():
                if only_large and size != self.large:
                    continue
                for name, value in step(desk, turn).items():
                    if turn >= warming:
                        self._taken[size].setdefault(name, []).append(value)

    def show(self, goals: Mapping[str, float]) -> None:
        """Print the medians of both sizes, their ratio, and whether the goals are reached."""
        print(f"{'medians':28}{self.small:>13,}{self.large:>13,}   ratio   goal")
        for name, values in self._taken[self.large].items():
            unit = "B" if name.startswith("bytes") else "MB" if name.startswith("memory") else "ms"
            value = statistics.median(values)
            small = self._taken[self.small].get(name)
            base = None if small is None else statistics.median(small)
            line = f"{name:28}"
            line += f"{'':13}" if base is None else f"{base:>10,.1f} {unit:2}"
            line += f"{value:>10,.1f} {unit:2}"
            line += f"{'':8}" if base is None else f"{value / base:>8.2f}"
            goal = MOST_BYTES if unit == "B" else goals.get(name)
            if goal is not None:
                line += f"   {goal:,.0f} {'reached' if value <= goal else 'MISSED'}"
            print(line)


def options_of(what: str) -> argparse.ArgumentParser:
    """Return the options that every such benchmark has; `what` is told by `--help`."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--small", type=int, default=1_000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="a folder for the workspaces, to use them again")
    return parser


@contextmanager
def desks(small: int, large: int, keep: Path | None) -> Iterator[Desks]:
    """Serve two workspaces of conversations of ten messages, each open on its review page.

    Raises:
        SystemExit: no browser is found.
    """
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit("no Chromium found: install one, or name it in CHROMIUM")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        servers = {}
        for size in (small, large):
            path = kept_or_made(folder / f"{size}.db", keep, partial(fill, conversations=size))
            servers[size] = Server(path, folder / f"{size}.log")
            stack.callback(servers[size].kill)
            servers[size].start()
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        stack.callback(browser.close)
        yield Desks({size: Desk(browser, server) for size, server in servers.items()})
