"""Which feeling a message shows, and what a conversation shows on the whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from curation.errors import N_
from curation.labels import cues
from curation.labels.faces import feeling_of_emoji, feeling_of_kaomoji
from curation.labels.feelings import Feeling
from curation.labels.sticker_codes import OLD_CODES, feeling_of_code
from curation.marks import read_marks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CODE: Final = N_("The sticker {cue} shows it.")
EMOJI: Final = N_("The emoji {cue} shows it.")
KAOMOJI: Final = N_("The face {cue} shows it.")
LAUGHTER: Final = N_("There is laughter: {cue}.")
WORDS: Final = N_("The words “{cue}” say it.")
MOST: Final = N_("{shown} of {own} messages of yours show it, and hardly any show another feeling.")

_LONGEST: Final = 400
"""Characters of a message that are read: who writes more than this tells, and feels many things."""

_MOST_SCORE: Final = 0.95
_CLEAR: Final = 0.7
"""A second feeling that reaches this part of the first one's score makes it unsure."""

_LEAST_SHOWN: Final = 2
_LEAST_SHARE: Final = 0.7
"""A conversation shows what this share of its messages with a feeling show, so many at least."""

_LEAST_OF_ALL: Final = 0.25

_SAD_LAUGHTER: Final = frozenset({"emoji", "kaomoji", "code"})
"""Signs of tears that people laugh with: 哈哈哈哈😭."""

_NOT_LAUGHED: Final = re.compile("[呵吼嘎桀23]|[wkWK]+$")
"""Laughter that is as often cold, or none."""

_LONG: Final = 4
_HEARTY: Final = 0.75
_LAUGHED: Final = 0.62
"""Laughter of four characters and more is hearty."""

_OLD_SCORE: Final = 0.75


class Shown(NamedTuple):
    """A feeling that a message shows: how surely (0 to 1), by which rule, and the cue for it."""

    feeling: Feeling
    score: float
    rule: str
    cue: str


REASONS: Final = {
    "code": CODE,
    "emoji": EMOJI,
    "kaomoji": KAOMOJI,
    "laughter": LAUGHTER,
    "words": WORDS,
}
"""Why, by rule."""


def feeling_of(text: str) -> Shown | None:
    """Return what a message shows, None where there is no cue or several disagree."""
    if not text:
        return None
    votes = list(_votes(text[:_LONGEST]))
    if not votes:
        return None
    if any(each.rule == "laughter" or each.cue.startswith("笑") for each in votes):
        votes = [
            each
            for each in votes
            if not (each.feeling is Feeling.SAD and each.rule in _SAD_LAUGHTER)
        ]
    doubts: dict[Feeling, float] = {}
    for vote in votes:
        doubts[vote.feeling] = doubts.get(vote.feeling, 1.0) * (1 - vote.score)
    ranked = sorted(((1 - doubt, feeling) for feeling, doubt in doubts.items()), reverse=True)
    score, feeling = ranked[0]
    if score < cues.SPEAKS or (len(ranked) > 1 and ranked[1][0] > _CLEAR * score):
        return None
    best = max((each for each in votes if each.feeling is feeling), key=lambda each: each.score)
    return best._replace(score=round(min(score, _MOST_SCORE), 2))


def feeling_of_all(shown: Sequence[Shown | None]) -> tuple[Feeling, float, int] | None:
    """Return what most of a person's messages in a conversation show.

    That is a feeling, how surely and how many messages show it; None where they disagree or where
    hardly any shows one. `shown` holds what each of the messages shows.
    """
    telling = [each for each in shown if each is not None]
    if len(telling) < _LEAST_SHOWN or len(telling) < _LEAST_OF_ALL * len(shown):
        return None
    weights: dict[Feeling, float] = {}
    for each in telling:
        weights[each.feeling] = weights.get(each.feeling, 0.0) + each.score
    feeling = max(weights, key=lambda each: weights[each])
    share = weights[feeling] / sum(weights.values())
    own = [each.score for each in telling if each.feeling is feeling]
    if share < _LEAST_SHARE or len(own) < _LEAST_SHOWN:
        return None
    return feeling, round(share * sum(own) / len(own), 2), len(own)


def _votes(text: str) -> Iterator[Shown]:
    marks = read_marks(text)
    for rule, signs, shown in (
        ("code", marks.codes, feeling_of_code),
        ("kaomoji", marks.kaomoji, feeling_of_kaomoji),
        ("emoji", marks.emoji, feeling_of_emoji),
        ("laughter", marks.laughter, _laughed),
    ):
        for sign in signs:
            told = shown(sign)
            if told is not None:
                yield Shown(*told, rule, sign)
    if "/:" in text:
        for code, feeling in OLD_CODES.items():
            if code in text:
                yield Shown(feeling, _OLD_SCORE, "code", code)
    for feeling, score, word in cues.cues_in(marks.words):
        if score >= cues.SPEAKS:
            yield Shown(feeling, score, "words", word)


def _laughed(laugh: str) -> tuple[Feeling, float] | None:
    if _NOT_LAUGHED.search(laugh):
        return None
    return Feeling.HAPPY, _HEARTY if len(laugh) >= _LONG else _LAUGHED
