"""A conversation of two thousand messages: seen at once, sent in parts, built where one looks."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from playwright.sync_api import expect

from curation import workflow
from tests.browser.desk import REFUSED

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page, WebSocket

    from tests.browser.desk import Desk
    from tests.browser.review_seed import Line

MESSAGES: Final = 2000
LAST: Final = f"第{MESSAGES - 1}句"
SHORT: Final[tuple[Line, ...]] = (("other", "text", "短的", 0), ("me", "text", "嗯", 9))
LONG: Final[tuple[Line, ...]] = tuple(
    (("other" if at % 3 else "me"), "text", f"第{at}句：今天去吃火锅吧哈哈哈[旺柴]", 12)
    for at in range(MESSAGES)
)
ACTION_BYTES: Final = 100_000
# Script, layout and paint of one press, on a machine that others use as well.
PAINT_MS: Final = 300

IN_SIGHT: Final = """
() => {
  const isHost = (each) => each.shadowRoot?.querySelector(".piece");
  const host = [...document.querySelectorAll("*")].find(isHost);
  const list = host.shadowRoot.querySelector('[data-part="list"]');
  const frame = list.getBoundingClientRect();
  const seen = (row) => {
    const box = row.getBoundingClientRect();
    return box.bottom > frame.top && box.top < frame.bottom;
  };
  return [...list.querySelectorAll(".row")].filter(seen).map((row) => row.dataset.id);
}
"""
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


class Frames:
    """How large what went over the page's websocket is, both ways."""

    def __init__(self, page: Page) -> None:
        self.sizes: list[int] = []
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        for way in ("framereceived", "framesent"):
            socket.on(way, self._keep)

    def _keep(self, frame: str | bytes) -> None:
        self.sizes.append(len(frame.encode()) if isinstance(frame, str) else len(frame))


def long_desk(make_desk: Callable[..., Desk], *, at: str = LONG[0][2]) -> Desk:
    """Put a short conversation and the long one behind it before the person."""
    desk = make_desk(plain_ones=0, first=(SHORT, LONG))
    # Otherwise the rules would look at all of it after the first edit.
    workspace = workflow.open_workspace(desk.server.workspace)
    workflow.suggest(workspace)
    workspace.close()
    desk.open()
    desk.shows(at)
    return desk


def rows(desk: Desk) -> Locator:
    return desk.page.locator('[data-part="list"] .row')


def selected(desk: Desk) -> Locator:
    return desk.page.locator('[data-part="list"] .row.selected')


def last(desk: Desk) -> Locator:
    return rows(desk).filter(has_text=LAST)


def whole(desk: Desk) -> None:
    """Wait until all of the conversation is at hand."""
    busy = desk.page.locator('[data-part="list"]')
    expect(busy).to_have_attribute("aria-busy", "false")


def saved(desk: Desk) -> None:
    desk.saved()
    whole(desk)


