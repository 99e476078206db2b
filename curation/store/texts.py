"""Texts of messages by the hundred thousand, for what is measured of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, func, select, update

from curation.model import UNSPOKEN_KINDS, Kind, Said, Side
from curation.store.rows import among, run_many
from curation.store.tables import chat, conversation, current_text, message

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection

    from curation.store.workspace import Workspace


OPENING_LENGTH: Final = 120
_KINDS: Final = {kind.value: kind for kind in Kind}
_SIDES: Final = {side.value: side for side in Side}


def openings(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """Return the first words that somebody says in each conversation, in one line."""
    ranked = (
        select(
            message.c.conversation_id,
            func.substr(current_text, 1, OPENING_LENGTH).label("words"),
            func.row_number()
            .over(
                partition_by=message.c.conversation_id,
                order_by=(message.c.position, message.c.id),
            )
            .label("place"),
        )
        .where(
            message.c.conversation_id.in_(numbers),
            message.c.deleted.is_(False),
            message.c.kind.not_in(sorted(UNSPOKEN_KINDS)),
        )
        .subquery()
    )
    rows = connection.execute(
        select(ranked.c.conversation_id, ranked.c.words).where(ranked.c.place == 1)
    )
    return {row.conversation_id: row.words.replace("\n", " ") for row in rows}


def talks(connection: Connection, numbers: Sequence[int]) -> dict[int, list[Said]]:
    """Return what is said in conversations, some hundreds, by their ids, in its order.

    Deleted messages are left out; a conversation without any other is empty.
    """
    rows = connection.execute(
        select(
            message.c.conversation_id,
            message.c.id,
            message.c.side,
            message.c.time,
            message.c.kind,
            current_text,
            message.c.reply_to,
        )
        .where(message.c.conversation_id.in_(numbers), message.c.deleted.is_(False))
        .order_by(message.c.conversation_id, message.c.position, message.c.id)
    )
    found: dict[int, list[Said]] = {number: [] for number in numbers}
    for owner, number, side, time, kind, text, reply_to in rows:
        found[owner].append(Said(number, _SIDES[side], time, _KINDS[kind], text, reply_to))
    return found


def in_groups(connection: Connection, numbers: Sequence[int]) -> set[int]:
    """Return which of some conversations, some hundreds, are of group chats."""
    query = select(conversation.c.id).join(chat, chat.c.id == conversation.c.chat_id)
    return set(connection.scalars(query.where(conversation.c.id.in_(numbers), chat.c.is_group)))


def unmeasured_count(workspace: Workspace) -> int:
    """Return of how many conversations it is not known how long they are to a trainer."""
    with workspace.read() as connection:
        query = select(func.count()).where(conversation.c.tokens.is_(None))
        return connection.execute(query).scalar_one()


def unmeasured(workspace: Workspace, limit: int) -> tuple[dict[int, int], list[int], list[str]]:
    """Return some unmeasured conversations with their versions, and what is said in them.

    That are owners and current texts of messages; deleted ones and those that nobody said are left
    out.
    """
    heads = (
        select(conversation.c.id, conversation.c.version)
        .where(conversation.c.tokens.is_(None))
        .order_by(conversation.c.id)
        .limit(limit)
    )
    with workspace.read() as connection:
        versions = {row.id: row.version for row in connection.execute(heads)}
        rows = connection.execute(
            select(message.c.conversation_id, current_text).where(
                among(connection, message.c.conversation_id, versions),
                message.c.deleted.is_(False),
                message.c.kind.not_in(sorted(UNSPOKEN_KINDS)),
            )
        ).all()
    return versions, [row[0] for row in rows], [row[1] for row in rows]


def keep_tokens(
    workspace: Workspace, versions: Mapping[int, int], tokens: Mapping[int, int]
) -> None:
    """Keep how long conversations are, of those that still have the version that was read."""
    query = (
        update(conversation)
        .where(
            conversation.c.id == bindparam("number"), conversation.c.version == bindparam("read")
        )
        .values(tokens=bindparam("said"))
    )
    rows = [
        {"number": number, "read": version, "said": tokens.get(number, 0)}
        for number, version in versions.items()
    ]
    with workspace.write() as connection:
        run_many(connection, query, rows)


def token_counts(workspace: Workspace) -> dict[int, int]:
    """Return the tokens of every measured conversation in which anything is said, by its id."""
    query = select(conversation.c.id, conversation.c.tokens).where(conversation.c.tokens > 0)
    with workspace.read() as connection:
        return {number: tokens or 0 for number, tokens in connection.execute(query)}


def count_mine(workspace: Workspace, kinds: Collection[Kind]) -> int:
    """Return how many imported messages of these kinds are mine, deleted ones among them."""
    query = select(func.count()).where(
        message.c.side == Side.ME.value, message.c.kind.in_(sorted(kinds)), ~message.c.added
    )
    with workspace.read() as connection:
        return connection.execute(query).scalar_one()
