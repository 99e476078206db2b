"""Conversations in which the person says nothing but 嗯, 好, [OK]."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.errors import N_
from curation.labels.lines import acknowledges
from curation.labels.said import words_of
from curation.model import NewSuggestion, Side, SuggestionKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curation.model import Said

BOTH: Final = N_("Neither side says more than “{cue}” and the like.")
MINE: Final = N_("You say no more than “{cue}” and the like.")

_BOTH_SCORE: Final = 0.95
_FIRST_SCORE: Final = 0.6
_EACH_MORE: Final = 0.05
_MOST: Final = 0.85


def thin(number: int, talk: Sequence[Said]) -> Iterator[NewSuggestion]:
    """Yield that a conversation is too thin, where it is.

    Pictures and the like do not count as words; a talk without words of the person is one-sided,
    not thin.
    """
    mine = [words_of(each) for each in talk if each.side is Side.ME]
    mine = [words for words in mine if words]
    if not mine or not all(map(acknowledges, mine)):
        return
    others = [words_of(each) for each in talk if each.side is Side.OTHER]
    others = [words for words in others if words]
    if not others:
        return
    both = all(map(acknowledges, others))
    score = _BOTH_SCORE if both else min(_MOST, _FIRST_SCORE + _EACH_MORE * (len(mine) - 1))
    yield NewSuggestion(
        number,
        SuggestionKind.TOO_THIN,
        score,
        "thin_both" if both else "thin_mine",
        BOTH if both else MINE,
        {"cue": min(mine, key=len)[:8]},
    )
