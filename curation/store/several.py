"""What a person can do to several messages of one conversation at once; see actions.py."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from curation.errors import N_, ActionRefusedError
from curation.model import Side
from curation.store.sides import spoken
from curation.store.tables import chat, conversation, emotion_tag, message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from curation.store.journal import Recorder

_NO_MESSAGES: Final = N_("Some of these messages are no longer in the conversation.")
_IDS_AT_ONCE: Final = 500


def delete_messages(
    recorder: Recorder, conversation_id: int, message_ids: Sequence[int], *, deleted: bool
) -> None:
    """Delete messages, or restore them; they stay in the workspace either way."""
    for some in _checked(recorder.connection, conversation_id, message_ids):
        recorder.update(message, message.c.id.in_(some), deleted=deleted)
    recorder.affected.add(conversation_id)


def swap_sides(recorder: Recorder, conversation_id: int, message_ids: Sequence[int]) -> None:
    """Let messages be of the other side: mine become the other's, the other's become mine.

    The one who speaks next to them on their new side is taken for who said them. Notices, recalls
    and pokes are nobody's and stay.
    """
    connection = recorder.connection
    wanted = {
        number for some in _checked(connection, conversation_id, message_ids) for number in some
    }
    rows = connection.execute(
        select(message.c.id, message.c.side, message.c.sender_id)
        .where(message.c.conversation_id == conversation_id, spoken)
        .order_by(message.c.position, message.c.id)
    ).all()
    new: defaultdict[tuple[str, int | None], list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        if row.id not in wanted:
            continue
        side = Side.OTHER if row.side == Side.ME.value else Side.ME
        near = chain(range(index, -1, -1), range(index, len(rows)))
        speaker = next(
            (
                rows[at].sender_id
                for at in near
                if rows[at].side == side.value and rows[at].sender_id is not None
            ),
            None,
        )
        if speaker is None:
            speaker = _speaker_of_chat(connection, conversation_id, side)
        new[side.value, speaker].append(row.id)
    for (said_by, speaker), ids in new.items():
        for start in range(0, len(ids), _IDS_AT_ONCE):
            here = message.c.id.in_(ids[start : start + _IDS_AT_ONCE])
            recorder.update(message, here, side=said_by, sender_id=speaker)
    recorder.affected.add(conversation_id)


def tag_messages(
    recorder: Recorder, conversation_id: int, message_ids: Sequence[int], emotion: str, *, on: bool
) -> None:
    """Put an emotion on messages, or take it off them."""
    connection = recorder.connection
    for some in _checked(connection, conversation_id, message_ids):
        here = emotion_tag.c.message_id.in_(some) & (emotion_tag.c.emotion == emotion)
        if on:
            tagged = set(connection.scalars(select(emotion_tag.c.message_id).where(here)))
            recorder.insert_many(
                emotion_tag,
                [
                    {"conversation_id": conversation_id, "message_id": number, "emotion": emotion}
                    for number in some
                    if number not in tagged
                ],
            )
        else:
            recorder.delete(emotion_tag, here)
    recorder.affected.add(conversation_id)


def _checked(
    connection: Connection, conversation_id: int, message_ids: Sequence[int]
) -> list[list[int]]:
    """Return the ids some at a time; refused where one is not in the conversation."""
    ids = list(dict.fromkeys(message_ids))
    parts = [ids[start : start + _IDS_AT_ONCE] for start in range(0, len(ids), _IDS_AT_ONCE)]
    for some in parts:
        held = connection.scalars(
            select(message.c.id).where(
                message.c.id.in_(some), message.c.conversation_id == conversation_id
            )
        )
        if len(set(held)) != len(some):
            raise ActionRefusedError(_NO_MESSAGES)
    return parts


def _speaker_of_chat(connection: Connection, conversation_id: int, side: Side) -> int | None:
    """Return who speaks on a side of the chat; None where several do, as in a group."""
    here = select(conversation.c.chat_id).where(conversation.c.id == conversation_id)
    speakers = list(
        connection.scalars(
            select(message.c.sender_id)
            .join(conversation, conversation.c.id == message.c.conversation_id)
            .join(chat, chat.c.id == conversation.c.chat_id)
            .where(
                chat.c.id == here.scalar_subquery(),
                message.c.side == side.value,
                message.c.sender_id.is_not(None),
            )
            .distinct()
            .limit(2)
        )
    )
    return speakers[0] if len(speakers) == 1 else None
