"""Conversations of which a part is missing.

A record begins with the other side and ends with the person: what the person says before, and what
the other says behind, is left out of it. That is harmless for a greeting and for a last 好的; it is
not where the talk answers something that is not there, or ends before the answer.
"""

from __future__ import annotations

from itertools import islice, pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from curation.errors import N_
from curation.labels.lines import (
    acknowledges,
    asks,
    closes,
    dangles,
    leaves,
    names_media,
    points,
)
from curation.labels.said import words_of
from curation.model import Kind, NewSuggestion, Side, SuggestionKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from curation.model import Said

ONLY_ME: Final = N_("Only you speak: there is nothing that you answer.")
ONLY_OTHER: Final = N_("Only the other side speaks: there is nothing of yours to learn from.")
NO_ANSWER: Final = N_(
    "You speak first and the other last: no answer of yours is left for a record."
)
ANSWER_FIRST: Final = N_("It begins with you answering something that is not there.")
ANSWER_FIRST_OTHER: Final = N_(
    "It begins with the other side answering something that is not there."
)
MUCH_BEFORE: Final = N_(
    "It begins with you: {n} of your {own} messages come before the other side's first one and"
    " do not enter the record."
)
UNANSWERED: Final = N_("It ends with a question of the other side that you do not answer.")
ASKED_LAST: Final = N_("It ends with a question of yours that nobody answers.")
MUCH_BEHIND: Final = N_(
    "It ends with the other side: {n} of its {all} messages come after your last one and do not"
    " enter the record."
)
QUOTED: Final = N_("You answer a message that is not in this conversation.")
MEDIA: Final[Mapping[Kind, str]] = {
    Kind.IMAGE: N_("You answer a picture that no words describe."),
    Kind.VOICE: N_("You answer a voice message without a transcript."),
    Kind.VIDEO: N_("You answer a video that no words describe."),
    Kind.FILE: N_("You answer a file that no words describe."),
    Kind.LINK: N_("You answer a link that no words describe."),
    Kind.LOCATION: N_("You answer a location that no words describe."),
    Kind.CALL: N_("You go on from a call that no words describe."),
    Kind.FORWARD: N_("You answer forwarded messages that no words describe."),
    Kind.MINI_PROGRAM: N_("You answer a mini program that no words describe."),
    Kind.TRANSFER: N_("You answer a transfer that no words describe."),
    Kind.RED_PACKET: N_("You answer a red packet that no words describe."),
}
SPOKEN_OF: Final = N_("It is about a picture, a call or a file that is not there.")

_SURE: Final = 0.95

_MUCH: Final = 0.34
"""From this part of a side's messages on, what is left out at an end is much."""

_MOST: Final = 0.5
"""Beyond this part of what the person says, what comes before the other side is the most."""

_MANY_MEDIA: Final = 0.34
"""From this part of the person's turns on, answers to pictures and the like are many."""

_OTHER_ANSWERS: Final = 0.55
_QUOTED_SCORE: Final = 0.7
_LATEST: Final = 300
"""So many texts are looked through for one that was quoted in part."""

_EARLY: Final = 2
"""So many lines at the head of a talk may speak of what came before it."""


def fragments(number: int, talk: Sequence[Said], *, group: bool = False) -> Iterator[NewSuggestion]:
    """Yield what is missing from conversation `number`, one reason each.

    In a `group`, what the others say at its ends may be meant for each other.
    """
    for each in _missing(talk, group=group):
        about = None if each.about is None else each.about.id
        kind = SuggestionKind.INCOMPLETE
        yield NewSuggestion(
            number, kind, each.score, each.rule, each.reason, each.values, message_id=about
        )


class _Missing(NamedTuple):
    """What is missing, and the message that shows it."""

    score: float
    rule: str
    reason: str
    about: Said | None = None
    values: Mapping[str, int] = MappingProxyType({})


def _missing(talk: Sequence[Said], *, group: bool) -> Iterator[_Missing]:
    sides = {each.side for each in talk}
    if sides == {Side.ME}:
        yield _Missing(_SURE, "only_me", ONLY_ME)
    elif sides == {Side.OTHER}:
        yield _Missing(_SURE, "only_other", ONLY_OTHER)
    elif sides:
        heard = next(at for at, each in enumerate(talk) if each.side is Side.OTHER)
        spoken = next(at for at in range(len(talk), 0, -1) if talk[at - 1].side is Side.ME)
        if spoken <= heard:
            yield _Missing(_SURE, "no_answer", NO_ANSWER)
            return
        yield from _head(talk, heard)
        if not group or talk[-1].side is Side.ME:
            yield from _tail(talk, spoken)
        yield from _elsewhere(talk)


