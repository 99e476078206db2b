"""What could be a phrase that opens something: whole words after their cue, or between quotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.pii.recognizers.secret_candidates import NUMERALS, Candidate
from curation.pii.recognizers.secret_words import WORD

if TYPE_CHECKING:
    from collections.abc import Iterator

_CUE: Final = re.compile(
    rf"{WORD}|passphrase|答案|暗语|[输填报]|(?:打|[设改换])(?:进去?|成|的|为|个|了)?|(?<=[你就])[打按]",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(
    "(?:[ :=,~\n→!]|(?<=[令号案语])，|今[天晚儿]|明[天早]|[这本]周|每次都?|答"
    "|就?是|就|还是?|也是|叫做?|为|用|填|输入?|打|写|念|[设改换变]成|改为|了|呢|啊|嘛"
    "|的是?|那?[几一二三四五六七八]?个?(?:句话|字|汉字)|首诗|随便|我们?|你们?|他|她|咱|说好|设|没变"
    "|跟去年一样|比较好记|中文|汉字|现在|可以|is){0,6}"
)
_PHRASE: Final = re.compile(
    r"(?P<phrase>[一-鿿][0-9A-Za-z一-鿿+&❤]{0,19}|[0-9]{1,8}[一-鿿][0-9A-Za-z一-鿿+&]{0,16}"
    r"|[A-Za-z]{2,12}[0-9]{0,4}[一-鿿][0-9A-Za-z一-鿿]{0,16})(?![0-9A-Za-z@])"
    r"|(?P<spaced>[0-9A-Za-z'!&+]{1,16}(?: [0-9A-Za-z'!&+]{1,16}){1,7})(?! ?[0-9A-Za-z@_-])"
)
_QUOTED: Final = re.compile(r"[“「『\"‘](?P<quoted>[^“”\"「」『』〔〕‘’\n]{2,24})[”」』\"’]")
_LINE: Final = re.compile(
    r"(?:^|\n)(?P<line>[一-鿿]{3,12}[0-9]{0,6}|[a-z]{1,10}(?: [a-z]{1,10}){1,6})(?=\n|\Z)"
)
_THERE_IS_NONE: Final = re.compile("(?:没有?|不用|无需|不需要?|免)\\Z")
_FEW: Final = 3
_TAIL: Final = re.compile(
    r"这?就?[一二三四五六七八几]个?(?:字|汉字|音节)|的?(?:拼音|首字母|注音|缩写|全拼)|就[行可是]"
    r"|即可|才|全[都部是]|打汉字|都?要输|带空格|中间|后面|前面|给[你我他]|对[不着吗]|对|试试|输|打"
    r"|不用|进[去来]?|解压|[啊哈呀哦嘛了吧呗]+\Z"
)
"""What says on about a phrase that it follows."""

TRIGGER: Final = re.compile(
    "[密蜜秘]|口令|暗[号语]|提取|[问享锁屏门行客]码|解压|🔑|🔐|答案"
    "|[Pp](?:[Aa][Ss][Ss]|[Ww]|[Ss][Ww]|[Ii][Nn]|[Uu][Kk])|[Mm](?:[Ii][Mm][Aa]|[Mm])|[Kk][Ee][Yy]"
)
"""Without any of it there is nothing here to find."""

_HOLDS_VALUE: Final = re.compile(f"[0-9A-Za-z]{{3}}|[{NUMERALS}]{{3}}|[0-9{NUMERALS}]\\Z")
"""A number or a word of letters, which is told as any other is."""
_WITH_NUMBER: Final = re.compile("(?:(?![码密锁门号楼室日年位])[一-鿿]){2,10}[0-9]{2,8}")
"""Words and a number in one: `天天开心888`."""
_TWO_WORDS: Final = re.compile("[A-Za-z]{2}.* .*[A-Za-z]{2}")
_SHORTEST: Final = 2

_PUBLIC: Final = re.compile(
    "(?:打卡|弹幕|直播|主播|公屏|刷屏|评论|抽奖|福利|红包|支付宝|淘|领券|优惠|减肥|早安|晚安|绕|军训|口号|弱)"
    r"[^\n]{0,4}(?:口令|暗号)[^\n]{0,8}\Z"
)
"""Watchwords that everybody is asked to write or shout."""
_QUOTATION: Final = re.compile(
    "天王盖地虎.*|宝塔镇河妖|宫廷玉液酒.*|一百八一杯|奇变偶不变.*|符号看象限|芝麻开门|立正稍?息?"
    "|向[左右前后]看?[齐转看]?"
)
_WATCHWORD: Final = re.compile(r"(?:口令|暗号)[^\n是]{0,8}\Z")
"""What is no more than said; `暗号是…` tells somebody which one it is."""
_REACH: Final = 24


def is_public(text: str, start: int, end: int) -> bool:
    """Whether a phrase of a folded text is a watchword that opens nothing: a quotation, a call."""
    low = max(0, start - _REACH)
    return _PUBLIC.search(text, low, start) is not None or (
        _QUOTATION.fullmatch(text, start, end) is not None
        and _WATCHWORD.search(text, low, start) is not None
    )


def phrases(text: str) -> Iterator[Candidate]:
    """Yield what in a folded text could be a phrase that opens something; they may overlap."""
    if TRIGGER.search(text) is None:
        return
    seen: set[tuple[int, int]] = set()
    for found in _shapes(text):
        ends = [found.end]
        if found.kind == "phrase":
            tail = _TAIL.search(text, found.start + _SHORTEST, found.end)
            if tail:
                ends.append(tail.start())
        for end in ends:
            value = text[found.start : end]
            goes_on = text[end : end + 1].isascii() and text[end : end + 1].isalnum()
            if found.kind == "spaced":
                other = _TWO_WORDS.search(value) is None
            else:
                both = found.kind != "line" and _WITH_NUMBER.fullmatch(value) is not None
                other = _HOLDS_VALUE.search(value) is not None and not both
            if (found.start, end) not in seen and not goes_on and not other:
                seen.add((found.start, end))
                yield found._replace(end=end)


def _shapes(text: str) -> Iterator[Candidate]:
    for pattern in (_QUOTED, _LINE):
        for match in pattern.finditer(text):
            kind = match.lastgroup or ""
            yield Candidate(*match.span(kind), kind)
    for cue in _CUE.finditer(text):
        if _THERE_IS_NONE.search(text, max(0, cue.start() - _FEW), cue.start()):
            continue
        between = _BETWEEN.match(text, cue.end())
        phrase = _PHRASE.match(text, between.end() if between else cue.end())
        if phrase and len(phrase[0]) >= _SHORTEST:
            yield Candidate(*phrase.span(), phrase.lastgroup or "")