def test_it_is_seen_at_once_and_built_where_one_looks(make_desk: Callable[..., Desk]) -> None:
    desk = long_desk(make_desk, at="短的")
    page = desk.page
    frames = Frames(page)
    desk.open()
    desk.shows("短的")
    desk.saved()
    page.wait_for_timeout(500)
    frames.sizes.clear()
    assert page.evaluate(FIRST_PAINT) < PAINT_MS
    whole(desk)
    assert max(frames.sizes) < ACTION_BYTES
    assert rows(desk).count() < MESSAGES / 4

    desk.press("End")
    expect(last(desk)).to_be_in_viewport()
    desk.press("ArrowUp")  # from the end on
    expect(selected(desk)).to_contain_text(LAST)
    desk.press(*["ArrowUp"] * 40, pause=0)
    expect(selected(desk)).to_contain_text(f"第{MESSAGES - 41}句")
    expect(selected(desk)).to_be_in_viewport()
    expect(selected(desk)).to_have_attribute("aria-posinset", str(MESSAGES - 40))
    expect(selected(desk)).to_have_attribute("aria-setsize", str(MESSAGES))
    desk.press(*["ArrowDown"] * 50, pause=0)
    expect(selected(desk)).to_contain_text(LAST)
    expect(selected(desk)).to_be_in_viewport()
    assert rows(desk).count() < MESSAGES / 2

    # What was left behind is taken down again, and nothing moves under the eye.
    desk.press("Home")
    page.mouse.move(600, 400)
    for _turn in range(60):
        page.mouse.wheel(0, 2000)
        page.wait_for_timeout(16)
    seen = page.evaluate(IN_SIGHT)
    assert len(seen) > 5
    assert rows(desk).count() < MESSAGES / 2
    page.wait_for_timeout(300)
    assert page.evaluate(IN_SIGHT) == seen
    desk.press("ArrowUp")
    expect(selected(desk)).to_contain_text(f"第{MESSAGES - 2}句")
    desk.press("ArrowDown")

    # A change sends the part it is in, not everything again.
    frames.sizes.clear()
    desk.press("d")
    expect(selected(desk)).to_have_class(re.compile("deleted"))
    saved(desk)
    assert sum(frames.sizes) < ACTION_BYTES
    expect(last(desk)).to_be_in_viewport()
    frames.sizes.clear()
    desk.press("a")
    desk.saved()
    assert sum(frames.sizes) < ACTION_BYTES
    assert desk.statuses() == "pa"


def test_keys_wait_for_the_parts_they_need(make_desk: Callable[..., Desk]) -> None:
    desk = long_desk(make_desk, at="短的")
    desk.slow(0.1)  # each answer
    desk.press("j", "ArrowUp", "ArrowUp", "Shift+ArrowUp", pause=0)
    expect(rows(desk).first).to_contain_text("第0句")
    expect(desk.page.locator(".rest")).to_have_count(1)
    assert selected(desk).count() == 0
    expect(selected(desk)).to_have_count(2)
    expect(selected(desk).first).to_contain_text(f"第{MESSAGES - 3}句")
    desk.page.reload()
    desk.shows("第0句")
    expect(desk.page.locator(".rest")).to_have_count(1)
    desk.press("Control+a", pause=0)
    count = desk.page.locator(".selection-count")
    expect(count).to_contain_text(f"{MESSAGES:,}")
    desk.slow(0)
    desk.press("d")
    saved(desk)
    assert all(message.deleted for message in desk.stored()[1].messages)


def test_replace_all_changes_every_message_and_undo_brings_all_back(
    make_desk: Callable[..., Desk],
) -> None:
    desk = long_desk(make_desk, at="短的")
    page = desk.page
    desk.press("w")
    page.locator('[data-replace="find_what"]').fill("火锅")
    page.locator('[data-replace="replace_with"]').fill("豆花")
    desk.slow(0.1)
    page.locator(".do-next").click()
    desk.shows("第0句")
    every = page.locator('[data-replace="replace_all"]')
    expect(every).to_have_attribute("aria-disabled", "true")
    expect(page.locator(".replace-count")).to_contain_text(f"{MESSAGES:,}")
    desk.slow(0)
    every.click()
    page.keyboard.press("Enter")
    saved(desk)
    texts = [message.text for message in desk.stored()[1].messages]
    assert len(texts) == MESSAGES
    assert all("豆花" in text for text in texts)
    expect(rows(desk).first).to_contain_text("豆花")
    page.keyboard.press("Escape")
    desk.press("End")
    expect(last(desk)).to_contain_text("豆花")
    desk.press("z")
    saved(desk)
    expect(last(desk)).to_contain_text("火锅")
    expect(last(desk)).to_be_in_viewport()
    texts = [message.text for message in desk.stored()[1].messages]
    assert texts == [text for _, _, text, _ in LONG]


def test_what_is_typed_far_down_survives_a_reload(make_desk: Callable[..., Desk]) -> None:
    desk = long_desk(make_desk, at="短的")
    desk.press("j", "ArrowUp")
    expect(selected(desk)).to_contain_text(LAST)
    desk.press("e")
    desk.area.fill("还没写完~")
    expect(desk.page.locator('.editor[data-kept="true"]')).to_be_visible()
    desk.page.reload()
    desk.shows("第0句")
    expect(desk.area).to_have_value("还没写完~")
    expect(desk.area).to_be_in_viewport()
    expect(desk.page.locator(".loose-draft")).to_have_count(0)
    desk.area.press("Control+Enter")
    saved(desk)
    assert desk.stored()[1].messages[-1].text == "还没写完~"


