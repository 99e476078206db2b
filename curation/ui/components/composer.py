"""The composer: a conversation typed from nothing, as bubbles, with a draft that is always kept.

The browser half stands in `composer_files/`. It sends all that is written at every change, so that
one message of it is enough; `place` tells one conversation that is being written from another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from curation import workflow
from curation.model import Side
from curation.storable import storable
from curation.ui.components.pieces import piece, piece_files
from curation.workflow import LONGEST_LINE, MOST_LINES, Line, WritingDraft

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from curation.ui.components.pieces import PieceFiles

_NAME: Final = "ruwo_composer"


@dataclass(frozen=True, slots=True)
class Written:
    """What is written at a place, as message `number` of the screen."""

    place: str
    number: int
    draft: WritingDraft


def read_written(value: object) -> Written | None:
    """Return what the piece sent, None when it is not such a message."""
    if not isinstance(value, dict):
        return None
    place, number = value.get("place"), workflow.whole_number(value.get("n"))
    lines, typing = value.get("lines", []), value.get("typing", "")
    side = value.get("side", Side.OTHER.value)
    if not isinstance(place, str) or not isinstance(typing, str) or side not in set(Side):
        return None
    if number is None:
        return None
    if not isinstance(lines, list) or not all(_is_line(each) for each in lines[:MOST_LINES]):
        return None
    return Written(
        place,
        number,
        WritingDraft(
            lines=tuple(
                Line(Side(each["side"]), _kept(each["text"])) for each in lines[:MOST_LINES]
            ),
            typing=_kept(typing),
            side=Side(side),
        ),
    )


def _is_line(value: object) -> bool:
    return (
        isinstance(value, dict)
        and value.get("side") in set(Side)
        and isinstance(value.get("text"), str)
    )


def _kept(text: str) -> str:
    """Return what is kept of a line: as much as is read, without what no database takes."""
    return storable(text[: 2 * LONGEST_LINE])


def composer_data(
    place: str,
    draft: WritingDraft,
    *,
    drafted: bool,
    turn: int,
    number: int,
    labels: Mapping[str, str],
) -> dict[str, Any]:
    """Return what the piece is given: plain JSON values.

    `drafted` says whether `draft` is one that is kept, and not only how to begin. With another
    `turn` it begins anew with `draft`; `number` is its last message that was kept.
    """
    return {
        "place": place,
        "drafted": drafted,
        "turn": turn,
        "number": number,
        "lines": [{"side": each.side.value, "text": each.text} for each in draft.lines],
        "typing": draft.typing,
        "side": draft.side.value,
        "labels": dict(labels),
    }


def composer_labels(_: Callable[[str], str]) -> dict[str, str]:
    """Return every text of the piece, translated by `_`."""
    return {
        "talk": _("What is written so far"),
        "empty": _("Type the first message below and press Enter."),
        "me": _("Me"),
        "other": _("The other"),
        "turn": _("Now speaking: {side}. Press to change."),
        "me_says": _("What I say …"),
        "other_says": _("What the other says …"),
        "swap": _("Change the side"),
        "drop": _("Remove this message"),
        "edit": _("Change this message"),
        "save": _("Keep this conversation"),
        "clear": _("Begin anew"),
        "kept": _("Draft kept"),
        "keeping": _("Keeping the draft …"),
        "keys": _(
            "Enter puts the message up; Enter in the empty box changes the side; Shift+Enter begins"
            " a new line; ↑ changes the last message; Ctrl+Enter keeps the conversation."
        ),
    }


def composer_files() -> PieceFiles:
    """Return the files of the piece."""
    folder = "composer_files"
    return piece_files(
        f"{folder}/composer.html",
        f"{folder}/composer.css",
        "review_files/dom.js",
        f"{folder}/composer.js",
    )


def mount_composer(
    data: Mapping[str, Any],
    *,
    key: str,
    on_draft: Callable[[Written], None],
    on_saved: Callable[[Written], None],
    on_cleared: Callable[[Written], None],
) -> None:
    """Draw the piece; each callback is called with what was sent, before the run it causes."""

    def received(name: str, act: Callable[[Written], None]) -> Callable[[], None]:
        def call() -> None:
            written = read_written(getattr(st.session_state[key], name))
            if written is not None:
                act(written)

        return call

    piece(_NAME, composer_files())(
        key=key,
        data=dict(data),
        on_draft_change=received("draft", on_draft),
        on_saved_change=received("saved", on_saved),
        on_cleared_change=received("cleared", on_cleared),
    )
