"""From a filter over conversations to its SQL condition."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import BigInteger, and_, bindparam, literal_column, or_, select, true

from curation.model import ConversationFilter, Decision, FindingFilter, SuggestionKind
from curation.store import hiding, search
from curation.store.duplicates import is_marked
from curation.store.search import text_words
from curation.store.suggestions import SuggestionState
from curation.store.tables import (
    chat,
    conversation,
    emotion_tag,
    finding,
    message,
    source_file,
    suggestion,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import BindParameter, Column, ColumnElement

DAY: Final = 86_400
_HOUR: Final = 3_600

EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001  (wall-clock time has no zone)


def seconds_of(moment: datetime) -> int:
    """Return a wall-clock time as whole seconds since 1970."""
    return int((moment - EPOCH).total_seconds())


def moment_of(seconds: int | None) -> datetime | None:
    """Return stored seconds as a wall-clock time."""
    return None if seconds is None else EPOCH + timedelta(seconds=seconds)


def hour_of(seconds: Column[int]) -> ColumnElement[int]:
    """Return the hour of the local clock, 0 to 23, at stored seconds."""
    # Counted from far enough back that no time there is lies before it.
    since = literal_column(str(DAY * 10**6), BigInteger)
    return (
        (seconds + since)
        % literal_column(str(DAY), BigInteger)
        // literal_column(str(_HOUR), BigInteger)
    )


def condition(flt: ConversationFilter) -> ColumnElement[bool]:
    """Return the SQL condition for a filter over the conversation table."""
    return and_(
        true(),
        *_on_origin(flt),
        *_on_size(flt),
        *_on_words(flt),
        *_on_emotions(flt),
        *_on_findings(flt),
        *_on_suggestions(flt),
    )


def _on_origin(flt: ConversationFilter) -> Iterator[ColumnElement[bool]]:
    if flt.statuses:
        yield conversation.c.status.in_([status.value for status in flt.statuses])
    if flt.chats:
        yield conversation.c.chat_id.in_(select(chat.c.id).where(chat.c.name.in_(flt.chats)))
    if flt.sources:
        named = select(source_file.c.id).where(source_file.c.name.in_(flt.sources))
        yield conversation.c.source_file_id.in_(named)
    if flt.listed is not None:
        # Written into the statement: no database takes a parameter for each of very many.
        numbers: BindParameter[int] = bindparam(
            "listed", flt.listed.numbers, unique=True, expanding=True, literal_execute=True
        )
        yield conversation.c.id.in_(numbers)
    if flt.edited is not None:
        yield conversation.c.edited.is_(flt.edited)
    if flt.noted is not None:
        # Written out, so that the index of those with a note serves.
        none: ColumnElement[str] = literal_column("''")
        yield conversation.c.note != none if flt.noted else conversation.c.note == none


def _on_size(flt: ConversationFilter) -> Iterator[ColumnElement[bool]]:
    if flt.first_day is not None:
        first = datetime.combine(flt.first_day, time.min)
        yield conversation.c.ended_at >= seconds_of(first)
    if flt.last_day is not None:
        # Not the midnight that follows: the last day there is has none.
        last = datetime.combine(flt.last_day, time.min)
        yield conversation.c.started_at < seconds_of(last) + DAY
    if flt.hours:
        yield hour_of(conversation.c.started_at).in_(flt.hours)
    sizes = [
        (conversation.c.length, flt.min_length, flt.max_length),
        (conversation.c.turns, flt.min_turns, flt.max_turns),
    ]
    if not hiding.is_on():  # what is hidden counts too: from limits its length could be worked out
        sizes.append((conversation.c.tokens, flt.min_tokens, flt.max_tokens))
    for column, least, most in sizes:
        if least is not None:
            yield column >= least
        if most is not None:
            yield column <= most


def _on_words(flt: ConversationFilter) -> Iterator[ColumnElement[bool]]:
    words = text_words(flt.text)
    if words:
        yield search.holds_all(words)


def _on_emotions(flt: ConversationFilter) -> Iterator[ColumnElement[bool]]:
    tagged = select(emotion_tag.c.conversation_id)
    if flt.emotion:
        yield conversation.c.id.in_(tagged.where(emotion_tag.c.emotion == flt.emotion))
    if flt.without_emotion:
        without = emotion_tag.c.emotion == flt.without_emotion
        yield conversation.c.id.not_in(tagged.where(without))
    if flt.tagged is not None:
        any_tag = conversation.c.id.in_(tagged)
        yield any_tag if flt.tagged else ~any_tag


def _on_findings(flt: ConversationFilter) -> Iterator[ColumnElement[bool]]:
    if flt.entities:
        yield _has_entity(flt)
    elif flt.findings is FindingFilter.ANY:
        yield conversation.c.findings > 0
    elif flt.findings is FindingFilter.UNDECIDED:
        yield conversation.c.undecided > 0
    elif flt.findings is FindingFilter.DECIDED:
        yield and_(conversation.c.findings > 0, conversation.c.undecided == 0)
    elif flt.findings is FindingFilter.NONE:
        yield conversation.c.findings == 0


def _has_entity(flt: ConversationFilter) -> ColumnElement[bool]:
    """Return the condition on findings of the kinds that the filter names."""
    found = (
        select(message.c.conversation_id)
        .join(finding, finding.c.message_id == message.c.id)
        .where(finding.c.entity.in_(flt.entities), message.c.deleted.is_(False))
    )
    here = conversation.c.id.in_(found)
    undecided = conversation.c.id.in_(found.where(finding.c.decision == Decision.PENDING.value))
    match flt.findings:
        case FindingFilter.UNDECIDED:
            return undecided
        case FindingFilter.DECIDED:
            return and_(here, ~undecided)
        case FindingFilter.NONE:
            return ~here
        case _:
            return here


def _on_suggestions(flt: ConversationFilter) -> Iterator[ColumnElement[bool]]:
    if not flt.suggestions and flt.min_score is None:
        return
    kinds = set(flt.suggestions or SuggestionKind)
    ways = []
    if SuggestionKind.NEAR_DUPLICATE in kinds:
        alike = is_marked()
        if flt.min_score is not None:
            alike = and_(alike, conversation.c.similarity >= flt.min_score)
        ways.append(alike)
    told = select(suggestion.c.conversation_id).where(
        suggestion.c.state == SuggestionState.OPEN.value,
        suggestion.c.kind.in_(sorted(kind.value for kind in kinds)),
    )
    if flt.min_score is not None:
        told = told.where(suggestion.c.score >= flt.min_score)
    yield or_(*ways, conversation.c.id.in_(told))


def only_chats(flt: ConversationFilter) -> ConversationFilter:
    """Return what is left of a filter when it asks for chats alone."""
    return ConversationFilter(chats=flt.chats)
