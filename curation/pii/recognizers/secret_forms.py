"""Passwords in forms that are certain: quoted, in addresses and commands, read out, in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import is_laughter
from curation.pii.entities import WHY_AFTER_WORD, WHY_SHAPE, WHY_SPELLED
from curation.pii.recognizers.base import ChatRecognizer, Hit
from curation.pii.recognizers.phrase_candidates import is_public
from curation.pii.recognizers.secret_candidates import NUMERALS
from curation.pii.recognizers.secret_keys import HINT, keys
from curation.pii.recognizers.wechat import PRODUCT

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD: Final = (
    r"(?:密码(?<!(?:动态|随机|短信)密码)(?<!(?:动态|短信)(?:登录|交易)密码)(?<!一次性密码)(?<!(?i:otp)密码)|[蜜米咪]码|密匙"
    r"|口令(?<!淘口令)(?<!红包口令)(?<!动态口令)|暗号|[密秘]钥|(?<![A-Za-z])(?i:pwd|psw|pass(?:word|wd)?)"
    r"(?![A-Za-z]))"
)
_IS: Final = r"[\"']? ?(?:(?:就?是|为|[:=]+) ?){1,2}"

NAMED: Final = re.compile(
    rf"{_WORD}(?:{_IS}|[:=]\n)[\"'“‘(]?(?P<value>(?=[!-Z^-~]{{0,63}}[0-9])[!-9;<>-Z^-~][!-Z^-~]{{3,63}})"
)
"""`密码是X`, `password: X`, whatever signs X has. Misses values without a digit."""

THAT_ONE: Final = re.compile(
    r"(?<![0-9A-Za-z@._/-])(?P<value>[A-Za-z]{2,12}[0-9]{3,8})[那这]个密码(?=\Z|[ ,，。.!！~\n])"
)
"""`mango2024那个密码`, at the end of a clause. Misses values of another make."""

QUOTED: Final = re.compile(
    rf"{_WORD}(?!提示|问题|找回)[^\n0-9A-Za-z“「『\"]{{0,5}}(?:[“「『]|(?<=[是:= ])\")"
    r"(?P<value>[^“”\"「」『』〔〕\n]{2,24})[”」』\"]"
)
"""`密码是“芝麻开门”`: anything at all between quotation marks."""

PHRASE: Final = re.compile(
    r"密码 ?: ?(?P<value>[一-鿿]{1,6}[0-9][0-9A-Za-z]{1,11})(?![0-9A-Za-z一-鿿])"
    r"|(?:(?<!红包)(?<!淘)口令|暗号)(?:就?是|为| ?: ?| )"
    r"(?P<both>[一-鿿]{1,10}[0-9]{2,8})(?![0-9A-Za-z一-鿿])"
    r"|(?<!没有)(?<!不用)(?:(?<!红包)(?<!淘)口令|暗号)(?:(?:今[天晚儿]|明[天早]|[这本]周|现在)?"
    r"(?:就?是| ?: ?|[改换]成)|(?<![是叫算]口令)(?<![是叫算]暗号) )(?P<said>"
    r"(?![^\n,，。]{0,6}(?:什么|多少|啥|谁|你|我|不|没|吗|呢|忘|错|几|改|换))[一-鿿]{3,8}"
    r"(?=\Z|[ \n,，。!！~]))"
)
"""`口令是芝麻开门123`, `暗号是天王盖地虎`."""

COUNTED: Final = re.compile(
    r"(?<!红包)(?<!淘)(?:口令|暗号|密码)(?:就?是|为|[ :])?(?P<value>[一-鿿]{3,8}?)"
    r"(?=[ ,，(]{0,2}(?:就?这)?(?:[三四五六七八]个?(?:汉)?字|[3-8] ?个(?:汉)?字)(?![符母]))"
)
"""`密码云朵拖拉机五个字`: a watchword whose letters are counted."""

READ_OUT: Final = re.compile(
    r"密码[^\n0-9A-Za-z]{0,12}?(?P<value>[大小]写(?:字母)?的?[A-Za-z]{1,3}(?![A-Za-z])"
    r"(?:[ ,，、]?(?:(?:[大小]写(?:字母)?的?)[A-Za-z]{1,3}(?![A-Za-z])"
    r"|(?:然后|再加|加上?|接着)?[ ]?[0-9]{1,8}|井号|下划线|艾特|感叹号|星号)){1,11})"
)
"""`大写Q小写w再加2231`: how to type it, sign by sign."""

SPACED: Final = re.compile(
    r"密码(?:是|[ :])?(?P<value>[0-9A-Za-z]{2,16}(?: [0-9A-Za-z]{2,16}){1,3})"
    r"[^0-9A-Za-z\n]{0,4}空格"
)
"""`密码qwe asd 123，中间有空格`."""

_TURN: Final = rf"(?:[0-9]{{1,2}}|[{NUMERALS}十两]{{1,3}})"
DIAL: Final = re.compile(
    rf"[左右] ?(?:时针)?[转轉拧旋拨]? ?{_TURN}(?:[圈格]?[停到至]?{_TURN}?)"
    rf"(?:[ ,，、。]{{0,2}}(?:再|然后|然後|接着|最后|最後)?[往向]?[左右] ?[转轉拧旋拨]?[圈停到]? ?"
    rf"(?:{_TURN}|停)[圈格]?[停到至]?{_TURN}?){{1,5}}"
    rf"|先 ?{_TURN}(?:[ ,，]?(?:再|然后|然後|接着) ?{_TURN}){{2,4}}"
)
"""`左三圈47右两圈12`: how a dial is turned, where one speaks of what it opens."""

_TURNED: Final = re.compile("[0-9]{2}|圈|[左右].*[左右].*[左右]|先")
_DIALLED: Final = re.compile("保[险險]|[锁鎖]|柜|櫃|夹万|夾萬|[密暗][码碼]|箱")

LOGIN: Final = re.compile(
    r"://[^\s:@/]{0,64}:(?P<value>[^\s/]{3,64})@(?=[0-9A-Za-z[])"
    r"|curl[^\n]{0,80}? -u [\w.-]{1,40}:(?P<user>[!-~]{3,64})"
    r"|(?:mysql(?:dump)?|sshpass|mongo|docker login)[^\n]{0,80}? -p ?(?P<short>[!-,.-~][!-~]{3,63})"
    r"|redis-cli[^\n]{0,80}? -a (?P<long>[!-,.-~][!-~]{3,63})"
)
"""Passwords of command lines and addresses."""

SEED: Final = re.compile(
    r"助记词[^A-Za-z\n]{0,8}(?P<value>[a-z]{3,8}(?:[ ,，]{1,2}[a-z]{3,8}){11,23})"
)
"""The twelve or more English words that open a wallet."""

CODED: Final = re.compile(
    r"(?:查询|班级|管理员?|访客|机械|入班|家长|核验|入会)码(?:是|为|[ :])?"
    r"(?P<value>(?=[A-Za-z]{0,7}[0-9])(?=[0-9]{0,7}[A-Za-z])[0-9A-Za-z]{4,8})(?![0-9A-Za-z_.-])"
    r"|(?<![0-9A-Za-z_.-])(?P<before>(?=[A-Za-z]{1,7}[0-9])[0-9A-Za-z]{4,8})(?:管理员|访客|机械)码"
    r"|(?:寄存|存包|储物|更衣)柜?[箱的]?码(?:是|为|[ :])?(?P<locker>[0-9]{4,8})(?![0-9A-Za-z_.-])"
)
"""`查询码C5wq88`, `寄存柜码70913`: what opens a thing that the word names."""

TAIL: Final = re.compile(
    r"密码[^\n0-9A-Za-z发送寄]{0,6}?(?:身份证|手机|电话|座机|卡|车牌|[学工]号)号?码?的?"
    r"(?:尾号|[后末]尾?[四六46]位(?:数字?)?)[是为 :]{0,2}(?P<value>[0-9]{3,6}[0-9Xx])"
    r"(?![0-9A-Za-z])"
)
"""`密码是身份证尾号3071`: the end of another number, which by itself is nobody's."""

