"""The administrative divisions of China: where their names stand in a text."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILE: Final = Path(__file__).parent / "data" / "divisions.txt"

_TRADITIONAL: Final = (
    "乾亞來侖個們倫偉傢僕儀兒兗內兩冊凱別則剋剛劍務勝勢勸勻匯區厤叢吳呂員啓啟單嗎國圍園圖團垻堯場"
    "塗塹墟墰墻墾壇壘壜壢壩壯壺壽夢夾婁孫學宮寧審寬寶將尋對層岡峯島峽崍崗嵐嶗嶧嶺嶼嶽巒巖師帶幹庫"
    "廂廈廕廟廠廣廬廳張強彌彙彥彿後徑從復徵恆愛慶憑應懞懷戶揚撫於旂晉曏會東棗棟棲楊業極榮樁樂樅樓"
    "樸樹樺橋橫檯權欒欽歸沒沖涇涼淩淶渦渾湯準溝溫溮滄滙滿漢漣漵潁潛潤潯澗澠澤澱濃濛濟濰濱瀋瀏瀘瀰"
    "瀾灘灣灤為烏無煙煩燈營爐爲爾牆猶獅獨獲獻琿瑤瑪環瓊甌甦甯畢當疇疊監盤盧矇硯碩碭確礎礦祿禪禮稱"
    "穀積穫窪競節範簡籬糧紅納紮細紹組結給絳綏經綠綫維網綿緑線縉縣績織罈羅義習聖聞聯聶肅脩脫腳膠臘"
    "臥臨臺與興舊舖舘荊莊華萊萬葉著蒼蓋蓮蕪蕭薊薑薩藍藺蘄蘆蘇蘊蘭蘺蘿號衖衚衛衝裏裡複覺觀託訥許詔"
    "誌說誼調請諸諾謀謙謝謨譙譜讓讚豐貝貞貢貴費賀資賈賓賚賢賽贊贛趙車軍軒載輝輪輿農迴這連週進遊運"
    "過達遙遜遠遷遼邁還邊郟郵鄆鄉鄒鄖鄧鄭鄰鄲鄴鄺釣鈡鉛鉤銀銅鋒鋪鋼錢錦錫錯鍋鎭鎮鏡鐘鐵鑲鑼長門開"
    "間閔閘閣閩閬閶閻闆關陘陝陰陳陸陽隊隨隴雙雜雞離雲電霑霧靈靜鞏韓響頂項順頗頭額類風颱餘館饒馬駐"
    "騰驊驗驛鬥鬱魚魯鮁鮮鯉鳥鳩鳳鳴鴨鶯鶴鷹鹹鹼鹽麗麥麴黃點黨齊龍龜"
)
_SIMPLIFIED: Final = (
    "干亚来仑个们伦伟家仆仪儿兖内两册凯别则克刚剑务胜势劝匀汇区历丛吴吕员启启单吗国围园图团坝尧场"
    "涂堑墟坛墙垦坛垒坛坜坝壮壶寿梦夹娄孙学宫宁审宽宝将寻对层冈峰岛峡崃岗岚崂峄岭屿岳峦岩师带干库"
    "厢厦荫庙厂广庐厅张强弥汇彦佛后径从复征恒爱庆凭应蒙怀户扬抚于旗晋向会东枣栋栖杨业极荣桩乐枞楼"
    "朴树桦桥横台权栾钦归没冲泾凉凌涞涡浑汤准沟温浉沧汇满汉涟溆颍潜润浔涧渑泽淀浓蒙济潍滨沈浏泸弥"
    "澜滩湾滦为乌无烟烦灯营炉为尔墙犹狮独获献珲瑶玛环琼瓯苏宁毕当畴叠监盘卢蒙砚硕砀确础矿禄禅礼称"
    "谷积获洼竞节范简篱粮红纳扎细绍组结给绛绥经绿线维网绵绿线缙县绩织坛罗义习圣闻联聂肃修脱脚胶腊"
    "卧临台与兴旧铺馆荆庄华莱万叶着苍盖莲芜萧蓟姜萨蓝蔺蕲芦苏蕴兰篱萝号巷胡卫冲里里复觉观托讷许诏"
    "志说谊调请诸诺谋谦谢谟谯谱让赞丰贝贞贡贵费贺资贾宾赉贤赛赞赣赵车军轩载辉轮舆农回这连周进游运"
    "过达遥逊远迁辽迈还边郏邮郓乡邹郧邓郑邻郸邺邝钓钟铅钩银铜锋铺钢钱锦锡错锅镇镇镜钟铁镶锣长门开"
    "间闵闸阁闽阆阊阎板关陉陕阴陈陆阳队随陇双杂鸡离云电沾雾灵静巩韩响顶项顺颇头额类风台余馆饶马驻"
    "腾骅验驿斗郁鱼鲁鲅鲜鲤鸟鸠凤鸣鸭莺鹤鹰咸碱盐丽麦曲黄点党齐龙龟"
)
_SIMPLER: Final = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
"""Traditional letters of divisions' names, of kinds of places and of the words around them."""

