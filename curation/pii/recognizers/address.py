"""Chinese addresses, from `翻斗花园3号楼1001` to a full postal one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.entities import WHY_ADDRESS
from curation.pii.recognizers.address_parts import (
    CORE,
    CORE_LETTER,
    CORE_PART,
    FOLLOWING,
    NUMBERED,
    PART,
    WEIGHTS,
)
from curation.pii.recognizers.base import ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

_THRESHOLD: Final = 0.5
_LONGEST_NAME: Final = 10

_NAME: Final = re.compile(r"[一-鿿A-Za-z0-9·]+\Z")
_GAP: Final = re.compile(r"[ ,，、/\-的]{0,2}")
_AND: Final = re.compile(r"[与和跟及]")

_NOT_IN_NAMES: Final = re.compile(
    r"(?:[我你您他她咱它]们?|老子|人家|爸妈?|妈妈?|[奶爷姥][奶爷姥]|老板|老师|同学)(?:的|家|那|这)?[里边]?(?:[在住是]|就在)?"
    r"|[的了吗呢吧啊呀哦嗯嘛哈唉在到去是住寄送给把从往跟这那哪就还也都找叫说请要能没不别么谁坐走看逛找买租卖改换或]|(?<!梦)想|写(?!字)|[出进上下]来"
    r"|今天|明天|昨天|后天|晚上|早上|下午|上午|中午|现在|已经|一起|周[一二三四五六日末]|地址|住址|快递|附近|旁边|对面|位于|搬[来进]?"
    r"|(?:老|新|娘|婆|外婆|爷爷|奶奶|姥姥|姥爷|阿姨|叔叔|[舅姑姨][妈父舅姑姨]?)家(?![乐园庄村])"
    r"|门口|楼下|外卖|宿舍(?!区)|师傅|麻烦|车?停|(?<!解)放"
    r"|公司|单位|收货|定位|导航|[这那每某几两]个|一[个条座]|过来|来到|回来"
)
"""Words that end before a name begins. Misses other verbs: the finding is some words longer."""

_WEAK_START: Final = re.compile(
    r"(?:来(?![福广凤安宾])|有(?!为)|和(?![平谐园])|家(?![和乐园])"
    r"|过|会|得|对|或|与|又|再|才|只|上|下|进|回(?!龙)|靠|离)(?=[一-鿿]{2})"
)
"""Verbs and conjunctions at the beginning of a run that are no part of a name."""

_GENERIC_NAME: Final = re.compile(
    r"(?:[一二两三几这那哪某每整全本该同别各老新大小旧好坏高低豪破]|学校?|学生|员工|职工|教师|单身|青年|老年|高[档级]|豪华|普通"
    r"|空中|后|街心|私家|自己|隔壁|其他|秘密|皇家|女生|男生|集体|公司|单位|农村|城市|中|外|内|家|住宅|封闭|商业|游戏"
    r"|个|座|套|栋|间|条|段|种|片|批|处|十字|三岔|[东南西北]|[里外]面)*"
)
"""What describes a road or a house instead of naming it."""

_AFTER_LABEL: Final = re.compile(r"(?:地址|住址|收[货件]地)[一-鿿]{0,3}[ :是为在]{0,4}\Z")
_AFTER_VERB: Final = re.compile(
    r"(?:[我你您他她咱们]家?住[在的]?|家[在住是]|住在|[寄送搬邮发派]到[了]?|[寄送]去|收货|定位[在到是]?|导航[到去]|位于|坐落[在于]|到付)"
    r"[ :]{0,2}\Z"
)
_LED: Final = re.compile("(?:[住在到送寄去叫]|址[是:]?) ?\\Z")
_HOUSE_NAME: Final = re.compile("[一-鿿]{2,8}")
_BEFORE_HOUSE: Final = frozenset(["number", "road", "town", "district", "city", "estate", "poi"])
_LABEL_BONUS: Final = 0.3
_VERB_BONUS: Final = 0.2
_BRANCH_OF_ROAD: Final = "[东南西北中环]?[一二三四五六七八九十]?"
_BRANCH: Final = re.compile(_BRANCH_OF_ROAD)
"""What stands between a road's name and its kind: `四川` `北` `路`, `中山` `二` `路`."""
_NAMES_A_HOME: Final = frozenset(["road", "estate", "village", "building", "unit", "room", "lane"])
_AREAS: Final = frozenset(["place", "nickname", "city", "district", "town"])
_CITIES: Final = frozenset(["place", "nickname", "city"])
_RULED: Final = frozenset(["district", "city", "town"])
_PLACES: Final = frozenset({"place", "nickname"})
_ROAD_AHEAD: Final = re.compile(f"{_BRANCH_OF_ROAD}(?:路|大?街|大道)")
_OWN_NAMED: Final = {"building": 3, "zone": 2}
"""Parts that say themselves where they begin and yet often have a name before them.

With how many letters a name has at least that nothing such as 住在 leads to.
"""
_NOWHERE: Final = _PLACES | {"poi", "gate", "pickup", "floor"}
_MAY_NAME: Final = _PLACES | {"zone"}
_NAME_KINDS: Final = frozenset(["poi", "estate", "village", "town"])
_BEFORE_BRANCH: Final = _NAME_KINDS | _AREAS


