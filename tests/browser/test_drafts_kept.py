"""Nothing that was typed is lost: reloads, crashes, other tabs, two who write at once."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from curation.store import drafts
from curation.workflow import open_workspace
from tests.browser.conftest import Server
from tests.browser.desk import SLOW, Desk
from tests.browser.review_seed import seed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

FIRST = "第1个问题：今天吃什么"
KEPT = '.editor[data-kept="true"]'


def kept(desk: Desk) -> list[str]:
    """The drafts of the first conversation, as the workspace holds them."""
    number = desk.stored()[0].id
    workspace = open_workspace(desk.server.workspace)
    with workspace.read() as connection:
        found = drafts.of_conversations(connection, [number]).get(number, [])
    workspace.close()
    return [draft.text for draft in found]


@pytest.fixture
def other(browser: Browser) -> Iterator[Page]:
    """The page of somebody else: nothing of this browser's storage is in it."""
    context = browser.new_context(locale="zh-CN")
    yield context.new_page()
    context.close()


def sit_down(desk: Desk, page: Page) -> Desk:
    """Let another page look at the same chat."""
    second = Desk(desk.server, page, desk.chat)
    second.open()
    return second


def write(desk: Desk, text: str) -> None:
    """Give the first message of the conversation on screen another text, without saving it."""
    desk.press("ArrowDown", "e", "Control+a")
    desk.page.keyboard.type(text)


