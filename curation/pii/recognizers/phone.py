"""Phone numbers as people write them in Chinese chat."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import is_amount, is_other_number, names_other_number
from curation.pii.entities import (
    WHY_AFTER_WORD,
    WHY_FOREIGN_PHONE,
    WHY_LANDLINE,
    WHY_MOBILE,
    WHY_SERVICE_LINE,
    WHY_SPELLED,
)
from curation.pii.folding import CHINESE_DIGITS, digits_of
from curation.pii.recognizers.base import HAS_NUMERAL, IN_CHINESE, NUMERAL, ChatRecognizer, Hit
from curation.pii.recognizers.phone_forms import (
    BARE_FOREIGN,
    BROKEN_MOBILE,
    CALLED,
    EXTENSION,
    FOREIGN,
    GLUED_HONG_KONG,
    HONG_KONG,
    JOINED_MOBILE,
    LANDLINE,
    LOOKALIKE,
    MOBILE,
    MOBILE_PREFIX,
    NAMED_FOREIGN,
    NAMED_HONG_KONG,
    NAMED_LANDLINE,
    NEAR_HONG_KONG,
    OF_THINGS,
    SERVICE_LINE,
    SPELLED_LANDLINE,
    SPELLED_MOBILE,
    TAIWAN,
    TWO_PIECES,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_LISTING: Final = re.compile(r"[,，、;；:/|*×+=。!?！？]")
"""Signs that stand between the numbers of a list more often than inside a phone."""

_LOOKALIKES: Final = str.maketrans("OolI", "0011")

_GROUPINGS: Final = frozenset(
    {
        (11,),
        (1, 10),
        (2, 9),
        (3, 8),
        (4, 7),
        (5, 6),
        (6, 5),
        (7, 4),
        (8, 3),
        (1, 3, 3, 4),
        (1, 2, 4, 4),
        (1, 1, 1, 4, 4),
        (1, 1, 1, 8),
        (3, 4, 1, 1, 1, 1),
        (3, 1, 1, 1, 1, 4),
        (1, 1, 1, 4, 2, 2),
        (2, 3, 3, 3),
        (2, 4, 5),
        (2, 5, 4),
        (3, 2, 6),
        (3, 3, 5),
        (3, 4, 4),
        (3, 5, 3),
        (4, 3, 4),
        (4, 4, 3),
        (5, 3, 3),
        (3, 4, 2, 2),
        (3, 2, 2, 4),
        (3, 2, 3, 3),
        (3, 3, 3, 2),
        (3, 2, 2, 2, 2),
        (1, 2, 2, 2, 2, 2),
        (1,) * 11,
    }
)
"""How the eleven digits are grouped. Others are rather lists of numbers: `13 8 12 34 56 78`."""

_SPELLED_OUT: Final = 9
"""From so many groups on the digits were typed one by one."""

_SURE_GROUPINGS: Final = frozenset({(11,), (3, 4, 4), (3, 8), (7, 4), (1,) * 11})

_SEPARATOR: Final = re.compile("[^0-9]+")

_ORNAMENT: Final = re.compile(r"[^ -~·•。，、；：！？｜—～…×÷²°℃→￥]|[(\[]")
"""An emoji, a kaomoji or a sticker code: nobody puts one between the numbers of a list."""

_YEAR_OR_DATE: Final = re.compile(
    r"19[0-9]{2}(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))?(?![0-9])"
)

_LOVE: Final = re.compile("(?:520|521|1314|5201314)+")
"""Numbers that say "I love you" and "for ever"."""

_ABROAD: Final = re.compile(
    "马来|大马|新加坡|坡县|澳洲|澳大利亚|印尼|菲律宾|新西兰|泰国|日本|韩国|越南|英国|德国|法国"
    "|意大利|台湾|迪拜"
    "|吉隆坡|槟城|曼谷|东京|大阪|首尔|伦敦|柏林|巴黎|悉尼|国外|海外|国际|whatsapp|wa(?![a-z])"
    "|wtsapp|viber|telegram",
    re.IGNORECASE,
)

_PLACE: Final = re.compile("香港|澳门|港澳|电话|手机|号码|打|联系|hk|whatsapp|tel", re.IGNORECASE)

DATE: Final = re.compile("20[0-3][0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
"""Eight digits that are rather a day than a landline."""

_NAMED: Final = (NAMED_LANDLINE, NAMED_HONG_KONG, NEAR_HONG_KONG, CALLED, NAMED_FOREIGN, OF_THINGS)

_UNNAMED: Final = frozenset({"noted", "reached"})
"""Groups of a number that no word calls a phone: it may be an order's as well."""

