"""Phone numbers as people write them in Chinese chat."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import is_other_number
from curation.pii.entities import (
    WHY_AFTER_WORD,
    WHY_FOREIGN_PHONE,
    WHY_LANDLINE,
    WHY_MOBILE,
    WHY_SERVICE_LINE,
    WHY_SPELLED,
)
from curation.pii.folding import CHINESE_DIGITS, digits_of
from curation.pii.recognizers.base import ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NUMERAL: Final = "0-9" + "".join(CHINESE_DIGITS)
_SPLITTER: Final = (
    r"(?:[^0-9A-Za-z一-鿿\n()\[\]〔〕]|\([^()0-9一-鿿\n]{1,16}\)|\)|\[[一-鿿A-Za-z]{1,6}\]){0,9}"
)
"""What people put between digits: blanks, signs, emoji, kaomoji, sticker codes. Misses letters."""

_LISTING: Final = re.compile(r"[,，、;；:/|*×+=。!?！？]")
"""Signs that stand between the numbers of a list more often than inside a phone."""

MOBILE: Final = re.compile(
    r"(?<![0-9])(?<![0-9]{2}\.)(?<!0\.)"
    r"(?:\(?(?:\+ ?|00)?86\)?[ -]{0,3})?"
    rf"(?P<number>1{_SPLITTER}[3-9](?:{_SPLITTER}[0-9]){{9}})"
    r"(?![0-9]|[.][0-9]{1,2}(?![0-9]))"
)
"""Eleven digits from 13 to 19, with or without +86."""

BROKEN_MOBILE: Final = re.compile(
    r"(?<![0-9])(?<![0-9][.,:\-])"
    r"1[3-9][0-9](?: ?\n ?[0-9]{4}(?:(?: ?\n ?|[ \-])?[0-9]{4})|[ \-]?[0-9]{4} ?\n ?[0-9]{4})"
    r"(?![0-9]|[.,:\-/][0-9])"
)
"""A mobile sent in two or three messages of a run. Misses other breaks than 3-4-4, 3-8 and 7-4."""

MOBILE_PREFIX: Final = re.compile(r"1(?:3[0-9]|4[014-9]|5[0-35-9]|6[2567]|7[0-8]|8[0-9]|9[0-35-9])")
"""Prefixes that China's numbering plan gives to mobile networks."""

_GROUPINGS: Final = frozenset(
    {
        (11,),
        (3, 4, 4),
        (3, 8),
        (7, 4),
        (3, 3, 5),
        (6, 5),
        (4, 3, 4),
        (3, 4, 2, 2),
        (3, 2, 2, 2, 2),
        (1,) * 11,
    }
)
"""How the eleven digits are grouped. Others are rather lists of numbers: `1500 2000 300`."""

_SURE_GROUPINGS: Final = frozenset({(11,), (3, 4, 4), (3, 8), (7, 4)})

SPELLED_MOBILE: Final = re.compile(
    rf"(?<![{_NUMERAL}])[1一幺壹](?:[ \-,，、]?[{_NUMERAL}]){{10}}(?![{_NUMERAL}十百千万亿])"
)
"""Eleven numerals, Chinese or mixed: `一三八…`, `幺三八…`. Misses homophones such as `衣三巴`."""

LANDLINE: Final = re.compile(
    r"(?<![0-9+])(?<![0-9][.-])"
    r"(?:\(?(?:\+|00)86\)?[ -]{0,2}\(?0?|\(?0)(?:10|2[0-57-9]|[3-9][0-9]{2})\)?[ -]{0,3}"
    r"(?:(?<=[ )\-])[1-9]|[2-9])[0-9]{2,3}[ -]?[0-9]{4}"
    r"(?:(?: ?(?:转|轉|分机|ext\.?|#) ?|-)[0-9]{1,6})?"
    r"(?![0-9]|[.-][0-9])",
    re.IGNORECASE,
)
"""Area code, seven or eight digits, an extension. Misses numbers without area code: see below."""

NAMED_LANDLINE: Final = re.compile(
    r"(?:座机|固话|电话|電話|传真|分机|(?<![A-Za-z])(?:tel|fax))(?:号码|号)?(?:是|为|[ :.])*"
    r"(?P<number>[2-9][0-9]{2,3}[ -]?[0-9]{4}(?:(?: ?转 ?|-)[0-9]{1,6})?)(?![0-9])",
    re.IGNORECASE,
)
"""A number without area code, called a phone by the word before it."""

