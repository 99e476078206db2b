"""IP addresses."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import names_other_number
from curation.pii.entities import WHY_SHAPE
from curation.pii.recognizers.base import ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

IPV4: Final = re.compile(r"(?<![0-9A-Za-z.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9A-Za-z]|\.[0-9])")
"""Four numbers with dots. Misses nothing but takes four-part versions that nothing names so."""

IPV6: Final = re.compile(
    r"(?<![0-9A-Za-z:.])(?:[0-9A-Fa-f]{1,4}:{1,2}){3,7}(?:[0-9A-Fa-f]{1,4})?(?![0-9A-Za-z:])"
)
"""At least four groups, so that clock times stay apart. Misses short forms such as `fe80::1`."""


class IpAddressRecognizer(ChatRecognizer):
    """Finds IP addresses that can belong to somebody: not loopback, not unspecified."""

    ENTITY: ClassVar[str] = "IP_ADDRESS"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]|[0-9A-Fa-f]:{1,2}[0-9A-Fa-f]{1,4}:"
    )

    def find(self, text: str) -> Iterator[Hit]:
        """Yield addresses that the standard library accepts."""
        for pattern in (IPV4, IPV6):
            for match in pattern.finditer(text):
                if _is_host(match[0]) and not names_other_number(text, match.start()):
                    yield Hit(*match.span(), 0.8, WHY_SHAPE)


def _is_host(value: str) -> bool:
    try:
        address = ip_address(value)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified or address.is_multicast)
