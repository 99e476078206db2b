"""MBTI behaviour records: read from files, and those that a person could say in a chat picked out.

The records (Machine-Mindset and whatever has its shape) answer instructions as somebody of one pole
would, such as introverts. Most are tasks for an assistant; what is picked speaks of oneself.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from curation.errors import N_, BadFileError, why_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

MAX_BYTES: Final = 200_000_000
LONGEST_QUESTION: Final = 60
SHORTEST_ANSWER: Final = 8
LONGEST_ANSWER: Final = 260
"""Characters; what is longer was composed, not chatted."""


class Pole(StrEnum):
    """One end of a dimension, by its letter."""

    E = "E"
    I = "I"  # noqa: E741  (the letters are what they are)
    S = "S"
    N = "N"
    T = "T"
    F = "F"
    J = "J"
    P = "P"


DIMENSIONS: Final = (
    (Pole.E, Pole.I),
    (Pole.S, Pole.N),
    (Pole.T, Pole.F),
    (Pole.J, Pole.P),
)
"""The four dimensions, in the order of a type's letters."""
TYPES: Final = tuple("".join(letters) for letters in product(*(pair[::-1] for pair in DIMENSIONS)))
"""The sixteen types."""

_NAMES: Final[Mapping[Pole, str]] = {
    Pole.E: r"extra?o?ver\w*|外向|外倾",
    Pole.I: r"intro?ver\w*|内向|内倾",
    Pole.S: r"sens(?:ing|or|ation)\w*|实感|感觉",
    Pole.N: r"intuit\w*|直觉",
    Pole.T: r"think\w*|思考|思维|理性",
    Pole.F: r"feel\w*|情感|感性",
    Pole.J: r"judg\w*|判断",
    Pole.P: r"perceiv\w*|percept\w*|感知|知觉",
}
"""How a file's name says which pole it is of. Misses names of single letters."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One record: what somebody of a pole answers."""

    pole: Pole
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class BehaviourFile:
    """What one file held: pairs of question and answer, and how many records were no such pair.

    `pole` is what the file's name says, None where it does not.
    """

    name: str
    pole: Pole | None
    pairs: tuple[tuple[str, str], ...]
    bad: int = 0


def poles_of(mbti: str) -> tuple[Pole, ...]:
    """Return the four poles of a type such as INFP."""
    return tuple(Pole(letter) for letter in mbti)


def pole_in_name(name: str) -> Pole | None:
    """Return the pole that a file's name speaks of, None where it names none, or several."""
    found = [pole for pole, words in _NAMES.items() if re.search(words, name, re.IGNORECASE)]
    return found[0] if len(found) == 1 else None


def read_behaviours(path: Path, name: str = "") -> BehaviourFile:
    """Return the records of a JSON or JSON Lines file of `{instruction, input, output}`.

    `name` is what the file is called where `path` is a copy of it. Raises BadFileError where it is
    not such a file; single records that are none are counted.
    """
    shown = name or path.name
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadFileError(shown, N_("too large for a file of MBTI answers"))
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as exc:
        raise BadFileError(shown, N_("cannot be read ({why})"), why=why_of(exc)) from exc
    except UnicodeDecodeError as exc:
        raise BadFileError(shown, N_("not UTF-8 text")) from exc
    records = _records(text, shown)
    pairs = [_pair(each) for each in records]
    good = tuple(pair for pair in pairs if pair is not None)
    if not good:
        raise BadFileError(shown, N_("holds no record with an instruction and an output"))
    return BehaviourFile(shown, pole_in_name(shown), good, len(pairs) - len(good))


