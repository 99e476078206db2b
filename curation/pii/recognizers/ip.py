"""IP addresses."""

from __future__ import annotations

import re
from ipaddress import ip_address
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import names_other_number
from curation.pii.entities import WHY_AFTER_WORD, WHY_SHAPE, WHY_SPELLED
from curation.pii.folding import CHINESE_DIGITS, digits_of
from curation.pii.recognizers.base import HAS_NUMERAL, ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

IPV4: Final = re.compile(
    r"(?<![0-9.])(?:(?<![A-Za-z])|(?<=ip)|(?<=IP)|(?<=ping)|(?<=ssh)|(?<=telnet)|(?<=host))(?<![A-Za-z]/)(?P<host>(?:[0-9]{1,3}\.){3}[0-9]{1,3})"
    r"(?:/(?:[12]?[0-9]|3[0-2])(?![0-9.]))?(?![0-9A-Za-z]|\.[0-9])"
)
"""Four numbers with dots, with or without the width of a network after them.

Takes four-part versions that nothing calls one.
"""

WORDED: Final = re.compile(
    r"(?<![0-9.。点])(?P<host>(?:[0-9]{1,3} ?[。．点.] ?){3}[0-9]{1,3})(?![0-9A-Za-z]|[.。点][0-9])"
)
"""The same with the full stops of Chinese, blanks or 点, for where a network is spoken of."""

_NUMERAL: Final = "0-9零〇一二三四五六七八九幺洞两拐"
READ_OUT: Final = re.compile(
    f"(?<![{_NUMERAL}点])(?P<host>[幺一1][{_NUMERAL}]{{1,2}}(?:[点.,，。 ]"
    f"[{_NUMERAL}]{{1,3}}){{3}})"
    rf"(?![{_NUMERAL}十百点]|[.][0-9])"
)
"""`一九二点一六八点三点一`. Misses what does not begin with a one."""

NAMED: Final = re.compile(
    r"(?:(?<![A-Za-z])[Ii][Pp](?:v4|V4)?|网关|掩码|内网|公网|外网|网段|主机|服务器|(?<![A-Za-z])(?:dns|DNS|host))"
    r"(?:地址|段)?[^0-9A-Za-z\n]{0,5}"
    "(?P<host>(?:1[0-9]{1,2}|2[0-5][0-9]"
    r"|[2-9][0-9])(?P<sign>[ ,，、\-_/])[0-9]{1,3}(?P=sign)[0-9]{1,3}(?P=sign)[0-9]{1,3})"
    r"(?![0-9A-Za-z]|(?P=sign)[0-9])"
)
"""Four numbers with whatever stands in for dots, right after the word: `ip 192 168 1 105`."""

IPV6: Final = re.compile(
    r"(?:(?<![0-9A-Z:.])|(?<=[^0-9A-F]:)|(?<=v6:)|(?<=v6))(?P<host>::ffff:[0-9.]{7,15}|(?:[0-9A-F]{1,4}:){7}[0-9A-F]{1,4}|(?:[23][0-9A-F]{3}|f[cde][0-9A-F]{2}):[0-9A-F:]{2,34})"
    r"(?:/[0-9]{1,3})?(?![0-9A-Za-z:])",
    re.IGNORECASE,
)
"""What begins as global, local and link addresses do, short forms too: `fe80::1`.

Misses addresses that end as IPv4 ones do.
"""

_VERSION_BEFORE: Final = re.compile(
    r"(?:第|章节?|版本?|更新[到至了]?|升级?[到至了]?|驱动|固件|内核|系统|鸿蒙|安卓|微信"
    r"|(?<![a-z])(?:harmony(?:os)?|miui|hyperos|coloros|ios|macos|android|win(?:dows)?|chrome|edge"
    r"|firefox|qq|build|ver(?:sion)?|v))"
    r"[ :是]{0,3}\Z",
    re.IGNORECASE,
)
_VERSION_AFTER: Final = re.compile(
    " ?(?:版|更新|节|章|内核|固件|条|小节|号(?![机楼位])|日|[两三四五]?天(?!天)|页|题"
    "|分(?![给配享到])|道|课|班|块|元|度)"
)
_NETWORK: Final = re.compile(
    "ip|ping|dns|ssh|host|服务器|网关|地址|主机|端口|连|内网|外网|路由|//|@|登|代理|掩码"
    "|[断联组局上]网|网[段络口]|机器|电脑|打印机|摄像|监控|机顶盒|盒子|光猫|交换机|防火墙|[黑白]名单|拉黑|封[掉了号禁]"
    "|冲突|[那这哪]台|后台|节点|网[站页]|nas|扫[我描]|攻击|远程|跳板|设备",
    re.IGNORECASE,
)
_PRIVATE: Final = re.compile(r"(?:192\.168|172\.(?:1[6-9]|2[0-9]|3[01])|10\.[0-9]+)\.")
_MANY: Final = 31
"""The numbers of days, hours and pages that people list go no further than this."""
_REACH: Final = 12
_BETWEEN: Final = re.compile("[^0-9]+")
_SIGNS: Final = re.compile("[点.,，。 ]")


