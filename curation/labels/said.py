"""The words of a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.model import PLACEHOLDERS, Kind

if TYPE_CHECKING:
    from curation.model import Said

_WORDED: Final = frozenset({Kind.TEXT, Kind.QUOTE, Kind.STICKER})
_CAPTIONED: Final = frozenset({Kind.VOICE, Kind.IMAGE, Kind.VIDEO, Kind.FILE})
"""Kinds that may come with words of their own in place of their placeholder."""


def words_of(said: Said) -> str:
    """Return the words of a message, "" where it is a picture, a call or the like without any."""
    text = said.text.strip()
    if said.kind in _WORDED:
        return "" if text == PLACEHOLDERS[Kind.STICKER] else text
    if said.kind in _CAPTIONED and not text.startswith(PLACEHOLDERS[said.kind]):
        return text
    return ""
