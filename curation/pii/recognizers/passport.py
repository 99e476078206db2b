"""Passports, travel permits and the papers of soldiers and drivers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import glued_to_code, is_other_number
from curation.pii.entities import WHY_AFTER_WORD, WHY_SHAPE, WHY_SPELLED
from curation.pii.recognizers.base import HAS_NUMERAL, IN_CHINESE, ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAPER: Final = (
    r"(?:护照|通行证|回乡[证卡咭]|台胞证|[入赴]台证|港澳证|[赴入][港澳]证|往来(?:台湾|港澳)|居住证"
    r"|大通证|签证|证件|旅行证|海员证|永居[证卡]"
    r"|(?<![A-Za-z])(?:passport|permit|bno|ppt ?no)(?![A-Za-z]))"
)
_LINK: Final = (
    r"(?:号码|号| ?(?:no\.?|num(?:ber)?|#))?(?: is)?"
    r"(?:[一-鿿]{0,3}[是为]|[^0-9A-Za-z\n]{1,8}?)?[ :=(]{0,3}\n?"
)
_DIGITS: Final = r"[0-9](?:[ -]?[0-9]){5,9}"

NAMED: Final = re.compile(
    rf"{_PAPER}{_LINK}(?P<value>(?!is |no )[A-Z]{{1,2}}[ -]?{_DIGITS}"
    r"|[0-9]{2}[A-Z]{2}[0-9]{5}|(?-i:(?=[A-Z]+(?:[0-9]+[A-Z]?){4})[A-Z][0-9A-Z]{7,8}))"
    r"(?![0-9A-Za-z])",
    re.IGNORECASE,
)
"""A letter or two and six to ten digits after the word, or the forms of France, the Philippines,
Korea and Germany, with letters further on.

Misses names of countries in between.
"""

NAMED_DIGITS: Final = re.compile(
    rf"(?:(?:通行证|回乡[证卡咭]|[台入][胞台]证){_LINK}(?P<value>[0-9]{{8}}(?:[0-9]{{2}}){{0,2}}"
    r"|[0-9](?: [0-9]){7})"
    r"|(?:通行证|回乡[证卡咭]|[台入][胞台]证)[^0-9\n]{1,16}号码?(?:是|[ :]){0,2}(?P<told>[0-9]{8})"
    rf"|(?:护照|(?<![A-Za-z])(?:[Pp]assport|PASSPORT|BNO|bno)){_LINK}(?:is )?"
    r"(?P<foreign>[0-9]{9}|[0-9]{3}(?: [0-9]{3}){2}))"
    r"(?![0-9A-Za-z元块])"
)
"""Eight or ten digits, as on permits for people from Taiwan, nine as on foreign passports."""

BEFORE: Final = re.compile(
    rf"(?<![0-9A-Za-z])(?<![A-Za-z] )(?P<value>[A-Z](?: ?[A-Z])? ?{_DIGITS})"
    rf"[ ,，(]?(?:这?就?是)?[一-鿿]{{0,3}}{_PAPER}",
    re.IGNORECASE,
)
"""`E12345678是我护照号`: the number before the word."""

CHINESE: Final = re.compile(
    r"(?<![0-9A-Za-z_-])(?:E[0-9]{8}|E[A-HJ-NP-Z][0-9]{7}|E ?[0-9]{4} [0-9]{4})(?![0-9A-Za-z_-])"
)
"""The form of Chinese passports issued today. Misses small letters and all other passports."""

SPELLED: Final = re.compile(
    rf"(?<![0-9A-Za-z])(?=[A-Z](?: ?[A-Z] ?(?:[{IN_CHINESE}] ?){{7}}| ?(?:[{IN_CHINESE}] ?){{8}})"
    rf"(?![{IN_CHINESE}十百千万亿]))(?P<value>[EGPDSCHKM] ?(?:[A-HJ-NP-Z] ?)?"
    rf"[{IN_CHINESE}](?: ?[{IN_CHINESE}]){{6,7}})"
)
"""`E 六三一九零零七二`: a letter or two and numerals in words, nine signs in all."""

TRAVELLER: Final = re.compile(
    r"(?:机票|[订出买]票|值机|登机|签证|出境|入境|旅行社|导游|航班|出国)[^\n]{0,20}?"
    r"(?<![0-9A-Za-z_-])(?P<value>[GPDS][0-9]{8})(?![0-9A-Za-z_-])"
)
"""The form of older passports and those for work abroad, where one speaks of a journey."""

_BORDER: Final = (
    "(?:过关|通关|关口|口岸|[出入]境|[签通海关]证|签注|港澳|回乡|台胞|出票|[订买]机?票|值机|登机"
    "|机组|的证(?=[CHKMG])"
    "|[去到赴飞往入来回](?:香港|澳门|台湾|台北|高雄|港(?!式|口)|澳(?!洲)|台(?!阶|州|账))|[小那]本)"
)
BORDER: Final = re.compile(
    rf"{_BORDER}[^0-9\n]{{0,14}}?(?<![0-9A-Za-z_-])(?P<value>[CHKMG] ?[0-9]{{8}}"
    rf"|[CMT][A-Z] ?[0-9]{{7}})"
    r"(?![0-9A-Za-z_-]|[元块万])"
    r"|(?<![0-9A-Za-z_-])(?P<shown>[CHKMG] ?[0-9]{8}|[CMT][A-Z] ?[0-9]{7})(?![0-9A-Za-z_-])"
    rf"[^0-9\n]{{0,8}}?{_BORDER}"
    r"|(?:护照|通行证|回乡[证卡])[^0-9\n]{0,30}?(?<![0-9A-Za-z_-])"
    r"(?P<paper>[CHKMGE] ?[0-9]{8}|[CME][A-Z] ?(?:[0-9]{7}|[0-9]{3} [0-9]{4}))"
    r"(?![0-9A-Za-z_-]|[元块万])"
)
"""The forms of permits to and from Hong Kong, Macau and Taiwan where one speaks of the border."""

OFFICER: Final = re.compile(
    r"(?:军官|士官|文职|警官|士兵)证(?:号码|号)?[是为 :]{0,3}"
    r"(?P<value>[一-鿿]{1,2}字?第? ?[0-9]{5,10} ?号?)(?![0-9])"
)
"""`军官证号南字第12345678号`."""

DRIVER: Final = re.compile(
    r"档案编?号(?:[一-鿿]{0,2}[是为])?[ :]{0,3}(?P<value>[1-9][0-9]{11})(?![0-9])"
)
"""The twelve digits of a driving licence's file; its own number is that of the identity card."""

