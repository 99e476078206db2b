"""Names of people whom nobody named before: told by their characters and by the words around."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from curation.pii.chinese import (
    LONGEST_KEPT,
    MOST_KEPT,
    NEVER_NAMED,
    PLAIN,
    RUN,
    UNUSUAL,
    char_weight,
    given_names,
    plain,
    public_figures,
    surnames,
    weigh,
    word_weight,
)
from curation.pii.entities import WHY_INTRODUCED, WHY_NAME_PARTS, WHY_TITLE
from curation.pii.recognizers.base import Hit
from curation.pii.recognizers.person_context import MOST as MOST_AROUND
from curation.pii.recognizers.person_context import TITLE, TITLES, around, is_chinese

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    _Candidates = tuple[tuple["Candidate", float], ...]

_A_NAME: Final = -5.0
"""The weight of a word in chat being a name at all: about one word in a hundred and fifty."""
_GIVEN_OF_TWO: Final = math.log(0.78)
_GIVEN_ALONE: Final = math.log(0.22)
_TITLED: Final = -3.2
_TITLED_SHORT: Final = -4.4
_FORM_OF_ADDRESS: Final = -2.0
_NO_SURNAME: Final = -2.2
_SCALE: Final = 4.0
_DOUBLED: Final = -3.2
_RARE: Final = -6.6
_RARE_TITLED: Final = -2.0
_FUNCTIONAL: Final = frozenset("向于时从和连")
"""Surnames that stand before a title as a word of their own: `向老师请教`, `依赖于医生`."""
"""Rare surnames are often the end of a word before a title: `出租车司机`."""
_ENDEARING: Final = {"姐": 2.5, "哥": 2.5, "仔": 2.5, "子": 4.5, "儿": 4.5, "妹": 3.5, "总": 3.5}
_MOST_BY_SECOND: Final = 14.0
_FREQUENT: Final = -13.0
"""A pair that is a word as frequent as this is searched less hopefully."""

_SHORT_TITLES: Final = "总董工哥姐妹弟叔伯姨婶嫂爷奶队导处局科校院博少太婆公爸妈生"
_CALLED: Final = "小老阿大"
_AFTER_CALLED: Final = re.compile("[哥姐总头子叔姨工爷弟妹]")
_TITLE_HEADS: Final = frozenset(title[0] for title in TITLES)
_NUMERALS: Final = re.compile("[零一二三四五六七八九十百千万壹贰叁肆伍陆柒捌玖]+")
_TWO: Final = 2
_BESIDE: Final = 2.0
"""How much a name gains from another one right beside it."""
_JOINING: Final = frozenset("和跟与及")

INTRODUCED: Final = re.compile(
    r"(?:我叫|我的名字(?:是|叫)|名字(?:是|叫)(?:做)?|(?:(?<![一-鿿])叫我|(?<![一-鿿])(?:本名|真名|大名|小名|網名|网名)[叫是]?)"
    r"|(?:姓名|收件人|收货人|联系人|户名|持卡人|昵称|称呼)[:：] ?)(?:「|“|\")?"
    r"(?P<name>[一-鿿]{2,4}|[A-Z][a-z]{2,14})(?=就行|就好|就可以|吧|呀|哈|啦|$|[^一-鿿A-Za-z])"
)
"""A name behind the words that introduce one, up to the end of the clause.

