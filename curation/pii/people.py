"""The forms in which people say a name they know: `周雨涵`, `雨涵`, `小周`, `涵姐`, `周老师`."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from curation.marks import LAUGHTER
from curation.pii.chinese import (
    HAN,
    HAN_LETTER,
    frequencies,
    given_names,
    name_words,
    people_of_the_dictionary,
    plain,
    surnames,
    weigh,
)
from curation.pii.folding import fold
from curation.pii.literals import Literals, lowered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class Form(NamedTuple):
    """How sure a form is to mean its person.

    `weight` is what it weighs as a name against the ordinary words that it may be. A `loose` form
    is an ordinary word as well, and found only where the words beside it speak of somebody;
    an `everyday` one only where it is greeted or introduced.
    """

    score: float
    weight: float
    short: bool = False
    loose: bool = False
    everyday: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it is a surname with a given name, or all words of a Latin name."""
        return self.weight == _FULL.weight


_FULL: Final = Form(0.98, -3.0)
_NICKNAME: Final = Form(0.95, -6.0)
_SHORT: Final = Form(0.92, -8.0, short=True)

WECHAT_ID: Final = "WECHAT_ID"
QQ_NUMBER: Final = "QQ_NUMBER"
_ID: Final = re.compile(r"(?=[^@]*[0-9_]|.*@chatroom)[A-Za-z0-9_][A-Za-z0-9_@.-]{4,63}", re.ASCII)
"""`wxid_abc123`, `lihua_1990`, `38988@chatroom`: one Latin word with a digit or `_` in it.

Misses ids of letters alone, which look like names and are found as such.
"""
_ADDRESS: Final = re.compile(r".+@.+\..+")
_NUMBER: Final = re.compile("[1-9][0-9]{5,10}")
_FEWEST_DIGITS: Final = 4
_TWO: Final = 2
"""Letters of the shortest whole name, and of the longest given name."""
"""How many different digits a known number has at least: 100000 and 666666 are sums and jokes."""
_COUNTING: Final = ("01234567890", "98765432109876543210")