RECOVERY: Final = re.compile(r"(?<![0-9-])(?P<value>[0-9]{6}(?:-[0-9]{6}){7})(?![0-9-])")
"""The eight groups of six digits with which a locked disk is opened."""

_SAYS_NOTHING: Final = re.compile("什么|多少|[是的有了吗呢吧不没就只要得用改换忘错]|至少|最多|超过")
_TALK: Final = re.compile(
    "忘.{0,3}|没有?.{0,3}|.{0,2}错误?|什么.{0,3}|多少.{0,3}|不.{1,4}|.{0,2}正确"
)
_NO_VALUE: Final = re.compile(
    r"https?:|[A-Za-z_.]{1,40}[(\[]|(?:os|process|self|config|settings)\.|\$[{(]|[0-9]{1,2}-?[0-9]?位"
)
_COUNTED: Final = re.compile(
    r" ?(?:位|次|遍|个|天|年|月|号|分钟|小时|秒|块|元|人|层|楼|种|条|字|数|格|开头|结尾|左右|版)"
)
_TRAILING: Final = " ,.;:!?()\"'>~"
_SHORTEST: Final = 4
_CERTAIN: Final = 1.0
_LIKELY: Final = 0.7


class PasswordFormRecognizer(ChatRecognizer):
    """Finds passwords that are told in a form that leaves no doubt."""

    ENTITY: ClassVar[str] = "PASSWORD"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        r"[密蜜米咪]码|[询级理员客械班长验会柜存包物衣箱的]码|密匙|-[0-9]{6}-|[左右转轉先][^\n]{0,6}[0-9一二两三四五六七八九十]|口令|暗号|[密秘]钥|助记词|://|curl|mysql|sshpass|mongo|docker"
        rf"|redis|[Pp](?:[Aa][Ss][Ss]|[Ww][Dd]|[Ss][Ww])|{HINT}"
    )
    GATE: ClassVar[re.Pattern[str]] = re.compile("[码令号钥匙词左右先/lqsnkPpKkTtSsABIJ_-]")

    def find(self, text: str) -> Iterator[Hit]:
        """Yield passwords told in one of these forms, none that is masked already."""
        for hit in (*self._told(text), *_quoted(text), *_dialled(text)):
            if "〔" not in text[hit.start : hit.end]:
                yield hit

    def _told(self, text: str) -> Iterator[Hit]:
        for match in NAMED.finditer(text):
            start = match.start("value")
            value = _trimmed(match["value"])
            end = start + len(value)
            if len(value) < _SHORTEST or is_laughter(value) or _NO_VALUE.match(text, start):
                continue
            if not _COUNTED.match(text, end):
                yield Hit(start, end, _CERTAIN, WHY_AFTER_WORD)
        for pattern, why in (
            (SPACED, WHY_AFTER_WORD),
            (CODED, WHY_AFTER_WORD),
            (READ_OUT, WHY_SPELLED),
            (LOGIN, WHY_SHAPE),
            (SEED, WHY_AFTER_WORD),
            (TAIL, WHY_AFTER_WORD),
            (RECOVERY, WHY_SHAPE),
        ):
            for match in pattern.finditer(text):
                yield Hit(*match.span(match.lastgroup or "value"), _CERTAIN, why)
        for start, end, shaped in keys(text):
            yield Hit(start, end, _CERTAIN, WHY_SHAPE if shaped else WHY_AFTER_WORD)


