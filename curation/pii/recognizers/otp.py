"""One-time codes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import asks_or_denies, is_laughter
from curation.pii.entities import WHY_AFTER_WORD
from curation.pii.recognizers.base import ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEY: Final = (
    r"(?:验证码|校验码|动态[密口]?[码令]|确认码|短信码|授权码"
    r"|(?<![A-Za-z])(?:otp|verification code|security code|code)(?![A-Za-z]))"
)

AFTER_KEY: Final = re.compile(
    _KEY + r"(?:[一-鿿]{0,6}?[是为]| is)?[ :=】\]“\"「(]{0,3}"
    r"(?P<value>[0-9]{3}[ -][0-9]{3}|[0-9](?: [0-9]){3,7}"
    r"|(?=[A-Za-z]{0,7}[0-9])[0-9A-Za-z]{4,8})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
"""`验证码 123456`, `验证码是1234`, `code: 12AB`. Misses a code that stands alone in its message."""

AFTER_CLAUSE: Final = re.compile(
    _KEY + r"(?P<clause>[一-鿿]{1,8})[ ,，:]{1,2}(?P<value>[0-9]{6})(?![0-9A-Za-z])"
)
"""`验证码发你了，482913`. Misses codes of other lengths, which may be sums."""

ON_THE_NEXT_LINE: Final = re.compile(
    _KEY + r"(?P<clause>[一-鿿]{0,8}) ?[:]?\n(?P<value>[0-9]{4,8})(?=\n|\Z)"
)
"""`验证码` and then `482913` as a message of its own."""

BEFORE_KEY: Final = re.compile(
    r"(?<![0-9A-Za-z.])(?P<value>[0-9]{4,8})(?:[(（,，]|是|为|就是| is your )[一-鿿]{0,8}?" + _KEY,
    re.IGNORECASE,
)
"""`123456（登录验证码）`, `123456是你的验证码`."""

_COUNTED: Final = re.compile(r" ?(?:位|次|遍|个|天|年|月|分钟|秒|块|元|人|条)")


class OtpCodeRecognizer(ChatRecognizer):
    """Finds one-time codes beside a word for one."""

    ENTITY: ClassVar[str] = "OTP_CODE"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        r"[证證验态认信权]码|动态[密口]|otp|code", re.IGNORECASE
    )

    def find(self, text: str) -> Iterator[Hit]:
        """Yield codes that stand beside a word for one."""
        for pattern in (AFTER_KEY, BEFORE_KEY):
            for match in pattern.finditer(text):
                if not _COUNTED.match(text, match.end("value")):
                    yield Hit(*match.span("value"), 0.85, WHY_AFTER_WORD)
        for pattern in (AFTER_CLAUSE, ON_THE_NEXT_LINE):
            for match in pattern.finditer(text):
                talk = asks_or_denies(match["clause"]) or is_laughter(match["value"])
                if not talk and not _COUNTED.match(text, match.end("value")):
                    yield Hit(*match.span("value"), 0.75, WHY_AFTER_WORD)
