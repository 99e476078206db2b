"""Chinese addresses, from `翻斗花园3号楼1001` to a full postal one."""

from __future__ import annotations

import re
from itertools import chain as joined
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.entities import (
    WHY_ADDRESS,
    WHY_ADDRESS_AREAS,
    WHY_ADDRESS_PICKUP,
    WHY_ADDRESS_ROOM,
    WHY_ADDRESS_WORD,
)
from curation.pii.leading import beginnings
from curation.pii.places import divisions, simplify
from curation.pii.recognizers.address_chains import Chain, chains
from curation.pii.recognizers.address_household import BRAND, HOUSEHOLD_TRIGGER, households
from curation.pii.recognizers.address_latin import LATIN_TRIGGER, latin_addresses
from curation.pii.recognizers.address_names import (
    AFTER_LABEL,
    AFTER_VERB,
    HARD_STOP,
    HOMELAND,
    IN_CHAIN_STOP,
    NO_ESTATE,
    RESIDENCE,
    SOFT_STOP,
    is_generic,
)
from curation.pii.recognizers.address_parts import (
    AREAS,
    CORE,
    CORE_LETTERS,
    CORE_PATTERN,
    FOLLOWING,
    FULL,
    NAMES_A_HOME,
    NEAR,
    NOWHERE,
    WEIGHTS,
)
from curation.pii.recognizers.address_rooms import (
    ROOM_LETTERS,
    ROOM_TRIGGER,
    rooms,
)
from curation.pii.recognizers.address_sites import SITES_TRIGGER, sites
from curation.pii.recognizers.base import HAS_LETTER, ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

_THRESHOLD: Final = 0.5 - 1e-9
_LABEL_BONUS: Final = 0.3
_VERB_BONUS: Final = 0.2
_NAMED_BONUS: Final = 0.2
_TOWN_BONUS: Final = 0.2
_ALONE_BONUS: Final = 0.2
_LEAD: Final = 12
"""How many characters before an address are read for a word that leads to it."""

_BOUNDARY: Final = r"(?=\Z|[ ,，。!！?？;；\n)）])"
_HOUSE_AFTER_NUMBER: Final = re.compile(
    "仓库|(?:邮政)?(?:代办|代收|代取|寄存|服务)[点站]"
    f"|[铺户院馆]|[一-鿿]{{1,8}}?(?:[仓厂园城楼宫塔府所局坊店库铺吧湾庭苑]|院子?){_BOUNDARY}"
)
"""A house by name after its number: `甲22号` `南新仓`. Misses names that end otherwise."""

_AT_LAST: Final = r"(?:的?(?:[0-9]{3,4}(?![0-9元块])|[一二三四五六0-9]楼(?:[0-9]{3,4})?))?"
_TAIL: Final = re.compile(
    r"(?:(?<=[0-9])(?:号?病?床(?!位)|号?病房|号?铺位?|号?摊位?|档口?|号?车位|房间)"
    r"|(?<=[栋幢座楼元Ff])-[0-9]{1,4}(?:-[0-9]{1,4})?(?![0-9-])"
    r"|(?<=[楼栋幢座元])[ ｜|·,，]{1,3}[0-9]{3,4}(?![0-9A-Za-z元块年.:-])"
    r"|(?P<more>(?<=[号栋幢座])附[0-9]{1,3}(?:号|(?![0-9A-Za-z元块年.:-]))|(?<=[0-9号栋幢])信箱"
    r"|(?<=[楼层])靠(?:窗|墙|门|[一-鿿]{1,4}?的[一-鿿]{0,4}?(?:店|铺|厅|馆))"
    r"|(?<=[号村组队巷屯社])[ ,，]?过了?[一-鿿]{1,4}?第[一二三四五六七八][家户间栋个]"
    r"|(?:(?<=[号楼栋幢弄院])(?:后面|旁边?|侧面)|(?<=后面)|(?<=旁边))"
    r"的[小大]?[铁木红绿]门(?![口面槛票诊]))"
    r"|(?<=号)(?:门面房?|店面|铺面|商铺|底商)(?![招转在出])"
    rf"|(?<=号)(?:{BRAND})"
    "|(?P<told>(?<=[号楼栋幢弄元村组队巷屯社院层])(?:最|[往靠]"
    "|进[去来门])?(?:[东南西北里外]头?|[左右])[边面侧手]?(?:边)?(?:(?:数?第?[一二三四五]|那"
    r"|把头第?[一二三]?)[家户间屋栋](?![人里都也])|(?<=头)(?=\Z|[ ,，。!！]))"
    r"|(?<=[楼层])[一-鿿]{0,2}?(?:包[间厢房]|会议室|办公室|前台|杂物间|活动室|多功能厅|宴会厅|值班室|休息室|[左右]手边?)"
    r"|(?<=[号楼栋幢弄院])底商(?:那家[一-鿿]{0,5}?(?:店|馆|铺|的(?=[等找见,，。 ]|\Z)))?"
    r"|(?<=[号楼栋幢弄院路街巷村])(?:[一-鿿]{0,4}?[口场堂园站馆所])?(?:旁边?|斜?对面|隔壁|后面|边上)的?[那这]?[个家间栋排]?"
    rf"[一-鿿]{{1,6}}?(?:超市|便利店|小卖部|药店|药房|理发店|饭店|面馆|菜店|店|房子|平房|院子|小楼|诊所|铺子?){_AT_LAST})"
    r"|(?<=[号楼栋幢弄院])[一-鿿]{2,7}?(?:旁边?|斜?对面|隔壁|楼上|后面)|(?<=[弄院巷])门口)"
)
"""What still belongs to the end: `…3床`, `…3幢-2-1101`, `…号加油站旁边`."""

