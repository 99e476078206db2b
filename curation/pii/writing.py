"""An invented value written as the real one was: separators, width, case and numerals stay."""

from __future__ import annotations

import re
import unicodedata
from itertools import takewhile
from typing import Final

from curation.pii.folding import CHINESE_DIGITS, digits_of

_SHIFT: Final = 0xFEE0
_PLAIN: Final = "零一二三四五六七八九"
_CAPITAL: Final = "零壹贰叁肆伍陆柒捌玖"
_SPOKEN: Final = {"幺": ("一", "幺"), "洞": ("零", "洞"), "〇": ("零", "〇"), "拐": ("七", "拐")}
_AT: Final = re.compile(r"[ \u3000]?[@＠][ \u3000]?|\(at\)|\[at\]|艾特", re.IGNORECASE)
_DIGITS_ONLY: Final = frozenset({"PHONE_NUMBER", "BANK_CARD", "QQ_NUMBER"})
_CASE_BLIND: Final = frozenset({"LICENSE_PLATE", "CN_ID_CARD", "PASSPORT", "MAC_ADDRESS"})


def write_like(entity: str, surface: str, value: str, invented: str) -> str:
    """Return `invented`, which stands for the canonical `value`, in the writing of `surface`.

    Where the surface has other characters than the canonical form, as a ligature may bring about,
    the invented value is returned plainly.
    """
    if entity in _DIGITS_ONLY:
        return _digits_like(surface, value, invented)
    if entity == "EMAIL_ADDRESS":
        return _email_like(surface, invented)
    if entity == "IP_ADDRESS":
        return _wide_like(surface, invented)
    return _letters_like(surface, invented, cased=entity in _CASE_BLIND)


def _digits_like(surface: str, value: str, invented: str) -> str:
    """Return the surface with its last digits changed; a country code before them stays."""
    slots = [at for at, char in enumerate(surface) if len(digits_of(char)) == 1]
    if len(slots) != len(digits_of(unicodedata.normalize("NFKC", surface))):
        return invented
    pairs = zip(value, invented, strict=True)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    changed = invented[same:]
    if len(slots) < len(changed):
        return invented
    written = list(surface)
    for at, digit in zip(slots[len(slots) - len(changed) :], changed, strict=True):
        written[at] = _digit_like(surface[at], digit, surface)
    return "".join(written)


def _digit_like(char: str, digit: str, surface: str) -> str:
    if char in CHINESE_DIGITS:
        style = _CAPITAL if any(each in _CAPITAL[1:] for each in surface) else _PLAIN
        written = style[int(digit)]
        for spoken, (plain, said) in _SPOKEN.items():
            if spoken in surface and written == plain:
                written = said
        return written
    # Other digits come in blocks of ten; in circled ones the zero stands elsewhere.
    zero = ord(char) - unicodedata.digit(char)
    written = chr(zero + int(digit))
    return written if unicodedata.digit(written, -1) == int(digit) else digit


def _email_like(surface: str, invented: str) -> str:
    at = _AT.search(surface)
    if at is None:
        return invented
    local, domain = invented.split("@")
    return (
        _letters_like(surface[: at.start()], local, cased=True)
        + at[0]
        + _wide_like(surface, domain)
    )


def _wide_like(surface: str, invented: str) -> str:
    """Return it in full-width characters if the surface holds no narrow ones."""
    if any(char.isascii() for char in surface):
        return invented
    return "".join(_wide(char) for char in invented)


def _wide(char: str) -> str:
    return chr(ord(char) + _SHIFT) if "!" <= char <= "~" else char


def _letters_like(surface: str, invented: str, *, cased: bool) -> str:
    slots = [at for at, char in enumerate(surface) if char.isalnum()]
    letters = [char for char in invented if char.isalnum()]
    if len(slots) != len(letters):
        return invented
    written = list(surface)
    shouted = surface.isupper()
    for at, letter in zip(slots, letters, strict=True):
        before = surface[at]
        as_cased = letter.upper() if cased and (shouted or before.isupper()) else letter
        written[at] = _wide(as_cased) if "０" <= before <= "ｚ" else as_cased
    return "".join(written)
