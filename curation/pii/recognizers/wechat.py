"""WeChat ids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.entities import WHY_AFTER_WORD, WHY_SHAPE
from curation.pii.recognizers.base import HAS_LETTER, ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

WXID: Final = re.compile(r"(?<![A-Za-z0-9_])wxid_[0-9a-z]{6,32}(?![A-Za-z0-9_])")
"""The id WeChat gives to an account that chose none."""

_KEY: Final = (
    r"(?:微信|薇信|威信|绿泡泡|v信|加我?[vV](?![A-Za-z])|(?<![A-Za-z0-9])v(?= ?:)"
    r"|(?<![A-Za-z0-9])(?:wechat|weixin|vx|wx)(?![A-Za-z]))"
)

NAMED: Final = re.compile(
    _KEY + r"(?P<sure>(?:号码|帐号|账号|号|id)?(?:[一-鿿]{0,3}[是为叫搜加])?[ :=]{0,3})"
    r"(?P<value>[A-Za-z][A-Za-z0-9_\-]{5,19})(?![A-Za-z0-9_\-@.])",
    re.IGNORECASE,
)
"""`微信号：lihua_1990`, `vx abc12345`. WeChat's own rule: a letter, then 5 to 19 more characters.

Misses ids that are a phone or a QQ number (found as those) and ids in a message of their own.
"""

_PRODUCT: Final = re.compile(
    r"(?:wechat|weixin|windows|iphone|android|macbook|https?|wxid|harmony|version|emoji)",
    re.IGNORECASE,
)


class WechatIdRecognizer(ChatRecognizer):
    """Finds WeChat ids by their prefix or the word before them."""

    ENTITY: ClassVar[str] = "WECHAT_ID"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        r"信|绿泡泡|加我?v|v ?:|wxid_|wechat|weixin|vx|wx", re.IGNORECASE
    )
    GATE: ClassVar[re.Pattern[str]] = HAS_LETTER

    def find(self, text: str) -> Iterator[Hit]:
        """Yield WeChat ids."""
        for match in WXID.finditer(text):
            yield Hit(*match.span(), 1.0, WHY_SHAPE)
        for match in NAMED.finditer(text):
            value = match["value"]
            named = match["sure"].strip() != ""
            if not _PRODUCT.match(value) and (named or re.search("[0-9_]", value)):
                yield Hit(*match.span("value"), 0.85, WHY_AFTER_WORD)