_PEOPLES: Final = (
    "蒙古族? 回族 藏族 维吾尔族? 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 哈尼族 "
    "哈萨克族? 傣族 黎族 傈僳族 佤族 畲族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜族? 土族 "
    "达斡尔族 仫佬族 羌族 布朗族 撒拉族 毛南族 仡佬族 锡伯族? 普米族 塔吉克族? 怒族 鄂温克族 "
    "德昂族 保安族 裕固族 独龙族 各族"
)
_PEOPLE: Final = re.compile(f"(?:{'|'.join(_PEOPLES.split())})+(?=自治)")
_KIND: Final = re.compile(
    "(?:特别行政区|自治[区州县旗]|地区|林区|特区|新区|[左右前中后]旗|[省市区县盟旗])$"
)
_COLLOQUIAL: Final = re.compile("自治(?=[州县旗]$)")
_ORDINARY: Final = frozenset(
    [
        "万安",
        "万年",
        "万载",
        "万里",
        "三民",
        "三水",
        "三门",
        "上党",
        "上思",
        "上高",
        "且末",
        "东安",
        "东山",
        "东方",
        "东风",
        "中原",
        "中和",
        "中山",
        "中方",
        "中正",
        "丰满",
        "丹凤",
        "乐业",
        "九龙",
        "二道",
        "互助",
        "仁和",
        "仁爱",
        "会同",
        "余干",
        "信义",
        "元宝",
        "元阳",
        "光明",
        "光泽",
        "八里",
        "公安",
        "共和",
        "兴业",
        "凤凰",
        "前进",
        "前锋",
        "北关",
        "北塔",
        "北门",
        "南关",
        "南海",
        "南部",
        "博爱",
        "即墨",
        "原平",
        "友好",
        "友谊",
        "双塔",
        "双桥",
        "古塔",
        "古田",
        "台前",
        "合作",
        "合水",
        "同仁",
        "同心",
        "名山",
        "向阳",
        "和平",
        "和顺",
        "响水",
        "四会",
        "团风",
        "城中",
        "城关",
        "城北",
        "复兴",
        "大丰",
        "大兴",
        "大内",
        "大冶",
        "大化",
        "大厂",
        "大同",
        "大名",
        "大园",
        "大堂",
        "大安",
        "大方",
        "大树",
        "大洼",
        "大社",
        "大祥",
        "大竹",
        "大观",
        "大足",
        "大通",
        "大里",
        "天元",
        "天台",
        "天峨",
        "天府",
        "天心",
        "天柱",
        "天涯",
        "天长",
        "太保",
        "太和",
        "太白",
        "威信",
        "孝义",
        "宁远",
        "安化",
        "安定",
        "安居",
        "安平",
        "安康",
        "宏伟",
        "宝塔",
        "富民",
        "富源",
        "富裕",
        "富顺",
        "将军",
        "小金",
        "山上",
        "崇信",
        "工农",
        "平凉",
        "平原",
        "平和",
        "平安",
        "平定",
        "平度",
        "平房",
        "平顺",
        "广场",
        "应城",
        "康乐",
        "延长",
        "建华",
        "开发",
        "开远",
        "当阳",
        "惠民",
        "振兴",
        "政和",
        "文化",
        "文山",
        "文峰",
        "文昌",
        "新会",
        "新兴",
        "新区",
        "新华",
        "新城",
        "新建",
        "新星",
        "新源",
        "新龙",
        "方正",
        "无为",
        "明光",
        "昔阳",
        "普兰",
        "普安",
        "望都",
        "桃源",
        "桥头",
        "梁山",
        "梅花",
        "正安",
        "正定",
        "武功",
        "武夷",
        "比如",
        "民丰",
        "民乐",
        "民权",
        "水上",
        "水城",
        "永和",
        "永年",
        "永福",
        "永胜",
        "江北",
        "河东",
        "河北",
        "河西",
        "海北",
        "海棠",
        "海海",
        "海港",
        "海湖",
        "淡水",
        "清水",
        "清流",
        "温泉",
        "港口",
        "灯塔",
        "灵台",
        "爱民",
        "界首",
        "白云",
        "白塔",
        "白杨",
        "白水",
        "白玉",
        "石头",
        "石门",
        "石首",
        "石鼓",
        "石龙",
        "秀英",
        "红塔",
        "红旗",
        "红星",
        "老城",
        "芙蓉",
        "莲池",
        "莲花",
        "裕民",
        "西湖",
        "观音",
        "解放",
        "资中",
        "资源",
        "赤壁",
        "赤水",
        "运河",
        "通道",
        "金台",
        "金城",
        "金山",
        "金水",
        "金牛",
        "钟楼",
        "长乐",
        "长子",
        "长安",
        "阳明",
        "阿里",
        "雨山",
        "高台",
        "高密",
        "高平",
        "高明",
        "麒麟",
        "黄平",
        "黑水",
        "龙华",
        "龙泉",
        "龙门",
    ]
)
"""Short names of counties that are words or names of much else, too."""
_COMPASS: Final = frozenset(["新城区", "老城区", "新社区", "大社区"])
"""Districts' full names that most often mean no certain district."""