@dataclass(slots=True)
class _Chain:
    """Parts of one address, from the first name's beginning to the last part's end."""

    start: int
    end: int
    kinds: list[str] = field(default_factory=list)
    named: bool = False
    ends: dict[int, int] = field(default_factory=dict)

    def add(self, kind: str, end: int) -> None:
        self.kinds.append(kind)
        self.ends[len(self.kinds)] = end
        self.end = end


class CnAddressRecognizer(ChatRecognizer):
    """Finds addresses by adding up the evidence of adjoining parts.

    One part is never enough: a lone city, road or building is no address. Misses places told in
    words (`我家楼下`, `学校后门那条路`).
    """

    ENTITY: ClassVar[str] = "CN_ADDRESS"
    TRIGGER: ClassVar[re.Pattern[str]] = CORE_PART
    GATE: ClassVar[re.Pattern[str]] = CORE_LETTER

    def find(self, text: str) -> Iterator[Hit]:
        """Yield chains of parts whose evidence reaches the threshold."""
        for chain in _chains(text):
            hit = _judge(text, chain)
            if hit:
                yield hit


def _chains(text: str) -> Iterator[_Chain]:
    chain: _Chain | None = None
    free = 0
    for match in PART.finditer(text):
        kind = _kind(match)
        if chain is not None and _joins(text, chain, kind, match):
            continue
        if chain is not None:
            yield chain
            # `滨江一号小区`: a lone 一号 does not end an address, it may begin a name.
            free = free if chain.kinds == ["number"] else chain.end
            chain = None
        start = _start(text, kind, match.start(), free)
        if kind in ("bare", "compact") or start is None:
            continue
        chain = _Chain(start, match.end())
        chain.add(kind, match.end())
    if chain is not None:
        yield chain


