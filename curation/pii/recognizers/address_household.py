"""Doors and houses that neighbours tell without a street: a bare number and a word of the house.

`903门把手`, `楼上1502`, `5-2-1103接龙`, `在9栋等你`, and gates and shops where a parcel is left.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.pii.entities import WHY_ADDRESS, WHY_ADDRESS_PICKUP, WHY_ADDRESS_ROOM
from curation.pii.questions import HOUSE
from curation.pii.recognizers.address_names import is_generic, run_start
from curation.pii.recognizers.base import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

_ONE: Final = "一二三四五六七八九十"
_ROOM: Final = r"(?<![0-9A-Za-z.:/年月#-])(?:[1-9]|[1-3][0-9])(?:0[1-9]|1[0-9])"
_HOUSE: Final = (
    rf"(?<![0-9A-Za-z第{_ONE}.-])(?:[0-9]{{1,2}}|[{_ONE}]{{1,3}}|[A-Z]) ?(?:号楼|[栋幢])"
)
_POINT: Final = (
    "(?:菜鸟(?:驿站)?|驿站|丰巢(?:快递)?柜?|快递[柜架点]|自提柜|门卫室?|保安[室亭]|岗亭|门岗"
    "|警卫室|信箱|奶箱)"
)
_SIDE: Final = "[东南西北正后侧]"

ROOM: Final = re.compile(
    rf"(?P<cued>{_ROOM})(?=(?:家?的?(?:租客|房客|住户|业主|户主|房东)|(?:的?家?)门(?:把手|口|外|上)|那[家户]"
    r"|家(?:的(?:狗|猫|孩子|灯)|漏水|装修|吵)))"
    rf"|(?:楼[上下]|隔壁)(?:的|是|邻居)?(?P<near>{_ROOM})(?=室|[那的]?[家户邻业]|又|太|天天|半夜|装修|漏水"
    r"|吵|在装)"
)
"""`903门把手`, `503的租客`, `楼上1502又漏水了`. Misses rooms that no such word stands beside."""

ENTRANCE: Final = re.compile(
    r"(?<![0-9A-Za-z:.-])(?P<value>[1-9][0-9]?-[1-9]-[1-9][0-9]{2,3})"
    r"(?= ?(?:接龙|报名|登记|业主|住户|户主|租客|邻居|家|求|[要订][一二两三0-9]|[+][1-9]"
    r"|漏水|跑水|[停没断]了?[水电气]|太吵|[那的]?家?(?:装修|吵|狗|空调|水管|下水)|[一-鿿]{1,3}(?:女士|先生|小姐|阿姨|老师|大?[哥姐])|着火|冒烟))"
    r"|(?:^|[\n ,，])(?:报|我[是家]?|登记)[ :]?(?P<told>[1-9][0-9]?-[1-9]-[1-9][0-9]{2,3})"
    r"(?![0-9A-Za-z-])"
    r"|(?:^|\n)[1-9][0-9]?[.、)） ]{1,2}[^\n0-9]{1,8} (?P<last>[1-9][0-9]?-[1-9]-[1-9][0-9]{2,3})"
    r"(?=\n|\Z)"
    r"|(?:^|\n)[1-9][0-9]?[.、)） ]{1,2}(?P<listed>[1-9][0-9]?-[1-9]-[1-9][0-9]{2,3})"
    "(?=[ ,，]?(?:[一-鿿]|[0-9]{1,3}[份盒斤箱件个袋瓶包]))"
    "|(?:我家?|咱家|备注|房号|门牌|住户?"
    "|业主)[ :是在]{1,2}(?P<own>[1-9][0-9]?-[1-9]-[1-9][0-9]{2,3})(?![0-9A-Za-z-])"
)
"""`5-2-1103接龙`: building, unit and room, as a group of neighbours writes them."""

WAITING: Final = re.compile(
    rf"(?:[我你他她快人]们?|车|快递|外卖|^|[ ,，])(?:已经?|就|都|还|先|刚)?"
    rf"(?:[在到来去]|[放站蹲坐停躲]在?|送到?)了?"
    rf"(?P<value>{_HOUSE})(?P<more>(?:大堂|大厅|一楼)?(?:前台|门卫)|大堂|大厅)?"
    r"(?=(?:楼?底?下|楼底|门口|门前|旁边|边上)?了?(?:等|接|哪|找|拿|取|集合|见|碰头|打我?电话|[给叫喊]我|碰面)"
    r"|(?:楼?底?下|楼底|门口)(?:了|啦|呢|\Z|[ ,，。\[]|(?![的那])[一-鿿])|(?<=[台卫堂厅]))",
    re.MULTILINE,
)
"""`在9栋等你`, `到12号楼大堂前台`. Misses what is done there otherwise, as at work or school."""

OWN_HOUSE: Final = re.compile(
    "(?:我们?家?|咱们?家?|俺们?家?)(?:就|也|都"
    rf"|还)?[是住]的?(?P<value>{_HOUSE})(?=的(?![^ ,，。!！?？\n]{{0,5}}[人多少])|[ ,，。!！]"
    r"|\Z)"
)
"""`我是16号楼的`."""

LEFT_DOOR: Final = re.compile(
    rf"第?(?:[0-9]{{1,2}}|[{_ONE}]{{1,3}})(?:号楼|[栋幢排])(?:[0-9]{{1,2}}|[{_ONE}]{{1,3}})[楼层]"
    rf"(?:出?电梯)?(?:靠?[左右东西南北里][边手侧]?(?:那|第[{_ONE}])?[一]?[户家间]|最里面?(?:那)?[一]?[户家间]"
    r"|中间(?:那)?[一]?[户家间])"
)
"""`第二栋三楼右边那户`."""

GATE_POINT: Final = re.compile(
    rf"(?:小区|大院|院子|学校|公司|单位|医院|工地|厂区?)?{_SIDE}[0-9]?门(?:门口|旁边?|外)?的?{_POINT}"
    rf"|{_SIDE}区(?:食堂|宿舍|操场|超市|澡堂|教学楼)(?:后面|旁边|门口|对面|楼下|一楼|里)?的?{_POINT}"
)
"""`小区东门的丰巢柜`, `北区食堂旁边的菜鸟驿站`."""

ESTATE_GATE: Final = re.compile(
    rf"(?:接我|等你|等我|接你|来接|见面?|到了?)[^\n0-9A-Za-z]{{0,4}}[ ,，在是到]"
    rf"(?P<value>小区{_SIDE}[0-9]?门)"
    rf"(?=\Z|[ ,，。!！~])"
    rf"|(?:在|到)了?(?P<other>(?:我们)?小区{_SIDE}[0-9]?门)(?=了?等|接|见|集合)"
)
"""`接我 小区西门`."""

VILLAGE_SPOT: Final = re.compile(
    r"(?P<kind>[庄村屯寨湾店营沟岭铺堡集桥塘坝坡圩])(?P<spot>大队部?|村部|村委会?|祠堂|小学|小卖[部铺店]|卫生[室所]|供销社|碾坊|戏台"
    r"|晒场|打谷场|大槐树|水塔|粮站)"
    r"(?:(?:大?门口|斜?对[面过]|旁边?|隔壁|[后前]面|边上)(?:第?[一二三四0-9]{1,2}[家户]|那[家户])?|第?[一二三四]?[家户])"
)
"""`张各庄大队部门口`: beside a house that a village has but once."""

NAMED_GATE: Final = re.compile(
    rf"(?P<kind>幼儿园|小学|中学|大学|学院|医院|广场|商[场城]|公园|市场|超市|体育[馆场中心]{{1,2}}|万达|吾悦|校区|楼)(?P<gate>{_SIDE}侧?[0-9]?门"
    rf"|(?:[0-9]{{1,2}}|[{_ONE}])号门)"
    r"(?=[进出入]"
    r"|[ ,，]?(?:[一二三四五六七八九十两0-9]{1,3}[点:][一-鿿0-9]{0,2})?[ ,，]?(?:接[娃人我你]?"
    r"|等[你我]|见面?|集合|碰头))"
)
"""`…幼儿园北门接娃`: a gate at which somebody waits, of a place that has a name."""

BRAND: Final = (
    "便利蜂|罗森|全家|7-11|美宜佳|十足|联华|快客|喜士多|天福|芙蓉兴盛|兴盛优选|多多买菜|美团优选|见福|红旗"
    "|苏果|好德|可的|每一天|唐久|有家"
)
ANSWERED: Final = re.compile(
    rf"(?:{HOUSE})[^\n]{{0,10}}\n[^\n0-9A-Za-z]{{0,6}}"
    rf"(?P<value>{_HOUSE}(?:[0-9]{{1,2}}单元)?(?:[0-9]{{3,4}}室?|大堂|大厅|前台|后[面门]|旁边|门口)?"
    r"|(?<![0-9A-Za-z.-])[1-9][0-9]?(?:-[1-9])?-[1-9][0-9]{2,3}(?![0-9A-Za-z.:-]| ?[元块万]))"
)
"""`几号楼` and then `3号楼`: a house, or a door, as the answer to a question for it."""

LETTERED: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:[A-Z][座塔] ?[0-9]{1,2}(?:层|楼|[Ff])(?![0-9上下半])"
    r"|[A-Z]区 ?[0-9]{1,2}(?:[栋幢]|号楼)(?:[0-9]{3,4}室?)?)"
    rf"|(?P<broken>{_HOUSE}(?<!楼))(?=(?:[东西南北]边?|[0-9]单元)?(?:的?电梯(?![房洋])|门禁|单元门|楼道|楼长))"
)
"""`B座17层`, `C区22栋`, and a house whose lift or door is spoken of, `3幢电梯坏了`."""

KEPT_FOR: Final = re.compile(
    rf"(?P<shop>(?:{BRAND})(?:便利店|超市)?[一-鿿0-9]{{2,8}}?店)"
    rf"(?=代收|自提|[，, ]?(?:帮|给)?我?去?[拿取])"
)
"""`放罗森锦业路店代收`."""

TAIWAN_SHOP: Final = re.compile(
    r"(?:(?<![0-9-])7-11|7-[Ee]leven|7-ELEVEN|小七|全家|莱尔富|萊爾富|OK超商) ?[一-鿿]{2,6}门市"
)
"""`7-11 建成門市`: a shop where a parcel is kept. Misses those that are called 店 and no more."""

JAPANESE: Final = re.compile(r"〒 ?[0-9]{3}-?[0-9]{4}[ ,，]?[^\n,，。;；!！?？]{4,30}")
"""A postcode of Japan and what stands behind it."""

ROW: Final = re.compile(
    rf"(?:家属[院区]|大院|宿舍|平房区?)(?:(?:{_SIDE}|[前后中])排[0-9]{{1,3}}号"
    r"|[0-9]{1,2}排(?:[0-9]{1,3}[号户])?(?!队))|(?:码头|港口?|港区)[0-9]{1,3}号泊位"
)
"""`棉纺厂家属院北排5号`, `老粮站宿舍2排`, `沙港码头7号泊位`."""

HOUSEHOLD_TRIGGER: Final = (
    r"[0-9](?=[的家门那室又太天半装漏吵在户业邻])(?<=[0-9][01][0-9])"
    "|[0-9]-[1-9]-[1-9][0-9]{2}"
    "|[庄村屯寨湾店营沟岭铺堡集桥塘坝坡圩][大村祠小卫供碾戏晒打水粮]"
    "|[0-9A-Z一二三四五六七八九十] ?(?:号楼|[栋幢排])"
    "|[0-9]号泊|[0-9]-[1-9][0-9]{2}|〒 ?[0-9]"
    "|[0-9一二三四五六七八九十]号门|[东南西北正后侧]侧?[0-9]?[门区]"
    "|[A-Z][座塔] ?[0-9]|[东南西北前后中]排|门市|店(?=代收|自提"
    "|[,， 帮给我去拿取])"
)
"""Without it there is nothing here to find."""

_TRIGGER: Final = re.compile(HOUSEHOLD_TRIGGER)


def households(text: str) -> Iterator[Hit]:
    """Yield the doors, houses, gates and shops of a simplified text told in these ways."""
    if _TRIGGER.search(text) is None:
        return
    for match in ROOM.finditer(text):
        name = match.lastgroup or "cued"
        yield Hit(*match.span(name), 0.5, WHY_ADDRESS_ROOM)
    for pattern, why in (
        (ENTRANCE, WHY_ADDRESS_ROOM),
        (OWN_HOUSE, WHY_ADDRESS_ROOM),
        (ANSWERED, WHY_ADDRESS_ROOM),
        (LEFT_DOOR, WHY_ADDRESS_ROOM),
        (LETTERED, WHY_ADDRESS_ROOM),
        (GATE_POINT, WHY_ADDRESS_PICKUP),
        (ESTATE_GATE, WHY_ADDRESS),
        (KEPT_FOR, WHY_ADDRESS_PICKUP),
        (TAIWAN_SHOP, WHY_ADDRESS_PICKUP),
        (JAPANESE, WHY_ADDRESS),
    ):
        for match in pattern.finditer(text):
            yield Hit(*match.span(match.lastgroup or 0), 0.5, why)
    for match in WAITING.finditer(text):
        yield Hit(match.start("value"), match.end(), 0.5, WHY_ADDRESS_ROOM)
    for match in ROW.finditer(text):
        yield Hit(run_start(text, match.start(), 0), match.end(), 0.55, WHY_ADDRESS)
    for pattern in (VILLAGE_SPOT, NAMED_GATE):
        for match in pattern.finditer(text):
            start = run_start(text, match.start(), 0)
            if start < match.start() and not is_generic(text[start : match.start()]):
                yield Hit(start, match.end(), 0.5, WHY_ADDRESS)
