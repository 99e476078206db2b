"""From a person's messages to the fingerprint of their style."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from curation.marks import LAUGHTER, MARK_PATTERNS, PARTICLES, TRAILING, read_marks
from curation.style.cutting import cut, weights
from curation.style.shapes import (
    BURST_STEPS,
    LENGTH_STEPS,
    Background,
    Fingerprint,
    Habit,
    Often,
    Spread,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_WORD_LIMIT: Final = 30
"""So many favourite words, openings and closings are told at most."""

_TOP: Final = 12
_READ: Final = 2000
"""Characters of one message that are read: what is longer was pasted, hardly written."""

_CANDIDATES: Final = 3000
_ENOUGH_OTHERS: Final = 500
"""Fewer messages of others do not tell what is common."""

_LEAST: Final = 3
"""What was said less often says nothing about a person."""

_WORD: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]{2,8}|[A-Za-z][A-Za-z'’]{1,19}")

_COMMON: Final = frozenset(
    # jieba's list knows formal Chinese and no English: these are everybody's in a chat.
    (
        *("一个", "一下", "什么", "没有", "不是", "就是", "可以", "这个", "那个", "还是", "怎么"),
        *("自己", "我们", "你们", "他们", "她们", "这样", "那样", "现在", "时候", "知道", "觉得"),
        *("因为", "所以", "如果", "但是", "然后", "已经", "今天", "明天", "昨天", "不要", "不用"),
        *(
            "这么",
            "那么",
            "还有",
            "时间",
            "东西",
            "的话",
            "一样",
            "一起",
            "有点",
            "是不是",
            "有没有",
        ),
        *("这里", "那里", "哪里", "这边", "那边", "出来", "起来", "回来", "过来", "过去", "下来"),
        *("不会", "不能", "应该", "可能", "需要", "开始", "之前", "之后", "以后", "以前", "最近"),
        *("the", "and", "you", "your", "that", "this", "for", "was", "are", "not", "but", "with"),
        *("have", "has", "had", "just", "can", "will", "what", "when", "its", "it's", "i'm", "all"),
        *(
            "out",
            "get",
            "got",
            "about",
            "they",
            "there",
            "from",
            "one",
            "did",
            "don't",
            "too",
            "how",
        ),
        *(
            "to",
            "it",
            "is",
            "in",
            "on",
            "of",
            "me",
            "my",
            "we",
            "he",
            "she",
            "so",
            "be",
            "do",
            "at",
        ),
        *("or", "if", "as", "no", "up", "go", "an", "am", "by", "us", "his", "her", "our", "then"),
        *("would", "could", "should", "were", "been", "going", "like", "know", "now", "yes"),
    )
)


def _always(_done: int) -> None:
    """Go on."""


def background(texts: Iterable[str]) -> Background:
    """Return how others write, from their messages; blank ones are not counted."""
    messages = 0
    words: Counter[str] = Counter()
    for text in texts:
        if text.strip():
            messages += 1
            words.update(_distinct(_pieces(_plain(text))))
    return Background(messages, dict(words))


def fingerprint(
    bursts: Iterable[Sequence[str]],
    *,
    hidden: Iterable[str] = (),
    others: Background | None = None,
    words: bool = True,
    tick: Callable[[int], None] = _always,
) -> Fingerprint:
    """Return how a person writes, from their messages in the bursts they wrote them in.

    `hidden` are names and private values: no word that is a part of one, or holds one, is told,
    nor a code that does. `others` are those the person talks with: what they write as well tells
    less. Without `words` no word is told at all. `tick` is called with the number
    of messages read so far; an exception raised in it ends the reading. Texts that are blank are
    not counted.
    """
    tally = _Tally()
    for burst in bursts:
        spoken = [text for text in burst if text.strip()]
        if not spoken:
            continue
        tally.bursts[len(spoken)] += 1
        for text in spoken:
            tally.read(text, words=words)
        tick(tally.messages)
    return tally.result(_Hidden(hidden), others)


class _Hidden:
    """Names and private values, asked whether a word tells something of one."""

    def __init__(self, values: Iterable[str]) -> None:
        self._values = {value.strip().casefold() for value in values} - {""}
        # One long text is searched faster than many short ones.
        self._all = "\n".join(sorted(self._values))
        self._sizes = {len(value) for value in self._values if len(value) > 1}

    def tells(self, word: str) -> bool:
        """Return whether `word` is a part of a hidden value, or holds one."""
        folded = word.casefold()
        if folded in self._all:
            return True
        return any(
            folded[at : at + size] in self._values
            for size in self._sizes
            if size <= len(folded)
            for at in range(len(folded) - size + 1)
        )


@dataclass(slots=True)
class _Count:
    """How often one habit was seen: messages with it, all of it, and each by its letters."""

    messages: int = 0
    found: Counter[str] = field(default_factory=Counter)

    def add(self, found: Sequence[str]) -> None:
        if found:
            self.messages += 1
            self.found.update(found)

    def habit(self, messages: int, hidden: _Hidden | None = None) -> Habit:
        if not messages:
            return Habit()
        top = [
            Often(text, count)
            for text, count in _most(self.found)
            if hidden is None or not hidden.tells(text.strip("[]"))
        ]
        return Habit(
            self.messages / messages, 100 * self.found.total() / messages, tuple(top[:_TOP])
        )


class _Tally:
    """What was counted so far."""

    def __init__(self) -> None:
        self.messages = 0
        self.bursts: Counter[int] = Counter()
        self._lengths: Counter[int] = Counter()
        self._kaomoji = _Count()
        self._codes = _Count()
        self._emoji = _Count()
        self._laughter = _Count()
        self._particles = _Count()
        self._marks = {name: _Count() for name in MARK_PATTERNS}
        self._words: Counter[str] = Counter()
        self._openings: Counter[str] = Counter()
        self._closings: Counter[str] = Counter()

    def read(self, text: str, *, words: bool) -> None:
        """Count what one message holds."""
        self.messages += 1
        self._lengths[len(text)] += 1
        marks = read_marks(text[:_READ])
        self._kaomoji.add(marks.kaomoji)
        self._codes.add(marks.codes)
        self._emoji.add(marks.emoji)
        self._laughter.add(marks.laughter)
        for name, pattern in MARK_PATTERNS.items():
            self._marks[name].add(["" for _match in pattern.finditer(marks.words)])
        plain = LAUGHTER.sub(" ", marks.words)
        said = TRAILING.sub("", plain)
        if said and said[-1] in PARTICLES:
            self._particles.add(said[-1])
        if words:
            self._read_words(plain)

    def _read_words(self, text: str) -> None:
        pieces = _pieces(text)
        # Each word counts once a message, so that one outburst makes none a favourite.
        self._words.update(_distinct(pieces))
        spoken = [word for word in pieces if any(sign.isalpha() for sign in word)]
        if len(spoken) > 1:
            self._openings[_with_next(spoken)] += 1
            self._closings[_with_last(spoken)] += 1

    def result(self, hidden: _Hidden, others: Background | None) -> Fingerprint:
        """Return what the counts say."""
        return Fingerprint(
            messages=self.messages,
            bursts=self.bursts.total(),
            lengths=_spread(self._lengths, LENGTH_STEPS),
            burst_sizes=_spread(self.bursts, BURST_STEPS),
            kaomoji=self._kaomoji.habit(self.messages),
            codes=self._codes.habit(self.messages, hidden),
            emoji=self._emoji.habit(self.messages),
            laughter=self._laughter.habit(self.messages),
            particles=self._particles.habit(self.messages),
            marks={
                name: Habit(habit.share, habit.per_hundred)
                for name, habit in (
                    (name, count.habit(self.messages)) for name, count in self._marks.items()
                )
            },
            words=_favourites(self._words, hidden, others),
            openings=_frequent(self._openings, hidden),
            closings=_frequent(self._closings, hidden),
        )


def _plain(text: str) -> str:
    """Return the words of a text, without marks and laughter."""
    return LAUGHTER.sub(" ", read_marks(text[:_READ]).words)


def _pieces(text: str) -> list[str]:
    """Return what jieba cuts a text into, Latin letters in lower case."""
    return [word.lower() if word.isascii() else word for word in cut(text) if word.strip()]


def _distinct(pieces: Sequence[str]) -> set[str]:
    return {word for word in pieces if _WORD.fullmatch(word)}


def _with_next(words: Sequence[str]) -> str:
    """Return the first word, with the one behind it where it is a single character."""
    first = words[0]
    return first + words[1] if len(first) == 1 and first not in PARTICLES else first


def _with_last(words: Sequence[str]) -> str:
    """Return the last word, with the one before it where it is a single character."""
    last = words[-1]
    if len(last) > 1:
        return last
    return f"{words[-2]} {last}" if last.isascii() else words[-2] + last


def _most(counts: Counter[str]) -> list[tuple[str, int]]:
    """Return all that was counted, most first, in an order that does not depend on the texts'."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _frequent(counts: Counter[str], hidden: _Hidden) -> tuple[Often, ...]:
    told = (Often(*item) for item in _most(counts) if item[1] >= _LEAST)
    return tuple([each for each in told if not hidden.tells(each.text)][:_WORD_LIMIT])


