"""QQ numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import is_other_number, names_other_number
from curation.pii.entities import WHY_AFTER_WORD
from curation.pii.recognizers.base import HAS_NUMERAL, IN_CHINESE, ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

_VALUE: Final = r"(?P<value>[1-9][0-9]{4,10})(?![0-9A-Za-z@_]|[.-][0-9])"
_NAME: Final = (
    r"(?:(?<![A-Za-z0-9])q ?q(?![A-Za-z])|[扣抠叩蔻寇] ?[扣抠叩蔻寇]"
    r"|秋秋|企鹅|🐧|球球|(?<![折减])扣(?=[群号])|鹅(?=号)|[加➕+]扣)"
)
_PART: Final = "(?: ?(?:群号?|号码?|小号|大号|账号|帐号))?(?:[五六七八九5-9]位数?的?[,，]?)?"

NAMED: Final = re.compile(
    rf"{_NAME}{_PART}(?:[/和]?微信|[一-鿿]{{0,4}}[是为个成叫加搜你了吧哈][,，]?)?"
    rf"[ :=]{{0,3}}{_VALUE}",
    re.IGNORECASE,
)
"""`QQ 123456`, `扣扣号是…`: five to eleven digits after the word. Misses numbers without it."""

LOOSE: Final = re.compile(
    rf"{_NAME}{_PART}(?P<gap>[^0-9A-Za-z\n]{{1,10}}?)(?P<number>[1-9][0-9]{{6,10}})"
    r"(?![0-9A-Za-z@_]|[.-][0-9])"
    r"|(?<![折扣减])扣(?:我[ ,，:]?|[ :]{0,2})(?P<short>[1-9][0-9]{7,10})"
    r"(?![0-9A-Za-z@_]|[.-][0-9])"
    rf"|(?:{_NAME}"
    rf"|(?<![A-Za-z0-9])q(?![A-Za-z])){_PART}[^0-9A-Za-z\n]{{0,10}}[五六七八5-8]位[^0-9A-Za-z\n]{{0,5}}(?P<few>[1-9][0-9]{{4,7}})"
    r"(?![0-9A-Za-z@_]|[.-][0-9])"
    r"|(?:[大小]号|备用)[ :是]{0,2}(?P<other>[1-9][0-9]{6,10})(?![0-9A-Za-z@_]|[.-][0-9])",
    re.IGNORECASE,
)
"""Seven digits and more a few words after, after the short word, or after that for another account
where QQ was spoken of just before."""

SPACED: Final = re.compile(
    rf"{_NAME}{_PART}(?:[一-鿿]{{0,2}}[是为])?[ :]{{0,3}}"
    rf"(?P<value>[1-9](?:[ -][0-9]){{5,10}}"
    rf"|[1-9][0-9]{{2,3}}(?:(?:[ ·-]|[☀-➿⬀-⯿🀀-🫿]{{1,2}})[0-9]{{3,5}}){{1,2}}"
    rf"|[1-9][0-9]{{2,3}} [0-9]{{4}} [0-9]{{2}}"
    rf"|[{IN_CHINESE}](?:[ -]?[{IN_CHINESE}]){{5,10}})(?![0-9A-Za-z{IN_CHINESE}]|[ -][0-9])",
    re.IGNORECASE,
)
"""Digits set apart, and numerals in words."""

ON_KEYS: Final = re.compile(
    rf"(?:{_NAME}|(?<![折打减代])扣|(?<![A-Za-z0-9])q(?= ?:)|加q(?![A-Za-z])){_PART}"
    r"(?:(?:[一-鿿]{0,2}[是为])?[ :]{0,3}|[^0-9A-Za-z\n]{1,12}?(?=[0-9](?:  [0-9]){6}))"
    r"(?P<value>[1-9](?:  [0-9]){1,10}(?:  [0-9]{4,8})?)"
    r"(?![0-9A-Za-z]| {1,2}[0-9])",
    re.IGNORECASE,
)
"""Digits on keys, of which two blanks are left behind each."""

LETTER: Final = re.compile(
    r"(?<![A-Za-z0-9])q(?:(?:群|号码?|小号)(?:[一-鿿]{0,2}[是为])?[ :]{0,3}|[ ]?[:是] ?)"
    + _VALUE
    + r"|(?:加我?|[+➕]|(?<![A-Za-z0-9])(?=q我))q我?[ ,，]?"
    r"(?P<added>[1-9][0-9]{4,10})(?![0-9A-Za-z@_])"
    r"|(?<![A-Za-z0-9单号编])q ?(?P<long>[1-9][0-9]{7,10})(?![0-9A-Za-z@_]|[.-][0-9])",
    re.IGNORECASE,
)
"""The single letter, with 号, a colon or 加, or before a number as long as most are."""

ON_THE_NEXT_LINE: Final = re.compile(
    rf"{_NAME}{_PART}[一-鿿]{{0,3}}[ :]?\n(?P<value>[1-9][0-9]{{6,10}})(?=\n|\Z)", re.IGNORECASE
)
"""The word, and the number as a message of its own."""

BEFORE: Final = re.compile(
    r"(?<![0-9A-Za-z.@_-])(?P<value>[1-9][0-9]{5,10})[ ,，]?(?:这?个?就?是|\(|加)[一-鿿]{0,3}?"
    rf"{_NAME}(?!登[录陆]|验证|安全|邮箱|等级|空间|音乐|[一-鿿]{{0,2}}[吗么?])",
    re.IGNORECASE,
)
"""`2233445566是我qq`: the number before the word."""


AS_WECHAT_ID: Final = re.compile(
    r"(?:微信|薇信|威信|v信|(?<![A-Za-z0-9])(?:vx|wechat))"
    r"(?:(?:账号|帐号|号码?|id)(?:[一-鿿]{0,2}[是为])?[ :]{0,3}(?=[0-9]{6})"
    r"|(?:[一-鿿]{0,2}[是为] ?:? ?|[ ]?: ?)(?=[0-9]{7}))"
    r"(?P<value>[1-9][0-9]{5,9})(?![0-9A-Za-z@_]|[.-][0-9])",
    re.IGNORECASE,
)
"""An old WeChat id that is somebody's QQ number, of six to ten digits. Misses shorter ones."""

