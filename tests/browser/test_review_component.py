"""The review piece in a real browser, on the real page and a real workspace."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from curation.model import Status
from tests.browser.conftest import Server
from tests.browser.desk import REFUSED, SAVED, SLOW, Desk
from tests.browser.review_seed import MARKUP, NASTY, RICH, Line, seed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Page

SLOW_SCRIPTS: Final = """
  const Plain = window.Blob;
  window.Blob = class extends Plain {
    constructor(parts, options) {
      const late = { "review.waiting.set(": 500, "function mountPiece(": 1500 };
      const name = Object.keys(late).find(each => String(parts[0]).includes(each));
      const wait = `await new Promise(done => setTimeout(done, ${late[name]}));`;
      super(name === undefined ? parts : [wait, ...parts], options);
    }
  };
"""
"""The piece's scripts take long to read: first the way to them, then they themselves."""
OFFLINE: Final = '[data-part="tick"][data-state="offline"]'


def test_twenty_quick_presses_approve_the_next_twenty_in_order(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk(plain_ones=25)
    desk.press(*["a"] * 20)
    desk.saved()
    assert desk.statuses() == "a" * 20 + "p" * 5
    desk.shows("第21个问题")


def test_a_held_key_approves_one(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    for _repeat in range(12):
        desk.page.keyboard.down("a")
        desk.page.wait_for_timeout(25)
    desk.page.keyboard.up("a")
    desk.saved()
    assert desk.statuses() == "a" + "p" * 7


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param(("x", "s", "ArrowRight", "z"), id="letters"),
        pytest.param(("X", "S", "j", "Control+z"), id="capitals and combinations"),
    ],
)
def test_keys_decide_move_and_undo(make_desk: Callable[..., Desk], keys: tuple[str, ...]) -> None:
    desk = make_desk()
    desk.press(*keys)
    desk.saved()
    assert desk.statuses() == "r" + "p" * 7
    desk.shows("第2个问题")
    desk.press("Shift+Z")
    desk.saved()
    assert desk.statuses() == "rs" + "p" * 6


