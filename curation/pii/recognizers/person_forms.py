"""Names told by their form alone: in Latin letters, of other peoples, before `sir` or a title."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.chinese import (
    NEVER_NAMED,
    given_names,
    plain,
    public_figures,
    surnames,
    word_weight,
)
from curation.pii.entities import WHY_INTRODUCED, WHY_NAME_PARTS, WHY_TITLE
from curation.pii.latin_names import ALSO_WORDS, FAMOUS, FIRST_NAMES, SURNAMES, SYLLABLE
from curation.pii.recognizers.base import ChatRecognizer, Hit
from curation.pii.recognizers.person_evidence import is_no_name

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIRST_NAMES: Final = "|".join(FIRST_NAMES)
_NAMES_ONLY: Final = "|".join(name for name in FIRST_NAMES if name not in ALSO_WORDS)
_PINYIN: Final = "|".join(SURNAMES)
_FAMILY: Final = "".join(name for name in surnames() if len(name) == 1)
LATIN: Final = re.compile(
    rf"(?=[A-Z])(?<![A-Za-z0-9_@.#/'-])(?:(?P<both>(?:{_FIRST_NAMES}) (?:{_PINYIN}))(?![A-Za-z])"
    rf"|(?P<mixed>(?:{_FIRST_NAMES}) ?[{_FAMILY}])(?=\Z|[^一-鿿]"
    rf"|[你我他她说那给在的也跟和发问来去])"
    rf"|(?P<titled>(?:{_FIRST_NAMES}) ?(?:姐|哥|总|老师|同学|叔叔|阿姨|sir))"
    rf"|(?P<alone>{_FIRST_NAMES})(?=(?:说|问|来|去|那边|也|和我|跟我|周[一二三四五六日末]|请假"
    rf"|发[了我给]|带了|喝了|吃了|借[了我]|送[了我]|做了|买了|今天|明天"
    r"|昨天|刚|不在|在吗|生日|结婚|叫你|叫我|找你|找我|让|约|的(?:电话|微信|手机|生日)|你(?!好)"
    r"|妳))"
    rf"|(?P<pinyin>(?:{_PINYIN}) (?=[A-Z])(?i:{SYLLABLE}){{1,2}})(?![A-Za-z])"
    rf"|(?<![A-Za-z] )(?P<only>{_NAMES_ONLY})(?![A-Za-z0-9_@.'’-]| ?[A-Z]))"
    r"|(?P<a>[阿小][A-Z][a-z]{1,7})(?=[一-鿿]|\Z|[ ,，。])"
)
"""`David Wong`, `Wang Fang`, `Kevin陈`, `Linda姐`, `阿May`, `Jessica` wherever it stands.

