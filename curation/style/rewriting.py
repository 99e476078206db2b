"""A written answer said anew as a person chats, by rules and by their own numbers.

Nothing is invented: sentences are shortened to clauses, words of essays become spoken ones, and
clauses are put together to messages as long as the person's, as many in a row as they send.
Laughter, sticker codes, tildes and the like come at the person's own rates, in their own letters.
"""

from __future__ import annotations

import random
import re
from bisect import bisect
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from curation.marks import PARTICLES
from curation.style.shapes import LENGTH_STEPS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curation.style.shapes import Fingerprint, Habit

MOST_MESSAGES: Final = 8
_FEWEST_MESSAGES: Final = 3
"""Even who sends one at a time answers a question of this kind in a few."""

_USUAL: Final = 14
"""Messages up to this length are not long for anybody who explains something."""

_SHORTEST: Final = 6
_LONGEST: Final = 60
"""Characters that a message is filled up to, whatever the person's numbers are."""

_SPOKEN: Final = (
    # A whole phrase that says nothing goes first, then words.
    (r"^(?:当然[，,])?作为一[个名位][^，,。]{1,24}[，,]", ""),
    (
        r"^(?:总的来说|总而言之|总之|综上所述|一般来说|在我看来|对我来说|可以说|值得注意的是)[，,]",
        "",
    ),
    (r"^(?:首先|其次|此外|另外|同时|最后|最终|而且|并且)[，,]?(?=.{3})", ""),
    (r"他[/／]她|她[/／]他", "TA"),
    (r"因此|所以说|于是", "所以"),
    (r"然而|但是", "不过"),
    (r"尽管", "虽然"),
    (r"由于", "因为"),
    (r"例如|比方说|譬如", "比如"),
    (r"以及", "和"),
    (r"并且", "还"),
    (r"非常|十分|极其|极为", "特别"),
    (r"能够", "能"),
    (r"无法", "没法"),
    (r"是否", "是不是"),
    (r"如何", "怎么"),
    (r"(?<!以)为何", "为什么"),
    (r"如果", "要是"),
    (r"(?:认为|相信)(?!自己|彼此|别人|[^，。]{1,4}的)", "觉得"),
    (r"他人", "别人"),
    (r"通常|往往", "一般"),
    (r"更倾向于", "更喜欢"),
    (r"倾向于", "喜欢"),
    (r"进行(?=思考|交流|沟通|讨论|分析|调整|修改|整理|规划|准备|研究|反思|休息|锻炼|运动)", ""),
    (r"思考一下|进行思考", "想想"),
    (r"(?<!值得)思考(?=[^能方问模过和者、，。])", "想"),
    (r"(?<=[\u4e00-\u9fff])与(?=别人|朋友|家人|人|大家|同事|同学|你|他|她)", "跟"),
    (r"^与(?=别人|朋友|家人|人|大家|同事|同学|你|他|她)", "跟"),
    (r"自己的(?=想法|时间|计划|感受|心情|节奏)", "自己"),
    (r"(?<!觉得)这(?:让|使)我(?:感到|觉得)", "我就觉得"),
    (r"感到", "觉得"),
)
_RULES: Final = tuple((re.compile(pattern), text) for pattern, text in _SPOKEN)

_SENTENCE: Final = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")
_CLAUSE: Final = re.compile(r"[，,：:]|——")
_HALF: Final = re.compile(
    r"(?:我会?)?(?:要是|虽然|因为|当|只要|除了|无论|不管|不仅|不只|通过|为了|随着|一旦|即使|就算|既然|按照"
    r"|根据)|.{0,18}(?:中|里|时|时候|之前|之后|以后|下)$"
)
"""What says half of something: it stays with what follows."""

_JOINS: Final = re.compile(r"(?:然后|所以|不过|而且|而|但|因此|接着|比如|对我来说|在我看来)")
"""What says nothing by itself."""

_OUTER: Final = " \t\n，,。；;、：:！!～~…"
_OF_ONESELF: Final = "我"
_ASKS: Final = re.compile(r"[？?]$")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]$")
_NO_STATEMENT: Final = frozenset("吗么吧呢")
"""Particles that ask or suggest: what is put behind a statement is none of these."""


