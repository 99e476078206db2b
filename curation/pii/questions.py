"""Questions whose answer is private: `wifi密码多少` makes a password of the `88888888` after it."""

from __future__ import annotations

import re
from typing import Final

from curation.pii.folding import fold

_LONGEST: Final = 80
"""A longer message tells something; what follows it is no bare answer."""

HOUSE: Final = (
    "几(?:号楼|[栋幢]|单元)|哪(?:号楼|个?[栋幢]|个?单元)|楼号|门牌号?码?|房号"
    "|[送放停搁]到?(?:了|在)?哪|住在?哪|地址"
)
"""What one asks about a house, or the way to it."""

_THING: Final = re.compile(
    r"密码|口令|密钥|[证验取提校码册录]码|动态码|暗号|微信|绿泡泡|扣扣|企鹅号|[账帐卡证牌单]号"
    r"|号码|电话|手机|座机|身份证"
    r"|(?:^|[收有个报念的给个，,。 ])码|无线|热点|锁屏|解锁|门[锁禁]|开机|[开进][一-鿿]{0,3}门"
    r"|门[咋怎]|保险[箱柜]|开[锁箱柜]"
    r"|(?:你|家|店)[里家]?网(?![上络站课红友吧购])"
    rf"|护照|车牌|邮箱|住[哪在址]|{HOUSE}|名字|叫什么|贵姓|姓名|全名|收件人"
    r"|(?<![a-z])(?:vx|wx|v|qq|q|wi-?fi|pin|pwd|password|code|ip|mail|email)(?![a-z])",
    re.IGNORECASE,
)
_ASKED: Final = re.compile(
    r"多少|什么|啥|哪|几|咋|怎|谁|来着|[发给报告说]|有没有|[吗呢么嘛]|[?]|？|(?<![a-z])(?:what"
    r"|send|tell)(?![a-z])",
    re.IGNORECASE,
)


def asks_for_value(text: str) -> bool:
    """Whether what is answered to `text` may be a bare value: a password, a number, a name.

    Misses questions in other words; then the answer is read by itself.
    """
    if len(text) > _LONGEST:
        return False
    folded = fold(text)
    return _THING.search(folded) is not None and _ASKED.search(folded) is not None