class IpAddressRecognizer(ChatRecognizer):
    """Finds IP addresses that can belong to somebody: not loopback, not unspecified."""

    ENTITY: ClassVar[str] = "IP_ADDRESS"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        r"[0-9](?: ?[.。．点] ?[0-9]{1,3}){2} ?[.。．点] ?[0-9]|[0-9A-Fa-f]{3}:[0-9A-Fa-f:]"
        rf"|[{_NUMERAL}][点.,，。 ][{_NUMERAL}]{{1,3}}[点.,，。 ][{_NUMERAL}]"
        r"|(?:[网内掩Pp机务SsTt]|[Vv]4)[^0-9A-Za-z\n]{0,8}[0-9]{2,3}[ ,，、\-_/][0-9]{1,3}"
        r"[ ,，、\-_/][0-9]"
    )
    GATE = HAS_NUMERAL
    NEEDS = ((re.compile("[.:。．点,， PpSsTtVv网内掩机务]"), 1),)

    def find(self, text: str) -> Iterator[Hit]:
        """Yield addresses that the standard library accepts and nothing calls a version."""
        for match in IPV4.finditer(text):
            start, end = match.span()
            if _is_host(match["host"]) and not _is_version(text, start, end, match["host"]):
                yield Hit(start, end, 0.8, WHY_SHAPE)
        yield from _in_disguise(text)
        for match in IPV6.finditer(text):
            host = match["host"]
            told = HAS_NUMERAL.search(host) is not None and _is_host(host)
            if told and not names_other_number(text, match.start()):
                yield Hit(*match.span(), 0.8, WHY_SHAPE)


def _in_disguise(text: str) -> Iterator[Hit]:
    """Yield addresses with other signs than dots, or in numerals."""
    for match in WORDED.finditer(text):
        start, end = match.span()
        host = _BETWEEN.sub(".", match["host"])
        if host != match["host"] and _is_host(host) and _is_no_list(text, start, end, host):
            yield Hit(start, end, 0.7, WHY_AFTER_WORD)
    for match in READ_OUT.finditer(text):
        host = ".".join(map(digits_of, _SIGNS.split(match["host"])))
        spelled = any(char in CHINESE_DIGITS for char in match["host"])
        if spelled and _is_host(host) and _is_no_list(text, *match.span(), host):
            yield Hit(*match.span(), 0.7, WHY_SPELLED)
    for match in NAMED.finditer(text):
        if _is_host(match["host"].replace(match["sign"], ".")):
            yield Hit(*match.span("host"), 0.7, WHY_AFTER_WORD)


def _is_version(text: str, start: int, end: int, value: str) -> bool:
    low = max(0, start - _REACH)
    if names_other_number(text, start) or _VERSION_BEFORE.search(text, low, start):
        return True
    if _NETWORK.search(text, low, min(len(text), end + _REACH)):
        return False
    # Four single digits are rather a version or a section than somebody's address.
    return _VERSION_AFTER.match(text, end) is not None or value[1::2] == "..."


def _is_no_list(text: str, start: int, end: int, host: str) -> bool:
    """Whether four numbers with other signs than dots are an address, no days, hours or pages."""
    if _VERSION_AFTER.match(text, end):
        return False
    if _NETWORK.search(text, max(0, start - _REACH), min(len(text), end + _REACH)):
        return True
    numbers = list(map(int, host.split(".")))
    mounting = all(low <= high for low, high in pairwise(numbers))
    return _PRIVATE.match(host) is not None and not mounting and max(numbers[1:]) > _MANY


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
