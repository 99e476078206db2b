"""Hardware addresses of network cards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import names_other_number
from curation.pii.entities import WHY_AFTER_WORD, WHY_SHAPE
from curation.pii.recognizers.base import HAS_DIGIT, ChatRecognizer, Hit

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

BARE: Final = re.compile(
    r"(?<![0-9A-Za-z])(?<![0-9A-Za-z][:. _\-])(?:[0-9A-F]{12}|[0-9A-F]{6}-[0-9A-F]{6}"
    r"|[0-9A-F]{4}(?P<dash>[-:])[0-9A-F]{4}(?P=dash)[0-9A-F]{4}"
    r"|[0-9A-F]{2}(?P<sign>[ ._])(?:[0-9A-F]{2}(?P=sign)){4}[0-9A-F]{2})"
    r"(?![0-9A-Za-z]|[:. _\-][0-9A-Za-z])",
    re.IGNORECASE,
)
"""Twelve digits in other groups or in none, for where one speaks of what is in a network."""

_DEVICE: Final = re.compile(
    r"机顶盒|盒子|电视|路由|光?猫|摄像|监控|打印机|插座|灯泡|音箱|门锁|网[关络口卡桥线]|平板|笔记本|手机|电脑|主机|设备|机器|交换机|基站"
    r"|[白黑]名单|[绑解]定|校园网|宽带|准入|蹭网|拉黑|蓝牙|手环|耳机|[断联连上组]网|学到|地址|dhcp|nas|(?<![a-z])(?:mac|ap|wi-?fi|wlan"
    r"|ssid|bssid|iot|lan|ps[45]|switch|xbox)(?![a-z])",
    re.IGNORECASE,
)
_REACH: Final = 14
_FEWEST_DIGITS: Final = 3
_FEWEST_LETTERS: Final = 2

_FEWEST_KINDS: Final = 3
_SIGNS: Final = 5


class MacAddressRecognizer(ChatRecognizer):
    """Finds MAC addresses by their shape."""

    ENTITY: ClassVar[str] = "MAC_ADDRESS"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        r"[0-9A-Fa-f]{2}[:\-][0-9A-Fa-f]{2}[:\-][0-9A-Fa-f]{2}[:\-]|[0-9A-Fa-f]\.[0-9A-Fa-f]{4}\."
        r"|(?:[Mm][Aa][Cc]|[Ss][Ii][Dd]|地址|网卡)[^\n]{0,26}[0-9A-Fa-f]{2}[:. _-]?[0-9A-Fa-f]{2}"
        r"|[0-9A-Fa-f]{2}(?:[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{6}|[0-9A-Fa-f]{2}([-:])[0-9A-Fa-f]{4}\1"
        r"|[ ._][0-9A-Fa-f]{2}[ ._][0-9A-Fa-f]{2}[ ._][0-9A-Fa-f]{2})"
    )
    NEEDS = ((re.compile("[0-9A-Fa-f]"), 4),)

    def find(self, text: str) -> Iterator[Hit]:
        """Yield addresses; without a letter only named ones, as others are a day and a time.

        Misses the few without a digit.
        """
        for match in MAC.finditer(text):
            if _is_mixed(match[0]) and HAS_DIGIT.search(match[0]):
                yield Hit(*match.span(), 0.9, WHY_SHAPE)
        for match in NAMED.finditer(text):
            value = match["value"]
            told = _is_mixed(value) or value.count(match["sign"] or "\n") == _SIGNS
            if told and HAS_DIGIT.search(value):
                yield Hit(*match.span("value"), 0.8, WHY_AFTER_WORD)
        for match in BARE.finditer(text):
            start, end = match.span()
            near = _DEVICE.search(text, max(0, start - _REACH), min(len(text), end + _REACH))
            if near and _is_no_word(match[0]) and not names_other_number(text, start):
                yield Hit(start, end, 0.7, WHY_AFTER_WORD)


def _is_no_word(value: str) -> bool:
    """Whether there are as many digits and letters as in nearly all addresses."""
    digits, letters = sum(map(str.isdigit, value)), sum(map(str.isalpha, value))
    return digits >= _FEWEST_DIGITS and letters >= _FEWEST_LETTERS and _is_mixed(value)


def _is_mixed(value: str) -> bool:
    digits = set(re.sub(r"[:\-. _]", "", value).lower())
    return len(digits) >= _FEWEST_KINDS and any(char.isalpha() for char in digits)
