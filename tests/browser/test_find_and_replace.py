"""Find and replace inside a conversation: what the preview shows is what is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.browser.desk import Desk

TALK = (
    ("other", "text", "Zop 来了吗？zop 说要来 [捂脸]", 0),
    ("me", "text", "Zopa 来了~ Zop 没来 (｡•́︿•̀｡)", 9),
    ("me", "image", "[图片]", 9),
    ("other", "text", "👨‍👩‍👧 好的，图片呢 [捂脸][捂脸]", 9),
    ("other", "recall", "Zop 撤回了一条消息", 9),
)
COUNT = ".replace-count"


def part(desk: Desk, name: str) -> Locator:
    return desk.page.locator(f'.replace [data-replace="{name}"]')


def option(desk: Desk, name: str) -> None:
    desk.page.locator(f'.replace [data-option="{name}"]').click()


def look_for(desk: Desk, what: str, put: str = "") -> None:
    desk.press("w")
    part(desk, "find_what").fill(what)
    part(desk, "replace_with").fill(put)


def texts(desk: Desk) -> list[str]:
    return [message.text for message in desk.stored()[0].messages]


def highlighted(desk: Desk) -> list[str]:
    """The words that are marked in the bubbles, the current match last."""
    found: list[str] = desk.page.evaluate(
        """['ruwo-match', 'ruwo-current'].flatMap(
            (name) => [...(CSS.highlights.get(name) ?? [])].map((range) => range.toString()))"""
    )
    return found


@pytest.mark.parametrize(
    ("what", "options", "expected"),
    [
        pytest.param("zop", (), ["zop", "Zop", "Zop", "Zop"], id="any case"),
        pytest.param("Zop", ("case",), ["Zop", "Zop", "Zop"], id="match case"),
        pytest.param("zop", ("word",), ["zop", "Zop", "Zop"], id="whole words"),
        pytest.param("来", ("word",), ["来", "来", "来", "来"], id="Chinese words have no gaps"),
        pytest.param("图片", (), ["图片"], id="not the chip of a picture"),
        pytest.param("[捂脸]", (), ["[捂脸]", "[捂脸]", "[捂脸]"], id="a code as it is written"),
        pytest.param(
            r"[Zz]opa?\b", ("expression",), ["zop", "Zopa", "Zop", "Zop"], id="expression"
        ),
        pytest.param("(｡•́︿•̀｡)", (), ["(｡•́︿•̀｡)"], id="a kaomoji"),
        pytest.param(".", (), [], id="a dot is a dot"),
    ],
)
def test_what_is_found_is_counted_and_marked(
    make_desk: Callable[..., Desk], what: str, options: tuple[str, ...], expected: list[str]
) -> None:
    desk = make_desk(plain_ones=1, first=(TALK,))
    look_for(desk, what)
    for name in options:
        option(desk, name)
    say = f"1 / {len(expected)}" if expected else "没找到"
    expect(desk.page.locator(COUNT)).to_have_text(say)
    assert sorted(highlighted(desk)) == sorted(expected)
    assert desk.statuses() == "pp"


def test_all_are_replaced_as_the_preview_shows_and_undone_at_once(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk(plain_ones=1, first=(TALK,))
    before = texts(desk)
    look_for(desk, "zop", "小安")
    option(desk, "word")
    part(desk, "replace_all").click()
    shown = desk.page.locator(".change .after")
    expect(shown).to_have_text(["小安 来了吗？小安 说要来 [捂脸]", "Zopa 来了~ 小安 没来 (｡•́︿•̀｡)"])
    assert texts(desk) == before
    part(desk, "confirm").click()
    expect(desk.page.locator(".toast")).to_contain_text("2")
    desk.saved()
    after = texts(desk)
    assert after[:2] == ["小安 来了吗？小安 说要来 [捂脸]", "Zopa 来了~ 小安 没来 (｡•́︿•̀｡)"]
    assert after[2:] == before[2:]
    desk.press("Escape", "z")
    desk.saved()
    assert texts(desk) == before


def test_one_after_the_other_is_replaced_or_passed_over(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(plain_ones=1, first=(TALK,))
    look_for(desk, "[捂脸]", "[微笑]")
    expect(desk.page.locator(".change .after ins")).to_have_text("[微笑]")
    part(desk, "find_what").press("Enter")
    expect(desk.page.locator(COUNT)).to_have_text("2 / 3")
    part(desk, "replace_with").press("Control+Enter")
    expect(desk.page.locator(COUNT)).to_have_text("2 / 2")
    desk.saved()
    assert texts(desk)[3] == "👨‍👩‍👧 好的，图片呢 [微笑][捂脸]"
    part(desk, "find_what").press("Shift+Enter")
    expect(desk.page.locator(COUNT)).to_have_text("1 / 2")
    part(desk, "replace_one").click()
    expect(desk.page.locator(COUNT)).to_have_text("1 / 1")
    desk.saved()
    assert texts(desk)[0] == "Zop 来了吗？zop 说要来 [微笑]"


def test_an_expression_puts_its_groups_into_the_replacement(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk(plain_ones=1, first=(TALK,))
    look_for(desk, r"(\w+) (?<verb>没?来)", "$<verb>的是$1，$$5")
    option(desk, "expression")
    part(desk, "replace_all").click()
    part(desk, "confirm").click()
    desk.saved()
    assert texts(desk)[1] == "来的是Zopa，$5了~ 没来的是Zop，$5 (｡•́︿•̀｡)"


def test_what_was_replaced_is_searched_for_private_data(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(plain_ones=1, first=(TALK,))
    look_for(desk, "zop 说要来", "我号13812345678")
    part(desk, "replace_one").click()
    expect(desk.page.locator(".bubble .finding")).to_have_text("13812345678")
    desk.saved()
    (found,) = desk.stored()[0].messages[0].findings
    assert (found.entity, found.decision.value) == ("PHONE_NUMBER", "pending")


@pytest.mark.parametrize(
    ("what", "said"),
    [pytest.param("(a", "表达式不对", id="invalid"), pytest.param("(a+)+$", "太慢", id="endless")],
)
def test_a_bad_expression_is_told_and_stops_nothing(
    make_desk: Callable[..., Desk], what: str, said: str
) -> None:
    line = (("other", "text", "a" * 60 + "!", 0), ("me", "text", "好", 5))
    desk = make_desk(plain_ones=1, first=(line,))
    look_for(desk, "")
    option(desk, "expression")
    part(desk, "find_what").fill(what)
    expect(desk.page.locator(COUNT)).to_contain_text(said)
    part(desk, "find_what").fill("好|!")
    expect(desk.page.locator(COUNT)).to_have_text("1 / 2")
    desk.press("Escape", "a")
    desk.saved()
    assert desk.statuses() == "ap"


def test_a_message_that_would_be_empty_stays(make_desk: Callable[..., Desk]) -> None:
    line = (("other", "text", "嗯", 0), ("me", "text", "嗯嗯好", 5))
    desk = make_desk(plain_ones=1, first=(line,))
    look_for(desk, "嗯")
    part(desk, "replace_all").click()
    expect(part(desk, "confirm")).to_contain_text("1")
    part(desk, "confirm").click()
    desk.saved()
    assert texts(desk) == ["嗯", "好"]


def test_the_panel_goes_along_to_the_next_conversation(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(plain_ones=3)
    look_for(desk, "第2个")
    expect(desk.page.locator(COUNT)).to_have_text("没找到")
    desk.page.locator('[data-command="next"]').click()
    expect(desk.page.locator(COUNT)).to_have_text("1 / 2")
    desk.page.locator(".replace input").first.press("Escape")
    expect(desk.page.locator(".replace")).to_be_hidden()
    assert highlighted(desk) == []


def test_a_phone_has_room_for_it(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(plain_ones=1, first=(TALK,), width=390)
    desk.page.locator(".button.more").click()
    desk.page.locator('[data-command="replace"]').click()
    part(desk, "find_what").fill("Zop")
    part(desk, "replace_with").fill("小安")
    part(desk, "replace_all").click()
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 390
    part(desk, "confirm").click()
    desk.saved()
    assert "小安" in texts(desk)[0]