def _favourites(
    counts: Counter[str], hidden: _Hidden, others: Background | None
) -> tuple[Often, ...]:
    """Return the words that weigh most: said often here, and rarely by others.

    How rarely is what jieba's list says, or what those say whom the person talks with, whichever is
    less: the list knows no English and no traditional characters.
    """
    candidates = {
        word: count
        for word, count in _most(counts)[:_CANDIDATES]
        if count >= _LEAST and word not in _COMMON
    }
    if not candidates:
        return ()
    weight = weights(candidates)
    if others is not None and others.messages >= _ENOUGH_OTHERS:
        for word in weight:
            heard = math.log(others.messages / (1 + others.words.get(word, 0)))
            weight[word] = min(weight[word], heard)
    ranked = sorted(candidates, key=lambda word: (-candidates[word] * weight[word], word))
    told = (word for word in ranked if not hidden.tells(word))
    return tuple([Often(word, candidates[word]) for word in told][:_WORD_LIMIT])


def _spread(counts: Counter[int], steps: Sequence[int]) -> Spread:
    total = counts.total()
    if not total:
        return Spread(shares=(0.0,) * len(steps))
    sizes = sorted(counts.items())
    shares = [0] * len(steps)
    for size, count in sizes:
        shares[max(at for at, start in enumerate(steps) if size >= start)] += count
    p10, p25, median, p75, p90 = (_below(sizes, at * total) for at in (0.1, 0.25, 0.5, 0.75, 0.9))
    return Spread(
        sum(size * count for size, count in sizes) / total,
        p10,
        p25,
        median,
        p75,
        p90,
        tuple(count / total for count in shares),
    )


def _below(sizes: Sequence[tuple[int, int]], rank: float) -> int:
    """Return the size at which so many of the counted ones are reached."""
    seen = 0
    for size, count in sizes:
        seen += count
        if seen >= rank:
            return size
    return sizes[-1][0]
