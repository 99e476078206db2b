"""No gate, trigger or need of a recognizer holds back a text in which it would find something.

The patterns of all recognizers tell what to try: texts made by each of them are given to everyone.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
from random import Random
from typing import TYPE_CHECKING

import pytest

from curation.pii import Detector, recognizers
from curation.pii.folding import fold
from curation.pii.recognizers.base import ChatRecognizer
from tests.pii.matches import matches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MANY = 40
"""How many texts are made by each pattern."""
SEED = os.environ.get("RUWO_SEED", "")
"""Another one makes other texts."""


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the patterns of all recognizers' modules with their names, each once."""
    seen: set[str] = set()
    for module in pkgutil.iter_modules(recognizers.__path__):
        found = vars(importlib.import_module(f"{recognizers.__name__}.{module.name}"))
        for name, pattern in found.items():
            if isinstance(pattern, re.Pattern) and pattern.pattern not in seen:
                seen.add(pattern.pattern)
                yield f"{module.name}.{name}", pattern


@pytest.fixture(scope="module")
def asked() -> list[ChatRecognizer]:
    """Return the recognizers that find by patterns; a tagger may say something of any text."""
    return [
        each
        for each in Detector().analyzer.registry.recognizers
        if isinstance(each, ChatRecognizer) and "Tagged" not in each.name
    ]


def is_asked(recognizer: ChatRecognizer, folded: str) -> bool:
    """Whether a plain request asks a recognizer about a folded text."""
    return (
        recognizer.gate().search(folded) is not None
        and recognizer.may_find(folded)
        and all(len(wanted.findall(folded)) >= count for wanted, count in recognizer.NEEDS)
    )


def held_back(asked: Sequence[ChatRecognizer], text: str) -> list[tuple[str, str]]:
    """Return what recognizers would find in a text about which they are not asked."""
    folded = fold(text)
    return [
        (recognizer.name, folded[hit.start : hit.end])
        for recognizer in asked
        if not is_asked(recognizer, folded)
        for hit in recognizer.find(folded)
    ]


@pytest.mark.parametrize("pattern", [pytest.param(each, id=name) for name, each in patterns()])
def test_whatever_a_pattern_matches_is_asked_about(
    asked: list[ChatRecognizer], pattern: re.Pattern[str]
) -> None:
    draw = Random(SEED + pattern.pattern)  # noqa: S311  (repeatable, and no secret)
    for text in matches(pattern, MANY, draw):
        assert held_back(asked, text) == [], text


@pytest.mark.parametrize(
    "text",
    [
        *("希尔顿2119", "亚朵 1208", "1104业主在吗", "阿珍又没答应", "联系人祁蓝"),
        *("我女儿叫祁蓝", "还是阿娟家", "锁的数字7、1、4、9依序按", "验证码我念:五、九、零、二"),
        *("lihua 163点com", "l_hua#163·com", "换个号 bigpear_27", "12 Impasse Royale"),
    ],
)
def test_what_a_gate_once_held_back_is_found(detector: Detector, text: str) -> None:
    assert detector.detect(text)
    assert detector.detect_many([text] * 40) == [detector.detect(text)] * 40


@pytest.mark.parametrize(
    "text",
    ["你好 123", "布丁 12", "7天 300", "桔子 1208", "工程款分三期 40 30", "学费一期1280 20节"],
)
def test_what_gates_no_longer_keep_apart_is_not_found(detector: Detector, text: str) -> None:
    assert detector.detect(text) == []
