"""What machines point out and nobody answered yet, and what an answer of a person does."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping  # noqa: TC003 (a field of a dataclass)
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, exists, literal, null, select, union_all

from curation.errors import N_, ActionRefusedError
from curation.model import SuggestionKind, SuggestionState
from curation.store import duplicates
from curation.store.tables import conversation, emotion_tag, message, suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection

    from curation.store.journal import Recorder

REJECT_IT: Final = N_("Who agrees that it repeats another one rejects the conversation instead.")
_ANSWERED: Final = N_("This suggestion is no longer open.")
_ALIKE: Final = N_("Says nearly the same as conversation {n}")
_KINDS: Final = {kind.value: kind for kind in SuggestionKind}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a machine points out about a conversation, or about the message `message_id`.

    `id` is None where it is that the conversation is like another one. `label` is which emotion,
    `reason` a template that `values` fill.
    """

    kind: SuggestionKind
    score: float
    id: int | None = None
    message_id: int | None = None
    label: str = ""
    reason: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


def open_of(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[Suggestion, ...]]:
    """Return the open suggestions of conversations by their ids.

    First those about the whole, then those about messages in their order, the surest first.
    """
    kept = (
        select(
            suggestion.c.conversation_id,
            suggestion.c.id,
            suggestion.c.message_id,
            suggestion.c.kind,
            suggestion.c.label,
            suggestion.c.score,
            suggestion.c.reason,
            suggestion.c.reason_values,
            message.c.position,
            null().label("earlier"),
        )
        .outerjoin(message, message.c.id == suggestion.c.message_id)
        .where(
            suggestion.c.conversation_id.in_(ids),
            suggestion.c.state == SuggestionState.OPEN.value,
        )
    )
    alike = select(
        conversation.c.id,
        null(),
        null(),
        literal(SuggestionKind.NEAR_DUPLICATE.value),
        literal(""),
        conversation.c.similarity,
        literal(_ALIKE),
        literal("{}"),
        null(),
        duplicates.there,
    ).where(conversation.c.id.in_(ids), duplicates.is_marked())
    rows = connection.execute(union_all(kept, alike)).all()
    found: defaultdict[int, list[Suggestion]] = defaultdict(list)
    places = {row.message_id: (row.position, row.message_id) for row in rows if row.message_id}
    for row in rows:
        if row.kind not in _KINDS:  # told by a later version of this program
            continue
        values = json.loads(row.reason_values) if row.earlier is None else {"n": row.earlier}
        found[row.conversation_id].append(
            Suggestion(
                kind=_KINDS[row.kind],
                score=row.score or 0.0,
                id=row.id,
                message_id=row.message_id,
                label=row.label,
                reason=row.reason,
                values=values if isinstance(values, dict) else {},
            )
        )

    def place(each: Suggestion) -> tuple[bool, tuple[float, int], float, int]:
        about = each.message_id
        return about is not None, places.get(about, (0.0, 0)), -each.score, each.id or 0

    return {number: tuple(sorted(several, key=place)) for number, several in found.items()}


def is_open(kind: SuggestionKind) -> ColumnElement[bool]:
    """Return the condition that a row of suggestions is of a kind and not answered yet."""
    unanswered = suggestion.c.state == SuggestionState.OPEN.value
    return and_(suggestion.c.kind == kind.value, unanswered)


def answer_one(
    recorder: Recorder, conversation_id: int, suggestion_id: int | None, *, accept: bool
) -> None:
    """Accept or refuse an open suggestion; without an id that a conversation is like another.

    Refused where it is not open, and where who accepts it rejects the conversation.
    """
    if suggestion_id is None:
        if accept:
            raise ActionRefusedError(REJECT_IT)
        marked = select(conversation.c.id).where(
            conversation.c.id == conversation_id, duplicates.is_marked()
        )
        if recorder.connection.scalar(marked) is None:
            raise ActionRefusedError(_ANSWERED)
        refuse_likeness(recorder, [conversation_id])
    else:
        here = and_(
            suggestion.c.id == suggestion_id,
            suggestion.c.conversation_id == conversation_id,
            suggestion.c.state == SuggestionState.OPEN.value,
        )
        if recorder.connection.scalar(select(suggestion.c.id).where(here)) is None:
            raise ActionRefusedError(_ANSWERED)
        answer(recorder, here, accept=accept)
    recorder.affected.add(conversation_id)


def answer(recorder: Recorder, here: ColumnElement[bool], *, accept: bool) -> None:
    """Accept or refuse suggestions; an accepted emotion becomes a tag."""
    state = SuggestionState.ACCEPTED if accept else SuggestionState.REFUSED
    if accept:
        _tag_as_suggested(recorder, and_(here, suggestion.c.kind == SuggestionKind.EMOTION.value))
    recorder.update(suggestion, here, state=state.value)


def refuse_likeness(recorder: Recorder, numbers: Sequence[int]) -> None:
    """Say that conversations do not repeat those that they are like now."""
    rows = recorder.connection.execute(
        select(conversation.c.id, conversation.c.not_like, conversation.c.duplicate_of).where(
            conversation.c.id.in_(numbers)
        )
    )
    recorder.update_rows(
        conversation,
        [(row.id, {"not_like": row.not_like}, {"not_like": row.duplicate_of}) for row in rows],
    )


def _tag_as_suggested(recorder: Recorder, here: ColumnElement[bool]) -> None:
    same = exists().where(
        emotion_tag.c.conversation_id == suggestion.c.conversation_id,
        emotion_tag.c.message_id.is_not_distinct_from(suggestion.c.message_id),
        emotion_tag.c.emotion == suggestion.c.label,
    )
    rows = recorder.connection.execute(
        select(suggestion.c.conversation_id, suggestion.c.message_id, suggestion.c.label)
        .where(here, suggestion.c.label != "", ~same)
        .distinct()
        .order_by(suggestion.c.conversation_id, suggestion.c.message_id, suggestion.c.label)
    ).all()
    recorder.insert_many(
        emotion_tag,
        [
            {
                "conversation_id": row.conversation_id,
                "message_id": row.message_id,
                "emotion": row.label,
            }
            for row in rows
        ],
    )