Misses names of more than four characters.
"""
_NOT_A_NAME: Final = re.compile(
    "[的了吗呢吧啊你我他她它佢这那不没冇谁啥么个们哪怎]|什么|名字|老师|同学|先生|女士|小姐|阿姨|叔叔|师傅|老板|宝|爸|妈|姐|哥"
    "|^马上|保密|匿名|未填|必填|滴滴|外卖|跑腿|闪送|快递|代驾|车$"
)
MENTION: Final = re.compile(
    r"(?<![0-9A-Za-z_.@个-])@(?![你我他她它谁不])(?P<name>[一-鿿]{2,8})(?= |$|\n)"
)
"""`@周雨涵 `: somebody of a group, called by name or card. Misses names with Latin letters."""
_NOBODY: Final = re.compile("所有人|全体|官方|团队|助手|客服|机器人|公众号|微信|微博|新闻|日报")


class Candidate(NamedTuple):
    """A place in a run that may be a name, what it weighs as one, and why."""

    start: int
    end: int
    weight: float
    why: str


@lru_cache(maxsize=1)
def heads() -> re.Pattern[str]:
    """Return the characters of which one is in every text that holds a name by evidence."""
    given = given_names()
    singles = {name[0] for name in surnames()} | given.alone.keys() | given.first.keys()
    singles |= {form for form, char in PLAIN.items() if char in singles}
    introducing = {char for pair in _INTRODUCING for char in pair} - set(":：")
    letters = singles | set(_CALLED) | introducing | {"@"}
    return re.compile(f"[{''.join(sorted(letters))}]")


def may_hold_names(text: str) -> bool:
    """Whether a folded text holds two characters with which a name or an introduction begins."""
    if _DULL.issuperset(map(str.__add__, text, text[1:])):
        return False
    hopeful = False
    for pair in map(str.__add__, text, text[1:]):
        if pair in _DULL:
            continue
        if _PAIRS[pair] is not _NOTHING or pair in _INTRODUCING or pair[0] == "@":
            hopeful = True
        else:
            if len(_DULL) >= _MOST_PAIRS:
                _DULL.clear()
            _DULL.add(pair)
    return hopeful


def most_of(pair: str) -> tuple[float, float]:
    """Return the most that a name by evidence or an introduction gains that begins with a pair.

    The second number is for names of three characters, without what the third one adds. Names of
    two count further where something stands beside them, and so may gain a little less.
    """
    found = _PAIRS[pair]
    if found is _NOTHING:
        introduced = pair in _INTRODUCING or pair[0] == "@"
        return (math.inf if introduced else -math.inf), -math.inf
    if found.further or pair in _INTRODUCING:
        return math.inf, math.inf
    alone = max((gain for gain, _weight, _why in found.whole), default=-math.inf)
    return alone + _BESIDE, found.two + _BESIDE


def most_of_third(char: str) -> float:
    """Return what the third character of a name adds."""
    return _by_second(plain(char)) if is_chinese(char) else -math.inf


def names_in(text: str) -> list[Hit]:
    """Return the names that a folded text holds by evidence, none overlapping another.

    Where `may_hold_names` says no, there are none; it is asked first, being much quicker.
    """
    found = [*_introduced(text)]
    for run in RUN.finditer(text):
        simple, hopeful = _read(run[0])
        if hopeful:
            found += _in_run(text, run.start(), simple, hopeful)
    return settled(found, len(text)) if len(found) > 1 else found


def settled(hits: Iterable[Hit], size: int) -> list[Hit]:
    """Return hits in a text of this size of which none overlaps another, better ones first."""
    free = bytearray(b"\1") * size
    kept = []
    for hit in sorted(hits, key=lambda hit: (-hit.score, hit.start - hit.end, hit.start)):
        if free.find(0, hit.start, hit.end) < 0:
            free[hit.start : hit.end] = bytes(hit.end - hit.start)
            kept.append(hit)
    return sorted(kept)


def _introduced(text: str) -> Iterator[Hit]:
    if "@" in text:
        for match in MENTION.finditer(text):
            if not _NOBODY.search(match["name"]) and plain(match["name"]) not in public_figures():
                yield Hit(*match.span("name"), 0.7, WHY_INTRODUCED)
    for match in INTRODUCED.finditer(text):
        if not is_no_name(match["name"]):
            yield Hit(*match.span("name"), 0.8, WHY_INTRODUCED)


def is_no_name(value: str) -> bool:
    """Whether what stands where a name is asked for says something else."""
    name = plain(value)
    return _NOT_A_NAME.search(name) is not None or is_ordinary(name)


def is_ordinary(name: str) -> bool:
    """Whether a Chinese string is made of ordinary words, going by their frequency."""
    if not RUN.fullmatch(name):
        return False
    family = surnames()
    weight = weigh(name).whole
    given = given_names()
    if name[0] in family and len(name) in (_TWO, _TWO + 1):
        two = given.two(*name[1:]) if len(name) > _TWO else given.one(name[1])
        if two is not None and family[name[0]] + two > weight - 2:
            return False
    return weight > -8.5 - 3.5 * (len(name) - 1)


def _in_run(text: str, offset: int, run: str, candidates: _Candidates) -> Iterator[Hit]:
    hopeful = []
    for each, most in candidates:
        context = around(text, offset + each.start, offset + each.end)
        if most + context > -_BESIDE:
            hopeful.append((context, each))
    if not hopeful:
        return
    weights = weigh(run)
    gains = [
        (weights.with_name(each.start, each.end, each.weight) + context, each)
        for context, each in hopeful
    ]
    gains.sort(key=itemgetter(0), reverse=True)
    taken = bytearray(len(run) + 2)
    for gain, each in gains:
        if taken.find(1, each.start, each.end) >= 0:
            continue
        if gain <= 0 and not (gain > -_BESIDE and _is_beside(run, each, taken)):
            continue
        if _NUMERALS.fullmatch(run, each.start, each.end):
            continue
        taken[each.start : each.end] = b"\1" * (each.end - each.start)
        if not _is_public(run, each):
            score = 0.4 + 0.5 * (1 - math.exp(-max(gain, 0) / _SCALE))
            yield Hit(offset + each.start, offset + each.end, score, each.why)


def _is_beside(run: str, each: Candidate, taken: bytearray) -> bool:
    """Whether another name stands right beside the candidate, or joined by `和`."""
    before, after = each.start - 1, each.end
    return bool(
        (before >= 0 and taken[before])
        or (before >= 1 and run[before] in _JOINING and taken[before - 1])
        or taken[after]
        or (run[after : after + 1] in _JOINING and taken[after + 1])
    )


def is_well_known(text: str, start: int, end: int) -> bool:
    """Whether a place of a text is or lies in a name or brand that everybody knows."""
    low = max(0, start - 3)
    run = plain(text[low : end + 4])
    return _is_public(run, Candidate(start - low, end - low, 0.0, ""))


def _is_public(run: str, each: Candidate) -> bool:
    """Whether the candidate is or lies in the name of somebody whom everybody knows."""
    known = public_figures()
    low = max(0, each.start - 3)
    given = given_names()
    return any(
        run[start:end] in known
        for start in range(low, each.start + 1)
        for end in range(each.end, min(len(run), start + 7) + 1)
    ) or any(
        # `成龙飞` is another name, `成龙演` is not.
        run[each.start : end] in known
        and run[end] not in given.second
        and run[end] not in given.first
        for end in range(each.start + 2, each.end)
    )


class _Pair(NamedTuple):
    """What two characters beside each other may begin, as gains over reading them as words.

    `two` is the gain of a surname and the first character of a given name, to which the second
    adds its own; the others are gains or, where false, nothing.
    """

    two: float
    whole: tuple[tuple[float, float, str], ...]  # gain, weight, why: names of these two characters
    further: bool  # longer things may begin here


_INTRODUCING: Final = frozenset(
    (
        *("我叫", "叫我", "名字", "本名", "真名", "大名", "小名", "网名", "網名"),
        # The fields of a form end in one of these, and the placeholder of a name does not.
        *("名:", "人:", "称:", "呼:", "名：", "人：", "称：", "呼："),
    )
)
"""Of each way to introduce a name two characters."""
_DULL: Final[set[str]] = set()
"""Pairs of characters that were met and with which nothing begins."""
_NOTHING: Final = _Pair(-math.inf, (), further=False)
_MOST_PAIRS: Final = 300_000


class _Pairs(dict[str, _Pair]):
    """Pairs of characters, each worked out when it is first met."""

    def __missing__(self, pair: str) -> _Pair:
        if len(self) >= _MOST_PAIRS:
            self.clear()
        found = self[pair] = _looked_at(plain(pair))
        return found


_PAIRS: Final = _Pairs()


@lru_cache(maxsize=1)
def _beginnings() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return with what names begin: surnames and the like, given names alone, and those of two."""
    given = given_names()
    return frozenset(surnames()) | set(_CALLED), frozenset(given.alone), given.leading()


