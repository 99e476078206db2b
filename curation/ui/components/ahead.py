"""What the table page is drawn with, fetched while the review page stands and nobody waits.

Streamlit's page fetches the script of each kind of widget when it is first drawn, one step after
the other, and paints nothing of a page meanwhile.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st

_KINDS: Final = ("Button", "Checkbox", "Pagination", "TextInput")


@cache
def widget_scripts() -> tuple[str, ...]:
    """Return the addresses of these scripts below the page's; those that Streamlit has."""
    static = Path(st.__file__).parent / "static"
    found = [path for kind in _KINDS for path in static.glob(f"static/js/{kind}.*.js")]
    return tuple(path.relative_to(static).as_posix() for path in found)
