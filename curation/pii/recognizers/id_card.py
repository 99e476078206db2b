"""Resident identity card numbers."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import names_other_number
from curation.pii.entities import WHY_AFTER_WORD, WHY_CHECKSUM, WHY_SPELLED
from curation.pii.folding import CHINESE_DIGITS, digits_of
from curation.pii.recognizers.base import HAS_NUMERAL, NUMERAL, ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

_BETWEEN: Final = r"[^0-9A-Za-z一-鿿〇○〔〕]{0,4}"

ID_18: Final = re.compile(
    rf"(?<![0-9])[1-9](?:{_BETWEEN}[0-9]){{16}}{_BETWEEN}(?:[0-9](?![0-9])|[Xx叉])"
)
"""Eighteen digits, the last one possibly X, blanks, dashes or a line end between."""

ID_15: Final = re.compile(
    r"(?<![0-9])[1-9](?:[0-9]{14}|[0-9]{5}[ \-]?[0-9]{6}[ \-]?[0-9]{3})(?![0-9])"
)
"""The number of cards issued until 1999. Too plain to stand without a word before it."""


SPELLED_ID: Final = re.compile(
    rf"(?<![{NUMERAL}])[{NUMERAL}](?:{_BETWEEN}[{NUMERAL}]){{16}}"
    rf"{_BETWEEN}(?:[{NUMERAL}](?![{NUMERAL}])|[Xx叉])"
)
"""Eighteen numerals, Chinese or mixed; 叉 is how an X is read out. Misses them in groups."""

MISTYPED: Final = re.compile(r"(?<![0-9])[1-9](?:[ \-]?[0-9]){15,17}[ \-]?[0-9Xx](?![0-9A-Za-z])")
"""Seventeen to nineteen digits: one too few or too many, for right after the word."""

_NAMED: Final = re.compile(
    r"(?:(?:身份证|身分证|证件|(?<!准考)(?<!学生)(?<!台胞)(?<!入台)(?<!通行)(?<!回乡)(?<!会员)证号|(?<![A-Za-z])sfz)(?:号码|号)?"
    r"|(?<![A-Za-z])(?:hk|香港) ?id(?:[ _-]?card)?(?: ?(?:no\.?|num(?:ber)?|号码?|#))?(?: is)?"
    r"|香港id(?:号码?)?|统一(?:证|編|编)?[编編]?[号號]|(?:十五|15)位(?:的|数)*(?:老|旧)?(?:身份证)?(?:[一-鿿?？]{0,8}\n[一-鿿]{0,6})?"
    r"|(?<![A-Za-z])(?:nric|fin|ic|mykad)(?: ?(?:no\.?|number|号码?))?(?: is)?"
    r"|[一二三]代证|永居[证卡]|永久居留身?份?[证卡]|居留证|[老旧]证(?:件|上的?)?号?码?"
    r"|(?<![A-Za-z])id[ _-]?(?:card)?[ _-]?(?:no\.?|num(?:ber)?|card))"
    r"(?:[一-鿿]{0,2}(?:是|为|[ :=(\"'\n])*|[^0-9A-Za-z\n]{0,8}(?:1[58]位)?[^0-9A-Za-z\n]{0,4})\Z",
    re.IGNORECASE,
)
"""A word that calls the number after it one of an identity card."""

_BARE_ID: Final = re.compile(r"(?<![A-Za-z])id[ :=号]{0,3}\Z", re.IGNORECASE)
_WORD: Final = re.compile("证|位|[Ss][Ff][Zz]|[Ii][DdCc]")

_NAMED_AFTER: Final = re.compile(
    "[ ,，(]?(?:这?就?是)?(?:那种|老的?|以前的?|旧的?){0,2}(?:15|十五)位"
    r"(?:数|的|老|那|[ ,，。!]|\Z)"
    "|[ ,，(]?(?:这?就?是|[^0-9]{0,2})[一-鿿]{0,3}(?<![跟像和比])身份证"
    "(?![后前尾末里上]|(?:号码?)?(?:[一-鿿]{0,2}[是为])?[ :,，]{0,3}[0-9]{2})"
)
"""The same word after the number: `…是我身份证`. Where a number follows it, it names that one."""

HONG_KONG_ID: Final = re.compile(
    r"(?<![0-9A-Za-z])(?P<letters>[A-Z]{1,2})(?P<digits>[0-9]{6}) ?"
    r"(?P<check>\([0-9A]\)|[0-9A])(?![0-9A-Za-z])"
)
"""One or two letters, six digits and the check digit, mostly in parentheses."""

TAIWAN_ID: Final = re.compile(r"(?<![0-9A-Za-z])[A-Z][1289][0-9]{8}(?![0-9A-Za-z])")
"""A letter for the place, one digit for the sex, eight more. Misses small letters."""

ELSEWHERE: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:[A-Za-z][1289][0-9]{8}|[A-Z]{3}[0-9]{12}"
    r"|[157]/?[0-9]{6}/? ?(?:\([0-9]\)|[0-9])|[A-Za-z]{1,2}[0-9]{6} ?\([0-9Aa]\)"
    r"|[STFGMstfgm][0-9]{7}[A-Za-z]"
    r"|[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])-?[0-9]{2}-?[0-9]{4})"
    r"(?![0-9A-Za-z])"
)
"""What only the word makes one: mistyped, of Macau, Singapore, Malaysia and of foreigners."""

_TAIWAN_PLACES: Final = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
"""Letters in the order of the numbers from 10 on that they stand for."""

_LENGTH: Final = 18
_REACH: Final = 20

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS: Final = "10X98765432"
_PROVINCE: Final = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91")
"""First two digits of GB/T 2260, with those for residents from Hong Kong, Macau and Taiwan."""
_OLDEST_BIRTH: Final = 1900


class CnIdCardRecognizer(ChatRecognizer):
    """Finds identity card numbers by checksum (GB 11643), region and date of birth."""

    ENTITY: ClassVar[str] = "CN_ID_CARD"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        rf"[{NUMERAL}](?:[^0-9A-Za-z一-鿿〔〕]{{0,4}}[{NUMERAL}]){{14}}"
        r"|[A-Za-z][0-9]{6}|[157]/?[0-9]{6}|[0-9]{6}-[0-9]{2}-"
    )
    GATE: ClassVar[re.Pattern[str]] = HAS_NUMERAL
    NEEDS = ((HAS_NUMERAL, 6),)

    def find(self, text: str) -> Iterator[Hit]:
        """Yield numbers with a right checksum, and after 身份证 also mistyped and 15-digit ones."""
        for match in ID_18.finditer(text):
            start, end = match.span()
            digits = re.sub(r"[^0-9Xx]", "", match[0].replace("叉", "X")).upper()
            named = _named(text, start, end)
            plausible = _plausible(digits[:2], digits[6:14])
            other = names_other_number(text, start) and not _BARE_ID.search(
                text, max(0, start - 6), start
            )
            if not named and (not plausible or other):
                continue
            if plausible and has_valid_checksum(digits):
                yield Hit(start, end, 1.0, WHY_CHECKSUM)
            elif named and "\n" not in match[0]:
                yield Hit(start, end, 0.7 if plausible else 0.5, WHY_AFTER_WORD)
        yield from self._spelled(text)
        yield from self._from_elsewhere(text)
        if not _WORD.search(text):
            return
        for match in ID_15.finditer(text):
            digits = re.sub(r"[ \-]", "", match[0])
            if _named(text, *match.span()) and _plausible(digits[:2], "19" + digits[6:12]):
                yield Hit(*match.span(), 0.8, WHY_AFTER_WORD)
        for match in MISTYPED.finditer(text):
            digits = re.sub(r"[ \-]", "", match[0])
            miscounted = len(digits) != _LENGTH and _PROVINCE.match(digits)
            if miscounted and _named(text, *match.span()):
                yield Hit(*match.span(), 0.5, WHY_AFTER_WORD)

    @staticmethod
    def _from_elsewhere(text: str) -> Iterator[Hit]:
        for match in HONG_KONG_ID.finditer(text):
            sure = "(" in match["check"] or _named(text, *match.span())
            if sure and has_hong_kong_checksum(*match.group("letters", "digits", "check")):
                yield Hit(*match.span(), 0.8, WHY_CHECKSUM)
        for match in TAIWAN_ID.finditer(text):
            if has_taiwan_checksum(match[0]) and not names_other_number(text, match.start()):
                named = _named(text, *match.span())
                yield Hit(*match.span(), 0.9 if named else 0.5, WHY_CHECKSUM)
        for match in ELSEWHERE.finditer(text):
            if _named(text, *match.span()):
                yield Hit(*match.span(), 0.6, WHY_AFTER_WORD)

    @staticmethod
    def _spelled(text: str) -> Iterator[Hit]:
        if text.isascii():
            return
        for match in SPELLED_ID.finditer(text):
            if not any(char in CHINESE_DIGITS for char in match[0]):
                continue
            digits = digits_of(match[0])
            digits = digits if len(digits) == _LENGTH else digits + "X"
            if _plausible(digits[:2], digits[6:14]) and has_valid_checksum(digits):
                yield Hit(*match.span(), 0.95, WHY_SPELLED)


def _named(text: str, start: int, end: int) -> bool:
    """Whether a word beside the number calls it that of an identity card."""
    before = _NAMED.search(text, max(0, start - _REACH), start)
    return before is not None or _NAMED_AFTER.match(text, end) is not None


def has_valid_checksum(digits: str) -> bool:
    """Whether the last of eighteen characters is the ISO 7064 check digit of the others."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits[:17], strict=True))
    return digits[17] == _CHECK_DIGITS[total % 11]


def has_hong_kong_checksum(letters: str, digits: str, check: str) -> bool:
    """Whether the check digit of a Hong Kong identity card is that of the rest."""
    values = [int(char, 36) for char in letters] + [int(char) for char in digits]
    values = [36] * (8 - len(values)) + values
    total = sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True))
    return (total + int(check.strip("()"), 16)) % 11 == 0


def has_taiwan_checksum(number: str) -> bool:
    """Whether the last digit of a Taiwan identity card is the check digit of the rest."""
    place = _TAIWAN_PLACES.index(number[0]) + 10
    total = place // 10 + place % 10 * 9
    total += sum(
        int(digit) * weight for digit, weight in zip(number[1:9], range(8, 0, -1), strict=True)
    )
    return (total + int(number[9])) % 10 == 0


def _plausible(province: str, birthday: str) -> bool:
    if not _PROVINCE.fullmatch(province):
        return False
    try:
        born = date(int(birthday[:4]), int(birthday[4:6]), int(birthday[6:]))
    except ValueError:
        return False
    return _OLDEST_BIRTH <= born.year <= date.today().year  # noqa: DTZ011  (the year is enough)
