"""The table of keys on the settings page: press a button, then the new key.

The browser half only listens for the key; whether it can be had is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from curation.ui.components.pieces import piece, piece_files
from curation.ui.keyboard import EMOTION, GROUPS, changeable, keymap, printed, slot_label, slots

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from curation.ui.components.pieces import PieceFiles

_NAME: Final = "ruwo_keys"
_LONGEST: Final = 24


@dataclass(frozen=True, slots=True)
class KeyPress:
    """The key that a person pressed for a slot; None asks for the usual key again.

    `turn` tells one press from the next.
    """

    slot: str
    key: str | None
    turn: int


@dataclass(frozen=True, slots=True)
class KeyAnswer:
    """What came of a press: why it was refused, nothing where it was kept."""

    slot: str
    turn: int
    refused: str = ""


def read_press(value: object) -> KeyPress | None:
    """Return what the piece sent, None when it is not such a message."""
    if not isinstance(value, dict):
        return None
    slot, key, turn = (value.get(name) for name in ("slot", "key", "turn"))
    if slot not in changeable() or not (key is None or isinstance(key, str)):
        return None
    if isinstance(turn, bool) or not isinstance(turn, int | float) or turn != int(turn):
        return None
    return (
        None if key is not None and not 0 < len(key) <= _LONGEST else KeyPress(slot, key, int(turn))
    )


def key_table_data(
    changed: Mapping[str, str],
    emotions: Sequence[str],
    *,
    answer: KeyAnswer | None,
    titles: Mapping[str, str],
    labels: Mapping[str, str],
) -> dict[str, Any]:
    """Return what the piece is given: plain JSON values. `titles` name the groups."""
    held = keymap(changed)
    usual = slots()

    def row(slot: str) -> dict[str, Any]:
        if slot.startswith(EMOTION):
            names = [held["emotions"][int(slot.removeprefix(EMOTION))]]
        else:
            names = list(held[slot])
        return {
            "slot": slot,
            "label": slot_label(slot, emotions),
            "keys": [printed(name) for name in names if name],
            "changed": slot in changed and changed[slot] == names[0] != usual[slot][0],
            "usual": printed(usual[slot][0]),
        }

    tags = [slot for slot in changeable() if slot.startswith(EMOTION)]
    groups = [*GROUPS, ("keys_tags", tags)]
    return {
        "groups": [
            {"title": titles[title], "rows": [row(slot) for slot in names]}
            for title, names in groups
        ],
        "answer": None
        if answer is None
        else {"slot": answer.slot, "turn": answer.turn, "refused": answer.refused},
        "labels": dict(labels),
    }


def key_table_labels(_: Callable[[str], str]) -> dict[str, str]:
    """Return every text of the piece, translated by `_`."""
    return {
        "change": _("Change"),
        "change_named": _("Change the key of: {command}"),
        "press": _("Press the new key…"),
        "leave": _("Esc leaves it as it is."),
        "usual": _("Back to {key}"),
    }


def key_table_files() -> PieceFiles:
    """Return the files of the piece."""
    folder, shared = "key_table_files", "review_files"
    return piece_files(
        f"{folder}/table.html",
        f"{folder}/table.css",
        f"{shared}/dom.js",
        f"{shared}/keys.js",
        f"{folder}/table.js",
    )


def mount_key_table(
    data: Mapping[str, Any], *, key: str, on_press: Callable[[KeyPress], None]
) -> None:
    """Draw the piece; `on_press` is called with each choice, before the run it causes."""

    def received() -> None:
        press = read_press(st.session_state[key].pressed)
        if press is not None:
            on_press(press)

    piece(_NAME, key_table_files())(key=key, data=dict(data), on_pressed_change=received)
