"""Where a place's name begins, and the words around an address that speak for it."""

from __future__ import annotations

import re
from typing import Final

LONGEST_NAME: Final = 10
"""Letters of one name, such as the one before 路; longer ones do not occur in chats."""

NAME: Final = re.compile(r"[一-鿿A-Za-z0-9·]+\Z")
HOUSE_NAME: Final = re.compile("[一-鿿]{2,10}")

_PEOPLE: Final = (
    r"(?:[我你您他她咱它俺]们?|老子|人家|大家|爸妈?|妈妈?|[奶爷姥][奶爷姥]|老[板师公婆]|同学"
    r"|朋友|[哥姐弟妹][哥姐弟妹]"
    r"|室友|闺蜜|亲戚|房东|客户|快递员|骑手)(?:的|家|那|这)?[里边]?(?:[在住是]|就在)?"
)
_PARTICLES: Final = (
    "的了吗呢吧啊呀哦嗯嘛唉么在喺嗰佢是寄送给把往跟这那哪就没谁坐走看逛找买租卖改换或叫说请要"
)
_WORDS: Final = (
    "(?<![梦理联])想|(?<!自)由|(?<!居)住|(?<!鲁)能|哈(?![尔拉密达西平南站东工])|[出进上下]来|今[天晚早年]"
    "|明[天晚早年]|昨[天晚]"
    "|后天|晚上|早上"
    "|下午|上午"
    "|中午|现在|目前|刚[刚才]|已经|一起|以[前后]|之[前后]|最近"
    "|周[一二三四五六日末]|星期|礼拜|地址|住址|快递|包裹|附近|旁边|对面|隔壁|位于"
    "|搬[来进到去]?|[到去]了?|因为|所以|但是|如果|然后|可以|应该"
    "|(?:老|新|娘|婆|外婆|爷爷|奶奶|姥姥|姥爷|阿姨|叔叔|[舅姑姨][妈父舅姑姨]?)家(?![乐园庄村])"
    "|门口|楼[下上]|外卖|宿舍(?!区)|师傅|麻烦|车?停|(?<!解)放|什么|怎么|不[是在用要能会想知]"
    "|(?:公司|单位)(?!路)|收[货件]|定位|导航|[这那每某几两]个|一[个条座]|过来|来到|回来|直接"
    "|帮忙|帮我|记得|有人|就行|好像|大概|可能"
    "|知道|告诉|听说|记错|打车|开车|骑车|步行(?=[到去约0-9])|经过|路过|拐[进到]?|左转|右转"
    "|直走|下车|上车"
    "|换乘|取件|自提|签收|派送|搜"
    "|好多|很多|许多|喜欢|买房|租房|看房|开[了家]|开在|新开|约[在到]?|见面|集合|等(?!湖)"
    "|收(?!费)|写(?!字)|填"
)
HARD_STOP: Final = re.compile(f"{_PEOPLE}|[{_PARTICLES}]|{_WORDS}")
"""Words that no name holds, or hardly any; the last one before a name ends where it begins."""

SOFT_STOP: Final = re.compile(
    "[还别到去从不对]|也(?=[在是要想有没去会能不住喜])|没有|都(?=[在是去到来要有没会说能不])"
)
"""Words that do stand in names after a district's (`六都寨镇`), and otherwise end before one."""

_WEAK_START: Final = re.compile(
    r"(?:来(?![福广凤安宾])|去|到)(?=[一-鿿])|(?:有(?!为)|和(?![平谐园])|家(?![和乐园])"
    r"|过|会|得|对|或|与|又|再|才|只|上(?![海饶])|下|进|回(?!龙)|靠|离|从|去|到|跟)(?=[一-鿿]{2})"
)
"""Verbs and conjunctions at the beginning of a run that are no part of a name."""

_DESCRIBING: Final = (
    r"(?:第?[0-9]+|[第一二两三几这那哪某每整全本该同别各老新大小旧好坏高低豪破]|学校?|学生"
    r"|员工|职工|教师|单身|青年|老年|高[档级]?|豪华|普通"
    r"|空中|街心|私家|自己|隔壁|其他|秘密|皇家|[女男]生?|集体|公司|单位|农村|城市|住宅|封闭"
    r"|商业|游戏|步行|美食"
    r"|个|座|套|栋|间|条|段|种|片|批|处|十字|三岔|[里外]面|购物|活动|服务|研究|校|人才|博士"
    r"|蓝领|白领"
    r"|拆迁|回迁|安置|廉租|公租|精神|康复|体育|文化|会展|会议|数据|客服|呼叫|物流|运营|健身"
    r"|洗浴|医疗|急救|政务|市民|幼儿|后勤"
    r"|[三四五]星级|快捷|情侣|主题|民宿|综合|国际|连锁|大型|附近|对面|那边|这边|楼下|旁边"
    r"|物业|业主|停车|菜|夜|超|花鸟|水果|批发"
    r"|股|股票|市民|校内|校外|智慧|文明|法治|美丽)*"
)
_GENERIC: Final = re.compile(
    _DESCRIBING
    + "|[东南西北中外内后前家城乡县市镇村院厂州国网水海陆心思进出回到去过]|[东南西北]{1,2}|城[里中]"
    + "|[一-鿿]{0,2}[架单编序型货批款档]号"
)
_NO_ROAD: Final = re.compile(
    "(?:第?[0-9]+|[第一二两三几这那哪某每整全本该同别各老新大小旧好坏条段个长远路]|步行"
    "|[前后里外]面|下个|上个|拐角|那边|对面|旁边|美食"
    "|商业|学校?|购物|城市|农村|网红|红绿灯|十字|三岔)*"
    "|[东南西北中外内后前家城乡县市镇村院厂州国网水海陆心思]"
)
_DESCRIBES: Final = re.compile(_DESCRIBING)
"""What describes a road or a house instead of naming it."""

