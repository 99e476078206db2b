"""Places that need no street: a room of a hotel, a bed of a ward, a stall, a car's place.

Also what people say instead of a street, `派出所斜对面那栋5楼`, and a floor with its room.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.pii.entities import WHY_ADDRESS, WHY_ADDRESS_PICKUP, WHY_ADDRESS_ROOM
from curation.pii.recognizers.address_names import run_start
from curation.pii.recognizers.base import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

_ONE: Final = "一二三四五六七八九十"
_STOREY: Final = rf"(?:[Bb负]?[0-9]{{1,2}}|负?[{_ONE}]{{1,3}}) ?(?:楼|层|[Ff](?![A-Za-z]))"
_END: Final = (
    r"(?=\Z|[ \n,，。;；!！?？~、)）]|找|等|取|拿|见|来|上来|吧|哈|了|呢|就|的|看|里|门口|退房)"
)
_NOT_COUNTED: Final = (
    r"(?![0-9A-Za-z.:/-]| ?(?:元|块|万|年|一晚|每晚|起|条|人|次|间|个|米|平|分|张|家|公里|km))"
)

_CHAIN: Final = (
    "全季|如家|汉庭|亚朵|希尔顿|万豪|喜来登|维也纳|锦江之星|洲际|香格里拉|凯悦|丽枫|城市便捷"
    "|格林豪泰|速8|莫泰|君悦|威斯汀|宜必思|诺富特|美居|希岸|尚客优|怡莱|瑞吉|艾美|华住|柏悦|万怡"
    "|凯宾斯基|英迪格|逸林"
    "|(?:[7七]天|桔子|橘子|皇冠假日|假日|布丁|漫心|秋果|星程|丽思|欢朋|你好|海友)(?:优品)?酒店"
)
HOTEL: Final = re.compile(
    rf"(?P<kind>酒店|宾馆|旅馆|旅社|客栈|民宿|青旅|招待所|饭店|度假村|{_CHAIN})"
    r"(?:[一-鿿]{0,4}酒店)?"
    r"(?: ?[(（][一-鿿0-9A-Za-z]{2,12}店?[)）]|[一-鿿]{2,10}店|[一-鿿]{0,3}[A-Z主副贵][座栋楼])?"
    rf"(?:[ ,，]?(?:{_STOREY}|行政楼层?))?"
    r"[ ,，]{0,2}(?:(?P<label>房间号?|房号|客房)(?:是|[ :]){0,2})?"
    rf"(?P<room>[A-Z]?[0-9]{{3,5}})(?P<room_word>号?房间?|室|号)?{_NOT_COUNTED}"
)
"""`全季酒店人民广场店1208房`, `希尔顿2119`."""

HALL: Final = re.compile(
    rf"(?P<kind>酒店|宾馆|饭店|度假村|会所|酒楼|{_CHAIN})(?:酒店)?[ ,，]?{_STOREY}[ ,，]?的?"
    r"(?:[一-鿿]{1,4}|[A-Z])(?:厅|包[厢间房])"
)
"""`凯宾斯基酒店三楼百合厅`: where a feast is held."""

_WARD: Final = (
    r"(?:住院[部楼]楼?|门诊[部楼]|急诊楼?|(?:[内外骨产妇儿眼]|心[内外]|神[经内外]|肿瘤|康复|普外"
    r"|泌尿|呼吸|消化|血液)科[大]?楼?"
    rf"|(?:[0-9]{{1,2}}|[{_ONE}]{{1,3}})病区|重症监?护?室?|ICU|病房|病区)"
)
_WARD_PART: Final = (
    rf"(?:[ ,，]?(?:[A-Z东西南北]?[座区楼栋]|第?(?:[0-9]{{1,2}}|[{_ONE}]{{1,3}})(?:号楼|楼|层|病区"
    rf"|区|栋)|门口"
    r"|[0-9]{3,4}(?=号?病?房|室)号?(?:病房|房|室)))"
)
BED: Final = re.compile(
    rf"(?:{_WARD}{_WARD_PART}{{0,4}}|(?<=医院)(?:{_WARD_PART}|{_WARD}){{1,4}})[ ,，]?"
    rf"(?:(?P<bed>加?[0-9]{{1,3}}(?:号?病?床)(?![位单上上])|[0-9]{{1,2}}号?病[房室])"
    rf"|(?<=[楼层区])(?P<room>[0-9]{{3,4}})(?:号?病?[房室])?{_NOT_COUNTED})"
)
"""`住院部7楼32床`, `妇幼保健院产科6楼609`."""

_MARKET: Final = (
    "(?:市场|商城|广场|[装材贸发具纺鞋茶灯包金品]城|天街|商业?街|美食街|步行街|夜市|早市|菜场|购物中心|百货"
    "|商场|电脑城|百脑汇"
    "|大卖场|家居|万达|银泰|大悦城|万象城|吾悦|龙湖)"
)
STALL: Final = re.compile(
    rf"{_MARKET}(?:[ ,，]?(?:[A-Z东西南北一二三四五六七八九0-9]{{1,2}}[区馆门厅]|{_STOREY}"
    rf"|[A-Z]?[0-9]{{1,2}}街|[0-9]{{1,2}}排"
    r"|[一-鿿]{1,3}(?:区|街))){0,4}[ ,，]?"
    r"(?:(?P<stall>[A-Z]?[0-9]{1,2}?-?[A-Z]?[0-9]{1,5}号?(?:铺位?|摊位?|档口?|店铺|柜台?|门面"
    r"|展位))"
    rf"|(?<=[楼层FBf街区])(?P<number>[A-Z]?[0-9]{{0,2}}[A-Z]?[0-9]{{2,5}}号?(?:商铺|门面房?|铺面|店面)?){_NOT_COUNTED}"
    rf"|(?<=[门])第[{_ONE}]{{1,2}}[家间个](?P<ordinal>[一-鿿]{{0,4}}[铺店摊]))"
)
"""`服装城4楼4217档`, `夜市东区48号`."""

PARKED: Final = re.compile(
    r"(?:(?P<garage>地下?(?:车库|停车场)|地库|车库|停车场)[ ,，]?)?"
    rf"(?:(?P<level>(?:[Bb][1-5]|负[{_ONE}]|-[1-5]|地下[一二三])(?:层|楼)?)[ ,，-]?)?"
    r"(?:(?P<zone>[A-Z东西南北]区?)[ -]?)?"
    rf"(?P<place>[A-Z]?-?[0-9]{{2,4}})(?P<word>号?(?:车位|停车位|泊位))?{_NOT_COUNTED}"
)
"""`地库B3 C117`, `B1-208车位`: a garage, a level and a number, or a number called a place."""

_SPOT: Final = (
    "(?:派出所|政府|银行|信用社|邮局|卫生[院所]|医院|学校|[小中大]学|幼儿园|超市|市场|菜场|加油站"
    "|车站|公交站|地铁[站口]|公园|广场|水库|工厂"
    "|[一-鿿]厂|村委会?|居委会?|大队部?|供销社|祠堂|教堂|寺|庙|桥头?|村口|路口|河边|大院|饭店|宾馆"
    "|酒店|药店|大润发|永辉|物美|华联|沃尔玛"
    "|[老大]?[槐榕柳樟杨]树|营业厅|水塔|粮站|法院|检察院|小区|社区|仓库|鱼塘|码头|煤场|电影院"
    "|体育馆)"
)
_SIDE: Final = (
    "(?:的?(?:斜?对[面过]|楼上|旁边?|隔壁|后[面边头]|前面|边上|[东西南北][边侧面头]"
    "|往[东西南北]走?))"
)
BESIDE: Final = re.compile(
    rf"(?P<spot>{_SPOT}){_SIDE}的?(?:"
    rf"(?:[那这]?(?:[栋幢排座间]|个)(?:[红白黄灰平小大]?色?(?:平|楼|瓦)?[楼房]子?)?"
    rf"|[一-鿿]{{0,6}}?(?:[铺店室部馆厂行社屋]|[平楼瓦]房))?"
    rf"(?:[{_ONE}0-9]{{1,2}}(?:楼|层|单元|号楼?)(?:[0-9]{{3,4}})?|楼上(?:[0-9]{{3,4}})?|(?<=[楼房子])的?[0-9]{{3,4}}"
    rf"|第[{_ONE}0-9]{{1,2}}[家户间栋排个][一-鿿]{{0,4}}?[房屋铺店门]?)"
    rf"){_END}"
    rf"|(?P<head>[村屯庄街巷路胡][同]?(?:子)?[口东西南北头尾中里]{{1,2}}(?:往[东西南北里](?:走)?)"
    rf"?)第[{_ONE}0-9]{{1,2}}[家户间栋个](?:门|房子?)?{_END}"
)
"""`派出所斜对面那栋5楼`, `村东头第三户`: told by what stands beside it.

