"""Conversations that a person wrote instead of importing them, and answers to questions.

What was written has no times, so no splitting touches it, and counts as added, so no later import
and no measure of how the person writes takes it for chat.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select, update

from curation.model import Kind, Side, Status
from curation.store.imports import SORT_KEY_STEP, add_source_file
from curation.store.tables import SHUFFLED, conversation, interview_answer, message, source_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from curation.store.journal import Recorder

    Line = tuple[Side, str]


HANDWRITTEN: Final = "handwritten"
MBTI: Final = "mbti"
CORRECTION: Final = "correction"
LIKED: Final = "liked"
"""Where conversations come from that no file held."""


def source_id(connection: Connection, name: str) -> int:
    """Return the number of what conversations come from that no file held, made if it is new."""
    found = connection.scalar(
        select(source_file.c.id).where(source_file.c.name == name, source_file.c.format == name)
    )
    if found is not None:
        return int(found)
    return add_source_file(connection, name=name, file_format=name, messages=0, added=0)


def add_conversations(
    recorder: Recorder, chat: int, source: int, talks: Sequence[Sequence[Line]]
) -> list[int]:
    """Add conversations of lines (side, text) to a chat; return their ids.

    They are pending and count as searched: the caller searches them in the same action.
    """
    connection = recorder.connection
    highest = connection.scalar(
        select(func.max(conversation.c.sort_key)).where(
            conversation.c.chat_id == chat, conversation.c.started_at.is_(None)
        )
    )
    place = 0 if highest is None else int(highest) // SORT_KEY_STEP + 1
    ids = recorder.insert_many(
        conversation,
        [_head(chat, source, (place + number) * SORT_KEY_STEP) for number in range(len(talks))],
    )
    rows = [
        _line(number, position, side, text)
        for number, lines in zip(ids, talks, strict=True)
        for position, (side, text) in enumerate(lines)
    ]
    recorder.insert_many(message, rows)
    recorder.affected |= set(ids)
    # Done again after an undo they wait for a search: the rules may have changed meanwhile.
    connection.execute(
        update(conversation)
        .where(conversation.c.chat_id == chat, conversation.c.id >= ids[0])
        .values(scanned=True)
    )
    return ids


def _head(chat: int, source: int, sort_key: int) -> dict[str, Any]:
    return {
        "chat_id": chat,
        "source_file_id": source,
        "sort_key": sort_key,
        "status": Status.PENDING.value,
        "version": 1,
        "touched": True,
        "background": "",
        "started_at": None,
        "ended_at": None,
        "length": 0,
        "turns": 0,
        "findings": 0,
        "undecided": 0,
        "edited": False,
        "shuffle": secrets.randbelow(SHUFFLED),
        "scanned": False,
    }


def _line(owner: int, position: int, side: Side, text: str) -> dict[str, Any]:
    return {
        "conversation_id": owner,
        "position": float(position),
        "source_id": None,
        "sender_id": None,
        "side": side.value,
        "time": None,
        "kind": Kind.TEXT.value,
        "original_text": text,
        "edited_text": None,
        "reply_to": None,
        "deleted": False,
        "added": True,
        "background": "",
    }


def count_from(connection: Connection, name: str) -> int:
    """Return how many conversations come from a source that is no file."""
    query = (
        select(func.count())
        .select_from(conversation)
        .join(source_file, source_file.c.id == conversation.c.source_file_id)
        .where(source_file.c.name == name, source_file.c.format == name)
    )
    return connection.execute(query).scalar_one()


def add_answer(recorder: Recorder, question: str, conversation_id: int) -> None:
    """Remember that a question was answered in a conversation."""
    recorder.insert(interview_answer, question=question, conversation_id=conversation_id)


def answered(connection: Connection) -> set[str]:
    """Return the questions that were answered."""
    return set(connection.scalars(select(interview_answer.c.question).distinct()))


def openings_from(connection: Connection, name: str) -> set[str]:
    """Return how the conversations from a source that is no file begin, as they were written."""
    firsts = (
        select(func.min(message.c.id))
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .join(source_file, source_file.c.id == conversation.c.source_file_id)
        .where(source_file.c.name == name, source_file.c.format == name)
        .group_by(message.c.conversation_id)
    )
    return set(connection.scalars(select(message.c.original_text).where(message.c.id.in_(firsts))))
