"""Hardware addresses of network cards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.entities import WHY_AFTER_WORD, WHY_SHAPE
from curation.pii.recognizers.base import ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

MAC: Final = re.compile(
    r"(?:(?<![0-9A-Za-z])|(?<=[Mm][Aa][Cc]))(?:(?<![0-9A-Fa-f][:\-.])|(?<=[Mm][Aa][Cc]:))"
    r"(?:[0-9A-Fa-f]{2}(?P<sign>[:\-])(?:[0-9A-Fa-f]{2}(?P=sign)){4}[0-9A-Fa-f]{2}"
    r"|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})"
    r"(?![0-9A-Za-z]|[:\-.][0-9A-Fa-f])"
)
"""Six pairs with colons or dashes, or three groups of four with dots."""

NAMED: Final = re.compile(
    r"(?:(?<![A-Za-z])(?:bssid|mac)(?:[ -]?addr(?:ess)?)?|物理地址|硬件地址|网卡|蓝牙地址)(?: is)?"
    r"[^0-9A-Za-z\n]{0,14}"
    r"(?P<value>[0-9A-F]{2}(?P<sign>[:. _-]?)[0-9A-F]{2}(?:[:. _-]?[0-9A-F]{2}){4})"
    r"(?![0-9A-Za-z]|[:.-][0-9A-Fa-f])",
    re.IGNORECASE,
)
"""Twelve digits after the word, however they are set apart."""

_FEWEST_KINDS: Final = 3
_SIGNS: Final = 5


class MacAddressRecognizer(ChatRecognizer):
    """Finds MAC addresses by their shape."""

    ENTITY: ClassVar[str] = "MAC_ADDRESS"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        r"[0-9A-Fa-f]{2}[:\-][0-9A-Fa-f]{2}[:\-][0-9A-Fa-f]{2}[:\-]|[0-9A-Fa-f]\.[0-9A-Fa-f]{4}\."
        r"|(?:[Mm][Aa][Cc]|SSID|ssid|地址|网卡)[^\n]{0,19}[0-9A-Fa-f]{2}[:. _-]?[0-9A-Fa-f]{2}"
    )
    NEEDS = ((re.compile("[0-9A-Fa-f]"), 4),)

    def find(self, text: str) -> Iterator[Hit]:
        """Yield addresses; without a letter only named ones, as others are a day and a time."""
        for match in MAC.finditer(text):
            if _is_mixed(match[0]):
                yield Hit(*match.span(), 0.9, WHY_SHAPE)
        for match in NAMED.finditer(text):
            value = match["value"]
            if _is_mixed(value) or value.count(match["sign"] or "\n") == _SIGNS:
                yield Hit(*match.span("value"), 0.8, WHY_AFTER_WORD)


def _is_mixed(value: str) -> bool:
    digits = set(re.sub(r"[:\-.]", "", value).lower())
    return len(digits) >= _FEWEST_KINDS and any(char.isalpha() for char in digits)
