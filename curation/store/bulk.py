"""What must be known of many conversations before something is done to all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import and_, exists, func, or_, select

from curation.model import (
    ConversationFilter,
    Decision,
    Status,
    SuggestionKind,
)
from curation.store import answering, duplicates
from curation.store.filters import condition
from curation.store.queue import place_order
from curation.store.rows import among
from curation.store.tables import (
    chat,
    conversation,
    emotion_tag,
    finding,
    message,
    suggestion,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import ColumnElement, Connection, Row

    from curation.store.journal import Recorder

Selection = Sequence[int] | Mapping[int, int] | ConversationFilter
"""Which conversations: ids, ids with the versions they were shown with, or all of a filter."""

_IDS_AT_ONCE: Final = 500
_FEW: Final = 2000
"""So many conversations are asked for by their ids; of more, everything is read."""


class Head(NamedTuple):
    """What is known of a conversation without its messages."""

    id: int
    chat_id: int
    status: Status
    version: int
    touched: bool


_HEAD: Final = (
    conversation.c.id,
    conversation.c.chat_id,
    conversation.c.status,
    conversation.c.version,
    conversation.c.touched,
)


def heads(connection: Connection, selection: Selection) -> list[Head]:
    """Return the selected conversations that are there: of a filter in the order of the queue."""
    if isinstance(selection, ConversationFilter):
        query = select(*_HEAD).where(condition(selection)).order_by(*place_order())
        return [_head(row) for row in connection.execute(query).all()]
    found: list[Head] = []
    numbers = list(selection)
    for some in _parts(numbers):
        rows = connection.execute(select(*_HEAD).where(among(connection, conversation.c.id, some)))
        there = {row.id: _head(row) for row in rows}
        found += [there[number] for number in some if number in there]
    return found


_STATUS: Final = {status.value: status for status in Status}


def _head(row: Row[Any, Any, Any, Any, Any]) -> Head:
    number, chat_id, status, version, touched = row
    return Head(number, chat_id, _STATUS[status], version, touched)


def _parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[at : at + _IDS_AT_ONCE] for at in range(0, len(numbers), _IDS_AT_ONCE))


def _near(
    connection: Connection, column: ColumnElement[int], numbers: Collection[int]
) -> Iterator[ColumnElement[bool]]:
    """Return conditions that together let through at least the rows of these numbers."""
    if len(numbers) > _FEW:
        yield column.is_not(None)
        return
    yield from (among(connection, column, some) for some in _parts(sorted(numbers)))


def tagged(
    connection: Connection, emotions: Collection[str], numbers: Collection[int]
) -> dict[str, set[int]]:
    """Return which conversations have each of the emotions on themselves; more than asked for."""
    found: dict[str, set[int]] = {emotion: set() for emotion in emotions}
    for near in _near(connection, emotion_tag.c.conversation_id, numbers):
        query = select(emotion_tag.c.emotion, emotion_tag.c.conversation_id).where(
            emotion_tag.c.emotion.in_(sorted(emotions)), emotion_tag.c.message_id.is_(None), near
        )
        for row in connection.execute(query):
            found[row.emotion].add(row.conversation_id)
    return found


def backgrounds(connection: Connection, numbers: Collection[int]) -> dict[int, str]:
    """Return the backgrounds of those conversations that have one; more than asked for."""
    found: dict[int, str] = {}
    for near in _near(connection, conversation.c.id, numbers):
        query = select(conversation.c.id, conversation.c.background)
        for row in connection.execute(query.where(conversation.c.background != "", near)):
            found[row.id] = row.background
    return found


def set_backgrounds(recorder: Recorder, texts: Mapping[int, tuple[str, str]]) -> None:
    """Give conversations backgrounds: id -> (the one it has, the new one)."""
    recorder.update_rows(
        conversation,
        [
            (number, {"background": old}, {"background": new})
            for number, (old, new) in texts.items()
        ],
    )
    recorder.affected |= set(texts)


def chat_names_of(connection: Connection, chat_ids: Collection[int]) -> dict[int, str]:
    """Return the names of chats by their ids."""
    return {
        row.id: row.name
        for row in connection.execute(select(chat.c.id, chat.c.name))
        if row.id in chat_ids
    }


def count_in_chats(connection: Connection, chat_ids: Collection[int]) -> int:
    """Return how many conversations chats have."""
    query = select(conversation.c.chat_id, func.count().label("times"))
    rows = connection.execute(query.group_by(conversation.c.chat_id))
    return sum(row.times for row in rows if row.chat_id in chat_ids)


def finding_counts(
    connection: Connection, entities: Collection[str], numbers: Collection[int]
) -> dict[int, dict[Decision, int]]:
    """Return how many findings of some kinds (none: all) conversations have with each decision.

    Those in deleted messages do not count. Holds more conversations than asked for.
    """
    found: defaultdict[int, dict[Decision, int]] = defaultdict(dict)
    for near in _near(connection, message.c.conversation_id, numbers):
        query = (
            select(message.c.conversation_id, finding.c.decision, func.count().label("times"))
            .join(message, message.c.id == finding.c.message_id)
            .where(message.c.deleted.is_(False), near)
            .group_by(message.c.conversation_id, finding.c.decision)
        )
        if entities:
            query = query.where(finding.c.entity.in_(sorted(entities)))
        for row in connection.execute(query):
            found[row.conversation_id][Decision(row.decision)] = row.times
    return found


def decide(
    recorder: Recorder,
    numbers: Sequence[int],
    entities: Collection[str],
    former: Collection[Decision],
    decision: Decision,
) -> None:
    """Decide the findings of conversations that are of some kinds (none: all) and decided so."""
    for some in _parts(numbers):
        chosen = (
            select(finding.c.id)
            .join(message, message.c.id == finding.c.message_id)
            .where(
                message.c.conversation_id.in_(some),
                message.c.deleted.is_(False),
                finding.c.decision.in_(sorted(each.value for each in former)),
            )
        )
        if entities:
            chosen = chosen.where(finding.c.entity.in_(sorted(entities)))
        recorder.update(finding, finding.c.id.in_(chosen), decision=decision.value)
        recorder.affected |= set(some)


def open_suggestions(
    connection: Connection,
    kind: SuggestionKind,
    numbers: Collection[int],
    least: float | None = None,
) -> dict[int, int]:
    """Return how many things open suggestions of a kind say of conversations; more than asked for.

    What several rules say of the same counts once. `least` is how sure one of them is.
    """
    found: dict[int, int] = {}
    if kind is SuggestionKind.NEAR_DUPLICATE:
        alike = duplicates.is_marked()
        if least is not None:
            alike = and_(alike, conversation.c.similarity >= least)
        for near in _near(connection, conversation.c.id, numbers):
            query = select(conversation.c.id).where(alike, near)
            found |= dict.fromkeys(connection.scalars(query), 1)
        return found
    about = (suggestion.c.conversation_id, suggestion.c.message_id, suggestion.c.label)
    for near in _near(connection, suggestion.c.conversation_id, numbers):
        told = select(*about).where(_sure_enough(kind, least), near).distinct().subquery()
        query = select(told.c.conversation_id, func.count().label("times"))
        rows = connection.execute(query.group_by(told.c.conversation_id))
        found |= {row.conversation_id: row.times for row in rows}
    return found


def _sure_enough(kind: SuggestionKind, least: float | None) -> ColumnElement[bool]:
    sure = answering.is_open(kind)
    return sure if least is None else and_(sure, suggestion.c.score >= least)


def jumps(
    connection: Connection, numbers: Collection[int], least: float | None = None
) -> dict[int, list[int]]:
    """Return the messages that conversations would be split before, in their order.

    A jump before the first message of its conversation is none any more.
    """
    found: defaultdict[int, list[int]] = defaultdict(list)
    earlier = message.alias()
    for some in _parts(sorted(numbers)):
        query = (
            select(message.c.conversation_id, message.c.id)
            .where(
                message.c.conversation_id.in_(some),
                message.c.id.in_(
                    select(suggestion.c.message_id).where(
                        _sure_enough(SuggestionKind.TOPIC_JUMP, least),
                        suggestion.c.conversation_id.in_(some),
                    )
                ),
                exists().where(
                    earlier.c.conversation_id == message.c.conversation_id,
                    or_(
                        earlier.c.position < message.c.position,
                        and_(earlier.c.position == message.c.position, earlier.c.id < message.c.id),
                    ),
                ),
            )
            .order_by(message.c.conversation_id, message.c.position, message.c.id)
        )
        for row in connection.execute(query):
            found[row.conversation_id].append(row.id)
    return dict(found)


def answer_suggestions(
    recorder: Recorder,
    numbers: Sequence[int],
    kind: SuggestionKind,
    least: float | None = None,
    *,
    accept: bool,
) -> None:
    """Accept or refuse the open suggestions of a kind; an accepted emotion becomes a tag.

    A refused likeness is to the one that a conversation is like now. `least` is how sure one must
    be; who is less sure of the same is answered with it.
    """
    surer = suggestion.alias()
    same = exists().where(
        surer.c.conversation_id == suggestion.c.conversation_id,
        surer.c.message_id.is_not_distinct_from(suggestion.c.message_id),
        surer.c.label == suggestion.c.label,
        surer.c.kind == suggestion.c.kind,
        surer.c.state == suggestion.c.state,
        surer.c.score >= (least or 0.0),
    )
    for some in _parts(numbers):
        if kind is SuggestionKind.NEAR_DUPLICATE:
            answering.refuse_likeness(recorder, some)
        else:
            here = answering.is_open(kind) & suggestion.c.conversation_id.in_(some)
            answering.answer(recorder, here if least is None else here & same, accept=accept)
        recorder.affected |= set(some)
