"""Which rows of the table are chosen, on the page that is shown and on others.

The piece in the browser knows its own page; what was ticked on a page is kept here when another
is turned to, sorted otherwise or looked at longer, until the filter changes or something was done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from curation.ui.components.rows import read_chosen
from curation.ui.state import get_state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from curation.model import ConversationFilter


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen rows with the versions that were shown, and how many are on other pages."""

    rows: Mapping[int, int]
    elsewhere: int = 0


def begin(flt: ConversationFilter) -> None:
    """Forget what was chosen of another filter, or before something was done to it."""
    state = get_state()
    of = (flt, state.table_round)
    if state.ticks_of != of:
        state.ticks_of, state.ticks = of, {}


def show(view: str, versions: Mapping[int, int]) -> Chosen:
    """Take note of the rows that are drawn; return what is chosen.

    What is chosen and drawn counts as it is drawn now.
    """
    state = get_state()
    state.ticks_shown = (view, dict(versions))
    for number in state.ticks.keys() & versions.keys():
        state.ticks[number] = versions[number]
    return Chosen(dict(state.ticks), len(state.ticks.keys() - versions.keys()))


def told(value: object) -> None:
    """Keep what the piece says is ticked on the page that it shows; only in a callback."""
    state = get_state()
    view, versions = state.ticks_shown
    ids = read_chosen(value, view)
    if ids is None:
        return  # of a page that is no longer shown
    for number in versions:
        state.ticks.pop(number, None)
    state.ticks |= {number: versions[number] for number in ids if number in versions}


def clear() -> None:
    """Choose nothing any more; only in a callback."""
    get_state().table_round += 1  # the piece and the switch for all begin anew
