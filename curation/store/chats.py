"""What is kept of each chat, and changing it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sqlalchemy import Integer, cast, func, select, update

from curation.errors import N_, ActionRefusedError
from curation.model import GroupMode, Side
from curation.store import pseudonyms, sides
from curation.store.tables import chat, conversation, message, sender

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from sqlalchemy import Connection, Row

    from curation.store.journal import Recorder

PSEUDONYM_LENGTH: Final = 20
_NOT_THERE: Final = N_("This person no longer speaks in this chat.")


@dataclass(frozen=True, slots=True)
class Speaker:
    """One person of a chat, as its exports tell people apart, and how many messages they sent.

    Where a file does not tell two people apart, both have the same key: one is me, one is not.
    `pseudonym` is empty in a chat of two.
    """

    key: str
    name: str
    messages: int
    is_me: bool
    pseudonym: str


@dataclass(frozen=True, slots=True)
class ChatRow:
    """What is kept of a chat; `touched` counts the conversations that a person acted on.

    `messages` are spoken and not deleted.

    `valley_minutes` is the pause that the chat's own times suggest, None while nobody asked.
    """

    id: int
    name: str
    account: str
    is_group: bool
    group_mode: GroupMode
    gap_minutes: int | None
    valley_minutes: float | None
    swapped: bool
    conversations: int
    touched: int
    messages: int
    speakers: tuple[Speaker, ...]


def touched_counts(connection: Connection) -> tuple[int, int]:
    """Return how many conversations nobody worked on, and how many somebody did."""
    touched = func.coalesce(func.sum(cast(conversation.c.touched, Integer)), 0)
    row = connection.execute(select(func.count(), touched).select_from(conversation)).one()
    return row[0] - int(row[1]), int(row[1])


def chat_rows(connection: Connection) -> list[ChatRow]:
    """Return all chats by name, with their speakers, most frequent first."""
    counted = {
        row.chat_id: row
        for row in connection.execute(
            select(
                conversation.c.chat_id,
                func.count().label("conversations"),
                func.sum(cast(conversation.c.touched, Integer)).label("touched"),
                func.sum(conversation.c.length).label("messages"),
            ).group_by(conversation.c.chat_id)
        )
    }
    speakers = _speakers(connection)
    return [
        ChatRow(
            id=row.id,
            name=row.name,
            account=row.account or "",
            is_group=row.is_group,
            group_mode=GroupMode(row.group_mode or GroupMode.MERGE),
            gap_minutes=row.gap_minutes,
            valley_minutes=row.valley_minutes,
            swapped=row.swapped,
            conversations=counted[row.id].conversations if row.id in counted else 0,
            touched=int(counted[row.id].touched) if row.id in counted else 0,
            messages=int(counted[row.id].messages) if row.id in counted else 0,
            speakers=speakers.get(row.id, ()),
        )
        for row in connection.execute(select(chat).order_by(chat.c.name))
    ]


def _speakers(connection: Connection) -> dict[int, tuple[Speaker, ...]]:
    """Return who speaks in each chat; messages of one key on one side make one speaker."""
    senders = {
        row.id: row for row in connection.execute(select(sender, chat.c.is_group).join(chat))
    }
    counts: defaultdict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
    newest: dict[tuple[int, str], Row[Any]] = {}
    for number, side, times in sides.spoken_by_sender(connection):
        row = senders[number]
        counts[row.chat_id][row.key, side] += times
        known = newest.get((row.chat_id, row.key))
        if known is None or known.id < row.id:
            newest[row.chat_id, row.key] = row
    found: dict[int, tuple[Speaker, ...]] = {}
    for chat_id, of_chat in counts.items():
        speakers = []
        for (key, side), times in of_chat.most_common():
            row = newest[chat_id, key]
            mine = side == Side.ME.value
            pseudonym = row.pseudonym if row.is_group and not mine else None
            speakers.append(Speaker(key, row.name, times, mine, pseudonym or ""))
        found[chat_id] = tuple(speakers)
    return found


def messages_by_key(connection: Connection, chat_id: int) -> dict[tuple[str, str], int]:
    """Return how many messages each (sender key, side) of a chat has."""
    rows = connection.execute(
        select(sender.c.key, message.c.side, func.count().label("times"))
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .join(sender, sender.c.id == message.c.sender_id)
        .where(conversation.c.chat_id == chat_id, sides.spoken, message.c.added.is_(False))
        .group_by(sender.c.key, message.c.side)
    )
    return {(row.key, row.side): row.times for row in rows}


def times_of(connection: Connection, chat_id: int) -> NDArray[np.int64]:
    """Return the seconds of all imported messages of a chat that have a time, in order."""
    rows = connection.execute(
        select(message.c.time)
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .where(
            conversation.c.chat_id == chat_id,
            message.c.time.is_not(None),
            message.c.added.is_(False),
        )
    ).scalars()
    return np.sort(np.fromiter(rows, dtype="int64"))


def keep_valley(connection: Connection, chat_id: int, minutes: float) -> None:
    """Keep the pause that a chat's own times suggest."""
    connection.execute(update(chat).where(chat.c.id == chat_id).values(valley_minutes=minutes))


