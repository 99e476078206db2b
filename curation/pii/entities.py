"""The kinds of PII, what stands for each once it is masked, and the reasons a finding can give."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from curation import model

if TYPE_CHECKING:
    from collections.abc import Iterable

LANGUAGE: Final = "zh"
"""Presidio's name of the one language."""

PLACEHOLDER_TEXT: Final = MappingProxyType(
    {
        "PHONE_NUMBER": "〔电话〕",
        "CN_ADDRESS": "〔地址〕",
        "CN_ID_CARD": "〔身份证〕",
        "BANK_CARD": "〔银行卡〕",
        "EMAIL_ADDRESS": "〔邮箱〕",
        "PASSWORD": "〔密码〕",
        "OTP_CODE": "〔验证码〕",
        "WECHAT_ID": "〔微信号〕",
        "QQ_NUMBER": "〔QQ号〕",
        "LICENSE_PLATE": "〔车牌〕",
        "PASSPORT": "〔证件号〕",
        "PERSON": "〔姓名〕",
        "IP_ADDRESS": "〔IP地址〕",
        "MAC_ADDRESS": "〔MAC地址〕",
        "IBAN_CODE": "〔银行账号〕",
        "CRYPTO": "〔钱包地址〕",
        "CUSTOM_TERM": "〔隐私〕",
    }
)
"""What replaces a masked value, by entity.

Lenticular brackets, so that it is never mistaken for a sticker code such as `[微笑]`; without
digits, so that no recognizer finds anything in it.
"""

STAND_IN_BEGINS: Final = "〔"
STAND_IN: Final = re.compile(
    f"〔(?:{'|'.join(text[1:-1] for text in PLACEHOLDER_TEXT.values())})"
    "[\U00100000-\U0010fffd]{0,4}〕"
)
"""A placeholder, also one with a number of signs that nobody can type."""

ENTITIES: Final[tuple[str, ...]] = tuple(PLACEHOLDER_TEXT)
"""Every entity a finding can have, in the order the screen lists them."""

TAGGED: Final = ("CN_ADDRESS", "PERSON")
"""The entities that the trained tagger knows."""


def placeholder(entity: str) -> str:
    """Return what stands for a masked value of `entity`, also of one that is not listed."""
    return PLACEHOLDER_TEXT.get(entity, PLACEHOLDER_TEXT["CUSTOM_TERM"])


WHY_BY_HAND: Final = "flagged by hand"
WHY_MOBILE: Final = "mobile"
WHY_LANDLINE: Final = "landline"
WHY_SERVICE_LINE: Final = "service line"
WHY_FOREIGN_PHONE: Final = "foreign phone"
WHY_SPELLED: Final = "spelled in Chinese numerals"
WHY_CHECKSUM: Final = "checksum"
WHY_AFTER_WORD: Final = "named by the word beside it"
WHY_SHAPE: Final = "shape"
WHY_EVIDENCE: Final = "what stands beside it"
WHY_AROUND: Final = "what the messages around it say"
WHY_ADDRESS: Final = "house in a named place"
WHY_ADDRESS_ROOM: Final = "building with room"
WHY_ADDRESS_AREAS: Final = "administrative divisions"
WHY_ADDRESS_PICKUP: Final = "pick-up point"
WHY_ADDRESS_WORD: Final = "after an address word"
WHY_ADDRESS_LATIN: Final = "address in Latin letters"
WHY_OWN_TERM: Final = model.WHY_OWN_TERM
WHY_KNOWN_NAME: Final = "known name"
WHY_KNOWN_ID: Final = "known id"
WHY_SHORT_NAME: Final = "short form of a known name"
WHY_INTRODUCED: Final = "introduced as a name"
WHY_TITLE: Final = "surname and title"
WHY_NAME_PARTS: Final = "surname and given name"
WHY_PIPELINE: Final = "language model"
WHY_TAGGER: Final = "learnt from examples"
WHY_REPEATED: Final = "same value as another finding"

REASONS: Final[tuple[str, ...]] = (
    WHY_MOBILE,
    WHY_LANDLINE,
    WHY_SERVICE_LINE,
    WHY_FOREIGN_PHONE,
    WHY_SPELLED,
    WHY_CHECKSUM,
    WHY_AFTER_WORD,
    WHY_SHAPE,
    WHY_EVIDENCE,
    WHY_AROUND,
    WHY_ADDRESS,
    WHY_ADDRESS_ROOM,
    WHY_ADDRESS_AREAS,
    WHY_ADDRESS_PICKUP,
    WHY_ADDRESS_WORD,
    WHY_ADDRESS_LATIN,
    WHY_OWN_TERM,
    WHY_KNOWN_NAME,
    WHY_SHORT_NAME,
    WHY_KNOWN_ID,
    WHY_INTRODUCED,
    WHY_TITLE,
    WHY_NAME_PARTS,
    WHY_PIPELINE,
    WHY_TAGGER,
    WHY_REPEATED,
    WHY_BY_HAND,
)
"""How every `Finding.why` begins; the screen shows them through the text catalogue."""

_WORDS_FOLLOW: Final = ": "
"""The screen parts a reason from its words here too."""


def with_words(reason: str, words: Iterable[str]) -> str:
    """Return a reason together with the words that made it one."""
    return f"{reason}{_WORDS_FOLLOW}{' '.join(words)}"


def reason_alone(why: str) -> str:
    """Return which of REASONS a `Finding.why` gives, without the words that made it one."""
    return why.partition(_WORDS_FOLLOW)[0]