def _looked_at(pair: str) -> _Pair:
    char, after = pair[0], pair[1]
    named, alone, leading = _beginnings()
    if not (
        char in named
        or char in leading
        or (char in alone and (after == char or after in _ENDEARING))
        or pair in named
    ):
        return _NOTHING
    if not (is_chinese(char) and is_chinese(after)):
        return _NOTHING
    family = surnames()
    as_words = _as_words(pair)
    most, by_second = MOST_AROUND, _MOST_BY_SECOND
    if (word_weight(pair) or -math.inf) > _FREQUENT:
        most, by_second = most - 1.5, by_second / 2
    whole = [*_as_family_and_more(pair), *_as_called(pair), *_as_given(pair)]
    kept = tuple(
        (weight - as_words, weight, why)
        for weight, why in whole
        if weight - as_words + most > -_BESIDE
    )
    further = (
        pair in family
        or (char in family and after in _TITLE_HEADS)
        or (char in _CALLED and any(why == WHY_TITLE for _gain, _weight, why in kept))
    )
    two = _first_of_three(pair) - as_words
    if two + by_second + most <= 0:
        two = -math.inf
        if not kept and not further:
            return _NOTHING
    return _Pair(two, kept, further)


def _first_of_three(pair: str) -> float:
    """Return what a surname weighs with the first of two characters of a given name."""
    surname = surnames().get(pair[0])
    first = given_names().first.get(pair[1], UNUSUAL)
    if surname is None or (first == UNUSUAL and pair[1] in NEVER_NAMED):
        return -math.inf
    return _A_NAME + surname + _GIVEN_OF_TWO + first