def _head(talk: Sequence[Said], heard: int) -> Iterator[_Missing]:
    """Yield what is wrong with the messages of the person that come before the other's first."""
    first = talk[0]
    words = words_of(first)
    if heard and words and dangles(words):
        yield _Missing(0.75, "answer_first", ANSWER_FIRST, first)
    elif not heard and words and dangles(words) and not closes(words):
        yield _Missing(_OTHER_ANSWERS, "answer_first_other", ANSWER_FIRST_OTHER, first)
    elif heard:
        own = sum(each.side is Side.ME for each in talk)
        if heard > _MOST * own:
            yield _Missing(0.5, "much_before", MUCH_BEFORE, None, {"n": heard, "own": own})
    for at, each in enumerate(talk[:_EARLY]):
        words = words_of(each)
        if words and names_media(words) and not _has_media(talk[:at]):
            yield _Missing(0.65, "spoken_of", SPOKEN_OF, each)
            return


def _tail(talk: Sequence[Said], spoken: int) -> Iterator[_Missing]:
    """Yield what is wrong with the end."""
    behind = talk[spoken:]
    if not behind:
        words = words_of(talk[-1])
        if words and asks(words):
            yield _Missing(0.6, "asked_last", ASKED_LAST, talk[-1])
        return
    worded = [each for each in behind if words_of(each)]
    asking = next((each for each in reversed(worded) if asks(words_of(each))), None)
    if asking is not None and not leaves(words_of(worded[-1])):
        yield _Missing(0.75, "unanswered", UNANSWERED, asking)
        return
    told = [each for each in worded if not acknowledges(words_of(each))]
    all_of_other = sum(each.side is Side.OTHER for each in talk)
    if len(told) > 1 and len(told) >= _MUCH * all_of_other and not leaves(words_of(worded[-1])):
        yield _Missing(
            0.5, "much_behind", MUCH_BEHIND, None, {"n": len(behind), "all": all_of_other}
        )


def _elsewhere(talk: Sequence[Said]) -> Iterator[_Missing]:
    """Yield that the person answers what is not in the conversation, or not in words."""
    there: dict[str, None] = {}
    for each in talk:
        quoted = (each.reply_to or "").strip()
        if quoted and each.side is Side.ME and not _is_there(quoted, there):
            yield _Missing(_QUOTED_SCORE, "quoted", QUOTED, each)
            break
        there[each.text.strip()] = None
    turns, wordless = _turns(talk)
    if not wordless:
        return
    share = len(wordless) / turns
    pointing = next((each for each in wordless if points(words_of(each[0]))), None)
    if share < _MANY_MEDIA and pointing is None:
        return
    answer, kind = pointing or wordless[0]
    score = round(0.5 + 0.3 * share + 0.1 * (pointing is not None), 2)
    yield _Missing(score, f"media_{kind.value}", MEDIA[kind], answer)


def _turns(talk: Sequence[Said]) -> tuple[int, list[tuple[Said, Kind]]]:
    """Return how many turns of the person answer something, and which answer what has no words."""
    turns = 0
    wordless: list[tuple[Said, Kind]] = []
    starts = [at for at in range(1, len(talk)) if talk[at].side is not talk[at - 1].side]
    for at, end in pairwise([*starts, len(talk)]):
        if talk[at].side is not Side.ME:
            continue
        turns += 1
        answer = next((each for each in talk[at:end] if words_of(each)), None)
        kind = _only_media(talk, at)
        if answer is not None and kind is not None and not answer.reply_to:
            wordless.append((answer, kind))
    return turns, wordless


def _is_there(quoted: str, there: dict[str, None]) -> bool:
    """Return whether a quoted text stands among those said before, the latest of which are last."""
    if quoted in there:
        return True
    # Exporters cut long quotes, or put the speaker's name before them.
    cut = quoted.rstrip("….")
    latest = islice(reversed(there), _LATEST)
    return any(text and (text.startswith(cut) or quoted.endswith(text)) for text in latest)


def _only_media(talk: Sequence[Said], at: int) -> Kind | None:
    """Return the kind of what the other side sent right before a place, where it has no words."""
    kind = None
    while at and talk[at - 1].side is Side.OTHER:
        at -= 1
        if words_of(talk[at]):
            return None
        if talk[at].kind in MEDIA:
            kind = talk[at].kind
    return kind


def _has_media(talk: Sequence[Said]) -> bool:
    return any(each.kind in MEDIA for each in talk)
