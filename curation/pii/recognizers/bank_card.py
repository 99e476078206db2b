"""Bank card numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import is_other_number
from curation.pii.entities import WHY_AFTER_WORD, WHY_CHECKSUM
from curation.pii.recognizers.base import ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

CARD: Final = re.compile(r"(?<![0-9])(?<![0-9][.-])[1-9](?:[ \-]{0,2}[0-9]){15,18}(?![0-9])")
"""Sixteen to nineteen digits, blanks or dashes between."""

AMERICAN_EXPRESS: Final = re.compile(r"(?<![0-9])3[47](?:[ \-]?[0-9]){13}(?![0-9])")
"""Fifteen digits: too few to stand without a word before them."""

ISSUER: Final = re.compile(
    r"62|4|5[1-8]|2[2-7]|35|3[068]|6[0589]|9558|9[0-9]{3}(?=[0-9]{15}$)|10[0-9]"
)
"""First digits of UnionPay, Visa, Mastercard, JCB, Maestro and of older Chinese debit cards."""

_NAMED: Final = re.compile(
    r"(?:卡号|卡號|银行卡|储蓄卡|信用卡|借记卡|工资卡|[工建农中招交][商设业国]?(?:银?行|行卡)?卡|打到|转到"
    r"|汇到|账[号户]|帐[号户])(?:号码|号)?[一-鿿]{0,2}(?:是|为|[ :=(\n])*\Z"
)
"""A word that calls the number a card. Misses other words: then the checksum must decide."""


class BankCardRecognizer(ChatRecognizer):
    """Finds card numbers by Luhn checksum and issuer, or by the word before them."""

    ENTITY: ClassVar[str] = "BANK_CARD"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(r"[0-9](?:[ \-]{0,2}[0-9]){14}")

    def find(self, text: str) -> Iterator[Hit]:
        """Yield card numbers, except those that stand as order or product numbers."""
        for match in AMERICAN_EXPRESS.finditer(text):
            named = _NAMED.search(text, max(0, match.start() - 14), match.start())
            if named and passes_luhn(re.sub(r"[ \-]", "", match[0])):
                yield Hit(*match.span(), 0.9, WHY_CHECKSUM)
        for match in CARD.finditer(text):
            digits = re.sub(r"[ \-]", "", match[0])
            if _NAMED.search(text, max(0, match.start() - 14), match.start()):
                checked = passes_luhn(digits)
                yield Hit(
                    *match.span(),
                    1.0 if checked else 0.7,
                    WHY_CHECKSUM if checked else WHY_AFTER_WORD,
                )
            elif (
                ISSUER.match(digits)
                and passes_luhn(digits)
                and len(set(digits)) > 1
                and not is_other_number(text, *match.span())
            ):
                yield Hit(*match.span(), 0.9, WHY_CHECKSUM)


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit (ISO/IEC 7812) of the others."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value  # noqa: PLR2004  (sum of the two digits)
    return total % 10 == 0
