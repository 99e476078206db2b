"""What could be a password or a one-time code by its shape alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from curation.pii.context import in_link
from curation.pii.folding import CHINESE_DIGITS
from curation.pii.recognizers.secret_words import ENGLISH, NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

NUMERALS: Final = "".join(CHINESE_DIGITS)

_APART: Final = (
    r"(?<![0-9A-Za-z./年月日])(?<!(?<!-)-)(?<![0-9]:)(?P<apart>[*#]?(?:"
    r"[0-9](?:[ ·-][0-9]){2,9}|[0-9]{2}(?:[ -][0-9]{2}){1,4}"
    r"|[0-9]{3}(?:[ -][0-9]{3}){1,2}(?: [0-9]{1,2})?"
    rf"|[0-9]{{4}}(?:[ -][0-9]{{4}}){{1,2}}|[0-9a-z](?: [0-9a-z]){{3,11}}"
    rf"|[0-9{NUMERALS}](?:[、,，][0-9{NUMERALS}]){{3,7}}"
    r")(?: ?[*#])?)(?![0-9A-Za-z]|[.:/-][0-9])"
)
_SPELLED: Final = (
    rf"(?P<spelled>(?<![{NUMERALS}十百千万第个])(?=(?:[0-9]{{0,7}}[{NUMERALS}]){{2}}|[{NUMERALS}] )"
    rf"(?:[{NUMERALS}]{{2,4}}(?: [{NUMERALS}]{{2,4}}){{1,3}}"
    rf"|[{NUMERALS}0-9]{{3,9}}|[{NUMERALS}](?: [{NUMERALS}]){{2,7}})(?![{NUMERALS}十百千万亿])"
    rf"|(?<![第{NUMERALS}0-9])(?!一个一)[{NUMERALS}4-9]个[{NUMERALS}0-9]"
    rf"(?![{NUMERALS}十百千万0-9A-Za-z]))"
)
_RUN: Final = (
    r"(?<![0-9][.])(?<!〕:)(?<!〕:[0-9])(?<!〕:[0-9]{2})(?<!〕:[0-9]{3})(?<!〔)(?<![:~.]/)"
    r"(?P<run>[0-9A-Za-z*#@$!][0-9A-Za-z_@#$%^&*!+.~?-]{1,63})"
)
SHAPE: Final = re.compile(f"(?=[0-9A-Za-z*#@$!{NUMERALS}])(?:{_APART}|{_SPELLED}|{_RUN})")
"""A token: digits set apart, numerals read one by one, or a run of signs."""

_LABEL: Final = re.compile(
    "(?:(?:psw|pw|pin|code|otp)(?=[0-9]{2})"
    "|(?:yzm|pwd|password|passcode|mima|(?<=密)ma|wi-?fi|ipad)(?=[a-z@_#.]{0,14}[0-9]{2}))",
    re.IGNORECASE,
)
"""A word that is glued to its value: `yzm482913`."""

_WORD_BEFORE: Final = 6
_SIGN_TOLD_BEFORE: Final = 12
_SIGN_TOLD_BEHIND: Final = 14
_WHOLE_WORD: Final = re.compile("mima|pass", re.IGNORECASE)
_NAMES_IT: Final = re.compile("密 ?码(?:就?是|为|[ :])?\\Z")
"""After the word itself another is part of the value: `密码mima0731`."""

_OTHER: Final = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}|[Vv]?[0-9]+(?:\.[0-9]+)+(?:-[0-9]{1,3})?"
    r"|(?i:md5|sha-?[0-9]{1,3}|aes-?[0-9]{3}|utf-?(?:8|16)|h\.?26[45]|wpa[23]?(?:-psk)?|sm[234]"
    r"|rsa-?[0-9]{4}|tls1\.[0-9]|ipv[46]|u1s1|[bcop]2[bco]|x+|your[_-]?(?:password|passwd|pwd|key|token)"
    r"|(?i:[0-9]{2,5}(?:dpi|ppi|fps|k?hz|mah|kwh|rpm|nit|lux)|(?:cr|lr|ag)[0-9]{2,4})"
    r"|https?"
    r"|no\.?[0-9]+|[a-z][0-9]{1,2}-[a-z][0-9]{1,2})|wxid_.*|[Qq]{2}[1-9][0-9]{7,10}|uid[0-9]+|[0-9]{15,19}|233+|[0-9]{0,2}x{3,}[0-9]{0,4}"
    r"|(?i:(?:i(?:phone|pad|watch|os)|macbook|galaxy|mate|redmi|vivo|oppo|huawei|honor|nova|reno"
    r"|win(?:dows)?|android|harmony(?:os)?|office|ps|xbox)[0-9]{1,2}|[rg]tx[0-9]{3,4})"
    r"(?i:pro|max|plus|ultra|air|mini|se|ti|[stx]){0,2}"
    r"|[0-9]{2,4}[xX][0-9]{2,4}|[0-9]{1,2}[GMTKWgmtkw]"
    r"|[0-9]{1,4}(?:[GMTK]B|k[gmw]|K[GW]|[cm]m|ml)"
    r"|[a-z]+(?:_[a-z]+){0,2}_(?:id|key|name|type|no|num|code|url|time|count"
    r"|list|info|path|file)"
    r"|\$[A-Za-z_]+|[A-Z_]*(?:PASSWORD|PASSWD|SECRET|TOKEN)[A-Z_]*"
    r"|1[Pp]assword|[^*]*[*]{3,}[^*]*|[A-Z]{2,4}[0-9]{10,}|[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}"
    r"|1[3-9][0-9]{9}|0[0-9]{2,3}-[0-9]{7,8}|[0-9a-fA-F]{2}(?:-[0-9a-fA-F]{2}){5}|[^0-9A-Za-z]*|[^@]*@[0-9]+(?:[.][0-9]+){3}"
)
"""Tokens that are something else whatever stands beside: addresses, versions, parcels, phones."""

_COUNTED: Final = re.compile(" ?(?:[元块万钱岁%]|年|月|点[钟半到]|周|分钟|小时|号楼)")
"""What makes digits before it a sum or a time."""

_AGAIN: Final = re.compile("[啊哦哈]?[ ,，:=]{0,2}(?:也?就是|即|都是)?(?:[0-9]{4}|〔)")
"""What was told in words once more in digits: then those are the value."""

_ACCOUNT: Final = re.compile(
    "(?:root|admin|administrator|guest|user)[ /:|]{1,3}[!-~〔]", re.IGNORECASE
)
"""A usual name of an account, and what opens it."""

_SITE: Final = re.compile(r"(?:[0-9A-Za-z-]{1,40}\.){1,4}[a-z]{2,6}/")
"""A web address without its scheme. A site alone may well be what opens an archive."""
_HOST: Final = re.compile(
    r"(?:\.[0-9]{1,3}:|(?<![A-Za-z])port[ :]"
    r"|端口号?(?:[没不]变)?[ ,，]?(?:还是|[ :是为]|[改换开]成?){0,2})\Z"
)
_ADDRESS: Final = re.compile(
    r"(?:[省市区县][^\n]{2,40}[室号楼栋幢层座户]|[省市州][^\n]{0,12}[区县市]|〔地址〕)[ ,，]{1,2}\Z"
)
"""An address behind which six digits are its postcode."""
_LONGEST_ADDRESS: Final = 60
_POSTCODE_DIGITS: Final = 6
_LONGEST_PART: Final = 10
_BESIDE_A_WORD: Final = re.compile(" [a-z]{2}")
_GOES_ON: Final = re.compile("['’]?[ a-z][a-z]")

_EQUALS: Final = re.compile("=[0-9A-Za-z_@#$%^&*!+.~?-]{1,31}")
_SIGNED: Final = re.compile("(?=.*[A-Za-z]{2}).+[+#!@&*].*")
"""What is no name that something is assigned to: `Sun+Moon` of `Sun+Moon=99`."""

_SIGNS_TOLD: Final = re.compile(
    "感?叹号|惊叹号|问号|句号|加号|(?:[一两俩三123]个|有个?|带个?|结尾|后面|最后)点|点(?:也|别)"
)
"""What is said of a sign at the end of a value, which is part of it then."""

_BEFORE: Final = "!.,~?+&%^_-"
_BEHIND: Final = ".,~?+&%^_-@"
_TOLD: Final = frozenset(".!?+")
"""The signs at the end of a value that people speak of."""
_ENDING: Final = re.compile("[后末尾][两三四五六2-6]位(?:数字?)?(?:就?是|为|[ :])*\\Z")
_OPENS: Final = re.compile("密|码|[锁鎖]|口令|门|pin|pwd|pass|wi-?fi", re.IGNORECASE)
_LONGEST_ENDING: Final = 10
_NEAR: Final = 100
_COLOUR: Final = re.compile("#[0-9A-Fa-f]{6}")
_YEARS: Final = re.compile("(?:19|20)[0-9]{2}-(?:19|20)[0-9]{2}")
_OF_AN_ERROR: Final = re.compile(r"[{,] ?\"(?:err_?)?code\" ?: ?\Z", re.IGNORECASE)
_OF_COLOURS: Final = re.compile("色|(?:rgb|hex|css)(?![a-z])", re.IGNORECASE)
_STAKE: Final = re.compile("[输赢赚亏欠][了掉]?\\Z")
_LONGEST_STAKE: Final = 2
_ROUND: Final = re.compile("[1-9]0{3,}(?![0-9])")
"""What makes a number what one wins or loses, and a number of the kind: `要输100000了`."""
_TAIL: Final = re.compile("尾号[是为 ]?\\Z")
_LONGEST_TAIL: Final = 3
_SHORTEST: Final = 3
_LONGEST: Final = 32
_SHORTEST_CODE: Final = 4
_LONGEST_CODE: Final = 6
_APPLICATION: Final = 16
"""How many letters the code has that a mailbox gives to an application."""


class Candidate(NamedTuple):
    """A half-open span of a folded text, and how it is written."""

    start: int
    end: int
    kind: str


def candidates(text: str) -> Iterator[Candidate]:
    """Yield what in a folded text could be a secret by its shape."""
    for match in SHAPE.finditer(text):
        kind = match.lastgroup or ""
        start, end = match.span()
        if kind == "run":
            start, end = _trimmed(text, start, end)
            value = text[start:end]
            if not _has_length(value) or _OTHER.fullmatch(value):
                continue
            kind = _kind(value)
            if kind == "mixed" and text[end : end + 1] == "=" and _SIGNED.fullmatch(value):
                rest = _EQUALS.match(text, end)
                end = rest.end() if rest else end
            if kind == "digits" and (
                _COUNTED.match(text, end) or _is_port(text, start) or _is_postcode(text, start, end)
            ):
                continue
            if kind == "letters" and _only_word(text, start, end):
                continue
            if kind == "mixed" and _SITE.match(text, start):
                continue
        elif kind == "spelled" and _AGAIN.match(text, end):
            continue
        if not in_link(text, start) and not _is_told_of(text, start, end):
            yield Candidate(start, end, kind)


def _has_length(value: str) -> bool:
    """Whether a run is long enough in letters and digits, and no longer than a password."""
    return len(value) <= _LONGEST and sum(map(str.isalnum, value)) >= _SHORTEST


def _only_word(text: str, start: int, end: int) -> bool:
    """Whether letters name a service or an account, or are a word of an English sentence."""
    return (
        text[start:end].lower() in NAMES
        or text[end : end + 1] == "@"
        or _ACCOUNT.match(text, start) is not None
        or _in_sentence(text, start, end)
        or (text[start:end] in ENGLISH and _BESIDE_A_WORD.match(text, end) is not None)
    )


def _is_told_of(text: str, start: int, end: int) -> bool:
    """Whether it is a colour, years, an error's number, a stake or the end of a longer number."""
    near = max(0, start - _NEAR), end + _NEAR
    if _COLOUR.fullmatch(text, start, end):
        return _OF_COLOURS.search(text, *near) is not None
    if _OF_AN_ERROR.search(text, max(0, start - _LONGEST_ENDING), start):
        return True
    if _YEARS.fullmatch(text, start, end):
        return _OPENS.search(text, *near) is None
    if _ROUND.match(text, start) and _STAKE.search(text, max(0, start - _LONGEST_STAKE), start):
        return True
    if text[end : end + 1] == "的" and _TAIL.search(text, max(0, start - _LONGEST_TAIL), start):
        return True  # `尾号为0216的卡`
    ending = _ENDING.search(text, max(0, start - _LONGEST_ENDING), start)
    return ending is not None and _OPENS.search(text, *near) is None


