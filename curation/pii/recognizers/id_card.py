"""Resident identity card numbers."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import is_other_number
from curation.pii.entities import WHY_AFTER_WORD, WHY_CHECKSUM
from curation.pii.recognizers.base import ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

ID_18: Final = re.compile(
    r"(?<![0-9])[1-9](?:[ \-]{0,2}[0-9]){16}[ \-]{0,2}(?:[0-9](?![0-9])|[Xx])"
)
"""Eighteen digits, the last one possibly X, blanks or dashes between. Misses Chinese numerals."""

ID_15: Final = re.compile(r"(?<![0-9])[1-9][0-9]{14}(?![0-9])")
"""The number of cards issued until 1999. Too plain to stand without a word before it."""

_NAMED: Final = re.compile(
    r"(?:身份证|身分证|证件|证号|sfz)(?:号码|号)?[一-鿿]{0,2}(?:是|为|[ :=(\n])*\Z",
    re.IGNORECASE,
)
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS: Final = "10X98765432"
_PROVINCES: Final = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
        "91",
    ]
)
"""First two digits of GB/T 2260, with those for residents from Hong Kong, Macau and Taiwan."""
_OLDEST_BIRTH: Final = 1900


class CnIdCardRecognizer(ChatRecognizer):
    """Finds identity card numbers by checksum (GB 11643), region and date of birth."""

    ENTITY: ClassVar[str] = "CN_ID_CARD"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(r"[0-9](?:[ \-]{0,2}[0-9]){14}")

    def find(self, text: str) -> Iterator[Hit]:
        """Yield numbers with a right checksum, and after 身份证 also mistyped and 15-digit ones."""
        for match in ID_18.finditer(text):
            digits = re.sub(r"[ \-]", "", match[0]).upper()
            if not _plausible(digits[:2], digits[6:14]):
                continue
            named = _NAMED.search(text, max(0, match.start() - 14), match.start())
            if has_valid_checksum(digits) and (named or not is_other_number(text, *match.span())):
                yield Hit(*match.span(), 1.0, WHY_CHECKSUM)
            elif named:
                yield Hit(*match.span(), 0.7, WHY_AFTER_WORD)
        for match in ID_15.finditer(text):
            named = _NAMED.search(text, max(0, match.start() - 14), match.start())
            if named and _plausible(match[0][:2], "19" + match[0][6:12]):
                yield Hit(*match.span(), 0.8, WHY_AFTER_WORD)


def has_valid_checksum(digits: str) -> bool:
    """Whether the last of eighteen characters is the ISO 7064 check digit of the others."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits[:17], strict=True))
    return digits[17] == _CHECK_DIGITS[total % 11]


def _plausible(province: str, birthday: str) -> bool:
    if province not in _PROVINCES:
        return False
    try:
        born = date(int(birthday[:4]), int(birthday[4:6]), int(birthday[6:]))
    except ValueError:
        return False
    return _OLDEST_BIRTH <= born.year <= date.today().year  # noqa: DTZ011  (the year is enough)
