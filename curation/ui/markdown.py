"""Words of a chat, a file or a person on their way into Streamlit's Markdown and HTML.

Labels, toasts and error boxes are read as Markdown; what other people wrote must never be.
"""

from __future__ import annotations

import re
from typing import Final

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&:^=@/\"'%])")
"""Every character that Markdown, LaTeX, HTML or a Streamlit directive may give a meaning."""

_MAGIC: Final = re.compile(r":(?=\S)|@(?=\S)|(?i:www)(?=\.)")
"""Where an emoji or icon shortcode, an address or a link may begin; those are looked for after
escapes are read, so that only a break inside them helps."""

_ZERO_WIDTH_SPACE: Final = "\u200b"


def plain(text: str) -> str:
    """Return Markdown that shows `text` as it is, on one line per line."""
    broken = _MAGIC.sub(lambda found: found[0] + _ZERO_WIDTH_SPACE, text)
    return _SPECIAL.sub(r"\\\1", broken).replace("\n", "  \n")
