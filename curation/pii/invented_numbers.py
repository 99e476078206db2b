"""Invented numbers, accounts and codes: shaped like the real ones, given out to nobody.

Every function takes a canonical value and a `Draw` and returns an invented canonical value of the
same length, or None where it knows no shape for it. What makes sure that the invented value belongs
to nobody stands at each function.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from curation.pii.folding import CHINESE_DIGITS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from curation.pii.drawing import Draw

    Maker = Callable[[str, Draw], str | None]

UNASSIGNED_MOBILE: Final = ("142", "143", "154", "163", "164")
"""Mobile prefixes of mainland China that are no network's.

By the ministry's list 公众移动通信网网号及H0分配情况 (MIIT, March 2023). Networks for things
use 142 and 143, but with thirteen digits.
"""

UNASSIGNED_REGIONS: Final = (
    *("16", "17", "18", "19", "24", "25", "26", "27", "28", "29", "38", "39", "47", "48", "49"),
    *("55", "56", "57", "58", "59", "66", "67", "68", "69", "72", "73", "74", "75", "76", "77"),
)
"""First two digits that GB/T 2260 gives to no province."""

_LONG_AREAS: Final = (
    "0311",
    "0411",
    "0512",
    "0531",
    "0574",
    "0591",
    "0731",
    "0755",
    "0851",
    "0991",
)
_SHORT_AREAS: Final = ("010", "020", "021", "022", "023", "024", "025", "027", "028", "029")
_FOREIGN: Final = re.compile(
    r"(?P<country>(?:00)?(?:85[23]|886|97[12]|1|7|33|34|39|4[0-9]|6[0-6]|8[124]|9[0-58]))(?P<rest>[0-9]{6,})"
)
_LANDLINE: Final = re.compile(r"(?P<area>010|02[0-9]|0[3-9][0-9]{2})(?P<local>[0-9]{7,})")
_TAIWANESE: Final = 10  # digits: too few for a landline of the mainland
_NORTH_AMERICA: Final = "1"
_ITALY: Final = "39"


def phone(value: str, draw: Draw) -> str | None:
    """Return a number that no network has.

    Mobiles begin with a prefix of `UNASSIGNED_MOBILE`, and their fifth digit is 0 or 1, so that
    read as a number of North America (`+1 ...`) no exchange has them either. Landlines begin with 9
    after the area code, which China's plan keeps for service numbers (95..., 96..., avoided too).
    400 and 800 go on with 4, a series that was never opened. A number abroad goes on with 00 after
    its country code, where no subscriber's number begins (2 in Italy; an exchange with 0 or 1 in
    North America). Anything else begins with 00, which dials abroad to a country 0.
    """
    if re.fullmatch("1[3-9][0-9]{9}", value):
        return draw.one_of(UNASSIGNED_MOBILE) + draw.digits(1) + draw.one_of("01") + draw.digits(6)
    if re.fullmatch("[48]00[0-9]{7}", value):
        return value[:3] + "4" + draw.digits(6)
    if (found := _LANDLINE.fullmatch(value)) and len(value) != _TAIWANESE:
        areas = _SHORT_AREAS if len(found["area"]) == len(_SHORT_AREAS[0]) else _LONG_AREAS
        return draw.one_of(areas) + _local(len(found["local"]), draw)
    if re.fullmatch("[0-9]{7,8}", value):
        return _local(len(value), draw)
    return _phone_abroad(value, draw)


def _phone_abroad(value: str, draw: Draw) -> str | None:
    found = _FOREIGN.fullmatch(value)
    if found is None:
        return _digits_after("00", value, draw)
    country, rest = found["country"], len(found["rest"])
    if country.removeprefix("00") == _NORTH_AMERICA:
        return country + found["rest"][:3] + draw.one_of("01") + draw.digits(rest - 4)
    start = "2" if country.removeprefix("00") == _ITALY else "00"
    return country + start + draw.digits(rest - len(start))


def _local(length: int, draw: Draw) -> str:
    return "9" + draw.one_of("0123478") + draw.digits(length - 2)


def _digits_after(start: str, value: str, draw: Draw) -> str | None:
    if not (value.isascii() and value.isdigit()) or len(value) <= len(start):
        return None
    return start + draw.digits(len(value) - len(start))


_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS: Final = "10x98765432"


def id_card(value: str, draw: Draw) -> str | None:
    """Return a card number of a region that does not exist, of the same sex, its checksum right."""
    if not re.fullmatch("[0-9]{15}|[0-9]{17}[0-9x]", value):
        return None
    long = len(value) == 18  # noqa: PLR2004  (GB 11643)
    year = str(1950 + draw.below(60))[0 if long else 2 :]
    born = f"{year}{1 + draw.below(12):02}{1 + draw.below(28):02}"
    order = draw.digits(2) + str(int(value[16 if long else 14]) % 2 + 2 * draw.below(5))
    start = draw.one_of(UNASSIGNED_REGIONS) + draw.digits(4) + born + order
    if not long:
        return start
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, start, strict=True))
    return start + _ID_CHECKS[total % 11]


def bank_card(value: str, draw: Draw) -> str | None:
    """Return a number with the network's first two digits that fails the Luhn checksum.

    Every card passes it (ISO/IEC 7812), so no card has the number.
    """
    made = _digits_after(value[:2], value, draw)
    if made is None or not _passes_luhn(made):
        return made
    return made[:-1] + str((int(made[-1]) + 1) % 10)


def _passes_luhn(digits: str) -> bool:
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits)))
    return sum(part // 10 + part % 10 for part in doubled) % 10 == 0


def qq_number(value: str, draw: Draw) -> str | None:
    """Return a number that Tencent has not reached: no QQ number begins with 0 or is that long."""
    starts = {10: "56789", 11: "9"}
    return _digits_after(draw.one_of(starts.get(len(value), "0")), value, draw)


_AT: Final = re.compile(r"@|\(at\)|\[at\]|艾特")
_CONSONANTS: Final = "bcdfghjklmnpqrstvwxz"
_VOWELS: Final = "aeiou"
EXAMPLE_DOMAINS: Final = ("example.com", "example.net", "example.org")
"""Domains that RFC 2606 keeps for examples: no mail reaches anybody there."""


def email(value: str, draw: Draw) -> str | None:
    """Return an address of the same shape at a domain that is kept for examples."""
    local = _AT.split(value)[0]
    if not local or local == value:
        return None
    made: list[str] = []
    for char in local:
        if char.isalpha():
            vowel = bool(made) and made[-1] in _CONSONANTS
            made.append(draw.one_of(_VOWELS if vowel else _CONSONANTS))
        else:
            made.append(draw.digits(1) if char.isdigit() else char)
    return "".join(made) + "@" + draw.one_of(EXAMPLE_DOMAINS)


def wechat_id(value: str, draw: Draw) -> str | None:
    """Return an id of the same shape, drawn from consonants, as people do not choose one.

    WeChat tells nobody which ids are taken: that this one is free is only very likely.
    """
    head, rest = ("wxid_", value[5:]) if value.startswith("wxid_") else ("", value)
    made = _wholly_drawn(rest, draw, _CONSONANTS)
    return None if made is None else head + made


def licence_plate(value: str, draw: Draw) -> str | None:
    """Return a plate with the letter I behind its province, which no authority gives out."""
    if not re.fullmatch(r"[一-鿿][a-z].{4,6}", value):
        return None
    province = draw.one_of(
        "京津沪渝冀豫云辽黑湘皖鲁苏浙赣鄂桂甘晋陕吉闽贵粤川琼".replace(value[0], "")
    )
    return province + "i" + _same_classes(value[2:], draw, letters="abcdefghjklmnpqrstuvwxyz")


def passport(value: str, draw: Draw) -> str | None:
    """Return a number that begins with I or O, letters that documents leave out.

    Permits without any letter are drawn at random: whether one is in use cannot be told.
    """
    return _wholly_drawn(value, draw, "io")


_DOCUMENTATION_NETS: Final = ("192.0.2.", "198.51.100.", "203.0.113.")
_HEX: Final = "0123456789abcdef"


def ip_address(value: str, draw: Draw) -> str | None:
    """Return an address of the ranges kept for documentation (RFC 5737, RFC 3849)."""
    if ":" not in value:
        return draw.one_of(_DOCUMENTATION_NETS) + str(1 + draw.below(254))
    groups = value.split(":")
    made = [
        draw.one_of(_HEX[1:]) + "".join(draw.one_of(_HEX) for _ in group[1:]) if group else ""
        for group in groups[2:]
    ]
    # `2001:db8` must stand in front; where the blank of `::` was there, it moves behind it.
    if groups[0] and groups[1]:
        return ":".join(["2001", "db8", *made])
    return "2001:db8::" + ":".join(filter(None, made))


def mac_address(value: str, draw: Draw) -> str | None:
    """Return a locally administered address, which no maker of network cards gives out."""
    made = "".join(draw.one_of(_HEX) if char.isalnum() else char for char in value)
    return made[:1] + draw.one_of("26ae") + made[2:]


def iban(value: str, draw: Draw) -> str | None:
    """Return an account with check digits that the rule never gives (00, 01 and 99)."""
    return value[:2] + draw.one_of(("00", "01", "99")) + _same_classes(value[4:], draw)


_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def crypto(value: str, draw: Draw) -> str | None:
    """Return a wallet whose last letter its alphabet does not have: no such address exists."""
    if value.startswith("0x"):
        return _wallet(value, 2, "0123456789abcdef", "gh", draw)
    if found := re.match("(?:bc|ltc)1", value, re.IGNORECASE):
        return _wallet(value, found.end(), _BECH32, "bio", draw)
    return _wallet(value, 1, _BASE58, "0OIl", draw)


def _wallet(value: str, head: int, alphabet: str, strange: str, draw: Draw) -> str:
    body = "".join(draw.one_of(alphabet) for _ in value[head + 1 :])
    return value[:head] + body + draw.one_of(strange)


_MANY_OF_ONE: Final = re.compile("(?P<count>.)个(?P<char>.)")


def secret(value: str, draw: Draw) -> str | None:
    """Return a password or code of the same kinds of characters; signs stay where they are.

    Words in Chinese and letters of other scripts have no such shape, and a secret of signs alone
    has nothing to draw.
    """
    if _MANY_OF_ONE.fullmatch(value):
        return draw.one_of("四五六七八") + "个" + draw.one_of("一二三四五六七八九")
    return _wholly_drawn(value, draw)


def _wholly_drawn(
    value: str, draw: Draw, letters: str = "abcdefghijklmnopqrstuvwxyz"
) -> str | None:
    """Return characters of the same kinds, None where a letter or all of it would stay."""
    strange = (char for char in value if not char.isascii() and char not in CHINESE_DIGITS)
    if any(char.isalpha() or unicodedata.category(char)[0] == "M" for char in strange):
        return None
    made = _same_classes(value, draw, letters)
    return None if made == value else made


def _same_classes(value: str, draw: Draw, letters: str = "abcdefghijklmnopqrstuvwxyz") -> str:
    """Return characters of the same kinds: digits, numerals, small letters, capitals."""
    made: list[str] = []
    for char in value:
        if char in CHINESE_DIGITS:
            made.append(draw.one_of("一二三四五六七八九"))
        elif char.isdigit():
            made.append(draw.digits(1))
        elif char.isascii() and char.isalpha():
            drawn = draw.one_of(letters)
            made.append(drawn.upper() if char.isupper() else drawn)
        else:
            made.append(char)
    return "".join(made)


MAKERS: Final[Mapping[str, Maker]] = {
    "PHONE_NUMBER": phone,
    "CN_ID_CARD": id_card,
    "BANK_CARD": bank_card,
    "EMAIL_ADDRESS": email,
    "PASSWORD": secret,
    "OTP_CODE": secret,
    "WECHAT_ID": wechat_id,
    "QQ_NUMBER": qq_number,
    "LICENSE_PLATE": licence_plate,
    "PASSPORT": passport,
    "IP_ADDRESS": ip_address,
    "MAC_ADDRESS": mac_address,
    "IBAN_CODE": iban,
    "CRYPTO": crypto,
}
"""Who invents what, by entity. Names and addresses are put together from their parts instead."""
