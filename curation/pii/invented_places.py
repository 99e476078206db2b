"""Invented addresses: the structure and the shape of the numbers stay, every name and number goes.

An address is exchanged piece by piece: the name of an estate is another name wherever it stands,
building 3 another building. So an address told the same way, or only half of it, stays the same
invented place.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from itertools import chain
from typing import TYPE_CHECKING, Final

from curation.pii.drawing import Draw, in_keyed_order
from curation.pii.name_lists import words

if TYPE_CHECKING:
    from collections.abc import Iterable


PROVINCES: Final = words(
    "河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 "
    "贵州 云南 陕西 甘肃 青海 台湾"
)
REGIONS: Final = ("内蒙古", "广西", "西藏", "宁夏", "新疆")
MUNICIPALITIES: Final = ("北京", "上海", "天津", "重庆")
ISLANDS: Final = ("香港", "澳门")
CITIES: Final = words(
    "杭州 南京 苏州 无锡 宁波 温州 合肥 福州 厦门 泉州 南昌 济南 青岛 烟台 郑州 洛阳 武汉 长沙 "
    "广州 深圳 珠海 佛山 东莞 中山 惠州 汕头 南宁 桂林 海口 三亚 成都 绵阳 贵阳 遵义 昆明 大理 "
    "西安 兰州 西宁 银川 拉萨 太原 石家庄 唐山 保定 沈阳 大连 长春 哈尔滨 呼和浩特 乌鲁木齐 "
    "台北 高雄 台中 台南 新北 桃园 徐州 常州 南通 扬州 镇江 嘉兴 湖州 绍兴 金华 台州 芜湖 赣州 "
    "九江 潍坊"
)
"""Cities that people name without 市. Misses smaller ones, which are then part of the next name."""

_GROUPS: Final = (PROVINCES, REGIONS, MUNICIPALITIES, ISLANDS)
"""Names that go round among their like, so that 省 and 自治区 still fit."""
_AREAS: Final = frozenset(chain(*_GROUPS))
_KNOWN: Final = (*chain(*_GROUPS), *CITIES)

_KINDS: Final = sorted(
    words(
        "维吾尔自治区 特别行政区 壮族自治区 回族自治区 自治区 自治州 自治县 自治旗 开发区 "
        "高新区 工业区 家属院 写字楼 工业园 产业园 科技园 创业园 软件园 科技城 快递柜 自提点 "
        "地铁站 街道 新区 大道 大街 东路 西路 南路 北路 中路 东街 西街 南街 北街 胡同 小区 "
        "社区 花园 家园 公寓 新村 花苑 山庄 别墅 公馆 名邸 嘉园 雅园 佳园 名城 新城 华庭 豪庭 "
        "屋苑 宿舍 大院 大厦 广场 大楼 中心 商城 商场 酒店 医院 大学 学院 中学 小学 学校 校区 "
        "校园 园区 驿站 丰巢 车站 号院 号楼 号线 单元 號樓 單元 廣場 大廈 花園 东门 西门 南门 "
        "北门 正门 后门 省 市 区 县 旗 镇 乡 路 街 巷 弄 道 里 苑 园 庭 府 邸 轩 阁 湾 城 邨 "
        "村 屯 庄 寨 店 站 号 栋 幢 座 楼 层 室 房 组 队 號 樓 區 縣 鄉 鎮 棟 層 莊 社 期 段 "
        "舍 斋 门 口"
    ),
    key=len,
    reverse=True,
)
"""The kinds of places and parts, which stay; longer ones first."""

_NUMERAL: Final = "一二三四五六七八九"
_COUNTED: Final = (
    rf"[{_NUMERAL}十百零〇两]{{1,5}}"
    r"(?=[号號]|栋|棟|幢|座|单元|层|[楼樓]|室|组|队|社|弄|巷|期|区|段|村|门)"
)
_PIECE: Final = re.compile(
    rf"(?P<digits>[0-9０-９]+)|(?P<latin>[A-Za-zＡ-Ｚａ-ｚ]+)|(?P<numerals>{_COUNTED})"
    rf"|(?P<known>(?:{'|'.join(_KNOWN)}))(?=[㐀-鿿])"
    rf"|(?P<name>[㐀-鿿]*?)(?P<kind>{'|'.join(_KINDS)})"
    r"|(?P<rest>[㐀-鿿]+)"
)
_KEPT: Final = frozenset(
    words("丁 上 下 与 丙 之 乙 交叉口 内 和 外 对面 旁 旁边 楼下 甲 的 第 近 门口 附 附近")
)
_DIRECTIONS: Final = "东南西北"
_HEADS: Final = "云青松竹梅兰桂枫桐柳荷莲溪泉石玉金银翠碧清明星月晨晓安宁和平乐康瑞祥锦绣文景秀丹"
_TAILS: Final = "溪泉湖岭峰岩滨汀洲渚浦津渡桥亭台榭坞坪源谷原野林桐杉樟榆槐梓柏枫荷芷蘅岚霖露曦晖"
_LETTERS: Final = ("ABCDEFGH", "IJKLMNOPQRSTUVWXYZ")
_LONGEST_EXCHANGED: Final = 4
_ATTEMPTS: Final = 40
_WIDE: Final = 0xFEE0


class Places:
    """Invents addresses for one workspace; `real` are the addresses that are known there."""

    def __init__(self, secret: bytes, real: Iterable[str]) -> None:
        self._secret = secret
        self._real = frozenset(_plain(each) for each in real)
        self._blob = "\n".join(sorted(self._real))
        self._exchanged: dict[str, str | None] = {}
        self._issued: dict[str, str] = {}
        self._known_done = False

    def invent(self, surface: str) -> str | None:
        """Return an invented address in the form of `surface`, None where nothing would change."""
        if not self._known_done:
            self._known_done = True
            for address in in_keyed_order(self._secret, "addresses", self._real):
                self._assigned(address)
        return self._assigned(surface)

    def _assigned(self, surface: str) -> str | None:
        if surface in self._exchanged:
            return self._exchanged[surface]
        source = _plain(surface)
        result = None
        for attempt in range(_ATTEMPTS):
            made = _PIECE.sub(partial(self._piece, attempt=attempt), surface)
            plain = _plain(made)
            if plain == source or plain in self._real:
                continue
            if self._issued.setdefault(plain, source) == source:
                result = made
                break
        self._exchanged[surface] = result
        return result

    def _piece(self, piece: re.Match[str], attempt: int) -> str:
        match piece.lastgroup:
            case "digits":
                return self._number(piece[0], attempt)
            case "latin":
                return self._latin(piece[0], attempt)
            case "numerals":
                return self._numerals(piece[0], attempt)
            case "known":
                return self._known(piece[0], attempt)
            case "kind":
                return self._name(piece["name"], attempt, before=piece["kind"]) + piece["kind"]
            case _:
                return self._name(piece[0], attempt)

    def _known(self, name: str, attempt: int) -> str:
        group = next((each for each in _GROUPS if name in each), None)
        if group is not None:
            return _round_of(self._secret, "area", group)[name]
        return self._invented(name, attempt)

    def _name(self, name: str, attempt: int, before: str = "") -> str:
        """Return an invented name of the same length; directions go round among themselves."""
        if name in _KEPT or not name:
            return name
        if name in _AREAS:
            return self._known(name, attempt)
        if name in _DIRECTIONS:
            return _round_of(self._secret, f"direction {attempt}", tuple(_DIRECTIONS))[name]
        for known in _KNOWN:
            if len(name) > len(known) and name.startswith(known) and before not in ("路", "街"):
                rest = name.removeprefix(known)
                return self._known(known, attempt) + self._name(rest, attempt)
        return self._invented(name, attempt)

    def _invented(self, name: str, attempt: int) -> str:
        made = name
        for salt in range(_ATTEMPTS):
            draw = Draw(self._secret, "place", name, str(attempt), str(salt))
            made = ""
            while len(made) < len(name):
                made += draw.one_of(_HEADS)
                made += draw.one_of(_TAILS) if len(made) < len(name) else ""
            if made not in self._blob and made != name:
                break
        return made

    def _number(self, written: str, attempt: int) -> str:
        # A number may have digits of either width; each keeps its own.
        shifts = [_WIDE if digit > "9" else 0 for digit in written]
        plain = "".join(
            chr(ord(digit) - shift) for digit, shift in zip(written, shifts, strict=True)
        )
        if len(plain) <= _LONGEST_EXCHANGED and plain[0] != "0":
            numbers = _numbers(self._secret, len(plain), attempt)
            made = numbers[plain]
        else:
            draw = Draw(self._secret, "place number", plain, str(attempt))
            first = "0" if plain[0] == "0" else draw.one_of("123456789")
            made = first + draw.digits(len(plain) - 1)
        return "".join(chr(ord(digit) + shift) for digit, shift in zip(made, shifts, strict=True))

    def _latin(self, written: str, attempt: int) -> str:
        made: list[str] = []
        for letter in written:
            wide = letter > "z"
            plain = chr(ord(letter) - _WIDE) if wide else letter
            group = next(each for each in _LETTERS if plain.upper() in each)
            other = _round_of(self._secret, f"letters {attempt}", tuple(group))[plain.upper()]
            cased = other if plain.isupper() else other.lower()
            made.append(chr(ord(cased) + _WIDE) if wide else cased)
        return "".join(made)

    def _numerals(self, written: str, attempt: int) -> str:
        exchange = _round_of(self._secret, f"numerals {attempt}", tuple(_NUMERAL))
        if not any(letter in exchange for letter in written):
            return exchange["一"]  # `十` alone
        return "".join(exchange.get(letter, letter) for letter in written)


@lru_cache(maxsize=64)
def _round_of(secret: bytes, label: str, items: tuple[str, ...]) -> dict[str, str]:
    """Return an exchange in which every item becomes another one."""
    order = in_keyed_order(secret, label, items)
    return dict(zip(order, [*order[1:], order[0]], strict=True))


@lru_cache(maxsize=32)
def _numbers(secret: bytes, length: int, attempt: int) -> dict[str, str]:
    """Return an exchange of all numbers of so many digits."""
    low = 10 ** (length - 1)
    return _round_of(secret, f"numbers {attempt}", tuple(str(n) for n in range(low, 10 * low)))


def _plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
