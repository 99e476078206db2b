"""Which key does what on the review page: the usual keys, and those that a person chose instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.ui.catalogue import _
from curation.ui.components.review_words import KEYS, review_labels

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

EMOTION: Final = "emotion:"
GROUPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("keys_decide", ("approve", "reject", "skip", "next", "previous", "undo", "redo")),
    (
        "keys_message",
        (
            "select_next",
            "select_previous",
            "edit",
            "delete",
            "add",
            "background",
            "side",
            "note",
            "split",
            "merge",
            "merge_previous",
            "replace",
        ),
    ),
    (
        "keys_several",
        ("extend_next", "extend_previous", "select_all", "select_several", "split_off"),
    ),
    ("keys_findings", ("finding", "flag", "record")),
    ("keys_suggestions", ("accept", "refuse")),
    ("keys_rest", ("help",)),
)
"""The commands whose key can be changed, as they stand together on screen."""

_PRINTED: Final = {
    "arrowleft": "←",
    "arrowright": "→",
    "arrowup": "↑",
    "arrowdown": "↓",
    "escape": "Esc",
    "delete": "Del",
    "pageup": "PgUp",
    "pagedown": "PgDn",
}
_NAMED: Final = frozenset(
    {"delete", "backspace", "insert", "home", "end", "pageup", "pagedown"}
    | {f"arrow{way}" for way in ("left", "right", "up", "down")}
)
_PRESSING: Final = frozenset({"tab", "enter", "space", "escape"})
# Firefox opens its quick search with them.
_FINDING: Final = frozenset({"/", "'"})


def slots() -> dict[str, tuple[str, ...]]:
    """Return the usual keys of everything that has one; each emotion is a slot of its own."""
    usual = {command: names for command, names in KEYS.items() if command != "emotions"}
    return usual | {f"{EMOTION}{at}": (key,) for at, key in enumerate(KEYS["emotions"])}


def changeable() -> tuple[str, ...]:
    """Return the slots whose first key a person may change."""
    commands = tuple(command for _title, names in GROUPS for command in names)
    return commands + tuple(f"{EMOTION}{at}" for at in range(len(KEYS["emotions"])))


def keymap(changed: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the keys of every command, the one to print first.

    `changed` holds the keys a person chose, by slot. Such a key stands in place of the first usual
    one and goes before any other usual key that is equal; what cannot be a key is passed over. An
    emotion that lost its key to another slot has an empty one.
    """
    own: dict[str, str] = {}
    for slot, key in changed.items():
        if slot in changeable() and _not_a_key(key) is None and key not in own.values():
            own[slot] = key
    taken = frozenset(own.values())
    held: dict[str, tuple[str, ...]] = {}
    for slot, usual in slots().items():
        first = (own[slot],) if slot in own else usual[:1]
        rest = tuple(key for key in usual[1:] if key not in taken)
        if slot not in own:
            first = tuple(key for key in first if key not in taken)
        held[slot] = first + rest
    emotions = tuple("".join(held.pop(f"{EMOTION}{at}")) for at in range(len(KEYS["emotions"])))
    return held | {"emotions": emotions}


def why_refused(slot: str, key: str, changed: Mapping[str, str], emotions: Sequence[str]) -> str:
    """Return why `key` cannot be the key of `slot`, in one sentence; nothing where it can."""
    if slot not in changeable():
        return _("This key cannot be changed.")
    reason = _not_a_key(key)
    if reason is not None:
        return reason(printed(key))
    held = keymap({other: each for other, each in changed.items() if other != slot})
    for command, names in held.items():
        for at, name in enumerate(names):
            owner = f"{EMOTION}{at}" if command == "emotions" else command
            if name == key and owner != slot:
                return _("{key} is already “{command}”. Give that another key first.").format(
                    key=printed(key), command=slot_label(owner, emotions)
                )
    return ""


def slot_label(slot: str, emotions: Sequence[str]) -> str:
    """Return what a slot's key does, in words."""
    if not slot.startswith(EMOTION):
        label: str = review_labels(_)["commands"][slot]
        return label
    at = int(slot.removeprefix(EMOTION))
    named = emotions[at] if at < len(emotions) else _("no emotion")
    return _("Emotion {number}: {name}").format(number=at + 1, name=named)


def printed(key: str) -> str:
    """Return a key's name as it stands on screen."""
    *with_them, last = key.split("+") if key != "+" else [key]
    shown = _PRINTED.get(last, last[:1].upper() + last[1:])
    return "+".join([*(part.capitalize() for part in with_them), shown])


def _not_a_key(key: str) -> Callable[[str], str] | None:
    """Return what says why nothing can have this key; None for one that can be chosen."""
    if re.search(r"^(ctrl|alt|meta)\+.", key):
        return lambda _shown: _(
            "Combinations with Ctrl, Alt or ⌘ belong to the browser and to the text being typed."
        )
    plain = key.removeprefix("shift+") if key != "shift+" else ""
    if plain in ("c", "r"):
        return lambda shown: _("{key} belongs to the page, which would load again.").format(
            key=shown
        )
    if plain in _PRESSING:
        return lambda shown: _("{key} moves between buttons, presses or closes them.").format(
            key=shown
        )
    if plain in _FINDING or re.fullmatch(r"f\d{1,2}", plain):
        return lambda shown: _("{key} belongs to the browser.").format(key=shown)
    if plain in _NAMED or (len(plain) == 1 and "!" <= plain <= "~"):
        return None
    return lambda _shown: _("This key is not on every keyboard; choose a letter, digit or arrow.")