Misses it in the middle of a clause.
"""

PARKED_AT: Final = re.compile(
    r"(?:P[0-9]{1,2})?(?:停车[场楼库]|车库|地库)[ ,，]?"
    f"(?:[Bb负-]?[0-9]{{1,2}}|[{_ONE}])[层楼FfMm]?[ ,，的]?(?:[A-Z][0-9]{{0,4}}(?:区|排"
    f"|柱子?)?|[东南西北]区)(?:[0-9]{{1,4}}号?)?(?![0-9A-Za-z])"
)
"""`虹桥P9停车场3层D区`: where a car stands."""

FLOOR_ROOM: Final = re.compile(
    r"(?<![0-9A-Za-z.])(?P<floor>[1-9][0-9]?)(?:楼|层|[Ff])[ ,，]?"
    r"(?:(?:出?电梯)?[一-鿿]{0,2}[左右](?:拐|转|手边?)|出电梯"
    r"|走到头)?[ ,，]?(?P=floor)[0-9]{2}(?:室|号)?(?=\Z|[ \n,，。;；!！~、]|就|找|等|取|拿|的|来"
    r"|上来|[是有]人|门)"
    r"|(?<![一-鿿])[东西南北中][边]?户[ ,，]?[0-9]{3,4}(?![0-9元块])"
    r"|(?:门牌号?(?:码)?|房号|房间号)(?:是|[ :]){0,2}(?P<plate>[A-Z]?[0-9]{1,3}号(?![线])"
    "|[A-Z]?[0-9]{3,4}(?![0-9元块年个#]|[ ,，]?(?:已经?|退|满|没了|不)|[ ,，]{0,2}(?:快进|速"
    "|上号|来?开黑|[一二三四五]?缺"
    r"|进来|密码|排)))"
    r"|(?:我家|咱家|他家|她家|对门)(?:就?是|在|住"
    r"|:)?(?P<home>[1-9][0-9]{0,1}0[1-9])(?=\Z|[ \n,，。!~]|室|的)"
)
"""A room whose number begins with its floor, `8楼801`; `门牌号是57号`; `我家601`."""

POINT: Final = re.compile(
    r"(?:(?<![一-鿿])(?:小区)?[东南西北正后][0-9]?门|(?:[0-9]{1,3}|[A-Z])(?:号楼|[栋幢座单]元?)"
    r"|物业)"
    r"(?:楼?下|架空层|门口|大厅|一楼|旁边?)?的?"
    r"(?:菜鸟(?:驿站)?|驿站|丰巢(?:快递)?柜?|快递[柜架点]|自提柜|保安[室亭]|门卫室?|鞋柜|信箱|奶箱)"
)
"""Where a parcel is left, by a gate or a house whose estate both know."""

NAMED_DASHED: Final = re.compile(
    r"(?P<name>[一-鿿]{3,10})(?P<number>[0-9]{1,3}-[1-9]-[0-9]{3,4}"
    r"|[0-9]{1,2}-[0-9]{1,2}-[0-9]{3,4})(?![0-9A-Za-z.:-]| ?(?:元|块|分|比))"
    r"|(?P<called>[一-鿿]{3,10})(?P<pair>(?:[A-Z]|[0-9]{1,2})-[1-9][0-9]{2,3})(?=\Z|[ \n,，。!~])"
)
_NO_NAME: Final = re.compile(
    "货架|快递|[架编序型货批款档]号|比分|尺寸|型号|价格|大概|差不多|范围|编号|单号|订单|电话|手机|版本|日期|时间"
    "|[的是了在有与和]$|阵型|比$|比赛|第$|分$|[以约近]|预算|股票|码$|[输按]$"
)
_ESTATE_ENDS: Final = re.compile(
    ".*(?:[苑轩阁邸郡湾城庭园府居坊寓岸墅院堡洲岛山庄里厦]|国际|天地|首府|小镇|家属楼|绿洲"
    "|[白青]露|水岸|花都|世家)$"
)
_LED: Final = re.compile("(?:[住寄送到在是写填发:：]|地址|外卖|快递) ?$")

ROOM_LETTERS: Final = (
    "0-9A-Z酒宾旅客银海民青招饭度全如家汉亚希万喜维锦七桔橘洲香凯皇丽格城速布莫漫君威宜诺美秋尚怡星瑞艾华"
    "柏假英逸欢你病住科市商广装材贸发具纺鞋茶灯包金品会天街步夜早菜购百电大吾龙车地停负对旁隔后前边东西南北往村屯"
    "庄巷路同子中房间门楼栋幢座元层业"
)
"""What the branches of `ROOM_TRIGGER` begin with."""

ROOM_TRIGGER: Final = (
    f"(?=[{ROOM_LETTERS}])(?:"
    rf"(?:酒店|宾馆|旅[馆社]|客栈|民宿|青旅|招待所|饭店|度假村|{_CHAIN})[^\n]{{0,24}}[0-9]{{3}}"
    rf"|(?:酒店|宾馆|饭店|度假村|会所|酒楼|{_CHAIN})[ ,，]?{_STOREY}"
    r"|[0-9]号?(?:病?床|病[房室])|(?:病[房区室]|住院|科)[^\n]{0,12}[0-9]"
    rf"|{_MARKET}[^\n]{{0,12}}(?:[0-9]|第)|(?:车位|车库|地库|停车场|负[一二三])[^\n]{{0,6}}[0-9]"
    r"|[0-9]号?(?:停?车位|泊位)"
    r"|(?:对[面过]|旁边?|隔壁|[后前边东西南北][面边上侧头]"
    r"|往[东西南北])[^\n]{0,14}[0-9一二三四五六七八九楼]"
    r"|[村屯庄街巷路同子][口东西南北头尾中里往]{1,3}[^\n]{0,3}第"
    r"|[0-9](?:楼|层|[Ff])[^\n]{0,8}[0-9]{3}|[东西南北中]边?户[ ,，]?[0-9]"
    r"|房?[间门][牌号][^\n]{0,3}[0-9]|(?:家|对门|楼[上下])[是在住:就]{0,2}[0-9]{3}"
    r"|[门楼栋幢座元层业][^\n]{0,5}(?:菜鸟|驿站|丰巢|快递|自提|保安|门卫)"
    r"|[门楼][^\n]{0,5}(?:鞋柜|信箱|奶箱)"
    r"|(?<=[一-鿿])(?:[0-9A-Z]{1,3}-[0-9]{3}|[0-9]{1,3}-[0-9]{1,2}-[0-9]{3}))"
)
"""Without it there is nothing here to find."""

_TRIGGER: Final = re.compile(ROOM_TRIGGER)
_NAMELESS: Final = re.compile("酒店|会所|酒楼|饭店|[宾旅]馆|旅社|客栈|民宿|青旅|招待所|度假村")
_ROUND: Final = re.compile("[0-9]+00")


def rooms(text: str) -> Iterator[Hit]:
    """Yield the places of a simplified text that are told without a street."""
    if _TRIGGER.search(text) is None:
        return
    yield from _hotels(text)
    for pattern in (BED, STALL):
        for match in pattern.finditer(text):
            yield Hit(_name(text, match.start()), match.end(), 0.6, WHY_ADDRESS_ROOM)
    yield from _parked(text)
    for match in PARKED_AT.finditer(text):
        start = _name(text, match.start())
        if start < match.start():
            yield Hit(start, match.end(), 0.55, WHY_ADDRESS_ROOM)
    for match in BESIDE.finditer(text):
        yield Hit(_name(text, match.start()), match.end(), 0.55, WHY_ADDRESS)
    for match in FLOOR_ROOM.finditer(text):
        kind = match.lastgroup
        start, end = match.span(kind if kind in ("plate", "home") else 0)
        yield Hit(start, end, 0.55, WHY_ADDRESS_ROOM)
    for match in POINT.finditer(text):
        yield Hit(*match.span(), 0.5, WHY_ADDRESS_PICKUP)
    yield from _dashed(text)


def _hotels(text: str) -> Iterator[Hit]:
    for match in HOTEL.finditer(text):
        start = _name(text, match.start())
        if start == match.start() and _NAMELESS.fullmatch(match["kind"]):
            continue
        sure = match["label"] or match["room_word"]
        if sure or (not _ROUND.fullmatch(match["room"]) and _ends(text, match.end())):
            yield Hit(start, match.end(), 0.6, WHY_ADDRESS_ROOM)
    for match in HALL.finditer(text):
        start = _name(text, match.start())
        if start < match.start() or not _NAMELESS.fullmatch(match["kind"]):
            yield Hit(start, match.end(), 0.6, WHY_ADDRESS_ROOM)


def _parked(text: str) -> Iterator[Hit]:
    for match in PARKED.finditer(text):
        garage, level, word = match["garage"], match["level"], match["word"]
        near = "车位" in text[max(0, match.start() - 6) : match.start()] or garage
        if word and (garage or level or match["zone"] or match["place"][0].isalpha()):
            pass
        elif not (near and (level or match["zone"]) and _ends(text, match.end())):
            continue
        start = _name(text, match.start()) if garage else match.start()
        yield Hit(start, match.end(), 0.55, WHY_ADDRESS_ROOM)


def _dashed(text: str) -> Iterator[Hit]:
    for match in NAMED_DASHED.finditer(text):
        at = match.start("number") if match["number"] else match.start("pair")
        start = _name(text, at)
        name = text[start:at]
        if len(name) < 3 or _NO_NAME.search(name):  # noqa: PLR2004  (shorter ones are words)
            continue
        led = start and _LED.search(text, max(0, start - 4), start)
        if match["number"] or led or _ESTATE_ENDS.match(name):
            yield Hit(start, match.end(), 0.55, WHY_ADDRESS)


def _name(text: str, end: int) -> int:
    """Return where the name begins that stands directly before `end`, if one does."""
    return run_start(text, end, 0)


def _ends(text: str, end: int) -> bool:
    return re.match(_END, text[end : end + 3]) is not None
