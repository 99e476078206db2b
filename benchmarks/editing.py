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

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.browser_desks import desks, options_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.browser_desks import Desk

SAVED: Final = "window.waited.saved !== null"


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


def one_round(desk: Desk, _turn: int) -> dict[str, float]:
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


def main() -> None:
    """Measure and print."""
    parser = options_of(__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=12)
    options = parser.parse_args()
    with desks(options.small, options.large, options.keep) as both:
        both.take(one_round, options.rounds, warming=1)
        both.show({})


if __name__ == "__main__":
    main()