_SIDE_AFTER_HOUSE: Final = re.compile(
    "(?:往?[东南西北](?:[头侧]|边(?!境))?[0-9]{1,4}米)?"
    f"(?:路[东南西北](?:[侧边]|{_BOUNDARY})|[东南西北]头(?:[0-9]{{1,4}}号(?:院)?)?)"
    f"|(?<=村)[东南西北]队|架空层|[左右](?:手边?|侧|边(?!等))"
)
"""Which side of a house or village is meant."""

_ESTATE_ALONE: Final = re.compile(
    "[一-鿿0-9]{1,8}(?:小区|新村|家属院|[嘉佳]园|名邸|[华豪]庭|[雅佳名花]苑|邨)"
)
"""A message that is nothing but an estate's name, as the answer to where somebody lives."""

_TOWN_AFTER_DISTRICT: Final = re.compile(
    r"(?![好很太真挺最超上下])[一-鿿]{2,4}?(?=\Z|[^一-鿿A-Za-z0-9]|[那这]边|附近|[的啊呀吗呢吧了])"
)
"""A town without its kind, told by where somebody lives: `我住通州` `梨园`."""

_SEAT: Final = re.compile("座位|内场|看台|演唱会|影院|影厅|[0-9一二三四五六七八九十]座|票")
"""Where a row is one of seats."""

REGION: Final = re.compile(
    r"(?:地区|区域|省市区?|籍贯|产地|发货地|属地|所在地|生源地|省份|城市)[ :是]{0,3}\Z"
)
"""A label whose value is no more than a region."""

_LECTURE: Final = re.compile(" ?(?:教室)?(?:上课|自习|听课|考试|[有开]班?[会课]|监考)")
"""What is done in a classroom, which is no address."""

_RESIDENCE: Final = re.compile(RESIDENCE)

_OTHER_LETTERS: Final = re.escape(
    "".join(sorted(beginnings(f"{HOUSEHOLD_TRIGGER}|{SITES_TRIGGER}")))
)
"""What the shapes begin with that say no letters of their own."""


_NOBODY_LIVES: Final = re.compile(
    "[XxＸ×*]{2}[省市区县镇乡路街号]|某某|(?:微信|[Qq]{2}|手[Qq])[0-9]+区"
)
"""A form to fill in, and a part of a game's players."""


class CnAddressRecognizer(ChatRecognizer):
    """Finds addresses by adding up the evidence of adjoining parts.

    One part is never enough: a lone city, road or building is no address, nor is a place at school
    (`A301教室`) or in town (`五道口`). Misses places told in words (`我家楼下`).
    """

    ENTITY: ClassVar[str] = "CN_ADDRESS"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        f"(?=[{CORE_LETTERS}{ROOM_LETTERS}{_OTHER_LETTERS}])"
        f"(?:(?=[{CORE_LETTERS}])(?:{CORE_PATTERN}|{RESIDENCE}|{HOMELAND}|{LATIN_TRIGGER})"
        f"|{ROOM_TRIGGER}|{HOUSEHOLD_TRIGGER}|{SITES_TRIGGER})"
    )
    GATE: ClassVar[re.Pattern[str]] = re.compile(f"[{CORE_LETTERS}]")
    NEEDS = ((GATE, 1),)

    def find(self, text: str) -> Iterator[Hit]:
        """Yield chains of parts whose evidence reaches the threshold, and what words lead to."""
        plain = simplify(text)
        judged = (_judge(plain, chain) for chain in chains(plain))
        for hit in joined(
            filter(None, judged), _residences(plain), rooms(plain), households(plain), sites(plain)
        ):
            if not _NOBODY_LIVES.search(plain, hit.start, hit.end):
                yield hit
        if HAS_LETTER.search(plain):
            yield from latin_addresses(text)


