"""The parts an address is made of: place names, kinds of names, numbered parts."""

from __future__ import annotations

import re
from typing import Final

_PROVINCES: Final = (
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 "
    "四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门"
)
_CITIES: Final = (
    "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 "
    "吕梁 呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 "
    "葫芦岛 长春 四平 辽源 通化 白山 松原 白城 哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 牡丹江 绥化 南京 无锡 "
    "徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 "
    "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城 福州 厦门 莆田 三明 泉州 漳州 "
    "南平 龙岩 宁德 南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶 济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 "
    "泰安 威海 日照 临沂 德州 聊城 滨州 菏泽 郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 "
    "信阳 周口 驻马店 武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 长沙 株洲 湘潭 衡阳 邵阳 岳阳 "
    "常德 张家界 益阳 郴州 永州 怀化 娄底 广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 "
    "清远 东莞 中山 潮州 揭阳 云浮 南宁 柳州 桂林 梧州 北海 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左 海口 三亚 儋州 成都 "
    "自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 贵阳 六盘水 遵义 安顺 毕节 "
    "铜仁 昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 大理 拉萨 日喀则 西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛 "
    "兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 西宁 海东 银川 石嘴山 吴忠 固原 中卫 乌鲁木齐 "
    "克拉玛依 吐鲁番 哈密 台北 高雄 台中 台南 新北 桃园 基隆 新竹 嘉义 九龙 新界"
)


def _by_first_character(names: str) -> str:
    """Return one alternation of `names`, so arranged that most characters fail at once."""
    groups: dict[str, list[str]] = {}
    for name in sorted(names.split(), key=len, reverse=True):
        groups.setdefault(name[0], []).append(name[1:])
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in groups.items())


_DIGIT: Final = "0-9零〇一二三四五六七八九十百"
_NUMBER: Final = rf"(?<![第{_DIGIT}])(?:[0-9]{{1,5}}|[零〇一二三四五六七八九十百]{{1,5}})"
_BLOCK: Final = rf"(?:{_NUMBER}|(?<![A-Za-z])[A-Za-z][0-9]{{0,2}}|[甲乙丙丁])"
_NOT_COUNTED: Final = r"(?![0-9.]|[ ]?(?:万|千|百|元|块|米|人|个|年|月|分|秒|点|多|次|号?线|公里|平|天|岁|斤|克|度|[%kKwW]))"

PART: Final = re.compile(
    "|".join(
        (
            # Numbered parts say themselves where they begin.
            rf"(?P<building>{_BLOCK} ?(?:号楼|號樓|号院|栋|棟|幢|号?宿舍楼?|号?公寓|斋|座(?![位谈右])"
            r"|舍(?![五不得友弃命去]))(?![梯道顶]))",
            rf"(?P<unit>{_NUMBER} ?单元(?![测试格素]))",
            rf"(?P<floor>(?:{_NUMBER}|[Bb][0-9]) ?(?:楼|樓|层|[Ff](?![A-Za-z]))(?![梯道主上下盘]))",
            r"(?P<room>(?<![0-9A-Za-z])[A-Za-z]?[0-9]{2,5}[A-Za-z]?(?:室(?![友内外])|房(?![间子租价东])|号房))",
            rf"(?P<lane>{_NUMBER}[弄巷])",
            rf"(?P<section>{_NUMBER}段(?![时距落子位]))",
            rf"(?P<number>{_NUMBER}(?:[\-之][0-9]{{1,4}})?[号號](?![线桌球机位选车楼码]|电池|字)(?:院|之[0-9一二三四五六七八九]{{1,2}})?)",
            rf"(?P<group>{_NUMBER}[组队社](?![长员团会成织建]))",
            rf"(?P<zone>{_NUMBER}[期区]|[东南西北中A-Za-z][区苑院])",
            rf"(?P<compact>(?<![0-9A-Za-z.\-])[0-9]{{1,3}}(?:[\-#][0-9]{{1,4}}){{1,3}}{_NOT_COUNTED}(?!-))",
            rf"(?P<bare>(?<![0-9A-Za-z.])[A-Za-z]?-?(?:[0-9]{{3,4}}|[零〇一二三四五六七八九]{{3,4}})(?!号){_NOT_COUNTED})",
            r"(?P<gate>[东南西北正后侧大][0-9一二]?门(?![口外前]))",
            r"(?P<pickup>菜鸟驿站|妈妈驿站|兔喜|丰巢(?:快递|智能)?柜?|快递柜|自提[点柜]|代收点|驿站)",
            r"(?P<crossing>交叉路?口|交汇处|交界处|十字路口)",
            # Kinds of names: what stands before them is the name.
            r"(?P<town>街道(?!上)|(?<![城乡集重古小老镇冰])镇(?![静定住压痛上])|(?<![城家故他老下思同水异])乡(?![下亲村土愁])"
            r"|开发区|高新区|新区|工业区)",
            r"(?P<estate>小区|社区|花园|家园|公寓|新村|花苑|[嘉雅佳家名]苑|山庄|别墅|[华豪嘉雅]庭|名邸|公馆|宿舍"
            r"|家属院|大院|新城|名城|[御华学]府(?=[0-9A-Z一二三四五六七八九十])|嘉园|雅园|佳园|[苑轩阁邸郡湾城庭园里](?=[0-9一二三四五六七八九十]{1,3}(?:号楼|栋|幢|座|号院|弄|期|单元|-[0-9])))",
            r"(?P<poi>大厦|广场|大楼|写字楼|中心|商城|酒店|宾馆|大学|学院|医院|中学|小学|学校|工业园|产业园|科技园|创业园"
            r"|软件园|园区|校区|校园|科技城|商场)",
            r"(?P<road>大道|大街|胡同|(?<![走上马公铁道思套半迷顺同后出退赶问带让绕条段高速网一线电])路(?![上过边人口程线由灯途费况子数牌径易])"
            r"|(?<![逛上这条满])街(?![上头边坊拍舞])|(?<![这条])巷(?!子)|道(?=[0-9]{1,4}号))",
            r"(?P<village>(?<![农乡山下进回全度假])村(?![里长民子委口头上])|屯(?![着了])|[庄寨](?=[0-9一二三四五六七八九十]{1,3}[组队号]))",
            r"(?P<district>自治[州县旗]|(?<![郊市山灾战学特时专军城辖禁片防宅商农牧林矿老街地景误盲雷])区(?![别分域间块])"
            r"|(?<![知])县(?![长城委官里])|[左右前中后]旗)",
            r"(?P<city>(?<![超城都门股楼上夜早菜集花黑闹])市(?![场民长区里委中容井面价值]))",
            # Known places need no kind of name.
            rf"(?P<place>(?:{_by_first_character(_PROVINCES + ' ' + _CITIES)})"
            r"(?:特别行政区|(?:维吾尔|壮族|回族)?自治区|省|市(?![场民长区里委中容]))?)",
        )
    )
)
"""One part of an address. Misses Latin street names and places known by nickname only."""

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
    "pickup": 0.25,
    "crossing": 0.2,
}
"""How much each part alone speaks for an address, once a chain. What is not named depends."""

FOLLOWING: Final = {
    "number": ({"road", "lane", "section", "village", "estate", "town"}, 0.3),
    "group": ({"village", "town"}, 0.3),
    "compact": ({"estate", "road", "village", "building", "number", "zone", "lane"}, 0.3),
    "bare": ({"building", "unit", "estate", "number", "zone", "room", "floor"}, 0.2),
}
"""Parts that count only after certain others: `3号` alone is a day, `3组` a team."""
