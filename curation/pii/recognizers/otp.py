"""One-time codes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import asks_or_denies, is_laughter, is_other_number
from curation.pii.entities import WHY_AFTER_WORD, WHY_SHAPE, WHY_SPELLED
from curation.pii.recognizers.base import ChatRecognizer, Hit
from curation.pii.recognizers.phone import HAS_NUMERAL

if TYPE_CHECKING:
    from collections.abc import Iterator

_CODE: Final = (
    r"验[证正][码马玛🐎🐴妈]|校验码|注册码|(?<![A-Za-z])yzm(?![A-Za-z])"
    r"|动态(?:登[录陆])?(?:密码|口令|码|[密口]令)|(?<![A-Za-z])otp ?密码|确认码|[短简][信讯]码"
    r"|短信密码|随机密码|授权码|认证码|登[录陆入]码|安全码|令牌码?|将军令"
    r"|(?:绑定|配对|随机|核验|检验|投屏|交易|提现|操作)码"
    r"|一次性(?:密码|代码|口令|验证)|[二两双][次步重](?:验证|认证)(?:码)?|验证(?:器"
    r"|(?= ?[0-9]{6}(?![0-9])))"
    r"|(?:微软|谷歌|苹果|验证|安全|登[录入]|google|apple|microsoft|steam) ?代码"
    r"|代码(?<=重置密码.代码)"
    r"|(?<![A-Za-z])(?:otp|2fa(?: code)?|authenticator|authy"
    r"|(?:verif[a-z]{1,9}|security|log-?in|sign-?in|confirm[a-z]{0,5}|access|sms|auth[a-z]{0,10}"
    r"|guard"
    r"|activation|registration|reset|one[ -]time) (?:code|password|passcode|pin))"
    r"(?![A-Za-z])"
)
_KEY: Final = rf"(?:{_CODE})"

_NEWS: Final = "[到来收有发给][到来了你给]{0,3}[哈啦了]?"
AFTER_KEY: Final = re.compile(
    rf"(?:{_CODE}|(?<![A-Za-z])your code)"
    rf"(?:\(?[四六4-8]位(?:数字?)?\)?)?(?:[一-鿿]{{0,6}}?[是为](?:[四六4-8]位)?|{_NEWS}| is)?"
    r"[ :=】\]“\"「『(，,～~>→👉-]{0,3}\n{0,2}"
    r"(?P<value>[0-9]{3}[ -][0-9]{3}|[0-9]{2}[ -][0-9]{2}(?:[ -][0-9]{2})?|[0-9](?:[ -][0-9]){3,7}"
    r"|(?:[A-Z]{1,2}-)?(?=[A-Za-z]{0,7}[0-9])[0-9A-Za-z]{4,8})(?![0-9A-Za-z]|-[0-9])",
    re.IGNORECASE,
)
"""`验证码 123456`, `验证码是1234`, `OTP: 12AB`. Misses a code that stands alone in its message."""

ENGLISH: Final = re.compile(
    r"(?<![A-Za-z])(?<!error )(?<!exit )(?<!status )(?<!zip )(?<!post )(?<!postal )(?<!promo )"
    r"(?<!area )(?<!country )(?<!return )(?<!response )(?<!qr )(?<!vs )"
    r"(?<!door )(?<!gate )(?<!lock )(?<!entry )(?<!room )"
    r"code(?: is ?:?| ?是|:) ?(?P<value>(?:[A-Z]-)?[0-9]{4,8})(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z-])(?P<first>(?:[A-Z]-)?[0-9]{4,8}|[0-9]{3}[ -][0-9]{3})"
    r" (?:is|as) your [A-Za-z ]{0,24}(?:code|otp|pin(?![a-z])|passcode)"
    r"|(?<![A-Za-z])(?:use|enter|type)(?: the)?(?: code)? (?P<used>[0-9]{4,8}|[0-9]{3}[ -][0-9]{3})"
    r" (?:to|as|for) [A-Za-z ]{0,30}?(?:verif|log|sign|confirm|activat|reset|access|code|complete)"
    r"|(?<![A-Za-z])(?<![A-Za-z] )code ?(?P<six>[0-9]{6})(?![0-9A-Za-z])"
    r"|(?<![A-Za-z])code ?:? ?(?P<split>[0-9]{3}-[0-9]{3})(?![0-9A-Za-z-])",
    re.IGNORECASE,
)
"""`code is 4821`, `482913 is your login code`. Misses `code 482913`, which may be an error's."""

