"""What is to be seen of a candidate for a secret and beside it, as features that a model weighs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from curation.pii.chinese import PLAIN
from curation.pii.context import is_laughter, is_other_number
from curation.pii.recognizers.secret_words import (
    DEVICE,
    ENGLISH,
    KNOWN,
    LEXICON,
    LOOKS,
    NAMES_SECRET,
    SECRETS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curation.pii.recognizers.secret_candidates import Candidate

_LEFT: Final = 28
_RIGHT: Final = 26
"""How many characters beside a candidate are read."""

_NEAR: Final = (0, 1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4)
_FAR: Final = 5
"""Distances in characters, in steps."""

_MOST_SIGNS: Final = 12
_FEW_SIGNS: Final = 2
_SHORT_NUMBER: Final = 2
_SHORT: Final = 3
_SHORT_APART: Final = 5
_LONG: Final = 8
_LONGEST_LAUGHTER: Final = 5
_LONGEST_GRAM: Final = 2
_BREAKS: Final = frozenset(".!?~\n")
_ASCII: Final = re.compile("2fa|[a-z]+|[0-9]+")
_AND_VALUE: Final = re.compile(
    "[ ,;/|]{0,3}(?:登录)?(?:密码?|口令|pwd?|pw|pass[a-z]*|key)[ 是:为就=]*[a0-9@]"
)
"""What follows the name of an account or of a network: the word for its password, and that."""

_TYPED: Final = frozenset({"mixed", "letters", "keys"})
"""The kinds of candidates that are made of more than digits."""

_RUNS: Final = re.compile("[0-9]+|[a-z]+|[A-Z]+|[^0-9A-Za-z]+")
_MOST_RUNS: Final = 7
_GROUPS: Final = re.compile("[ -]")
_SIGNS: Final = str.maketrans("，。！？；～、“”「」『』《》【】…", ',.!?;~,""""""""[]~') | {
    ord(form): plain for form, plain in PLAIN.items()
}


class Word(NamedTuple):
    """A word of the lexicon beside a candidate: its class, and its range in the window."""

    kind: str
    start: int
    end: int


class Window(NamedTuple):
    """What stands on one side of a candidate, made alike, and the words of the lexicon in it."""

    text: str
    words: Sequence[Word]


def around(text: str, found: Candidate) -> tuple[str, Candidate]:
    """Return as much of a text as is read of a candidate's, and the candidate in it."""
    low = max(0, found.start - _LEFT)
    return text[low : found.end + _RIGHT], found._replace(
        start=found.start - low, end=found.end - low
    )


def windows(text: str, found: Candidate) -> tuple[Window, Window]:
    """Return what stands left and right of a candidate in a folded text."""
    left = _plain(text[max(0, found.start - _LEFT) : found.start])
    right = _plain(text[found.end : found.end + _RIGHT])
    return Window(left, _words(left)), Window(right, _words(right))


def features(text: str, found: Candidate) -> Iterator[str]:
    """Yield the features of a candidate in a folded text, each a short string; some twice.

    There are none where nothing beside it could make it a secret.
    """
    kind = found.kind
    size = found.end - found.start
    value = text[found.start : found.end]
    if (
        (size <= _SHORT and kind == "digits")
        or (size <= _SHORT_APART and kind == "apart")
        or is_laughter(value)
    ):
        low = max(0, found.start - _LEFT)
        if NAMES_SECRET.search(text, low, found.end + _RIGHT) is None:
            return
    other = is_other_number(text, found.start, found.end)
    if other and size >= _LONG:
        return
    left, right = windows(text, found)
    if not (left.words or right.words):
        return
    if size <= _LONGEST_LAUGHTER and left.text.endswith("\n") and is_laughter(value):
        return
    shape = _shape(value, kind)
    yield f"k{kind}"
    yield f"s{shape}"
    yield from _looks(value, kind, shape)
    if kind in _TYPED:
        yield from make(value, kind)
    if other:
        yield "vother"
    yield from beside(left, right, kind, shape)
    if _AND_VALUE.match(right.text):
        yield "account"
        yield f"account{kind}"


