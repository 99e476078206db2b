"""What is to be seen of a candidate for a secret and beside it, as features that a model weighs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.pii.context import is_laughter, is_other_number
from curation.pii.recognizers.secret_windows import LEFT, RIGHT, distance, windows
from curation.pii.recognizers.secret_words import (
    DEVICE,
    ENGLISH,
    LOOKS,
    NAMES_SECRET,
    SECRETS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curation.pii.lexicon import Word
    from curation.pii.recognizers.secret_candidates import Candidate
    from curation.pii.recognizers.secret_windows import Seen, Window

_MOST_SIGNS: Final = 12
_FEW_SIGNS: Final = 2
_SHORT: Final = 3
_SHORT_APART: Final = 5
_LONG: Final = 8
_LONGEST_LAUGHTER: Final = 5
_BREAKS: Final = frozenset(".!?~\n")
_AND_VALUE: Final = re.compile(
    "[ ,;/|]{0,3}(?:登录)?(?:密码?|口令|pwd?|pw|pass[a-z]*|key)[ 是:为就=]*[a0-9@]"
)
"""What follows the name of an account or of a network: the word for its password, and that."""

_TYPED: Final = frozenset({"mixed", "letters", "keys"})
"""The kinds of candidates that are made of more than digits."""

_STRONG: Final = re.compile(
    "(?=[^0-9]*[0-9])(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z])(?![A-Z][a-z]+(?:[0-9]{1,2}|20[0-9]{2})!)"
    "[^@#][!-~]*[@#$%&*_!][!-~]*"
)
"""Small and capital letters, digits and a sign. Misses what begins like a mention or a topic."""
_PAIR: Final = re.compile(
    r"(?=[^ /|\n]*[0-9_@])[0-9A-Za-z][0-9A-Za-z_.@-]{3,39}(?: ?[/|] ?|[ \n])"
    r"(?P<value>(?=[^A-Z]*[A-Z])(?=[^0-9]*[0-9][^0-9]*[0-9])(?=[^a-z]*[a-z])[!-~]{7,32})"
)
"""The name of an account and what only a password looks like."""
_SIGNED: Final = re.compile(
    "(?=[^A-Za-z]*[A-Za-z])(?=[^0-9]*[0-9][^0-9]*[0-9])[0-9A-Za-z_-]{1,24}"
    "[@#$*!&%](?<![0-9]%)[!-~]{2,24}"
)
_RUNS: Final = re.compile("[0-9]+|[a-z]+|[A-Z]+|[^0-9A-Za-z]+")
_WORD: Final = re.compile("(?<![a-z])a(?![a-z])")
"""A word that is not known, in a window."""
_MOST_RUNS: Final = 7
_GROUPS: Final = re.compile("[ ·、,，-]")


def features(text: str, found: Candidate) -> Seen:
    """Return the features of a candidate in a folded text.

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
        low = max(0, found.start - LEFT)
        if NAMES_SECRET.search(text, low, found.end + RIGHT) is None:
            return {}
    if size >= _LONG and is_other_number(text, found.start, found.end):
        return {}
    left, right = windows(text, found)
    if not (left.words or right.words or _is_all(text, found) or _is_signed(value, kind)):
        return {}
    if size <= _LONGEST_LAUGHTER and left.text.endswith("\n") and is_laughter(value):
        return {}
    shape, told = look(text, found)
    if _AND_VALUE.match(right.text):
        told += ("account", f"account{kind}")
    return with_both_sides(told, left, right, kind, shape)


def look(text: str, found: Candidate) -> tuple[str, list[str]]:
    """Return how a candidate is made, in few classes, and what is to be seen of it alone."""
    kind = found.kind
    value = text[found.start : found.end]
    shape = _shape(value, kind)
    told = [f"k{kind}", f"s{shape}", *_looks(value, kind, shape)]
    if kind in _TYPED:
        told += make(value, kind)
    if is_other_number(text, found.start, found.end):
        told.append("vother")
    return shape, told


def _is_all(text: str, found: Candidate) -> bool:
    """Whether a message says nothing but what only a password looks like: `Xy#2024abc`.

    The name of an account may stand before it.
    """
    if found.kind != "mixed" or found.end != len(text):
        return False
    if found.start == 0:
        return _STRONG.fullmatch(text) is not None
    pair = _PAIR.fullmatch(text)
    return pair is not None and pair.start("value") == found.start


def _is_signed(value: str, kind: str) -> bool:
    """Whether a sign stands among letters and digits, as hardly but in passwords: `tian@0520`."""
    return kind == "mixed" and _SIGNED.fullmatch(value) is not None


