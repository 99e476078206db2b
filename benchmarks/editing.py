"""What it costs to edit on the review page: bytes over the socket, and how long until it is saved.

    python benchmarks/editing.py [--small 1000] [--large 100000] [--rounds 12] [--keep FOLDER]

As benchmarks/ui.py: a real Chromium, one server for each of two workspaces whose conversations have
ten messages, every figure taken from the one and the other in turn.

- draft: a word is typed into a message; bytes until the workspace has it as a draft (which the
  piece sends half a second after the last key).
- edit, delete, sides, replace: a message saved with Ctrl+Enter; three messages deleted at once; two
  moved to the other side; a word replaced in every message that has it. From the key to the tick
  that says saved, and bytes.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.invented_workspace import fill
from benchmarks.ui import Desk, Figures
from tests.browser.conftest import ARGUMENTS, Server, find_chromium

if TYPE_CHECKING:
    from collections.abc import Callable

SAVED: Final = "window.waited.saved !== null"
MOST_BYTES: Final = 100_000


def draft(desk: Desk) -> None:
    """Type a word into the first message and wait until the workspace has it."""
    page = desk.page
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("e")
    desk.bytes = 0
    page.keyboard.type("哈哈[捂脸]")
    expect(page.locator('.editor[data-kept="true"]')).to_be_visible()


def acted(desk: Desk, act: Callable[[], None]) -> float:
    """Do something by a key; return the milliseconds until it is saved."""
    act()
    desk.page.wait_for_function(SAVED)
    waited: float = desk.page.evaluate("window.waited.saved")
    return waited


def one_round(desk: Desk) -> dict[str, float]:
    """Do each step once on the conversation on screen; return milliseconds and bytes."""
    page = desk.page
    found: dict[str, float] = {}
    draft(desk)
    page.wait_for_timeout(100)
    found["bytes of a draft"] = desk.bytes

    def keys(*names: str) -> Callable[[], None]:
        def press() -> None:
            for name in names[:-1]:
                page.keyboard.press(name)
            desk.bytes = 0
            page.keyboard.press(names[-1])

        return press

    def replace() -> None:
        page.keyboard.press("w")
        page.locator('[data-replace="find_what"]').fill("哈")
        page.locator('[data-replace="replace_with"]').fill("嘿")
        page.locator('[data-replace="replace_all"]').click()
        desk.bytes = 0
        page.keyboard.press("Enter")

    first = ("Escape", "ArrowDown", "Shift+ArrowDown")
    last = ("Escape", "ArrowUp", "Shift+ArrowUp", "Shift+ArrowUp")
    steps = {
        "edit": keys("Control+Enter"),
        "delete": keys(*last, "d"),
        "sides": keys(*first, "o"),
        "replace": replace,
    }
    for name, act in steps.items():
        found[name] = acted(desk, act)
        page.wait_for_timeout(150)
        found[f"bytes of {name}"] = desk.bytes
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.wait_for_timeout(300)
    return found


def show(figures: Figures) -> None:
    """Print the figures of both sizes and their ratio."""
    (small, few), (large, many) = figures.medians()
    print(f"{'medians':20}{small:>14,}{large:>14,}   ratio")
    for name, base in few.items():
        unit = "B" if name.startswith("bytes") else "ms"
        value = many[name]
        line = f"{name:20}{base:>11,.1f} {unit:2}{value:>11,.1f} {unit:2}{value / base:>8.2f}"
        if unit == "B":
            line += f"   {MOST_BYTES:,} {'reached' if value <= MOST_BYTES else 'MISSED'}"
        print(line)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--small", type=int, default=1_000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    chromium = find_chromium()
    if chromium is None:
        parser.exit(2, "no Chromium found: install one, or name it in CHROMIUM\n")
    sizes = (options.small, options.large)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        servers = {}
        for size in sizes:
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
        figures = Figures(sizes)
        for desk in desks.values():
            desk.review()
        for turn in range(options.rounds + 1):
            for size, desk in desks.items():
                found = one_round(desk)
                if turn > 0:
                    figures.keep(size, found)
        show(figures)


if __name__ == "__main__":
    main()