AFTER_CLAUSE: Final = re.compile(
    _KEY + r"(?P<clause>[^0-9A-Za-z\n]{0,14}?)(?P<value>[0-9]{6}|[0-9]{3}[ -][0-9]{3})"
    r"(?![0-9A-Za-z]|[.:/年-][0-9])"
)
"""`验证码发你了，482913`. Misses codes of other lengths, which may be sums."""

APPLICATION: Final = re.compile(
    r"授权码(?:[一-鿿]{0,3}?[是为])?[ :]{0,3}(?P<value>[A-Za-z0-9]{8,20}"
    r"|[a-z]{4}(?: [a-z]{4}){3})(?![0-9A-Za-z])"
)
"""The longer code that a mailbox gives to an application."""

ON_THE_NEXT_LINE: Final = re.compile(
    rf"(?:{_CODE})"
    r"(?P<clause>[一-鿿]{0,8}) ?[:?？]?\n(?P<value>[0-9]{4,8})"
    r"(?=\n|\Z)"
)
"""`验证码` and then `482913` as a message of its own."""

_ASKS: Final = (
    r"(?:[收要有个报念填输的给把]|^|(?<=[\n,，。!！?？ ]))码"
    r"(?=[呢吗嘛?？:\n]|[发报念给说告]|多少|来了|收到|是多|是啥|是什么)"
)
ANSWERED: Final = re.compile(
    rf"(?:{_KEY}|{_ASKS})[^0-9\n]{{0,12}}\n"
    r"(?:(?:收到了?|来了|到了|有了|就?是|好的?|嗯+|哦|给你|你看|发你|刚到"
    r"|喏)[了啦哈]?[ ,，:。~]{0,3})?"
    r"(?P<value>[0-9]{4}|[0-9]{6}|[0-9]{3}[ -][0-9]{3})(?![0-9A-Za-z.:/-]|[元块年月万分点]"
    r"| ?[一两每几]?[条个次人张份])",
    re.IGNORECASE | re.MULTILINE,
)
"""`验证码发我` and then `收到了 5527`: a request, and its answer as the next message begins."""

TOLD: Final = re.compile(
    r"(?:(?:^|(?<=[\n,，。!！ 个]))码(?:就?是|为| ?:) ?"
    r"|(?:收到|发[来你我给]|刚[才刚]?[来到发]|短信|手机)(?:过来"
    r"|[了来你我])?的?[那这]?个?[号数]?码(?:字)?(?:就?是|为|[ :]){0,3}"
    r"|短信(?:(?:里|上)?(?:说|写|写的|显示|发)的?(?:就?是)?|来了|到了|收到了?"
    r"|[里上]那[个串]数字?(?:就?是)?"
    r"|[里上]的?(?:数字)?就?是)[ ,，:]{0,2})"
    r"(?P<value>[0-9]{6}(?![0-9])|(?<=码是|码为|的码|码:)[0-9]{4}(?![0-9])"
    r"|(?<=码: )[0-9]{4}(?![0-9]))"
    r"(?![A-Za-z.:/-]|[元块年月万分])",
    re.MULTILINE,
)
"""`码是662819`, `短信来了，447120`: a code where only the message or 码 is named."""

SMS: Final = re.compile(
    r"(?:【[^】\n]{1,16}】|\[[^\]\n]{2,16}\]"
    r"|^)[^\n]{0,60}?(?<![0-9A-Za-z.:/*尾号-])(?P<value>[0-9]{4}|[0-9]{6})"
    r"(?![0-9A-Za-z.:/*-]|[元年月日号分点位条次]| ?分钟)"
    r"[^\n]{0,40}?(?:分钟内?有效|分钟内?输入|有效期|[请切]?勿[^\n]{0,3}(?:泄[露漏]|告[知诉]|转发"
    r"|提供)|打死|不要(?:告诉|泄露)|do not share|never share)",
    re.IGNORECASE | re.MULTILINE,
)
"""The form of a message that a service sends: its name in brackets, and how long the code lasts."""

