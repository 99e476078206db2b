"""E-mail addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.entities import WHY_AFTER_WORD, WHY_SHAPE
from curation.pii.recognizers.base import HAS_LETTER, ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCAL: Final = r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9_][A-Za-z0-9._%+\-]*+"
_AT: Final = r"(?: ?@ ?| ?[(\[{<](?:at|艾特|a)[)\]}>] ?| ?(?:艾特|圈[Aa]|小老鼠|爱特) ?|_at_|ⓐ)"

EMAIL: Final = re.compile(
    rf"{_LOCAL}{_AT}(?P<domain>(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{{0,62}})\.){{1,8}}[A-Za-z]{{2,24}})",
    re.IGNORECASE,
)
"""An ASCII address, also glued to Chinese on both sides and with a full-width ＠.

The lookbehind lets a run of letters be tried from its first one only, which keeps long lines fast.
Misses quoted local parts and Chinese domain names.
"""

_PROVIDER: Final = (
    r"(?:163|126|139|189|188|263|yeah|qq|foxmail|gmail|outlook|hotmail|live|msn|sina|sohu|tom"
    r"|21cn|aliyun|icloud|yahoo|proton(?:mail)?)"
)
_DOT: Final = r"(?: ?[.。点·,，] ?| ?[(\[]?(?<![A-Za-z])dot[)\]]? ?)"

SPELLED: Final = re.compile(
    rf"{_LOCAL}(?:{_AT}|\n@| ?[#*&] ?| at "
    f"| +(?=[0-9a-z]+ ?[点。]))(?:vip{_DOT})?{_PROVIDER}{_DOT}(?:com|cn|net)"
    rf"(?:{_DOT}cn)?(?![A-Za-z0-9])",
    re.IGNORECASE,
)
"""An address at a well-known provider with its signs in words: `lihua 163点com`, `… at … dot com`.

Misses other providers, and signs in other words.
"""

WORDED: Final = re.compile(
    rf"(?:{_LOCAL}(?: at |{_AT})|(?<![A-Za-z0-9._%+\-])[A-Za-z0-9.+\-]{{1,40}}_at_)"
    rf"(?:[A-Za-z0-9\-]{{1,40}}{_DOT}){{1,3}}(?:com|cn|net|org|edu|io|me|tw|hk)(?![A-Za-z0-9])",
    re.IGNORECASE,
)
"""The same at any provider, for where a word calls it an address."""

_CALLED: Final = re.compile(r"邮箱|邮件|邮址|伊妹儿|e-?mail|mail", re.IGNORECASE)
_IN_WORDS: Final = re.compile("(?:艾特|圈[aA]).*点|点.*点")
"""So many signs in words that nothing else is meant."""
_REACH: Final = 14

_IN_A_SENTENCE: Final = re.compile(
    r"(?:meet|look|live|work|stay|arrive|shop)(?:s|ed|ing)? at .*"
    r"|[A-Za-z]+ at (?!(?:163|126|139|189|foxmail|gmail|hotmail|outlook)\.)[0-9A-Za-z]+\.[a-z.]+"
    r"|[A-Za-z]{1,2} ?[#*&].*",
    re.IGNORECASE,
)
"""`look at qq.com`: English, where no sign of the address is spelled.

At providers that are nothing but mail one does not look.
"""

_GLUED: Final = re.compile(r"(?:.*\.)?(?:com|cn|net|org|edu|gov|hk|tw)(?=[A-Z]+\Z)")
"""A domain to which the next word sticks: `163.comQQ`."""
_FILE_ENDING: Final = re.compile(
    "png|jpe?g|gif|webp|svg|bmp|js|ts|css|json|txt|html?|pdf|docx?|xlsx?|mp4|exe"
)
_SHORTEST_NUMBER: Final = 3
_LOGIN: Final = re.compile(r"://[^\s:@/]{0,64}:[^\s/]{0,64}\Z")
_LONGEST_LOGIN: Final = 140


class EmailRecognizer(ChatRecognizer):
    """Finds e-mail addresses by shape alone: no list of top-level domains is fetched."""

    ENTITY: ClassVar[str] = "EMAIL_ADDRESS"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        r"[@ⓐⒶ]|[(\[{<][Aa艾]|[艾爱]特|圈[Aa]|老鼠|_[Aa][Tt]_| [Aa][Tt] "
        r"|[0-9A-Za-z] ?[点。] ?[CcNn]"
        r"|[0-9A-Za-z._%+-] ?[#*&] ?[0-9A-Za-z]+ ?[.。点·,，]|[ #*&][Vv][Ii][Pp]"
        r"|[Dd][Oo][Tt][)\]]? ?[CcNn]"
    )
    GATE: ClassVar[re.Pattern[str]] = HAS_LETTER

    def find(self, text: str) -> Iterator[Hit]:
        """Yield e-mail addresses."""
        for match in EMAIL.finditer(text):
            glued = _GLUED.match(match["domain"])
            domain = glued[0] if glued else match["domain"]
            if _is_domain(domain) and not _is_of_a_server(text, match):
                yield Hit(match.start(), match.start("domain") + len(domain), 1.0, WHY_SHAPE)
        for match in SPELLED.finditer(text):
            if not _IN_A_SENTENCE.fullmatch(match[0]):
                yield Hit(*match.span(), 0.8, WHY_SHAPE)
        for match in WORDED.finditer(text):
            low = max(0, match.start() - _REACH)
            named = "_at_" in match[0] or _CALLED.search(text, low, match.start())
            if named or _IN_WORDS.search(match[0]):
                yield Hit(*match.span(), 0.7, WHY_AFTER_WORD)


def _is_domain(name: str) -> bool:
    """Whether `name` is no version, no file and no code: `5.0.rc`, `2x.png`, `B.tR`."""
    mixed = name.rpartition(".")[2]
    if not (mixed.islower() or mixed.isupper() or mixed.istitle()):
        return False  # a code to copy, as shops give: `a@B.tR`
    labels = name.lower().split(".")
    version = labels[-2].isdigit() and len(labels[-2]) < _SHORTEST_NUMBER
    return not version and not _FILE_ENDING.fullmatch(labels[-1])


def _is_of_a_server(text: str, match: re.Match[str]) -> bool:
    """Whether it is a server's: `git@host:user/project`, or behind `https://user:` a password."""
    git = match[0].lower().startswith("git@") and text[match.end() : match.end() + 1] == ":"
    low = max(0, match.start() - _LONGEST_LOGIN)
    return git or _LOGIN.search(text, low, match.start()) is not None
