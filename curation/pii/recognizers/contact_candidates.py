"""What could be a number to call or an account by its shape alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.pii.context import HIDDEN, glued_to_code, in_link, is_other_number
from curation.pii.recognizers.secret_candidates import Candidate
from curation.pii.recognizers.secret_words import LOOKS
from curation.pii.recognizers.wechat import PRODUCT, TASK

if TYPE_CHECKING:
    from collections.abc import Iterator

SHAPE: Final = re.compile(
    r"(?=[0-9A-Za-z(])(?:(?<![0-9A-Za-z_.])(?<![0-9][-/:])(?<![A-Z]-)(?!1[3-9][0-9]{9}(?![0-9]))"
    r"(?P<number>\(?[0-9]{1,11}\)?(?:(?:[ .-]{1,2}|(?<=\)))[0-9]{1,8}){0,10})(?![0-9A-Za-z_]"
    r"|[.:/-][0-9])"
    r"|(?<![0-9A-Za-z_@./#=&\\-])(?<![0-9A-Za-z/]\?)(?<![<＜]\|)(?<!\{\{)"
    r"(?<![^ \n](?=[Vv]|[Ww][Xx]|we(?:chat|ixin)))"
    r"(?<![^ \n一-鿿](?=[WwXxQq]))(?=[A-Za-z_-]{0,18}[0-9_-])"
    r"(?P<id>(?![Qq]{1,2}[0-9]{5,11}(?![0-9A-Za-z]))[A-Za-z][0-9A-Za-z_-]{5,19})"
    r"(?![0-9A-Za-z_@-]|[.:][0-9A-Za-z]|\" ?:))"
)
"""Digits, perhaps in groups, or letters among which a digit or a stroke is.

Misses plain mobiles and what a short word such as `vx` may be glued to: the forms know them. No
account is what is marked as a trainer's token (`<|im_end|>`, also as an export writes it) or as a
blank to fill in (`{{user_name}}`).
"""

_DIGITS: Final = range(6, 13)
_GROUPED: Final = range(7, 13)
_DATE: Final = re.compile(
    r"(?:19|20)[0-9]{2}[ .-]?(?:0?[1-9]|1[0-2])[ .-]?(?:0?[1-9]|[12][0-9]|3[01])"
)
_HOST: Final = re.compile(
    r"[0-9]{1,3}(?:[.][0-9]{1,3}){3}"
    "|(?:10[ -][0-9]{1,3}|172[ -](?:1[6-9]|2[0-9]|3[01])|192[ -]168)(?:[ -][0-9]{1,3}){2}"
)
_YEARS: Final = re.compile("(?:19|20)[0-9]{2}[ -]{1,2}(?:19|20)[0-9]{2}")
"""From one year to another."""
_POOLS: Final = re.compile("[013]+(?:[ .-][013]+)+")
"""Results of football matches, as one bets on them."""
_PRICE: Final = re.compile("[0-9][.][0-9]{2}(?:[^0-9.]|$)")
_SENTENCE: Final = re.compile(r"[.] |[.-]{2}|  ")
_COUNTED: Final = re.compile(" ?[人个次元块万亿位只级天年粉钻币步条张件页]")
_LISTED: Final = re.compile(
    r"(?<=[ :,，])(?P<number>[0-9]{6,11})(?=\n|[ ,，;；]{1,2}[0-9]{1,2}[.、) ]{1,2}[^0-9 ]|\Z)"
)
"""A number at the end of an entry of a list: before the line end, or the next one's number."""
_HEADED: Final = re.compile("[^\n0-9]{0,10}(?:[学工考货编单]号|快递|成绩|包裹)[^\n0-9]{0,6}\n")
"""What heads a list of numbers by which nobody is called."""
_PREFIX: Final = 3
_REACH: Final = 24
_ELSEWHERE: Final = re.compile(
    "(?:苹果|apple|icloud|贴吧|论坛|直播间|网名|昵称|用户名|联盟|荣耀|火线|炉石|魔兽|暗区|我的世界"
    "|游戏|王者|吃鸡|原神|小程序|公众号|视频号|抖音|快手|小红书|微博|b站|知乎|豆瓣|推特|淘宝|网易云"
    "|下[了个载]|安装|(?<![a-z])(?:lol|dota|csgo|mc|cf|line|ins|fb|ig|tg|steam|switch|telegram"
    "|whatsapp|instagram|github)"
    r"(?![a-z]))(?P<said>[^\n,，。;；!！?？]{0,18})\Z",
    re.IGNORECASE,
)
"""What has accounts of its own, or is installed; right before a name."""
_CAME_FROM: Final = re.compile("上|过来|看|刷|来的|换|改|[微薇信]|[vw]x", re.IGNORECASE)
"""What leads from there to an account of a messenger."""
_NAMES: Final = re.compile("[A-Z][a-z]+(?:-[A-Z][a-z]+)+")
"""Perhaps a name in Latin letters: `Mary-Ann`."""
_GROUPS: Final = re.compile("[0-9]+")


def contacts(text: str) -> Iterator[Candidate]:
    """Yield what in a folded text could be a phone, a QQ number or a WeChat id by its shape."""
    for match in SHAPE.finditer(text):
        start, end = match.span()
        kind = match.lastgroup or ""
        listed = _LISTED.match(text, start) if kind == "number" else None
        if listed and not _DATE.fullmatch(text, start, end):
            end = listed.end("number")
            if _HEADED.match(text):
                continue
        if kind == "number" and (not _is_one(text[start:end]) or _COUNTED.match(text, end)):
            continue
        if not (_is_no_account if kind == "id" else is_other_number)(text, start, end):
            yield Candidate(start, end, kind)


def _is_spelled(value: str) -> bool:
    """Whether letters spell Chinese syllables."""
    return LOOKS["pinyin"].fullmatch(value.replace("-", "")) is not None


def _is_no_account(text: str, start: int, end: int) -> bool:
    """Whether a name is that of a thing, or of an account elsewhere."""
    value = text[start:end]
    elsewhere = _ELSEWHERE.search(text, max(0, start - _REACH), start)
    return (
        PRODUCT.match(value) is not None
        or HIDDEN.search(value) is not None
        or TASK.match(value) is not None
        or (_NAMES.fullmatch(value) is not None and not _is_spelled(value))
        or (elsewhere is not None and _CAME_FROM.search(elsewhere["said"]) is None)
        or glued_to_code(text, start, end)
        or in_link(text, start)
    )


def _is_one(value: str) -> bool:
    """Whether digits have the length of one number and are no list, day or address of a host."""
    groups = _GROUPS.findall(value)
    if sum(map(len, groups)) not in (_GROUPED if len(groups) > 1 else _DIGITS):
        return False
    if _DATE.fullmatch(value) or _HOST.fullmatch(value) or _SENTENCE.search(value):
        return False
    if _POOLS.fullmatch(value) or _YEARS.fullmatch(value) or _PRICE.search(value):
        return False
    if len(groups) == 1:
        return True
    sizes = {len(group) for group in groups}
    single = len(groups[0]) < _PREFIX and 1 in {len(group) for group in groups[1:-1]}
    return (
        (sizes == {1} or not single)
        and not _DATE.fullmatch(groups[0])
        and not all(group.endswith("0") for group in groups)
    )
