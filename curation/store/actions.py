"""What a person can do to conversations. Each function changes rows through a recorder.

The caller opens the transaction, claims the version and writes the journal row (see journal.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from curation.errors import N_, ActionRefusedError
from curation.model import Decision, Kind, Side, Status
from curation.store import deciding, findings
from curation.store.members import held_access
from curation.store.rows import AT_ONCE, among
from curation.store.tables import conversation, current_text, emotion_tag, finding, message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row

    from curation.model import Finding
    from curation.store.findings import ValuedFinding
    from curation.store.journal import Recorder

_NO_MESSAGE: Final = N_("This message is no longer in the conversation.")


def set_status(recorder: Recorder, ids: Sequence[int], status: Status) -> int:
    """Give conversations a status; return how many had another one."""
    changed: list[int] = []
    for start in range(0, len(ids), AT_ONCE):
        some = among(recorder.connection, conversation.c.id, ids[start : start + AT_ONCE])
        changed += recorder.update(conversation, some, status=status.value)
    recorder.affected |= set(changed)
    return len(changed)


def tag_emotion(
    recorder: Recorder, ids: Sequence[int], emotion: str, *, on: bool, message_id: int | None = None
) -> int:
    """Put an emotion on conversations, or on one message, or take it off; return how many changed.

    A tag on the conversation and tags on its messages are apart.
    """
    if message_id is not None:
        _message(recorder.connection, ids[0], message_id)
    target = (
        emotion_tag.c.message_id.is_(None)
        if message_id is None
        else emotion_tag.c.message_id == message_id
    )
    changed: set[int] = set()
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        near = among(recorder.connection, emotion_tag.c.conversation_id, some)
        # All their tags are read: by the emotion, it might go through all that have it each time.
        rows = recorder.connection.execute(select(emotion_tag).where(near, target))
        held = {row.id: row.conversation_id for row in rows if row.emotion == emotion}
        tagged = set(held.values())
        if on:
            fresh = [number for number in some if number not in tagged]
            recorder.insert_many(
                emotion_tag,
                [
                    {"conversation_id": number, "message_id": message_id, "emotion": emotion}
                    for number in fresh
                ],
            )
            changed |= set(fresh)
        else:
            recorder.delete(emotion_tag, among(recorder.connection, emotion_tag.c.id, held))
            changed |= tagged
    recorder.affected |= changed
    return len(changed)


def edit_message(
    recorder: Recorder,
    conversation_id: int,
    message_id: int,
    text: str,
    found: Sequence[ValuedFinding],
    *,
    moved: Sequence[ValuedFinding] = (),
) -> None:
    """Give a message another current text, with the findings of that text.

    `moved` is what was found in the old text, where it stands in the new one. A finding keeps the
    decision that was made at its place; one whose value stood in the old text, that of the value.
    """
    held = _message(recorder.connection, conversation_id, message_id)
    here = finding.c.message_id == message_id
    decided = findings.decisions_for_written(recorder.connection, found)
    before = recorder.connection.execute(select(finding).where(here)).all()
    decisions = findings.carried_decisions(found, decided, before, moved)
    whole = recorder.connection.execute(
        select(message.c.original_text, message.c.added).where(message.c.id == message_id)
    ).one()
    edited = None if text == whole.original_text else text
    typed = edited is not None or whole.added
    veiled = typed and held_access(recorder.connection).hides
    recorder.update(message, message.c.id == held.id, edited_text=edited, veiled=veiled)
    recorder.delete(finding, here)
    recorder.insert_many(
        finding,
        [
            {**findings.finding_row(message_id, each, {}), "decision": decision.value}
            for each, decision in zip(found, decisions, strict=True)
        ],
    )
    recorder.affected.add(conversation_id)


def delete_message(
    recorder: Recorder, conversation_id: int, message_id: int, *, deleted: bool
) -> None:
    """Delete a message, or restore it; it stays in the workspace either way."""
    held = _message(recorder.connection, conversation_id, message_id)
    recorder.update(message, message.c.id == held.id, deleted=deleted)
    recorder.affected.add(conversation_id)


def add_message(
    recorder: Recorder,
    conversation_id: int,
    side: Side,
    text: str,
    found: Sequence[ValuedFinding],
    *,
    before: int | None = None,
) -> int:
    """Add a message before another one, or at the end; return its id."""
    connection = recorder.connection
    rows = connection.execute(
        select(message)
        .where(message.c.conversation_id == conversation_id)
        .order_by(message.c.position, message.c.id)
    ).all()
    if before is not None:
        _message(connection, conversation_id, before)
    index = next((i for i, row in enumerate(rows) if row.id == before), len(rows))
    below = rows[index - 1].position if index > 0 else None
    above = rows[index].position if index < len(rows) else None
    if below is None:
        position = 0.0 if above is None else above - 1
    else:
        position = below + 1 if above is None else (below + above) / 2
    neighbour = next((row for row in rows if row.side == side.value), None)
    near = rows[min(index, len(rows) - 1)] if rows else None
    number = recorder.insert(
        message,
        conversation_id=conversation_id,
        position=position,
        source_id=None,
        sender_id=neighbour.sender_id if neighbour is not None else None,
        side=side.value,
        time=near.time if near is not None else None,
        kind=Kind.TEXT.value,
        original_text=text,
        edited_text=None,
        reply_to=None,
        deleted=False,
        added=True,
        background="",
        veiled=held_access(connection).hides,
    )
    decided = findings.decisions_for_written(connection, found)
    for each in found:
        recorder.insert(finding, **findings.finding_row(number, each, decided))
    recorder.affected.add(conversation_id)
    return number


def set_background(recorder: Recorder, conversation_id: int, text: str) -> None:
    """Give a conversation its background; an empty text takes it away."""
    recorder.update(conversation, conversation.c.id == conversation_id, background=text)
    recorder.affected.add(conversation_id)


def set_note(recorder: Recorder, conversation_id: int, text: str) -> None:
    """Write down something for oneself about a conversation; an empty text takes it away."""
    recorder.update(conversation, conversation.c.id == conversation_id, note=text)
    recorder.affected.add(conversation_id)


def set_message_background(
    recorder: Recorder, conversation_id: int, message_id: int, text: str
) -> None:
    """Give a message the background that stands before it; an empty text takes it away."""
    held = _message(recorder.connection, conversation_id, message_id)
    recorder.update(message, message.c.id == held.id, background=text)
    recorder.affected.add(conversation_id)


def decide_finding(
    recorder: Recorder,
    conversation_id: int,
    finding_id: int,
    decision: Decision,
    *,
    all_equal: bool,
) -> int:
    """Decide one finding, or all findings of its value; return how many changed."""
    row = finding_in(recorder.connection, conversation_id, finding_id)
    if all_equal:
        return deciding.decide_equal(recorder, row.entity, row.value, decision)
    return deciding.decide_one(recorder, finding_id, decision)


def flag(recorder: Recorder, conversation_id: int, message_id: int, flagged: ValuedFinding) -> int:
    """Keep what a person flagged in a message; return its id. What it overlaps gives way to it."""
    span = flagged.finding
    recorder.delete(
        finding,
        (finding.c.message_id == message_id)
        & (finding.c.start < span.end)
        & (finding.c.end > span.start),
    )
    recorder.affected.add(conversation_id)
    return recorder.insert(finding, **findings.finding_row(message_id, flagged, {}))


def unflag(recorder: Recorder, conversation_id: int, finding_id: int) -> None:
    """Take away a finding."""
    recorder.delete(finding, finding.c.id == finding_id)
    recorder.affected.add(conversation_id)


def message_with_findings(
    connection: Connection, conversation_id: int, message_id: int
) -> tuple[str, list[Finding]]:
    """Return the current text of a message and its findings; refused where it is gone."""
    _message(connection, conversation_id, message_id)
    text = connection.execute(select(current_text).where(message.c.id == message_id)).scalar_one()
    rows = connection.execute(select(finding).where(finding.c.message_id == message_id))
    return text, [findings.finding_of(row) for row in rows]


def relabel(
    recorder: Recorder, conversation_id: int, finding_id: int, relabelled: ValuedFinding
) -> None:
    """Let a finding be of another kind, by hand; its place stays."""
    held = finding_in(recorder.connection, conversation_id, finding_id)
    each = relabelled.finding
    recorder.update(
        finding,
        finding.c.id == held.id,
        entity=each.entity,
        value=relabelled.value,
        score=each.score,
        recognizer=each.recognizer,
        why=each.why,
        decision=each.decision.value,
    )
    recorder.affected.add(conversation_id)


def finding_in(
    connection: Connection, conversation_id: int, finding_id: int
) -> Row[tuple[Any, ...]]:
    """Return the row of a finding with its message's `text`; refused where it is gone."""
    row = connection.execute(
        select(finding, current_text.label("text"))
        .join(message, message.c.id == finding.c.message_id)
        .where(finding.c.id == finding_id, message.c.conversation_id == conversation_id)
    ).first()
    if row is None:
        raise ActionRefusedError(N_("This finding is no longer in the conversation."))
    return row


def _message(connection: Connection, conversation_id: int, message_id: int) -> Row[tuple[int]]:
    row = connection.execute(
        select(message.c.id).where(
            message.c.id == message_id, message.c.conversation_id == conversation_id
        )
    ).first()
    if row is None:
        raise ActionRefusedError(_NO_MESSAGE)
    return row
