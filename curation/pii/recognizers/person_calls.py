"""What friends, villagers and rosters call people: `胖军`, `强子`, `陳師奶`, `周一方圆`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.chinese import plain, public_figures, surnames, word_weight
from curation.pii.entities import WHY_INTRODUCED, WHY_TITLE
from curation.pii.leading import ahead, beginnings
from curation.pii.recognizers.base import ChatRecognizer, Hit
from curation.pii.recognizers.person_forms import MEN, WOMEN

if TYPE_CHECKING:
    from collections.abc import Iterator

_FAMILY: Final = "".join(name for name in surnames() if len(name) == 1)
_CALLS: Final = (
    "(?=[说问讲来去在也都给让叫要会你他她家和跟把被打发回不今明昨又还没刚到呢同爸妈少骑俾唔嚟話话"
    "了别很最真结生电電微]|[ ,，。!！?？:：]|\\Z)"
)
_BEFORE: Final = "(?:(?<![一-鿿])|(?<=[找问跟和是叫给喊约让等陪带接到换挂同俾畀搵揾話听上]))"
_AFTER_A: Final = f"阿[{MEN}{WOMEN}忠明文成仁海平良才奇康义德生泉松森雄]"
_AT_HOME: Final = (
    "(?<!管)家(?:姆妈|阿[婆爷姨]|伯伯|嫂|大[爷妈娘哥姐]|奶奶|爷爷|老[太大二三]|婶|媳妇|姑娘|小子)"
)
"""Who is somebody of a family: `钱家阿婆`. A `管家` is none."""
NICKNAME: Final = re.compile(
    rf"{_BEFORE}(?!三军|四强|四平|黑[红云玉香金])(?:[胖黑瘦憨尕肥][{MEN}{WOMEN}蛋]|[二三四][强军伟勇刚娟霞梅英丽兰凤芳妮丫妞柱蛋毛]"
    rf"|[强军勇亮磊斌辉刚涛杰鹏超栓锁柱燕樱]子){_CALLS}"
    rf"|{_BEFORE}[{_FAMILY}](?:[师師]奶|医[师師]|药师|技师|头儿|老爷子|老太爷|[二三四][哥嫂姐叔姨爷]|大[嫂娘伯婶])"
    rf"|[{_FAMILY}]{_AT_HOME}"
    rf"|(?<![啊阿]){_AFTER_A}(?:(?=1[3-9][0-9])|{_CALLS})(?!们)"
    r"|(?<![强巨宏重壮高庞广最更伟])大[伟刚勇斌磊涛辉](?![业绩略德人字型若气士煌哥])|(?<=家)小[军伟勇刚磊斌涛杰鹏超辉娟玲芳丽敏静婷莉萍]"
    r"|[一-鿿]{2,3}(?:さん|くん|ちゃん|様|先輩)|[一-鿿](?:[护護]理[长長])"
    r"|(?:(?<![一-鿿])|(?<=[同俾畀搵揾話叫问]))肥仔(?![米牛肉饭饼快水鸭鱼们今昨我你佢唔冇好都又食去嚟咗点嘅系话啦呀真])[一-鿿]"
)
"""`胖军`, `二娟`, `强子`, `凌医师`, `钱二嫂`, `肥仔明`."""

ROSTER: Final = re.compile(
    r"(?:周|星期|礼拜)[一二三四五六日天](?:早班|晚班|白班|夜班|上午|下午)?[:： ]?"
    rf"(?P<name>[{_FAMILY}][一-鿿]{{1,2}})(?=[ ,，、;；。\n]|\Z)"
)
"""`周一方圆 周二于扬`, where one speaks of shifts."""

_HEADS_A_LIST: Final = (
    "名单|全勤奖?|[一二三四五六七八九]等奖|获奖|入选|录[取用]|缺勤|迟到|[未没]交的?|候选人|中文名"
    "|面试[者官]|主讲人?|司仪|跟拍|摄影师?|化妆师?|联系人|对接人?|负责人|到场|出席|[组成队]员|乘客"
    "|选手|伴[郎娘]|新[郎娘]|[借收]款人|担保人|寄件人|领队|司机"
)
LISTED: Final = re.compile(
    rf"(?:{_HEADS_A_LIST})[:： ]{{0,2}}"
    f"(?P<names>(?:[{_FAMILY}][一-鿿]{{1,2}}"
    f"|[小阿老][一-鿿])(?:[ 、,，]{{1,2}}[{_FAMILY}][一-鿿]{{1,2}}){{0,40}})"
    r"(?=[ ,，、;；。!！(（\n]|\Z)"
)
"""`补卡名单邓超然、金贝贝、章程`."""

BEFORE_ID: Final = re.compile(
    "(?:(?<![一-鿿])"
    r"|(?<=[:： ,，、。;；\n0-9.]))(?P<name>[一-鿿]{2,3})[ ,，:：]{1,2}(?:[男女]"
    "[ ,，]{0,2})?"
    r"(?=[1-8][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]{4}[0-9Xx](?![0-9]))"
)
"""`封志远，5001…`: a name right before the number of an identity card."""

_MOBILE: Final = "(?= ?1[3-9][0-9]{9}(?![0-9]))"
BESIDE_PHONE: Final = re.compile(
    rf"(?<![一-鿿])[一-鿿]{{2,4}}[:：] ?(?P<holder>[一-鿿]{{2,3}})[:： ]{{0,2}}{_MOBILE}"
    rf"|(?:^|[\n;；,，、。 ])(?P<label>[一-鿿]{{2,3}})[:：]{_MOBILE}"
)
"""`总控:朵朵1865…`, `佩佩：1825…`: a name between a label, or nothing, and a phone."""

_BRANDS: Final = (
    "Siri|Alexa|Google|Apple|Tesla|Nike|Openai|Gemini|Claude|Kimi|Deepseek|Twitter|Steam|Netflix|Ikea|Costco|Sony"
    "|Nintendo|Switch|Honda|Uber|Grab|Shopee|Lazada|Amazon|Paypal|Zoom|Slack|Python|Java|Excel|Word|Windows|Android|Linux"
    "|Airbnb|Starbucks|Wechat|Whatsapp|Line|Adidas|Puma|Visa|Master|Boss|Leader|Hr|Team|Mama|Papa|Baby|Daddy|Mommy|Lady|Hello"
)
LATIN_CALLED: Final = re.compile(
    f"(?<![A-Za-z0-9_@./'-])(?P<latin>(?!(?:{_BRANDS})(?![a-z]))[A-Z][a-z]{{2,10}}(?: [A-Z][a-z"
    f"]{{2,12}})?)"
    "(?=借[我了]|请假|生日|结婚|离职|辞职|带了|送我|约我|叫我|喊我|骂我|发我|喝了|吃了|住院|怀孕|哭了|生病|退租|搬走|和我|跟我"
    "|你到|的工位|的?电话[0-9是]|的微信| ?教授| ?同学| ?学[长姐])"
    r"|(?:收款[方人]|付款[方人]|抄送|户名|持卡人|房东|导师|同事|室友|同学|邻居|写我?名字|(?<![A-Za-z])(?:cc|attn|Attn|ATTN|payee|name))"
    f"[:： ]{{0,2}}(?P<named>(?!(?:{_BRANDS})(?![a-z]))[A-Z][a-z]{{2,12}}(?: [A-Z][a-z"
    f"]{{2,12}}){{0,2}})(?![A-Za-z0-9_@.])"
)
"""`Lukas借我`, `收款方Klaus Rademacher`: names in Latin letters that no list has."""

_A_PAPER: Final = re.compile(
    "[号证码件份户]|微信|电话|手机|座机|客服|联系|热线|专线|妈|爸|爷|奶|媳妇|老[公婆]|孩子|儿子|女儿|本人|如下|补充|[重存打加换]"
)
PEOPLES: Final = re.compile(
    r"(?<![一-鿿·])(?:(?:木合塔尔|热依汗|哈丽旦|艾克拜尔|萨比尔|阿迪力|帕尔哈提|麦合木提|阿不力孜|古丽娜|阿依夏|努尔江|叶尔兰|叶尔肯|加娜尔"
    r"|哈森|库尔班江|吐尔洪|吾买尔|玉山江|沙吾提|依力哈木|艾则孜|莫日根|那日苏|其木格|巴雅尔|苏日娜|牧仁|额尔登|德力格尔|那仁"
    r"|宝音|白音|巴音|萨仁|其其格|格日勒|洛桑|索朗|米玛|普布|嘎玛|仁增|强巴|次旺|拉毛|才旦|卓嘎|曲珍|德吉|央宗|白珍|吉克|沙马|岩温|玉罕){1,3}"
    r"|(?:买买提|艾买提|吐尔逊|库尔班)(?:江|汗|明)?)(?=\Z|[^一-鿿·]|[说问来去在也给让叫要会你他她家和跟把被打发回不今明昨又还没到的])"
    r"(?![的]?(?:草原|镇|县|旗|路|山|寺|乡|村|苏木))"
    r"|(?<=[叫名找是问给跟和识锋门])(?:木合塔尔|热依汗|哈丽旦|艾克拜尔|萨比尔|阿迪力|帕尔哈提|麦合木提|叶尔兰|哈森|莫日根|那日苏|其木格|那仁|宝音德力格尔"
    r"|白音其其格|洛桑|索朗|才旦|买买提江|苏日娜|巴雅尔)(?![镇县旗路山乡村])"
)
"""Names of other peoples that need no dot between them: `木合塔尔`, `宝音德力格尔`."""

_ON_DUTY: Final = re.compile("值[班日守]|[夜早晚]班|排班|班表|轮[班值流]")
_PIECE: Final = re.compile("[一-鿿]{2,3}")
_NOBODY: Final = re.compile(
    "[的了吗呢吧啊你我他她它这那不没谁个们哪怎]|高[考铁速]|方[便案式]|时间|电话|手机|安[排全检]|成[绩员]|周[一二三四五六日末]|单位|全[部体员]"
    "|任务|许多|金额|关[系于]|任何|于是|何[时必]|程[序度]|万[一元]|老师|家长|学生|同学|师傅|关门|开[会门工学业]|[金银铜]牌|上[班课]|下[班课]"
)

_TRIGGER: Final = (
    rf"[胖黑瘦憨尕肥][{MEN}{WOMEN}蛋仔]|[二三四][强军伟勇刚娟霞梅英丽兰凤芳妮丫妞柱蛋毛哥嫂姐叔姨爷]"
    r"|大[伟刚勇斌磊涛辉]|家小[军伟勇刚磊斌涛杰鹏超辉娟玲芳丽敏静婷莉萍]|[强军勇亮磊斌辉刚涛杰鹏超栓锁柱燕樱]子|[师師]奶|[医药技][师師]|头儿|老爷子|老太爷|大[嫂娘伯婶]"
    rf"|{_AFTER_A}|值[班日守]|班表|[夜早晚排轮]班|轮[值流]|{_HEADS_A_LIST}|{_AT_HOME}|さん|くん|ちゃん|様|先輩|[护護]理"
    r"|塔尔|依汗|丽旦|拜尔|萨比|迪力|帕尔|麦合|力孜|丽娜|阿依|努尔|叶尔|娜尔|哈森|库尔班|尔洪|吾买|玉山|吾提|力哈|则孜|莫日|日苏|木格|雅尔"
    r"|日娜|牧仁|额尔|力格|那仁|[宝白巴]音|萨仁|其格|日勒|洛桑|索朗|米玛|普布|嘎玛|仁增|强巴|次旺|拉毛|才旦|卓嘎|曲珍|德吉|央宗|白珍|吉克|沙马"
    r"|岩温|玉罕|尔逊|买提|[1-8][0-9]{16}[0-9Xx]|1[3-9][0-9]{9}(?<=[一-鿿:： ][0-9]{11})"
    r"|[a-z](?:借[我了]|请假|生日|结婚|[离辞]职|带了|[送约叫喊骂发和跟]我|[喝吃哭]了|住院|怀孕|生病|退租|搬走|你到|的工位|的?电话|的微信"
    "| ?教授| ?同学| ?学[长姐])|(?:收款[方人]|付款[方人]|抄送|户名|持卡人|房东|导师|同事"
    "|室友|同学|邻居|名字|cc|ttn|TTN|payee|name)[:： ]{0,2}[A-Z]"
)


class PersonCallRecognizer(ChatRecognizer):
    """Finds names by how people call each other, and in rosters and lists."""

    ENTITY: ClassVar[str] = "PERSON"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(f"{ahead(beginnings(_TRIGGER))}(?:{_TRIGGER})")
    # Of every word a rare character.
    GATE: ClassVar[re.Pattern[str]] = re.compile(
        "[胖黑瘦憨尕肥二三四伟娟玲芳丽敏静婷莉萍强军勇亮磊斌辉刚涛杰鹏超栓锁柱燕樱奶医药技爷嫂娘伯婶峰浩波忠奇标強偉軍輝剛濤傑鵬標值班轮单勤奖选录迟交席员乘手郎"
        "候仪拍摄妆阿家名试讲系接责场头提さく様ち輩护護塔汗旦拜萨迪帕麦孜娜依努叶森库洪吾玉莫苏格雅牧额仁音勒桑朗玛布嘎旺毛珍吉宗沙岩逊0-9A-Z款保件领司]"
    )

    def find(self, text: str) -> Iterator[Hit]:
        """Yield the names."""
        known = public_figures()
        for match in NICKNAME.finditer(text):
            if plain(match[0]) not in known:
                yield Hit(*match.span(), 0.6, WHY_TITLE)
        if _ON_DUTY.search(text):
            shifts = [match for match in ROSTER.finditer(text) if not _NOBODY.search(match["name"])]
            for match in shifts if len(shifts) > 1 else ():
                yield Hit(*match.span("name"), 0.65, WHY_INTRODUCED)
        yield from _beside_numbers(text)
        for match in PEOPLES.finditer(text):
            yield Hit(*match.span(), 0.6, WHY_INTRODUCED)
        for match in LISTED.finditer(text):
            for name in _PIECE.finditer(text, *match.span("names")):
                if not _NOBODY.search(name[0]) and plain(name[0]) not in known:
                    yield Hit(*name.span(), 0.65, WHY_INTRODUCED)


def _beside_numbers(text: str) -> Iterator[Hit]:
    """Yield names before a number of somebody, and those in Latin letters."""
    for match in (*BEFORE_ID.finditer(text), *BESIDE_PHONE.finditer(text)):
        kind = match.lastgroup or "name"
        if _is_rare(plain(match[kind]), family=kind == "name"):
            yield Hit(*match.span(kind), 0.65, WHY_INTRODUCED)
    for match in LATIN_CALLED.finditer(text):
        yield Hit(*match.span(match.lastgroup or 0), 0.6, WHY_INTRODUCED)


def _is_rare(name: str, *, family: bool) -> bool:
    """Whether it is no ordinary word; behind a comma a word may be one that begins as names do."""
    if _NOBODY.search(name) or _A_PAPER.search(name):
        return False
    return word_weight(name) is None or name[0] == name[-1] or (family and name[0] in _FAMILY)
