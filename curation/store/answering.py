"""What machines point out and nobody answered yet, and what an answer of a person does."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, func, literal, null, select, union_all

from curation.errors import N_, ActionRefusedError
from curation.model import SuggestionKind
from curation.store import duplicates, suggestions
from curation.store.journal import reviewer_of
from curation.store.suggestions import SuggestionState
from curation.store.tables import conversation, emotion_tag, message, suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Row

    from curation.store.journal import Recorder

REJECT_IT: Final = N_("Who agrees that it repeats another one rejects the conversation instead.")
_ANSWERED: Final = N_("This suggestion is no longer open.")
_ALIKE: Final = N_("Says nearly the same as conversation {n}")
_IDS_AT_ONCE: Final = 500
_KINDS: Final = {kind.value: kind for kind in SuggestionKind}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a machine points out about a conversation, or about the message `message_id`.

    `id` is None where it is that the conversation is like another one. `label` is which emotion,
    `reason` a template that `values` fill; `rule` of `model` says so, as its `version`. `more` are
    others that say the same of the same for other reasons: one answer is the answer to all.
    """

    kind: SuggestionKind
    score: float
    id: int | None = None
    message_id: int | None = None
    label: str = ""
    reason: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    rule: str = ""
    model: str = ""
    version: int = 0
    more: tuple[Suggestion, ...] = ()

    @property
    def draft(self) -> str:
        """The background that it drafts, empty where it is about something else."""
        return draft_of(self.values) if self.kind is SuggestionKind.BACKGROUND else ""


def open_of(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[Suggestion, ...]]:
    """Return the open suggestions of conversations by their ids.

    First those about the whole, then those about messages in their order, the surest first. What
    several say of the same is one, told as the surest says it.
    """
    names = ("conversation_id", "id", "message_id", "kind", "label", "score", "reason")
    told = ("reason_values", "rule", "model", "version")
    kept = (
        select(
            *(suggestion.c[name] for name in (*names, *told)),
            message.c.position,
            null().label("earlier"),
        )
        .outerjoin(message, message.c.id == suggestion.c.message_id)
        .where(
            suggestion.c.conversation_id.in_(ids),
            suggestion.c.state == SuggestionState.OPEN.value,
        )
    )
    nothing = (literal("{}"), literal(""), literal(""), literal(0), null())
    alike = select(
        conversation.c.id,
        null(),
        null(),
        literal(SuggestionKind.NEAR_DUPLICATE.value),
        literal(""),
        conversation.c.similarity,
        literal(_ALIKE),
        *nothing,
        duplicates.there,
    ).where(conversation.c.id.in_(ids), duplicates.is_marked())
    rows = connection.execute(union_all(kept, alike)).all()
    found: defaultdict[int, list[Suggestion]] = defaultdict(list)
    places = {row.message_id: (row.position, row.message_id) for row in rows if row.message_id}
    for row in rows:
        if row.kind in _KINDS:  # otherwise told by a later version of this program
            found[row.conversation_id].append(_suggestion(row))

    def place(each: Suggestion) -> tuple[bool, tuple[float, int], float, int]:
        about = each.message_id
        return about is not None, places.get(about, (0.0, 0)), -each.score, each.id or 0

    return {number: _joined(sorted(several, key=place)) for number, several in found.items()}


def _suggestion(row: Row[Any]) -> Suggestion:
    values = json.loads(row.reason_values) if row.earlier is None else {"n": row.earlier}
    return Suggestion(
        kind=_KINDS[row.kind],
        score=row.score or 0.0,
        id=row.id,
        message_id=row.message_id,
        label=row.label,
        reason=row.reason,
        values=values if isinstance(values, dict) else {},
        rule=row.rule,
        model=row.model,
        version=row.version,
    )


