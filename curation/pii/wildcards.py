"""A person's own terms: `*` stands for any characters of one line, `?` for one of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from curation.marks import CODE, mark_spans
from curation.pii.chinese import frequencies, name_words, plain
from curation.pii.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PART: Final = re.compile(r"\\[*?\\]|[*?]|[^*?\\]+|\\")
_MOST_BETWEEN: Final = 64
"""How many characters a `*` in the middle stands for at most, so that a search stays linear."""
_MOST_REST: Final = 16
"""How many letters a `*` at an end stands for at most, before it is cut to the rest of a word."""
_REST: Final = rf"\w{{0,{_MOST_REST}}}"

_STOP: Final = re.compile(
    "[今明昨前后每当][天日晚早年]|现在|刚才|[早晚]上|[上下中]午|什么|怎么|这么|那么|因为|所以|但是|如果"
    "|[我你您他她它咱谁][们家俩]?|[的了着过吗呢吧啊呀嘛哦哈啦]"
    "|[这那哪][里边儿样些次年时]|很[多少]|太[多少]|不[行好错用过同断久然如得了会]|也[许好]|再[见次三来说]"
    "|别[人的说]|没[事人钱法]|没关系|还[好要]|只好|就算|得到|[本原后回出起看过下上]来|都会"
    "|(?P<word>[得地这那哪很太都也就还又再才不没别只"
    "和跟与及或在是有说讲问去来到把被给让叫要会能想从对向为同上下里])"
)
"""Where a word that a Chinese text does not part from the next one ends for sure.

A `word` is none where it begins a longer one, which a name may hold (`别墅`, `太平洋`).
"""
_ENDING: Final = frozenset("地太都才和来会同里")
"""Those that also end words which a name may hold: `绿地`, `未来`."""
_LONGEST_WORD: Final = 4


def escaped(text: str) -> str:
    """Return the term that stands for exactly `text`."""
    return re.sub(r"([*?\\])", r"\\\1", text)


def term_pattern(terms: Iterable[str]) -> re.Pattern[str] | None:
    """Return what a folded text matches where one of these terms stands; None without a term.

    Letter case and full-width forms do not count. A term of wildcards alone finds nothing. A term
    that begins or ends with a Latin letter or a digit is not found inside a longer word or number.
    Where exactly terms stand in a text, `TermFinder` says.
    """
    ordered = sorted(set(terms), key=len, reverse=True)
    sources = [_source(fold(term), _REST) for term in ordered]
    wanted = [source for source in sources if source]
    return re.compile("|".join(wanted), re.IGNORECASE) if wanted else None


class TermFinder:
    """Says where terms stand: each by itself, so that none hides what another one reaches.

    A `*` at an end takes the rest of a word, not of the line: `老板*` is 老板娘, not a sentence. No
    wildcard takes a sticker's code, a face, laughter or an emoji, or a part of one. Only what
    stands in brackets as a sticker does and is none that is known, such as `[张三丰]`, is searched.
    """

    def __init__(self, terms: Iterable[str]) -> None:
        chosen = sorted(set(terms), key=len, reverse=True)
        self._any = term_pattern(chosen)
        self._each = [
            (re.compile(source, re.IGNORECASE), parts[0] == "*", parts[-1] == "*")
            for term in chosen
            if (source := _source(fold(term))) and (parts := _PART.findall(fold(term).strip()))
        ]

    def may_be_in(self, folded: str) -> bool:
        """Whether a folded text can hold one of the terms."""
        return self._any is not None and self._any.search(folded) is not None

    def spans(self, folded: str) -> Iterator[tuple[int, int]]:
        """Yield the half-open spans of the terms in a folded text; they may overlap."""
        if not self.may_be_in(folded):
            return
        marks = _merged(mark_spans(folded))
        for core, span in self._taken(folded):
            for start, end in _beside(span, _without_words(folded, marks, core)):
                if any(map(str.isalnum, folded[start:end])):
                    yield start, end

    def _taken(self, folded: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Yield where each term stands without and with what a `*` at an end takes."""
        for pattern, before, behind in self._each:
            reached = 0
            for match in pattern.finditer(folded):
                start, end = match.span()
                if end > reached:
                    start = _begins(folded, start) if before else start
                    reached = _ends(folded, end) if behind else end
                    yield match.span(), (start, reached)


