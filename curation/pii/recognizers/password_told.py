"""Passwords in free wording: what was changed, what to try, what to type, and how it is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import is_laughter
from curation.pii.entities import WHY_AFTER_WORD, WHY_SPELLED
from curation.pii.folding import CHINESE_DIGITS
from curation.pii.recognizers.base import HAS_DIGIT, ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMERALS: Final = "".join(CHINESE_DIGITS)
_MIXED: Final = (
    r"(?=[!-.:-~]{0,20}[0-9])(?=[!-.0-@\[-`{-~]{0,20}[A-Za-z])"
    r"[0-9A-Za-z][!-+.-.0-9=@-Z^-z]{4,24}"
)
"""Letters and digits, five at least."""
_STOP: Final = (
    r"(?![0-9A-Za-z@.:/-]| ?(?:元|块|万|年|月|号|点|人|个|次|兆|字|米|层|楼|版|级|张|条|分))"
)
_CLEAR: Final = r"(?=\Z|[ \n,，。;；!！?？~、]|了|哈|啊|吧|哦|你|别)"

CHANGED: Final = re.compile(
    r"(?:(?P<net>[Ww][Ii]-?[Ff][Ii]|无线|热点|宽带)|门锁|锁屏|手势|门禁|密码锁?|口令|保险柜)"
    r"[^\n0-9A-Za-z]{0,8}?(?:换成?|改成?|设成?|新的|现在)"
    r"(?:(?![张图壁纸])[^\n0-9A-Za-z]){0,8}?(?:是|为|成|新的|数字|,|，| ){0,3}了?"
    r"(?P<value>(?:"
    + _MIXED
    + r"|(?!(?:19|20)[0-9]{2}(?![0-9]))[0-9]{4}(?=[ \n,，。]|\Z)|[0-9]{6}|[0-9]{8})"
    + _STOP
    + ")"
)
"""`门锁昨天换了，新的481920`."""

TYPED: Final = re.compile(
    r"(?<!一)(?:就|再|后|要|得|需|请|先|直接|然后)[按输摁](?P<value>(?!1(?:00(?:00|10|86)"
    r"|2[0-9]{3})(?![0-9])|9[56][0-9]{3}(?![0-9]))"
    r"[0-9]{4,8}[#*]?)"
    + _CLEAR
    + r"|按(?:一?下)?[井星]号键?[ ,，]?(?:然后|再|接着)?[按输]?(?P<after>[0-9]{3,8})"
    + _CLEAR
    + r"|[门锁柜箱][ :]?(?P<before>[0-9]{4,8})(?=回车|井号|星号|确认键?)"
)
"""`没带卡就输5577`, `按井号然后1470`, `车库门7788回车`."""

CARD: Final = re.compile(r"[折卡号]的密(?:是|[ :])(?P<value>[0-9]{4,8})(?![0-9A-Za-z度])")
"""`银行卡的密是730415`."""

OPENED: Final = re.compile(
    r"(?:[网云]盘|百度云|夸克|迅雷|天翼云)(?:的|是|[ :]){0,2}"
    r"(?P<value>(?=[0-9]{0,3}[a-z])(?=[a-z]{0,3}[0-9])[0-9a-z]{4})"
    r"(?![0-9A-Za-z]|[.])(?<![0-9]g)(?<![0-9]t)"
    r"|(?:解压|解密|打开|解锁|压缩包|[Rr][Aa][Rr]|[Zz][Ii][Pp])(?:要?用|的|[ :])?"
    r"(?P<used>(?!wps|office|win|chrome|app|vlc|pdf|mp|rar|zip|python)" + _MIXED + ")" + _CLEAR
)
"""`网盘j3k9`, `打开用zhaobiao2022`."""

PAIR: Final = re.compile(
    r"(?:用户名?|账号|帐号|账户|[Ww][Ii]-?[Ff][Ii]|登录名?|管理员)(?:是|[ :]){0,2}"
    r"[A-Za-z][\w@.-]{2,24} ?[/|｜] ?(?P<value>" + _MIXED + r")(?![0-9A-Za-z/])"
)
"""`公司wifi visitor / Visit#6666`."""

DEFAULT: Final = re.compile(
    r"(?:爱奇艺|优酷|腾讯视频|芒果|B站|网易云|知网|教务|学习通|邮箱|路由器?|摄像头|监控|打印机"
    r"|服务器"
    r"|后台|电脑|平板|投影仪?|会员|视频)(?:[一-鿿]|app){0,3}(?:那个|默认|登录|管理员|后台"
    r"|加密的?)(?:就?是|用|[ :]){0,2}"
    r"(?P<value>(?!windows|win|iphone|android|ios|chrome|usb|http|www)" + _MIXED + ")" + _STOP
)
"""`优酷那个youku2323`, `路由器默认admin1234`."""

LOCKED: Final = re.compile(
    r"(?:童锁|门禁|门锁|锁屏|密码锁)(?:是|[ :]){0,2}"
    rf"(?P<spelled>[两三四五六七八346-8]个[{_NUMERALS}0-9])(?![一-鿿0-9])"
    r"|(?:梯控|钥匙盒|密码盒|(?:上|加)了?锁|加密了?的?)[ ,，:是]{0,2}"
    r"(?P<value>[0-9]{4,6}|[0-9](?:-[0-9]){3,5})"
    r"(?![0-9A-Za-z.:元块年-]|[一二三四]?[个人次])"
)
"""`电视童锁四个1`, `抽屉上了锁0823`."""

_GUESS: Final = r"(?=[!-~]{0,19}[0-9])[!-.0-~]{4,20}"
FRESH: Final = re.compile(
    r"(?:刚[才刚]?(?:改|设|换|注册)的?|重新[设改换]的?|帮你[改设换]的?|新[设改换]的)[了成]?(?:是"
    r"|为)?[ ,，:]{1,2}"
    r"(?P<value>(?!https?)" + _MIXED + r")(?![0-9A-Za-z@.])"
)
"""`刚改的，wxy@1234`."""

CABINET: Final = re.compile(
    r"(?:储物柜|寄存柜|更衣柜)(?:的?码|开[箱柜门])(?:是|换了|变了|[ :]){0,2}"
    r"(?P<value>[0-9]{4,8})(?![0-9A-Za-z元块年-])"
)
"""`储物柜的码558203`."""

_NO_PRICE: Final = r"(?![0-9]{0,6}(?:00|99|98)(?![0-9]))(?!(?:19|20)[0-9]{2}(?![0-9]))"
DEVICE: Final = re.compile(
    r"^[一-鿿A-Za-z]{0,8}?(?:(?:(?:手环|更衣|储物|寄存|置物|鞋|钥匙)柜|柜子|密码[门锁]|闸机"
    r"|门码锁)(?:的|是|[ :]){0,2}"
    r"(?P<value>" + _NO_PRICE + r"[0-9]{4,8}[#*]?)"
    r"|(?:电脑|笔记本|平板|[iI][pP]ad|旧?手机|打印机|投影仪?|电视)(?:的|是|开机|登录|解锁"
    r"|[ :]){0,3}"
    r"(?P<six>[0-9]{6}|(?!pin|pwd?|psw|pass|mima|windows|win|iphone|android|mate|redmi|rtx|mac|ios"
    r"|vivo|oppo)"
    r"(?:[A-Za-z]{3,12}[@#_!][A-Za-z0-9]{2,12}|[a-z]{3,12}[0-9]{3,8})))(?=\Z|[ \n,，。!~])",
    re.MULTILINE,
)
"""`自习室柜子1105`, `公司电脑的Welcome@01`: the thing, its value and no more in the message."""

BIRTHDAY: Final = re.compile(
    r"(?:门|锁|屏|柜|箱|网|[Ff][Ii])(?:就)?(?:是|用的?)(?:的)?[一-鿿]{1,5}?(?:生日|学号|车牌|门牌"
    r"|手机号?|纪念日)[一-鿿]{0,5}?"
    r"[ ,，:]?(?P<value>[0-9]{4,8})(?=\Z|[ \n,，。!~])"
)
"""`家门是我生日0621`."""

DOOR_SIGN: Final = re.compile(
    r"[门锁柜](?:是|[ :]){0,2}(?P<value>[#*]?[0-9]{3,8}[#*])(?![0-9A-Za-z#*])"
)
"""`房门887766#`."""

STUCK_UP: Final = re.compile(
    r"(?:[Ww][Ii]-?[Ff][Ii]|无线|热点)(?:(?![坏断慢没不])[^\n0-9A-Za-z]){1,8}?[ ,，:]{1,2}"
    r"(?P<value>(?=[0-9A-Za-z]{8})[a-z]{3,16}[0-9]{2,8})(?=\Z|[ \n,，。!~])"
)
"""`wifi贴着呢，naicha888`."""

DRAWN: Final = re.compile(
    r"(?:手势|图案)(?:密码)?(?:是|为|连|划|画"
    r"|[ :]){1,3}(?P<value>[1-9]{4,9})(?![0-9A-Za-z.:元块年])"
)
"""`手势是2589`."""

ANSWERED: Final = re.compile(
    r"密码(?:(?!忘|找回|重置|输错|\n)[^0-9A-Za-z]){0,8}\n"
    r"(?:[^\n]{0,5}\n|(?:没|哦|嗯|对|好|不|我|啊)?[ ,，]?(?:还|就|改成?了?)?是?[ :]?)"
    r"(?P<value>" + _NO_PRICE + r"[0-9]{4,8}|" + _MIXED + r")(?=\Z|[ \n,，。!~]|试|了|吧|哈)"
)
"""`密码没变吧` and then `没 还是4567`."""

NUMBERS: Final = re.compile(
    r"密码(?:全是?|纯|都是)?数字(?:的)?(?:是|[ :,，])?(?P<value>[0-9]{4,10})(?![0-9A-Za-z位])"
    r"|(?:抽屉|柜子?|盒子?|密码箱)的?(?:密码)?(?:是|为|[ :])?(?<=密码|码箱|码是|箱是)"
    r"(?P<three>[0-9]{3})(?![0-9A-Za-z.:元块年个次块])"
)
"""`密码全数字20200202`, `抽屉密码369`."""

GUESSED: Final = re.compile(
    rf"(?:旧的|老的|原来的)(?P<first>{_GUESS})不[行对][一-鿿,，]{{0,3}}试试?(?P<second>{_GUESS})"
    r"|不是(?P<one>[0-9]{4,6})就是(?P<other>[0-9]{4,6})[,， ]?(?:你|都)?(?:再)?试"
    r"|(?:那串|一直用的|老密码|常用的?那个)(?:那[个串])?(?:是|[ :])?"
    r"(?P<used>" + _MIXED + r")(?![0-9A-Za-z@.])"
)
"""`旧的mimi01不行就试mimi02`, `我一直用的那串zxcv7890`."""

NEXT: Final = re.compile(
    r"密码[^\n]{0,24}?[0-9](?:,|，| )?(?:现在|新的?|改成了?|换成了?|要么|要不|或者?"
    r"|再不[行对]就?试?)"
    r"(?:就?是|试|用)?[ :]?(?P<value>" + _MIXED + r"|[0-9]{4,8})(?![0-9A-Za-z.@]|[年月号个次])"
)
"""`密码原来是aa1122现在是bb3344`: what comes in its place."""

CASE: Final = re.compile(
    r"(?:(?:首字母|开头|字母)[一-鿿]{0,2}[大小]写|大小写)[一-鿿]{0,3}[ ,，:]{0,2}"
    r"(?P<value>(?=[A-Za-z]{0,20}[0-9])[A-Za-z0-9_@#!.]{5,24})(?![0-9A-Za-z])"
)
"""`首字母大写 Shenzhen88`: how its letters are written."""

REVERSED: Final = re.compile(
    r"密码[^\n0-9A-Za-z]{0,16}?(?:生日|倒[着过]|手机|后[四六八]位|名字|学号|工号|门牌)"
    r"[^\n0-9A-Za-z]{0,6}[ ,，:](?P<value>[0-9]{4,8}[A-Za-z]?)(?=\Z|[ \n,，。!~])"
)
"""`密码是我生日倒过来 60218991`."""

OF_THINGS: Final = re.compile(
    r"(?<![!-~])(?P<value>[0-9]{4,8}[#*]?|(?=[A-Za-z]{1,16}[0-9])[0-9A-Za-z]{6,16})[ ,，]{0,2}"
    r"(?:(?:←|<-+) ?[一-鿿A-Za-z]{0,6}密码"
    r"|这?个?就?是[一-鿿]{0,3}(?:[Ww][Ii]-?[Ff][Ii]|无线|网)的"
    r"|就是(?:[一-鿿]{0,2}(?:门禁|门锁|锁屏|开机))(?:的|密码)?)(?=\Z|[ \n,，。!~])"
)
"""`0258就是门禁`, `2468 ← 单元门密码`."""

ENGLISH: Final = re.compile(
    r"(?<![A-Za-z])(?:(?:door|gate|entry|lock|room|garage) code|pin|passcode|password|pwd)"
    r"(?:['’]s|(?: for| to| of) [a-z ]{2,20}?(?: is|:))[ :]{0,2}"
    r"(?P<value>[#*]?(?=[A-Za-z_@!-]{0,20}[0-9])[0-9A-Za-z_@!#*-]{4,24})(?![0-9A-Za-z])"
    r"|(?<![A-Za-z])use (?P<used>"
    r"(?!iphone|ipad|ios|python|chrome|windows|android|mac|usb|wifi)"
    r"(?=[A-Za-z_@!-]{1,20}[0-9])[0-9A-Za-z_@!#-]{5,24})"
    r" to (?:unlock|open|log ?in|get in|connect|sign)",
    re.IGNORECASE,
)
"""`my pin's 8080`, `use lucky_77 to unlock it`."""

_EVERY: Final = (
    *(CHANGED, TYPED, CARD, OPENED, PAIR, DEFAULT, LOCKED, GUESSED, NEXT, CASE, REVERSED),
    *(
        OF_THINGS,
        ENGLISH,
        FRESH,
        CABINET,
        DEVICE,
        BIRTHDAY,
        DOOR_SIGN,
        STUCK_UP,
        DRAWN,
        ANSWERED,
        NUMBERS,
    ),
)
_ROUND: Final = re.compile("[1-9]0{3,}|[1-9][0-9]?00")


class ToldPasswordRecognizer(ChatRecognizer):
    """Finds passwords that no word for one stands beside, or some words away."""

    ENTITY: ClassVar[str] = "PASSWORD"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        r"换|改成?|设成|现在|新的|[就再后接][按输摁]|[按下][井星]号|[门锁柜箱][ :]?[0-9]{4}|的密"
        r"|[网云]盘|百度云|夸克|迅雷|天翼云|解[密压锁]|打开|[A-Za-z0-9] ?[/|｜] ?[!-~]{5}"
        r"|那个[a-z]|默认|登录|管理员|后台|加密|梯控|[匙码]盒|了锁"
        r"|[童屏禁门]锁?(?:是|[ :]){0,2}[两三四五六七八346-8]个|不[行对]|不是[0-9]|那串|一直用"
        r"|老密|常用"
        r"|手势|图案|抽屉|[柜盒箱]|[要得需请先][按输摁][0-9]|柜子?|闸机|电脑|笔记本|平板"
        r"|[Pp][Aa][Dd]|手机|打印机|投影"
        r"|电视|生日|学号|车牌"
        r"|门牌|纪念日|[0-9][#*]|密码|[Ff][Ii][^\n]{1,10}[a-z]|无线|热点|压缩|[Rr][Aa][Rr]"
        r"|[Zz][Ii][Pp]"
        r"|刚[才刚改设换注]|重新|帮你|新[设改换]|的码|开[箱柜门]|[大小]写|就是|是[^\n]{0,5}(?:无线"
        r"|网|[Ff][Ii])的|←|<-|[Uu][Ss][Ee] "
        r"|密码|[Cc][Oo][Dd][Ee]|[Pp][Ii][Nn]|[Pp][Aa][Ss][Ss]|[Pp][Ww]"
    )
    GATE: ClassVar[re.Pattern[str]] = HAS_DIGIT

    def find(self, text: str) -> Iterator[Hit]:
        """Yield the passwords of a folded text that are told in these ways."""
        for pattern in _EVERY:
            for match in pattern.finditer(text):
                for name, value in match.groupdict().items():
                    if not value or name == "net" or is_laughter(value):
                        continue
                    if pattern is TYPED and _ROUND.fullmatch(value):
                        continue
                    why = WHY_SPELLED if name == "spelled" else WHY_AFTER_WORD
                    yield Hit(*match.span(name), 0.6, why)