def check_there(connection: Connection, chat_id: int) -> None:
    """Raise ActionRefusedError when the chat is not there."""
    if connection.scalar(select(chat.c.id).where(chat.c.id == chat_id)) is None:
        raise ActionRefusedError(N_("This chat is no longer there."))


def gap_minutes(connection: Connection, chat_id: int) -> int | None:
    """Return the pause that a person gave a chat; ActionRefusedError when the chat is gone."""
    check_there(connection, chat_id)
    return connection.scalar(select(chat.c.gap_minutes).where(chat.c.id == chat_id))


def set_group_mode(recorder: Recorder, chat_id: int, mode: GroupMode) -> None:
    """Say what becomes of the other speakers of a group."""
    check_there(recorder.connection, chat_id)
    recorder.update(chat, chat.c.id == chat_id, group_mode=mode.value)


def set_gap(recorder: Recorder, chat_id: int, minutes: int | None) -> None:
    """Give a chat a pause of its own; None: as the settings say."""
    check_there(recorder.connection, chat_id)
    recorder.update(chat, chat.c.id == chat_id, gap_minutes=minutes)


def set_pseudonym(recorder: Recorder, chat_id: int, key: str, pseudonym: str) -> None:
    """Let something else stand for a speaker's name; empty: the first automatic one that is free.

    Raises ActionRefusedError for a name that somebody in the chat really has, and for one that
    stands for another speaker.
    """
    rows = recorder.connection.execute(select(sender).where(sender.c.chat_id == chat_id)).all()
    if key not in {row.key for row in rows}:
        raise ActionRefusedError(_NOT_THERE)
    real = {name for row in rows for name in (row.key, row.name)}
    taken = {row.pseudonym for row in rows if row.pseudonym and row.key != key}
    if not pseudonym:
        pseudonym = next(
            pseudonyms.free(taken | {name for row in rows for name in (row.key, row.name)})
        )
    if len(pseudonym) > PSEUDONYM_LENGTH or any(mark in pseudonym for mark in "\n：:"):
        raise ActionRefusedError(
            N_("A pseudonym is one line of at most {limit} characters without a colon."),
            limit=PSEUDONYM_LENGTH,
        )
    if pseudonym.casefold() in {name.casefold() for name in real}:
        raise ActionRefusedError(N_("A pseudonym must not be the name of somebody in this chat."))
    if pseudonym in taken:
        raise ActionRefusedError(N_("This pseudonym stands for somebody else in this chat."))
    here = (sender.c.chat_id == chat_id) & (sender.c.key == key)
    recorder.update(sender, here, pseudonym=pseudonym)


def set_me(recorder: Recorder, chat_id: int, key: str, told: Callable[[int, int], None]) -> None:
    """Let a speaker be me. In a chat of two the sides change places; nothing if it is so already.

    `told` is called with how many conversations are done and how many there are.
    """
    connection = recorder.connection
    check_there(connection, chat_id)
    counts = messages_by_key(connection, chat_id)
    where = {side for held, side in counts if held == key}
    if not where:
        raise ActionRefusedError(_NOT_THERE)
    if where == {Side.ME.value}:
        return
    if not connection.scalar(select(chat.c.is_group).where(chat.c.id == chat_id)):
        sides.turn(recorder, chat_id, told)
        return
    sides.choose(recorder, chat_id, key, told)
    others: Counter[str] = Counter()
    for (held, _side), times in counts.items():
        if held != key:
            others[held] += times
    pseudonyms.record(recorder, chat_id, others)
