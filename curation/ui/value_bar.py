"""The bar below the values: it decides what is ticked, else the value the keys are at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from curation.model import Decision
from curation.ui.catalogue import _, ngettext
from curation.ui.decisions import ICON, decide
from curation.ui.html import in_place
from curation.ui.state import Keys, get_state, set_widget, widget_value
from curation.ui.value_cards import tick_key, told_standing
from curation.ui.words import decision_verb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.workflow import FindingGroup, Standing

_KEYS: Final = {Decision.MASK: "X", Decision.KEEP: "L", Decision.PENDING: "S"}
"""X and S mean here what they mean in review: not into the file, and later; L is free there."""
_BEHIND: Final = ("", "")
"""Where the keys are behind the last value drawn; of what is drawn next, at the first."""
_LONGEST: Final = 12  # characters of the words around a value


def place_of(groups: Sequence[FindingGroup]) -> int:
    """Return which of the values shown the keys are at: the first, where it is none of them."""
    at = get_state().privacy_at
    return next((n for n, each in enumerate(groups) if (each.entity, each.value) == at), 0)


def ticked(groups: Sequence[FindingGroup]) -> list[FindingGroup]:
    """Return which of the values shown are ticked."""
    return [each for each in groups if widget_value(tick_key(each))]


def draw_ticker(groups: Sequence[FindingGroup]) -> None:
    """Draw the button that ticks all values shown."""
    label = ngettext("Tick the {n} here", "Tick the {n} here", len(groups))
    st.button(
        label.format(n=len(groups)),
        key="tick-all",
        icon=":material/select_check_box:",
        type="tertiary",
        on_click=_tick,
        args=(groups,),
    )


def draw_bar(groups: Sequence[FindingGroup], standings: Sequence[Standing]) -> None:
    """Draw the bar: what it decides, the buttons with their keys, and the way to the next value."""
    place = place_of(groups)
    _go_to(groups, place)
    some = ticked(groups)
    chosen = some or [groups[place]]
    key = Keys.PRIVACY_BAR + ("-ticked" if some else "")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=key):
        if some:
            text = ngettext("{n} value ticked", "{n} values ticked", len(some))
            st.markdown(f"**{text.format(n=len(some))}**", width="stretch")
        else:
            one = groups[place]
            quote = in_place(
                one.before[-_LONGEST:],
                one.shown,
                one.after[:_LONGEST],
                told_standing(standings[place]),
            )
            st.html(quote, width="stretch")
        for decision, shortcut in _KEYS.items():
            back = decision is Decision.PENDING
            st.button(
                _("Undecided again") if back else decision_verb(decision),
                key=f"bar-{decision.value}",
                icon=f":material/{ICON[decision]}:",
                shortcut=shortcut,
                disabled=back and all(each.undecided == each.count for each in chosen),
                on_click=_decide,
                args=(groups, some, decision),
            )
        if some:
            st.button(
                _("Untick"), key="untick", icon=":material/close:", type="tertiary", on_click=untick
            )
        with st.container(
            horizontal=True, width="content", gap="small", key=f"{Keys.ICONS}-privacy-move"
        ):
            for label, icon, arrow, step in (
                (_("Value before"), "arrow_upward", "Up", -1),
                (_("Next value"), "arrow_downward", "Down", 1),
            ):
                st.button(
                    label,
                    key=f"bar-{arrow.lower()}",
                    icon=f":material/{icon}:",
                    help=label,
                    shortcut=arrow,
                    type="tertiary",
                    disabled=not 0 <= place + step < len(groups),
                    on_click=_move,
                    args=(groups, step),
                )
            st.button(
                _("Tick"),
                key="bar-tick",
                icon=":material/check_box:",
                help=_("Tick, to decide several at once"),
                shortcut="V",
                type="tertiary",
                on_click=_turn,
                args=(groups,),
            )


def untick() -> None:
    """Take every tick away; only in a callback."""
    get_state().privacy_ticked += 1


# A key may be pressed again before the bar is drawn anew. So what it is about is asked when it is
# pressed: the second one is for the next value.


def _decide(
    groups: Sequence[FindingGroup], drawn: Sequence[FindingGroup], decision: Decision
) -> None:
    """Decide values, and go on behind the last of them; `drawn` were ticked in the bar."""
    chosen = ticked(groups) or drawn or [groups[_present(groups)]]
    decide(chosen, decision)
    _go_to(groups, groups.index(chosen[-1]) + 1)
    untick()


def _present(groups: Sequence[FindingGroup]) -> int:
    """Return at which of the values drawn the keys are now; behind the last one, at that."""
    return len(groups) - 1 if get_state().privacy_at == _BEHIND else place_of(groups)


def _go_to(groups: Sequence[FindingGroup], place: int) -> None:
    at = groups[place] if place < len(groups) else None
    get_state().privacy_at = _BEHIND if at is None else (at.entity, at.value)


def _move(groups: Sequence[FindingGroup], step: int) -> None:
    _go_to(groups, min(max(_present(groups) + step, 0), len(groups) - 1))


def _turn(groups: Sequence[FindingGroup]) -> None:
    key = tick_key(groups[_present(groups)])
    set_widget(key, not widget_value(key))


def _tick(groups: Sequence[FindingGroup]) -> None:
    for group in groups:
        set_widget(tick_key(group), value=True)
