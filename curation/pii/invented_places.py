"""Invented addresses: the structure and the shape of the numbers stay, every name and number goes.

An address is exchanged piece by piece: the name of an estate is another name wherever it stands,
building 3 another building. So an address told the same way, or only half of it, stays the same
invented place. Kinds of places stay, but for those of which a name is made: of `花园路` the 花园 is
exchanged, and of `Garden Road` the Garden.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final

from curation.pii.drawing import Draw, in_keyed_order
from curation.pii.folding import fold
from curation.pii.name_lists import words
from curation.pii.substrings import Substrings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


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

KINDS: Final = sorted(
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
_LATIN: Final = "A-Za-zÀ-ɏḀ-ỿＡ-Ｚａ-ｚ"
_PIECE: Final = re.compile(
    rf"(?P<digits>[0-9０-９]+)|(?P<latin>[{_LATIN}]+)|(?P<numerals>{_COUNTED})"
    rf"|(?P<known>(?:{'|'.join(_KNOWN)}))(?=[㐀-鿿])"
    rf"|(?P<name>[㐀-鿿]*?)(?P<kind>{'|'.join(KINDS)})"
    r"|(?P<rest>[㐀-鿿]+)"
)
_AREA_KINDS: Final = frozenset(
    words("省 市 区 县 旗 镇 乡 自治区 特别行政区 自治州 自治县 區 縣 鄉 鎮")
)
_PARTS: Final = frozenset(
    words(
        "号院 号楼 号线 单元 號樓 單元 东门 西门 南门 北门 正门 后门 门 口 号 栋 幢 座 楼 层 室 房 "
        "组 队 號 樓 棟 層 期 段 丰巢 快递柜 自提点 驿站"
    )
)
"""Kinds that are parts of a place that has a name, or that has a number, before them."""
_KEPT: Final = frozenset(
    words("丁 上 下 与 丙 之 乙 交叉口 内 和 外 对面 旁 旁边 楼下 甲 的 第 近 门口 附 附近")
)
_DIRECTIONS: Final = "东南西北"
_HEADS: Final = "云青松竹梅兰桂枫桐柳荷莲溪泉石玉金银翠碧清明星月晨晓安宁和平乐康瑞祥锦绣文景秀丹"
_TAILS: Final = "溪泉湖岭峰岩滨汀洲渚浦津渡桥亭台榭坞坪源谷原野林桐杉樟榆槐梓柏枫荷芷蘅岚霖露曦晖"
_WORDS: Final = words(
    "Alder Amber Aspen Bayview Beacon Birch Bramble Brook Cedar Cherry Clover Coral Cypress "
    "Dove Elm Falcon Fern Foxglove Glen Hawthorn Hazel Heather Heron Holly Ivy Jasmine Juniper "
    "Kestrel Lantern Larch Laurel Lavender Lilac Linden Lotus Magnolia Maple Marigold Meadow "
    "Mulberry Myrtle Oakwood Olive Orchid Osprey Pebble Pine Poplar Primrose Quarry Reed Ridge "
    "Rowan Saffron Sage Silverleaf Sparrow Spruce Swallow Tamarind Thistle Thyme Violet Walnut "
    "Willow Wisteria Wren Yarrow"
)
"""Words that invented addresses in Latin letters are made of."""
_LATIN_KINDS: Final = frozenset(
    words(
        "apartment apartments apt avenue ave block blk boulevard blvd building bldg centre center "
        "circuit close court ct crescent drive dr estate floor flat fl gardens garden gate grove "
        "heights hotel house lane level lodge loft mansion mansions mall mews park path phase "
        "place plaza po box rd residence residences road rm room row shop soho south sq square "
        "st station street suite terrace tower towers unit villa villas village way west east "
        "north no nos and of the near opposite behind beside in at by to"
    )
)
_ONLY_JOINING: Final = frozenset(words("and of the near opposite behind beside in at by to"))
_ENDINGS: Final = {
    **dict.fromkeys(words("st nd rd th"), re.compile("[0-9０-９]$")),
    "f": re.compile("[0-9０-９][/／]?$"),
    "s": re.compile("['’]$"),
}
"""What is no word of its own, by what stands before it: `5th`, `12/F`, `Mary's`."""
_WORD_RUN: Final = re.compile(rf"[{_LATIN}]+(?:['’.]? ?[{_LATIN}]+)*")
_ONE_WORD: Final = re.compile(f"[{_LATIN}]+")
_INITIALS: Final = 3
_FIRST_WIDE: Final = "！"
_LETTERS: Final = ("ABCDEFGH", "IJKLMNOPQRSTUVWXYZ")
"""Letters of buildings and rooms, and the others."""
_LONGEST_EXCHANGED: Final = 4
_ATTEMPTS: Final = 40
_PAIR: Final = 2
_WIDE: Final = 0xFEE0


class _Chain:
    """Kinds of places that follow one another; where they have no name, they are one.

    The first ones stay that are among `before`: a number, a city or a name that stands before them
    has them for its own kind. So do parts of a place at the end, and the last kind before those.
    """

    def __init__(self, before: frozenset[str] = frozenset()) -> None:
        self._before = before
        self._kinds: list[str] = []

    def goes_on(self, name: str, kind: str, invent: Callable[[str, str], str]) -> Iterator[str]:
        """Yield what is decided of a chain that goes on with a kind, and a name if it has one."""
        if not name:
            self._kinds.append(kind)
            if kind in _AREA_KINDS and len(self._leading()[1]) > 1:
                yield from self.end(invent)
            return
        kept, rest = self._leading()
        if kind and rest and len(rest[-1]) == 1 and rest[-1] not in _AREA_KINDS:
            # `门头沟区`, `城关镇`: it begins with what is a kind elsewhere.
            yield from kept
            name = "".join(rest) + name
            self._kinds.clear()
        else:
            yield from self.end(invent)
        yield invent(name, kind) + kind
        self._before = _PARTS if kind not in _AREA_KINDS else frozenset()

    def end(self, invent: Callable[[str, str], str]) -> Iterator[str]:
        """Yield the chain as it stands in the invented address; it begins anew."""
        kept, rest = self._leading()
        size = len(rest)
        while size > 1 and rest[size - 1] in _PARTS:
            size -= 1
        yield from kept
        if size > 1:
            yield invent("".join(rest[: size - 1]), rest[size - 1])
            yield from rest[size - 1 :]
        else:
            yield from rest
        self._kinds.clear()
        self._before = frozenset()

    def _leading(self) -> tuple[list[str], list[str]]:
        size = 0
        while size < len(self._kinds) and self._kinds[size] in self._before:
            size += 1
        return self._kinds[:size], self._kinds[size:]


def _latin_kept(address: str) -> set[int]:
    """Return where words in Latin letters stand that are kinds of places and stay.

    In `Garden Road` only the last one does, in `Flat 5, Maple Garden` both do.
    """
    kept: set[int] = set()
    for run in _WORD_RUN.finditer(address):
        named = False
        found = list(_ONE_WORD.finditer(address, run.start(), run.end()))
        for place, word in enumerate(found):
            told = fold(word[0]).lower()
            before = address[max(0, word.start() - len("0/")) : word.start()]
            ending = _ENDINGS.get(told)
            is_last = place == len(found) - 1 or len(found[place + 1][0]) == 1
            if (ending is not None and ending.search(before)) or (
                told in _LATIN_KINDS and (is_last or named or told in _ONLY_JOINING)
            ):
                kept.add(word.start())
            else:
                named = True
    return kept


class Places:
    """Invents addresses for one workspace; `real` are the addresses that are known there."""

    def __init__(self, secret: bytes, real: Iterable[str]) -> None:
        self._secret = secret
        self._real = frozenset(_plain(each) for each in real)
        self._held = Substrings(self._real, _PAIR)
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
            made = self._made(surface, attempt)
            plain = _plain(made)
            if plain == source or plain in self._real:
                continue
            if self._issued.setdefault(plain, source) == source:
                result = made
                break
        self._exchanged[surface] = result
        return result

    def _made(self, surface: str, attempt: int) -> str:
        made: list[str] = []
        chain = _Chain()
        reached = 0
        words = _latin_kept(surface)

        def name(text: str, before: str) -> str:
            return self._name(text, attempt, before)

        for piece in _PIECE.finditer(surface):
            if piece.start() > reached:
                made += (*chain.end(name), surface[reached : piece.start()])
            reached = piece.end()
            if piece.lastgroup == "kind":
                made += chain.goes_on(piece["name"], piece["kind"], name)
                continue
            if piece.lastgroup == "rest":
                made += chain.goes_on(piece[0], "", name)
                continue
            made += chain.end(name)
            match piece.lastgroup:
                case "digits":
                    made.append(self._number(piece[0], attempt))
                    chain = _Chain(_PARTS)
                case "latin":
                    kept = piece.start() in words
                    made.append(piece[0] if kept else self._latin(piece[0], attempt))
                    chain = _Chain(_PARTS)
                case "numerals":
                    made.append(self._numerals(piece[0], attempt))
                    chain = _Chain(_PARTS)
                case _:
                    made.append(self._known(piece[0], attempt))
                    chain = _Chain(_AREA_KINDS)
        return "".join([*made, *chain.end(name), surface[reached:]])

    def _known(self, name: str, attempt: int) -> str:
        group = next((each for each in _GROUPS if name in each), None)
        if group is not None:
            return _round_of(self._secret, "area", group)[name]
        return self._invented(name, attempt)

    def _name(self, name: str, attempt: int, before: str) -> str:
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
                return self._known(known, attempt) + self._name(rest, attempt, "")
        return self._invented(name, attempt)

    def _invented(self, name: str, attempt: int) -> str:
        made = name
        for salt in range(_ATTEMPTS):
            draw = Draw(self._secret, "place", name, str(attempt), str(salt))
            made = ""
            while len(made) < len(name):
                made += draw.one_of(_HEADS)
                made += draw.one_of(_TAILS) if len(made) < len(name) else ""
            if made not in self._held and not set(made) & set(name):
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
        """Return another word of its letter case, or other letters for one, or for initials."""
        plain = fold(written)
        if len(plain) == 1:
            group = next((each for each in _LETTERS if plain.upper() in each), _LETTERS[0])
            letters = _round_of(self._secret, f"letters {attempt}", tuple(group))
            made = letters.get(plain.upper(), group[0])
        elif len(plain) <= _INITIALS and plain.isupper():
            draw = Draw(self._secret, "initials", plain, str(attempt))
            made = "".join(draw.one_of("".join(_LETTERS).replace(each, "")) for each in plain)
        else:
            draw = Draw(self._secret, "word", plain.lower(), str(attempt))
            made = draw.one_of([each for each in _WORDS if each.lower() != plain.lower()])
        made = made.upper() if plain.isupper() else made
        made = made.lower() if plain.islower() else made
        if written[0] < _FIRST_WIDE:
            return made
        return "".join(chr(ord(letter) + _WIDE) for letter in made)

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