NEARBY: Final = re.compile(r"(?<![0-9A-Za-z_.+-])[1-9][0-9]{7,10}(?![0-9A-Za-z@_]|[.-][0-9])")
"""Eight to eleven digits, where QQ is spoken of near them. Misses shorter ones there."""

GROUP: Final = re.compile(
    r"群号(?:码)?(?:是|[ :]){0,2}(?P<value>[1-9][0-9]{6,9}"
    r"|[1-9][0-9]{2}(?: [0-9]{3}){2})(?![0-9A-Za-z])"
    r"|(?<![A-Za-z])q(?:号)?(?:多少|呢|发我"
    r"|[?？])[^0-9A-Za-z]{0,3}(?P<asked>[1-9][0-9]{6,10})(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])(?P<first>[1-9][0-9]{5,10})[ ,，]?(?:我的?|这?是?我?老"
    r"|这?个?就?是我的?|加这个)[qQ](?![A-Za-z])号?"
    rf"|(?:{_NAME}|(?<![A-Za-z0-9])q|(?<![折减])扣){_PART}(?:[一-鿿]{{0,3}}[是为])?[ :,，]{{0,2}}"
    rf"(?P<mixed>(?=[0-9]*[{IN_CHINESE}])[1-9{IN_CHINESE}][0-9{IN_CHINESE}]{{6,10}})"
    rf"(?![0-9A-Za-z{IN_CHINESE}十百千万亿点年月])"
    r"|(?:(?<![折减打代])扣|(?<![A-Za-z0-9])q)(?:[号我]|我的)?[ :是]{1,3}"
    r"(?P<apart>(?![0-9]+0 [0-9]+0)"
    r"(?:[1-9][0-9]{2}(?: [0-9]{3}){2}|[1-9][0-9]{3,4} [0-9]{4,5}))(?![0-9A-Za-z元块]|[ .-][0-9])"
    r"|(?<![折减打代])扣(?P<grouped>(?![0-9]+0[ ·-][0-9]+0)[1-9][0-9]{2,3}"
    r"(?:[ ·-][0-9]{3,4}){2})(?![0-9A-Za-z元块])"
    rf"|(?<![折])扣(?P<spelled>[{IN_CHINESE}]{{7,10}})(?![{IN_CHINESE}])"
    rf"|{_NAME}{_PART}[^0-9A-Za-z\n]{{1,10}}?(?<![{IN_CHINESE}])"
    rf"(?P<read>[{IN_CHINESE}](?:[ ,，-]?[{IN_CHINESE}]){{6,10}})"
    rf"(?![{IN_CHINESE}十百千万亿])",
    re.IGNORECASE,
)
"""`群号539018226`, `你q多少 508812346`."""