AFTER_LABEL: Final = re.compile(
    r"(?:地址|住址|收[货件]地|门牌号?|户籍地?|籍贯|房[间号]号?|坐标|取件[点处]"
    r"|目的地)[一-鿿]{0,4}[ :：,，是为在]{0,4}\Z"
)
"""A label whose value follows."""

AFTER_VERB: Final = re.compile(
    r"(?:(?:[我你您他她咱家]|们|现在|目前|还|妈|爸)住[在的到]?(?:是|了)?|住在|家[在住是]?"
    r"|家(?:就|是|还|也|现在|目前)+[在住]|[租搬买](?:到|在|去|了|进)+"
    r"|[寄送搬邮发派递捎]到?了?|[寄送]去|收货|定位[在到是]?|导航[到去]|位于|坐落[在于]|到付"
    r"|老家[在是]?|户口在|小区[叫是]|宿舍[在是]?|公司[在是]?"
    r"|[这那]边在)"
    r"[ :：]{0,2}\Z"
)
"""Words after which somebody's place follows."""

LED: Final = re.compile("(?:[住在到送寄去叫租放取往从]|址[是:：]?|家|搬[到去进]) ?\\Z")


IN_CHAIN_STOP: Final = re.compile(
    "[的了吗呢吧啊呀哦嗯嘛么我你您他她咱]|[这那哪某每各几]|在(?!园)|是|地址|附近|旁边|对面|隔壁"
    "|门口|楼下|快递|没有|所有"
    "|今[天晚]|明天|昨天|后天|晚上|早上|下午|上午|中午|现在|一起|一[个条座]|到[了家]|导航"
    "|公里|打车|吃|看|找|走[到去过]|回家|上班|逛"
)
"""Words that end an address; after a district's name others are parts of a name (`六都寨镇`)."""


_PROVINCES: Final = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北"
    "|湖南|广东|海南"
    "|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆"
)
HOMELAND: Final = f"(?:住在?|家在?是?|租在?|搬到)(?:{_PROVINCES})[一-鿿]{{2}}"
"""Where somebody comes from or lives, told by names without their kinds."""

_BRANDS: Final = (
    "碧桂园|万科|绿城|龙湖|保利|恒大|融创|金地|中海|华润|招商|绿地|世茂|富力|雅居乐|远洋|旭辉"
    "|首开|金茂|阳光城|建发|仁恒|佳兆业"
    "|合生|奥园|祈福|鲁能|泰禾|正荣|荣盛|金科|建业|华发|龙光|星河湾"
)
RESIDENCE: Final = (
    r"(?:住(?:在|到|的?是)?|家(?:就|现在|目前|也|还)?[在是住]|[租买](?:在|的?房子?[在是]?"
    r"|的是)|搬(?:[到去进来]了?)|小区名?字?[叫是]?|房子在"
    r"|小区[?？])[ :：]?"
    rf"(?P<estate>(?:{_BRANDS})[一-鿿]{{0,6}}?"
    rf"|[一-鿿]{{1,7}}?(?:[城湾苑府园庭轩阁邸郡墅寓庄坊岸堡洲居]|天地|国际|公馆|名都|花都"
    rf"|世家|人家|壹号|一号))"
    r"(?=\Z|[^一-鿿A-Za-z0-9]|[的那这啊呀吗呢吧了哦嘛]|附近|旁边|对面|里面|门口|楼下"
    r"|[东南西北]门|[0-9一二三四五六七八九]{1,3}[期栋号区幢])"
)
"""An estate that is one only because somebody lives there: `我住凤凰城`."""

NO_ESTATE: Final = re.compile(
    ".*(?:公园|校园|幼儿园|果园|菜园|乐园|庄园|动物园|县城|省城|京城|全城|古城|老城|围城|商城"
    "|影城|书城|长城|同城|进城|台湾|政府|王府"
    "|山庄|村庄|农庄|田园|家庭|法庭|海岸|公寓|邻居|民居|旧居|新居|同居|隐居|独居|定居|久居"
    "|分居|群居|蜗居|街坊|作坊|亚洲|欧洲|非洲|美洲)"
    "|.?(?:花园|家园|宿舍|学校|地方|国际|天地|人家|一号)|.*[我你他她].*"
)
"""What ends like an estate's name and is none."""


def is_generic(name: str) -> bool:
    """Whether `name` describes a place instead of naming it; so does nothing at all."""
    return _GENERIC.fullmatch(name) is not None


def describes(name: str) -> bool:
    """Whether `name` describes a place also where it stands behind another place's name."""
    return _DESCRIBES.fullmatch(name) is not None


def name_start(text: str, end: int, free: int, *, road: bool = False) -> int | None:
    """Return where the name that ends at `end` begins, None if nothing there names anything.

    Nothing left of `free` is read. Misses verbs not listed: then the name is some words too long.
    """
    start = run_start(text, end, free)
    name = text[start:end]
    generic = _NO_ROAD if road else _GENERIC
    return None if not name or generic.fullmatch(name) else start


def run_start(text: str, end: int, free: int) -> int:
    """Return where what stands directly before `end` begins, `end` itself where nothing does."""
    run = NAME.search(text, max(free, end - LONGEST_NAME), end)
    if run is None:
        return end
    start = run.start()
    for stops in (HARD_STOP, SOFT_STOP):
        for stop in stops.finditer(text, start, end):
            start = stop.end()
    weak = _WEAK_START.match(text, start, end)
    return weak.end() if weak else start