def _quoted(text: str) -> Iterator[Hit]:
    """Yield what is pointed at, stands in quotation marks, or is a phrase after its word."""
    for match in THAT_ONE.finditer(text):
        if PRODUCT.match(match["value"]) is None:
            yield Hit(*match.span("value"), _LIKELY, WHY_AFTER_WORD)
    for match in QUOTED.finditer(text):
        span = match.span("value")
        if not _TALK.fullmatch(match["value"]) and not is_public(text, *span):
            yield Hit(*span, _CERTAIN, WHY_AFTER_WORD)
    for match in COUNTED.finditer(text):
        value = match["value"]
        if not (_SAYS_NOTHING.search(value) or is_public(text, *match.span("value"))):
            yield Hit(*match.span("value"), _LIKELY, WHY_AFTER_WORD)
    for match in PHRASE.finditer(text):
        span = match.span(match.lastgroup or "said")
        if not is_public(text, *span):
            yield Hit(*span, _CERTAIN, WHY_AFTER_WORD)


def _dialled(text: str) -> Iterator[Hit]:
    """Yield how a dial is turned."""
    if _DIALLED.search(text):
        for match in DIAL.finditer(text):
            if _TURNED.search(match[0]):
                yield Hit(*match.span(), _CERTAIN, WHY_SPELLED)


def _trimmed(value: str) -> str:
    """Return `value` without the punctuation of the sentence it ends, and what is in brackets.

    One `!` stays at the end of a value that mixes kinds of signs as only a password does.
    """
    for quote in "\"'":
        value = value.partition(quote)[0]
    if "(" in value and ")" not in value:
        value = value.partition("(")[0]
    bare = value.rstrip(_TRAILING)
    mixed = any(char.isupper() or not char.isalnum() for char in bare)
    mixed = mixed and any(char.isdigit() for char in bare)
    return bare + "!" if mixed and value[len(bare) :] == "!" else bare