def _as_family_and_more(pair: str) -> Iterator[tuple[float, str]]:
    """Yield what a surname weighs with a given name or a title of one character, or alone."""
    family = surnames()
    char, after = pair[0], pair[1]
    surname = family.get(char)
    if surname is not None:
        alone = given_names().one(after)
        if alone is not None:
            yield _A_NAME + surname + _GIVEN_ALONE + alone, WHY_NAME_PARTS
        if after in _SHORT_TITLES:
            rare = _rare_titled(char, surname)
            yield _A_NAME + surname + _TITLED_SHORT + rare, WHY_TITLE
    if pair in family:
        yield _A_NAME + family[pair] + 1, WHY_NAME_PARTS


def _rare_titled(name: str, surname: float) -> float:
    """Return what makes a surname less likely before a title."""
    if name in _FUNCTIONAL:
        return _RARE_TITLED - 1.5
    return _RARE_TITLED if surname < _RARE and len(name) == 1 else 0.0


def _ending_a_word(run: str, start: int) -> float:
    """Return what makes a surname less likely that ends a frequent word: `保安大叔`."""
    pair = run[max(0, start - 1) : start + 1]
    return _RARE_TITLED if (word_weight(pair) or -math.inf) > _FREQUENT else 0.0


def _as_called(pair: str) -> Iterator[tuple[float, str]]:
    """Yield what `小周`, `阿明`, `娜姐` weigh."""
    family, alone = surnames(), given_names().alone
    char, after = pair[0], pair[1]
    if char in _CALLED:
        if after in family and char != "大":
            yield _A_NAME + _FORM_OF_ADDRESS + family[after], WHY_TITLE
        if char == "阿" and after in alone:
            yield _A_NAME + alone[after] - 1.0, WHY_TITLE
    elif char in alone and after in _ENDEARING and char not in family:
        yield _A_NAME - _ENDEARING[after] + alone[char], WHY_TITLE


