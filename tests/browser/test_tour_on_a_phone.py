"""The tour of the first start on a phone: a finger finds what ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import as_new, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.browser.conftest import Server

FINGER: Final = 44
"""As wide and high as WCAG's enhanced size of a target, in pixels."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("tour"), lambda _workspace: None) as running:
        yield running


@pytest.mark.parametrize("address", ["", "overview"], ids=["its steps", "the way to them"])
def test_what_ends_the_tour_is_as_large_as_a_finger_at_the_end_of_the_first_line(
    server: Server, tab: Page, address: str
) -> None:
    as_new(tab, server, width=390, height=844)
    tab.goto(f"{server.url}/{address}")
    end = tab.locator(".st-key-tour-end button")
    expect(end).to_be_visible()
    box, tour = end.bounding_box(), tab.locator(".st-key-tour").bounding_box()
    words = tab.locator(".st-key-tour p").first.bounding_box()
    assert box is not None
    assert tour is not None
    assert words is not None
    assert min(box["width"], box["height"]) >= FINGER
    assert words["x"] + words["width"] <= box["x"], "over no words"
    assert words["y"] < box["y"] + box["height"] / 2 < words["y"] + words["height"], "beside them"
    assert box["x"] + box["width"] <= tour["x"] + tour["width"]
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_touch_at_its_corner_ends_the_tour(server: Server, tab: Page) -> None:
    as_new(tab, server, width=390, height=844)
    tab.goto(f"{server.url}/overview")
    tab.locator(".st-key-tour-end button").click(position={"x": FINGER - 4, "y": 4})
    expect(tab.locator(".st-key-tour")).to_have_count(0)