class Division(NamedTuple):
    """A division's name in a text: half-open span, `kind`, whether it stands in full."""

    start: int
    end: int
    kind: str
    full: bool


def simplify(text: str) -> str:
    """Return the folded `text` with the traditional letters of places simplified, one for one."""
    return text if text.isascii() else text.translate(_SIMPLER)


def divisions(text: str) -> Iterator[Division]:
    """Yield the divisions named in the simplified `text`, the longest at each place, in order.

    `kind` is `province`, `city` or `district`. The first call reads the names from a file.
    """
    first, names, lengths = _names()
    reached = 0
    for match in first.finditer(text):
        start = match.start()
        if start < reached:
            continue
        for length in lengths.get(text[start : start + 2], ()):
            end = start + length
            known = names.get(text[start:end]) if end <= len(text) else None
            if known is None:
                continue
            kind, full = known
            reached = end
            yield Division(start, reached, kind, full)
            break


@lru_cache(maxsize=1)
def _names() -> tuple[re.Pattern[str], dict[str, tuple[str, bool]], dict[str, tuple[int, ...]]]:
    """Return a pattern of first letters, names with kinds, and lengths by first two letters."""
    names: dict[str, tuple[str, bool]] = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        province, city, counties = line.split("\t")
        for kind, listed in (
            ("province" if city else "city", [province]),
            ("city", [city] if city else []),
            ("district", counties.split()),
        ):
            for name in listed:
                _add(names, name, kind)
    lengths: dict[str, set[int]] = {}
    for name in names:
        lengths.setdefault(name[:2], set()).add(len(name))
    first = re.compile(f"[{''.join(sorted({name[0] for name in names}))}]")
    longest_first = {head: tuple(sorted(found, reverse=True)) for head, found in lengths.items()}
    return first, names, longest_first


def _add(names: dict[str, tuple[str, bool]], name: str, kind: str) -> None:
    """Add a division's name in full, as people shorten it, and without its kind."""
    if name not in _COMPASS:
        names.setdefault(name, (kind, _KIND.search(name) is not None))
    plain = name if name.startswith("内蒙古") else _PEOPLE.sub("", name)
    short = _KIND.sub("", plain)
    if len(short) < 2:  # noqa: PLR2004  (`赵县` has no short name)
        return
    if plain != name:
        names.setdefault(_COLLOQUIAL.sub("", plain), (kind, True))
    if kind != "district" or short not in _ORDINARY:
        names.setdefault(short, (kind, False))
