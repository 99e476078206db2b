"""What a person can choose to stand for private details, with an example of each way."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from curation import pii
from curation.model import Replacement

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECRET: Final = b"examples: a workspace has a secret of its own"
_EXAMPLES: Final[Mapping[str, tuple[str, ...]]] = {
    "PHONE_NUMBER": ("138-0013-8000",),
    "CN_ADDRESS": ("杭州市翻斗花园3号楼1001",),
    "CN_ID_CARD": ("11010519491231002X",),
    "BANK_CARD": ("6222 0212 3456 7890 128",),
    "EMAIL_ADDRESS": ("lihua_90@163.com",),
    "PASSWORD": ("Qw3rty!9",),
    "OTP_CODE": ("482913",),
    "WECHAT_ID": ("lihua_1990",),
    "QQ_NUMBER": ("1234567890",),
    "LICENSE_PLATE": ("浙A·D12345",),
    "PASSPORT": ("E12345678",),
    "PERSON": ("周雨涵", "小周", "涵涵", "周老师"),
    "IP_ADDRESS": ("120.53.12.34",),
    "MAC_ADDRESS": ("A4:5E:60:C1:22:9F",),
    "IBAN_CODE": ("DE89 3704 0044 0532 0130 00",),
    "CRYPTO": ("0x52908400098527886E0F7030069857D2E4169EE7",),
    "CUSTOM_TERM": ("蓝鲸计划",),
}
REPLACED: Final = pii.ENTITIES
"""The kinds of private details that something can stand for."""

_JOINED: Final = " · "


def replacement_ways(entity: str) -> tuple[Replacement, ...]:
    """Return the ways that make sense for values of `entity`, the usual one first."""
    return pii.ways_for(entity)


def replacement_example(entity: str, way: Replacement) -> tuple[str, str]:
    """Return an invented value of `entity` and what would stand for it; nothing if it is removed.

    A workspace's own values become others: it has a secret of its own.
    """
    values = _EXAMPLES.get(entity, _EXAMPLES["CUSTOM_TERM"])
    if way is Replacement.REMOVE:
        return _JOINED.join(values), ""
    replacer = _replacer(way)
    return _JOINED.join(values), _JOINED.join(
        dict.fromkeys(replacer.stand_in(entity, value).text for value in values)
    )


@lru_cache(maxsize=len(Replacement))
def _replacer(way: Replacement) -> pii.Replacer:
    return pii.Replacer(_SECRET, dict.fromkeys(pii.ENTITIES, way), names=_EXAMPLES["PERSON"][:1])