Misses names that are not among the common ones, and those that are words as well (`Ruby语言`) where
nothing around them speaks of somebody."""

SIR: Final = re.compile(
    f"(?:(?<![一-鿿])|(?<=[是找问跟和叫给听话話同請请]))[{_FAMILY}] ?(?:[sS]ir|SIR|[mM]iss"
    "|MISS)(?![A-Za-z])"
)
"""`黄sir`."""

_CAPITALS: Final = "|".join(name.upper() for name in SURNAMES if len(name) > len("Ho"))
COURTESY: Final = re.compile(
    r"(?=[A-Z])(?:(?<![A-Za-z])(?:(?:Mrs?|Ms|Mdm|Dr|Prof)\.? ?"
    r"|(?:Miss|Madam|Frau|Herr|Auntie|Uncle) )"
    r"(?!Right|Bean|Pepper|Strange|Who|Martens|You|World|Universe|Robot|Sam|Big|Watson|Doctor)"
    r"[A-Z][a-z]{1,15}(?: [A-Z][a-z]{1,15})?(?![A-Za-z])"
    rf"|(?<![A-Za-z0-9_@.#/'-])(?!(?:LONG|SUN|PAN|FAN|MAN|HAN|TAN) |LAI CHI|LAM TIN|LEE KUM"
    rf"|WAN CHAI)"
    rf"(?:{_CAPITALS})(?: [A-Z]{{2,5}} [A-Z]{{2,5}}"
    rf"| (?=[A-Z]{{2,12}}(?![A-Za-z]))(?i:{SYLLABLE}){{1,2}})(?![A-Za-z]))"
)
"""`Mrs. Henderson`, and as banks and tickets write it: `LAM KA MAN`."""

_PIECE: Final = (
    "(?:古丽|阿依|迪丽|热依|努尔|买买提|买合|麦麦提|艾力|艾山|艾买|吐尔|吐逊|库尔班|依布拉|玉素"
    "|阿卜|阿不都|阿布都|赛买|帕提"
    "|古丽|娜尔|孜|热孜|木拉提|依明|肉孜|卡德尔|热合|扎西|卓玛|央金|多吉|次仁|才让|尼玛|达娃|旺姆"
    "|旺堆|旦增|丹增|格桑"
    "|白玛|德吉|平措|顿珠|仁青|拉姆|桑吉|罗布|巴特尔|巴图|其其格|格日勒|苏和|斯琴|乌兰|高娃|那仁"
    "|朝鲁|额尔|阿古拉|呼和"
    "|特木尔|宝音|萨仁|图雅)"
)
_BEGINS: Final = "".join(sorted({piece[0] for piece in _PIECE[3:-1].split("|")}))
_HAS_PIECE: Final = re.compile(f"(?=[{_BEGINS}]){_PIECE}")
PEOPLES: Final = re.compile(
    rf"(?:{_PIECE}{{2,4}}|(?<![一-鿿])(?:{_PIECE}{{1,3}}[一-鿿]?|[一-鿿]{{1,3}}{_PIECE}{{1,3}})·"
    rf"(?:{_PIECE}{{1,3}}|[一-鿿]{{2,4}}?(?=\Z|[^一-鿿]|[的在来去说开给请同老是]))"
    rf"|[一-鿿]{{2,4}}·{_PIECE}{{1,3}}|(?<![一-鿿])(?:巴特尔|其其格|格日勒|卓玛|扎西|央金|次仁"
    rf"|多吉|格桑|白玛))"
    r"(?!·|花|族|德勒|县|市|乡|镇|路|寺|草原|前旗|后旗|浩特|察布|雪山|山|花开)"
)
"""`扎西多吉`, `阿依古丽`, `买买提·艾力`: made of pieces of the names of other peoples."""

BIG: Final = re.compile(
    r"(?:(?<![一-鿿])|(?<=[找问跟和叫给喊约让]))大[刘李吴赵徐孙郑冯曹彭邓蒋魏谢许沈韩姚崔胡郭罗]"
    r"(?=\Z|[ ,，。!！?？~]|[说问来去在也都给让叫要会你他她家和跟把被的开打发回手喝吃今明昨])"
)
"""`大刘`: a friend by his surname."""

WOMEN: Final = (
    "芳珍娟霞萍燕玲丽梅兰凤秀英莲琴敏慧静婷娜莉佩芬桂红艳洁琳群淑翠玉菊彩巧娥瑛云香麗鳳蘭蓮潔瓊雲詠"
)
MEN: Final = (
    "强伟军辉勇刚斌涛亮峰浩波杰鹏超磊福贵财根民国忠志锋彬洪荣雄坤炳标发旺顺強偉軍輝剛濤傑鵬財國"
    "鋒榮標發順"
)
"""Characters by which friends are called, as their whole given names are."""

RANKED: Final = re.compile(
    rf"(?:(?<![一-鿿])|(?<=[找问跟和叫给喊约让是的]))[{_FAMILY}](?:护士长|护师|技师长|教导员|指导员)"
    r"|(?:(?<![一-鿿])|(?<=[找问跟和叫给喊约让是的]))"
    rf"(?:[{WOMEN}](?:姐(?![妹弟夫们])|姨(?![妈夫太娘丈])|婶|嫂)"
    rf"|[{MEN}](?:哥(?![们哥])|叔(?!叔)|伯))(?=[一-鿿]|\Z|[ ,，。!！?？~:：])"
)
"""`贺护士长`, `娟姐`: a surname or a given name's character with a form of address."""

CALLED: Final = re.compile(
    rf"(?:[他她]|儿子|女儿|闺女|宝宝|老公|老婆|同桌|室友|同事)(?:就|大名|真)?叫(?P<called>[{_FAMILY}][一-鿿]{{1,2}})"
    r"(?=\Z|[ ,，。\n])"
)
"""`我女儿叫骆宁`. Misses names that other words follow, which the words around them tell."""

BY_NAME: Final = re.compile(
    r"(?:^|[ ,，。!！~\n])(?P<this>[一-鿿]{2,3})(?:这个?名字|这名儿)(?!的|叫|是)"
    r"|(?:^|[ ,，。!！~\n])(?P<hers>[一-鿿]{2,3})是(?:我|他|她|你)[一-鿿]{0,3}?(?:的)?(?:真名|小名"
    r"|大名|本名|名字)"
    r"|(?:收款人|付款人|寄件人|签收人|乘车人|乘客|旅客|入住人|业主|家长|户主|投保人|收件|寄件|考生"
    r"|就诊人|监护人)[:： ]?"
    rf"(?P<field>[{_FAMILY}][一-鿿]{{1,2}})(?=\Z|[ ,，。\n0-9(（])"
    r"|(?:名字|姓名|拼音)(?:是|写的?是?|[:： ])?(?P<letters>[A-Z]{2,8} [A-Z]{2,12})(?![A-Za-z])"
)
"""`收款人申建业`, `苟富贵这名字谁起的`."""

