"""Pictures whose bars lead to the conversations they stand for, with the mouse and without."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd
import streamlit as st

from curation.ui.catalogue import _
from curation.ui.filters import to_query
from curation.ui.markdown import plain
from curation.ui.pages import go
from curation.ui.state import get_state

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from curation.model import ConversationFilter

_PICK: Final = "pick"
_ROW: Final = 26
_AXIS: Final = 40
_TALL: Final = 210
_AROUND: Final = 160


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, or a part of one: `label` is where it stands, `part` which piece of the bar it is.

    `leads` is the filter whose conversations it stands for; without one it cannot be clicked.
    """

    label: str
    count: int
    leads: ConversationFilter | None = None
    part: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A bar chart: `name` is its own among those of a page, `counted` what its numbers count.

    `across` draws bars sideways, for labels that are long. `colours` are those of the parts, in
    their order; without them all bars have the theme's. `sparse` leaves out labels that lack room.
    `note` says what is not in it.
    """

    name: str
    title: str
    counted: str
    bars: Sequence[Bar]
    across: bool = False
    colours: Mapping[str, str] | None = None
    sparse: bool = False
    note: str = ""


def draw_legend(colours: Mapping[str, str], counts: Mapping[str, int] | None = None) -> None:
    """Draw which colour stands for what, in a line that wraps: a chart's own leaves gaps.

    With `counts` each is followed by its number.
    """
    numbers = {} if counts is None else {name: f"{counts.get(name, 0):,}" for name in colours}
    marks = "".join(
        '<span style="display:inline-flex;align-items:center;gap:.4rem">'
        f'<i style="width:.7rem;height:.7rem;border-radius:2px;background:{escape(colour)}"></i>'
        f"{escape(name)}"
        + (f' <b style="font-size:1.2rem">{numbers[name]}</b>' if numbers else "")
        + "</span>"
        for name, colour in colours.items()
    )
    gap = ".25rem 1.75rem" if numbers else ".1rem .9rem"
    st.html(f'<div style="display:flex;flex-wrap:wrap;gap:{gap};font-size:.875rem">{marks}</div>')


def draw_shares(counts: Mapping[str, int], colours: Mapping[str, str], title: str) -> None:
    """Draw how a whole is made up as one bar with its numbers; both are keyed by names of parts."""
    told = [f"{name}: {counts[name]:,}" for name in colours if counts.get(name)]
    pieces = "".join(
        f'<i style="flex:{counts[name]} 1 0;min-width:2px;background:{escape(colour)}"'
        f' title="{escape(f"{name}: {counts[name]:,}")}"></i>'
        for name, colour in colours.items()
        if counts.get(name)
    )
    st.html(
        f'<div role="img" aria-label="{escape(" · ".join([title, *told]))}" style="display:flex;'
        f'height:.9rem;border-radius:.25rem;overflow:hidden">{pieces}</div>'
    )
    draw_legend(colours, counts)


def draw_picture(picture: Picture) -> None:
    """Draw a picture, and the same as choices in words; a click on either opens the table."""
    st.markdown("##### " + picture.title)
    if picture.colours:
        draw_legend(picture.colours)
    chosen = st.altair_chart(
        _chart(picture),
        key=f"picture-{picture.name}-{get_state().picture_round}",
        on_select="rerun",
        selection_mode=_PICK,
        alt=picture.title,
    )
    picked: Any = chosen.selection.get(_PICK, [])
    leads = [bar.leads for bar in picture.bars]
    for each in picked:
        at = each.get("at")
        if isinstance(at, int) and 0 <= at < len(leads):
            _open(leads[at])
    if picture.note:
        st.caption(picture.note)
    _draw_words(picture)


def height_of(picture: Picture) -> int:
    """Return about how high a picture is with all that stands around it, in pixels."""
    rows = len({bar.label for bar in picture.bars})
    return (_ROW * rows + _AXIS if picture.across else _TALL) + _AROUND


def _open(flt: ConversationFilter | None) -> None:
    if flt is not None:
        # The picture that comes back has nothing picked.
        get_state().picture_round += 1
        go("table", to_query(flt))


def _draw_words(picture: Picture) -> None:
    """Draw the picture in words: a choice for each bar, which the keyboard reaches as well."""
    shown = [at for at, bar in enumerate(picture.bars) if bar.count]
    with st.expander(_("In words"), icon=":material/list:"):
        chosen = st.pills(
            picture.title + " · " + _("choose one to see its conversations"),
            shown,
            format_func=_words_of(picture),
            key=f"words-{picture.name}-{get_state().picture_round}",
        )
    if chosen is not None:
        _open(picture.bars[chosen].leads)


def _words_of(picture: Picture) -> Callable[[int], str]:
    def words(at: int) -> str:
        bar = picture.bars[at]
        names = " · ".join(filter(None, (bar.label, bar.part)))
        return f"{plain(names)}: {bar.count:,}"

    return words


def _chart(picture: Picture) -> alt.Chart:
    table = pd.DataFrame(
        {
            "at": range(len(picture.bars)),
            "label": [bar.label for bar in picture.bars],
            "part": [bar.part for bar in picture.bars],
            "count": [bar.count for bar in picture.bars],
        }
    )
    order = list(dict.fromkeys(table["label"]))
    pick = alt.selection_point(name=_PICK, fields=["at"], on="click", clear=False)
    encoding: dict[str, Any] = {
        "tooltip": [
            alt.Tooltip("label:N", title=picture.title),
            *([alt.Tooltip("part:N", title=" ")] if picture.colours else []),
            alt.Tooltip("count:Q", title=picture.counted, format=","),
        ]
    }
    numbers = alt.Axis(tickMinStep=1, grid=True, format=",d", tickCount=4)
    if picture.across:
        names = alt.Axis(labelLimit=130, labelOverlap=False)
        encoding["y"] = alt.Y("label:N", sort=order, title=None, axis=names)
        encoding["x"] = alt.X("count:Q", title=None, axis=numbers)
    else:
        overlap: Any = "parity" if picture.sparse else False
        names = alt.Axis(labelAngle=0, labelOverlap=overlap, grid=False)
        encoding["x"] = alt.X("label:N", sort=order, title=None, axis=names)
        encoding["y"] = alt.Y("count:Q", title=None, axis=numbers)
    if picture.colours:
        scale = alt.Scale(domain=list(picture.colours), range=list(picture.colours.values()))
        encoding["color"] = alt.Color("part:N", scale=scale, legend=None)
        encoding["order"] = alt.Order("at:Q")
    chart: alt.Chart = (
        alt.Chart(table)
        .mark_bar(cornerRadius=2, cursor="pointer")
        .encode(**encoding)
        .add_params(pick)
        .properties(height=height_of(picture) - _AROUND)
    )
    return chart
