"""One look for the many ways to write a value and the words beside it; no offset moves."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_FULL_WIDTH_SHIFT: Final = 0xFEE0
# Only what is part of a value or joins a word to its value. The full-width comma and its like stay,
# because they end a value such as a password, and an ASCII comma need not.
_FULL_WIDTH: Final = (
    "０１２３４５６７８９"
    "ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ"
    "ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ"
    "＠－＋．＿：（）＃＝＊／"
)
_DIGIT_RANGES: Final = (
    (0x0660, 0x0669),  # Arabic-Indic
    (0x2070, 0x2070),  # superscript zero
    (0x2074, 0x2079),  # superscript four to nine
    (0x2080, 0x2089),  # subscript
    (0x2460, 0x2468),  # circled
    (0x2474, 0x247C),  # in parentheses
    (0x2488, 0x2490),  # with a full stop
    (0x24EA, 0x24EA),  # circled zero
    (0x2776, 0x277E),  # negative circled
    (0x2780, 0x2788),  # circled sans-serif
    (0x278A, 0x2792),  # negative circled sans-serif
    (0x1D7CE, 0x1D7FF),  # bold and other mathematical digits
)
_DASHES: Final = "‐‑‒–—―−﹣﹘"
# Blanks, and marks with no width: an address book copies a phone between direction marks, and a
# keycap emoji is a digit followed by a variation selector and an enclosing mark.
_BLANKS: Final = (
    "\t\u00a0\u00ad\u3000\u202f\u205f\ufeff\ufe0e\ufe0f\u20e3"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069"
)
_TRADITIONAL: Final = dict(
    zip(
        "號樓區縣鄉鎮莊園廈廣場棟單層門東臺灣龍蘇學醫寶慶遼陽雲貴陝肅寧內濟瀋漢華蘭馬鳥驛鄰"
        "碼驗證護電話機銀帳賬戶儲設為開鎖訂運遞貨車動態權認還這發給過幾體簽國轉點號網錢個"
        "係嘅聯絡輸錄線郵辦憑舊預試說們請傳確簡訊壓縮櫃鐵粵滬魯贛晉閩瓊購違擋數",
        "号楼区县乡镇庄园厦广场栋单层门东台湾龙苏学医宝庆辽阳云贵陕肃宁内济沈汉华兰马鸟驿邻"
        "码验证护电话机银帐账户储设为开锁订运递货车动态权认还这发给过几体签国转点号网钱个"
        "是的联络输录线邮办凭旧预试说们请传确简讯压缩柜铁粤沪鲁赣晋闽琼购违挡数",
        strict=True,
    )
)
"""Traditional letters of the words that the recognizers know. Misses names written with others."""


def _folding_table() -> dict[int, str]:
    table = {ord(char): chr(ord(char) - _FULL_WIDTH_SHIFT) for char in _FULL_WIDTH}
    for first, last in _DIGIT_RANGES:
        for code in range(first, last + 1):
            table[code] = str(unicodedata.digit(chr(code)))
    for first in (0x3220, 0x3280):  # Chinese numerals in parentheses and in circles
        table |= {first + place: str(place + 1) for place in range(9)}
    table |= {ord(char): "-" for char in _DASHES}
    table |= {ord(char): " " for char in _BLANKS}
    table |= {ord(char): plain for char, plain in _TRADITIONAL.items()}
    return table


_TABLE: Final = _folding_table()


def _class_of(codes: Iterable[int]) -> str:
    """Return a class of characters; a range where there is one, which `re` compares at once."""
    ranges: list[list[int]] = []
    for code in sorted(codes):
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges)


_FOLDABLE: Final = re.compile(f"[{_class_of(_TABLE)}]")


ENUMERATING: Final = "①❶\u20e3"
"""One of these is in every text in which digits in circles or on keys count what is told."""
_MARK: Final = re.compile("[①-⑨❶-❾]|[0-9]\ufe0f?\u20e3")
_FEWEST_ITEMS: Final = 2
_BETWEEN_ITEMS: Final = "；"
"""What a mark becomes that counts: nothing that a value is made of."""


def _enumerated(text: str, folded: str) -> str:
    """Return `folded` with a sign of punctuation for each mark, if the marks count from one on.

    Glued to a value they are none of its digits: `①7719②8840`.
    """
    marks = list(_MARK.finditer(text))
    told = [unicodedata.digit(mark[0][0]) for mark in marks]
    apart = all(one.end() < two.start() for one, two in pairwise(marks))
    if len(marks) < _FEWEST_ITEMS or told != list(range(1, len(marks) + 1)) or not apart:
        return folded
    signs = list(folded)
    for mark in marks:
        signs[mark.start()] = _BETWEEN_ITEMS
    return "".join(signs)


@lru_cache(maxsize=1)
def fold(text: str) -> str:
    """Return `text` with digits, letters, dashes and blanks in ASCII, common words simplified.

    Every character is replaced by exactly one, so an offset into the result is an offset into
    `text`. Folding twice changes nothing more. The last result is kept, because every recognizer
    asks for the same text in turn.
    """
    # Most messages hold nothing to fold, which a search tells faster than a translation.
    if not _FOLDABLE.search(text):
        return text
    folded = text.translate(_TABLE)
    counts = any(mark in text for mark in ENUMERATING)
    return _enumerated(text, folded) if counts else folded


CHINESE_DIGITS: Final = {
    **dict(zip("零一二三四五六七八九", "0123456789", strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖", "123456789", strict=True)),
    **dict(zip("貳參陸", "236", strict=True)),
    **dict(zip("〇○洞幺妖吆两兩拐勾", "0001112279", strict=True)),
}
"""Numerals read digit by digit, with the spoken forms 幺 (1), 两 (2), 拐 (7), 勾 (9), 洞 (0)."""

_CHINESE_DIGIT_TABLE: Final = str.maketrans(CHINESE_DIGITS)
_NO_DIGITS: Final = re.compile("[^0-9]+")


def digits_of(text: str) -> str:
    """Return the ASCII digits that `text` spells, Chinese numerals included, and nothing else."""
    spelled = fold(text).translate(_CHINESE_DIGIT_TABLE)
    return _NO_DIGITS.sub("", spelled)
