"""From a filter over conversations to its SQL condition."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, exists, select, true

from curation.model import ConversationFilter, FindingFilter
from curation.store.duplicates import is_marked
from curation.store.tables import chat, conversation, current_text, emotion_tag, message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement

EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001  (wall-clock time has no zone)


def seconds_of(moment: datetime) -> int:
    """Return a wall-clock time as whole seconds since 1970."""
    return int((moment - EPOCH).total_seconds())


def moment_of(seconds: int | None) -> datetime | None:
    """Return stored seconds as a wall-clock time."""
    return None if seconds is None else EPOCH + timedelta(seconds=seconds)


def condition(flt: ConversationFilter) -> ColumnElement[bool]:
    """Return the SQL condition for a filter over the conversation table."""
    return and_(true(), *_conditions_on_head(flt), *_conditions_on_content(flt))


def _conditions_on_head(flt: ConversationFilter) -> Iterator[ColumnElement[bool]]:
    if flt.statuses:
        yield conversation.c.status.in_([status.value for status in flt.statuses])
    if flt.chats:
        yield conversation.c.chat_id.in_(select(chat.c.id).where(chat.c.name.in_(flt.chats)))
    if flt.first_day is not None:
        first = datetime.combine(flt.first_day, time.min)
        yield conversation.c.ended_at >= seconds_of(first)
    if flt.last_day is not None:
        last = datetime.combine(flt.last_day, time.min) + timedelta(days=1)
        yield conversation.c.started_at < seconds_of(last)
    if flt.min_length is not None:
        yield conversation.c.length >= flt.min_length
    if flt.max_length is not None:
        yield conversation.c.length <= flt.max_length


def _conditions_on_content(flt: ConversationFilter) -> Iterator[ColumnElement[bool]]:
    if flt.text:
        yield exists().where(
            message.c.conversation_id == conversation.c.id,
            message.c.deleted.is_(False),
            current_text.icontains(flt.text, autoescape=True),
        )
    if flt.emotion:
        yield exists().where(
            emotion_tag.c.conversation_id == conversation.c.id,
            emotion_tag.c.emotion == flt.emotion,
        )
    if flt.findings is FindingFilter.ANY:
        yield conversation.c.findings > 0
    elif flt.findings is FindingFilter.UNDECIDED:
        yield conversation.c.undecided > 0
    elif flt.findings is FindingFilter.NONE:
        yield conversation.c.findings == 0
    if flt.duplicates:
        yield is_marked()


def only_chats(flt: ConversationFilter) -> ConversationFilter:
    """Return what is left of a filter when it asks for chats alone."""
    return ConversationFilter(chats=flt.chats)