TO_ADD: Final = re.compile(
    rf"(?:^|[ ,，。;；!~你我她他先再就去来快直接麻烦])[加➕][你我她他下]?[ :]?"
    rf"(?P<to_add>(?!20[0-3][0-9][01][0-9])[1-9](?=[0-9]*[1-9]0?(?![0-9]))[0-9]{{7,9}}"
    rf"|(?=.{{2}}[{IN_CHINESE}])[1-9{IN_CHINESE}][0-9{IN_CHINESE}]{{7,9}})"
    rf"(?![0-9A-Za-z@_{IN_CHINESE}十百千万亿楼层颗点]|[.-][0-9])"
)
"""`你先加508812346`: nothing else is added by a number alone. Misses short ones and round ones."""

_REACH: Final = 14
_FAR: Final = 24
"""How far before the number the word may be if a verb leads to it: `QQ快忘了，找回来才发现是…`."""

_NEAR: Final = 4
"""How far after such a number something else may be spoken of."""

_SPOKEN_OF: Final = re.compile("qq|扣扣|企鹅", re.IGNORECASE)
_COUNTING: Final = re.compile(
    "[价元钱币数级粉版共花]|飞车|流水|炫舞|音乐|红包|群里|空间|邮箱|[单考工学编]号"
)
_ELSE: Final = re.compile(
    "电话|手机|(?<!qq)(?<!扣扣)群|密码(?!忘|丢|找回|不记得)|账|卡|单|编号|学号|工号|游戏|uid|微信|[0-9]",
    re.IGNORECASE,
)
_MOBILE_DIGITS: Final = 11
_COUNTED: Final = re.compile(
    " ?(?:元|块|万|亿|人|个(?!号)|次|位|只|级|天|年|粉|钻|币|积分|步|[棵条张颗朵名头票](?!号)|经验"
    "|点券)"
)


class QqNumberRecognizer(ChatRecognizer):
    """Finds QQ and QQ group numbers by the word before them."""

    ENTITY: ClassVar[str] = "QQ_NUMBER"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        rf"群号|[qQ](?![Aa])(?<![Aa].)|信(?<=[微薇威vV]信)|[Vv][Xx]|[Cc][Hh][Aa][Tt]|[扣抠叩蔻寇]|鹅"
        rf"|🐧|秋秋|球球|[加➕][你我她他下]?[ :]?[0-9{IN_CHINESE}]"
    )
    GATE: ClassVar[re.Pattern[str]] = HAS_NUMERAL
    NEEDS = ((re.compile("[群qQ信VvCc扣抠叩蔻寇鹅🐧秋球加➕]"), 1),)

    def find(self, text: str) -> Iterator[Hit]:
        """Yield QQ numbers."""
        found = list(self._told(text))
        yield from found or self._nearby(text)

    @staticmethod
    def _nearby(text: str) -> Iterator[Hit]:
        for match in NEARBY.finditer(text):
            start, end = match.span()
            told = text[start - 1 : start] in ("是", ":", "叫")
            low = max(0, start - (_FAR if told else _REACH))
            high = min(len(text), end + (_NEAR if told else _REACH))
            around = text[low:start] + text[end:high]
            if not _SPOKEN_OF.search(around) or "〔" in around or _COUNTING.search(around):
                continue
            mobile = len(match[0]) == _MOBILE_DIGITS and match[0].startswith("1")
            other = mobile or is_other_number(text, start, end) or _ELSE.search(around)
            if not other and not _COUNTED.match(text, end):
                yield Hit(start, end, 0.5, WHY_AFTER_WORD)

    @staticmethod
    def _told(text: str) -> Iterator[Hit]:
        for pattern in (NAMED, LETTER, ON_THE_NEXT_LINE, BEFORE, AS_WECHAT_ID):
            for match in pattern.finditer(text):
                value = match.lastgroup or "value"
                if not _COUNTED.match(text, match.end(value)) or pattern is BEFORE:
                    yield Hit(*match.span(value), 0.85, WHY_AFTER_WORD)
        for match in GROUP.finditer(text):
            yield Hit(*match.span(match.lastgroup or "value"), 0.75, WHY_AFTER_WORD)
        for match in TO_ADD.finditer(text):
            counted = _COUNTED.match(text, match.end()) or _COUNTING.search(text)
            if not counted and not _ELSE.search(text, 0, match.start("to_add")):
                yield Hit(*match.span("to_add"), 0.6, WHY_AFTER_WORD)
        for match in (*SPACED.finditer(text), *ON_KEYS.finditer(text)):
            yield Hit(*match.span("value"), 0.75, WHY_AFTER_WORD)
        for match in LOOSE.finditer(text):
            value = match.lastgroup or "number"
            start, end = match.span(value)
            known = value != "other" or _SPOKEN_OF.search(text, max(0, start - 40), start)
            counted = _COUNTED.match(text, end) or _COUNTING.search(match["gap"] or "")
            if known and not counted and not names_other_number(text, start):
                yield Hit(start, end, 0.6, WHY_AFTER_WORD)
