"""Passwords and codes told in no form that is known: the evidence around a token is added up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import is_laughter, is_other_number
from curation.pii.entities import WHY_NEAR_LOCK, WHY_NEAR_SECRET
from curation.pii.folding import CHINESE_DIGITS
from curation.pii.recognizers.base import ChatRecognizer, Hit
from curation.pii.recognizers.password import DEVICE, NO_LOCK, REPEATED
from curation.pii.recognizers.phone import HAS_NUMERAL

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMERALS: Final = "".join(CHINESE_DIGITS)

TOKEN: Final = re.compile(
    r"(?<![0-9A-Za-z_.:/@#*+=&?%\\-])(?:"
    r"(?P<apart>[0-9]{3}[ -][0-9]{3}|[0-9]{2}(?:[ -][0-9]{2}){1,3}|[0-9](?:[ -][0-9]){2,7})"
    r"|(?P<digits>[*#]?[0-9]{4,10}[*#]?)"
    r"|(?P<mixed>(?=[A-Za-z_@#!$&-]{1,23}[0-9]|[0-9][0-9_@#!$&-]{0,22}[A-Za-z])"
    r"(?!(?i:pwd?|psw|pin|pass|mima|wi-?fi))[0-9A-Za-z][0-9A-Za-z_@#!$&*-]{2,22}[0-9A-Za-z#*])"
    r")(?![0-9A-Za-z_@/\\]|[.:!$&-][0-9A-Za-z])"
    rf"|(?<![{_NUMERALS}十百千万第])(?P<spelled>[{_NUMERALS}]{{4,8}}|[两三四五六七八九4-8]个"
    rf"[{_NUMERALS}0-9])(?![{_NUMERALS}十百千万亿])"
)
"""What could be a secret by its shape. Misses words and letters alone."""

_PICK_UP: Final = "(?<![取件提货餐领])"
_NO_SECRET: Final = "".join(f"(?<!{word})" for word in NO_LOCK)
NOUN: Final = re.compile(
    r"(?P<code>验[证正][码马]?|动态[密口]?[码令]?|一次性(?:密码|口令)|校验码?|确认码|登[录陆入]码"
    r"|授权码?|短信(?:密码|码|里|来|到|$)|令牌|(?P<news>收到[了没吗])"
    r"|(?<![A-Za-z])(?:otp|yzm|2fa|sms)(?![A-Za-z]))"
    rf"|(?P<word>{_PICK_UP}{_NO_SECRET}密码(?![锁箱盒学门])|蜜码|密钥|秘钥|口令|暗号|提取码"
    rf"|解压码?|解锁码?|开锁码?"
    r"|锁屏码|密保|密[是为](?=[ :]?[0-9A-Za-z])|[卡账]密"
    r"|(?<![A-Za-z])(?:pin(?![你我一下个])|pwd?|psw|password|passcode)(?![A-Za-z]))"
    r"|(?P<bare>(?:[的锁门盘库箱柜网个收发报念给填有是换你我新]|^|[ \n,，。!！?？])"
    r"码(?![头农数字子上市价率云洋流表]))",
    re.IGNORECASE,
)
"""A word for a secret, and which kind of one."""

LOCKED: Final = re.compile(
    r"[电密智指挂铁童门车箱柜室屋家房]?[门码能纹]?子?锁(?![定住匙骨骼])|门禁"
    r"|密码[箱盒门柜]|保险[箱柜]"
    r"|行李箱|(?:储物|寄存|更衣|手环|钥匙)[柜盒]|柜子|车库|闸机|梯控|锁屏|开机"
    r"|(?:单元|院|大|房|家|铁)门(?!口)"
    r"|[网云]盘|百度云|百度盘|夸克|压缩包|(?<![A-Za-z])wi-?fi(?![A-Za-z])|无线网?|热点|路由器?"
    r"|(?<![A-Za-z])(?:zip|rar|nas|vpn)(?![A-Za-z])",
    re.IGNORECASE,
)
"""What is locked or logged in to."""

_NETWORK_NAME: Final = re.compile(
    r"(?:wi-?fi|无线|热点)(?:的?名字?|叫|搜|连|选)(?:叫|是|[ :])*\Z", re.IGNORECASE
)
_ROUTER: Final = re.compile("(?:_5|2[.]4)G|[-_]LINK", re.IGNORECASE)
_AND_PASSWORD: Final = re.compile("[ ,，/]*(?:密|口令|pw|pass)", re.IGNORECASE)
_NETWORK: Final = re.compile("wi-?fi|无线|热点|路由", re.IGNORECASE)

_CHANGED: Final = re.compile(
    r"(?:改成?|换成?|设成?|设的?|设置|设为|重置|变成|新的)[成了为是的:： ]{0,3}(?:现在)?是?[ :]?\Z"
)
_TOLD: Final = re.compile(
    r"(?:(?<!不)是|为|[按输摁填试敲用念]入?|发你|给你|报给?你?|收到|来了|到了"
    r"|来了?一?[个条]|一[个条]|告诉你"
    r"|如下|听好|记[下好])[了哈啊哦吧呢着]?[ ,，:。~…]{0,2}\Z"
)
_AFTERWARDS: Final = re.compile(
    r"(?=[了吧哈啊哦呀嘛呢啦]|[ \n,，。;；!！?？~、)）]|\Z|就(?:行|是|能|开)|再|然后"
    r"|[进开]|作废|试试|这个)"
)
_STALE: Final = re.compile(r" ?(?:那个|这个|的)?(?:作废|失效|过期|不[对行能])")

_FORMER: Final = re.compile(r"(?:前面|之前|刚才|刚刚|上一?[个条次]|旧|老|原来)的?(?:那个)?\Z")

_TALK: Final = re.compile(
    "忘[了记]|(?:输|填|打|按|写)错|错[了误]|[收看]不[到见]|没收|没有|找回|重置|至少"
    "|不少于|以[上内]|要求|长度|规则|强度"
    "|[〔〕]|什么|多少|怎么|为啥|哪"
)
_OTHER_LEFT: Final = re.compile(
    r"(?:尾号|后[三四六]位|前[三四六]位|第|约|大约|差不多|大概|一共|总共|共|仅|只要"
    r"|才|花了?|卖|买|付了?"
    r"|扣了?|转了?|赚了?|欠|充了?|[¥￥$€]|版本?|型号|编号|房间?|单号|订单|快递|运单"
    r"|航班|车次|桌|排队|[学工]号"
    r"|邮编|区号|拨打?|致电|热线|电话|手机号?|客服|公里|海拔|红包|周[一二三四五六日]"
    r"|[0-9][年月日号点] ?"
    r"|[账帐]号|用户名|[会群] ?[议号]|uid|id|网名|名[字称]?[叫是:]|型[号是]|系统"
    r"|游戏|微信|扣扣|企鹅"
    r"|(?<![a-z])(?:qq|vx?|wx|iphone|ipad|win|ios|rtx|gtx|code ?(?:error|review)))"
    r"(?:是|叫|为|码|有|要|了|个|的|[ :：(])*\Z",
    re.IGNORECASE,
)
_OTHER_NEAR: Final = re.compile(
    "红包|取件|取货|提货|取餐|驿站|丰巢|快递|单号|订单|价|包邮|优惠|[元块]|钱|款"
    "|转账|工资|余额|预算|尾号|后四位|准考证|扫码"
    "|条码|编码|邀请码|兑换|编程|股|基金|公交|地铁|航班|高铁|比分"
)
_UNIT_RIGHT: Final = re.compile(
    r" ?(?:元|块|万|亿|千|百|点|号|楼|栋|幢|室|层|人|个|次|位|遍|条|张|份|字|行|页"
    r"|天|年|月|日|周|岁|分|秒|小时"
    r"|%|％|度|版|款|路|米|斤|克|兆|步|集|章|级|分钟|粉|赞|名|只|件|套|台|辆|盒|瓶"
    r"|本|种|家|户|届|期|代|平|寸"
    r"|公里|毫|mm|cm|km|kg|mb|gb|ms|px|hz|mah|w(?![A-Za-z])|k(?![A-Za-z])"
    r"|g(?![A-Za-z])|p(?![A-Za-z])"
    r"|(?:的)?(?:电话|手机|热线|客服|尾号|航班|考试|年代|教室|会议))",
    re.IGNORECASE,
)
_MODEL: Final = re.compile(
    r"(?:[A-Za-z]{1,4}-?[0-9]{1,4}[A-Za-z]{0,4}|[0-9]{1,4}[a-z]{1,3}|[0-9]+[a-z]+[0-9]?)\Z",
    re.IGNORECASE,
)
"""Short letters and digits, as products and rooms have them."""
_MEASURE: Final = re.compile("[0-9]+(?:mah|dpi|mbps|fps|rpm|kwh|kcal)", re.IGNORECASE)
_YEAR: Final = re.compile("(?:19|20)[0-9]{2}")
_ROUND: Final = re.compile("[0-9]{1,3}(?:00|99|98)|[0-9]*000")
_PRICE: Final = re.compile("[0-9]{1,2}[0-9](?:80|88|50|60|90)")
_SERVICE: Final = re.compile("1(?:00(?:00|10|86)|2[0-9]{3})|9[56][0-9]{3}|[48]00[0-9]{0,7}")
_DATE: Final = re.compile("(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_COUNTING: Final = re.compile(
    "一二三|二三四|三四五|三三两两|七七八八|一五一十|五五|三七|一一|[一二三四五六七八九两]{4}[种个]"
)

_LEFT: Final = 22
_RIGHT: Final = 16
_LOCK_LEFT: Final = 12
_LOCK_RIGHT: Final = 4
_THRESHOLD: Final = 0.5 - 1e-9
_MARK: Final = re.compile("[〔〕]")
_SENTENCE: Final = re.compile("[。!！?？\n]")
_NEAR: Final = ((0, 0.5), (3, 0.45), (8, 0.35), (14, 0.25), (_LEFT, 0.15))
_NEAR_BEHIND: Final = ((1, 0.4), (3, 0.35), (8, 0.25), (_RIGHT, 0.1))
_BESIDE: Final = 0.45
"""What a word for a secret is worth that stands beside a token."""
_USUAL_DIGITS: Final = 6
_MOST: Final = 0.58
"""Never as sure as a known form is."""


def _by_distance(gap: int, steps: tuple[tuple[int, float], ...]) -> float:
    return next((worth for far, worth in steps if gap <= far), 0.0)


def evident_secrets(text: str) -> Iterator[tuple[str, Hit]]:
    """Yield tokens of a folded text that the words around them make a secret, with the entity."""
    for match in TOKEN.finditer(text):
        start, end = match.span()
        if _is_another(text, match):
            continue
        low = max(0, start - _LEFT)
        high = min(len(text), end + _RIGHT)
        for mark in _MARK.finditer(text, low, start):
            low = mark.end()
        mark_right = _MARK.search(text, end, high)
        high = mark_right.start() if mark_right else high
        left, right = text[low:start], text[end:high].split("\n", 1)[0]
        noun, kind = _noun(left, right)
        lock = _lock(left, right) if kind != "code" else 0.0
        if _names_network(match, left, right) or (noun <= 0 and _only_named(match, left)):
            continue
        if noun <= 0 and lock <= 0:
            continue
        told = _telling(left, right)
        score = noun + (lock if noun < _BESIDE else lock / 2) + told + _shape(match)
        if score < _THRESHOLD:
            continue
        entity = "OTP_CODE" if kind == "code" else "PASSWORD"
        why = WHY_NEAR_SECRET if noun > 0 else WHY_NEAR_LOCK
        yield entity, Hit(start, end, round(min(score, _MOST), 2), why)


def _noun(left: str, right: str) -> tuple[float, str]:
    """Return what the nearest word for a secret is worth, and its kind."""
    best, kind = 0.0, ""
    before = next(reversed(list(NOUN.finditer(left))), None)
    if before is not None:
        gap = left[before.end() :]
        best = _by_distance(len(gap.strip(" :,，")), _NEAR)
        kind = _kind(before)
        best -= 0.1 * (kind == "bare") + 0.15 * (before["news"] is not None)
        best -= 0.1 * len(_SENTENCE.findall(gap.rstrip("\n") if "\n" in gap else gap))
        if _TALK.search(gap) and "\n" not in gap:
            best -= 0.4
        if re.search("[0-9A-Za-z]{3}", gap):
            best -= 0.15
    after = NOUN.search(right)
    if (
        after is not None
        and not (after["bare"] or after["news"])
        and not _TALK.search(right[: after.end() + 6])
    ):
        gap = right[: after.start()]
        worth = _by_distance(len(gap.strip(" :,，")), _NEAR_BEHIND) - 0.1 * bool(
            _SENTENCE.search(gap)
        )
        if re.search("[0-9A-Za-z]{3}", gap):
            worth -= 0.2
        if worth > best:
            best, kind = worth, _kind(after)
    return best, kind


def _kind(noun: re.Match[str]) -> str:
    return "code" if noun["code"] else "bare" if noun["bare"] else "word"


def _lock(left: str, right: str) -> float:
    before = LOCKED.search(left[-_LOCK_LEFT:])
    if before and not _TALK.search(left[-_LOCK_LEFT:]):
        return 0.3 if left.endswith((before[0], f"{before[0]} ", f"{before[0]}是")) else 0.25
    return 0.15 if LOCKED.search(right[:_LOCK_RIGHT]) else 0.0


def _names_network(match: re.Match[str], left: str, right: str) -> bool:
    """Whether a token is what a network is called: `无线叫TP-1208`."""
    if match["mixed"] is None:
        return False
    if _NETWORK_NAME.search(left) or _ROUTER.search(match[0]):
        return True
    return _AND_PASSWORD.match(right) is not None and _NETWORK.search(left[-6:]) is not None


def _only_named(match: re.Match[str], left: str) -> bool:
    """Whether a token may be the name of a network, or a year or a price of what is locked."""
    if _CHANGED.search(left):
        return False
    if match["mixed"]:
        return _NETWORK.search(left) is not None
    return _shape(match) < 0 or _PRICE.fullmatch(match[0]) is not None


def _telling(left: str, right: str) -> float:
    """Return what the words directly beside a token add that tell, change or enter something."""
    worth = 0.0
    if _CHANGED.search(left):
        worth += 0.2
    elif left.endswith("是不是"):
        worth += 0.15
    elif _TOLD.search(left) or (left.endswith("\n") and _ASKED.search(left)):
        worth += 0.1
    if _STALE.match(right):
        worth += 0.4 if _FORMER.search(left) else 0.2
    elif not right or _AFTERWARDS.match(right):
        worth += 0.1
    return worth


_ASKED: Final = re.compile("多少|什么|啥|[?？]|来着|[发给报说念][我一下]|[呢吗没]\n")


def _shape(match: re.Match[str]) -> float:
    """Return how much a token looks like a secret."""
    value = match[0]
    if match["mixed"]:
        return 0.1 if _MODEL.match(value) else 0.2
    if match["digits"]:
        digits = value.strip("#*")
        if value != digits:
            return 0.25
        if _YEAR.fullmatch(digits) or _ROUND.fullmatch(digits):
            return -0.1
        return 0.15 if len(digits) == _USUAL_DIGITS else 0.05
    return 0.1


def _is_another(text: str, match: re.Match[str]) -> bool:
    """Whether a token is plainly something else: a sum, a date, an order, laughter, a model."""
    start, end = match.span()
    value = match[0]
    if is_laughter(value) or _SERVICE.fullmatch(value) or _UNIT_RIGHT.match(text, end):
        return True
    low, high = max(0, start - _LEFT), min(len(text), end + 8)
    if match["mixed"] and (DEVICE.match(value) or _MEASURE.fullmatch(value)):
        return True
    if match["spelled"] and (_COUNTING.search(value) or REPEATED.match(text, end)):
        return True
    if _OTHER_LEFT.search(text, low, start) or is_other_number(text, start, end):
        return True
    return _OTHER_NEAR.search(text, max(low, start - 12), high) is not None


class _EvidentSecretRecognizer(ChatRecognizer):
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        "[密码证令号压锁禁柜箱库机控门盘云夸包线热路信授校动收]"
        "|[Ww][Ii]-?[Ff][Ii]|[Pp][Ww]|[Pp][Ii][Nn]|[Pp][Aa][Ss]|[Pp][Ss][Ww]"
        "|[Oo][Tt][Pp]|[Yy][Zz][Mm]"
        "|2[Ff][Aa]|[Ss][Mm][Ss]|[Zz][Ii][Pp]|[Rr][Aa][Rr]|[Nn][Aa][Ss]|[Vv][Pp][Nn]"
    )
    GATE: ClassVar[re.Pattern[str]] = HAS_NUMERAL

    def may_find(self, text: str) -> bool:
        """Whether a folded text holds a token and a word that could make it a secret."""
        return self.TRIGGER.search(text) is not None and TOKEN.search(text) is not None

    def find(self, text: str) -> Iterator[Hit]:
        """Yield the tokens for which the evidence suffices."""
        for entity, hit in evident_secrets(text):
            if entity == self.ENTITY:
                yield hit


class EvidentPasswordRecognizer(_EvidentSecretRecognizer):
    """Finds passwords by the evidence around them."""

    ENTITY: ClassVar[str] = "PASSWORD"


class EvidentOtpCodeRecognizer(_EvidentSecretRecognizer):
    """Finds one-time codes by the evidence around them."""

    ENTITY: ClassVar[str] = "OTP_CODE"
