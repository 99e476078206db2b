"""What the pieces of the screen that are no widget of Streamlit's have in common: their files."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import streamlit as st

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

_HERE: Final = Path(__file__).parent


class PieceFiles(NamedTuple):
    """The HTML, the CSS and the joined scripts of a piece."""

    html: str
    css: str
    js: str


@cache
def piece_files(html: str, css: str, *scripts: str) -> PieceFiles:
    """Return the files of a piece, which are named from this folder on."""
    return PieceFiles(_read(html), _read(css), "\n".join(map(_read, scripts)))


def silent_piece(name: str, *scripts: str) -> ComponentRenderer:
    """Return a piece that runs its scripts and shows nothing."""
    return piece(name, PieceFiles("<i hidden></i>", "", "\n".join(map(_read, scripts))))


@cache
def piece(name: str, files: PieceFiles) -> ComponentRenderer:
    """Return what draws a piece; Streamlit is told of each once in a process."""
    return st.components.v2.component(name, html=files.html, css=files.css, js=files.js)


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