def beside(left: Window, right: Window, kind: str, shape: str) -> Iterator[str]:
    """Yield what stands on both sides of a candidate of this kind and shape."""
    yield from _grams(left.text[::-1], "l")
    yield from _grams(right.text, "r")
    yield from _lines(left.text, right.text, kind)
    yield from _lengths(left.text, right.text, kind)
    before = _left_secret(left)
    behind = next((word.kind for word in right.words if word.kind in SECRETS), "")
    yield from _left_words(left, before, kind, shape)
    yield from _right_words(right, kind, shape)
    yield from _pairs(left, right, (before.kind if before else "", behind), kind, shape)


def _plain(text: str) -> str:
    """Return a window in small letters and simplified signs, unknown words and numbers cut down."""
    return _ASCII.sub(_ascii, text.lower().translate(_SIGNS))


def _ascii(match: re.Match[str]) -> str:
    word = match[0]
    if word in KNOWN:
        return word
    if word.isdigit():
        return "0" if len(word) > _SHORT_NUMBER else "1"
    return "a"


def _words(plain: str) -> list[Word]:
    return [Word(match.lastgroup or "", *match.span()) for match in LEXICON.finditer(plain)]


def _step(gap: int) -> int:
    return _NEAR[gap] if gap < len(_NEAR) else _FAR


def _shape(value: str, kind: str) -> str:
    """Return how a value is made, in few classes."""
    size = len(value)
    match kind:
        case "digits":
            return f"d{min(size, _MOST_SIGNS)}"
        case "letters":
            case = "a" if value.islower() else "A" if value.isupper() else "Aa"
            return f"l{case}{min(size // 3, 5)}"
        case "apart":
            groups = _GROUPS.split(value)
            return f"p{len(groups[0])}x{min(len(groups), 6)}{'-' * ('-' in value)}"
        case "spelled":
            return "nx" if "个" in value else f"n{min(size, 8)}"
        case "keys":
            return f"#{min(size, 8)}"
        case _:
            sign = "$" * (not value.isalnum())
            case = "a" if value.lower() == value else "A"
            few = "1" * (sum(map(str.isdigit, value)) < _FEW_SIGNS)
            return f"m{case}{sign}{few}{min(size // 3, 5)}"


def _looks(value: str, kind: str, shape: str) -> Iterator[str]:
    for name, pattern in LOOKS.items():
        if pattern.fullmatch(value):
            yield f"v{name}"
            yield f"v{name}{shape}"
    if kind == "mixed" and DEVICE.match(value):
        yield "vdevice"
    if kind == "letters" and value.lower() in ENGLISH:
        yield "venglish"
    if is_laughter(value):
        yield "vlaugh"


def make(value: str, kind: str) -> Iterator[str]:
    """Yield how a value is put together of letters, digits and signs."""
    runs = _RUNS.findall(value)
    order = "".join(map(_run, runs[:_MOST_RUNS]))
    yield f"c{order}"
    yield f"c{order}{min(len(value) // 3, 5)}"
    yield f"ck{len(set(map(_run, runs)))}{min(len(value) // 3, 4)}"
    if kind == "mixed" and runs[0].isalpha() and runs[-1].isdigit():
        yield f"ct{min(len(runs[-1]), _MOST_SIGNS)}"
        if LOOKS["pinyin"].fullmatch(runs[0]):
            yield "cpinyin"
            yield f"cpinyin{len(runs[-1])}"


def _run(signs: str) -> str:
    """Return what a run of signs of one sort is made of."""
    if signs.isdigit():
        return "0"
    if signs.isalpha():
        return "a" if signs.islower() else "A"
    return "$"