def _begins(text: str, start: int) -> int:
    """Return where the word begins of which `start` is the end or a place inside."""
    low = start
    while low > max(start - _MOST_REST, 0) and _is_letter(text[low - 1]):
        low -= 1
    return max((stop.end() for stop in _stops(text, low, start)), default=low)


def _ends(text: str, end: int) -> int:
    """Return where the word ends of which `end` is the beginning or a place inside."""
    high = end
    while high < min(end + _MOST_REST, len(text)) and _is_letter(text[high]):
        high += 1
    stops = _stops(text, end, high)
    # What nothing follows ends no word: it is the end of this one.
    return min(
        (stop.start() for stop in stops if not stop["word"] or stop.end() < high), default=high
    )


def _is_letter(char: str) -> bool:
    return char.isalnum() or char == "_"


def _stops(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield where words end in a run of letters, but not at what is a part of a longer word."""
    for stop in _STOP.finditer(text, start, end):
        if not (stop["word"] and _in_longer(text, stop.start(), end)):
            yield stop


def _in_longer(text: str, at: int, end: int) -> bool:
    """Whether a character begins a longer word that ends before `end`, or ends one."""
    known = frequencies()
    words = (text[at : at + size] for size in range(2, min(_LONGEST_WORD, end - at) + 1))
    if any(plain(word) in known and not _STOP.fullmatch(word[1:]) for word in words):
        return True
    return text[at] in _ENDING and at > 0 and plain(text[at - 1 : at + 1]) in known


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return sorted spans as such of which none overlaps another."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _without_words(
    text: str, marks: list[tuple[int, int]], core: tuple[int, int]
) -> list[tuple[int, int]]:
    """Return the marks but the one that holds the term itself and only looks like a sticker."""
    at = bisect_right(marks, core) - 1
    if at < 0 or marks[at][1] < core[1]:
        return marks
    code = CODE.fullmatch(text, *marks[at])
    known = code is None or code[0][1:-1] in name_words()["stickers"]
    return marks if known else [*marks[:at], *marks[at + 1 :]]


def _beside(span: tuple[int, int], marks: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield what of a span lies beside the marks."""
    start, end = span
    at = bisect_right(marks, start, key=itemgetter(1))
    while at < len(marks) and marks[at][0] < end:
        low, high = marks[at]
        if start < low:
            yield start, low
        start = high
        at += 1
    if start < end:
        yield start, end


def exact_text(term: str) -> str | None:
    """Return the folded text that a term without wildcards stands for, None for any other."""
    parts = _PART.findall(fold(term).strip())
    if not parts or any(part in ("*", "?") for part in parts):
        return None
    return "".join(_literal(part) for part in parts)


def _source(term: str, rest: str = "") -> str:
    """Return the pattern of a term, `rest` for a `*` at an end; "" for one of wildcards alone."""
    parts = _PART.findall(term.strip())
    if not any(len(part) > 1 or part not in "*?" for part in parts):
        return ""
    last = len(parts) - 1
    return "".join(_part(part, place, last, rest) for place, part in enumerate(parts))


def _part(part: str, place: int, last: int, rest: str) -> str:
    if part == "*":
        return rf"[^\n]{{0,{_MOST_BETWEEN}}}?" if 0 < place < last else rest
    if part == "?":
        return r"[^\n]"
    literal = _literal(part)
    left = r"(?<![0-9A-Za-z])" if place == 0 and _in_word(literal[0]) else ""
    right = r"(?![0-9A-Za-z])" if place == last and _in_word(literal[-1]) else ""
    return left + re.escape(literal) + right


def _literal(part: str) -> str:
    return part[1:] if part[0] == "\\" and len(part) > 1 else part


def _in_word(char: str) -> bool:
    return char.isascii() and char.isalnum()
