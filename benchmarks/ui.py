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
- tag, undo: an emotion is put on all conversations of the last six chats (30,000 of the large
  workspace, where alone it is measured) and taken back; from the click on yes to the frame that
  says what was done, and from the click on its undo to the frame that says so.
- socket: bytes over the WebSocket, both ways, of one action; memory: the server's PSS before and
  after the tags.

`--keep` leaves the workspaces in a folder and takes them from there the next time. A browser is
found as the browser tests find it (or named in CHROMIUM).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from playwright.sync_api import expect
from sqlalchemy import func, select

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.browser_desks import desks, options_of
from curation import workflow
from curation.model import ConversationFilter, Status
from curation.store.tables import journal
from curation.ui.state import Keys

if TYPE_CHECKING:
    from benchmarks.browser_desks import Desk

PENDING: Final = ConversationFilter(statuses=(Status.PENDING,))
BURST: Final = 20
CHATS_TAGGED: Final = 6
EMOTION: Final = "开心"
GOALS: Final = {
    "key to painted": 32.0,
    "key to saved": 150.0,
    "table opened": 170.0,
    "word searched": 200.0,
    "tag of many": 2_000.0,
    "undo of that": 2_000.0,
    "memory": 400.0,
    "memory after tags": 400.0,
}
ROWS: Final = "tbody tr"
HITS: Final = "tbody mark"
DONE: Final = ".st-key-bulk-undo button"
TOAST: Final = '[data-testid="stToast"]'
WORDS: Final = ("火锅", "奶茶", "电影", "下雨", "感冒", "耳机", "报告", "头发", "快递", "周末")


def approve(desk: Desk, _turn: int) -> dict[str, float]:
    """Press the key once; return milliseconds until painted and saved, and bytes."""
    desk.bytes = 0
    desk.page.keyboard.press("a")
    desk.page.wait_for_function("window.waited.saved !== null && window.waited.painted !== null")
    waited = desk.page.evaluate("window.waited")
    desk.page.wait_for_timeout(150)
    return {
        "key to painted": waited["painted"],
        "key to saved": waited["saved"],
        "bytes of a key": desk.bytes,
    }


def burst(desk: Desk, _turn: int) -> dict[str, float]:
    """Press the key 20 times in a second; return the milliseconds until all are saved.

    Raises AssertionError where one is not stored, or not in its order.
    """
    shown = workflow.review_window(desk.workspace, PENDING, ahead=BURST - 1, behind=0)
    wanted = [record.conversation.id for record in shown.records[:BURST]]
    with desk.workspace.read() as connection:
        last = connection.scalar(select(func.coalesce(func.max(journal.c.id), 0)))
    start = time.perf_counter()
    for number in range(BURST):
        desk.page.keyboard.press("a")
        due = start + (number + 1) / BURST
        desk.page.wait_for_timeout(max(0.0, (due - time.perf_counter()) * 1000))
    expect(desk.page.locator('[data-part="tick"][data-state="saved"]')).to_be_visible()
    desk.page.wait_for_function("window.waited.saved !== null")
    taken = time.perf_counter() - start
    with desk.workspace.read() as connection:
        later = select(journal.c.conversation_id).where(journal.c.id > last)
        stored = list(connection.scalars(later.order_by(journal.c.id)))
    assert stored == wanted, "the keys were not stored one by one in their order"
    return {"20 keys saved": taken * 1000}


def table_and_search(desk: Desk, turn: int) -> dict[str, float]:
    """Return the milliseconds to open the table from the review page, and to search a word."""
    page = desk.page
    word = WORDS[turn % len(WORDS)]
    page.goto(f"{desk.server.url}/review?status=pending")
    expect(page.locator(".row").first).to_be_visible(timeout=60_000)
    page.wait_for_timeout(500)
    opened = desk.through(page.locator('a[href$="/table"]').first.click, ROWS)
    opened_bytes = desk.bytes
    page.wait_for_timeout(500)
    page.locator(f".st-key-{Keys.TEXT} input").fill(word)
    searched = desk.through(lambda: page.keyboard.press("Enter"), HITS, word)
    page.wait_for_timeout(150)
    return {
        "table opened": opened,
        "word searched": searched,
        "bytes of the table": opened_bytes,
        "bytes of a search": desk.bytes,
    }


def tag_many(desk: Desk, _turn: int) -> dict[str, float]:
    """Return the milliseconds that a tag of many takes on the table, and its undo.

    Raises AssertionError where what is stored is not what was chosen.
    """
    page = desk.page
    chosen = ConversationFilter(chats=tuple(workflow.chats(desk.workspace)[-CHATS_TAGGED:]))
    total = workflow.count_matching(desk.workspace, chosen)
    tagged = ConversationFilter(chats=chosen.chats, emotion=EMOTION)
    page.goto(f"{desk.server.url}/table?{urlencode([('chat', chat) for chat in chosen.chats])}")
    page.locator(f'[class*="st-key-{Keys.TABLE_ALL}"] label').first.click(timeout=60_000)
    page.locator(".st-key-bulk-emotions button").click()
    page.locator(f".st-key-{Keys.BULK_EMOTIONS} button", has_text=EMOTION).click()
    yes = page.locator(".st-key-bulk-yes button")
    expect(yes).to_contain_text(f"{total:,}")
    page.wait_for_timeout(500)
    done = desk.through(yes.click, DONE)
    assert workflow.count_matching(desk.workspace, tagged) == total, "not all were tagged"
    page.wait_for_timeout(500)
    undone = desk.through(page.locator(DONE).click, TOAST)
    assert workflow.count_matching(desk.workspace, tagged) == 0, "the tags were not taken back"
    return {"tag of many": done, "undo of that": undone}


def main() -> None:
    """Measure and print."""
    parser = options_of(__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--keys", type=int, default=40)
    parser.add_argument("--visits", type=int, default=8)
    parser.add_argument("--tags", type=int, default=3)
    options = parser.parse_args()
    with desks(options.small, options.large, options.keep) as both:
        both.take(approve, options.keys, warming=5)
        both.take(burst, 3)
        both.take(table_and_search, options.visits, warming=1)
        both.take(lambda desk, _turn: {"memory": desk.memory()})
        both.take(tag_many, options.tags, warming=1, only_large=True)
        both.take(lambda desk, _turn: {"memory after tags": desk.memory()}, only_large=True)
        both.show(GOALS)


if __name__ == "__main__":
    main()
