"""Hardware addresses of network cards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.entities import WHY_SHAPE
from curation.pii.recognizers.base import HAS_LETTER, ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

MAC: Final = re.compile(
    r"(?<![0-9A-Za-z])(?<![0-9A-Fa-f][:\-.])"
    r"(?:[0-9A-Fa-f]{2}(?P<sign>[:\-])(?:[0-9A-Fa-f]{2}(?P=sign)){4}[0-9A-Fa-f]{2}"
    r"|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})"
    r"(?![0-9A-Za-z]|[:\-.][0-9A-Fa-f])"
)
"""Six pairs with colons or dashes, or three groups of four with dots. Misses twelve bare digits."""

_FEWEST_KINDS: Final = 3


class MacAddressRecognizer(ChatRecognizer):
    """Finds MAC addresses by their shape."""

    ENTITY: ClassVar[str] = "MAC_ADDRESS"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        r"[0-9A-Fa-f]{2}[:\-][0-9A-Fa-f]{2}[:\-][0-9A-Fa-f]{2}[:\-]|[0-9A-Fa-f]\.[0-9A-Fa-f]{4}\."
    )
    GATE: ClassVar[re.Pattern[str]] = HAS_LETTER

    def find(self, text: str) -> Iterator[Hit]:
        """Yield addresses with a letter: six pairs of digits alone are a date and a time."""
        for match in MAC.finditer(text):
            digits = set(re.sub(r"[:\-.]", "", match[0]).lower())
            if len(digits) >= _FEWEST_KINDS and any(char.isalpha() for char in digits):
                yield Hit(*match.span(), 0.9, WHY_SHAPE)
