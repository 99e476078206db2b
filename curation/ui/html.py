"""Chat text drawn as HTML: always escaped, never interpreted."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from curation.model import Side

if TYPE_CHECKING:
    from collections.abc import Iterable

_BUBBLE: Final = {
    Side.ME: "background:rgba(149,236,105,.42);margin-left:auto;",
    Side.OTHER: "background:rgba(128,140,132,.16);margin-right:auto;",
}
_BUBBLE_SHAPE: Final = (
    "width:fit-content;max-width:100%;padding:.35rem .65rem;border-radius:.6rem;"
    "margin-bottom:.35rem;white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.5;"
)
_MARK: Final = (
    "background:rgba(255,176,32,.38);color:inherit;border-radius:.25rem;padding:.05rem .15rem;"
)
_STANDS: Final = "opacity:.75;font-size:.9em;margin-left:.4rem;"
_QUOTED: Final = "white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.6;"

_LONGEST: Final = 160
"""Characters of a sample line that are shown."""


def shorten(text: str, longest: int = _LONGEST) -> str:
    """Return `text`, cut to `longest` characters with an ellipsis where it is longer."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def bubbles(lines: Iterable[str], side: Side, *, whole: bool = False) -> str:
    """Return HTML of the lines as chat bubbles of one side, shortened unless `whole`."""
    style = _BUBBLE[side] + _BUBBLE_SHAPE
    shown = lines if whole else map(shorten, lines)
    return "".join(f'<div style="{style}">{escape(line)}</div>' for line in shown)


def marked(before: str, value: str, after: str) -> str:
    """Return HTML of a value highlighted between the words around it."""
    mark = f'<mark style="{_MARK}">{escape(value)}</mark>'
    return f'<div style="{_QUOTED}">{escape(before)}{mark}{escape(after)}</div>'


def in_place(before: str, value: str, after: str, stands: str = "") -> str:
    """Return HTML as `marked` does, with what will stand in place of the value behind it."""
    quote = marked(before, value, after)
    if not stands:
        return quote
    arrow = f'<span style="{_STANDS}"> → {escape(stands)}</span>'
    return quote.removesuffix("</div>") + arrow + "</div>"


def quoted(text: str) -> str:
    """Return HTML of `text` as it is, line breaks kept."""
    return f'<div style="{_QUOTED}">{escape(text)}</div>'
