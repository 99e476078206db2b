"""Several messages selected in the bubbles, and what is done to them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.desk import Desk

TALK = tuple(
    ("other" if number % 2 == 0 else "me", "text", f"第{number}句~", 20) for number in range(6)
)


def bar(desk: Desk, command: str) -> None:
    desk.page.locator(f'[data-several="{command}"]').click()


def test_clicks_and_keys_select_and_unselect(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(plain_ones=1, first=(TALK,))
    desk.click(1)
    desk.click(3, "Control")
    assert desk.selected() == [1, 3]
    desk.click(1, "Control")
    assert desk.selected() == [3]
    desk.click(5, "Shift")
    assert desk.selected() == [3, 4, 5]
    desk.click(2, "Shift")
    assert desk.selected() == [2, 3]
    assert desk.page.evaluate("String(window.getSelection())") == ""
    desk.press("Shift+ArrowUp", "Shift+ArrowUp")
    assert desk.selected() == [0, 1, 2, 3]
    desk.press("Shift+ArrowDown")
    assert desk.selected() == [1, 2, 3]
    expect(desk.page.locator(".selection-count")).to_contain_text("3")
    desk.press("ArrowDown")
    assert desk.selected() == [2]
    desk.press("Control+a")
    assert desk.selected() == [0, 1, 2, 3, 4, 5]
    desk.press("Escape")
    assert desk.selected() == []
    expect(desk.page.locator(".selection")).to_be_hidden()
    desk.press("v")
    desk.click(0)
    desk.click(4)
    assert desk.selected() == [0, 4]
    desk.press("v")
    desk.click(2)
    assert desk.selected() == [2]
    assert desk.statuses() == "pp"


def test_the_bar_deletes_restores_tags_and_moves_with_one_undo_each(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk(plain_ones=1, first=(TALK,))
    desk.click(1)
    desk.click(4, "Control")
    bar(desk, "delete")
    expect(desk.page.locator(".row.deleted")).to_have_count(2)
    assert desk.selected() == [1, 4]
    desk.press("d")
    expect(desk.page.locator(".row.deleted")).to_have_count(0)
    desk.press("z")
    expect(desk.page.locator(".row.deleted")).to_have_count(2)
    desk.press("z")
    expect(desk.page.locator(".row.deleted")).to_have_count(0)
    desk.page.locator(".selection-tags .tag").first.click()
    expect(desk.page.locator(".row .chip.emotion")).to_have_count(2)
    expect(desk.page.locator(".selection-tags .tag").first).to_have_attribute(
        "aria-pressed", "true"
    )
    desk.click(0, "Control")
    expect(desk.page.locator(".selection-tags .tag").first).to_have_attribute(
        "aria-pressed", "mixed"
    )
    desk.press("1")
    expect(desk.page.locator(".row .chip.emotion")).to_have_count(3)
    desk.press("1")
    expect(desk.page.locator(".row .chip.emotion")).to_have_count(0)
    desk.press("o")
    expect(desk.page.locator(".row.me")).to_have_count(4)
    desk.saved()
    sides = [message.side.value for message in desk.stored()[0].messages]
    assert sides == ["me", "other", "other", "me", "me", "me"]
    desk.press("z", "z", "z", "z")
    desk.saved()
    messages = desk.stored()[0].messages
    assert [message.side.value for message in messages] == ["other", "me"] * 3
    assert all(message.emotions == () for message in messages)


def test_what_is_selected_here_and_there_is_split_off_together(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk(plain_ones=1, first=(TALK,))
    desk.click(4)
    desk.click(1, "Control")
    desk.press("Shift+P")
    expect(desk.page.locator(".row")).to_have_count(4)
    desk.saved()
    texts = [[message.text for message in each.messages] for each in desk.stored()]
    assert texts[0] == ["第0句~", "第2句~", "第3句~", "第5句~"]
    assert texts[1] == ["第1句~", "第4句~"]
    desk.press("a")
    desk.shows("第4句~")
    desk.press("z", "z")
    desk.saved()
    assert [len(each.messages) for each in desk.stored()] == [6, 2]


def test_not_everything_can_be_split_off(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(plain_ones=1)
    desk.press("Control+a", "Shift+P")
    expect(desk.page.locator(".toast")).to_contain_text("至少要留一条")
    assert len(desk.stored()) == 1


def test_background_goes_before_the_first_of_the_selection(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(plain_ones=1, first=(TALK,))
    desk.click(4)
    desk.click(2, "Shift")
    desk.press("b")
    desk.page.keyboard.type("过了两天")
    desk.press("Control+Enter")
    expect(desk.page.locator(".row .note")).to_contain_text("过了两天")
    desk.saved()
    assert [message.background for message in desk.stored()[0].messages][2:4] == ["过了两天", ""]


def test_a_conversation_takes_in_the_one_before_it(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(plain_ones=4)
    desk.press("s", "Shift+M")
    desk.shows("第1个问题")
    desk.shows("第2个问题")
    desk.saved()
    assert desk.statuses() == "ppp"
    desk.press("k")
    desk.shows("第2个问题")
    desk.press("z")
    desk.saved()
    assert desk.statuses() == "sppp"
    desk.shows("第2个问题")


def test_a_phone_selects_several_without_a_keyboard(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(plain_ones=1, first=(TALK,), width=390)
    desk.page.locator(".button.more").click()
    desk.page.locator('[data-command="select_several"]').click()
    desk.click(0)
    desk.click(1)
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 390
    bar(desk, "delete")
    expect(desk.page.locator(".row.deleted")).to_have_count(2)
    bar(desk, "escape")
    expect(desk.page.locator(".selection")).to_be_hidden()