_DATE: Final = re.compile("(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")


class PassportRecognizer(ChatRecognizer):
    """Finds numbers of passports and permits by the word beside them, Chinese ones by shape too."""

    ENTITY: ClassVar[str] = "PASSPORT"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        r"护照|[行乡胞港澳签住通官职兵台员居]证|往来[台港]|[乡居][卡咭]|证件|[Bb][Nn][Oo]"
        rf"|[EGPDSCHKM] ?[A-Z]? ?[{IN_CHINESE}] ?[{IN_CHINESE}]"
        r"|[GPDSCHKMT][A-Z]? ?[0-9]{7}|档案|E[0-9A-Z][0-9]{7}"
        r"|E ?[0-9]{4} [0-9]{4}"
        r"|[Pp](?:[Aa][Ss][Ss][Pp]|[Ee][Rr][Mm][Ii]|[Pp][Tt])"
    )
    GATE: ClassVar[re.Pattern[str]] = HAS_NUMERAL
    NEEDS = ((re.compile("[照证案卡咭来EGPDSCHKMTpBb]"), 1),)

    def find(self, text: str) -> Iterator[Hit]:
        """Yield document numbers."""
        for pattern in (NAMED, BEFORE, TRAVELLER, OFFICER, DRIVER):
            for match in pattern.finditer(text):
                yield Hit(*match.span("value"), 0.85, WHY_AFTER_WORD)
        for match in BORDER.finditer(text):
            span = match.span(match.lastgroup or "value")
            # `出境那张单：`: what is so near the border is no parcel.
            if not glued_to_code(text, *span):
                yield Hit(*span, 0.6, WHY_AFTER_WORD)
        for match in NAMED_DIGITS.finditer(text):
            value = match.lastgroup or "value"
            if not _DATE.fullmatch(match[value]):
                yield Hit(*match.span(value), 0.7, WHY_AFTER_WORD)
        for match in SPELLED.finditer(text):
            yield Hit(*match.span("value"), 0.6, WHY_SPELLED)
        for match in CHINESE.finditer(text):
            if not is_other_number(text, *match.span()):
                yield Hit(*match.span(), 0.5, WHY_SHAPE)
