"""Hardware addresses of network cards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.entities import WHY_AFTER_WORD, WHY_SHAPE
from curation.pii.recognizers.base import HAS_LETTER, ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

MAC: Final = re.compile(
    r"(?:(?<![0-9A-Za-z])|(?<=[Mm][Aa][Cc]))(?:(?<![0-9A-Fa-f][:\-.])|(?<=[Mm][Aa][Cc]:))"
    r"(?:[0-9A-Fa-f]{2}(?P<sign>[:\-])(?:[0-9A-Fa-f]{2}(?P=sign)){4}[0-9A-Fa-f]{2}"
    r"|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})"
    r"(?![0-9A-Za-z]|[:\-.][0-9A-Fa-f])"
)
"""Six pairs with colons or dashes, or three groups of four with dots."""

BARE: Final = re.compile(
    r"(?:(?<![A-Za-z])mac(?:[ -]?addr(?:ess)?)?|物理地址|网卡)(?:地址|号)?[一-鿿]{0,2}[ :=]{0,3}"
    r"(?P<value>[0-9A-F]{12})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
"""Twelve bare digits after the word."""

_FEWEST_KINDS: Final = 3


class MacAddressRecognizer(ChatRecognizer):
    """Finds MAC addresses by their shape."""

    ENTITY: ClassVar[str] = "MAC_ADDRESS"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        r"[0-9A-Fa-f]{2}[:\-][0-9A-Fa-f]{2}[:\-][0-9A-Fa-f]{2}[:\-]|[0-9A-Fa-f]\.[0-9A-Fa-f]{4}\."
        r"|(?:[Mm][Aa][Cc]|地址|网卡)[^\n]{0,16}[0-9A-Fa-f]{12}"
    )
    GATE: ClassVar[re.Pattern[str]] = HAS_LETTER
    NEEDS = ((re.compile("[0-9A-Fa-f]"), 5),)

    def find(self, text: str) -> Iterator[Hit]:
        """Yield addresses with a letter: six pairs of digits alone are a date and a time."""
        for match in MAC.finditer(text):
            if _is_mixed(match[0]):
                yield Hit(*match.span(), 0.9, WHY_SHAPE)
        for match in BARE.finditer(text):
            if _is_mixed(match["value"]):
                yield Hit(*match.span("value"), 0.8, WHY_AFTER_WORD)


def _is_mixed(value: str) -> bool:
    digits = set(re.sub(r"[:\-.]", "", value).lower())
    return len(digits) >= _FEWEST_KINDS and any(char.isalpha() for char in digits)