_MARKS: Final = "".join(
    sign for sign in map(chr, range(0x300, 0x2000)) if unicodedata.category(sign)[0] == "M"
)
"""Signs above, below and behind letters, without which Thai, Hindi or Arabic is not written."""
_LETTERS: Final = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{re.escape(_MARKS)}]|['’.](?=[^\W\d_]))*")
"""Letters of whatever scripts in a row."""
_TOKEN: Final = re.compile(rf"[{HAN}]+|[^{HAN}]+")
_HANGUL_NAME: Final = re.compile("[가-힣]{3}")
_UNSPACED: Final = re.compile(r"[ก-๿ກ-\u0effༀ-\u0fffက-႟ក-៿\u3040-ヿㇰ-ㇿ가-힣ｦ-ﾟ]")
"""Scripts in which few letters say much, and of which many put no blank between words."""
_MARKED_FIRST: Final = re.compile(r"\A(?:[aA]{1,5}(?=[一-鿿])|[aA0]{1,5}[\s_.·-]+)")
"""`A张伟`, `AAA 房产王哥`: letters that keep a contact at the top of the list."""

_USED: Final = 3000
"""A word as frequent as this in the dictionary is no form of a name."""
_SEEN: Final = 20
"""A form that the dictionary saw as often as this is a word as well."""
_LONGEST_NAME: Final = 4
_SHORTEST: Final = 3
_SHORTEST_UNSPACED: Final = 2

_WORDS: Final = name_words()
_AFTER_SURNAME: Final = _WORDS["after_surname"]
_BEFORE_SURNAME: Final = ("小", "老", "大", "阿")
_AFTER_CHAR: Final = _WORDS["after_char"]
_BEFORE_CHAR: Final = ("小", "阿", "老", "大")

_ROLE: Final = re.compile(
    "(?:我|俺|咱|孩子|他|她)?(?:亲|大|二|三|四|五|小|老|表|堂|干|外)?"
    "(?:爸|妈|爹|娘|哥|姐|弟|妹|叔|伯|姨|姑|舅|婶|嫂|爷|奶|公|婆){1,2}"
)
_THINGS: Final = frozenset(_WORDS["things"])
_LATIN_WORDS: Final = frozenset(_WORDS["latin"])
_STICKERS: Final = frozenset(_WORDS["stickers"])
_FACE: Final = re.compile(
    r"(?P<eye>[touqx])[awvo_]+(?P=eye)|[oO]rz|otz|e+m+|(?P<sound>[^\W\d_])(?P=sound){2,}"
    r"|[yx]+ds|[a-z]*swl|gg+|hia+|wow|omg|zz+",
    re.IGNORECASE,
)
"""Faces and sounds of letters: `QAQ`, `Orz`, `emmm`, `略略略`."""


def mentions(names: Iterable[str]) -> Callable[[str], bool]:
    """Return what says whether one of these names, a form of one, or an id stands in a text.

    A text of which it says no is searched alike with these names and without them.
    """
    given = list(names)
    forms = Literals(forms_of(given))
    ids = Literals(ids_of(given))

    def stand_in(text: str) -> bool:
        folded = lowered(fold(text))
        return _any_place(ids, folded) or _any_place(forms, plain(folded))

    return stand_in


def _any_place(literals: Literals[Any], text: str) -> bool:
    return literals.may_be_in(text) and next(literals.find(text), None) is not None


def ids_of(names: Iterable[str]) -> dict[str, str]:
    """Return the ids among names, as `lowered` writes them, each with its entity."""
    found = {}
    for name in names:
        told = lowered(fold(name).strip())
        if _NUMBER.fullmatch(told):
            if len(set(told)) >= _FEWEST_DIGITS and not any(told in row for row in _COUNTING):
                found[told] = QQ_NUMBER
        elif is_id(told):
            found[told] = WECHAT_ID
    return found


def is_id(name: str) -> bool:
    """Whether a folded name is an account's id and no name."""
    return (
        _ID.fullmatch(name) is not None
        and not name.isdigit()
        and (_ADDRESS.fullmatch(name) is None or name.endswith("@chatroom"))
    )


def forms_of(names: Iterable[str]) -> dict[str, Form]:
    """Return the forms in which these people may be spoken of, as `lowered` writes them.

    `names` are what address books and exports hold: remarks such as `妈妈(王秀英)` or `A张伟 房产`,
    nicknames, group cards, full names. Words that everybody uses are left out.
    """
    found: dict[str, Form] = {}
    for name in names:
        told = fold(name).strip()
        if is_id(told) or _ADDRESS.fullmatch(told):
            continue
        for text, form in _forms(_MARKED_FIRST.sub("", told, count=1)):
            key = lowered(plain(text))
            held = found.get(key)
            if held is None or _looseness(form) < _looseness(held):
                found[key] = form
    return found


def _looseness(form: Form) -> tuple[bool, bool, float]:
    return form.everyday, form.loose, -form.score


def own_forms(name: str, others: Iterable[str]) -> set[str]:
    """Return the name and those of its forms that mean nobody else: 思源 and 源源 of 蒋思源.

    A form with the surname (老蒋) may mean a relative, and one that a name of `others` has, them.
    """
    mine = lowered(plain(fold(name).strip()))
    if not mine:
        return set()
    alone = {form for form in forms_of([name]) if form == mine or mine[0] not in form}
    shared = forms_of(other for other in others if lowered(plain(fold(other).strip())) != mine)
    return {mine} | (alone - shared.keys())


def surname_length(name: str, given: Iterable[str]) -> int:
    """Return how many characters of a surname `name` has before one of these given names."""
    text = lowered(plain(fold(name)))
    for size in (2, 1):
        surname, rest = text[:size], text[size:]
        for each in given:
            if rest.startswith(each) and split_name(surname + each) == (surname, each):
                return size
    return 0


def _forms(name: str) -> Iterator[tuple[str, Form]]:
    runs = _LETTERS.findall(unicodedata.normalize("NFC", name))
    parted = [_TOKEN.findall(run) for run in runs]
    tokens = [token for run in parted for token in run]
    words = [token for token in tokens if not _is_han(token)]
    if len(words) > 1 and " ".join(words) in name and not all(map(_is_common_latin, words)):
        yield from _spelled(" ".join(words), _FULL)
    for run, parts in zip(runs, parted, strict=True):
        mixed = len(parts) > 1 and _UNSPACED.search(run) is not None
        if mixed:
            yield from _spelled(plain(run), _NICKNAME)
        for token in parts:
            least = _SHORTEST if mixed or not _UNSPACED.search(token) else _SHORTEST_UNSPACED
            if not _is_han(token) and len(token) >= least:
                yield from _spelled(token, _NICKNAME._replace(loose=_is_common_latin(token)))
            if _HANGUL_NAME.fullmatch(token):
                yield from _spelled(token[1:], _NICKNAME._replace(short=True))
    for token in tokens:
        if _is_han(token):
            yield from _chinese_forms(plain(token), alone=len(tokens) == 1)


def _is_han(token: str) -> bool:
    return HAN_LETTER.match(token) is not None


def _spelled(text: str, form: Form) -> Iterator[tuple[str, Form]]:
    """Yield a form in each way in which its letters and the signs on them are stored."""
    for way in dict.fromkeys((text, unicodedata.normalize("NFD", text))):
        yield way, form


def _is_common_latin(token: str) -> bool:
    return token.lower() in _LATIN_WORDS or _means_a_feeling(token)


def _means_a_feeling(text: str) -> bool:
    """Whether a text is a face, a sound, laughter or the name of a sticker."""
    return (
        text in _STICKERS
        or _FACE.fullmatch(text) is not None
        or LAUGHTER.fullmatch(text) is not None
    )


def _chinese_forms(token: str, *, alone: bool) -> Iterator[tuple[str, Form]]:
    if len(token) == 1 or token in _THINGS or _ROLE.fullmatch(token):
        return
    if token.endswith(("群", "群聊")) and len(token) > len("群聊"):
        return
    if alone and frequencies().get(token, 0) >= _USED and not _means_a_feeling(token):
        yield token, _NICKNAME._replace(loose=True, everyday=True)
    parts = split_name(token)
    if parts is not None:
        yield from _full_name_forms(*parts)
        return
    yield from _told(token, _NICKNAME)
    if len(token) > _TWO:  # longer than a nickname
        yield from _names_inside(token)


def split_name(token: str) -> tuple[str, str] | None:
    """Return surname and given name of what looks like a full Chinese name, None otherwise."""
    family, given = surnames(), given_names()
    for size in (2, 1):
        surname, rest = token[:size], token[size:]
        if surname not in family or not 1 <= len(rest) <= _TWO:
            continue
        if rest in _AFTER_SURNAME:
            return None
        weight = given.one(rest) if len(rest) == 1 else given.two(*rest)
        if weight is not None and family[surname] + weight > weigh(token).whole - 3:
            return surname, rest
    return None


def _full_name_forms(surname: str, given: str) -> Iterator[tuple[str, Form]]:
    yield from _told(surname + given, _FULL)
    for before in _BEFORE_SURNAME:
        yield from _told(before + surname, _SHORT)
    for after in _AFTER_SURNAME:
        yield from _told(surname + after, _SHORT)
    yield from _told(surname * 2, _SHORT)
    if len(given) > 1:
        yield from _told(given, _NICKNAME._replace(short=True))
        if frequencies().get(given, 0) >= _USED:
            yield given, _NICKNAME._replace(short=True, loose=True, everyday=True)
    for char in dict.fromkeys((given[-1], given[0])):
        for before in _BEFORE_CHAR:
            yield from _told(before + char, _SHORT)
        for after in _AFTER_CHAR:
            yield from _told(char + after, _SHORT)
        yield from _told(char * 2, _SHORT)


def _told(text: str, form: Form) -> Iterator[tuple[str, Form]]:
    """Yield a form, loose where it is a word too; nothing where it is an everyday word."""
    count = frequencies().get(text, 0)
    if text in _THINGS or _ROLE.fullmatch(text) or count >= _USED:
        return
    yield (
        text,
        form._replace(
            loose=(count >= _SEEN and not _is_somebody(text, form))
            or _means_a_feeling(text)
            or (len(text) > _LONGEST_NAME and _is_phrase(text))
        ),
    )


def _is_somebody(text: str, form: Form) -> bool:
    """Whether a word is a whole name and nothing else, be it that of somebody famous: 张国荣."""
    return form is _FULL and len(text) > _TWO and text in people_of_the_dictionary()


def _is_phrase(text: str) -> bool:
    """Whether words of the dictionary alone make a text: `今天也要加油`."""
    return weigh(text).whole > -5.5 * len(text)


def _names_inside(token: str) -> Iterator[tuple[str, Form]]:
    """Yield the forms of names within a longer remark: `建材王哥`, `妈妈王秀英`, `李雷爸爸`."""
    from curation.pii.recognizers.person_evidence import names_in  # noqa: PLC0415  (the other way)

    for hit in names_in(token):
        piece = token[hit.start : hit.end]
        if piece == token:
            continue
        parts = split_name(piece)
        if parts is not None:
            yield from _full_name_forms(*parts)
        else:
            yield from _told(piece, _NICKNAME)
