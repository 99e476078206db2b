"""What the gap piece is given and what it sends, without a browser."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from curation.ui.components.gap import (
    MOST_MINUTES,
    ChosenGap,
    gap_data,
    gap_files,
    gap_labels,
    pauses_longer,
    read_chosen,
)
from curation.workflow import GapProfile

LABELS = gap_labels(str, adaptive=True)


def given(**fields: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {"fixed": None, "conversations": 40, "kept": 3, "exact": True}
    profile = GapProfile(
        edges_minutes=(0.1, 1.0, 10.0),
        counts=(7, 2),
        valley_minutes=23.6,
        used_minutes=float(fields.pop("used", 23.6)),
        gap_minutes=fields.pop("own", None),
    )
    return gap_data(profile, chat=5, labels=LABELS, **{**usual, **fields})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param({"chat": 5, "minutes": 42}, ChosenGap(5, 42), id="a number"),
        pytest.param(
            {"chat": 5, "minutes": 42.0}, ChosenGap(5, 42), id="as JavaScript may write it"
        ),
        pytest.param({"chat": 5, "minutes": None}, ChosenGap(5, None), id="automatic"),
        pytest.param({"chat": 5, "minutes": 0}, None, id="nothing"),
        pytest.param({"chat": 5, "minutes": MOST_MINUTES + 1}, None, id="more than a day"),
        pytest.param({"chat": 5, "minutes": 1.5}, None, id="half minutes"),
        pytest.param({"chat": 5, "minutes": float("inf")}, None, id="infinite"),
        pytest.param({"chat": 5, "minutes": True}, None, id="yes"),
        pytest.param({"chat": "5", "minutes": 42}, None, id="chat as text"),
        pytest.param({"minutes": 42}, None, id="no chat"),
        pytest.param("42", None, id="no message"),
        pytest.param(None, None, id="nothing at all"),
    ],
)
def test_only_a_pause_a_chat_can_have_is_taken(value: object, expected: ChosenGap | None) -> None:
    assert read_chosen(value) == expected


def test_data_is_plain_json_and_says_what_holds_without_a_pause_of_its_own() -> None:
    data = given()
    assert json.loads(json.dumps(data)) == data
    assert (data["used"], data["valley"], data["default"], data["automatic"]) == (24, 24, 24, True)


def test_a_fixed_pause_of_the_settings_is_what_the_button_goes_back_to() -> None:
    data = given(fixed=30, own=55, used=55)
    assert (data["used"], data["valley"], data["default"], data["automatic"]) == (55, 24, 30, False)


@pytest.mark.parametrize(
    ("used", "longer"),
    [
        pytest.param(0.1, 9, id="all of them"),
        pytest.param(1.0, 2, id="a border of bins"),
        pytest.param(10**0.5, 1, id="half of a bin's width on the logarithmic axis"),
        pytest.param(10.0, 0, id="none"),
        pytest.param(1000.0, 0, id="beyond the histogram"),
    ],
)
def test_the_histogram_tells_about_how_many_pauses_are_longer(used: float, longer: float) -> None:
    profile = GapProfile((0.1, 1.0, 10.0), (7, 2), 1.0, used, None)
    assert pauses_longer(profile) == pytest.approx(longer)


def test_the_script_asks_for_no_word_that_is_not_given() -> None:
    _html, _css, script = gap_files()
    wanted = set(re.findall(r"\bwords\.(\w+)", script))
    units = set(re.findall(r'\[[\d\s/]+, "(\w+)"', script))
    assert wanted | units
    assert wanted | units <= set(LABELS)


def test_the_piece_asks_nothing_from_the_net_and_sets_no_html() -> None:
    html, css, script = gap_files()
    assert not re.findall(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", html + css + script)
    assert "innerHTML" not in script