_BROADBAND: Final = re.compile(
    "(?:(?:宽带|光纤|上网)(?:账号|帐号|账户|号码?|用户名?)|户号|电报码?|电码)[是为 :]{0,3}\\Z"
)
"""What calls a number with an area code the account of a line or of a household, or a cable."""
_NAMED_QQ: Final = re.compile(
    r"(?:(?<![A-Za-z])q ?q?|扣[扣qQ]?|[抠叩蔻寇]{2}|企鹅|[🐧秋球]|鹅号)(?:[大小]?号码?|账号"
    r"|帐号)?(?:[一-鿿]{0,2}[是为叫])?"
    r"[ :=]{0,3}\Z",
    re.IGNORECASE,
)
"""What makes the number after it an account, though a phone may be written like it."""
_QQ_DIGITS: Final = range(5, 11)

_IS_ANOTHER: Final = re.compile(
    "[ ,，(]?(?:(?:这串|那串|这个|那个|这|那|它)?[就才]?(?:是|为)[一-鿿]{0,5}?"
    "(?:单号|[订运账]单|编号|[学工考案批货]号|准考证号?|条形?码|流水号|设备号|序列号|取件码)"
    "(?!的?(?:手机|电话|预留|上|里|绑|留))"
    "|不是(?:个)?(?:手机|电话)号?码?(?=[ ,，。!)]|\\Z)(?![^\\n]{0,8}(?:微信|[vV][xX]|支付宝|座机)))"
)
"""What says, after a number, that it is one of a parcel, a student or the like."""

_REACH: Final = 12
_ROUND: Final = 2
_IPV4: Final = re.compile(
    r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}|192[ ,，。-]{1,2}168(?:[ ,，。-][0-9]{1,3}){2}"
)
_FEWEST_DIGITS: Final = 7
_MOBILE_DIGITS: Final = 11
_COUNTED_NEXT: Final = re.compile(
    "[0-9]{10}[^0-9].?|(?:[0-9][^0-9一-鿿]{0,6}){9}[0-9] ?[,，。、!]+ ?[^0-9]"
)
"""Ten digits, and a numeral of what follows them: `1720938465 九几年`."""
_MIXED: Final = re.compile(rf"[0-9][{IN_CHINESE}]{{1,9}}[0-9]")
_JOINED: Final = re.compile(r"\+1[3-9][0-9]{9}(?![0-9])")
_FOREIGN_DIGITS: Final = range(9, 15)


SIGNS: Final = {
    LANDLINE: ("0", "86"),
    SERVICE_LINE: ("00",),
    TAIWAN: ("0",),
    HONG_KONG: ("85",),
    GLUED_HONG_KONG: ("85",),
    EXTENSION: ("转", "分机", "x", "X"),
    FOREIGN: ("+", "00", "1-"),
    BROKEN_MOBILE: ("\n",),
    TWO_PIECES: ("后", "後", "再", "接", "末", "尾"),
    LOOKALIKE: ("O", "o", "l", "I"),
}
"""What stands in every text that holds the form: a look for it is far cheaper than the form."""

_QUARTERS: Final = re.compile("[0-9]{4}(?: [0-9]{4}){2}")
"""Groups of four, as a landline has them and a longer number too."""
_QUARTER: Final = 5
_QUARTER_BEFORE: Final = re.compile("[0-9]{4} \\Z")
_QUARTER_BEHIND: Final = re.compile(" [0-9]{4}(?![0-9])")
_TWO_QUARTERS: Final = 10
_QUARTERS_BEFORE: Final = re.compile("[0-9]{4} [0-9]{4} \\Z")
"""The beginning of a longer number, whose end may look like a mobile in groups of four."""

_IN_WORDS: Final = re.compile(f"[{IN_CHINESE}]")


