"""What the words beside a possible name say: that somebody is meant, or something else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.pii.chinese import name_words

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORDS: Final = name_words()
TITLES: Final = _WORDS["titles"]
"""Words that follow a surname or a whole name when one speaks of somebody or to somebody."""


def any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of these words, the longer ones first."""
    ordered = sorted(words, key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, ordered))})"


TITLE: Final = re.compile(any_of(TITLES))

INTRODUCED_BY: Final = 3.5
_FORM_FIELD: Final = rf"{any_of(_WORDS['labels'])}[:： ]?"
_RELATED: Final = 2.2
_FOLLOWS: Final = 1.6
_LEFT: Final = (
    (INTRODUCED_BY, re.compile(rf"(?:{any_of(_WORDS['introductions'])}|{_FORM_FIELD})\Z")),
    (_RELATED, re.compile(rf"{any_of(_WORDS['relations'])}\Z")),
    (_FOLLOWS, re.compile(rf"{any_of(_WORDS['before'])}\Z")),
)
_ADDRESSED: Final = r"[(（]?[收男女](?![一-鿿])|[ ,，]*(?:电话|手机|联系|身份证|1[3-9][0-9])"
_SPOKEN_TO: Final = 3.0
_ACTS: Final = 2.0
_OWNS: Final = 0.6
_RIGHT: Final = (
    (_SPOKEN_TO, re.compile(rf"{any_of(TITLES)}|{_ADDRESSED}")),
    (_ACTS, re.compile(any_of(_WORDS["after"]))),
    (_OWNS, re.compile("的")),
)
_EDGE_LEFT: Final = 0.9
_EDGE_RIGHT: Final = 0.7
MOST: Final = INTRODUCED_BY + _SPOKEN_TO
"""What the words on both sides add at most."""

_NOT_PRIVATE_AFTER: Final = re.compile(
    any_of([*_WORDS["fame"], *_WORDS["places"]])
    + "|[东南西北中]?[路街镇县市区村省湖山江河巷弄苑邨庄]"
)
_NOT_PRIVATE_BEFORE: Final = re.compile(any_of(_WORDS["famous"]) + r"\Z")
_NOT_PRIVATE: Final = 4.0
_COUNTED: Final = re.compile(r"[一二两三四五六七八九十几每这那哪半整0-9][张段包车盘单束支]")
"""A measure word that is a surname as well: `那张猫`."""
_MEASURES: Final = frozenset("张段包车盘单束支")
_REACH: Final = 8
_LONGEST_TITLE: Final = 20


_LEFT_ENDS: Final = {
    **dict.fromkeys((word[-1] for word in _WORDS["before"]), _FOLLOWS),
    **dict.fromkeys((word[-1] for word in _WORDS["relations"]), _RELATED),
    **dict.fromkeys((word[-1] for word in _WORDS["introductions"]), INTRODUCED_BY),
    **dict.fromkeys((word[-1] for word in _WORDS["labels"]), INTRODUCED_BY),
    **dict.fromkeys(":： ", INTRODUCED_BY),
}
_RIGHT_HEADS: Final = {
    "的": _OWNS,
    **dict.fromkeys((word[0] for word in _WORDS["after"]), _ACTS),
    **dict.fromkeys((word[0] for word in TITLES), _SPOKEN_TO),
    **dict.fromkeys("(（收男女 ,，电手联身1", _SPOKEN_TO),
}
_NOT_PRIVATE_HEADS: Final = frozenset(
    word[0] for word in (*_WORDS["fame"], *_WORDS["places"])
) | set("东南西北中路街镇县市区村省湖山江河巷弄苑邨庄")
_NOT_PRIVATE_ENDS: Final = frozenset(word[-1] for word in _WORDS["famous"])
# Single characters decide in most places that no pattern needs to be asked.


def around(text: str, start: int, end: int) -> float:
    """Return what the words beside a place add to its weight as a name; negative speaks against."""
    found = _left(text, start) + _right(text, end)
    if _in_a_title(text, start):
        found -= _NOT_PRIVATE
    if _is_counted(text, start) or "·" in (text[start - 1 : start], text[end : end + 1]):
        found -= 2 * _NOT_PRIVATE  # a measure word, or a part of a foreign name
    return found


def most_before(char: str) -> float:
    """Return the most that `around` adds for the words before a place, given the last letter."""
    return max(_LEFT_ENDS.get(char, 0.0), 0.0 if is_chinese(char) else _EDGE_LEFT)


def most_behind(char: str) -> float:
    """Return the most that `around` adds for the words behind a place, given the first letter."""
    return max(_RIGHT_HEADS.get(char, 0.0), 0.0 if is_chinese(char) else _EDGE_RIGHT)


def _left(text: str, start: int) -> float:
    if not start:
        return _EDGE_LEFT
    last = text[start - 1]
    bonus = 0.0 if is_chinese(last) else _EDGE_LEFT
    if last in _LEFT_ENDS or last in _NOT_PRIVATE_ENDS:
        left = text[max(0, start - _REACH) : start]
        for more, words in _LEFT:
            if words.search(left):
                bonus = max(bonus, more)
                break
        if _NOT_PRIVATE_BEFORE.search(left):
            bonus -= _NOT_PRIVATE
    return bonus


def _right(text: str, end: int) -> float:
    if end == len(text):
        return _EDGE_RIGHT
    first = text[end]
    bonus = 0.0 if is_chinese(first) else _EDGE_RIGHT
    if first in _RIGHT_HEADS:
        for more, words in _RIGHT:
            if words.match(text, end):
                bonus = max(bonus, more)
                break
    if first in _NOT_PRIVATE_HEADS and _NOT_PRIVATE_AFTER.match(text, end):
        bonus -= _NOT_PRIVATE
    return bonus


def _is_counted(text: str, start: int) -> bool:
    """Whether the surname there is a measure word: `那张猫`."""
    return (
        text[start] in _MEASURES
        and start > 0
        and _COUNTED.match(text, start - 1, start + 1) is not None
    )


def _in_a_title(text: str, start: int) -> bool:
    """Whether a place lies between `《` and `》`."""
    low = max(0, start - _LONGEST_TITLE)
    return text.rfind("《", low, start) > text.rfind("》", low, start)


def is_chinese(char: str) -> bool:
    """Whether a character is a Chinese one."""
    return "一" <= char <= "鿿"
