"""How long a person waits, in a real Chromium, with 1,000 and with 100,000 conversations.

    python benchmarks/ui.py [--small 1000] [--large 100000] [--keys 40] [--keep FOLDER]

Both workspaces hold conversations of ten messages and are served by `streamlit run app.py` at the
same time; every figure is taken from the one and the other in turn, with real keys and clicks.

- key to painted: from the key press (`a`, approve) to the frame in which the next conversation
  stands, by the page's own clock.
- key to saved: to the moment when the tick says that the server has it.
- 20 keys in a second: all are stored, in their order, one journal row each.
- table, word: from the click on the page's name to the frame with the first rows; from Enter after
  a two-character word to the frame with rows in which it is marked.
- socket: bytes over the WebSocket, both ways, of one action; memory: the server's PSS at the end.

`--keep` leaves the workspaces in a folder and takes them from there the next time. A browser is
found as the browser tests find it (or named in CHROMIUM).
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from playwright.sync_api import expect, sync_playwright
from sqlalchemy import func, select

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.invented_workspace import fill
from curation import workflow
from curation.model import ConversationFilter, Status
from curation.store.tables import journal
from curation.ui.state import Keys
from tests.browser.conftest import ARGUMENTS, Server, find_chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from playwright.sync_api import Browser, Page

PENDING: Final = ConversationFilter(statuses=(Status.PENDING,))
BURST: Final = 20
GOALS: Final = {
    "key to painted": 32.0,
    "key to saved": 150.0,
    "table opened": 170.0,
    "word searched": 200.0,
    "bytes of a key": 100_000.0,
    "bytes of the table": 100_000.0,
    "bytes of a search": 100_000.0,
    "memory": 400.0,
}
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
ROWS: Final = "tbody tr"
HITS: Final = "tbody mark"
WORDS: Final = ("火锅", "奶茶", "电影", "下雨", "感冒", "耳机", "报告", "头发", "快递", "周末")


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

    def approve(self) -> dict[str, float]:
        """Press the key once; return milliseconds until painted and saved, and bytes."""
        self.bytes = 0
        self.page.keyboard.press("a")
        self.page.wait_for_function(
            "window.waited.saved !== null && window.waited.painted !== null"
        )
        waited = self.page.evaluate("window.waited")
        self.page.wait_for_timeout(150)
        return {
            "key to painted": waited["painted"],
            "key to saved": waited["saved"],
            "bytes of a key": self.bytes,
        }

    def burst(self) -> float:
        """Press the key 20 times in a second; return the seconds until all are saved.

        Raises AssertionError where one is not stored, or not in its order.
        """
        shown = workflow.review_window(self.workspace, PENDING, ahead=BURST - 1, behind=0)
        wanted = [record.conversation.id for record in shown.records[:BURST]]
        with self.workspace.read() as connection:
            last = connection.scalar(select(func.coalesce(func.max(journal.c.id), 0)))
        start = time.perf_counter()
        for number in range(BURST):
            self.page.keyboard.press("a")
            due = start + (number + 1) / BURST
            self.page.wait_for_timeout(max(0.0, (due - time.perf_counter()) * 1000))
        expect(self.page.locator('[data-part="tick"][data-state="saved"]')).to_be_visible()
        self.page.wait_for_function("window.waited.saved !== null")
        taken = time.perf_counter() - start
        with self.workspace.read() as connection:
            later = select(journal.c.conversation_id).where(journal.c.id > last)
            stored = list(connection.scalars(later.order_by(journal.c.id)))
        assert stored == wanted, "the keys were not stored one by one in their order"
        return taken

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


class Figures:
    """What was measured, by size of workspace and name."""

    def __init__(self, sizes: Iterable[int]) -> None:
        self.taken: dict[int, dict[str, list[float]]] = {size: {} for size in sizes}

    def keep(self, size: int, figures: Mapping[str, float]) -> None:
        """Add one measurement of some figures."""
        for name, value in figures.items():
            self.taken[size].setdefault(name, []).append(value)

    def medians(self) -> list[tuple[int, dict[str, float]]]:
        """Return the sizes with the median of each figure."""
        return [
            (size, {name: statistics.median(values) for name, values in figures.items()})
            for size, figures in self.taken.items()
        ]


def measured(desks: dict[int, Desk], keys: int, visits: int) -> Figures:
    """Return every figure for each size of workspace; the first of each kind warm up."""
    figures = Figures(desks)
    for desk in desks.values():
        desk.review()
    steps: list[tuple[int, int, Callable[[Desk, int], dict[str, float]]]] = [
        (keys, 5, lambda desk, _turn: desk.approve()),
        (3, 0, lambda desk, _turn: {"20 keys saved": desk.burst() * 1000}),
        (visits, 1, table_and_search),
        (1, 0, lambda desk, _turn: {"memory": desk.memory()}),
    ]
    for count, warming, step in steps:
        for turn in range(count + warming):
            for size, desk in desks.items():
                found = step(desk, turn)
                if turn >= warming:
                    figures.keep(size, found)
    return figures


def table_and_search(desk: Desk, visit: int) -> dict[str, float]:
    """Return the milliseconds to open the table from the review page, and to search a word."""
    page = desk.page
    page.goto(f"{desk.server.url}/review?status=pending")
    expect(page.locator(".row").first).to_be_visible(timeout=60_000)
    page.wait_for_timeout(500)
    opened = desk.through(page.locator('a[href$="/table"]').first.click, ROWS)
    opened_bytes = desk.bytes
    page.wait_for_timeout(500)
    word = WORDS[visit % len(WORDS)]
    page.locator(f".st-key-{Keys.TEXT} input").fill(word)
    searched = desk.through(lambda: page.keyboard.press("Enter"), HITS, word)
    page.wait_for_timeout(150)
    return {
        "table opened": opened,
        "word searched": searched,
        "bytes of the table": opened_bytes,
        "bytes of a search": desk.bytes,
    }


def show(figures: Figures) -> None:
    """Print the figures of both sizes, their ratio, and the goals."""
    (small, few), (large, many) = figures.medians()
    print(f"{'medians':24}{small:>12,}{large:>12,}   ratio   goal")
    for name, base in few.items():
        value = many[name]
        unit = "B" if name.startswith("bytes") else "MB" if name == "memory" else "ms"
        line = f"{name:24}{base:>9,.1f} {unit:2}{value:>9,.1f} {unit:2}{value / base:>8.2f}"
        goal = GOALS.get(name)
        if goal is not None:
            line += f"   {goal:,.0f} {'reached' if value <= goal else 'MISSED'}"
        print(line)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--small", type=int, default=1_000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--keys", type=int, default=40)
    parser.add_argument("--visits", type=int, default=8)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    chromium = find_chromium()
    if chromium is None:
        parser.exit(2, "no Chromium found: install one, or name it in CHROMIUM\n")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        servers = {}
        for size in (options.small, options.large):
            path = folder / f"{size}.db"
            kept = None if options.keep is None else options.keep / path.name
            if kept is not None and kept.exists():
                shutil.copy(kept, path)
            else:
                fill(path, size)
                if kept is not None:
                    shutil.copy(path, kept)
            servers[size] = Server(path, folder / f"{size}.log")
            stack.callback(servers[size].kill)
            servers[size].start()
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        stack.callback(browser.close)
        desks = {size: Desk(browser, server) for size, server in servers.items()}
        show(measured(desks, options.keys, options.visits))


if __name__ == "__main__":
    main()
