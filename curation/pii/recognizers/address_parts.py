"""The parts an address is made of: kinds of names, numbered parts, and what each is worth."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_HAN_DIGIT: Final = "零〇一二两三四五六七八九十百壹贰叁肆伍陆柒捌玖拾"
_DIGIT: Final = f"0-9{_HAN_DIGIT}"
_ONE: Final = "一二三四五六七八九"
_NUMBER: Final = rf"(?<![第{_DIGIT}.])(?:[0-9]{{1,5}}|[{_HAN_DIGIT}]{{1,5}})"
_LETTERED: Final = (
    "(?<![0-9A-Za-z])(?:[A-Za-z]{1,2}[0-9]{0,2}|[A-Za-z][0-9]{1,2}[A-Za-z]|[0-9]{1,3}[A-Za-z])"
)
_BLOCK: Final = rf"(?:{_NUMBER}|{_LETTERED}|[甲乙丙丁戊])"
_UNIT: Final = (
    "[万千百元块米人个年月分秒点多次线平天岁斤克度%kKwW倍票名张页集级赞位字篇支款件只条座强折天周]"
    "|号线|公里|小时|毫"
)
_NOT_COUNTED: Final = rf"(?![0-9.:/]|{_UNIT}| (?:[元块米个斤克%折]|公里|小时))"
"""No unit follows; after a blank 张 and the like begin the name of somebody instead."""
_NOT_A_STREET_NUMBER: Final = (
    r"(?![线桌球机位选车楼码字种架柜格]|电池|公馆|航站|宿舍|公寓|地铁|站台|登机|检票|窗口|考场"
    r"|选手|病|货架)"
)
_HOUSE_AHEAD: Final = (
    rf"(?= ?(?:[0-9]{{1,3}}|[{_HAN_DIGIT}]{{1,3}}|[A-Za-z][0-9]{{0,2}}|[东南西北]) ?"
    r"(?:号楼|栋|幢|座|号院|弄|期|单元|区|楼|#|-[0-9]))"
)
_NOT_A_ROAD_BEFORE: Final = (
    "(?<![跑走上马公铁道思套半迷顺同后出退赶问带让绕段速网线电岔米陆水末绝门销熟])"
)
_NOT_A_ROAD_AFTER: Final = "(?![上过边人程线由灯途费况子数牌径易透演飞虎])"
_NOT_A_DISTRICT_BEFORE: Final = (
    "(?<![郊市灾战学特时专军辖禁片防宅商农牧林矿老街地景误盲雷社园论安小库服大山疫住])"
    "(?<![县主老新中市进]城)(?<![技化产业物科]园)"
)
_COURIER: Final = "(?:圆通|申通|中通|韵达|顺丰|极兔|邮政|百世|京东|德邦)"
_PICKUP: Final = (
    "菜鸟(?:驿站|裹裹)|妈妈驿站|兔喜(?:生活|快递超市)?|熊猫快收"
    "|(?:丰巢|蜂巢)(?:快递|智能)*柜?|(?:智能|邮政)?(?:快递柜|自提柜)|自提点|代收点"
    f"|{_COURIER}?快递(?:超市|驿站|网点|架|点)|{_COURIER}(?:超市|驿站|网点|营业[点部厅])|驿站"
    f"|{_COURIER}快递(?=[(（])"
)

_ALTERNATIVES: Final[dict[str, tuple[str, ...]]] = {
    # Numbered parts say themselves where they begin.
    "building": (
        (
            rf"{_BLOCK} ?(?:号楼|[栋幢](?!楼(?![上下])|别墅|房|[大小高烂])"
            r"|号?宿舍楼?|号?公寓楼?|斋|(?<=[0-9A-Za-z甲乙丙丁])塔楼?"
            r"|舍(?![五不得友弃命去]))(?![梯道顶])"
        ),
        (
            rf"(?:{_BLOCK}|第[0-9]{{1,2}})(?<![车巴艇][0-9])(?<![车巴艇][0-9]{{2}})"
            " ?座(?![位谈右山桥城车])"
        ),
        rf"(?<![0-9A-Za-z#\-])(?<![禁锁码])[0-9]{{1,3}}#(?:楼|栋|(?=[ \-]?[0-9A-Za-z{_ONE}]))",
        r"[东南西北主](?:楼|[座塔])(?= ?[0-9A-Za-z])",
    ),
    "yard": (rf"(?![壹一]号院){_BLOCK}号[大小]?院(?![士长线])",),
    "row": (rf"{_NUMBER}排(?=[0-9]{{1,3}}[号户])",),
    "unit": (
        (
            rf"(?:[甲乙丙丁]?{_NUMBER}|(?<![A-Za-z])[A-Za-z]"
            rf"|[甲乙丙丁东南西北中]) ?单元(?![测试格素考课的练])"
            rf"|{_BLOCK}梯(?=[0-9]{{3,4}})|(?<=[楼栋幢])[0-9]门洞?(?![课口前])"
            rf"|{_NUMBER} ?门(?:洞|(?=[0-9]{{3,4}}(?![0-9])|[0-9{_HAN_DIGIT}]{{1,3}}[号室]))"
        ),
    ),
    "floor": (
        (
            rf"(?:[A-Za-z负]?{_NUMBER}|[Bb][0-9]|地下[{_ONE}]?) ?"
            r"(?:楼|层|/?[Ff](?![A-Za-z])(?=[ ,，A-Z一-鿿0-9]|\Z))(?![梯道主上下盘蛋台])"
            rf"(?:之[0-9{_ONE}]{{1,2}})?"
        ),
        r"地[下铺](?![铁室车水道面的城党情])",
    ),
    "room": (
        (
            r"(?<![0-9A-Za-z.])[A-Za-z]?[0-9]{1,2}-?[0-9]{0,3}[A-Za-z]?"
            "(?: ?室(?![友内外温]|[一二两三0-9]厅)|户(?![人型口籍外家])"
            "| ?房(?![间子租价东贷产管])|号(?:房"
            r"|病?室)(?![间子]))"
        ),
        rf"(?<![{_DIGIT}])[{_HAN_DIGIT}]{{3,4}}室(?![友内外温])",
        r"(?<![0-9A-Za-z])[A-Za-z] ?室(?![友内外])",
    ),
    "side": (r"[东南西北中]户(?![口外型籍])",),
    "lane": (rf"{_NUMBER}支? ?(?:弄(?![好完错丢坏得死懂成出了个点一脏清走])|巷(?!战))",),
    "section": (
        rf"[东南西北]?{_NUMBER}段(?![时距落子位话感路])",
        "[东南西北中上下]段(?![时落])|[东南西北]口(?=[0-9]{1,4}号)",
    ),
    "number": (
        (
            rf"(?:[甲乙丙丁]字?)?{_NUMBER}(?:[\-之][0-9]{{1,4}})? ?号{_NOT_A_STREET_NUMBER}"
            rf"(?:仓库?|[铺库床]|摊位|档口|门(?![口诊牌前面])|附[0-9]{{1,3}}号|之(?:[0-9]{{1,2}}|[{_ONE}]))?"
        ),
        "附[0-9]{1,3}号",
    ),
    "neighbours": (rf"{_NUMBER}邻(?![居近])",),
    "group": (
        (
            rf"{_NUMBER}(?:村民)?(?:小组|[组队社](?![长员团会成织建区交保])|分场|大队|生产队"
            rf"|连(?![胜发续环冠三])|委(?![员托派]))"
        ),
        rf"{_NUMBER}团(?=[{_DIGIT}]+连|部)",
    ),
    "zone": (
        (
            rf"(?!(?<=下)[一两几])(?:(?<![分共费款贷])[东南西北中]?{_NUMBER}期"
            rf"|[东南西北中]?{_NUMBER}(?:[区坊]|街坊))"
        ),
        "[东南西北中A-Za-z][区苑院](?![别分间])",
    ),
    "compact": (
        (
            r"(?<![0-9A-Za-z.\-:/])(?<![禁锁])(?!7-11(?![0-9-]))[A-Za-z]?[0-9]{1,3}(?:[\-#][A-Za-z]?[0-9]{1,4}){1,3}[A-Za-z]?"
            rf"(?:室|房(?![间子]))?{_NOT_COUNTED}(?!-)"
        ),
    ),
    "bare": (
        (
            r"(?<![0-9A-Za-z.])(?:[A-Za-z]{1,2}-?)?"
            rf"(?:[0-9]{{2,5}}[A-Za-z]?|[零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖]{{3,4}})"
            rf"(?![号A-Za-z]){_NOT_COUNTED}"
        ),
        r"(?<![0-9A-Za-z])[0-9]{1,2}[A-Za-z][0-9]{0,3}(?![0-9A-Za-z座栋幢区])",
        "(?:(?<=[楼层])|(?<=[0-9]F))[A-Z](?![0-9A-Za-z座栋幢区室])",
    ),
    "gate": (
        "[东南西北正后侧大][0-9一二]?门(?![口外前牙面])",
        f"(?:大?门口|楼下|旁边)(?=的?(?:{_PICKUP}))",
    ),
    "shop": ("(?:沿街)?(?:底商|商铺|门面房?|门市房?|铺面|摊位|档口)",),
    "branch": (
        rf"(?:{_PICKUP}) ?[(（][一-鿿0-9A-Za-z·]{{2,16}}[)）]",
        rf"(?:{_PICKUP})(?:(?![的在去到旁取拿])[一-鿿]){{2,8}}店",
    ),
    "outlet": (r"[(（][一-鿿0-9A-Za-z·]{2,12}[店站][)）]",),
    "pickup": (_PICKUP,),
    "crossing": ("交叉路?口|交[汇界]处|交汇口|十字路口|(?<=路)口(?!岸)",),
    # Kinds of names: what stands before them is the name.
    "town": (
        "街道(?:办事处|办)?(?!上)|街办(?!事)",
        "(?<![城乡集重古小老镇冰])镇(?![静定住压痛店魂楼宅长]|河妖|上(?![一-鿿]{0,3}村))",
        "(?<![城家故他老下思同水异])乡(?![下亲村土愁长里])",
        "苏木",
    ),
    "newarea": ("(?:经济|技术|产业|高新)*开发区|高新[东南西北]?区|经开区|新区|工业园?区|保税区",),
    "estate": (
        (
            "小区|社区|花园|家园|公寓|屋苑|新?邨|新村|花苑|[嘉雅佳家名馨怡翠]苑|山庄|别墅"
            "|[华豪嘉雅]庭|名邸|公馆"
        ),
        (
            "宿舍(?!楼)|宿舍楼|家属[院区楼]|[大小]院|新城(?!市)|名城|嘉园|雅园|佳园|安置房|教师楼"
            "|公租房|廉租房|人才房"
        ),
        "(?<=邨[一-鿿]{2})楼(?=[0-9]{3,4})",
        r"楼(?= ?(?:[0-9]{1,3}[楼层]|[0-9A-Za-z]{1,4}室))",
        (
            f"(?:[苑轩阁邸郡湾城庭园府居坊寓岸墅院堡洲]|(?<![店家屋司那这哪心手嘴楼])里|国际|天地"
            f"|首府|小镇|半岛|天街){_HOUSE_AHEAD}"
        ),
        "里(?=[甲乙丙]?[0-9]{1,3}号)",
        (
            "(?:[园苑湾庭坊轩阁城洲府邸郡墅寓岸堡居]|国际|天地|半岛|小镇)"
            "(?=[0-9]{1,3}号(?:[0-9]{2,4}|楼))"
        ),
        "(?:[苑轩阁邸郡湾府庭墅]|天地|国际|名城|新城|小镇|半岛)(?=[东南西北正]门(?![口外前面]))",
        f"[壹一]号院?{_HOUSE_AHEAD}",
    ),
    "poi": (
        (
            "大厦|(?:国际|金融|商务|商业)中心|国际广场|SOHO|soho|Soho|大楼|写字楼|商务楼|园区"
            "|工业园|产业园|科技园|创业园|创意园"
            "|物流园|软件园|科技城|海创园"
        ),
        rf"(?:[仓厂园馆]|综合体)(?= ?[0-9A-Z{_ONE}]{{1,4}} ?(?:号楼|[栋幢座]))",
    ),
    "public": (
        (
            "广场|中心|商城|商场|酒店|宾馆|医院|中学|小学|学校|校园|市场"
            "|[品装子玩材发配贸业妆]城|天街"
            "|立交桥?|食堂"
        ),
    ),
    "campus": ("大学(?!城|生|毕|里|学)|学院|校区|书院",),
    "road": (
        "大道(?:[东南西北中](?!段|[一-鿿]?路))?|大街|胡同",
        f"(?:{_NOT_A_ROAD_BEFORE}|(?<=[东西南北大]马))路{_NOT_A_ROAD_AFTER}(?!口)",
        "(?<=[公门水陆高])路(?=[0-9]{1,5} ?[号弄])",
        f"{_NOT_A_ROAD_BEFORE}路(?=口(?!岸))",
        "(?<![逛上这条满])街(?![上头边坊拍舞霸])",
        "(?<![这条])巷(?![子战口])",
        "道(?:[东南西北中一二三]路?)?(?= ?[0-9]{1,4} ?号)",
        f"(?<=[东南西北头中桥门坊场院四十{_ONE}])条(?=[甲乙丙丁]?[0-9{_HAN_DIGIT}]{{1,3}}号)",
    ),
    "village": (
        (
            "(?<![农乡进回全度假城环球地渔我你他这那哪整])(?<![城山]中)(?<!乡[下山])"
            "(?:(?:自然|行政)?村)(?![里长民子口头上霸晚超草上])(?:村?委会)?"
        ),
        (
            "[町洞](?=[0-9]{1,4}-[0-9])|丁目(?=[0-9])|屯(?![着了区货菜粮])|嘎查|[居村]委会|农场|林场|里(?=[0-9]{1,2}邻)|(?:社"
            "|(?<=[湾屋场沟坪塘冲家])小?组)(?= ?[0-9一二三四五六七八九十]{1,3} ?号)"
        ),
        (
            "[村庄寨屋湾塘坪坝沟岭坡冲坳垌畈集铺桥营堡岗圩圳洞坑洲墩里居]"
            rf"(?=[0-9{_ONE}十]{{1,3}}(?:村民)?(?:小组|[组队社](?![长员])))"
        ),
    ),
    "hamlet": (
        (
            "(?:[庄寨屋湾塘坪坝沟岭坡冲坳垌畈集铺桥营堡岗圩墩楼组]|码头|老街)(?=\\Z"
            "|[ ,，。!！?？;；\n)）])|[庄寨屋湾塘坪坝沟岭坡冲坳垌畈营堡岗圩墩](?=[0-9]{1,4}号)"
        ),
    ),
    "district": (
        "自治[州县旗]",
        f"{_NOT_A_DISTRICT_BEFORE}区(?![别分域间块])",
        "(?<![知全本我该邻贫])县(?![长城委官里衙医级])",
        "[左右前中后]旗",
    ),
    "city": ("(?<![超城都门股楼上夜早菜集花黑闹])市(?![场民长区里委中容井面价值])",),
}

_SHAPE_LETTERS: Final = (
    f"0-9A-Za-z{_HAN_DIGIT}#(（甲乙丙丁戊第负附东南西北中上下正后侧大主地门沿底商铺摊档交菜妈兔熊丰蜂智"
    "邮快自代圆申韵顺极百京德驿口楼旁"
)
_KIND_LETTERS: Final = (
    "Ss一中乡产人仓佳保公写农冲创别前区医半华厂县右名后商嘉嘎园国圩圳坊坑坝坡坪坳垌城堡塘墅墩壹大"
    "天学安家宾宿寓寨小居屋屯山岗岭岸工左巷市广庄府庭廉开怡技教新村条林校桥楼沟洞洲海湾物畈码社科立"
    "经综翠老胡町丁自花苏苑营行街豪路轩软道邨邸郡酒里铺镇阁院雅集食馆首馨高金商组品装子玩材发配贸业妆书"
)
"""What parts begin with. Where no such letter stands the many alternatives need not be tried."""


def _one_of(kinds: Iterable[str], letters: str, *, named: bool) -> str:
    ways = (
        f"(?P<{kind}>{'|'.join(_ALTERNATIVES[kind])})" if named else "|".join(_ALTERNATIVES[kind])
        for kind in kinds
    )
    return f"(?=[{letters}])(?:{'|'.join(ways)})"


CORE: Final = frozenset(
    (
        *("building", "yard", "unit", "room", "lane", "road", "estate", "village", "hamlet"),
        *(
            "town",
            "newarea",
            "district",
            "city",
            "pickup",
            "branch",
            "compact",
            "home",
            "bare",
            "storey",
            "number",
        ),
    )
)
"""Parts of which an address has at least one."""

NUMBERED: Final = frozenset(
    (
        *("building", "yard", "row", "unit", "floor", "room", "side", "lane", "section", "number"),
        *("neighbours", "group", "zone", "compact", "bare", "gate", "shop", "branch", "pickup"),
        *("crossing", "outlet"),
    )
)
"""Parts that need no name before them."""

PART: Final = re.compile(
    _one_of([kind for kind in _ALTERNATIVES if kind in NUMBERED], _SHAPE_LETTERS, named=True)
    + "|"
    + _one_of([kind for kind in _ALTERNATIVES if kind not in NUMBERED], _KIND_LETTERS, named=True)
)
"""One part of an address. Misses places known by nickname only; divisions are looked up apart."""

WEIGHTS: Final = {
    "province": 0.15,
    "city": 0.2,
    "district": 0.25,
    "town": 0.35,
    "newarea": 0.2,
    "shared": 0.2,
    "home": 0.6,
    "road": 0.3,
    "village": 0.3,
    "estate": 0.3,
    "poi": 0.25,
    "public": 0.15,
    "campus": 0.2,
    "lane": 0.3,
    "section": 0.15,
    "building": 0.3,
    "outlet": 0.2,
    "row": 0.05,
    "yard": 0.2,
    "unit": 0.3,
    "floor": 0.1,
    "room": 0.25,
    "zone": 0.1,
    "gate": 0.2,
    "shop": 0.1,
    "branch": 0.5,
    "pickup": 0.25,
    "crossing": 0.2,
    "near_province": 0.1,
    "near_city": 0.15,
    "near_district": 0.15,
}
"""How much each part alone speaks for an address, once a chain. What is not named depends.