def with_both_sides(told: list[str], left: Window, right: Window, kind: str, shape: str) -> Seen:
    """Return what is told of a candidate of this kind and shape, and what stands beside it."""
    _add_nearest(told, left.text[::-1], "l")
    _add_nearest(told, right.text, "r")
    _add_lines(told, left.text, right.text, kind)
    _add_lengths(told, left.text, right.text, kind)
    before = _left_secret(left)
    behind = next((word.kind for word in right.words if word.kind in SECRETS), "")
    _add_left_words(told, left, before, kind, shape)
    _add_right_words(told, right, kind, shape)
    _add_pairs(told, (left, right), (before.kind if before else "", behind), kind, shape)
    return {"": set(told), **left.grams, **right.grams, "u": left.chars | right.chars}


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


def _add_nearest(told: list[str], near: str, side: str) -> None:
    """Tell of the one or two characters that touch a candidate, given from it outwards."""
    if near:
        told += (f"{side}1{near[0]}", f"{side}2{near[:2]}")
    else:
        told.append(f"{side}0")


def _add_lines(told: list[str], left: str, right: str, kind: str) -> None:
    """Tell how a candidate lies in its line."""
    first = left.endswith("\n")
    last = not right or right[0] == "\n"
    if "\n" in left:
        told.append("newline")
    if first:
        told += ("first", f"first{kind}")
    if last:
        told += ("last", f"last{kind}")
    if last and (first or not left):
        told += ("alone", f"alone{kind}")


def _add_lengths(told: list[str], left: str, right: str, kind: str) -> None:
    """Tell how much else stands in a candidate's line, and how many numbers are beside it."""
    before, behind = len(left) - left.rfind("\n") - 1, len(right.partition("\n")[0])
    both = min((before + behind) // 4, 8)
    words = min(len(_WORD.findall(left)) + len(_WORD.findall(right)), 4)
    numbers = left.count("0") + left.count("1") + right.count("0") + right.count("1")
    told += (
        f"zl{min(before // 3, 6)}",
        f"zr{min(behind // 3, 6)}",
        f"z{both}",
        f"z{both}{kind}",
        f"zn{min(numbers, 5)}",
        f"za{words}",
        f"za{words}{kind}",
    )


def _left_secret(left: Window) -> Word | None:
    """Return the nearest word on the left that names a secret or what it opens."""
    return next((word for word in reversed(left.words) if word.kind in SECRETS), None)


def _add_left_words(
    told: list[str], left: Window, secret: Word | None, kind: str, shape: str
) -> None:
    seen: set[str] = set()
    size = len(left.text)
    for word, _, end in reversed(left.words):
        if word not in seen:
            seen.add(word)
            told += (f"L{word}", f"L{word}{distance(size - end)}", f"L{word}/{kind}")
    if secret is None:
        told.append(f"N-{shape}")
        return
    name, step = secret.kind, distance(size - secret.end)
    broken = "|" * (not _BREAKS.isdisjoint(left.text[secret.end :]))
    said = left.text[secret.end :]
    rivals = f"{min(said.count('0'), 2)}{min(len(_WORD.findall(said)), 2)}"
    between = ">".join([word.kind for word in left.words if word.start >= secret.end])
    told += (
        f"N{name}{step}{broken}",
        f"N{name}{step}{shape}",
        f"N{name}{shape}{broken}",
        f"X{rivals}{kind}",
        f"X{rivals}{shape}",
        f"X{name}{rivals}",
        f"B{name}>{between}",
        f"B{name}>{between}/{kind}",
    )


def _add_right_words(told: list[str], right: Window, kind: str, shape: str) -> None:
    seen: set[str] = set()
    secret = False
    for word, start, _ in right.words:
        if word in seen:
            continue
        seen.add(word)
        step = distance(start)
        told += (f"R{word}", f"R{word}{step}", f"R{word}/{kind}")
        if word in SECRETS and not secret:
            secret = True
            said = right.text[:start]
            rivals = f"{min(said.count('0'), 2)}{min(len(_WORD.findall(said)), 2)}"
            told += (f"M{word}{step}", f"M{word}{shape}", f"Y{rivals}{kind}", f"Y{word}{rivals}")


def _add_pairs(
    told: list[str],
    sides: tuple[Window, Window],
    secrets: tuple[str, str],
    kind: str,
    shape: str,
) -> None:
    """Tell of classes of words that stand together."""
    left, right = sides
    before, behind = secrets
    last = left.words[-1].kind if left.words and len(left.text) - left.words[-1].end <= 1 else ""
    first = right.words[0].kind if right.words and right.words[0].start <= 1 else ""
    told += (
        f"P{before}/{behind}",
        f"P{before}/{behind}/{kind}",
        f"P{before}/{behind}/{shape}",
        f"A{last}_{first}",
        f"A{last}_{shape}",
        f"A_{first}{shape}",
        f"A{before}:{last}",
        f"A{before}:{first}",
    )
    kinds = [word.kind for word in left.words[-3:]]
    for many in (2, 3):
        if len(kinds) >= many:
            told.append(f"Q{'>'.join(kinds[-many:])}")