def _joined(several: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """Return the first of those that say the same of the same, with the others in it."""
    same: defaultdict[tuple[object, ...], list[Suggestion]] = defaultdict(list)
    for each in several:
        same[each.message_id, each.kind, each.label, each.draft].append(each)
    return tuple(replace(first, more=tuple(others)) for first, *others in same.values())


def draft_of(values: Mapping[str, object]) -> str:
    """Return the background that a suggestion of one drafts; empty where it holds none."""
    text = values.get("text", "")
    return text if isinstance(text, str) else ""


def open_drafts(
    connection: Connection, ids: Sequence[int], least: float | None = None
) -> dict[int, str]:
    """Return the backgrounds drafted for conversations, of each the surest one."""
    here = is_open(SuggestionKind.BACKGROUND) & suggestion.c.conversation_id.in_(ids)
    query = (
        select(suggestion.c.conversation_id, suggestion.c.reason_values)
        .where(here, suggestion.c.score >= (least or 0.0))
        .order_by(suggestion.c.score, suggestion.c.id.desc())
    )
    return {
        row.conversation_id: draft_of(json.loads(row.reason_values))
        for row in connection.execute(query)
    }


def is_open(kind: SuggestionKind) -> ColumnElement[bool]:
    """Return the condition that a row of suggestions is of a kind and not answered yet."""
    unanswered = suggestion.c.state == SuggestionState.OPEN.value
    return and_(suggestion.c.kind == kind.value, unanswered)


def open_one(connection: Connection, conversation_id: int, suggestion_id: int) -> Suggestion:
    """Return an open suggestion of a conversation; ActionRefusedError where it is not open."""
    for each in open_of(connection, [conversation_id]).get(conversation_id, ()):
        if suggestion_id in (each.id, *(other.id for other in each.more)):
            return each
    raise ActionRefusedError(_ANSWERED)


def answer_one(
    recorder: Recorder, conversation_id: int, suggestion_id: int | None, *, accept: bool
) -> None:
    """Accept or refuse an open suggestion; without an id that a conversation is like another.

    What others say of the same is answered with it. Refused where it is not open, and where who
    accepts it rejects the conversation.
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
        told = open_one(recorder.connection, conversation_id, suggestion_id)
        ids = [each.id for each in (told, *told.more)]
        answer(recorder, suggestion.c.id.in_(ids), accept=accept)
    recorder.affected.add(conversation_id)


def answer(recorder: Recorder, here: ColumnElement[bool], *, accept: bool) -> int:
    """Accept or refuse open suggestions; return how many. An accepted emotion becomes a tag.

    With the answer stands what it was about, so that nobody is asked again while that is the same.
    """
    is_emotion = suggestion.c.kind == SuggestionKind.EMOTION.value
    here = and_(here, suggestion.c.state == SuggestionState.OPEN.value)
    if accept:
        _tag_as_suggested(recorder, and_(here, is_emotion))
    names = ("state", "answered_at", "answered_by", "digest")
    place = (suggestion.c.conversation_id, suggestion.c.message_id)
    columns = (suggestion.c[name] for name in names)
    query = select(suggestion.c.id, *place, *columns).where(here).order_by(suggestion.c.id)
    rows = recorder.connection.execute(query).mappings().all()
    texts = suggestions.digests(
        recorder.connection, {(row["conversation_id"], row["message_id"]) for row in rows}
    )
    state = SuggestionState.ACCEPTED if accept else SuggestionState.REFUSED
    given = {
        "state": state.value,
        "answered_at": int(time.time()),
        "answered_by": reviewer_of(recorder.connection),
    }
    recorder.update_rows(
        suggestion,
        [
            (
                row["id"],
                {name: row[name] for name in names},
                {**given, "digest": texts.get((row["conversation_id"], row["message_id"]), "")},
            )
            for row in rows
        ],
    )
    return len(rows)


def agree(
    recorder: Recorder,
    conversation_id: int,
    message_ids: Sequence[int | None],
    kind: SuggestionKind,
    label: str = "",
) -> None:
    """Accept what is open of a kind where a person did by hand what it suggests.

    `message_ids` are the messages it may be about, None the whole.
    """
    here = suggestion.c.conversation_id == conversation_id
    asked = select(suggestion.c.id, suggestion.c.message_id).where(
        here, is_open(kind), suggestion.c.label == label
    )
    done = set(message_ids)  # too many for a statement, where all of a conversation are meant
    ids = [row.id for row in recorder.connection.execute(asked) if row.message_id in done]
    for start in range(0, len(ids), _IDS_AT_ONCE):
        some = ids[start : start + _IDS_AT_ONCE]
        answer(recorder, suggestion.c.id.in_(some), accept=True)


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
    connection = recorder.connection
    wanted = (suggestion.c.conversation_id, suggestion.c.message_id, suggestion.c.label)
    told = select(*wanted).where(here, suggestion.c.label != "").distinct().order_by(*wanted)
    rows = [tuple(row) for row in connection.execute(told)]
    numbers = sorted({number for number, _message, _emotion in rows})
    # Compared here: a condition would go through all of a conversation's tags for each of them.
    tagged: set[tuple[object, ...]] = set()
    for start in range(0, len(numbers), _IDS_AT_ONCE):
        some = numbers[start : start + _IDS_AT_ONCE]
        names = (emotion_tag.c.conversation_id, emotion_tag.c.message_id, emotion_tag.c.emotion)
        query = select(*names).where(emotion_tag.c.conversation_id.in_(some))
        tagged |= {tuple(row) for row in connection.execute(query)}
    columns = ("conversation_id", "message_id", "emotion")
    recorder.insert_many(
        emotion_tag, [dict(zip(columns, row, strict=True)) for row in rows if row not in tagged]
    )


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often people agreed with a rule of a suggester about a kind, and how much is open.

    `reason` is a template that says what the rule goes by.
    """

    kind: SuggestionKind
    rule: str
    model: str
    reason: str
    accepted: int
    refused: int
    open: int

    @property
    def answered(self) -> int:
        """How much was answered."""
        return self.accepted + self.refused


def agreements(connection: Connection) -> tuple[Agreement, ...]:
    """Return how each rule fared, whatever its version; that of near-duplicates is not here."""
    counts: defaultdict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
    key = (suggestion.c.kind, suggestion.c.rule, suggestion.c.model)
    query = select(*key, suggestion.c.state, func.count().label("times"))
    for row in connection.execute(query.group_by(*key, suggestion.c.state).order_by(*key)):
        if row.kind in _KINDS:
            counts[row.kind, row.rule, row.model][row.state] = row.times
    states = (SuggestionState.ACCEPTED, SuggestionState.REFUSED, SuggestionState.OPEN)
    return tuple(
        Agreement(
            _KINDS[names[0]],
            *names[1:],
            _reason_of(connection, *names),
            *(times.get(state.value, 0) for state in states),
        )
        for names, times in counts.items()
    )


def _reason_of(connection: Connection, kind: str, rule: str, model: str) -> str:
    same = (suggestion.c.kind == kind, suggestion.c.rule == rule, suggestion.c.model == model)
    return str(connection.scalar(select(suggestion.c.reason).where(*same).limit(1)) or "")
