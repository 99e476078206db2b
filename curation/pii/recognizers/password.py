"""Passwords: the value after the word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.entities import WHY_AFTER_WORD
from curation.pii.recognizers.base import ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEY: Final = (
    r"(?:密码|密碼|解锁码|开锁码|开门码|门禁码|门锁码|锁屏码|提取码|口令"
    r"|(?<![A-Za-z])(?:passwords?|passwd|passcode|pass ?word|pwd|psw|mima|pin)(?:码)?(?![A-Za-z]))"
)
_VERB: Final = "(?:是|为|成|改|换|设|叫|发你|给你)了?"
_LINK: Final = (
    rf"(?!的)(?:[一-鿿]{{0,8}}?(?:{_VERB}[一-鿿]{{0,2}}?)?[ \n]?[:=→>]+"
    rf"|[一-鿿]{{0,8}}?{_VERB})[ \n]{{0,3}}"
)
_VALUE: Final = r"(?![:=>(,.)</])[!-Z\\^-~]{3,64}"
"""Visible ASCII without square brackets, which are sticker codes."""

AFTER_KEY: Final = re.compile(rf"{_KEY}{_LINK}[“\"'「‘(]?(?P<value>{_VALUE})", re.IGNORECASE)
"""`密码是…`, `密码改成…`, `密码：…`, `pwd=…`. Misses values in Chinese words (`密码是芝麻开门`)."""

BESIDE_KEY: Final = re.compile(
    rf"{_KEY} {{0,2}}(?P<value>(?=[!-Z\\^-~]{{0,63}}[0-9]){_VALUE})", re.IGNORECASE
)
"""`密码abc123`, `wifi密码 88888888`: no joining word, so the value must hold a digit."""

SPELLED: Final = re.compile(
    rf"{_KEY}{_LINK}?(?P<value>[零〇一二三四五六七八九幺两]{{4,20}}"
    r"|[三四五六七八九十3-9]个[零〇一二三四五六七八九0-9A-Za-z](?![一-鿿]?(?:人|字|数|月)))",
    re.IGNORECASE,
)
"""`密码是六个八`, `密码一二三四五六`."""

BEFORE_KEY: Final = re.compile(
    r"(?<![!-~])(?P<value>(?=[!-Z\\^-~]{0,63}[0-9])[!-Z\\^-~]{4,64}+)"
    r"(?:这个)?(?:就|才|也)?是[一-鿿A-Za-z]{0,8}?密码(?! ?[吗嘛么?？])"
)
"""`abc123是wifi密码`. Misses it where the value stands in another message."""

_COUNTED: Final = re.compile(
    r" ?(?:位|次|遍|个|天|年|月|号|分钟|小时|秒|块|元|人|层|楼|种|条|字|数|格)"
)
_TRAILING: Final = " ,.;:!?)\"'>~"
_SHORTEST: Final = 4
_SHORTEST_LETTERS: Final = 5


class PasswordRecognizer(ChatRecognizer):
    """Finds the value of a password, not the talk about one."""

    ENTITY: ClassVar[str] = "PASSWORD"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        r"密码|密碼|[锁门取禁屏]码|口令|pass ?wo?r?d|passcode|pwd|psw|mima|pin", re.IGNORECASE
    )

    def find(self, text: str) -> Iterator[Hit]:
        """Yield values that stand beside a word for a password."""
        for pattern in (AFTER_KEY, BESIDE_KEY, BEFORE_KEY):
            for match in pattern.finditer(text):
                value = match["value"].rstrip(_TRAILING)
                start = match.start("value")
                end = start + len(value)
                if _looks_secret(value) and not _COUNTED.match(text, end):
                    yield Hit(start, end, 0.9, WHY_AFTER_WORD)
        for match in SPELLED.finditer(text):
            yield Hit(*match.span("value"), 0.7, WHY_AFTER_WORD)


def _looks_secret(value: str) -> bool:
    if any(char.isdigit() for char in value):
        return len(value) >= _SHORTEST
    return sum(char.isalpha() for char in value) >= _SHORTEST_LETTERS
