"""The parts an address is made of: place names, kinds of names, numbered parts."""

from __future__ import annotations

import re
from typing import Final

from curation.pii.recognizers.places import CITIES, PROVINCES


def _by_first_character(names: str) -> str:
    """Return one alternation of `names`, so arranged that most characters fail at once."""
    groups: dict[str, list[str]] = {}
    for name in sorted(names.split(), key=len, reverse=True):
        groups.setdefault(name[0], []).append(name[1:])
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in groups.items())


_DIGIT: Final = "0-9零〇一二三四五六七八九十百"
_NUMBER: Final = rf"(?<![第{_DIGIT}])(?:[0-9]{{1,5}}|[零〇一二三四五六七八九十百]{{1,5}})"
_BLOCK: Final = rf"(?:{_NUMBER}|(?<![A-Za-z])[A-Za-z][0-9]{{0,2}}|[甲乙丙丁])"
_UNIT: Final = "[万千百元块米人个年月分秒点多次线平天岁斤克度%kKwW]|号线|公里"
_NOT_COUNTED: Final = rf"(?![0-9.]| ?(?:{_UNIT}))"
_NOT_A_STREET_NUMBER: Final = r"(?![线桌球机位选车楼码字]|电池)"
_BEFORE_BUILDING: Final = (
    r"(?=[0-9一二三四五六七八九十]{1,3}(?:号楼|栋|幢|座|号院|弄|期|单元|-[0-9]))"
)
_NOT_A_ROAD_BEFORE: Final = "(?<![走上马公铁道思套半迷顺同后出退赶问带让绕条段高速网一线电])"
_NOT_A_ROAD_AFTER: Final = "(?![上过边人口程线由灯途费况子数牌径易])"
_NOT_A_DISTRICT_BEFORE: Final = (
    "(?<![郊市灾战学特时专军辖禁片防宅商农牧林矿老街地景误盲雷])"
    "(?<![县主老新中市进]城)(?<![大深贫进出在去到的是个和往从回]山)"
)
_PICKUP: Final = (
    "菜鸟驿站|妈妈驿站|兔喜(?:生活)?|丰巢(?:快递|智能)?柜?|快递柜|自提[点柜]|代收点|驿站"
)

_ALTERNATIVES: Final[dict[str, tuple[str, ...]]] = {
    # Numbered parts say themselves where they begin.
    "building": (
        (
            rf"{_BLOCK} ?(?:号楼|号院|栋|幢|号?宿舍楼?|号?公寓楼?|斋"
            r"|(?<=[0-9A-Za-z])(?:座(?![位谈右])|塔楼?)"
            r"|舍(?![五不得友弃命去]))(?![梯道顶])"
        ),
    ),
    "unit": (rf"{_NUMBER} ?(?:单元(?![测试格素])|门(?=[0-9]{{3,4}}(?![0-9])))",),
    "floor": (
        (
            rf"(?:{_NUMBER}|[Bb][0-9]) ?(?:楼|层|[Ff](?![A-Za-z]))(?![梯道主上下盘])"
            "(?:之[0-9一二三四五六七八九]{1,2})?"
        ),
    ),
    "room": (
        r"(?<![0-9A-Za-z])[A-Za-z]?[0-9]{2,5}[A-Za-z]?(?:室(?![友内外])|房(?![间子租价东])|号房)",
        r"(?<![0-9A-Za-z])[A-Za-z]室(?![友内外])",
    ),
    "lane": (rf"{_NUMBER}[弄巷]",),
    "section": (rf"{_NUMBER}段(?![时距落子位])", "[东南西北中上下]段(?=[0-9])"),
    "number": (
        (
            rf"[甲乙丙丁]?{_NUMBER}(?:[\-之][0-9]{{1,4}})?号{_NOT_A_STREET_NUMBER}"
            r"(?:院|附[0-9]{1,3}号|之[0-9一二三四五六七八九]{1,2})?"
        ),
    ),
    "group": (rf"{_NUMBER}[组队社](?![长员团会成织建])",),
    "zone": (rf"{_NUMBER}[期区]", "[东南西北中A-Za-z][区苑院]"),
    "compact": (
        rf"(?<![0-9A-Za-z.\-])[0-9]{{1,3}}(?:[\-#][0-9]{{1,4}}){{1,3}}{_NOT_COUNTED}(?!-)",
    ),
    "bare": (
        r"(?<![0-9A-Za-z.])[A-Za-z]?-?(?:[0-9]{3,4}|[零〇一二三四五六七八九]{3,4})(?!号)"
        + _NOT_COUNTED,
    ),
    "gate": ("[东南西北正后侧大][0-9一二]?门(?![口外前])",),
    "branch": (rf"(?:{_PICKUP}) ?[(（][一-鿿0-9A-Za-z·]{{2,16}}[)）]",),
    "pickup": (_PICKUP,),
    "crossing": ("交叉路?口|交汇处|交界处|十字路口",),
    # Kinds of names: what stands before them is the name.
    "town": (
        "街道(?!上)",
        "(?<![城乡集重古小老镇冰])镇(?![静定住压痛]|上(?![一-鿿]{1,3}村))",
        "(?<![城家故他老下思同水异])乡(?![下亲村土愁])",
        "开发区|高新区|新区|工业区",
    ),
    "estate": (
        "小区|社区|花园|家园|公寓|屋苑|邨|新村|花苑|[嘉雅佳家名]苑|山庄|别墅|[华豪嘉雅]庭|名邸|公馆",
        "宿舍|家属院|大院|新城(?!市)|名城|嘉园|雅园|佳园",
        "[御华学]府(?=[0-9A-Z一二三四五六七八九十])",
        f"[苑轩阁邸郡湾城庭园里]{_BEFORE_BUILDING}",
    ),
    "poi": (
        "大厦|SOHO|soho|广场|大楼|写字楼|中心|商城|商场|酒店|宾馆|医院",
        "大学|学院|中学|小学|学校|校区|校园|工业园|产业园|科技园|创业园|软件园|园区|科技城",
    ),
    "road": (
        "大道(?:[东南西北中](?!段|[一-鿿]?路))?|大街|胡同",
        f"{_NOT_A_ROAD_BEFORE}路{_NOT_A_ROAD_AFTER}",
        "(?<![逛上这条满])街(?![上头边坊拍舞])",
        "(?<![这条])巷(?!子)",
        "道[东南西北中]?(?=[0-9]{1,4}号)",
    ),
    "village": (
        "(?<![农乡山下进回全度假])村(?![里长民子委口头上])",
        "屯(?![着了区])",
        "[庄寨](?=[0-9一二三四五六七八九十]{1,3}[组队号])",
    ),
    "district": (
        "自治[州县旗]",
        f"{_NOT_A_DISTRICT_BEFORE}区(?![别分域间块])",
        "(?<!知)县(?![长城委官里])",
        "[左右前中后]旗",
    ),
    "city": ("(?<![超城都门股楼上夜早菜集花黑闹])市(?![场民长区里委中容井面价值])",),
    # Known places need no kind of name.
    "place": (
        (
            f"(?:{_by_first_character(PROVINCES + ' ' + CITIES)})"
            "(?:特别行政区|(?:维吾尔|壮族|回族)?自治区|省|市(?![场民长区里委中容]))?"
        ),
    ),
}

