"""Which keys a person may choose, and what the key map is then; without a browser."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.ui.catalogue import _
from curation.ui.components.key_table import (
    KeyAnswer,
    KeyPress,
    key_table_data,
    key_table_files,
    key_table_labels,
    read_press,
)
from curation.ui.components.review_words import KEYS, review_labels
from curation.ui.keyboard import GROUPS, changeable, keymap, printed, slots, why_refused

EMOTIONS = ("开心", "难过")
TITLES = {name: text for name, text in review_labels(str).items() if name.startswith("keys_")}


def all_keys(changed: dict[str, str]) -> list[str]:
    return [key for names in keymap(changed).values() for key in names if key]


def test_without_a_choice_every_command_has_its_usual_keys() -> None:
    assert keymap({}) == dict(KEYS)


def test_a_chosen_key_stands_in_place_of_the_first_one() -> None:
    held = keymap({"next": "l", "emotion:0": "0"})
    assert held["next"] == ("l", "arrowright")
    assert held["emotions"][:2] == ("0", "2")
    assert "j" not in all_keys({"next": "l"})


def test_a_usual_key_that_comes_later_does_not_take_a_chosen_one_away() -> None:
    # As after an update that gives a new command the key that a person had chosen.
    assert keymap({"approve": "x"})["reject"] == ()
    assert keymap({"approve": "2"})["emotions"][:3] == ("1", "", "3")


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"fly": "l"}, id="no such command"),
        pytest.param({"approve": "r"}, id="a reserved key"),
        pytest.param({"approve": ""}, id="no key"),
        pytest.param({"escape": "l"}, id="a command whose key is fixed"),
    ],
)
def test_what_cannot_be_a_key_is_passed_over(changed: dict[str, str]) -> None:
    assert keymap(changed) == dict(KEYS)


@given(
    st.dictionaries(
        st.sampled_from(changeable()), st.sampled_from([*"axsjkzlwqy159+?", "c", "arrowright", ""])
    )
)
def test_no_key_ever_does_two_things(changed: dict[str, str]) -> None:
    assert all(count == 1 for count in Counter(all_keys(changed)).values())


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        pytest.param("c", "C belongs to the page", id="clears the page's memory"),
        pytest.param("shift+r", "Shift+R belongs to the page", id="loads the page again"),
        pytest.param("tab", "Tab moves", id="tab"),
        pytest.param("enter", "Enter moves", id="enter"),
        pytest.param("space", "Space moves", id="space"),
        pytest.param("escape", "Esc moves", id="escape"),
        pytest.param("ctrl+s", "Combinations", id="control"),
        pytest.param("alt+arrowleft", "Combinations", id="alt"),
        pytest.param("ctrl+shift+t", "Combinations", id="several"),
        pytest.param("f5", "F5 belongs to the browser", id="function key"),
        pytest.param("/", "/ belongs to the browser", id="quick search"),
        pytest.param("dead", "not on every keyboard", id="dead key"),
        pytest.param("é", "not on every keyboard", id="a letter of one layout"),
        pytest.param("", "not on every keyboard", id="nothing"),
        pytest.param("a", "A is already “Approve”", id="taken by a letter"),
        pytest.param("arrowright", "→ is already “Next”", id="taken by a second key"),
        pytest.param("1", "1 is already “Emotion 1: 开心”", id="taken by an emotion"),
        pytest.param("9", "9 is already “Emotion 9: no emotion”", id="kept for an emotion"),
    ],
)
def test_a_key_that_cannot_be_had_is_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, key: str, reason: str
) -> None:
    monkeypatch.setattr("curation.ui.catalogue.current_language", lambda: "en")
    assert reason in why_refused("edit", key, {}, EMOTIONS)


@pytest.mark.parametrize("key", ["l", "shift+a", "0", "delete", "home", "+", "?!"[1]])
def test_any_other_key_can_be_had(key: str) -> None:
    assert why_refused("edit", key, {}, EMOTIONS) == ""
    assert keymap({"edit": key})["edit"][0] == key


def test_a_key_that_its_command_gave_up_is_free() -> None:
    assert why_refused("edit", "a", {"approve": "l"}, EMOTIONS) == ""
    assert why_refused("approve", "a", {"approve": "l"}, EMOTIONS) == ""


@pytest.mark.parametrize(
    ("key", "shown"),
    [("a", "A"), ("shift+z", "Shift+Z"), ("arrowleft", "←"), ("pageup", "PgUp"), ("+", "+")],
)
def test_a_key_is_printed_as_it_stands_on_the_keyboard(key: str, shown: str) -> None:
    assert printed(key) == shown


def test_every_command_with_a_key_of_its_own_can_be_changed() -> None:
    assert set(changeable()) == set(slots()) - {"escape"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"slot": "edit", "key": "l", "turn": 1.0}, KeyPress("edit", "l", 1)),
        ({"slot": "edit", "key": None, "turn": 1}, KeyPress("edit", None, 1)),
        ({"slot": "escape", "key": "l", "turn": 1}, None),
        ({"slot": "edit", "key": 3, "turn": 1}, None),
        ({"slot": "edit", "key": "l" * 99, "turn": 1}, None),
        ({"slot": "edit", "key": "l", "turn": True}, None),
        ({"slot": ["edit"], "key": "l", "turn": 1}, None),
        ("edit", None),
    ],
)
def test_only_a_press_is_taken(value: object, expected: KeyPress | None) -> None:
    assert read_press(value) == expected


def test_the_table_shows_what_holds_and_what_was_refused() -> None:
    data = key_table_data(
        {"next": "l"},
        EMOTIONS,
        answer=KeyAnswer("edit", 3, "No."),
        titles=TITLES,
        labels=key_table_labels(str),
    )
    assert json.loads(json.dumps(data)) == data
    rows = {row["slot"]: row for group in data["groups"] for row in group["rows"]}
    assert rows["next"]["keys"] == ["L", "→"]
    assert (rows["next"]["changed"], rows["next"]["usual"]) == (True, "J")
    assert not rows["edit"]["changed"]
    assert data["answer"] == {"slot": "edit", "turn": 3, "refused": "No."}
    assert set(rows) == set(changeable())
    assert {title for title, _names in GROUPS} <= set(TITLES)


def test_the_script_asks_only_for_words_that_exist_and_sets_no_markup() -> None:
    _html, _css, script = key_table_files()
    asked = set(re.findall(r'this\.word\("(\w+)"', script))
    assert asked == set(key_table_labels(_))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script)
