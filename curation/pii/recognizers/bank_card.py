"""Bank card numbers."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import is_other_number
from curation.pii.entities import WHY_AFTER_WORD, WHY_CHECKSUM
from curation.pii.folding import CHINESE_DIGITS, digits_of
from curation.pii.recognizers.base import HAS_NUMERAL, NUMERAL, ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

CARD: Final = re.compile(
    r"(?<![0-9])(?<![0-9][.-])[1-9](?:(?:[ \-_·]{0,2}|\n|[☀-➿\U0001f000-\U0001faff ]{1,4})[0-9])"
    r"{15,18}(?![0-9])"
)
"""Sixteen to nineteen digits, blanks, dashes or a line end between. Misses Chinese numerals."""

QUARTERS: Final = re.compile(
    r"(?<![0-9])(?<![0-9][.,/|])[1-9][0-9]{3}(?P<sign>[^0-9A-Za-z一-鿿〔〕 \n-]{1,4})"
    r"(?:[0-9]{4}(?P=sign)){2}[0-9]{4}(?:(?P=sign)[0-9]{1,3})?(?![0-9])"
)
"""Groups of four with other signs between, each time the same."""

SPELLED: Final = re.compile(
    rf"(?<![{NUMERAL}])[{NUMERAL}](?:[ ,，、-]?[{NUMERAL}]){{15,18}}(?![{NUMERAL}])"
)
"""Sixteen to nineteen numerals, Chinese or mixed."""

AMERICAN_EXPRESS: Final = re.compile(r"(?<![0-9])3[47](?:[ \-]?[0-9]){13}(?![0-9])")
"""Fifteen digits: after a word, or where no birthday is in them and no other number is meant."""

DINERS: Final = re.compile(r"(?<![0-9])3(?:0[0-5]|[689][0-9])(?:[ \-]?[0-9]){11}(?![0-9])")
"""Fourteen digits: too few to stand without a word before them."""

_OLD_ID: Final = re.compile(r"[0-9]{8}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}")
"""An ID card of the old kind, which in two provinces begins as such a card does."""

ISSUER: Final = re.compile(
    r"(?:62|60|6[589]|81(?=[0-7])|9[045689]|5[678])(?=[0-9]{14,17}$)"
    r"|4(?:563|367)(?=[0-9]{15}$)|4(?=[0-9]{15}$)"
    r"|(?:5[1-5]|2[2-7]|35)(?=[0-9]{14}$)|10[0-9](?=[0-9]{16}$)"
)
"""First digits of UnionPay, Maestro and older Chinese cards; of Visa, Mastercard and JCB, which
have sixteen digits."""

_SHOP_CARD: Final = re.compile(
    r"(?:快递|快件|包裹|物流|会员|购物|公交|地铁|饭|校园|礼品|加油|流量|健身|储值|充值|物联网|[Ss][Ii][Mm]|积分|贵宾|水|电|燃气)"
    r"卡?(?:卡?号码?)?(?:是|为|[ :=])*\Z"
)
"""Parcels, cards of shops and the like, whose numbers are no account of a bank."""

_SOME_CARD: Final = re.compile(
    r"(?:卡[里上号]?|[工建农中招交]行|银行|邮储|浦发|中信|光大|民生|平安|兴业|广发|华夏|农商|农信|信用社)"
    r"(?:是|为|[ :])*\Z"
)

_REACH: Final = 18
_SHORTEST: Final = 16
_OF_A_SHARE: Final = 6
"""So many digits have numbers of shares and funds; no card is written in such groups."""

_NAMED: Final = re.compile(
    r"(?:卡号|银行卡|储蓄卡|信用卡|借记卡|工资卡|[工建农中招交][商设业国]?(?:银?行|行卡)?卡|[打转汇存]到|收款|运通卡?|(?<![A-Za-z])(?:ae|amex)卡?"
    r"|账[号户]|帐[号户]|(?<![A-Za-z])(?:bank ?)?card(?:[ _-]?(?:no\.?|num(?:ber)?|#))?)"
    r"(?:号码|号)?[一-鿿]{0,2}(?:是|为|is|[ :=(\"'\n])*\Z",
    re.IGNORECASE,
)
"""A word that calls the number a card. Misses other words: then the checksum must decide."""


class BankCardRecognizer(ChatRecognizer):
    """Finds card numbers by Luhn checksum and issuer, or by the word before them."""

    ENTITY: ClassVar[str] = "BANK_CARD"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        rf"[{NUMERAL}](?:[^0-9A-Za-z一-鿿〔〕]{{0,4}}[{NUMERAL}]){{13}}"
    )
    GATE: ClassVar[re.Pattern[str]] = HAS_NUMERAL
    NEEDS = ((HAS_NUMERAL, 14),)

    def find(self, text: str) -> Iterator[Hit]:
        """Yield card numbers, except those that stand as order or product numbers."""
        yield from _shorter(text)
        yield from self._in_disguise(text)
        for match in CARD.finditer(text):
            start = match.start()
            low = max(0, start - _REACH)
            is_named = _NAMED.search(text, low, start) is not None
            if _SHOP_CARD.search(text, low, start):
                continue
            for end in _ends(text, *match.span()):
                digits = re.sub("[^0-9]", "", text[start:end])
                checked = passes_luhn(digits)
                if not is_named and digits.startswith("62"):
                    is_named = _SOME_CARD.search(text, low, start) is not None
                if is_named and (checked or end == match.end()):
                    why = WHY_CHECKSUM if checked else WHY_AFTER_WORD
                    yield Hit(start, end, 1.0 if checked else 0.7, why)
                    break
                if (
                    checked
                    and ISSUER.match(digits)
                    and len(set(digits)) > 1
                    and not _is_list(text[start:end])
                    and not is_other_number(text, start, end)
                ):
                    yield Hit(start, end, 0.6 if "\n" in text[start:end] else 0.9, WHY_CHECKSUM)
                    break

    @staticmethod
    def _in_disguise(text: str) -> Iterator[Hit]:
        for match in (*QUARTERS.finditer(text), *SPELLED.finditer(text)):
            digits = digits_of(match[0])
            spelled = match.re is QUARTERS or any(char in CHINESE_DIGITS for char in match[0])
            likely = spelled and ISSUER.match(digits) and passes_luhn(digits)
            likely = likely and not _is_list(re.sub("[^0-9]+", " ", match[0]))
            if likely and not is_other_number(text, *match.span()):
                yield Hit(*match.span(), 0.9, WHY_CHECKSUM)


def _shorter(text: str) -> Iterator[Hit]:
    """Yield cards of fewer digits than others have."""
    for match in (*AMERICAN_EXPRESS.finditer(text), *DINERS.finditer(text)):
        start, end = match.span()
        digits = re.sub(r"[ \-]", "", match[0])
        if not passes_luhn(digits) or _is_list(match[0]):
            continue
        if _NAMED.search(text, max(0, start - _REACH), start):
            yield Hit(start, end, 0.9, WHY_CHECKSUM)
        elif not (
            match.re is DINERS or _OLD_ID.fullmatch(digits) or is_other_number(text, start, end)
        ):
            yield Hit(start, end, 0.6, WHY_CHECKSUM)


def _ends(text: str, start: int, end: int) -> Iterator[int]:
    """Yield where a card can end whose digits stand in groups, the furthest first.

    After a card its date of expiry may follow, as in `4392 … 7520 08/27`.
    """
    yield end
    places = [place for place in range(start, end) if text[place].isdigit()]
    for count in range(len(places) - 1, _SHORTEST - 1, -1):
        if places[count] > places[count - 1] + 1:
            yield places[count - 1] + 1


def _is_list(number: str) -> bool:
    """Whether groups are all round, one apart or of shares: `4500 4600`, `6222 6223`."""
    groups = number.split()
    numbers = [int(group) for group in groups if group.isdigit()]
    steps = {right - left for left, right in pairwise(numbers)}
    in_sixes = all(len(group) == _OF_A_SHARE for group in groups)
    return len(groups) > 1 and (
        in_sixes or all(group.endswith("0") for group in groups) or steps <= {1}
    )


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit (ISO/IEC 7812) of the others."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value  # noqa: PLR2004  (sum of the two digits)
    return total % 10 == 0