TITLED: Final = re.compile(
    r"(?:(?<![一-鿿])|(?<=[找问跟和叫给喊约让是的喜贺谢扬迎请祝]))(?P<given>[一-鿿]{2,3})"
    r"(?:阿姨|叔叔?|姨|哥哥?|姐姐?|爷爷|奶奶|老师|同学|学[长姐]|婶婶?|伯[伯母]?"
    r"|师[兄姐])(?![一-鿿]?(?:会|妹|们|弟))"
)
"""`秀兰阿姨`, `建国叔`, `倪萍萍阿姨`: a given name, or a whole one, with a form of address."""

_LABEL: Final = (
    "真实姓名|曾用名|姓 *名|[收寄发] *[货件] *人|[失机车业户]主|主人|[逝死]者|父亲|母亲|丈夫"
    "|妻子|配偶|家属|监护人|学[生员]|考生|患者|病人|嘉宾|主[持讲]人?|领队|[甲乙丙]方|[出借收付贷]款人|出借人|担保人"
    "|[出承]租人|[申邀]请人|负责人|经办人|代理人|委托人|继承人|投保人|被保险人|受益人|法人|法定代表人"
    "|签收人?|预[订约]人|入住人|乘[客车]人?|旅客|新[郎娘]|开户[人名]|户名|持卡人|联系人|参会人?"
    "|[原被]告|证人|署名|落款"
)
_LABEL_ENDS: Final = "名人主者亲夫子偶属生员宾持讲队方客郎娘签收参会告款"
ENTRY: Final = re.compile(
    rf"(?:^|[\n ,，;；。(【|])(?:(?:{_LABEL}) ?: ?|(?:姓 *名|[收寄发] *[货件] *人) {{2,4}})"
    r"(?P<entry>[一-鿿]{2,4}(?:·[一-鿿]{2,5})?|(?<=名:)[一-鿿]{5,6}(?=\Z|\n))"
    r"(?=\Z|[\n ,，;；。()/0-9|])"
)
"""`主人：薛可`: an entry of a form. Misses entries without a colon or blanks before them."""

_STAND_IN: Final = "[张張]三|李四|王五|[赵趙]六"
_LED: Final = "是叫找问跟给让约陪替帮等被请系者户生工事友人名诉知"
_COUNTED: Final = (
    "[年月日天点号岁楼层栋幢座室单班级期次遍个位人件条块元口本页处面周季环路世二三四五六七八九十百千万亿两"
    "丰光番]|(?<=五)一|(?<=四)海|(?<=三)[观国亚峡]"
)
_OWNED: Final = "电|手机|身份|微信|[Qq]{2}|邮|地址|家|银行|卡|车|生日|密码|号|账|护照|学号|工号"
NUMBERED: Final = re.compile(
    rf"(?=[张張李王赵趙])(?<![张張]三)(?<!法外狂徒)(?:(?<=[{_LED}])(?P<led>{_STAND_IN})"
    rf"(?!{_STAND_IN}|的\Z|{_COUNTED})"
    rf"|(?<![一-鿿])(?P<known>{_STAND_IN})(?=[ ,，]{{0,2}}[男女](?![一-鿿])"
    r"|[ ,，:(]{0,2}(?:1[3-9][0-9]|0[0-9]{2}|电话|手机|身份证|微信)"
    rf"|先生|女士|小姐|老师|同学|经理|医生|师傅|同志|收(?![一-鿿])|的(?:{_OWNED})))"
)
"""`我是张三`, `李四的电话`: what one calls somebody in an example, and a few are called.

Misses what is said of them, as in jokes, and the proverb `张三李四`.
"""

_ROLE: Final = re.compile(
    "[德法英美中韩泰俄外]国|日本|语文|数学|[英日法德俄韩国]语|[中英国作]文|体育|音乐|美术|舞蹈|钢琴|书法|历史|地理|生物|物理"
    "|化学|政治|思政|心理|科学|信息"
    "|自然|生活|艺术|文学|医学|大学|中学|小学|初中|高中|[高初大][一二三四]|[一二三四五六七八九]班"
    "|本科|学生|女生|男生|志愿|保安|保洁"
    "|[美漂]丽|漂亮|可爱|善良|年轻|天使|金牌|明星|军训|德育|早教|育婴|家庭|家教|国学|实习|值班"
    "|主治|房东|邻居|快递|外卖"
    "|司机|护士|医生|同班|隔壁|新来|小红书|军人|学习|美女|帅哥|小[哥姐弟妹]|大[哥姐爷妈]"
    "|[一二三四五六七八九]|亲爱|[的我你他她]|家长|班长"
)

