"""Places at work and in town that are told by what they are: yards, garages, shops, gates, corps.

`项目部院内5号板房`, `万达地库D出口`, `万家福超市代收点`, `103团4连12栋`, `行政楼三楼306`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.pii.entities import WHY_ADDRESS, WHY_ADDRESS_PICKUP, WHY_ADDRESS_ROOM
from curation.pii.recognizers.address_names import is_generic, run_start
from curation.pii.recognizers.base import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

_ONE: Final = "一二三四五六七八九十"
_COUNT: Final = rf"(?:第?[0-9]{{1,3}}|[{_ONE}]{{1,3}}|[A-Z][0-9]{{0,2}})"
_INSIDE: Final = (
    "(?:板房|月台|站台(?!票)|车间|库房?|仓库?|厂房|工棚|泊位|门岗|堆位|货位|大?棚|井口?|平房|宿舍)"
)

WORKSITE: Final = re.compile(
    r"(?:项目部|工地|厂区|货场|料场|堆场|营地|矿区|井场|基地|物流园|产业园|工业园|货运站|粮库|港区|冷库|园区|农场|牧场"
    rf"|批发市场|场站)(?:院?[内里]|{_COUNT}区|[东南西北]区)?的?{_COUNT}号?{_INSIDE}"
    rf"|{_COUNT}号(?:厂房|车间|仓库|库房|冷库)的?(?:[东南西北][侧头面边]|旁边?|斜?对面|[{_ONE}0-9]楼|隔壁)的?"
    "(?:[一-鿿]{1,4}?[科室部办站间库点])?"
)
"""`货场3号月台`, `2号厂房东侧安全科`. A lone `7号车间` is none."""

CORPS: Final = re.compile(
    rf"(?:(?:新疆)?(?:生产建设)?兵团)?(?:[第农][{_ONE}]{{1,3}}师[ ,，]?)?(?<![0-9])[0-9]{{2,3}}团"
    rf"(?:[0-9]{{1,2}}|[{_ONE}]{{1,3}})连(?![胜发续环冠])(?:(?:[0-9]{{1,3}}|[{_ONE}]{{1,3}})(?:号楼|[栋排区号户])){{0,3}}"
)
"""`兵团第六师103团4连12栋5号`: a company of the corps of Xinjiang."""

SHOP_POINT: Final = re.compile(
    r"(?:超市|便利店|商店|小卖[部铺]|烟酒[店行]?|水果店|大?药[店房]|五金店|粮油店|理发店|文具店|母婴店|彩票[店站]"
    r"|洗衣店|副食店?|杂货[店铺]|百货店?|茶叶店|花店|打印店|早餐店|面馆)"
    r"(?:的|那个|里的?|门口的?)?(?:快递)?(?:代收点?|代取点?|快递点|自提点|驿站|寄存)"
)
"""`万家福超市代收点`: a shop of its own name where parcels are kept."""

GATE: Final = re.compile(
    r"(?:约[在到]|[在到去]|送[到去]|放[在到]|停[在到]|来|走|开)了?"
    r"(?P<value>[一-鿿0-9]{2,10}?[东南西北正后侧][0-9]?门)"
    r"(?=[见等接碰集拿取]|\Z|[ ,，。!！~]|行[吗不吧]|可以|就行|吧)"
)
"""`送到菜市场西门`: a gate to which somebody is sent."""
AIRPORT: Final = re.compile(
    r"T[1-4] ?(?:航站楼)?(?:国[内际])?(?:(?:到达|出发)层?|[1-4][楼层])?[ ,，]?[0-9]{1,2}号门(?!票)"
)
"""`T2到达层41号门`."""

_NO_GATE: Final = re.compile(
    "(?:站|地铁|机场|高铁|出口|公司|学校|单位|城|个|的)\\Z|[我你他她哪这那]|小区"
)

HOUSE_PART: Final = re.compile(
    f"(?<![0-9A-Za-z第{_ONE}.-])(?:[0-9]{{1,2}}|[{_ONE}]{{1,3}}|[A-Z][0-9]{{0,2}}) ?(?:号楼"
    "|[栋幢])"
    r"(?:架空层|电梯[厅口间]|楼道口?|单元门口|门厅|天台|楼顶|负[一二三](?:楼|层)?(?:车库)?|地下室)"
)
"""`B3栋架空层`: a part of a house that everybody there knows."""

OFFICE: Final = re.compile(
    "(?:行政|办公|综合|科研|科技|门诊|住院|信息|培训|研发|生产|质检|后勤|学员|文体"
    "|党政)楼[ ,，]?"
    f"(?:(?:[0-9]{{1,2}}|[{_ONE}]{{1,2}})[楼层Ff] ?"
    f"|[A-Z东西南北][区座侧]?)(?:[0-9]{{3,4}})(?:室|办公室|会议室|房间?)?"
    "(?![0-9A-Za-z.:/-]| ?(?:元|块|万|年|条|人|次|间|个|米|平|分|张|公里|教室|上课|自习|考试"
    "|听课|开班))"
)
"""`行政楼三楼306`: a room of a house at work, with its floor."""

INSTITUTION: Final = re.compile(
    "(?:医院|卫生院|小学|中学|一中|学校|幼儿园|文化[馆宫]|图书馆|体育馆|博物馆|青少年宫"
    "|(?:政务|游客|社区|服务|市民|活动|客运)[一-鿿]{0,2}中心|客运站|供销社)"
    f"(?:(?:[0-9]{{1,2}}|[{_ONE}])号楼|[A-Z]座|(?:行政|办公|综合|教学|门诊|住院)楼)?"
    f"(?:[0-9]{{1,2}}|[{_ONE}])楼(?:[左右东南西北](?:手|侧|边)(?:边)?)?的?"
    "(?:服务台|导诊台|前台|教导处|教务处|总务处|政教处|财务[室处]|传达室|会议室|值班室|医务室"
    "|保卫[处科]|多功能厅|[一-鿿]{0,3}?办公室)"
)
"""`滨江小学综合楼二楼教导处`: a room that a house with a name of its own has but once."""

GARAGE_DOOR: Final = re.compile(
    r"(?:地下)?(?:车库|停车[场楼库]|地库)的?[A-Z0-9东南西北一二三]{1,2}号?(?:出入?口|入口)"
)
"""`万达广场地下车库D出口`."""

_ANY_COUNT: Final = f"[0-9A-Z{_ONE}]"
SITES_TRIGGER: Final = (
    f"(?=[0-9A-Z{_ONE}东南西北正后侧楼市店铺行房馆小])(?:"
    rf"{_ANY_COUNT}号?{_INSIDE}|{_ANY_COUNT}号[厂车仓库冷]|[0-9]团[0-9{_ONE}]"
    f"|{_ANY_COUNT} ?(?:号楼|[栋幢])(?:架空|电梯|楼道|单元门|门厅|天台|楼顶|负|地下)"
    f"|[东南西北正后侧][0-9]?门|楼[ ,，]?[0-9A-Z东西南北{_ONE}]"
    f"|{_ANY_COUNT}楼[一-鿿]{{0,6}}[台处室厅科]"
    f"|{_ANY_COUNT}号?[出入]"
    "|[东南西北]号?[出入]"
    "|[0-9]号门|(?:[市店铺行房馆]|小卖部)[的那里门]?[个口]?的?(?:快递|代[收取]|自提|驿站|寄存))"
)
"""Without it there is nothing here to find."""

_TRIGGER: Final = re.compile(SITES_TRIGGER)


_WHOLE: Final = ((HOUSE_PART, WHY_ADDRESS_ROOM), (AIRPORT, WHY_ADDRESS))
_NAMED: Final = ((WORKSITE, WHY_ADDRESS), (CORPS, WHY_ADDRESS), (OFFICE, WHY_ADDRESS_ROOM))
_ONLY_NAMED: Final = (
    (SHOP_POINT, WHY_ADDRESS_PICKUP),
    (GARAGE_DOOR, WHY_ADDRESS),
    (INSTITUTION, WHY_ADDRESS_ROOM),
)


def sites(text: str) -> Iterator[Hit]:
    """Yield the places of a simplified text that are told in these ways."""
    if _TRIGGER.search(text) is None:
        return
    for pattern, why in _WHOLE:
        for match in pattern.finditer(text):
            yield Hit(*match.span(), 0.5, why)
    for pattern, why in _NAMED:
        for match in pattern.finditer(text):
            yield Hit(run_start(text, match.start(), 0), match.end(), 0.5, why)
    for pattern, why in _ONLY_NAMED:
        for match in pattern.finditer(text):
            start = run_start(text, match.start(), 0)
            if start < match.start() and not is_generic(text[start : match.start()]):
                yield Hit(start, match.end(), 0.5, why)
    yield from _gates(text)


def _gates(text: str) -> Iterator[Hit]:
    for match in GATE.finditer(text):
        name = match["value"].rstrip("门0123456789")[:-1]
        if not (is_generic(name) or _NO_GATE.search(name)):
            yield Hit(*match.span("value"), 0.5, WHY_ADDRESS)