class CnPhoneRecognizer(ChatRecognizer):
    """Finds mobile, landline, service and foreign phone numbers."""

    ENTITY: ClassVar[str] = "PHONE_NUMBER"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        rf"[{NUMERAL}](?:[^{NUMERAL}]{{0,32}}[{NUMERAL}]){{6}}"
    )
    GATE: ClassVar[re.Pattern[str]] = HAS_NUMERAL
    NEEDS = ((HAS_NUMERAL, 7),)

    def find(self, text: str) -> Iterator[Hit]:
        """Yield phone numbers, except those that stand as order, product or file numbers."""
        yield from self._mobiles(text)
        yield from self._spelled(text)
        for pattern, score, why in (
            (LANDLINE, 0.8, WHY_LANDLINE),
            (SERVICE_LINE, 0.7, WHY_SERVICE_LINE),
            (TAIWAN, 0.7, WHY_FOREIGN_PHONE),
            (HONG_KONG, 0.7, WHY_FOREIGN_PHONE),
            (EXTENSION, 0.7, WHY_LANDLINE),
        ):
            for match in _found(pattern, text):
                low = max(0, match.start() - _REACH)
                if _BROADBAND.search(text, low, match.start()):
                    continue
                if pattern is SERVICE_LINE and _NAMED_QQ.search(text, low, match.start()):
                    continue
                if _among_quarters(text, match):
                    continue
                if not is_other_number(text, *match.span()) and not _are_hundreds(match[0]):
                    yield Hit(*match.span(), score, why)
        yield from self._named(text)

    @staticmethod
    def _named(text: str) -> Iterator[Hit]:
        for pattern in _NAMED:
            for match in pattern.finditer(text):
                value = match.lastgroup or "number"
                span = match.span(value)
                number = match[value]
                round_ones = _are_round(re.split("[ -]", number)) and not number.isdigit()
                other = (
                    is_other_number(text, *span) if value in _UNNAMED else is_amount(text, span[1])
                )
                if not (other or DATE.fullmatch(number) or round_ones):
                    yield Hit(*span, 0.7, WHY_AFTER_WORD)
        for match in _found(FOREIGN, text):
            number = len(digits_of(match[0]).removeprefix("00"))
            # `王五+138…` joins a name and a number of this country.
            joined = (
                _JOINED.match(match[0]) and "一" <= text[match.start() - 1 : match.start()] <= "鿿"
            )
            other = is_amount(text, match.end()) or names_other_number(text, match.start())
            if number in _FOREIGN_DIGITS and not joined and not other:
                yield Hit(*match.span(), 0.7, WHY_FOREIGN_PHONE)
        for matches, words in (
            (_found(GLUED_HONG_KONG, text), _PLACE),
            (BARE_FOREIGN.finditer(text), _ABROAD),
        ):
            for match in matches:
                start, end = match.span()
                near = words.search(text, max(0, start - 12), min(len(text), end + 12))
                if near and not is_other_number(text, start, end):
                    yield Hit(start, end, 0.5, WHY_FOREIGN_PHONE)

    @staticmethod
    def _mobiles(text: str) -> Iterator[Hit]:
        for match in MOBILE.finditer(text):
            number = match["number"]
            if not MOBILE_PREFIX.match(digits_of(number)) or not _is_one_number(number):
                continue
            if not (_is_another(text, *match.span()) or _ends_quarters(text, match)):
                whole = number.isdigit()
                yield Hit(*match.span(), 0.95 if whole else 0.85, WHY_MOBILE)
        for match in (*JOINED_MOBILE.finditer(text), *_found(TWO_PIECES, text)):
            if MOBILE_PREFIX.match(digits_of(match[0])) and not is_other_number(
                text, *match.span()
            ):
                yield Hit(*match.span(), 0.7, WHY_SPELLED)
        for match in _found(LOOKALIKE, text):
            digits = sum(char.isdigit() for char in match[0])
            number = digits_of(match[0].translate(_LOOKALIKES))
            if _FEWEST_DIGITS <= digits < len(number) and MOBILE_PREFIX.match(number):
                yield Hit(*match.span(), 0.6, WHY_MOBILE)
        for match in _found(BROKEN_MOBILE, text):
            if _is_broken_number(match[0]) and not is_other_number(text, *match.span()):
                yield Hit(*match.span(), 0.6, WHY_MOBILE)

    @staticmethod
    def _spelled(text: str) -> Iterator[Hit]:
        if _IN_WORDS.search(text) is None:
            return
        for match in SPELLED_MOBILE.finditer(text):
            number = match["number"]
            in_words = any(char in CHINESE_DIGITS for char in number)
            digits = digits_of(number)
            miscounted = number[0] in "幺妖吆" or _MIXED.search(number[: _MOBILE_DIGITS - 1])
            whole = len(digits) == _MOBILE_DIGITS or miscounted
            counted = _COUNTED_NEXT.fullmatch(number) is not None
            usual = in_words and whole and not counted and not _IPV4.search(number)
            if usual and MOBILE_PREFIX.match(digits):
                yield Hit(*match.span(), 0.85, WHY_SPELLED)
        for match in SPELLED_LANDLINE.finditer(text):
            in_words = any(char in CHINESE_DIGITS for char in match[0])
            if in_words and LANDLINE.fullmatch(digits_of(match[0])):
                yield Hit(*match.span(), 0.7, WHY_SPELLED)


