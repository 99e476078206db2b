"""International bank account numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.entities import WHY_CHECKSUM
from curation.pii.recognizers.base import HAS_LETTER, ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

IBAN: Final = re.compile(
    r"(?:(?<![0-9A-Za-z])|(?<=iban))(?P<country>[A-Z]{2})[0-9]{2}(?:[ \-]?[0-9A-Z]){11,30}",
    re.IGNORECASE,
)
"""A country, two check digits, then letters and digits, blanks or dashes between."""

_LENGTHS: Final = {
    length: frozenset(countries.split())
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FO GL NL",
        19: "MK SI",
        20: "AT BA EE KZ LT LU XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
    }.items()
}
"""Characters of an IBAN, by country (the IBAN registry of ISO 13616)."""

_LENGTH_OF: Final = {
    country: length for length, countries in _LENGTHS.items() for country in countries
}


class IbanRecognizer(ChatRecognizer):
    """Finds IBANs by country, length and check digits."""

    ENTITY: ClassVar[str] = "IBAN_CODE"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(r"[A-Za-z]{2}[0-9]{2}(?:[ \-]?[0-9A-Za-z]){4}")
    NEEDS = ((HAS_LETTER, 2),)

    def find(self, text: str) -> Iterator[Hit]:
        """Yield account numbers; what follows one glued to it is no part of it."""
        for match in IBAN.finditer(text):
            length = _LENGTH_OF.get(match["country"].upper())
            places = [match.start() + at for at, char in enumerate(match[0]) if char.isalnum()]
            if length is None or len(places) < length:
                continue
            end = places[length - 1] + 1
            glued = text[end : end + 1].isascii() and text[end : end + 1].isalnum()
            value = "".join(char for char in text[match.start() : end] if char.isalnum())
            if not glued and has_valid_check_digits(value.upper()):
                yield Hit(match.start(), end, 1.0, WHY_CHECKSUM)


def has_valid_check_digits(value: str) -> bool:
    """Whether `value`, in capitals and without blanks, leaves 1 by 97 (ISO 7064)."""
    return int("".join(str(int(char, 36)) for char in value[4:] + value[:4])) % 97 == 1