def test_a_menu_stays_open_while_the_rest_comes(make_desk: Callable[..., Desk]) -> None:
    number: Line = ("other", "text", "我号13812345678", 5)
    desk = make_desk(plain_ones=0, first=(SHORT, (LONG[0], number, *LONG[2:-1], number)))
    desk.slow(0.1)
    desk.press("j", pause=0)
    marks = desk.page.locator(".bubble .finding")
    marks.first.click()
    menu = desk.page.locator('[data-part="menu"]')
    expect(menu).to_be_visible()
    expect(desk.page.locator(".rest")).to_have_count(1)
    whole(desk)
    expect(menu).to_be_visible()
    desk.press("m")
    saved(desk)
    expect(marks.first).to_have_attribute("data-decision", "mask")
    desk.slow(0)
    desk.press("f")  # the next one, far below
    expect(menu).to_be_visible()
    expect(marks.last).to_be_in_viewport()
    expect(marks.last).to_have_class(re.compile("open"))
    desk.press("Escape", "Home")
    expect(rows(desk).first).to_be_in_viewport()


def select(desk: Desk, at: int) -> None:
    """Select a message far down by way of the link to it."""
    number = desk.stored()[1].messages[at].id
    address = f"{desk.url}&at={desk.stored()[1].id}&message={number}"
    desk.page.goto(address)
    expect(selected(desk)).to_contain_text(f"第{at}句")
    whole(desk)


def lengths(desk: Desk) -> list[int]:
    return [len(each.messages) for each in desk.stored()]


def test_it_is_split_far_down_merged_again_and_both_are_undone(
    make_desk: Callable[..., Desk],
) -> None:
    desk = long_desk(make_desk, at="短的")
    desk.slow(0.1)
    select(desk, 1700)
    expect(selected(desk)).to_be_in_viewport()
    desk.slow(0)
    desk.press("p")
    saved(desk)
    assert lengths(desk) == [2, 1700, 300]
    desk.press("End")
    expect(rows(desk).filter(has_text="第1699句")).to_be_in_viewport()
    desk.press("m")
    saved(desk)
    assert lengths(desk) == [2, MESSAGES]
    desk.press("End")
    expect(last(desk)).to_be_in_viewport()
    desk.press("z")
    saved(desk)
    assert lengths(desk) == [2, 1700, 300]
    desk.press("z")
    saved(desk)
    assert lengths(desk) == [2, MESSAGES]
    assert [message.text for message in desk.stored()[1].messages] == [line[2] for line in LONG]
    desk.press("End")
    expect(last(desk)).to_be_in_viewport()


def test_two_tabs_on_it_see_each_others_edits_and_lose_none(
    make_desk: Callable[..., Desk],
) -> None:
    desk = long_desk(make_desk, at="短的")
    select(desk, 1500)
    other = replace(desk, page=desk.page.context.new_page())
    select(other, 1501)
    desk.press("d")
    saved(desk)
    other.press("e")
    other.area.fill("另一个窗口改的~")
    other.area.press("Control+Enter")
    # Refused, as the conversation is another one by now; what was typed stands there still.
    expect(other.page.locator(REFUSED)).to_be_visible()
    expect(other.page.locator(".banner-changed")).to_be_visible()
    whole(other)
    expect(other.area).to_have_value("另一个窗口改的~")
    expect(other.area).to_be_in_viewport()
    expect(rows(other).filter(has_text="第1500句")).to_have_class(re.compile("deleted"))
    other.area.press("Control+Enter")
    expect(selected(other)).to_contain_text("另一个窗口改的~")
    whole(other)
    other.page.close()
    texts = {message.text: message.deleted for message in desk.stored()[1].messages}
    assert texts[LONG[1500][2]]
    assert not texts["另一个窗口改的~"]
