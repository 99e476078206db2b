"""The server is killed while a person reviews: what the screen confirmed is there, once.

One time in the suite; RUWO_KILLS=20 kills it twenty times.
"""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server
from tests.browser.desk import SAVED, Desk
from tests.browser.review_seed import seed

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

KILLS: Final = int(os.environ.get("RUWO_KILLS", "1"))
KEYS: Final = 12


@pytest.mark.timeout(60 + 60 * KILLS)
def test_keys_pressed_around_the_end_of_the_server_are_each_done_once(
    browser: Browser, tmp_path: Path
) -> None:
    draw = random.Random(7)  # noqa: S311  (repeatable, and no secret)
    server = Server(tmp_path / "workspace.db", tmp_path / "log.txt")
    seed(server.workspace, plain_ones=KEYS * KILLS + 4)
    server.start()
    context = browser.new_context()
    desk = Desk(server, context.new_page(), "阿橙")
    try:
        desk.open()
        for turn in range(KILLS):
            # Often more keys without a server than the screen has conversations at hand: they wait.
            killed_at = draw.randrange(KEYS)
            for key in range(KEYS):
                desk.press("a", pause=draw.choice((5, 30, 120)))
                if key == killed_at:
                    server.kill()
            server.start()
            expect(desk.page.locator(SAVED)).to_be_visible(timeout=60_000)
            expected = "a" * KEYS * (turn + 1)
            assert desk.statuses() == expected.ljust(KEYS * KILLS + 4, "p")
    finally:
        context.close()
        server.kill()
