"""The feelings that rules can tell, and what a person may call them."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Feeling(StrEnum):
    """What a message may show."""

    HAPPY = "happy"
    SAD = "sad"
    ANGRY = "angry"
    AFRAID = "afraid"
    SURPRISED = "surprised"
    DISGUSTED = "disgusted"
    TENDER = "tender"


NAMES: Final[Mapping[Feeling, tuple[str, ...]]] = MappingProxyType(
    {
        Feeling.HAPPY: ("开心", "高兴", "快乐", "愉快", "喜悦", "喜", "happy", "joy", "glad"),
        Feeling.SAD: ("难过", "伤心", "悲伤", "失落", "哀", "悲", "sad", "sadness"),
        Feeling.ANGRY: ("生气", "愤怒", "发火", "怒", "angry", "anger"),
        Feeling.AFRAID: (
            "害怕",
            "恐惧",
            "担心",
            "焦虑",
            "惧",
            "afraid",
            "fear",
            "scared",
            "worried",
        ),
        Feeling.SURPRISED: ("惊讶", "吃惊", "惊", "surprised", "surprise", "astonished"),
        Feeling.DISGUSTED: ("厌恶", "恶心", "嫌弃", "恶", "disgusted", "disgust"),
        Feeling.TENDER: ("温柔", "喜爱", "爱", "甜蜜", "亲密", "tender", "love", "affection"),
    }
)
"""What people call each feeling, the most usual first."""


def names_among(emotions: Iterable[str]) -> dict[Feeling, str]:
    """Return what each feeling is called in a person's own list of emotions.

    A feeling that the list has no name for is left out: it is not to be suggested.
    """
    own = {each.strip().casefold(): each for each in reversed(list(emotions))}
    return {
        feeling: own[name]
        for feeling, names in NAMES.items()
        for name in [next((each for each in names if each in own), None)]
        if name is not None
    }
