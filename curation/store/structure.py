"""Where one conversation ends and the next begins: splitting, splitting off, merging.

As in actions.py, each function changes rows through a recorder.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from curation.errors import N_, ActionRefusedError
from curation.model import Status
from curation.store import suggestions
from curation.store.imports import SORT_KEY_STEP
from curation.store.queue import next_in_chat, previous_in_chat
from curation.store.tables import SHUFFLED, conversation, emotion_tag, message

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection, Row

    from curation.store.journal import Recorder

_NO_MESSAGE: Final = N_("This message is no longer in the conversation.")
_IDS_AT_ONCE: Final = 500


def split(recorder: Recorder, conversation_id: int, message_id: int) -> int:
    """Let a message and all that follow it be a conversation of their own; return its id.

    The new one follows the old one, is pending, and takes the tags of its messages along.
    """
    ids = [row.id for row in _in_order(recorder.connection, conversation_id)]
    if message_id not in ids:
        raise ActionRefusedError(_NO_MESSAGE)
    index = ids.index(message_id)
    if index == 0:
        raise ActionRefusedError(N_("A conversation cannot be split before its first message."))
    return split_off(recorder, conversation_id, ids[index:])


def split_off(recorder: Recorder, conversation_id: int, message_ids: Collection[int]) -> int:
    """Let some messages be a conversation of their own, in their order; return its id.

    The new one is pending and takes the tags of its messages along. It follows the old one; where
    the old one's first message goes, it stands before it.
    """
    connection = recorder.connection
    rows = _in_order(connection, conversation_id)
    chosen = [row for row in rows if row.id in set(message_ids)]
    rest = [row for row in rows if row.id not in set(message_ids)]
    if len(chosen) != len(set(message_ids)):
        raise ActionRefusedError(_NO_MESSAGE)
    if not chosen or not rest:
        raise ActionRefusedError(N_("At least one message must stay in the conversation."))
    head = connection.execute(
        select(conversation).where(conversation.c.id == conversation_id)
    ).one()
    first_goes = rows[0].id == chosen[0].id
    later = rest[0] if first_goes else chosen[0]
    behind = _sort_key_after(connection, conversation_id, head, later.time)
    new_id = recorder.insert(
        conversation,
        chat_id=head.chat_id,
        source_file_id=head.source_file_id,
        sort_key=head.sort_key if first_goes else behind,
        status=Status.PENDING.value,
        version=1,
        touched=True,
        background="",
        started_at=None,
        ended_at=None,
        length=0,
        turns=0,
        findings=0,
        undecided=0,
        edited=False,
        shuffle=secrets.randbelow(SHUFFLED),
        scanned=head.scanned,
    )
    if first_goes:
        recorder.update(conversation, conversation.c.id == conversation_id, sort_key=behind)
    _move(recorder, [row.id for row in chosen], new_id)
    suggestions.drop_of_wholes(recorder, [conversation_id], answered=False)
    recorder.affected |= {conversation_id, new_id}
    return new_id


def merge_next(recorder: Recorder, conversation_id: int) -> int:
    """Take the next conversation of the chat into this one; return the id that is no more.

    Backgrounds and notes are joined, tags of both stay.
    """
    other_id = next_in_chat(recorder.connection, conversation_id)
    if other_id is None:
        raise ActionRefusedError(N_("There is no next conversation in this chat to merge with."))
    _take(recorder, conversation_id, other_id, before=False)
    return other_id


def merge_previous(recorder: Recorder, conversation_id: int) -> int:
    """Take the conversation before this one in the chat into it; return the id that is no more.

    As `merge_next`: this one stays, with its status, and begins where the other one began.
    """
    other_id = previous_in_chat(recorder.connection, conversation_id)
    if other_id is None:
        raise ActionRefusedError(
            N_("There is no conversation before this one in this chat to merge with.")
        )
    _take(recorder, conversation_id, other_id, before=True)
    return other_id


def _take(recorder: Recorder, conversation_id: int, other_id: int, *, before: bool) -> None:
    connection = recorder.connection
    mine, other = (
        connection.execute(select(conversation).where(conversation.c.id == number)).one()
        for number in (conversation_id, other_id)
    )
    edge = func.min(message.c.position) if before else func.max(message.c.position)
    place = connection.scalar(select(edge).where(message.c.conversation_id == conversation_id))
    rows = _in_order(connection, other_id)
    start = 0.0 if place is None else place - len(rows) if before else place + 1
    for offset, row in enumerate(rows):
        recorder.update(
            message,
            message.c.id == row.id,
            conversation_id=conversation_id,
            position=start + offset,
        )
    _take_tags(recorder, conversation_id, other_id)
    suggestions.follow(connection, [other_id])
    suggestions.drop_of_wholes(recorder, [conversation_id], answered=False)
    suggestions.drop_of_wholes(recorder, [other_id], answered=True)
    parts = (other, mine) if before else (mine, other)
    recorder.update(
        conversation,
        conversation.c.id == conversation_id,
        background="\n".join(part.background for part in parts if part.background),
        note="\n".join(part.note for part in parts if part.note),
    )
    recorder.update(
        conversation,
        conversation.c.id == conversation_id,
        scanned=bool(mine.scanned and other.scanned),
        sort_key=other.sort_key if before else mine.sort_key,
    )
    recorder.delete(conversation, conversation.c.id == other_id)
    recorder.affected.add(conversation_id)


def _in_order(connection: Connection, conversation_id: int) -> Sequence[Row[Any, Any]]:
    return connection.execute(
        select(message.c.id, message.c.time)
        .where(message.c.conversation_id == conversation_id)
        .order_by(message.c.position, message.c.id)
    ).all()


def _sort_key_after(
    connection: Connection, conversation_id: int, head: Row[Any], start: int | None
) -> int:
    """Return a sort key for a split-off part: behind its head, before what follows.

    `start` is the time of the part's first message. Without times the room up to the next
    conversation is halved, which lasts for about ten splits at one place.
    """
    key = int(head.sort_key)
    if start is not None:
        return max(start * SORT_KEY_STEP, key + 1)
    follower = next_in_chat(connection, conversation_id)
    above = key + SORT_KEY_STEP
    if follower is not None:
        above = connection.execute(
            select(conversation.c.sort_key).where(conversation.c.id == follower)
        ).scalar_one()
    return key + max(1, (above - key) // 2)


def _move(recorder: Recorder, message_ids: Sequence[int], new_id: int) -> None:
    for start in range(0, len(message_ids), _IDS_AT_ONCE):
        some = message_ids[start : start + _IDS_AT_ONCE]
        recorder.update(message, message.c.id.in_(some), conversation_id=new_id)
        recorder.update(emotion_tag, emotion_tag.c.message_id.in_(some), conversation_id=new_id)


def _take_tags(recorder: Recorder, conversation_id: int, other_id: int) -> None:
    """Let the tags of another conversation be those of this one, without doubles."""
    mine = set(
        recorder.connection.scalars(
            select(emotion_tag.c.emotion).where(
                emotion_tag.c.conversation_id == conversation_id,
                emotion_tag.c.message_id.is_(None),
            )
        )
    )
    theirs = emotion_tag.c.conversation_id == other_id
    recorder.delete(
        emotion_tag,
        theirs & emotion_tag.c.message_id.is_(None) & emotion_tag.c.emotion.in_(sorted(mine)),
    )
    recorder.update(emotion_tag, theirs, conversation_id=conversation_id)
