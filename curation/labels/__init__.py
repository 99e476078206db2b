"""What rules suggest of a conversation: feelings, jumps, missing parts, too little said.

Everything is decided from the conversation alone, without a model or a network. A person answers
each suggestion; nothing here changes anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.labels.emotion import MOST, REASONS, feeling_of, feeling_of_all
from curation.labels.faces import listed_faces
from curation.labels.feelings import NAMES, Feeling, names_among
from curation.labels.fragments import fragments
from curation.labels.jumps import jumps
from curation.labels.said import words_of
from curation.labels.thin import thin
from curation.model import UNSPOKEN_KINDS, NewSuggestion, Side, SuggestionKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from curation.model import Said

__all__ = [
    "NAMES",
    "VERSION",
    "Feeling",
    "feeling_of",
    "names_among",
    "prepare",
    "suggestions",
]

VERSION: Final = 1
"""Of the rules: what they said as another version is to be said anew."""


def prepare() -> None:
    """Read the list of faces, which takes a moment, so that nobody waits for it later."""
    listed_faces()


def suggestions(
    number: int, talk: Sequence[Said], names: Mapping[Feeling, str], *, group: bool = False
) -> Iterator[NewSuggestion]:
    """Yield what the rules suggest of a conversation, `talk` being its messages in their order.

    `names` are what the person calls feelings; one that is missing is not suggested. In a `group`
    the others talk to each other, too.
    """
    spoken = [each for each in talk if each.kind not in UNSPOKEN_KINDS]
    yield from _emotions(number, spoken, names)
    yield from jumps(number, spoken)
    yield from fragments(number, spoken, group=group)
    yield from thin(number, spoken)


def _emotions(
    number: int, talk: Sequence[Said], names: Mapping[Feeling, str]
) -> Iterator[NewSuggestion]:
    mine = [each for each in talk if each.side is Side.ME]
    shown = [feeling_of(words_of(each)) for each in mine]
    for message, each in zip(mine, shown, strict=True):
        if each is not None and each.feeling in names:
            yield NewSuggestion(
                number,
                SuggestionKind.EMOTION,
                each.score,
                f"emotion_{each.rule}",
                REASONS[each.rule],
                {"cue": each.cue},
                message.id,
                names[each.feeling],
            )
    most = feeling_of_all(shown)
    if most is not None and most[0] in names:
        feeling, score, count = most
        yield NewSuggestion(
            number,
            SuggestionKind.EMOTION,
            score,
            "emotion_most",
            MOST,
            {"shown": count, "own": len(mine)},
            None,
            names[feeling],
        )
