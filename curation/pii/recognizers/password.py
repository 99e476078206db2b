"""Passwords: the value after the word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import asks_or_denies, is_laughter
from curation.pii.entities import WHY_AFTER_WORD
from curation.pii.recognizers.base import ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEY: Final = (
    r"(?:密码|解锁码|开锁码|开门码|门禁码|门锁码|锁屏码|提取码|口令|密钥|秘钥"
    r"|(?<![A-Za-z0-9])(?:passwords?|passwd|passcode|pass ?word|pwd|psw|pw|mima|pin"
    r"|pass(?= ?[:=])|mm(?= ?[是:=]))(?:码)?(?![A-Za-z]))"
)
_VERB: Final = "(?:是|为|成|改|换|设|叫|发你|给你)了?"
_LINK: Final = (
    rf"(?!的)(?:[一-鿿]{{0,8}}?(?:{_VERB}[一-鿿]{{0,2}}?)?[ \n]?[:=→>➡👉]+"
    rf"|[一-鿿]{{0,8}}?{_VERB}| is )[ \n]{{0,3}}"
)
_VALUE: Final = r"(?![:=>(,.)</])[!-Z\\^-~]{3,64}"
"""Visible ASCII without square brackets, which are sticker codes."""
_VALUE_WITH_DIGIT: Final = rf"(?=[!-Z\\^-~]{{0,63}}[0-9]){_VALUE}"

AFTER_KEY: Final = re.compile(rf"{_KEY}{_LINK}[“”\"'「‘(]?(?P<value>{_VALUE})", re.IGNORECASE)
"""`密码是…`, `密码改成…`, `密码：…`, `pwd=…`. Misses Chinese words that no quotes hold."""

BESIDE_KEY: Final = re.compile(
    rf"{_KEY} {{0,2}}[“\"'「‘(【]?(?P<value>{_VALUE_WITH_DIGIT})", re.IGNORECASE
)
"""`密码abc123`, `wifi密码 88888888`: no joining word, so the value must hold a digit."""

AFTER_CLAUSE: Final = re.compile(
    rf"{_KEY}(?P<clause>(?:[一-鿿]|[,，、] ?){{0,14}}?[是为成叫用个][一-鿿]{{0,6}} {{0,2}})"
    rf"(?P<value>{_VALUE_WITH_DIGIT})",
    re.IGNORECASE,
)
"""`密码没变，还是abc123`, `密码就是我生日950714`. Misses longer clauses."""

ON_THE_NEXT_LINE: Final = re.compile(
    rf"{_KEY}(?P<clause>[一-鿿]{{0,4}}) ?\n(?P<value>{_VALUE_WITH_DIGIT})(?=\n|\Z)", re.IGNORECASE
)
"""`密码` and then `abc123` as a message of its own, with nothing beside it."""

QUOTED: Final = re.compile(
    rf"{_KEY}(?:{_LINK}[“\"'「『‘《]|[一-鿿]{{0,2}}[“「『‘])"
    r"(?P<value>[^“”\"'「」『』‘’《》〔〕\n]{2,24})[”\"'」』’》]",
    re.IGNORECASE,
)
"""`密码是“芝麻开门”`: anything at all between quotation marks."""

SPELLED: Final = re.compile(
    rf"{_KEY}{_LINK}?(?P<value>[零〇一二三四五六七八九幺两]{{4,20}}"
    r"|[三四五六七八九十3-9]个[零〇一二三四五六七八九0-9A-Za-z](?![一-鿿]?(?:人|字|数|月)))",
    re.IGNORECASE,
)
"""`密码是六个八`, `密码一二三四五六`."""

_UNJOINED: Final = r"[!-9;<>-Z\\^-~]"
BEFORE_KEY: Final = re.compile(
    rf"(?<![!-9;<>-~])(?P<value>(?={_UNJOINED}{{0,63}}[0-9]){_UNJOINED}{{4,64}}+)"
    r"(?:[,， \n]?(?:这个?)?(?:就|才|也)?是|\()[一-鿿A-Za-z]{0,8}?密码(?! ?[吗嘛么?？])"
)
"""`abc123是wifi密码`, also in the message before. Misses other words between the two."""

_TALK: Final = re.compile("忘.{0,3}|.{0,2}错误?|什么.{0,3}|多少.{0,3}|不.{1,4}|.{0,2}正确")
_COUNTED: Final = re.compile(
    r" ?(?:位|次|遍|个|天|年|月|号|分钟|小时|秒|块|元|人|层|楼|种|条|字|数|格)"
)
_TRAILING: Final = " ,.;:!?()\"'>~"
_SHORTEST: Final = 4
_SHORTEST_NAMED: Final = 3
_SHORTEST_LETTERS: Final = 5


class PasswordRecognizer(ChatRecognizer):
    """Finds the value of a password, not the talk about one."""

    ENTITY: ClassVar[str] = "PASSWORD"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        r"密码|[锁门取禁屏]码|口令|[密秘]钥|pass|pwd|psw|pw|mima|pin|mm", re.IGNORECASE
    )
    GATE: ClassVar[re.Pattern[str]] = re.compile("[码令钥PpMm]")

    def find(self, text: str) -> Iterator[Hit]:
        """Yield values that stand beside a word for a password."""
        for pattern, shortest in (
            (AFTER_KEY, _SHORTEST_NAMED),
            (BESIDE_KEY, _SHORTEST),
            (BEFORE_KEY, _SHORTEST),
            (AFTER_CLAUSE, _SHORTEST),
            (ON_THE_NEXT_LINE, _SHORTEST),
        ):
            for match in pattern.finditer(text):
                if pattern.groups > 1 and asks_or_denies(match["clause"]):
                    continue
                value = _trimmed(match["value"])
                start = match.start("value")
                end = start + len(value)
                if not _looks_secret(value, shortest) or _COUNTED.match(text, end):
                    continue
                if pattern is not ON_THE_NEXT_LINE or not is_laughter(value):
                    yield Hit(start, end, 0.9, WHY_AFTER_WORD)
        for match in QUOTED.finditer(text):
            if not _TALK.fullmatch(match["value"]):
                yield Hit(*match.span("value"), 0.8, WHY_AFTER_WORD)
        for match in SPELLED.finditer(text):
            yield Hit(*match.span("value"), 0.7, WHY_AFTER_WORD)


def _trimmed(value: str) -> str:
    """Return `value` without the punctuation of the sentence it ends.

    One `!` stays at the end of a value that mixes kinds of characters as only a password does.
    """
    bare = value.rstrip(_TRAILING)
    mixed = any(char.isupper() or not char.isalnum() for char in bare)
    mixed = mixed and any(char.isdigit() for char in bare)
    return bare + "!" if mixed and value[len(bare) :] == "!" else bare


def _looks_secret(value: str, shortest: int) -> bool:
    if any(char.isdigit() for char in value):
        return len(value) >= shortest
    return sum(char.isalpha() for char in value) >= _SHORTEST_LETTERS