def _kind(match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    return "nickname" if kind == "place" and not match[0].endswith(("省", "市", "区")) else kind


def _joins(text: str, chain: _Chain, kind: str, match: re.Match[str]) -> bool:
    """Add the part to the chain if it adjoins it; return whether it did."""
    if match.start() - chain.end > _LONGEST_NAME:
        return False
    gap = text[chain.end : match.start()]
    last = chain.kinds[-1]
    if kind == "zone" and last in _CITIES and match[0].endswith("区") and (gap or last == "city"):
        kind = "district"  # `重庆市` `渝` `北区`
    if kind in _PLACES and gap and _names_road(match, last) and _NAME.fullmatch(gap):
        return (
            True  # `五华区` `翠湖南路`: the place is a piece of the road's name, which comes next
        )
    if kind in NUMBERED:
        fits = _GAP.fullmatch(gap) is not None or _names_house(gap, kind, last)
        if kind in _PLACES:
            fits = gap == "" and (last in _PLACES or _names_road(match, last))
    elif gap == "" or (kind == "road" and last in _BEFORE_BRANCH and _BRANCH.fullmatch(gap)):
        fits = last not in NUMBERED or last in _MAY_NAME
        stays = (gap and last in _RULED) or (last in _AREAS and kind in ("poi", "estate"))
        if fits and not stays:
            # `中关村大街`, `科技园南路`, `南京路`: what looked like a part was the next one's name.
            chain.kinds.pop()
    else:
        name = _AND.sub("", gap, count=1) if kind == last == "road" else gap.strip(" ,，-")
        fits = (
            _NAME.fullmatch(name) is not None
            and not _NOT_IN_NAMES.search(name)
            and not _is_generic(name)
        )
    if fits:
        chain.add(kind, match.end())
    return fits


def _names_road(match: re.Match[str], last: str) -> bool:
    """Whether a place after an area names a road: `虹口区` `四川` `北路`."""
    return last in _AREAS and _ROAD_AHEAD.match(match.string, match.end()) is not None


def _names_house(gap: str, kind: str, last: str) -> bool:
    """Whether `gap` is the name of the house that follows: `15号` `科兴科学园` `B栋`."""
    return (
        kind in _OWN_NAMED
        and last in _BEFORE_HOUSE
        and _HOUSE_NAME.fullmatch(gap) is not None
        and not _NOT_IN_NAMES.search(gap)
        and not _is_generic(gap)
    )


def _start(text: str, kind: str, begin: int, free: int) -> int | None:
    """Return where a chain starts whose first part, of `kind`, begins at `begin`."""
    if kind not in NUMBERED:
        return _name_start(text, begin, free)
    if kind not in _OWN_NAMED:
        return begin
    named = _name_start(text, begin, free)
    if named is None or not _HOUSE_NAME.fullmatch(text, named, begin):
        return begin
    led = _LED.search(text, max(0, named - _LONGEST_NAME), named) is not None
    alone = named == 0 or not text[named - 1].isalnum()
    long_enough = begin - named >= _OWN_NAMED[kind]
    return named if led or (alone and long_enough) else begin


def _name_start(text: str, end: int, free: int) -> int | None:
    """Return where the name that ends at `end` begins, None if nothing there names anything."""
    run = _NAME.search(text, max(free, end - _LONGEST_NAME), end)
    if run is None:
        return None
    start = run.start()
    for stop in _NOT_IN_NAMES.finditer(text, start, end):
        start = stop.end()
    weak = _WEAK_START.match(text, start, end)
    if weak:
        start = weak.end()
    name = text[start:end]
    return None if not name or _is_generic(name) else start


def _is_generic(name: str) -> bool:
    return _GENERIC_NAME.fullmatch(name) is not None


def _judge(text: str, chain: _Chain) -> Hit | None:
    total = 0.0
    useful = 0
    counted: set[str] = set()
    for place, kind in enumerate(chain.kinds):
        if kind in FOLLOWING:
            before, weight = FOLLOWING[kind]
            worth = weight if place and chain.kinds[place - 1] in before else 0.0
        else:
            worth = WEIGHTS[kind]
        if worth == 0:
            break
        useful = place + 1
        if kind not in counted:
            total += worth
            counted.add(kind)
    if not counted:
        return None
    if counted - _PLACES - {"city"} or len(counted) > 1:
        total += _bonus(text, chain.start, counted)
    if total < _THRESHOLD - 1e-9 or not counted & CORE or counted <= _NOWHERE:
        return None
    return Hit(chain.start, chain.ends[useful], min(round(total, 2), 1.0), WHY_ADDRESS)


def _bonus(text: str, start: int, counted: set[str]) -> float:
    if not counted & _NAMES_A_HOME and len(counted & _AREAS) < 2:  # noqa: PLR2004  (a city and its district)
        return 0.0
    low = max(0, start - 12)
    if _AFTER_LABEL.search(text, low, start):
        return _LABEL_BONUS
    return _VERB_BONUS if _AFTER_VERB.search(text, low, start) else 0.0