def test_the_piece_fills_the_window_when_a_line_appears_above_it(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk()
    piece = desk.page.locator('[data-part="piece"]')
    ends = "each => Math.round(innerHeight - each.getBoundingClientRect().bottom)"
    before = piece.evaluate(ends)
    desk.page.evaluate(
        """() => {
            const line = document.createElement("p");
            line.style.height = "90px";
            document.querySelector('[data-testid="stMainBlockContainer"]').prepend(line);
        }"""
    )
    desk.page.wait_for_timeout(200)
    assert piece.evaluate(ends) == before


def test_a_change_of_theme_while_its_scripts_are_on_their_way_does_not_lose_the_piece(
    review_server: Server, browser: Browser
) -> None:
    seed(review_server.workspace, "迟到的脚本", plain_ones=2)
    page = browser.new_page(color_scheme="dark")
    page.add_init_script(SLOW_SCRIPTS)
    page.goto(f"{review_server.url}/review")
    expect(page.locator('[data-part="piece"]')).to_be_attached()
    page.emulate_media(color_scheme="light")
    expect(page.locator(".bubble").first).to_be_visible()
    page.close()


@pytest.mark.parametrize("key", ["Control+a", "Alt+a", "Meta+x"])
def test_letters_with_other_modifiers_do_nothing(make_desk: Callable[..., Desk], key: str) -> None:
    desk = make_desk()
    desk.press(key)
    desk.page.wait_for_timeout(300)
    assert desk.statuses() == "p" * 8


def test_keys_of_an_input_method_do_nothing(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    desk.page.evaluate(
        "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'a', isComposing: true}))"
    )
    desk.page.wait_for_timeout(300)
    assert desk.statuses() == "p" * 8


def test_keys_typed_into_a_message_are_text(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    desk.press("ArrowDown", "e")
    desk.page.keyboard.type("axsjz1")
    expect(desk.page.locator(".editor textarea")).to_have_value("第1个问题：今天吃什么axsjz1")
    desk.press("Control+Enter")
    desk.saved()
    assert desk.statuses() == "p" * 8
    assert desk.stored()[0].messages[0].text == "第1个问题：今天吃什么axsjz1"
    assert desk.stored()[0].messages[0].edited


def test_what_was_typed_survives_new_data_and_a_reload(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    area = desk.page.locator(".editor textarea")
    desk.press("ArrowDown", "e")
    desk.page.keyboard.type("，火锅？")
    desk.page.get_by_text("English").click()
    expect(desk.page.locator('[data-command="approve"] .label')).to_have_text("Approve")
    expect(area).to_have_value("第1个问题：今天吃什么，火锅？")
    desk.page.get_by_text("中文").click()
    expect(desk.page.locator('[data-command="approve"] .label')).to_have_text("通过")
    desk.page.reload()
    expect(area).to_have_value("第1个问题：今天吃什么，火锅？")
    desk.press("j", "k")
    expect(area).to_have_value("第1个问题：今天吃什么，火锅？")
    area.focus()
    desk.press("Control+Enter")
    desk.saved()
    assert desk.stored()[0].messages[0].text == "第1个问题：今天吃什么，火锅？"
    desk.page.reload()
    expect(desk.page.locator(".row").first).to_be_visible()
    assert desk.page.locator(".editor").count() == 0


def test_a_refused_action_comes_back_with_its_reason(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    desk.elsewhere(0, Status.SKIPPED)
    desk.press("a")
    banner = desk.page.locator(".banner")
    expect(banner).to_be_visible()
    desk.shows("第1个问题")
    assert desk.statuses() == "s" + "p" * 7
    desk.page.wait_for_timeout(800)
    desk.press("a", "a")
    banner.get_by_role("button").last.click()
    desk.saved()
    expect(banner).to_have_count(0)
    assert desk.statuses() == "aa" + "p" * 6


def test_later_actions_on_other_records_are_kept_when_one_is_refused(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk()
    desk.elsewhere(0, Status.REJECTED)
    desk.slow(0.4)
    desk.press("a", "a", "x")
    expect(desk.page.locator(".banner")).to_be_visible()
    expect(desk.page.locator(REFUSED)).to_be_visible()
    assert desk.statuses() == "rar" + "p" * 5
    desk.shows("第1个问题")


def test_an_action_sent_again_is_done_once(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    desk.slow(3)
    desk.press("a", "a", "a")
    desk.page.wait_for_timeout(2600)
    desk.slow(0)
    desk.saved()
    assert desk.statuses() == "aaa" + "p" * 5
    assert [each.version for each in desk.stored()[:3]] == [2, 2, 2]


def test_unanswered_actions_survive_a_reload(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    desk.slow(2)
    desk.press("a", "x", "a")
    desk.slow(0)
    desk.page.reload()
    expect(desk.page.locator(".row").first).to_be_visible()
    desk.saved()
    desk.press("s")
    desk.saved()
    assert desk.statuses() == "aras" + "p" * 4


def test_a_duplicated_tab_does_not_repeat_or_lose_anything(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk(plain_ones=12)
    desk.slow(1.5)
    desk.press("a", "a")
    copied = desk.page.evaluate("JSON.stringify({...sessionStorage})")
    twin = desk.page.context.new_page()
    twin.on("dialog", lambda dialog: dialog.accept())
    twin.add_init_script(f"Object.assign(sessionStorage, {copied})")
    desk.slow(0)
    twin.goto(desk.url)
    expect(twin.locator(".row").first).to_be_visible()
    desk.saved(twin)
    desk.saved()
    desk.press("a", "a")
    desk.saved()
    twin.reload()
    expect(twin.locator('[data-status="approved"]').first).to_be_visible()
    twin.close()
    assert desk.statuses() == "aaaa" + "p" * 8
    assert all(each.version == 2 for each in desk.stored()[:4])
    expect(desk.page.locator(".banner")).to_have_count(0)


def test_chat_text_is_only_ever_text(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(plain_ones=2)
    asked: list[str] = []
    dialogs: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    desk.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    seed(desk.server.workspace, desk.chat + "b", plain_ones=0, first=(MARKUP,))
    desk.chat += "b"
    desk.open()
    desk.page.wait_for_timeout(500)
    bubbles = desk.page.locator(".row .bubble")
    assert [each.inner_text() for each in bubbles.all()] == [NASTY, NASTY]
    desk.press("ArrowDown", "e")
    expect(desk.page.locator(".editor textarea")).to_have_value(NASTY)
    assert dialogs == []
    assert [url for url in asked if not url.startswith((desk.server.url, "blob:"))] == []
    assert desk.page.locator(".list script, .list img, .list b").count() == 0


def test_keys_typed_ahead_of_a_split_meet_the_split_record(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk(plain_ones=3, first=(RICH,))
    desk.slow(0.6)
    desk.press(*["ArrowDown"] * 5, "p", "a", "x", pause=10)
    desk.slow(0)
    desk.saved()
    assert desk.statuses() == "ar" + "p" * 3
    assert [len(each.messages) for each in desk.stored()[:2]] == [4, len(RICH) - 4]
    desk.press("z", "z", "z", pause=5)
    desk.saved()
    assert desk.statuses() == "p" * 4
    desk.shows("在吗在吗")


def test_keys_typed_ahead_of_a_merge_meet_the_merged_record(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk()
    desk.slow(0.5)
    desk.press("m", "a", "a", pause=10)
    desk.slow(0)
    desk.saved()
    assert desk.statuses() == "aa" + "p" * 5
    assert [len(each.messages) for each in desk.stored()[:3]] == [4, 2, 2]
    desk.shows("第4个问题")


def test_messages_are_deleted_restored_added_and_given_background(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk(plain_ones=2, first=(RICH,))
    desk.page.locator(".gap .link").first.click()
    desk.page.keyboard.type("你在不在呀")
    desk.press("Control+Enter")
    expect(desk.page.locator(".row").first).to_contain_text("你在不在呀")
    desk.press("b")
    desk.page.keyboard.type("两人约周末吃饭")
    desk.press("Control+Enter")
    expect(desk.page.locator(".note")).to_contain_text("两人约周末吃饭")
    desk.press("ArrowDown", "ArrowDown", "d")
    expect(desk.page.locator(".row.deleted")).to_contain_text("在吗在吗")
    desk.press("4")
    desk.saved()
    record = desk.stored()[0]
    assert (record.messages[0].text, record.messages[0].added) == ("你在不在呀", True)
    assert record.background == "两人约周末吃饭"
    assert (record.messages[1].deleted, record.messages[1].emotions) == (True, ("害怕",))
    desk.press("d")
    expect(desk.page.locator(".row.deleted")).to_have_count(0)


def test_findings_are_decided_from_the_keyboard(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(plain_ones=1, first=(RICH,))
    desk.press("f", "k")
    expect(desk.page.locator('.finding[data-decision="keep"]').first).to_be_visible()
    desk.press("f", "Shift+M")
    desk.saved()
    decisions = [f.decision.value for m in desk.stored()[0].messages for f in m.findings]
    assert decisions[:2] == ["keep", "mask"]


@pytest.mark.parametrize("first", [(), (RICH, MARKUP)], ids=["plain", "rich"])
def test_a_phone_shows_everything_without_sideways_scrolling(
    make_desk: Callable[..., Desk], first: tuple[tuple[Line, ...], ...]
) -> None:
    desk = make_desk(width=390, first=first)
    for _record in range(2):
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= 390
        widths = desk.page.locator('[data-part="piece"]').evaluate(
            "box => [box.scrollWidth, box.clientWidth]"
        )
        assert widths[0] <= widths[1]
        desk.page.locator('[data-command="approve"]').click()
    desk.saved()
    assert desk.statuses().startswith("aap")


def test_the_end_of_the_queue_counts_and_starts_over(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(plain_ones=3)
    desk.press("a", "j", "x")
    end = desk.page.locator('[data-part="empty"]')
    expect(end).to_have_attribute("data-ending", "end_of_queue")
    desk.press("k")
    desk.shows("第3个问题")
    desk.press("j")
    end.get_by_role("button").click()
    expect(desk.page.locator(".row").first).to_contain_text("第2个问题")
    desk.press("s")
    expect(end).to_have_attribute("data-ending", "all_done")
    assert desk.statuses() == "asr"


def test_a_button_at_the_end_is_not_replaced_under_the_pointer(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk(plain_ones=2)
    desk.press("a", "j")
    end = desk.page.locator('[data-part="empty"]')
    expect(end).to_have_attribute("data-ending", "end_of_queue")
    desk.saved()
    end.get_by_role("button").evaluate("button => { button.dataset.first = '1'; }")
    desk.press("k", "j")
    expect(end).to_be_visible()
    expect(end.get_by_role("button")).to_have_attribute("data-first", "1")


def test_a_long_conversation_is_painted_quickly(make_desk: Callable[..., Desk]) -> None:
    long = tuple(("other" if n % 2 else "me", "text", f"第{n}句", 5) for n in range(5000))
    desk = make_desk(plain_ones=1, first=(long,))
    assert 100 <= desk.page.locator(".row").count() < 1000
    desk.press("ArrowUp")
    expect(desk.page.locator(".row.selected")).to_contain_text("第4999句")
    desk.press("j", "k")
    took = desk.page.evaluate(
        """() => {
            const begun = performance.now();
            const event = {key: 'ArrowRight', bubbles: true};
            document.dispatchEvent(new KeyboardEvent('keydown', event));
            return performance.now() - begun;
        }"""
    )
    assert took < 100
    desk.shows("第1个问题")


def test_actions_wait_while_the_server_is_down(browser: Browser, tmp_path: Path) -> None:
    server = Server(tmp_path / "workspace.db", tmp_path / "log.txt", SLOW)
    server.slow(0)
    seed(server.workspace, plain_ones=6)
    server.start()
    context = browser.new_context()
    page = context.new_page()
    desk = Desk(server, page, "阿橙")
    try:
        desk.open()
        desk.press("a")
        desk.saved()
        server.kill()
        desk.press("a", "x")
        expect(page.locator(OFFLINE)).to_have_text(re.compile("2"))
        desk.shows("第4个问题")
        server.start()
        expect(page.locator(SAVED)).to_be_visible(timeout=60_000)
        assert desk.statuses() == "aarppp"
    finally:
        context.close()
        server.kill()


SECRET: Final[tuple[tuple[Line, ...], ...]] = (
    (
        ("other", "text", "👨‍👩‍👧😀 去老地方，号13812345678", 0),
        ("me", "text", "老地方见！", 20),
    ),
)


def drag_over(page: Page, message: int, first: str, last: str) -> None:
    """Select with the mouse from the letter `first` to the letter `last` of a message's words."""
    words = page.locator(".bubble > .words").nth(message)
    left, right, middle = words.evaluate(
        """(words, [first, last]) => {
            const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
            const box = (letter) => {
                walker.currentNode = words;
                for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
                    const at = node.data.indexOf(letter);
                    if (at < 0) continue;
                    const range = document.createRange();
                    range.setStart(node, at);
                    range.setEnd(node, at + letter.length);
                    return range.getBoundingClientRect();
                }
            };
            const [from, to] = [box(first), box(last)];
            return [from.left + 1, to.right - 1, from.top + from.height / 2];
        }""",
        [first, last],
    )
    page.mouse.move(left, middle)
    page.mouse.down()
    page.mouse.move(right, middle, steps=4)
    page.mouse.up()


def flagged(desk: Desk) -> list[list[tuple[str, str, str]]]:
    """Entity, words and decision of the findings of each message of the first conversation."""
    return [
        [(f.entity, message.text[f.start : f.end], f.decision.value) for f in message.findings]
        for message in desk.stored()[0].messages
    ]


def test_words_selected_with_the_mouse_are_flagged_and_released(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk(plain_ones=1, first=SECRET)
    before = flagged(desk)
    drag_over(desk.page, 0, "老", "方")
    expect(desk.page.locator(".menu-head .finding")).to_have_text("老地方")
    desk.press("3")
    desk.saved()
    place = ("CN_ADDRESS", "老地方", "mask")
    assert flagged(desk)[0] == [place, *before[0]]
    desk.page.reload()
    mark = desk.page.locator(".bubble .finding[data-entity='CN_ADDRESS']")
    expect(mark).to_have_text("老地方")

    mark.click()
    desk.press("o")
    desk.page.locator(".kind-choice[data-kind='CUSTOM_TERM']").click()
    desk.saved()
    assert flagged(desk)[0][0] == ("CUSTOM_TERM", "老地方", "mask")
    desk.page.locator(".bubble .finding[data-entity='CUSTOM_TERM']").click()
    desk.press("n")
    desk.saved()
    assert flagged(desk) == before
    desk.press("z", "z", "z")
    desk.saved()
    assert flagged(desk) == before


def test_a_message_is_flagged_from_the_keyboard_and_everywhere_else(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk(plain_ones=1, first=SECRET)
    desk.press("ArrowDown", "ArrowDown", "g", "Shift+ArrowLeft", "Shift+ArrowLeft")
    expect(desk.page.locator(".menu-head .finding")).to_have_text("老地方")
    desk.press("a", "2")
    desk.saved()
    name = ("PERSON", "老地方", "mask")
    assert flagged(desk)[1] == [name]
    assert ("PERSON", "老地方") in [found[:2] for found in flagged(desk)[0]]
    desk.press("z")
    desk.saved()
    assert not any(found[0] == "PERSON" for each in flagged(desk) for found in each)


def test_a_selection_over_two_messages_is_not_taken(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(plain_ones=1, first=SECRET)
    first = desk.page.locator(".bubble > .words").nth(0).bounding_box()
    second = desk.page.locator(".bubble > .words").nth(1).bounding_box()
    assert first is not None
    assert second is not None
    desk.page.mouse.move(first["x"] + 2, first["y"] + 8)
    desk.page.mouse.down()
    desk.page.mouse.move(second["x"] + second["width"] - 2, second["y"] + 8, steps=5)
    desk.page.mouse.up()
    expect(desk.page.locator(".toast")).to_contain_text("只在一条消息里")
    expect(desk.page.locator('[data-part="menu"]')).to_be_hidden()
