"""Addresses of cryptocurrency wallets."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.entities import WHY_AFTER_WORD, WHY_CHECKSUM, WHY_SHAPE
from curation.pii.recognizers.base import HAS_LETTER, ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

BASE58: Final = re.compile(rf"(?<![0-9A-Za-z])[13TLMD][{_BASE58}]{{25,34}}(?![0-9A-Za-z])")
"""Bitcoin's older addresses, and those of Tron, Litecoin and Dogecoin, which are built alike."""

BECH32: Final = re.compile(
    rf"(?<![0-9A-Za-z])(?:bc|ltc)1[{_BECH32}]{{11,71}}(?![0-9A-Za-z])", re.IGNORECASE
)
"""Bitcoin's and Litecoin's newer addresses (BIP 173 and BIP 350)."""

ETHEREUM: Final = re.compile(r"(?<![0-9A-Za-z])0x[0-9A-Fa-f]{40}(?![0-9A-Za-z])")
"""Addresses of Ethereum and its kin.

Misses nothing, and does not read the checksum hidden in the letters' case, which is optional.
"""

NAMED: Final = re.compile(
    r"(?:钱包|收[款币]地址|充[币值]地址|提币|打币|链上|(?<![A-Za-z])(?:wallet|sol(?:ana)?|phantom|xrp|ripple|ton"
    r"|usdt|usdc|spl|ada)(?![A-Za-z]))[^0-9A-Za-z\n]{0,8}(?:address|wallet|addr)?[^0-9A-Za-z\n]{0,8}"
    rf"(?P<value>(?:[{_BASE58}]{{32,44}}|r[{_BASE58}]{{24,34}}|(?:UQ|EQ)[0-9A-Za-z_-]{{46}}"
    rf"|addr1[{_BECH32}]{{50,100}}))(?![0-9A-Za-z])",
    re.IGNORECASE,
)
"""After a word for a wallet also addresses of Solana, Ripple, TON and Cardano."""

_BECH32_SUMS: Final = frozenset({1, 0x2BC830A3})
_GENERATORS: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_PAYLOAD: Final = 21
_FEWEST_KINDS: Final = 6


class CryptoRecognizer(ChatRecognizer):
    """Finds wallet addresses by their checksums, Ethereum's by its shape."""

    ENTITY: ClassVar[str] = "CRYPTO"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(r"[0-9A-Za-z](?:[_-]*[0-9A-Za-z]){13}")
    GATE: ClassVar[re.Pattern[str]] = HAS_LETTER
    NEEDS = ((re.compile("[0-9A-Za-z]"), 14),)

    def find(self, text: str) -> Iterator[Hit]:
        """Yield wallet addresses."""
        for match in BASE58.finditer(text):
            if has_base58_checksum(match[0]):
                yield Hit(*match.span(), 1.0, WHY_CHECKSUM)
        for match in BECH32.finditer(text):
            if has_bech32_checksum(match[0].lower()):
                yield Hit(*match.span(), 1.0, WHY_CHECKSUM)
        for match in ETHEREUM.finditer(text):
            if len(set(match[0].lower())) >= _FEWEST_KINDS:
                yield Hit(*match.span(), 0.9, WHY_SHAPE)
        for match in NAMED.finditer(text):
            value = match["value"]
            kinds = (str.isdigit, str.isupper, str.islower)
            if all(any(kind(char) for char in value) for kind in kinds):
                yield Hit(*match.span("value"), 0.7, WHY_AFTER_WORD)


def has_base58_checksum(value: str) -> bool:
    """Whether `value` is 21 bytes and the first four of their double SHA-256, in base 58."""
    number = 0
    for char in value:
        number = number * len(_BASE58) + _BASE58.index(char)
    if number.bit_length() > 8 * (_PAYLOAD + 4):
        return False
    raw = number.to_bytes(_PAYLOAD + 4, "big")
    return sha256(sha256(raw[:_PAYLOAD]).digest()).digest()[:4] == raw[_PAYLOAD:]


def has_bech32_checksum(value: str) -> bool:
    """Whether `value`, in small letters, has the checksum of BIP 173 or of BIP 350."""
    prefix, _, data = value.partition("1")
    letters = [ord(char) for char in prefix]
    values = [letter >> 5 for letter in letters] + [0] + [letter & 31 for letter in letters]
    checksum = 1
    for each in values + [_BECH32.index(char) for char in data]:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ each
        for place, generator in enumerate(_GENERATORS):
            checksum ^= generator if top >> place & 1 else 0
    return checksum in _BECH32_SUMS