_SIGNS_IN: Final = re.compile(
    "登[录陆入]|注册|验证|绑定|重置|身份|校验|动态|密码|代码|code|verif|sign", re.IGNORECASE
)
"""What such a message is about when it holds a code."""

_PARCEL: Final = re.compile(
    "[取提自寄][件货提餐]|包裹|快递|驿站|柜|预约|排队|订单|航班|车次|余额|金额|卡号"
)

NEARBY: Final = re.compile(
    r"(?<![0-9A-Za-z./-])(?<![0-9]:)(?P<value>[0-9]{6}|[0-9]{3}[ -][0-9]{3})"
    r"(?![0-9A-Za-z元块]|[.:/年-][0-9])"
)
"""Six digits, which a word for a code near them makes one."""

_REACH: Final = 18
_NEAR_KEY: Final = re.compile(rf"(?<!〔){_KEY}|[收个发报念]码|^码(?= ?[:是])", re.IGNORECASE)
_NOT_TOLD: Final = re.compile("收不到|没收|没[到来]|[〔〕]|电话|密码")

BEFORE_KEY: Final = re.compile(
    r"(?<![0-9A-Za-z.-])(?<!尾号)(?P<value>(?:[A-Z]-)?[0-9]{4,8})"
    r"(?:(?:[(,，]| ?这?个?就?是|为)[一-鿿A-Za-z ]{0,10}?"
    + _KEY
    + rf"|\([一-鿿]{{1,14}}\)[,，。]?[一-鿿,，]{{0,14}}?{_KEY}|[ \n]?{_KEY}(?=\n|\Z|[。!,，~]))",
    re.IGNORECASE,
)
"""`123456（登录验证码）`, `123456是你的验证码`, `482913 验证码`."""

SPELLED: Final = re.compile(
    _KEY + r"(?:[一-鿿]{0,2}?[是为]?[ :]{0,3}|[一-鿿]{1,8}[ ,，:] ?)"
    r"(?P<value>[零〇洞一二两三四五六七八九幺拐]{4,8})"
    r"(?![零〇一二三四五六七八九十百千万位个分秒])"
)
"""`验证码四八二九一三`. Misses numerals read in groups."""

_SPELLED: Final = "[零〇洞一幺二两三四五六七拐八九]{4,8}"
SAID: Final = re.compile(
    r"(?:念给你(?:听)?|我念|听好了?|记好了?|报给你)[ ,，:。]{0,2}"
    rf"(?P<spelled>{_SPELLED})(?=\Z|[ \n,，。!~])"
    rf"|(?:^|[ \n,，])(?P<alone>{_SPELLED})[ ,，]?(?:就?这?[四六]位)"
)
"""`听好了 八八零三`, `四七一二，四位的`."""

_COUNTING: Final = re.compile("(?:一二三四|二三四五|三四五六)[五六七八九]*")

_SERVICE: Final = re.compile("1(?:00(?:00|10|86)|2[0-9]{3})|9[56][0-9]{3}")
"""Numbers of hotlines, which have five digits as codes seldom have."""

_QUESTION: Final = re.compile("多少|什么|啥|吗|收到")
"""Words of a question, which the next message may answer."""

_COUNTED: Final = re.compile(r" ?(?:位|次|遍|个|天|年|月|分钟|秒|块|元|人|条|行|点|号线)")