def _as_given(pair: str) -> Iterator[tuple[float, str]]:
    """Yield what a given name weighs without a surname: `晓雯`, `珊珊`."""
    given = given_names()
    char, after = pair[0], pair[1]
    if given.surely(char, after):
        weight = given.first[char] + given.second[after]
        yield _A_NAME + _NO_SURNAME + weight, WHY_NAME_PARTS
    elif char == after and char in given.alone:
        yield _A_NAME + _DOUBLED + given.alone[char], WHY_NAME_PARTS


def _as_words(pair: str) -> float:
    """Return the weight of two characters read as a word, or as two."""
    apart = char_weight(pair[0]) + char_weight(pair[1])
    together = word_weight(pair)
    return apart if together is None else max(apart, together)


@lru_cache(maxsize=20_000)
def _by_second(char: str) -> float:
    """Return what a second character of a given name gains over being a word of its own."""
    given = given_names().second.get(char)
    if given is None:
        given = -math.inf if char in NEVER_NAMED else UNUSUAL
    return given - char_weight(char)


def _read(run: str) -> tuple[str, _Candidates]:
    """Return a run in simplified characters, and what may be a name in it.

    Each candidate comes with the most that it can gain before its context counts.
    """
    return _kept(run) if len(run) <= LONGEST_KEPT else _kept.__wrapped__(run)


@lru_cache(maxsize=MOST_KEPT)
def _kept(run: str) -> tuple[str, _Candidates]:
    simple = plain(run)
    return simple, tuple(_candidates(simple))


def _candidates(run: str) -> Iterator[tuple[Candidate, float]]:
    size = len(run)
    for start, pair in enumerate(map(str.__add__, run, run[1:])):
        found = _PAIRS[pair]
        if found is _NOTHING or (pair[0] == pair[1] and _goes_on(run, start)):
            continue
        for gain, weight, why in found.whole:
            yield Candidate(start, start + 2, weight, why), gain
        if start + 2 < size:
            gain = found.two + _by_second(run[start + 2])
            if gain + MOST_AROUND > -_BESIDE:
                weight = gain + _as_words(pair) + char_weight(run[start + 2])
                yield Candidate(start, start + 3, weight, WHY_NAME_PARTS), gain
        if found.further:
            yield from _longer(run, start)


def _goes_on(run: str, start: int) -> bool:
    """Whether a doubled character is part of a longer play: `超超超`, `思思念念`."""
    before, after = run[max(0, start - 2) : start], run[start + 2 : start + 4]
    return (
        run[start] in (before[-1:], after[:1])
        or (len(before) > 1 and before[0] == before[1])
        or (len(after) > 1 and after[0] == after[1])
    )


def _longer(run: str, start: int) -> Iterator[tuple[Candidate, float]]:
    """Yield `周老师`, `小马哥`, `欧阳娜娜`: what is longer than a surname and two characters."""
    family, given = surnames(), given_names()
    for at in (start + 1, start + 2):
        surname = family.get(run[start:at])
        if surname is None:
            continue
        base = _A_NAME + surname + (2 if at > start + 1 else 0)
        title = TITLE.match(run, at)
        if title is not None:
            rare = _rare_titled(run[start:at], surname) + _ending_a_word(run, start)
            yield Candidate(start, title.end(), base + _TITLED + rare, WHY_TITLE), 0.0
        if at == start + 1 or at >= len(run):
            continue
        alone = given.one(run[at])
        if alone is not None:
            yield Candidate(start, at + 1, base + _GIVEN_ALONE + alone, WHY_NAME_PARTS), 0.0
        two = given.two(run[at], run[at + 1]) if at + 1 < len(run) else None
        if two is not None:
            yield Candidate(start, at + 2, base + _GIVEN_OF_TWO + two, WHY_NAME_PARTS), 0.0
    if run[start] in _CALLED:
        more = _AFTER_CALLED.match(run, start + 2)
        for _gain, weight, why in _PAIRS[run[start : start + 2]].whole if more else ():
            if why == WHY_TITLE:
                yield Candidate(start, start + 3, weight - 2.0, why), 0.0