def _in_sentence(text: str, start: int, end: int) -> bool:
    return (
        text[start - 1 : start] == " "
        and text[max(0, start - 2) : start - 1].isascii()
        and text[max(0, start - 2) : start - 1].isalpha()
        and _GOES_ON.match(text, end) is not None
    )


def _is_port(text: str, start: int) -> bool:
    return _HOST.search(text, max(0, start - _LONGEST_PART), start) is not None


def _is_postcode(text: str, start: int, end: int) -> bool:
    low = max(0, start - _LONGEST_ADDRESS)
    return end - start == _POSTCODE_DIGITS and _ADDRESS.search(text, low, start) is not None


def _kind(value: str) -> str:
    if value.isdigit():
        return "digits"
    if value.isalpha():
        return "letters"
    return "keys" if value.strip("*#").isdigit() else "mixed"


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the range without a word glued to it and the punctuation of the sentence.

    One `!` stays at the end of a value that mixes kinds of signs as only a password does, and every
    sign that is spoken of beside it.
    """
    label = _LABEL.match(text, start, end)
    low = max(0, start - _WORD_BEFORE)
    if label and not (_WHOLE_WORD.match(label[0]) and _NAMES_IT.search(text, low, start)):
        start = label.end()
    while start < end and text[start] in _BEFORE:
        start += 1
    whole = end
    while start < end and text[end - 1] in _BEHIND:
        end -= 1
    if text[whole - 1] in _TOLD and _SIGNS_TOLD.search(
        text, max(0, start - _SIGN_TOLD_BEFORE), whole + _SIGN_TOLD_BEHIND
    ):
        return start, whole
    if text[start:end].endswith("!"):
        inner = text[start:end].rstrip("!")
        mixed = not inner.isalnum() or (not inner.isalpha() and inner.lower() != inner)
        end = start + len(inner) + (mixed and text[start:end] == f"{inner}!")
    return start, end


def may_be_code(value: str) -> bool:
    """Whether a value may be a one-time code: of letters alone only some shapes may.

    Fewer than four digits are none.
    """
    if value.isascii() and value.isdigit():
        return len(value) >= _SHORTEST_CODE
    if value.isascii() and not any(map(str.isdigit, value)):
        short = value.isupper() and _SHORTEST_CODE <= len(value) <= _LONGEST_CODE
        return value.isalpha() and (short or len(value) == _APPLICATION)
    return True


def mixes_cases(value: str) -> bool:
    """Whether a value has small and capital letters and digits, as no one-time code has."""
    return value.lower() != value != value.upper() and any(map(str.isdigit, value))
