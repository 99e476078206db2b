"""A button that downloads a large file piece by piece, so that nobody holds it in memory whole.

Streamlit's own download button keeps all the bytes on the server as long as the page is open. Here
the browser asks for one piece after the other and puts them together.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from streamlit.components.v2.types import ComponentRenderer

PIECE: Final = 3_000_000
"""Bytes of one piece."""

_FILES: Final = Path(__file__).parent / "download_files"
_NAME: Final = "ruwo_download"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The piece that the browser asks for: where it begins, and in which download."""

    fetch: str
    at: int


def read_wanted(value: object) -> Wanted | None:
    """Return what the button asked for, None when it is not such a message."""
    if not isinstance(value, dict):
        return None
    fetch, at = value.get("fetch"), value.get("at")
    if not isinstance(fetch, str) or isinstance(at, bool) or not isinstance(at, int | float):
        return None
    if not float(at).is_integer() or at < 0:
        return None
    return Wanted(fetch, int(at))


def download_data(path: Path, wanted: Wanted | None, labels: Mapping[str, str]) -> dict[str, Any]:
    """Return what the button is given: plain JSON values, with the piece that was asked for."""
    data: dict[str, Any] = {
        "name": path.name,
        "size": path.stat().st_size,
        "labels": dict(labels),
        "piece": None,
    }
    if wanted is not None:
        with path.open("rb") as file:
            file.seek(wanted.at)
            some = base64.b64encode(file.read(PIECE)).decode("ascii")
        data["piece"] = {"fetch": wanted.fetch, "at": wanted.at, "bytes": some}
    return data


@cache
def piece_files() -> tuple[str, str, str]:
    """Return the HTML, the CSS and the script of the button."""
    html, css, js = (
        (_FILES / f"download.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js")
    )
    return html, css, js


@cache
def _piece() -> ComponentRenderer:
    html, css, js = piece_files()
    return st.components.v2.component(_NAME, html=html, css=css, js=js)


def mount_download(data: Mapping[str, Any], *, key: str, on_want: Callable[[Wanted], None]) -> None:
    """Draw the button; `on_want` is called with each piece it asks for, before the run it makes."""

    def asked() -> None:
        wanted = read_wanted(st.session_state[key].want)
        if wanted is not None:
            on_want(wanted)

    _piece()(key=key, data=dict(data), on_want_change=asked, width="content")