class OtpCodeRecognizer(ChatRecognizer):
    """Finds one-time codes beside a word for one."""

    ENTITY: ClassVar[str] = "OTP_CODE"
    # Every branch begins with a letter that is rare: `re` finds those fastest.
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        r"(?=[念我听记报零〇洞一幺二两三四五六七拐八九码证正短性机次动器令"
        r"代将册】\]\n ,，。!！?？2AaCcEeGgOoPpRrTtUuYy])(?:"
        r"念给你|我念|听好|记好|报给你|[零〇洞一幺二两三四五六七拐八九]{4}[ ,，]?就?这?[四六]位|"
        r"[证正][码马玛🐎🐴妈]|册码|[Aa][Uu][Tt][Hh][Yy]|[】\]][^\n]{0,60}[0-9]{4}"
        r"|短信[来说写显里上到收发]|[Gg][Uu][Aa][Rr]"
        r"|(?:^|[\n,，。!！?？ ])码|码(?<=[发来到刚收要有个报念填输的给把你我才了号数信机]码)"
        r"|[Uu][Ss][Ee] |[Ee][Nn][Tt][Ee][Rr]|[Ty][Yy][Pp][Ee]"
        r"|[Yy][Oo][Uu][Rr]|性[密代口验](?<=一次性.)|[Rr][Ee][Ss][Ee]|[Tt][Ii][Oo][Nn]|[Pp][Ii][Nn]"
        r"|[Yy][Zz][Mm]|机密|[Aa][Uu][Tt][Hh]"
        r"|码(?<=[收个发报念]码)|码(?= ?[:是])"
        r"|码(?<=[讯证验态认信权录陆入全定对机屏易现作]码)"
        r"|次性(?<=一次性)|短信密|动态[密口]|证(?<=[次步重][验认]证)|证(?= ?[0-9])"
        r"|器(?<=验证器)|令牌|将军令|代码"
        r"|[Oo](?:[Tt][Pp]|[Nn][Ee])|2[Ff][Aa]|[Cc][Oo][Dd][Ee])"
    )
    GATE: ClassVar[re.Pattern[str]] = re.compile(HAS_NUMERAL.pattern.replace("]", "权]"))
    NEEDS = ((re.compile(r"[证码密次态器令将代短妈正权念听记报位】\]ZzHhOoFfEeYyTtPpGg]"), 1),)

    def find(self, text: str) -> Iterator[Hit]:
        """Yield codes that stand beside a word for one, or near it where none does."""
        found = [*self._told(text), *self._in_short_message(text), *self._read_out(text)]
        yield from found or self._nearby(text)

    @staticmethod
    def _nearby(text: str) -> Iterator[Hit]:
        for match in NEARBY.finditer(text):
            start, end = match.span()
            low = max(0, start - _REACH)
            high = min(len(text), end + _REACH)
            near = _NEAR_KEY.search(text, low, start) or _NEAR_KEY.search(text, end, high)
            if near is None or _NOT_TOLD.search(text, low, high) or is_laughter(match["value"]):
                continue
            if not is_other_number(text, start, end) and not _COUNTED.match(text, end):
                yield Hit(start, end, 0.5, WHY_AFTER_WORD)

    @staticmethod
    def _in_short_message(text: str) -> Iterator[Hit]:
        for match in SMS.finditer(text):
            if _SIGNS_IN.search(text, match.start(), min(len(text), match.end() + _REACH)):
                start, end = match.span("value")
                parcel = _PARCEL.search(text, max(0, start - 14), min(len(text), end + 10))
                if not parcel and not is_other_number(text, start, end):
                    yield Hit(start, end, 0.7, WHY_SHAPE)

    @staticmethod
    def _read_out(text: str) -> Iterator[Hit]:
        for match in SAID.finditer(text):
            name = match.lastgroup or "spelled"
            if not _COUNTING.fullmatch(match[name]):
                yield Hit(*match.span(name), 0.6, WHY_SPELLED)

    @staticmethod
    def _told(text: str) -> Iterator[Hit]:
        for pattern in (
            *(AFTER_KEY, ENGLISH, BEFORE_KEY, APPLICATION),
            *(ANSWERED, TOLD),
        ):
            for match in pattern.finditer(text):
                value = match.lastgroup or "value"
                counted = _COUNTED.match(text, match.end(value))
                if (
                    not counted
                    and not is_laughter(match[value])
                    and not _SERVICE.fullmatch(match[value])
                ):
                    yield Hit(*match.span(value), 0.85, WHY_AFTER_WORD)
        for pattern in (AFTER_CLAUSE, ON_THE_NEXT_LINE):
            for match in pattern.finditer(text):
                clause = match["clause"]
                if pattern is ON_THE_NEXT_LINE:
                    clause = _QUESTION.sub("", clause)
                # What follows `新的` is one, however the sentence about the old one went.
                talk = asks_or_denies(clause) and not clause.endswith(("新的", "新的是"))
                talk = talk or is_laughter(match["value"])
                if not talk and not _COUNTED.match(text, match.end("value")):
                    yield Hit(*match.span("value"), 0.75, WHY_AFTER_WORD)
        for match in SPELLED.finditer(text):
            yield Hit(*match.span("value"), 0.75, WHY_SPELLED)
