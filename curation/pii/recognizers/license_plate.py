"""Licence plates of mainland vehicles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import is_amount
from curation.pii.entities import WHY_AFTER_WORD, WHY_SHAPE
from curation.pii.recognizers.base import HAS_NUMERAL, IN_CHINESE, ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROVINCE: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵黔粤青藏川宁琼"

_SIGN: Final = r"[ ·•.,，、♥❤★\-]{0,2}"
_SERIAL: Final = (
    r"(?:[A-HJK][ ·•.\-]?[A-HJ-NP-Z0-9][0-9]{4}|[A-HJK](?=[0-9A-Z]?[0-9]{2})[A-HJ-NP-Z0-9]{5}"
    r"|[0-9]{5}[A-HJK]|[A-HJ-NP-Z0-9]{5}"
    r"|[A-HJ-NP-Z0-9]{4} ?[挂学警港澳领使试])"
)

PLATE: Final = re.compile(
    rf"[{_PROVINCE}][ ·•.\-]?[A-HJ-NP-Z]{_SIGN}{_SERIAL}(?![0-9A-Za-z]|-[0-9])", re.IGNORECASE
)
"""A province, a letter and five characters, or six for new-energy cars; I and O do not occur.

Misses a plate without its province, other than after the word.
"""

SPACED: Final = re.compile(
    rf"[{_PROVINCE}][ ·-]{{0,3}}[A-HJ-NP-Z][ ·-]{{1,3}}[A-HJ-NP-Z0-9]"
    rf"(?:[ ·-]{{1,3}}[A-HJ-NP-Z0-9]){{4,5}}"
    r"(?![0-9A-Za-z]|[ -][0-9])",
    re.IGNORECASE,
)
"""The same, character by character."""

GROUPED: Final = re.compile(
    rf"[{_PROVINCE}][ ·•.\-]?[A-HJ-NP-Z]{_SIGN}(?=(?:[ ·-]?[A-HJ-NP-Z0-9]){{5,6}}(?![0-9A-Za-z]))"
    r"[A-HJ-NP-Z0-9]{1,4}[ ·-][A-HJ-NP-Z0-9]{1,4}(?![ -]?[0-9A-Za-z])"
    rf"|[{_PROVINCE}]牌[ :是]?[A-HJ-NP-Z]{_SIGN}[A-HJ-NP-Z0-9]{{5,6}}(?![0-9A-Za-z])",
    re.IGNORECASE,
)
"""In two groups, `京N8 2P61`, or with the word, `沪牌AFB2019`."""

READ_OUT: Final = re.compile(
    rf"[{_PROVINCE}] ?[A-HJ-NP-Z][ ·]?(?=(?:[A-Z0-9]{{0,3}}[{IN_CHINESE}]){{2}})"
    rf"[{IN_CHINESE}A-HJ-NP-Z0-9]{{5,6}}"
    rf"(?![{IN_CHINESE}0-9A-Za-z])",
    re.IGNORECASE,
)
"""`沪A幺幺零二八`, `苏B七七D三八`."""

POLICE_FORCE: Final = re.compile(
    rf"(?<![A-Za-z])WJ {{0,2}}(?:[{_PROVINCE}]{_SIGN}[0-9]{{4}}[0-9A-Z]"
    r"|[0-9]{2}[·•-][0-9]{4,5})"
    r"(?![0-9A-Za-z])",
    re.IGNORECASE,
)
"""Vehicles of the People's Armed Police. Misses their older plates without a sign in between."""

EMBASSY: Final = re.compile(r"(?<![一-鿿])使 ?[0-9]{3}[·•. ]?[0-9]{3}(?![0-9A-Za-z元块万人个])")
"""Vehicles of embassies. Misses them after a Chinese letter, where 使 is rather a verb."""

NAMED: Final = re.compile(
    r"车牌(?:号码|号)?(?:[一-鿿]{0,2}[是为])?[ :=]{0,3}"
    rf"(?P<value>[A-Z]{{1,2}}{_SIGN}[A-HJ-NP-Z0-9]{{5}}|使 ?[0-9]{{3}}[·•. ]?[0-9]{{3}})"
    r"(?![0-9A-Za-z])",
    re.IGNORECASE,
)
"""After the word also the forces' two letters, and a plate whose province is left out."""

