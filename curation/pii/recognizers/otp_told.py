"""One-time codes in free wording: what just came, what is read out, what a service waits for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import is_laughter, is_other_number
from curation.pii.entities import WHY_AFTER_WORD
from curation.pii.recognizers.base import HAS_DIGIT, ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIX: Final = r"(?![0-9]{0,3}0{3})(?:[0-9]{6}|[0-9]{3}[ -][0-9]{3})"
_FOUR: Final = r"(?!(?:19|20)[0-9]{2})(?![0-9]{1,2}00)[0-9]{4}"
_CLEAR: Final = r"(?=\Z|[ \n,，。;；!！~、]|快|你|赶|哈|啊|哦|对|是不是)"
_NUMBER_ENDS: Final = r"(?![0-9A-Za-z.:/元块万年-])"

CAME: Final = re.compile(
    r"(?:^|[ \n,，。!！…]|我|短信|新的|又|再|刚|是|了|没[ ,，…]?)"
    r"(?:收到了?|来了|到了|发了|刚收到?的|给你了|发你了|[又再]?发了?一[个条]|发的是|刚来的?短信"
    r"|新短信|[那这]条"
    r"|[新后]的?[那来]?条?是?|最?后来?那条)"
    rf"[ ,，:~…]{{0,2}}(?P<value>{_SIX}){_CLEAR}"
    r"|(?:^|[ \n,，。!！…]|我|没 )(?:收到了|来了来了|第[一二三四]次发的是"
    r"|最[后新]那?条是?)[ ,，:~]{0,2}"
    rf"(?P<short>{_FOUR}|{_SIX}){_CLEAR}"
    rf"|短信[ ,，:]?(?P<texted>{_SIX}){_CLEAR}"
)
"""`来了 339018`, `第三次发的是4410`."""

CODE: Final = re.compile(
    r"(?:[录册付证机定的]|^|[ \n,。])码(?:发你|给你|念你|来了|是|[ :,，]){0,2}了?[ ,，:]?"
    rf"(?P<value>{_SIX}|{_FOUR}(?=\Z|[ \n,，。!~])){_NUMBER_ENDS}"
)
"""`码发你 7730`, `支付宝登录的码884012`."""

HURRY: Final = re.compile(
    rf"(?:^|[ \n,，。])(?P<value>{_SIX}|{_FOUR})[ ,，]?(?:快[点输填]?|赶[紧快]|马上)"
    r"[^\n]{0,10}?(?:过期|失效|超时)"
)
"""`662910 快，马上过期`."""

GIVEN: Final = re.compile(
    r"验[证正]码[^0-9\n]{0,10}?[ ,，。?？](?:哦|嗯+|好的?|喏|行|收到了?|来了|是)[ ,，:]?"
    rf"(?P<value>{_SIX}|{_FOUR}){_NUMBER_ENDS}"
)
"""`你把验证码发我 嗯7719`: what was asked for and the answer in one breath."""

WAITED_FOR: Final = re.compile(
    r"(?:验证(?:一?下|了|要|用)?|校验)(?:是|[ :,，]){0,2}"
    rf"(?P<value>{_SIX}|(?<=验证|证:|证 ){_FOUR}(?=\Z|[ \n,，。!~])){_NUMBER_ENDS}"
    r"|令牌(?:上|现在)?(?:显示|是)?(?:的?是)?[ :]?(?P<token>[0-9]{6}|[0-9]{8})(?![0-9A-Za-z])"
    r"|[四六46]位(?:数字?|验证)?的?(?:那个)?(?:码)?[,， :](?:[一-鿿]{0,8}?)[ :]?"
    rf"(?P<digits>{_SIX}|{_FOUR}){_NUMBER_ENDS}"
)
"""`登录要验证，559102`, `那个六位数的，339120`."""

ASKED: Final = re.compile(
    r"(?:短信|[四六几]位)[^0-9\n]{0,10}(?:多少|什么|啥|[?？]|发我|给我|念)[^0-9\n]{0,6}\n"
    rf"(?P<value>{_SIX}|{_FOUR}){_NUMBER_ENDS}"
)
"""`短信里那几位数字多少` and then `442810`."""

_MONEY: Final = re.compile(
    "工资|钱|[元块]|款|余额|订单|快递|单号|价|奖|分红|积分|邮编|尾号|房|密码|退|[〔〕]|花了|卖|买"
    "|预算|播放"
    "|粉丝|步"
)
_NEAR: Final = 16
_EVERY: Final = (CAME, CODE, HURRY, GIVEN, WAITED_FOR, ASKED)


class ToldOtpCodeRecognizer(ChatRecognizer):
    """Finds codes that no word for one stands beside, or some words away."""

    ENTITY: ClassVar[str] = "OTP_CODE"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        r"[收来到发你]到?了|收到?的|收到|短信|[那这后]条|[新后]的?[那来]?条?是?[ ,，:~…]{0,2}[0-9]"
        r"|一[个条][ ,，:~…]{0,2}[0-9]|发的是|新的|码|快|赶|马上|位|验证|校验"
        r"|令牌"
    )
    GATE: ClassVar[re.Pattern[str]] = HAS_DIGIT

    def find(self, text: str) -> Iterator[Hit]:
        """Yield the codes of a folded text that are told in these ways."""
        for pattern in _EVERY:
            for match in pattern.finditer(text):
                name = match.lastgroup or "value"
                start, end = match.span(name)
                around = text[max(0, start - _NEAR) : end + 4]
                if is_laughter(match[name]) or _MONEY.search(around):
                    continue
                if is_other_number(text, start, end):
                    continue
                yield Hit(start, end, 0.6, WHY_AFTER_WORD)
