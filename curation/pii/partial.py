"""Values of which only a part is shown: enough to follow a talk, too little to find anybody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.pii.canonical import canonical_value
from curation.pii.folding import digits_of, fold
from curation.pii.invented_places import KINDS
from curation.pii.name_lists import (
    COMPOUND_SURNAMES,
    PREFIXES,
    SURNAMES,
    TITLES,
    TRADITIONAL,
    words,
)
from curation.pii.places import divisions, simplify

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

_STARS: Final = "***"
_FEWEST_HIDDEN: Final = 3
_SHORT_LOCAL: Final = 2
"""Of an e-mail address with so many letters before its domain one would be half of it, or all."""
_NUMBERS: Final = frozenset({"PHONE_NUMBER", "QQ_NUMBER"})
_MOBILE: Final = 11  # digits

_SHOWN: Final[Mapping[str, tuple[int, int]]] = {
    # How many characters are shown at the beginning and at the end of the canonical value.
    "PHONE_NUMBER": (3, 4),
    "CN_ID_CARD": (3, 2),  # neither the place nor the birthday
    "BANK_CARD": (0, 4),
    "WECHAT_ID": (2, 0),
    "QQ_NUMBER": (2, 2),
    "LICENSE_PLATE": (2, 2),
    "PASSPORT": (1, 2),
    "MAC_ADDRESS": (6, 0),  # the maker of the card
    "IBAN_CODE": (2, 4),
    "CRYPTO": (4, 0),  # more would be enough to find it in the public ledger
}

_MAIL_HOSTS: Final = words(
    "126.com 139.com 163.com 189.cn 21cn.com aliyun.com foxmail.com gmail.com hotmail.com "
    "icloud.com live.com me.com msn.com outlook.com proton.me qq.com sina.cn sina.com "
    "sohu.com vip.qq.com wo.cn yahoo.com yeah.net"
)
"""Domains that millions share; any other may be a company or a person."""


def partial(entity: str, surface: str) -> str | None:
    """Return the value with stars in it, None where no part can be shown."""
    special = _SPECIAL.get(entity)
    if special is not None:
        return special(surface)
    if entity not in _SHOWN:
        return None
    head, tail = _SHOWN[entity]
    value = canonical_value(entity, surface)
    short = entity in _NUMBERS and len(value) < _MOBILE
    hidden = -(-len(value) // 2) if short else _FEWEST_HIDDEN
    while head + tail > max(len(value) - hidden, 0):
        # Of a short number less is shown.
        head, tail = (head - 1, tail) if head >= tail else (head, tail - 1)
    if head + tail == 0:
        return None
    if entity == "WECHAT_ID":
        return surface[:head] + _STARS
    slots = [at for at, char in enumerate(surface) if char.isalnum()]
    if len(slots) < sum(char.isalnum() for char in value) or len(slots) <= head + tail:
        return None  # written with characters that stand for several
    before = len(digits_of(surface)) - len(value) if entity == "PHONE_NUMBER" else 0
    shown = {*slots[: max(before, 0) + head], *slots[len(slots) - tail :]}
    return _starred(surface, slots, shown)


def _starred(surface: str, slots: Collection[int], shown: Collection[int]) -> str:
    return "".join(
        "*" if at in slots and at not in shown else char for at, char in enumerate(surface)
    )


def _email(surface: str) -> str | None:
    parts = re.split(r"( ?[@＠] ?|\(at\)|\[at\]|艾特)", surface, maxsplit=1)
    if len(parts) == 1 or not parts[0].strip():
        return None  # nothing in it that could be hidden
    local, at, domain = parts
    known = fold(domain).casefold() in _MAIL_HOSTS
    start = local[:1] if sum(map(str.isalnum, local)) > _SHORT_LOCAL else ""
    return start + _STARS + at + (domain if known else _STARS)


def _ip_address(surface: str) -> str | None:
    for sign in (".", ":", "．", "："):
        parts = surface.split(sign)
        if len(parts) > 2 and any(parts[2:]):  # noqa: PLR2004  (the network's part)
            return sign.join([*parts[:2], *("*" for _ in parts[2:])])
    return None


def _person(surface: str) -> str | None:
    """Return the surname, or what stands before or behind it: pieces of a given name add up."""
    if not surface.strip():
        return None
    tail = next((each for each in TITLES if surface.endswith(each) and surface != each), "")
    core = surface.removesuffix(tail) if tail else surface
    if core in (*PREFIXES, tail) and tail in SURNAMES:
        core, tail = surface, ""  # `小董`, `董董`
    if not all("㐀" <= char <= "鿿" for char in core):
        return core.strip()[:1] + _STARS if sum(map(str.isalnum, core)) > 1 else None
    if tail:
        return "*" * len(core) + tail
    size = len(core)
    if core[:2] in COMPOUND_SURNAMES and size > len(COMPOUND_SURNAMES[0]):
        return core[:2] + "*" * (size - 2)
    shown = size > 1 and (core[0] in PREFIXES or core[0] in (*SURNAMES, *TRADITIONAL))
    shown = shown and len(set(core)) > 1
    return core[0] + "*" * (size - 1) if shown else "*" * size


_GOES_ON: Final = re.compile(rf"场|[东南西北中]?(?:[河江湖山桥]|{'|'.join(KINDS)})")
"""What makes the name of a city the beginning of another name: `南京东路`, `上海花园`."""


def _address(surface: str) -> str | None:
    """Return the province and the city that an address begins with, as the official list has them.

    A name that only ends like a city's is none: `永辉超市`.
    """
    text = simplify(fold(surface))
    shown = reached = 0
    for area in divisions(text):
        if area.start != reached:
            break
        shown = reached
        if area.kind == "district" and text[area.end - 1] != "市":
            break
        reached = area.end
        if area.full:
            shown = reached if text[reached : reached + 1] != "场" else shown
        elif not _GOES_ON.match(text, reached):
            shown = reached
    return surface[:shown] + _STARS if 0 < shown < len(surface) else None


_SPECIAL: Final[Mapping[str, Callable[[str], str | None]]] = {
    "EMAIL_ADDRESS": _email,
    "IP_ADDRESS": _ip_address,
    "PERSON": _person,
    "CN_ADDRESS": _address,
}