TAIWAN: Final = re.compile(
    r"(?:车?牌照|车牌|车号|架车|私家车|电单车|泊[一-鿿]{0,2}车|(?<![A-Za-z])plate(?: ?(?:no\.?"
    r"|number)(?![a-z]))?)(?: is)?[^0-9A-Za-z\n]{0,6}"
    r"(?P<value>S[A-Z]{2} ?[0-9]{1,4} ?[A-Z]|[A-Z]{2,3}[ -]?[0-9]{4}|[0-9]{4}-[A-Z][0-9]"
    r"|(?:[0-9][A-Z]|[A-Z][0-9])-[0-9]{4}"
    r"|[0-9]{4}-[A-Z]{2}|[A-Z]{2}-[0-9]{2}-[0-9]{2}"
    r"|[A-Z]{3}-[0-9]{3}|[A-Z]{2} ?[1-9][0-9]{2})"
    r"(?![0-9A-Za-z]|-[0-9])"
    r"|(?<![0-9A-Za-z-])(?<!型号)(?P<shown>[A-Z]{3}-[0-9]{4})(?= ?[那这][台臺辆部])",
    re.IGNORECASE,
)
"""After the word, or before `那台`, letters and four digits, as in Taiwan and Hong Kong."""

_ABROAD: Final = (
    r"(?<![0-9A-Za-z-])(?!(?:RTX|GTX|USB|ISO|VIN|SUV)-)(?:[A-Z]{2,3}-[0-9]{4}|[0-9]{4}-(?:[A-Z]{2}"
    r"|[A-Z][0-9])"
    r"|[A-Z]{3}-[0-9]{3})(?![0-9A-Za-z]|-[0-9])"
)
BESIDE_CAR: Final = re.compile(
    rf"(?:车(?![次票厢间站型款系床程贴膜品库])|停(?![产止电用更播机])|[违拖](?=规?停|吊)"
    rf"|[那这][台辆部]|(?i:uber)|计程|TOYOTA|HONDA|TESLA|BMW|BENZ"
    rf"|MAZDA|NISSAN|LEXUS|FORD|AUDI|KYMCO|GOGORO|YAMAHA)(?:(?![型款件胎])[^0-9\n]){{0,8}}?"
    rf"(?P<value>{_ABROAD})"
    rf"|(?<!型号)(?P<shown>{_ABROAD})[^0-9A-Za-z\n]{{0,8}}?(?:[挡堵]|停车[费費]|罚单|红单|违停"
    rf"|违规停|车主|[移拖还取洗]车(?!间)|[移挪]一?[下开開动]|拖吊"
    r"|开走|的车(?![型款票]))",
    re.IGNORECASE,
)
"""A plate of Taiwan where one speaks of a car: `那台ABC-5678挡到门口`."""

RENTED: Final = re.compile(
    r"租(?!金)[^0-9A-Za-z\n]{0,5}(?P<value>R(?!MB|TX|OG|PG)[A-Z]{2}-[0-9]{4})(?![0-9A-Za-z]|-[0-9])"
)
"""A hired car of Taiwan: their plates begin with an R."""

IN_TAIWAN: Final = re.compile(
    rf"(?:台[湾北中南]|高雄|新竹|桃园)[^0-9A-Za-z\n]{{0,14}}(?P<value>(?!OK){_ABROAD})"
)
"""A plate of Taiwan where one speaks of the place: `台北朋友开ABC-5678`."""

_FEWEST_DIGITS: Final = 3


class LicensePlateRecognizer(ChatRecognizer):
    """Finds licence plates by their shape."""

    ENTITY: ClassVar[str] = "LICENSE_PLATE"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        rf"[{_PROVINCE}]牌?[ ·•.:\-是]{{0,3}}[A-Za-z]|[Ww][Jj]|使 ?[0-9]|车[牌号]|牌照"
        r"|[A-Za-z]-[0-9]{3}|[0-9]{4}-[A-Za-z]|[架家单了左咗个我]车|泊[一-鿿]{0,2}车|[Pp][Ll][Aa][Tt][Ee]"
    )
    GATE: ClassVar[re.Pattern[str]] = HAS_NUMERAL
    NEEDS = ((re.compile("[A-Za-z使车牌]"), 1),)

    def find(self, text: str) -> Iterator[Hit]:
        """Yield plates; their digits keep words such as `云Apple` and `新A50ETF` apart."""
        for match in (
            match for pattern in (PLATE, SPACED, GROUPED) for match in pattern.finditer(text)
        ):
            if _has_digits(match[0]) and not is_amount(text, match.end()):
                yield Hit(*match.span(), 0.9, WHY_SHAPE)
        for pattern in (READ_OUT, POLICE_FORCE, EMBASSY):
            for match in pattern.finditer(text):
                yield Hit(*match.span(), 0.7, WHY_SHAPE)
        for match in (
            match
            for pattern in (NAMED, TAIWAN, BESIDE_CAR, RENTED, IN_TAIWAN)
            for match in pattern.finditer(text)
        ):
            value = match.lastgroup or "value"
            if _has_digits(match[value]):
                yield Hit(*match.span(value), 0.7, WHY_AFTER_WORD)


def _has_digits(plate: str) -> bool:
    """Whether there are as many digits as in any plate: no more than two of five are letters."""
    digits = sum(char.isdigit() for char in plate)
    return digits >= (_FEWEST_DIGITS - 1 if plate[-1] in "挂学警港澳领使试" else _FEWEST_DIGITS)
