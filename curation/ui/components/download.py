"""A button that downloads a large file piece by piece, so that nobody holds it in memory whole.

Streamlit's own download button keeps all the bytes on the server as long as the page is open. Here
the browser asks for one piece after the other and puts them together.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from curation import workflow
from curation.ui.components.pieces import piece, piece_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


PIECE: Final = 3_000_000
"""Bytes of one piece."""

_FILES: Final = tuple(f"download_files/download.{kind}" for kind in ("html", "css", "js"))
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
    fetch, at = value.get("fetch"), workflow.whole_number(value.get("at"))
    if not isinstance(fetch, str) or at is None or at < 0:
        return None
    return Wanted(fetch, at)


def download_data(
    path: Path, wanted: Wanted | None, labels: Mapping[str, str], *, primary: bool = False
) -> dict[str, Any]:
    """Return what the button is given: plain JSON values, with the piece that was asked for."""
    data: dict[str, Any] = {
        "name": path.name,
        "size": path.stat().st_size,
        "labels": dict(labels),
        "primary": primary,
        "piece": None,
    }
    if wanted is not None:
        with path.open("rb") as file:
            file.seek(wanted.at)
            some = base64.b64encode(file.read(PIECE)).decode("ascii")
        data["piece"] = {"fetch": wanted.fetch, "at": wanted.at, "bytes": some}
    return data


def mount_download(data: Mapping[str, Any], *, key: str, on_want: Callable[[Wanted], None]) -> None:
    """Draw the button; `on_want` is called with each piece it asks for, before the run it makes."""

    def asked() -> None:
        wanted = read_wanted(st.session_state[key].want)
        if wanted is not None:
            on_want(wanted)

    draw = piece(_NAME, piece_files(*_FILES))
    draw(key=key, data=dict(data), on_want_change=asked, width="content")