def _among_quarters(text: str, match: re.Match[str]) -> bool:
    """Whether three groups of four digits stand between two others, as in a key of twenty."""
    start, end = match.span()
    return (
        _QUARTERS.fullmatch(match[0]) is not None
        and _QUARTER_BEFORE.search(text, max(0, start - _QUARTER), start) is not None
        and _QUARTER_BEHIND.match(text, end) is not None
    )


def _ends_quarters(text: str, match: re.Match[str]) -> bool:
    """Whether a mobile that begins with a group of four stands behind two more such groups."""
    low = max(0, match.start() - _TWO_QUARTERS)
    return (
        match[0][:_QUARTER].endswith(" ")
        and _QUARTERS_BEFORE.search(text, low, match.start()) is not None
    )


def _found(pattern: re.Pattern[str], text: str) -> Iterable[re.Match[str]]:
    """Return the matches of a form, which is searched for where one of its signs stands."""
    for sign in SIGNS[pattern]:
        if sign in text:
            return pattern.finditer(text)
    return ()


def _is_another(text: str, start: int, end: int) -> bool:
    """Whether what stands before or after eleven digits says that nobody can be called by them."""
    return is_other_number(text, start, end) or _IS_ANOTHER.match(text, end) is not None


def _is_broken_number(pieces: str) -> bool:
    """Whether numbers on lines of their own are the pieces of one mobile."""
    digits = digits_of(pieces)
    if not MOBILE_PREFIX.match(digits) or _YEAR_OR_DATE.match(pieces):
        return False
    return not _LOVE.fullmatch(digits) and not _are_round(pieces.split("\n"))


def _is_one_number(number: str) -> bool:
    """Whether eleven digits and what stands between them are one number and not a list."""
    runs = re.findall("[0-9]+", number)
    groups = tuple(len(run) for run in runs)
    if groups == (11,) or _IPV4.fullmatch(number):
        return groups == (11,)
    between = _SEPARATOR.findall(number)
    ornaments = sum(_ORNAMENT.search(sign) is not None for sign in between)
    if ornaments == len(between):
        return len(set(between)) == 1 or groups in _GROUPINGS
    if len(groups) >= _SPELLED_OUT or ornaments >= _ROUND:
        return not _LISTING.search(number)
    if groups not in _GROUPINGS or _YEAR_OR_DATE.match(runs[0]):
        return False
    if groups in _SURE_GROUPINGS:
        return not (_LISTING.search(number) and _are_round(runs))
    # Two of the numbers round, as in `1300 2500 188`, and it is rather a list.
    return not _LISTING.search(number) and sum(run.endswith("0") for run in runs) < min(
        _ROUND, len(runs)
    )


def _are_hundreds(number: str) -> bool:
    """Whether the groups of a number are all round, as in `400 500 6000`."""
    groups = number.split(" ")
    return len(groups) > 1 and all(group.endswith("00") for group in groups)


def _are_round(numbers: Sequence[str]) -> bool:
    """Whether all numbers end in zero, as sizes and prices do: `180*2000*2200`."""
    return all(number.strip().endswith("0") for number in numbers)