_NOT_ONE: Final = re.compile(
    "[的了吗呢吧啊你我他她它这那不没谁啥么个们哪怎]|什么|名字|电话|地址|手机|信息|姓名|账号|签名"
    "|备注|全名|取名|改名|起名|密码|昵称|网名|微信|[账帐]号|群名|小号|地名|店名|书名|歌名|公司|猫"
    "|狗"
)
_EVERY: Final = (
    (LATIN, WHY_NAME_PARTS),
    (COURTESY, WHY_NAME_PARTS),
    (SIR, WHY_TITLE),
    (PEOPLES, WHY_NAME_PARTS),
    (BIG, WHY_TITLE),
    (RANKED, WHY_TITLE),
    (CALLED, WHY_INTRODUCED),
    (TITLED, WHY_TITLE),
    (BY_NAME, WHY_INTRODUCED),
    (NUMBERED, WHY_NAME_PARTS),
    (ENTRY, WHY_INTRODUCED),
)


class PersonFormRecognizer(ChatRecognizer):
    """Finds names that their form gives away."""

    ENTITY: ClassVar[str] = "PERSON"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        r"(?=[A-ZSsMm大护师导他她子女儿婆公桌友事名真就宝阿叔姨哥姐爷奶婶嫂伯老同学收付寄签乘旅入业家户投考监张張李王赵趙货件"
        rf"{_BEGINS}{_LABEL_ENDS}])(?:[A-Z][a-z]|[A-Z]{{2}} [A-Z]{{2}}"
        r"|[Ss][Ii][Rr]|[Mm][Ii][Ss][Ss]"
        r"|大[刘李吴赵徐孙郑冯曹彭邓蒋魏谢许沈韩姚崔胡郭罗]"
        r"|护[士师]|师长|导员|[他她子女儿婆公桌友事名真就宝]叫"
        rf"|[阿叔姨哥姐爷奶婶嫂伯]|老师|同学|学[长姐]|师[兄姐]|{_PIECE}|名|收款人|付款人|寄件|签收人"
        rf"|{_STAND_IN}|[{_LABEL_ENDS}] ?:|[货件] *人  "
        r"|乘[车客]|旅客|入住人|业主|家长|户主|投保人|收件|考生|就诊人|监护人)"
    )
    # Of every piece and word the rarest character.
    GATE: ClassVar[re.Pattern[str]] = re.compile(
        "[A-Zms:货三四五六叫护导阿叔姨哥姐爷奶婶嫂伯师同学大名款件签乘旅业户保考诊监家入古依迪热努买麦艾吐库尔玉卜布帕娜孜拉明合扎卓央吉仁才玛娃旺旦丹桑措珠姆"
        "罗巴格苏斯乌那朝额呼宝萨图]"
    )

    def find(self, text: str) -> Iterator[Hit]:
        """Yield the names."""
        known = _nobody_here()
        for pattern, why in _EVERY:
            if pattern is PEOPLES and not _HAS_PIECE.search(text):
                continue
            for match in pattern.finditer(text):
                name = match.lastgroup or 0
                value = match[name]
                if pattern is TITLED and not _is_called(plain(value)):
                    continue
                # Somebody's wife may be called as a famous person is.
                own = pattern is CALLED and match[0][0] not in "他她"
                if plain(value) in known and not own:
                    continue
                if pattern is ENTRY and is_no_name(value):
                    continue
                if why == WHY_INTRODUCED and _NOT_ONE.search(value):
                    continue
                whole = pattern is TITLED and match.end() - match.end(name) == 1
                yield Hit(*match.span(0 if whole else name), 0.65, why)


@cache
def _nobody_here() -> frozenset[str]:
    """Return the names that tell nobody in a chat from others."""
    return public_figures() | FAMOUS


def _is_called(name: str) -> bool:
    """Whether characters before a form of address can be a name and are nobody's role."""
    if _ROLE.search(name):
        return False
    given = given_names()
    first, second = name[-2], name[-1]
    known = (first in given.first) + (second in given.second)
    if known < len((first, second)) and (not known or word_weight(name[-2:]) is not None):
        return False
    return not {first, second} & NEVER_NAMED and (
        len(name) == len((first, second)) or name[0] in surnames()
    )
