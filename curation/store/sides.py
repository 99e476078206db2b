"""Who is me in a chat, changed for the whole chat at once.

A chat may hold a million messages, so the journal does not list them. It keeps one change for the
chat, named like a table: `TURN` for a chat of two, where the sides change places, and `ME` for a
group, where the senders who are me are listed. Both say what holds for all messages of the chat,
and so reach messages too that were imported between an action and its undo.

Sides are given to what somebody said; notices, recalls and pokes keep theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, case, func, select, update

from curation.errors import N_, ActionRefusedError
from curation.model import UNSPOKEN_KINDS, Side
from curation.store import derived
from curation.store.changes import CHANGED_SINCE
from curation.store.tables import chat, conversation, message, sender

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import ColumnElement, Connection

    from curation.store.journal import Recorder

WholeChange = tuple[str, int, dict[str, Any], dict[str, Any]]
"""Name, chat, what held before and what holds after."""

TURN: Final = "chat.turn"
ME: Final = "chat.me"
WHOLE_CHATS: Final = frozenset({TURN, ME})
"""Names of changes that stand for a whole chat."""

_IDS_AT_ONCE: Final = 500

spoken: Final = message.c.kind.not_in(sorted(UNSPOKEN_KINDS))

_turned: Final = case((message.c.side == Side.ME.value, Side.OTHER.value), else_=Side.ME.value)


def turn(recorder: Recorder, chat_id: int, told: Callable[[int, int], None]) -> None:
    """Let the two sides of a chat change places."""
    swapped = bool(recorder.connection.scalar(select(chat.c.swapped).where(chat.c.id == chat_id)))
    _do(recorder, (TURN, chat_id, {"swapped": swapped}, {"swapped": not swapped}), told)


def choose(recorder: Recorder, chat_id: int, key: str, told: Callable[[int, int], None]) -> None:
    """Let the sender `key` of a group be me, and nobody else.

    A sender whose messages are on both sides, as a file has it that does not tell two people
    apart, keeps them; ActionRefusedError where `key` is such a one.
    """
    connection = recorder.connection
    sides = sides_of_senders(connection, chat_id)
    keys = {
        row.id: row.key
        for row in connection.execute(select(sender.c.id, sender.c.key).where(_in_chat(chat_id)))
    }
    mine = sorted(number for number, held in sides.items() if held == {Side.ME.value})
    chosen = sorted(number for number, held in keys.items() if held == key)
    mixed = sorted(number for number, held in sides.items() if len(held) > 1)
    if set(mixed) & set(chosen):
        raise ActionRefusedError(
            N_("The file does not tell this person from another one of the same name.")
        )
    swapped = bool(connection.scalar(select(chat.c.swapped).where(chat.c.id == chat_id)))
    same = {"mixed": mixed, "upto": max(keys)}
    before = {"me": mine, "swapped": swapped, **same}
    after = {"me": chosen, "swapped": True, **same}
    _do(recorder, (ME, chat_id, before, after), told)


def sides_of_senders(connection: Connection, chat_id: int) -> dict[int, set[str]]:
    """Return on which sides each sender of a chat speaks."""
    found: dict[int, set[str]] = {}
    for row in connection.execute(
        select(message.c.sender_id, message.c.side)
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .where(conversation.c.chat_id == chat_id, spoken, message.c.sender_id.is_not(None))
        .distinct()
    ):
        found.setdefault(row.sender_id, set()).add(row.side)
    return found


def apply(
    connection: Connection, change: WholeChange, told: Callable[[int, int], None]
) -> set[int]:
    """Bring a chat from the change's old state to its new one; return its conversations.

    `told` is called with how many conversations are done and how many there are. Raises
    ActionRefusedError when the chat is no longer as the change says.
    """
    name, chat_id, old, new = change
    done = connection.execute(
        update(chat)
        .where(chat.c.id == chat_id, chat.c.swapped.is_(bool(old["swapped"])))
        .values(swapped=bool(new["swapped"]))
    ).rowcount
    if done != 1:
        raise ActionRefusedError(CHANGED_SINCE)
    ids = list(
        connection.scalars(
            select(conversation.c.id)
            .where(conversation.c.chat_id == chat_id)
            .order_by(conversation.c.id)
        )
    )
    side, where = (_turned, spoken) if name == TURN else _by_sender(connection, chat_id, new)
    for start in range(0, len(ids), _IDS_AT_ONCE):
        told(start, len(ids))
        some = ids[start : start + _IDS_AT_ONCE]
        here = message.c.conversation_id.in_(some)
        connection.execute(update(message).where(here, where).values(side=side))
        if name == ME:
            # Where two change places the turns stay; here a run may fall apart.
            derived.refresh(connection, some)
    told(len(ids), len(ids))
    return set(ids)


def _by_sender(
    connection: Connection, chat_id: int, new: Mapping[str, Any]
) -> tuple[ColumnElement[Any], ColumnElement[bool]]:
    """Return the side by sender, and the messages that it is given to.

    A sender that was not there when the change was made is me where one of those who are me has
    the same key or name: another tool's export may call one person differently.
    """
    rows = connection.execute(select(sender).where(_in_chat(chat_id))).all()
    mine = set(new["me"])
    keys = {row.key for row in rows if row.id in mine}
    names = {row.name for row in rows if row.id in mine} - {""}
    mine |= {
        row.id for row in rows if row.id > new["upto"] and (row.key in keys or row.name in names)
    }
    side = case((message.c.sender_id.in_(sorted(mine)), Side.ME.value), else_=Side.OTHER.value)
    where = and_(
        spoken,
        message.c.sender_id.is_not(None),
        message.c.sender_id.not_in(new["mixed"]),
    )
    return side, where


def _do(recorder: Recorder, change: WholeChange, told: Callable[[int, int], None]) -> None:
    recorder.moved |= apply(recorder.connection, change, told)
    recorder.changes.append(change)


def _in_chat(chat_id: int) -> ColumnElement[bool]:
    return sender.c.chat_id == chat_id


def spoken_by_sender(connection: Connection) -> list[tuple[int, str, int]]:
    """Return (sender id, side, how many messages they sent) over all chats, the deleted included.

    What a person added does not count.
    """
    rows = connection.execute(
        select(message.c.sender_id, message.c.side, func.count().label("times"))
        .where(spoken, message.c.sender_id.is_not(None), message.c.added.is_(False))
        .group_by(message.c.sender_id, message.c.side)
    )
    return [(row.sender_id, row.side, row.times) for row in rows]