def _grams(near: str, side: str) -> Iterator[str]:
    """Yield the character grams of a window, given from the candidate outwards.

    Characters and pairs are named once with their side and once without: what is rare on one side
    is known from the other.
    """
    for size in range(1, min(len(near), _LONGEST_GRAM) + 1):
        yield f"{side}{size}{near[:size]}"
    if not near:
        yield f"{side}0"
    for place, char in enumerate(near):
        yield f"{side}u{_step(place)}{char}"
        yield f"u{char}"
        two = near[place : place + 2]
        yield f"{side}b{two}"
        yield f"b{two if side == 'r' else two[::-1]}"
        yield f"{side}t{near[place : place + 3]}"


def _lines(left: str, right: str, kind: str) -> Iterator[str]:
    """Yield how a candidate lies in its line."""
    first = left.endswith("\n")
    last = not right or right[0] == "\n"
    if "\n" in left:
        yield "newline"
    if first:
        yield "first"
        yield f"first{kind}"
    if last:
        yield "last"
        yield f"last{kind}"
    if last and (first or not left):
        yield "alone"
        yield f"alone{kind}"


def _lengths(left: str, right: str, kind: str) -> Iterator[str]:
    """Yield how much else stands in a candidate's line, and how many numbers are beside it."""
    before, behind = len(left) - left.rfind("\n") - 1, len(right.partition("\n")[0])
    both = min((before + behind) // 4, 8)
    yield f"zl{min(before // 3, 6)}"
    yield f"zr{min(behind // 3, 6)}"
    yield f"z{both}"
    yield f"z{both}{kind}"
    yield f"zn{min(left.count('0') + left.count('1') + right.count('0') + right.count('1'), 5)}"


def _left_secret(left: Window) -> Word | None:
    """Return the nearest word on the left that names a secret or what it opens."""
    return next((word for word in reversed(left.words) if word.kind in SECRETS), None)


def _left_words(left: Window, secret: Word | None, kind: str, shape: str) -> Iterator[str]:
    seen: set[str] = set()
    size = len(left.text)
    for word in reversed(left.words):
        if word.kind not in seen:
            seen.add(word.kind)
            yield f"L{word.kind}"
            yield f"L{word.kind}{_step(size - word.end)}"
            yield f"L{word.kind}/{kind}"
    if secret is None:
        yield f"N-{shape}"
        return
    name, step = secret.kind, _step(size - secret.end)
    broken = "|" * (not _BREAKS.isdisjoint(left.text[secret.end :]))
    between = ">".join(word.kind for word in left.words if word.start >= secret.end)
    yield f"N{name}{step}{broken}"
    yield f"N{name}{step}{shape}"
    yield f"N{name}{shape}{broken}"
    yield f"B{name}>{between}"
    yield f"B{name}>{between}/{kind}"


def _right_words(right: Window, kind: str, shape: str) -> Iterator[str]:
    seen: set[str] = set()
    secret = False
    for word in right.words:
        if word.kind in seen:
            continue
        seen.add(word.kind)
        step = _step(word.start)
        yield f"R{word.kind}"
        yield f"R{word.kind}{step}"
        yield f"R{word.kind}/{kind}"
        if word.kind in SECRETS and not secret:
            secret = True
            yield f"M{word.kind}{step}"
            yield f"M{word.kind}{shape}"


def _pairs(
    left: Window, right: Window, secrets: tuple[str, str], kind: str, shape: str
) -> Iterator[str]:
    """Yield classes of words that stand together."""
    before, behind = secrets
    yield f"P{before}/{behind}"
    yield f"P{before}/{behind}/{kind}"
    yield f"P{before}/{behind}/{shape}"
    last = left.words[-1].kind if left.words and len(left.text) - left.words[-1].end <= 1 else ""
    first = right.words[0].kind if right.words and right.words[0].start <= 1 else ""
    yield f"A{last}_{first}"
    yield f"A{last}_{shape}"
    yield f"A_{first}{shape}"
    yield f"A{before}:{last}"
    yield f"A{before}:{first}"
    kinds = [word.kind for word in left.words[-3:]]
    for many in (2, 3):
        if len(kinds) >= many:
            yield f"Q{'>'.join(kinds[-many:])}"
