"""What a long conversation costs on the review page: bytes over the socket, and how long one waits.

    python benchmarks/long_conversation.py [--short 50] [--long 5000] [--rounds 5]

A real Chromium and two servers: in each workspace a conversation of two messages stands before one
of so many; every figure is taken from the one and the other in turn, with a page loaded anew.

- painted: from the key that leads to the conversation to the frame that shows its first bubble.
- whole: to the moment when all its parts are at hand; bytes until then, both ways.
- last: from the key End to the frame in which the last message is on screen.
- delete, replace, undo: the last message deleted; a word replaced in every message (all have it),
  and that undone. From the key to the tick that says saved, all of it at hand; bytes, both ways.
- rows: how many bubbles were built by then.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.browser_desks import FIND, Desk
from benchmarks.invented_chat import messages
from curation import workflow
from tests.browser.conftest import ARGUMENTS, Server, as_new, find_chromium
from tests.browser.review_seed import Line, put

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

WORD: Final = "豆花"
SHORT: Final[tuple[Line, ...]] = (("other", "text", "短的", 0), ("me", "text", "嗯", 9))
# Presses a key and gives the milliseconds until a frame shows a bubble with a text.
PAINTED: Final = """([key, code, text]) => new Promise((done) => {
%s
  const list = find(document, '[data-part="list"]');
  const start = performance.now();
  const look = () => {
    const frame = list.getBoundingClientRect();
    const seen = [...list.querySelectorAll('.row')].some((row) => {
      if (!row.textContent.includes(text)) return false;
      const box = row.getBoundingClientRect();
      return box.bottom > frame.top && box.top < frame.bottom;
    });
    if (seen) setTimeout(() => done(performance.now() - start), 0);
    else requestAnimationFrame(look);
  };
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true }));
  requestAnimationFrame(look);
})"""


def fill(path: Path, count: int) -> None:
    """Make a workspace of a short conversation and one of `count` messages."""
    said = list(islice(messages(count, seed=count), count))
    lines = tuple[Line, ...](
        (("other", "me")[at % 2], "text", f"{said[at]} {WORD}{at}号", 12) for at in range(count)
    )
    workspace = workflow.open_workspace(path)
    put(workspace, "阿橙", [SHORT, lines])
    workflow.scan_findings(workspace)
    workspace.close()


def whole(desk: Desk) -> None:
    """Wait until everything is saved and all of the conversation is at hand."""
    expect(desk.page.locator('[data-part="tick"][data-state="saved"]')).to_be_visible(
        timeout=60_000
    )
    expect(desk.page.locator('[data-part="list"][aria-busy="false"]')).to_be_visible(timeout=60_000)


def timed(desk: Desk, act: Callable[[], None]) -> tuple[float, float]:
    """Return the milliseconds and bytes of something that is saved."""
    desk.bytes = 0
    start = time.perf_counter()
    act()
    whole(desk)
    taken = (time.perf_counter() - start) * 1000
    desk.page.wait_for_timeout(200)
    return taken, desk.bytes


def one_round(desk: Desk, count: int) -> dict[str, float]:
    """Load the page, go through the conversation and leave it as it was; return the figures."""
    page = desk.page
    as_new(page, desk.server, width=1280, height=860)
    desk.review()
    found: dict[str, float] = {}
    start = time.perf_counter()
    desk.bytes = 0
    found["painted"] = page.evaluate(PAINTED % FIND, ["j", "KeyJ", f"{WORD}0号"])
    whole(desk)
    found["whole"] = (time.perf_counter() - start) * 1000
    page.wait_for_timeout(300)
    found["bytes of whole"] = desk.bytes
    found["last"] = page.evaluate(PAINTED % FIND, ["End", "End", f"{WORD}{count - 1}号"])
    page.keyboard.press("ArrowUp")

    def key(name: str) -> Callable[[], None]:
        return lambda: page.keyboard.press(name)

    def keep(name: str, act: Callable[[], None]) -> None:
        found[name], found[f"bytes of {name}"] = timed(desk, act)

    keep("delete", key("d"))
    keep("undo delete", key("z"))
    page.keyboard.press("w")
    page.locator('[data-replace="find_what"]').fill(WORD)
    page.locator('[data-replace="replace_with"]').fill("火锅")
    page.locator('[data-replace="replace_all"]').click()
    keep("replace", key("Enter"))
    page.keyboard.press("Escape")
    keep("undo replace", key("z"))
    found["rows"] = page.locator('[data-part="list"] .row').count()
    return found


class Figures:
    """What was measured, by the length of the conversation."""

    def __init__(self, lengths: Sequence[int]) -> None:
        self._taken: dict[int, dict[str, list[float]]] = {length: {} for length in lengths}

    def keep(self, length: int, found: Mapping[str, float]) -> None:
        """Take in the figures of one round."""
        for name, value in found.items():
            self._taken[length].setdefault(name, []).append(value)

    def show(self) -> None:
        """Print the medians of both lengths and their ratio."""
        small, large = self._taken
        print(f"{'medians':24}{small:>14,}{large:>14,}   ratio")
        for name, values in self._taken[large].items():
            unit = "B" if name.startswith("bytes") else "" if name == "rows" else "ms"
            base, value = (statistics.median(each) for each in (self._taken[small][name], values))
            print(f"{name:24}{base:>11,.0f} {unit:2}{value:>11,.0f} {unit:2}{value / base:>8.2f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--short", type=int, default=50)
    parser.add_argument("--long", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    chromium = find_chromium()
    if chromium is None:
        parser.exit(2, "no Chromium found: install one, or name it in CHROMIUM\n")
    lengths = (options.short, options.long)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        servers = {}
        for count in lengths:
            path = folder / f"{count}.db"
            fill(path, count)
            servers[count] = Server(path, folder / f"{count}.log")
            stack.callback(servers[count].kill)
            servers[count].start()
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        stack.callback(browser.close)
        desks = {count: Desk(browser, server) for count, server in servers.items()}
        figures = Figures(lengths)
        for turn in range(options.rounds + 1):
            for count, desk in desks.items():
                found = one_round(desk, count)
                if turn > 0:
                    figures.keep(count, found)
        figures.show()


if __name__ == "__main__":
    main()