def test_all_letters_typed_into_the_editor_are_text(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(plain_ones=2)
    before = desk.stored()
    letters = string.ascii_letters + string.digits + "/?'[] "
    desk.press("ArrowDown", "e")
    desk.page.keyboard.type(letters)
    desk.press("Control+Home", "Delete", "ArrowDown", "Control+End", "Backspace", "Shift+ArrowUp")
    expect(desk.page.locator(KEPT)).to_be_visible()
    assert desk.area.input_value() == FIRST[1:] + letters[:-1]
    assert desk.stored() == before
    desk.press("Escape")
    expect(desk.page.locator(".row button.chip.draft")).to_be_visible()
    assert desk.stored() == before


def test_text_over_several_lines_is_saved_with_ctrl_enter(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(plain_ones=2)
    write(desk, "火锅？")
    desk.press("Enter", "Enter")
    desk.page.keyboard.type("[捂脸]~~")
    desk.press("Control+Enter")
    desk.saved()
    assert desk.stored()[0].messages[0].text == "火锅？\n\n[捂脸]~~"
    assert kept(desk) == []
    expect(desk.page.locator(".chip.draft")).to_have_count(0)


def test_keys_of_an_input_method_neither_save_nor_close(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(plain_ones=2)
    write(desk, "ni hao")
    for key, held in (("Escape", "false"), ("Enter", "true")):
        desk.area.evaluate(
            """(area, [key, held]) => area.dispatchEvent(new KeyboardEvent('keydown', {
                key, ctrlKey: held === 'true', isComposing: true, bubbles: true, composed: true,
            }))""",
            [key, held],
        )
    expect(desk.area).to_have_value("ni hao")
    expect(desk.area).to_be_focused()
    desk.press("Escape")
    assert desk.stored()[0].messages[0].text == FIRST


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        pytest.param("选中消息之前", [0, 1, None, 2, 3], id="before the selected one"),
        pytest.param("选中那条之后", [0, 1, 2, None, 3], id="after it"),
        pytest.param("最前面", [None, 0, 1, 2, 3], id="at the head"),
        pytest.param("最后面", [0, 1, 2, 3, None], id="at the end"),
    ],
)
def test_a_message_is_put_anywhere(
    make_desk: Callable[..., Desk], place: str, expected: list[int | None]
) -> None:
    talk = tuple(("other" if n % 2 == 0 else "me", "text", f"第{n}句", 9) for n in range(4))
    desk = make_desk(plain_ones=1, first=(talk,))
    desk.click(2)
    desk.press("n")
    desk.page.keyboard.type("补的一句")
    desk.page.locator(".editor .option").filter(has_text=place).click()
    desk.press("Control+Enter")
    expect(desk.page.locator(".row")).to_have_count(5)
    desk.saved()
    texts = ["补的一句" if number is None else f"第{number}句" for number in expected]
    assert [message.text for message in desk.stored()[0].messages] == texts


def test_keys_that_lead_away_keep_a_draft(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(plain_ones=3)
    write(desk, "还没想好")
    desk.press("Alt+ArrowRight")
    desk.shows("第2个问题")
    expect(desk.page.locator(".editor")).to_have_count(0)
    write(desk, "也没想好")
    desk.press("Alt+ArrowLeft")
    desk.shows("第1个问题")
    expect(desk.area).to_have_value("还没想好")
    assert desk.statuses() == "ppp"


def test_what_is_approved_is_what_stands_in_the_field(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(plain_ones=3)
    write(desk, "改好了")
    desk.page.locator('[data-command="approve"]').click()
    desk.shows("第2个问题")
    desk.saved()
    assert desk.statuses() == "app"
    assert desk.stored()[0].messages[0].text == "改好了"


def test_a_draft_is_there_in_another_browser_and_goes_when_it_is_thrown_away(
    make_desk: Callable[..., Desk], other: Page
) -> None:
    desk = make_desk(plain_ones=2)
    write(desk, "写到一半")
    expect(desk.page.locator(KEPT)).to_be_visible()
    assert kept(desk) == ["写到一半"]
    second = sit_down(desk, other)
    mark = second.page.locator(".row button.chip.draft")
    mark.click()
    expect(second.area).to_have_value("写到一半")
    expect(second.page.locator(".editor-title .chip.draft")).to_be_visible()
    second.page.locator(".editor .reset").click()
    expect(second.area).to_have_value(FIRST)
    second.press("Escape")
    expect(mark).to_have_count(0)
    second.page.wait_for_timeout(600)
    assert kept(desk) == []


def test_background_and_new_messages_have_drafts_too(
    make_desk: Callable[..., Desk], other: Page
) -> None:
    desk = make_desk(plain_ones=2)
    desk.press("b")
    desk.page.keyboard.type("周末之前")
    desk.press("Escape", "n")
    desk.page.keyboard.type("补一句")
    expect(desk.page.locator(KEPT)).to_be_visible()
    second = sit_down(desk, other)
    loose = second.page.locator(".loose-draft")
    expect(loose).to_have_count(2)
    loose.filter(has_text="周末之前").locator('[data-draft="draft_open"]').click()
    expect(second.area).to_have_value("周末之前")
    second.press("Control+Enter")
    expect(second.page.locator(".note:not(.loose-draft)")).to_contain_text("周末之前")
    expect(loose).to_have_count(1)
    loose.locator('[data-draft="draft_drop"]').click()
    expect(loose).to_have_count(0)
    second.saved()
    second.page.wait_for_timeout(500)
    assert kept(desk) == []


def test_typing_goes_on_through_a_reload_and_a_killed_server(
    browser: Browser, tmp_path: Path
) -> None:
    server = Server(tmp_path / "workspace.db", tmp_path / "log.txt", SLOW)
    server.slow(0)
    seed(server.workspace, plain_ones=3)
    server.start()
    contexts = [browser.new_context() for _ in range(2)]
    desk = Desk(server, contexts[0].new_page(), "阿橙")
    desk.page.on("dialog", lambda dialog: dialog.accept())
    try:
        desk.open()
        write(desk, "一二三")
        desk.page.reload()
        expect(desk.area).to_have_value("一二三")
        desk.area.focus()
        desk.press("End")
        desk.page.keyboard.type("四五六", delay=120)
        server.kill()
        desk.page.keyboard.type("七八九", delay=60)
        server.start()
        expect(desk.page.locator(KEPT)).to_be_visible(timeout=60_000)
        expect(desk.area).to_have_value("一二三四五六七八九")
        second = sit_down(desk, contexts[1].new_page())
        second.page.locator(".row button.chip.draft").click()
        expect(second.area).to_have_value("一二三四五六七八九")
        log = server.log.read_text(encoding="utf-8")
        assert "一二三" not in log
    finally:
        for context in contexts:
            context.close()
        server.kill()


def clash(desk: Desk, name: str) -> Locator:
    return desk.page.locator(f'[data-clash="{name}"]')


@pytest.mark.parametrize(
    ("choice", "stored"),
    [
        pytest.param("theirs", "他写的", id="take theirs"),
        pytest.param("mine", "我写的", id="keep mine"),
        pytest.param("join", "他写的\n我写的", id="join both"),
    ],
)
def test_two_who_write_at_once_see_both_texts_and_choose(
    make_desk: Callable[..., Desk], other: Page, choice: str, stored: str
) -> None:
    desk = make_desk(plain_ones=2)
    write(desk, "我写的")
    second = sit_down(desk, other)
    write(second, "他写的")
    second.press("Control+Enter")
    second.saved()
    desk.press("Control+Enter")
    expect(desk.page.locator(".clash-side.theirs .clash-text")).to_have_text("他写的")
    expect(desk.page.locator(".clash-side.mine .clash-text")).to_have_text("我写的")
    assert desk.stored()[0].messages[0].text == "他写的"
    desk.page.reload()
    expect(clash(desk, choice)).to_be_visible()
    clash(desk, choice).click()
    if choice == "join":
        expect(desk.area).to_have_value(stored)
        desk.press("Control+Enter")
    expect(desk.page.locator(".editor")).to_have_count(0)
    expect(desk.page.locator(".row").first).to_contain_text(stored.splitlines()[-1])
    desk.saved()
    expect(desk.page.locator(".banner")).to_have_count(0)
    assert desk.stored()[0].messages[0].text == stored
    desk.page.wait_for_timeout(600)
    assert kept(desk) == []


def test_a_text_that_nobody_else_changed_is_saved_with_one_more_key(
    make_desk: Callable[..., Desk], other: Page
) -> None:
    desk = make_desk(plain_ones=2)
    write(desk, "我写的")
    second = sit_down(desk, other)
    second.press("ArrowDown", "1")
    second.saved()
    desk.press("Control+Enter")
    expect(desk.page.locator(".banner")).to_be_visible()
    expect(desk.area).to_have_value("我写的")
    expect(desk.page.locator(".clash")).to_be_hidden()
    desk.area.focus()
    desk.press("Control+Enter")
    desk.saved()
    message = desk.stored()[0].messages[0]
    assert (message.text, message.emotions) == ("我写的", ("开心",))


def test_who_decides_too_late_is_told_what_somebody_else_did(
    make_desk: Callable[..., Desk], other: Page
) -> None:
    desk = make_desk(plain_ones=3)
    second = sit_down(desk, other)
    second.press("x")
    second.saved()
    desk.press("a")
    changed = desk.page.locator(".banner .banner-changed")
    expect(changed).to_contain_text("已移除")
    expect(desk.page.locator('[data-part="status"]')).to_have_text("已移除")
    desk.shows("第1个问题")
    assert desk.statuses() == "rpp"
    desk.page.wait_for_timeout(800)
    desk.press("a")
    desk.page.locator(".banner").get_by_role("button").last.click()
    desk.saved()
    assert desk.statuses() == "app"


def test_the_text_for_a_message_that_is_gone_can_be_copied(
    make_desk: Callable[..., Desk], other: Page
) -> None:
    desk = make_desk(plain_ones=2)
    desk.press("n")
    desk.page.keyboard.type("多余的一句")
    desk.press("Control+Enter")
    desk.shows("多余的一句")
    desk.saved()
    desk.press("ArrowUp", "e", "Control+a")
    desk.page.keyboard.type("想改成这句")
    expect(desk.page.locator(KEPT)).to_be_visible()
    second = sit_down(desk, other)
    second.press("z")
    second.saved()
    loose = second.page.locator(".loose-draft")
    expect(loose).to_contain_text("想改成这句")
    desk.press("Control+Enter")
    expect(desk.page.locator(".loose-draft")).to_contain_text("想改成这句")
    expect(desk.page.locator(".editor")).to_have_count(0)
    desk.page.locator('.loose-draft [data-draft="draft_drop"]').click()
    expect(desk.page.locator(".loose-draft")).to_have_count(0)
    desk.page.wait_for_timeout(600)
    assert kept(desk) == []