PART: Final = re.compile(
    "|".join(f"(?P<{kind}>{'|'.join(ways)})" for kind, ways in _ALTERNATIVES.items())
)
"""One part of an address. Misses Latin street names and places known by nickname only."""

CORE: Final = frozenset(
    ("building", "unit", "room", "lane", "road", "estate", "village")
) | frozenset(("town", "district", "city", "pickup", "branch"))
"""Parts of which an address has at least one."""

CORE_PART: Final = re.compile("|".join("|".join(_ALTERNATIVES[kind]) for kind in sorted(CORE)))
"""Any such part: without a match there is no address."""

CORE_LETTER: Final = re.compile(
    "[楼院栋幢舍斋座塔寓元门室房弄巷路街道同村屯庄寨区园苑墅庭邸馆城府轩阁郡湾里镇乡县旗市站喜柜点州邨]"
)
"""The letters in which these parts end."""

NUMBERED: Final = frozenset(
    [
        "building",
        "unit",
        "floor",
        "room",
        "lane",
        "section",
        "number",
        "group",
        "zone",
        "compact",
        "bare",
        "gate",
        "branch",
        "pickup",
        "crossing",
        "place",
        "nickname",
    ]
)

WEIGHTS: Final = {
    "place": 0.2,
    "nickname": 0.15,
    "city": 0.2,
    "district": 0.2,
    "town": 0.2,
    "road": 0.3,
    "village": 0.3,
    "estate": 0.3,
    "poi": 0.15,
    "lane": 0.3,
    "section": 0.15,
    "building": 0.3,
    "unit": 0.3,
    "floor": 0.1,
    "room": 0.25,
    "bare": 0.2,
    "zone": 0.1,
    "gate": 0.1,
    "branch": 0.5,
    "pickup": 0.25,
    "crossing": 0.2,
}
"""How much each part alone speaks for an address, once a chain. What is not named depends."""

FOLLOWING: Final = {
    "number": ({"road", "lane", "section", "village", "estate", "town", "group", "zone"}, 0.3),
    "group": ({"village", "town"}, 0.3),
    "compact": ({"estate", "road", "village", "building", "number", "zone", "lane"}, 0.3),
    "bare": ({"building", "unit", "estate", "number", "zone", "room", "floor", "poi"}, 0.2),
}
"""Parts that count only after certain others: `3号` alone is a day, `3组` a team."""
