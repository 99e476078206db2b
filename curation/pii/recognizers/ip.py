"""IP addresses."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import names_other_number
from curation.pii.entities import WHY_AFTER_WORD, WHY_SHAPE
from curation.pii.recognizers.base import ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

IPV4: Final = re.compile(
    r"(?<![0-9.])(?:(?<![A-Za-z])|(?<=ip)|(?<=IP))(?<![A-Za-z]/)(?P<host>(?:[0-9]{1,3}\.){3}[0-9]{1,3})"
    r"(?:/(?:[12]?[0-9]|3[0-2])(?![0-9.]))?(?![0-9A-Za-z]|\.[0-9])"
)
"""Four numbers with dots, with or without the width of a network after them.

Takes four-part versions that nothing calls one.
"""

WORDED: Final = re.compile(
    r"(?<![0-9.。点])(?P<host>(?:[0-9]{1,3} ?[。．点.] ?){3}[0-9]{1,3})(?![0-9A-Za-z]|[.。点][0-9])"
)
"""The same with the full stops of Chinese, blanks or 点, for where a network is spoken of."""

IPV6: Final = re.compile(
    r"(?:(?<![0-9A-Z:.])|(?<=[^0-9A-F]:)|(?<=v6:))(?P<host>::ffff:[0-9.]{7,15}|(?:[23][0-9A-F]{3}|f[cde][0-9A-F]{2}):[0-9A-F:]{2,34})"
    r"(?:/[0-9]{1,3})?(?![0-9A-Za-z:])",
    re.IGNORECASE,
)
"""What begins as global, local and link addresses do, short forms too: `fe80::1`.

Misses addresses that end as IPv4 ones do.
"""

_VERSION_BEFORE: Final = re.compile(
    r"(?:第|章节?|版本?|更新[到至了]?|升级?[到至了]?|驱动|固件|内核|系统|鸿蒙|安卓|微信"
    r"|harmony(?:os)?|miui|hyperos|coloros|ios|macos|android|win(?:dows)?|chrome|edge|firefox|qq|build|ver(?:sion)?|v)"
    r"[ :是]{0,3}\Z",
    re.IGNORECASE,
)
_VERSION_AFTER: Final = re.compile(" ?(?:版|更新|节|章|内核|固件|条|小节)")
_NETWORK: Final = re.compile(
    "ip|ping|dns|ssh|host|服务器|网关|地址|主机|端口|连|内网|外网|路由|//|@|登|代理|掩码",
    re.IGNORECASE,
)
_REACH: Final = 12
_BETWEEN: Final = re.compile("[^0-9]+")


class IpAddressRecognizer(ChatRecognizer):
    """Finds IP addresses that can belong to somebody: not loopback, not unspecified."""

    ENTITY: ClassVar[str] = "IP_ADDRESS"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        r"[0-9](?: ?[.。．点] ?[0-9]{1,3}){2} ?[.。．点] ?[0-9]|[0-9A-Fa-f]{3}:[0-9A-Fa-f:]"
    )
    NEEDS = ((re.compile("[.:。．点]"), 1),)

    def find(self, text: str) -> Iterator[Hit]:
        """Yield addresses that the standard library accepts and nothing calls a version."""
        for match in IPV4.finditer(text):
            start, end = match.span()
            if _is_host(match["host"]) and not _is_version(text, start, end, match["host"]):
                yield Hit(start, end, 0.8, WHY_SHAPE)
        for match in WORDED.finditer(text):
            start, end = match.span()
            near = _NETWORK.search(text, max(0, start - _REACH), min(len(text), end + _REACH))
            host = _BETWEEN.sub(".", match["host"])
            if near and host != match["host"] and _is_host(host):
                yield Hit(start, end, 0.7, WHY_AFTER_WORD)
        for match in IPV6.finditer(text):
            if _is_host(match["host"]) and not names_other_number(text, match.start()):
                yield Hit(*match.span(), 0.8, WHY_SHAPE)


def _is_version(text: str, start: int, end: int, value: str) -> bool:
    low = max(0, start - _REACH)
    if names_other_number(text, start) or _VERSION_BEFORE.search(text, low, start):
        return True
    if _NETWORK.search(text, low, min(len(text), end + _REACH)):
        return False
    # Four single digits are rather a version or a section than somebody's address.
    return _VERSION_AFTER.match(text, end) is not None or value[1::2] == "..."


def _is_host(value: str) -> bool:
    try:
        address = ip_address(value)
    except ValueError:
        return False
    return not (
        address.is_loopback
        or address.is_unspecified
        or address.is_multicast
        or value.startswith(("0.", "255."))
    )