def rewrite(text: str, fingerprint: Fingerprint, seed: int) -> tuple[str, ...]:
    """Return a written text as the messages of one burst, as the person of `fingerprint` chats.

    The same text, person and seed give the same messages. Empty where nothing is left to say.
    """
    dice = random.Random(f"{seed}:{text}")  # noqa: S311  (no secret)
    clauses = [clause for sentence in _sentences(text) for clause in _clauses(sentence)]
    largest = max(_FEWEST_MESSAGES, min(fingerprint.burst_sizes.p90, MOST_MESSAGES))
    most = dice.randint(_FEWEST_MESSAGES, largest)
    messages = list(_messages(clauses, fingerprint, dice))
    usual = max(fingerprint.lengths.p90, _USUAL)
    kept = _kept(messages, most, usual)
    return tuple(_with_habits(each, fingerprint, dice) for each in kept)


def _sentences(text: str) -> Iterator[str]:
    for found in _SENTENCE.findall(text):
        said = found.strip()
        asks = "？" if _ASKS.search(said) else ""
        for rule, words in _RULES:
            said = rule.sub(words, said)
        said = said.strip(_OUTER + "？?")
        if said:
            yield said + asks


def _clauses(sentence: str) -> Iterator[str]:
    """Yield what can be said by itself."""
    held = ""
    for each in _CLAUSE.split(sentence):
        clause = each.strip()
        if not clause or _JOINS.fullmatch(clause):
            continue
        clause = f"{held}，{clause}" if held else clause
        held = ""
        if _HALF.match(clause) and "，" not in clause:
            held = clause
        else:
            yield clause


def _messages(
    clauses: Sequence[str], fingerprint: Fingerprint, dice: random.Random
) -> Iterator[str]:
    """Yield clauses put together to messages of the person's lengths."""
    waiting = ""
    room = _room(fingerprint, dice)
    for clause in clauses:
        joined = f"{waiting}，{clause}" if waiting else clause
        if waiting and len(joined) > room:
            yield waiting
            waiting, room = clause, _room(fingerprint, dice)
        else:
            waiting = joined
    if waiting:
        yield waiting


def _room(fingerprint: Fingerprint, dice: random.Random) -> int:
    """Return how long the next message may be, thrown as the person's lengths are spread."""
    shares = fingerprint.lengths.shares
    if not any(shares):
        return _SHORTEST + _LONGEST // 4
    step = bisect(list(accumulate(shares)), dice.random() * sum(shares))
    start = LENGTH_STEPS[min(step, len(LENGTH_STEPS) - 1)]
    end = LENGTH_STEPS[step + 1] if step + 1 < len(LENGTH_STEPS) else 2 * start
    return min(max(dice.randrange(start, end), _SHORTEST), _LONGEST)


def _kept(messages: Sequence[str], most: int, usual: int) -> list[str]:
    """Return at most so many messages in their order: the first, and short ones of oneself."""

    def weight(at: int) -> tuple[object, ...]:
        said = messages[at]
        return at > 0, _OF_ONESELF not in said, max(len(said) - usual, 0), at

    ranked = sorted(range(len(messages)), key=weight)
    return [messages[at] for at in sorted(ranked[:most])]


def _with_habits(message: str, fingerprint: Fingerprint, dice: random.Random) -> str:
    """Return a message with what the person would put to it, each as often as they do."""
    said = message
    asks = said.endswith("？")
    if not asks and _HAN.search(said) and said[-1] not in PARTICLES:
        said += _thrown(fingerprint.particles, dice, without=_NO_STATEMENT)
    said += _mark(fingerprint, dice, asks=asks)
    laugh = _thrown(fingerprint.laughter, dice)
    if laugh:
        said = f"{laugh} {said}" if dice.random() < 1 / 2 else f"{said} {laugh}"
    for habit in (fingerprint.kaomoji, fingerprint.codes, fingerprint.emoji):
        said += _thrown(habit, dice)
    return said


def _mark(fingerprint: Fingerprint, dice: random.Random, *, asks: bool) -> str:
    """Return the mark behind a message, which has one at most."""
    if asks:
        return ""
    thrown = dice.random()
    for name, sign in (("~", "~"), ("…", "……"), ("。", "。")):
        habit = fingerprint.marks.get(name)
        share = habit.share if habit else 0.0
        if thrown < share:
            return sign
        thrown -= share
    one, several = (
        habit.share if habit else 0.0
        for habit in (fingerprint.marks.get("!"), fingerprint.marks.get("!!"))
    )
    if thrown < one:
        return "！！" if dice.random() * one < several else "！"
    return ""


def _thrown(habit: Habit, dice: random.Random, *, without: frozenset[str] = frozenset()) -> str:
    """Return one thing of a habit as often as the person does it, or nothing."""
    top = [each for each in habit.top if each.text not in without]
    if not top or dice.random() >= habit.share:
        return ""
    weights = [each.count for each in top]
    return dice.choices([each.text for each in top], weights=weights)[0]
