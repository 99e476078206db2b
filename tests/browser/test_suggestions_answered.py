"""Suggestions beside what they are about, answered by keys and by buttons."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect
from sqlalchemy import insert, update

from curation import workflow
from curation.store.tables import conversation, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.desk import Desk

TALK = tuple(
    ("other" if number % 2 == 0 else "me", "text", f"第{number}句~", 20) for number in range(6)
)


def hint(desk: Desk, *rows: dict[str, Any], alike: bool = False) -> None:
    """Let a machine have pointed something out of the first conversation."""
    first, second = desk.stored()[:2]
    told = {
        "reason": "<b>哈</b>",
        "model": "test",
        "state": "open",
        "message_id": None,
        "label": "",
    }
    workspace = workflow.open_workspace(desk.server.workspace)
    with workspace.write() as connection:
        for row in rows:
            at = row.pop("row", None)
            about = {} if at is None else {"message_id": first.messages[at].id}
            values = {**told, **row, **about, "conversation_id": first.id}
            connection.execute(insert(suggestion).values(**values))
        if alike:
            connection.execute(
                update(conversation)
                .where(conversation.c.id == first.id)
                .values(duplicate_of=second.id, similarity=0.93)
            )
    workspace.close()
    desk.open()


def test_keys_answer_that_of_the_selected_message_else_the_first(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk(plain_ones=2, first=(TALK,))
    hint(
        desk,
        {"kind": "topic_jump", "score": 0.6},
        {"kind": "emotion", "label": "开心", "score": 0.82, "row": 3},
        {"kind": "emotion", "label": "平静", "score": 0.4, "row": 4},
    )
    chips = desk.page.locator(".suggestion")
    expect(chips).to_have_count(3)
    beside = desk.page.locator(".row").nth(3).locator(".suggestion")
    expect(beside).to_contain_text("情绪 开心")
    expect(beside).to_contain_text("82%")
    expect(beside).to_contain_text("<b>哈</b>")
    expect(beside).to_have_attribute("title", "<b>哈</b>\n提出者：test")
    expect(desk.page.locator(".head .suggestion.current kbd").first).to_have_text("Y")
    desk.click(3)
    expect(desk.page.locator(".head .suggestion.current")).to_have_count(0)
    desk.press("y")
    expect(desk.page.locator(".row").nth(3).locator(".chip.emotion")).to_contain_text("开心")
    expect(chips).to_have_count(2)
    desk.press("Escape", "u")
    expect(desk.page.locator(".head .suggestion")).to_have_count(0)
    desk.page.locator(".row").nth(4).locator(".answer.refuse").click()
    expect(chips).to_have_count(0)
    desk.press("y")
    expect(desk.page.locator(".toast")).to_contain_text("没有建议")
    desk.press("z", "z", "z")
    expect(chips).to_have_count(3)
    desk.saved()
    assert all(message.emotions == () for message in desk.stored()[0].messages)


def test_who_accepts_that_it_repeats_another_rejects_it_and_goes_on(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk(plain_ones=2, first=(TALK,))
    hint(desk, alike=True)
    chip = desk.page.locator(".head .suggestion")
    expect(chip).to_contain_text("93%")
    expect(chip.locator(".near-way")).to_be_visible()
    desk.press("y")
    desk.shows("第1个问题")
    desk.saved()
    assert desk.statuses() == "rpp"
    desk.press("z")
    desk.shows("第0句")
    desk.press("u")
    expect(chip).to_have_count(0)
    expect(desk.page.locator(".near-way")).to_have_count(0)
    desk.saved()
    assert desk.statuses() == "ppp"


def test_one_click_splits_drops_or_asks_for_background(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(plain_ones=2, first=(TALK,))
    hint(
        desk,
        {"kind": "topic_jump", "score": 0.6, "row": 4},
        {"kind": "incomplete", "score": 0.8, "reason": "ends with a question"},
        {"kind": "incomplete", "score": 0.5, "reason": "a reply to a picture", "rule": "picture"},
        {"kind": "too_thin", "score": 0.7},
    )
    chips = desk.page.locator(".suggestion")
    lacking = desk.page.locator('.head .suggestion[data-kind="incomplete"]')
    expect(chips).to_have_count(3)
    expect(lacking).to_contain_text("ends with a question a reply to a picture")
    lacking.locator(".because").click()
    desk.area.fill("刚挂了电话")
    desk.press("Control+Enter")
    expect(lacking).to_have_count(0)
    desk.shows("刚挂了电话")
    desk.page.locator(".row").nth(4).locator(".jump .accept").click()
    expect(desk.page.locator(".row")).to_have_count(4)
    expect(desk.page.locator(".jump")).to_have_count(0)
    desk.press("z")
    expect(desk.page.locator(".row")).to_have_count(6)
    desk.page.locator(".row").nth(4).locator(".jump .refuse").click()
    expect(desk.page.locator(".jump")).to_have_count(0)
    desk.press("y")
    desk.shows("第1个问题")
    desk.saved()
    assert desk.statuses() == "rpp"
    desk.press("z")
    desk.shows("第0句")
    expect(desk.page.locator('.head .suggestion[data-kind="too_thin"]')).to_be_visible()
    desk.saved()
    assert desk.statuses() == "ppp"


def test_a_drafted_background_is_used_as_it_is_or_changed_first(
    make_desk: Callable[..., Desk],
) -> None:
    drafts = [{"reason": "{text}", "reason_values": json.dumps({"text": each})} for each in "甲乙"]
    desk = make_desk(plain_ones=2, first=(TALK,))
    hint(desk, *({"kind": "background", "score": 0.9, **each} for each in drafts))
    chips = desk.page.locator('.suggestion[data-kind="background"]')
    expect(chips).to_have_count(2)
    desk.press("y")
    expect(chips).to_have_count(1)
    expect(desk.page.locator(".note")).to_contain_text("甲")
    chips.locator(".because").click()
    expect(desk.area).to_have_value("甲\n乙")
    desk.area.fill("甲，丙")
    desk.press("Control+Enter")
    expect(chips).to_have_count(0)
    desk.saved()
    assert desk.stored()[0].background == "甲，丙"
