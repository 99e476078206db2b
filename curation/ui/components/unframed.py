"""A guard that shows nothing: it empties the page where another site holds it in a frame."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from curation.ui.components.pieces import silent_piece

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

_NAME: Final = "ruwo_unframed"


@cache
def _guard() -> ComponentRenderer:
    return silent_piece(_NAME, "unframed_files/unframed.js")


def mount_unframed() -> None:
    """Set the guard; once in every run."""
    _guard()(key=_NAME)