def _judge(text: str, chain: Chain) -> Hit | None:
    useful, counted = _evidence(chain)
    if not useful:
        return None
    total = sum(counted.values()) + (_NAMED_BONUS if chain.named else 0.0)
    if chain.start == 0 and _ESTATE_ALONE.fullmatch(text):
        total += _ALONE_BONUS
    bonus = _bonus(text, chain.start, frozenset(counted))
    end, town = _end(text, chain.ends[useful], chain.kinds[useful - 1], led=bonus > 0)
    if town:
        counted["town"] = _TOWN_BONUS
        total += _TOWN_BONUS
    total += bonus
    kinds = frozenset(counted)
    at_home = bonus > 0 and len(kinds & AREAS) > 1
    if total < _THRESHOLD or not (kinds & CORE or at_home):
        return None
    if _is_elsewhere(text, chain.start, end, kinds):
        return None
    if kinds <= NOWHERE and not (at_home or (chain.named and "pickup" in kinds)):
        return None
    return Hit(chain.start, end, min(round(total, 2), 1.0), _why(kinds, led=bonus > 0))


def _is_elsewhere(text: str, start: int, end: int, kinds: frozenset[str]) -> bool:
    """Whether what stands beside an address makes it a seat, a region of a form or a classroom."""
    low = max(0, start - _LEAD)
    return (
        ("row" in kinds and _SEAT.search(text, low, end) is not None)
        or (kinds <= FULL | NEAR and REGION.search(text, low, start) is not None)
        or ("教学楼" in text[start:end] and _LECTURE.match(text, end) is not None)
    )


def _evidence(chain: Chain) -> tuple[int, dict[str, float]]:
    """Return how many of the chain's parts belong together, and what each kind is worth."""
    useful = 0
    counted: dict[str, float] = {}
    for place, kind in enumerate(chain.kinds):
        if kind in FOLLOWING:
            before, weight = FOLLOWING[kind]
            worth = weight if place and chain.kinds[place - 1] in before else 0.0
        else:
            worth = WEIGHTS.get(kind, 0.0)
        if worth == 0:
            break
        useful = place + 1
        counted.setdefault(kind, worth)
    return useful, counted


def told_end(text: str, end: int) -> int:
    """Return where an address ends with what is told behind it: `…旁边那家小卖部`."""
    tail = _TAIL.match(text, end)
    return tail.end() if tail and (tail["told"] or tail["more"]) else end


def _end(text: str, end: int, last: str, *, led: bool) -> tuple[int, bool]:
    """Return where an address ends whose last part ends at `end`, and whether that is evidence."""
    tail = _TAIL.match(text, end)
    if tail and (tail["told"] or tail["more"] or not IN_CHAIN_STOP.search(tail[0][:-2])):
        return tail.end(), False
    side = _SIDE_AFTER_HOUSE.match(text, end)
    if side:
        return side.end(), last in ("village", "hamlet")
    if last in ("number", "floor", "door", "lane"):
        house = _HOUSE_AFTER_NUMBER.match(text, end)
        if house and not IN_CHAIN_STOP.search(house[0]):
            return house.end(), False
    elif last in ("near_district", "district", "town") and led:
        town = _TOWN_AFTER_DISTRICT.match(text, end)
        if town and not (HARD_STOP.search(town[0]) or SOFT_STOP.search(town[0])):
            return town.end(), True
    return end, False


def _bonus(text: str, start: int, kinds: frozenset[str]) -> float:
    """Return what the words before an address add to its evidence."""
    if not kinds & NAMES_A_HOME and len(kinds & AREAS) < 2:  # noqa: PLR2004  (a city and its district)
        return 0.0
    low = max(0, start - _LEAD)
    if AFTER_LABEL.search(text, low, start):
        return _LABEL_BONUS
    return _VERB_BONUS if AFTER_VERB.search(text, low, start) else 0.0


def _why(kinds: frozenset[str], *, led: bool) -> str:
    if kinds & {"pickup", "branch"}:
        return WHY_ADDRESS_PICKUP
    if kinds & {"road", "village", "number", "lane", "group"}:
        return WHY_ADDRESS
    if kinds & {"building", "unit", "room", "compact", "bare", "home"}:
        return WHY_ADDRESS_ROOM
    if kinds <= AREAS:
        return WHY_ADDRESS_AREAS
    return WHY_ADDRESS_WORD if led else WHY_ADDRESS


def _residences(text: str) -> Iterator[Hit]:
    """Yield names that are known for an estate only by the words around them."""
    for match in _RESIDENCE.finditer(text):
        name = match["estate"]
        if HARD_STOP.search(name) or is_generic(name[:-1]) or NO_ESTATE.fullmatch(name):
            continue
        if any(place.end - place.start == len(name) for place in divisions(name)):
            continue
        yield Hit(match.start("estate"), match.end("estate"), 0.5, WHY_ADDRESS_WORD)
