"""One spelling for equal values, so that a decision on one holds for all of them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from curation.pii.chinese import plain
from curation.pii.folding import digits_of, fold

_FROM_ABROAD: Final = re.compile(
    r"(?:00)?86(?:(?P<mobile>1[3-9][0-9]{9})|0?(?P<landline>(?:10|[2-9])[0-9]{8,15}))"
)
_IGNORED: Final = re.compile(r"[\s\-_.·•]+")
_BETWEEN_NUMBERS: Final = re.compile(r"(?<=\d)[\s\-_.·•]+(?=\d)")
_PARTED: Final = "\x00"
_ID_DIGITS: Final = 17
_DIGITS_ONLY: Final = frozenset({"PHONE_NUMBER", "BANK_CARD", "QQ_NUMBER"})
_CASE_BLIND: Final = frozenset(
    {"EMAIL_ADDRESS", "LICENSE_PLATE", "CN_ID_CARD", "PASSPORT", "MAC_ADDRESS", "IP_ADDRESS"}
)
_PUNCTUATION_COUNTS: Final = frozenset(
    {"EMAIL_ADDRESS", "PASSWORD", "WECHAT_ID", "IP_ADDRESS", "CRYPTO"}
)


def canonical_value(entity: str, text: str) -> str:
    """Return the form of `text` in which equal values of `entity` are equal strings.

    Full-width forms, blanks and dashes do not count, nor do Chinese numerals in a number, nor +86
    before a phone, nor the case of an e-mail, plate or document number; `138-1234-5678` and
    `+86 13812345678` give `13812345678`.
    A name in traditional characters equals the same in simplified ones; `小周` and `周雨涵` differ.
    In an address what parts two numbers counts: `2-301` and `23-01` differ, `2 301` is `2-301`.
    In a password case and punctuation count, as they do where it is typed. Never fails.
    """
    if entity in _DIGITS_ONLY or entity == "CN_ID_CARD":
        digits = digits_of(unicodedata.normalize("NFKC", text))
        if entity == "CN_ID_CARD" and len(digits) >= _ID_DIGITS:
            return digits + ("x" if fold(text)[-1] in "xX叉" else "")
        if entity in _DIGITS_ONLY and digits:
            return _without_country(digits) if entity == "PHONE_NUMBER" else digits
    value = _plain(entity, text)
    # Taking a blank away can join a letter with an accent into one letter, and so on.
    while (plainer := _plain(entity, value)) != value:
        value = plainer
    return value


def _plain(entity: str, text: str) -> str:
    value = unicodedata.normalize("NFKC", fold(text))
    if entity == "PERSON":
        return _IGNORED.sub("", plain(value).casefold())
    if entity in _CASE_BLIND:
        value = value.casefold()
    if entity == "CN_ADDRESS":
        parted = _BETWEEN_NUMBERS.sub(_PARTED, value)
        return _IGNORED.sub("", parted).replace(_PARTED, "-")
    return "".join(value.split()) if entity in _PUNCTUATION_COUNTS else _IGNORED.sub("", value)


def _without_country(digits: str) -> str:
    """Return a mainland number as it is dialled inside the country, any other unchanged."""
    match = _FROM_ABROAD.fullmatch(digits)
    if match is None:
        return digits
    return match["mobile"] or "0" + match["landline"]
