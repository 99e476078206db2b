"""Whole phrases that serve as passwords, told by a model from talk about passwords.

`data/phrases.md` says what it was trained on and how well it does.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.entities import WHY_AFTER_WORD
from curation.pii.recognizers import secret_windows
from curation.pii.recognizers.base import ChatRecognizer, Hit
from curation.pii.recognizers.phrase_candidates import TRIGGER, is_public, phrases
from curation.pii.recognizers.phrase_features import features
from curation.pii.recognizers.secret_windows import around
from curation.pii.recognizers.weighing import Model, read_model

if TYPE_CHECKING:
    from collections.abc import Iterator

WEIGHTS: Final = Path(__file__).parents[1] / "data" / "phrases.json"
ENTITIES: Final = ("PASSWORD",)
"""What the weights of a feature speak for."""

LEAST: Final = 0.65
"""What a candidate needs: less likely ones are none, whatever threshold is set."""

_MOST: Final = 0.99

_TALK: Final = re.compile("忘[了记啦]|又?错了|是?(?:啥|什么|多少)")
"""How talk about a password goes on after its word, which the model need not be asked about."""


@lru_cache(maxsize=1)
def model() -> Model:
    """Return the model, read when it is first needed."""
    return read_model(WEIGHTS)


def forget() -> None:
    """Forget the answers that are kept, as another model gives others."""
    secret_windows.forget()


class PassphraseRecognizer(ChatRecognizer):
    """Finds phrases that open something."""

    ENTITY: ClassVar[str] = "PASSWORD"
    TRIGGER: ClassVar[re.Pattern[str]] = TRIGGER
    GATE: ClassVar[re.Pattern[str]] = re.compile("[密蜜秘令暗提码压🔑🔐答PpMmKk]")

    def find(self, text: str) -> Iterator[Hit]:
        """Yield the likeliest of phrases that overlap; its score is the likelihood."""
        likely = [
            (odds, found.start, found.end)
            for found in phrases(text)
            if _TALK.match(text, found.start, found.end) is None
            and (odds := model().odds(features(*around(text, found)))[0]) >= LEAST
            and "〔" not in text[found.start : found.end]
            and not is_public(text, found.start, found.end)
        ]
        reached: list[tuple[int, int]] = []
        for odds, start, end in sorted(likely, key=lambda each: (-each[0], each[1])):
            if all(end <= low or high <= start for low, high in reached):
                reached.append((start, end))
                yield Hit(start, end, min(round(odds, 2), _MOST), WHY_AFTER_WORD)