SERVICE_LINE: Final = re.compile(
    r"(?<![0-9])[48]00(?:[ -]?[0-9]{3}[ -]?[0-9]{4}|[ -]?[0-9]{4}[ -]?[0-9]{3}"
    r"|[0-9][ -][0-9]{3}[ -][0-9]{3})(?![0-9]|[.-][0-9])"
)
"""Ten digits from 400 or 800. Misses short numbers (95588, 12306), which belong to nobody."""

FOREIGN: Final = re.compile(
    r"(?<![0-9A-Za-z+])(?:\+|00)"
    r"\(?(?:85[23]|886|1|7|33|34|39|4[0-9]|6[0-6]|8[124]|9[0-58]|971|972)\)?[ -]?"
    r"\(?[0-9]{1,4}\)?(?:[ -]?[0-9]{2,4}){2,3}(?![0-9])"
)
"""A plus and a country code of Hong Kong, Macau, Taiwan or a frequent destination.

Misses foreign numbers written without their country code, and rarer countries.
"""

TAIWAN: Final = re.compile(
    r"(?<![0-9.+])(?:09[0-9]{2}[ -]?[0-9]{3}[ -]?[0-9]{3}|\(?0[2-8]\)?[ -][0-9]{3,4}-[0-9]{4})"
    r"(?![0-9]|[.-][0-9])"
)
"""Ten digits from 09, or an area code of Taiwan before a number with its dash."""

HONG_KONG: Final = re.compile(
    r"(?<![0-9+-])\(?85[23]\)?[ -][4-9][0-9]{3}[ -]?[0-9]{4}(?![0-9]|[.-][0-9])"
)
"""The code of Hong Kong or Macau without a plus. Misses it glued to the number."""

_FOREIGN_DIGITS: Final = range(9, 15)


class CnPhoneRecognizer(ChatRecognizer):
    """Finds mobile, landline, service and foreign phone numbers."""

    ENTITY: ClassVar[str] = "PHONE_NUMBER"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        rf"[{_NUMERAL}](?:[^{_NUMERAL}]{{0,32}}[{_NUMERAL}]){{6}}"
    )
    GATE: ClassVar[re.Pattern[str]] = re.compile(f"[{_NUMERAL}]")

    def find(self, text: str) -> Iterator[Hit]:
        """Yield phone numbers, except those that stand as order, product or file numbers."""
        yield from self._mobiles(text)
        for pattern, score, why in (
            (LANDLINE, 0.8, WHY_LANDLINE),
            (SERVICE_LINE, 0.7, WHY_SERVICE_LINE),
            (TAIWAN, 0.7, WHY_FOREIGN_PHONE),
            (HONG_KONG, 0.7, WHY_FOREIGN_PHONE),
        ):
            for match in pattern.finditer(text):
                if not is_other_number(text, *match.span()):
                    yield Hit(*match.span(), score, why)
        for match in NAMED_LANDLINE.finditer(text):
            yield Hit(*match.span("number"), 0.7, WHY_AFTER_WORD)
        for match in FOREIGN.finditer(text):
            if len(digits_of(match[0])) in _FOREIGN_DIGITS:
                yield Hit(*match.span(), 0.7, WHY_FOREIGN_PHONE)

    @staticmethod
    def _mobiles(text: str) -> Iterator[Hit]:
        for match in MOBILE.finditer(text):
            number = match["number"]
            runs = re.findall("[0-9]+", number)
            groups = tuple(len(run) for run in runs)
            if groups not in _GROUPINGS or not MOBILE_PREFIX.match(digits_of(number)):
                continue
            if _LISTING.search(number) and (groups not in _SURE_GROUPINGS or _are_round(runs)):
                continue
            if not is_other_number(text, *match.span()):
                yield Hit(*match.span(), 0.95 if len(groups) == 1 else 0.85, WHY_MOBILE)
        for match in BROKEN_MOBILE.finditer(text):
            likely = MOBILE_PREFIX.match(match[0]) and not _are_round(match[0].split("\n"))
            if likely and not is_other_number(text, *match.span()):
                yield Hit(*match.span(), 0.6, WHY_MOBILE)
        for match in SPELLED_MOBILE.finditer(text):
            in_words = any(char in CHINESE_DIGITS for char in match[0])
            if in_words and MOBILE_PREFIX.match(digits_of(match[0])):
                yield Hit(*match.span(), 0.85, WHY_SPELLED)


def _are_round(numbers: Sequence[str]) -> bool:
    """Whether all numbers end in zero, as sizes and prices do: `180*2000*2200`."""
    return all(number.strip().endswith("0") for number in numbers)