`near_…` is a division's name without its kind: `海淀` for `海淀区`.
"""

FOLLOWING: Final[dict[str, tuple[frozenset[str], float]]] = {
    "number": (
        frozenset(
            (
                *("road", "lane", "section", "village", "estate", "town", "group", "zone", "row"),
                *("neighbours", "hamlet", "unit", "shop", "pickup", "newarea"),
            )
        ),
        0.3,
    ),
    "group": (frozenset(["village", "town", "hamlet", "estate", "group", "number", "road"]), 0.3),
    "neighbours": (frozenset(["village", "town", "estate", "district", "road"]), 0.3),
    "hamlet": (frozenset(["town", "village", "district", "estate"]), 0.3),
    "compact": (
        frozenset(
            (
                *(
                    "estate",
                    "road",
                    "village",
                    "building",
                    "number",
                    "zone",
                    "lane",
                    "poi",
                    "public",
                    "campus",
                ),
                *("shared", "yard", "shop"),
            )
        ),
        0.3,
    ),
    "bare": (
        frozenset(
            (
                *("building", "unit", "estate", "number", "zone", "room", "floor", "poi", "lane"),
                *("branch", "outlet", "public", "campus", "shared", "yard"),
            )
        ),
        0.25,
    ),
    "storey": (frozenset(["poi", "zone"]), 0.3),
    "door": (frozenset(["building", "unit", "number", "row", "floor"]), 0.1),
    "side": (frozenset(["unit", "floor", "building", "bare"]), 0.2),
}
"""Parts that count only after certain others: `3号` alone is a day, `3组` a team."""
NEAR: Final = frozenset(["near_province", "near_city", "near_district"])
"""Divisions named without their kind: `海淀` for `海淀区`."""

FULL: Final = frozenset(["province", "city", "district"])
"""Divisions named in full."""

AREAS: Final = NEAR | FULL | {"town"}
"""What holds many houses."""

NAMES_A_HOME: Final = AREAS - {"province", "city", "near_province", "near_city"} | frozenset(
    ["road", "estate", "village", "building", "unit", "room", "lane"]
)
"""Parts to which words such as `住在` add evidence."""

NOWHERE: Final = NEAR | {"poi", "public", "campus", "gate", "pickup", "floor", "zone", "shop"}
"""Parts that together are still no address."""

CORE_PATTERN: Final = (
    r"[0-9A-Za-z一二三四五六七八九十百零壹贰叁肆伍陆柒捌玖拾甲乙丙丁戊] ?支? ?"
    r"(?:号楼|号[大小]?院|[栋幢斋舍室弄巷塔梯#-]|座(?![位谈])|单元|门(?=[0-9])|房(?![间子租])"
    r"|号?宿舍|号?公寓)"
    r"|(?=[菜妈兔熊丰蜂智邮快自代圆中申韵顺极百京德驿(（])"
    f"(?:{'|'.join(_ALTERNATIVES['pickup'] + _ALTERNATIVES['branch'])})"
    "|[东南西北主][楼座塔] ?[0-9A-Z]|[0-9一二三四五六七八九十][楼层][0-9A-Z]{3}|铺[0-9]"
    "|区[0-9]{1,4}号|[厦心园楼]"
    "(?:[0-9A-Za-z]期)?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[楼层]|[厦心园楼][0-9]{3}|"
    + _one_of(sorted((CORE & _ALTERNATIVES.keys()) - NUMBERED), _KIND_LETTERS, named=False)
)
"""Any such part: without a match there is no address."""

CORE_LETTERS: Final = f"{_SHAPE_LETTERS}{_KIND_LETTERS}住们现目还妈爸搬租买房厦心区店"
"""What such a part, or a word that leads to an address, begins with."""