def _records(text: str, name: str) -> list[Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as exc:
        if not text.lstrip().startswith("{"):
            raise BadFileError(name, N_("not JSON")) from exc
        return _lines(text, name)
    return found if isinstance(found, list) else [found]


def _lines(text: str, name: str) -> list[Any]:
    records = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                records.append(json.loads(line))
            except (ValueError, RecursionError) as exc:
                raise BadFileError(name, N_("not JSON"), line=number) from exc
    return records


def _pair(record: object) -> tuple[str, str] | None:
    if not isinstance(record, dict):
        return None
    parts = [record.get(key, "") for key in ("instruction", "input", "output")]
    if not all(isinstance(part, str) for part in parts):
        return None
    # Half a character, which JSON can hold, no database can.
    asked, more, answer = (part.encode("utf-8", "ignore").decode().strip() for part in parts)
    question = f"{asked} {more}".strip()
    return (question, answer) if question and answer else None


_ORDERED: Final = re.compile(
    r"请?(?:写|生成|创[建造作]|编|改|翻译|计算|总结|概括|设计|分[类析]|识别|找[到出一]|构[建造]|使用|根据|将|把"
    r"|输出|提[供交]|确定|比较|对比|命名|反转|排[列序]|转换|完成|填|查找|搜索|评估|预测|渲染|逆向|制[作定]|组织"
    r"|定义|修|添加|删除|替换|检[查索]|证明|推[荐断文]|重[写新]|扮演|模拟|开发|实现|为|用|裁剪|假[设装]|邀请|安排"
    r"|给(?!我)|打[印开扫]|准备|发[送布]|按照|阅读|估计|合并|归纳|引用|选择|判断|复述|缩短|插入)"
)
"""How work that is asked for begins. Misses work that begins with what it is about."""

_TOLD: Final = re.compile(
    r"请?(?:列出|解释|描述|建议|想象|说明|阐述|介绍|指出|举|讨论|回答|命|提出|以下|下面|在以下|对于?以下)"
)
"""How a question begins that may be put to a person, if it speaks to them, but usually is not."""

_NOT_SAID: Final = re.compile(
    r"\n|(?<!\d)[1-9１-９][.、．)]|[{}<>=＝`|\\#*_\[\]]|https?:|AI|人工智能|语言模型|机器人|助手|程序员?"
    r"|^尊敬|^亲爱|^大家好|函数|代码|算法|数组|客户|用户|企业|公司的|读者|以下|输入|输出|句子|单词|段落|文章|歌词|电子邮件"
)
"""What shows that an answer is a list, code, or written for somebody else."""

_OF_ONESELF: Final = re.compile(r"我(?!们|国)")
_ASKED: Final = re.compile(r"[你您](?!们)")
_LATIN: Final = re.compile(r"[A-Za-z0-9]")
_MUCH_LATIN: Final = 0.15
_WORD: Final = re.compile(r"[A-Za-z]{3,}")


def could_be_said(question: str, answer: str) -> bool:
    """Return whether a friend could ask this and be answered so: one speaks of oneself."""
    if len(question) > LONGEST_QUESTION or not SHORTEST_ANSWER <= len(answer) <= LONGEST_ANSWER:
        return False
    if _NOT_SAID.search(answer) or _NOT_SAID.search(question):
        return False
    if len(_LATIN.findall(answer + question)) > _MUCH_LATIN * len(answer + question):
        return False
    if not _OF_ONESELF.search(answer):
        return False
    if _ORDERED.match(question) or _WORD.search(question):
        return False
    return _is_asked(question) or not _TOLD.match(question)


def _is_asked(question: str) -> bool:
    return _ASKED.search(question) is not None


def pick(
    behaviours: Iterable[Behaviour], wanted: int, seed: int, *, known: Iterable[str] = ()
) -> list[Behaviour]:
    """Return up to `wanted` of the behaviours of one pole that could be said, as thrown by `seed`.

    Those whose question speaks to the person come first. Questions that are `known` are passed
    over, and none comes twice.
    """
    seen = set(known)
    asked: list[Behaviour] = []
    others: list[Behaviour] = []
    for each in behaviours:
        if as_question(each.question) in seen or not could_be_said(each.question, each.answer):
            continue
        seen.add(as_question(each.question))
        (asked if _is_asked(each.question) else others).append(each)
    dice = random.Random(seed)  # noqa: S311  (no secret)
    for some in (asked, others):
        some.sort(key=lambda each: (each.question, each.answer))
        dice.shuffle(some)
    return [*asked, *others][:wanted]


_ORDER: Final = re.compile(
    r"^请?(?:用[^，。]{1,8})?(?:描述|形容|谈[谈论]|分享|讲述|叙述|说明|介绍)(?:一下)?(?=[^一])"
)
_ORDER_ONE: Final = re.compile(r"^请?(?:描述|形容|谈[谈论]|分享|讲述|叙述)(?:一下)?(?=一)")


def as_question(text: str) -> str:
    """Return an instruction as a friend would say it."""
    said = text.strip().replace("您", "你")
    said = _ORDER.sub("说说", said)
    said = _ORDER_ONE.sub("讲", said)
    said = re.sub(r"^请(?=\S)", "", said)
    return said.removesuffix("。").strip() or text.strip()


def missing_poles(wanted: Sequence[Pole], files: Iterable[BehaviourFile]) -> list[Pole]:
    """Return the poles of a type for which no file is there."""
    there = {each.pole for each in files}
    return [pole for pole in wanted if pole not in there]
