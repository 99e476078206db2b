"""A fingerprint in a few Chinese phrases, as a system text tells how somebody writes.

Only what is far from how everybody writes is said, each with the person's own letters as examples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.style.comparing import ENOUGH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curation.style.shapes import Fingerprint, Habit

_VERY_SHORT: Final = 6
_SHORT: Final = 12
_LONG: Final = 30
"""Characters of half of the messages, at most or at least."""

_TWO: Final = 2
_SEVERAL: Final = 1.8
_SINGLE: Final = 1.2
"""Messages in a row, mean."""

_NEVER: Final = 0.02
_SOMETIMES: Final = 0.04
_OFTEN: Final = 0.15
_MOSTLY: Final = 0.4
"""Shares of messages."""

_EXAMPLES: Final = 3
_PHRASES: Final = 6
_FEW_PHRASES: Final = 3
_SHORTEST_PHRASE: Final = 2


def describe(fingerprint: Fingerprint) -> str:
    """Return how a person writes, in Chinese phrases; nothing where too little was read."""
    if fingerprint.messages < ENOUGH:
        return ""
    said = "；".join((*_sizes(fingerprint), *_punctuation(fingerprint), *_signs(fingerprint)))
    return f"{said}。" if said else ""


def catch_phrases(fingerprint: Fingerprint) -> tuple[str, ...]:
    """Return what a person says all the time, the most telling first.

    These are their favourite words that messages begin or end with; what stands in the middle is
    mostly what they speak of. Where there are few such, the other favourites follow.
    """
    if fingerprint.messages < ENOUGH:
        return ()
    words = [each.text for each in fingerprint.words if len(each.text) >= _SHORTEST_PHRASE]
    edges = {each.text for each in (*fingerprint.openings, *fingerprint.closings)}
    said = [word for word in words if word in edges]
    if len(said) < _FEW_PHRASES:
        said += [word for word in words if word not in edges]
    return tuple(said[:_PHRASES])


def _sizes(fingerprint: Fingerprint) -> Iterator[str]:
    lengths = fingerprint.lengths
    if lengths.median <= _SHORT:
        words = "消息很短" if lengths.median <= _VERY_SHORT else "消息短"
    else:
        words = "消息长" if lengths.median >= _LONG else "消息不长不短"
    low, high = max(lengths.p25, 1), max(lengths.p75, 1)
    yield f"{words}，一条一般 {low}～{high} 个字" if low < high else f"{words}，一条约 {low} 个字"
    if fingerprint.burst_sizes.mean >= _SEVERAL:
        most = fingerprint.burst_sizes.p75
        often = f"{_TWO}～{most}" if most > _TWO else f"{_TWO}"
        yield f"习惯把话拆开连着发，一次常有 {often} 条"
    elif fingerprint.burst_sizes.mean <= _SINGLE:
        yield "一次一般只发一条"


def _punctuation(fingerprint: Fingerprint) -> Iterator[str]:
    shares = {name: habit.share for name, habit in fingerprint.marks.items()}
    if shares.get("。", 0.0) <= _NEVER:
        yield "几乎不用句号"
    elif shares["。"] >= _MOSTLY:
        yield "句子常以句号结尾"
    if shares.get("~", 0.0) >= _SOMETIMES:
        yield "常用波浪号“~”"
    if shares.get("!!", 0.0) >= _SOMETIMES:
        yield "激动时连用“！！”“？？”"
    elif shares.get("!", 0.0) >= _OFTEN:
        yield "爱用感叹号"
    if shares.get("…", 0.0) >= _SOMETIMES:
        yield "常用省略号"


def _signs(fingerprint: Fingerprint) -> Iterator[str]:
    if fingerprint.particles.share >= _OFTEN:
        yield from _with_examples("句尾爱带", fingerprint.particles)
    if fingerprint.laughter.share >= _SOMETIMES:
        yield from _with_examples("笑的时候写", fingerprint.laughter)
    if fingerprint.codes.share >= _SOMETIMES:
        yield from _with_examples("常发表情", fingerprint.codes, quoted=False)
    if fingerprint.emoji.share >= _SOMETIMES:
        yield from _with_examples("常发", fingerprint.emoji, quoted=False)
    if fingerprint.kaomoji.share >= _SOMETIMES:
        yield from _with_examples("爱用颜文字", fingerprint.kaomoji, quoted=False)


def _with_examples(words: str, habit: Habit, *, quoted: bool = True) -> Iterator[str]:
    # 哈哈哈 and 哈哈哈哈 are one example.
    alike = {frozenset(each.text): each.text for each in reversed(habit.top)}
    shown = [each.text for each in habit.top if alike[frozenset(each.text)] == each.text]
    shown = shown[:_EXAMPLES]
    if shown:
        yield words + ("".join(f"“{each}”" for each in shown) if quoted else " ".join(shown))
