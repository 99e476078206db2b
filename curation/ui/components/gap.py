"""The gap piece: a chat's pauses as a histogram, and the line that cuts its conversations.

The browser half stands in `gap_files/`. It paints while the line moves, with an estimate from the
histogram; a chosen value goes to the server, whose next data holds the exact counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from curation import workflow
from curation.ui.components.pieces import piece, piece_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from curation.ui.components.pieces import PieceFiles
    from curation.workflow import GapProfile

LEAST_MINUTES: Final = 1
MOST_MINUTES: Final = 24 * 60
_NAME: Final = "ruwo_gap"


@dataclass(frozen=True, slots=True)
class ChosenGap:
    """What the piece sent: the chat it was drawn for, and minutes or None for automatic."""

    chat: int
    minutes: int | None


def read_chosen(value: object) -> ChosenGap | None:
    """Return what the piece sent, None when it is not such a message."""
    if not isinstance(value, dict):
        return None
    chat, minutes = (workflow.whole_number(value.get(name)) for name in ("chat", "minutes"))
    if chat is None or (minutes is None and value.get("minutes") is not None):
        return None
    if minutes is not None and not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        return None
    return ChosenGap(chat, minutes)


def pauses_longer(profile: GapProfile) -> float:
    """Return about how many pauses are longer than the one in use, from the histogram alone."""
    longer = 0.0
    for size, start, end in zip(
        profile.counts, profile.edges_minutes, profile.edges_minutes[1:], strict=False
    ):
        share = math.log(end / profile.used_minutes) / math.log(end / start)
        longer += size * min(max(share, 0.0), 1.0)
    return longer


def gap_data(
    profile: GapProfile,
    *,
    chat: int,
    fixed: int | None,
    conversations: int,
    exact: bool,
    kept: int,
    labels: Mapping[str, str],
) -> dict[str, Any]:
    """Return what the piece is given: plain JSON values.

    `fixed` is the pause of the settings, None where each chat goes by its own times.
    `conversations` is how many the chat would have with the gap in use, exactly or about; `kept`
    how many of them are left alone because somebody worked on them.
    """
    return {
        "chat": chat,
        "edges": [float(edge) for edge in profile.edges_minutes],
        "counts": [int(count) for count in profile.counts],
        "valley": round(profile.valley_minutes),
        "used": round(profile.used_minutes),
        "default": round(profile.valley_minutes) if fixed is None else fixed,
        "automatic": profile.gap_minutes is None,
        "least": LEAST_MINUTES,
        "most": MOST_MINUTES,
        "conversations": conversations,
        "exact": exact,
        "kept": kept,
        "labels": dict(labels),
    }


def gap_labels(_: Callable[[str], str], *, adaptive: bool) -> dict[str, str]:
    """Return every text of the piece, translated by `_`.

    `adaptive` says whether a chat without a pause of its own goes by its own times.
    """
    return {
        "line": _("Pause after which a new conversation begins, in minutes"),
        "before": _("Pause"),
        "after": _("minutes"),
        "same": _("same conversation"),
        "other": _("a new one"),
        "automatic": _("Automatic: {time}") if adaptive else _("As in the settings: {time}"),
        "bar": _("{from} to {to}: {n} pauses"),
        "exact": _("gives {n} conversations"),
        "about": _("gives about {n} conversations"),
        "kept": _("{n} of them reviewed, they stay"),
        "second": _("{n} s"),
        "minute": _("{n} min"),
        "hour": _("{n} h"),
        "day": _("{n} d"),
    }


def gap_files() -> PieceFiles:
    """Return the files of the piece."""
    return piece_files("gap_files/gap.html", "gap_files/gap.css", "gap_files/gap.js")


def mount_gap(data: Mapping[str, Any], *, key: str, on_chosen: Callable[[ChosenGap], None]) -> None:
    """Draw the piece; `on_chosen` is called with each choice, before the run it causes."""

    def received() -> None:
        chosen = read_chosen(st.session_state[key].chosen)
        if chosen is not None:
            on_chosen(chosen)

    piece(_NAME, gap_files())(key=key, data=dict(data), on_chosen_change=received)
