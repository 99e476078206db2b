"""Reading conversations: whole ones, pages of them, and how many there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from curation.model import (
    Conversation,
    ConversationFilter,
    Decision,
    Finding,
    GroupMode,
    Kind,
    Message,
    Side,
    Status,
)
from curation.store.duplicates import there
from curation.store.filters import condition, moment_of
from curation.store.queue import matching_ids
from curation.store.rows import raw_rows
from curation.store.tables import (
    chat,
    conversation,
    emotion_tag,
    finding,
    message,
    sender,
    source_file,
    status_count,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from sqlalchemy import Connection, Select

    from curation.store.workspace import Workspace

_IDS_AT_ONCE: Final = 500
# Looked up for every message: asking the classes takes longer.
_SIDES: Final = {each.value: each for each in Side}
_KINDS: Final = {each.value: each for each in Kind}
_DECISIONS: Final = {each.value: each for each in Decision}
_OTHER: Final = Side.OTHER.value


def count_by_status(
    workspace: Workspace,
    flt: ConversationFilter = ConversationFilter(),  # noqa: B008 (frozen)
) -> dict[Status, int]:
    """Return how many conversations of a filter have each status; every status is a key."""
    with workspace.read() as connection:
        return counts(connection, flt)


def counts(connection: Connection, flt: ConversationFilter) -> dict[Status, int]:
    """As `count_by_status`, on a connection at hand."""
    found = dict.fromkeys(Status, 0)
    for row in connection.execute(_count_query(flt)):
        found[Status(row.status)] = row.conversations
    return found


def _count_query(flt: ConversationFilter) -> Select[str, int]:
    if flt != ConversationFilter(statuses=flt.statuses, chats=flt.chats):
        return (
            select(conversation.c.status, func.count().label("conversations"))
            .where(condition(flt))
            .group_by(conversation.c.status)
        )
    conversations = func.sum(status_count.c.conversations).label("conversations")
    query = select(status_count.c.status, conversations)
    if flt.chats:
        query = query.join(chat, chat.c.id == status_count.c.chat_id)
        query = query.where(chat.c.name.in_(flt.chats))
    if flt.statuses:
        query = query.where(status_count.c.status.in_([each.value for each in flt.statuses]))
    return query.group_by(status_count.c.status)


def is_empty(workspace: Workspace) -> bool:
    """Return whether the workspace holds no conversation."""
    with workspace.read() as connection:
        return connection.scalar(select(conversation.c.id).limit(1)) is None


def count_matching(workspace: Workspace, flt: ConversationFilter) -> int:
    """Return how many conversations a filter lets through."""
    return sum(count_by_status(workspace, flt).values())


def chat_names(workspace: Workspace) -> list[str]:
    """Return the names of all chats, by name."""
    with workspace.read() as connection:
        return list(connection.scalars(select(chat.c.name).order_by(chat.c.name)))


def source_names(workspace: Workspace) -> list[str]:
    """Return the names of all imported files, each once, by name."""
    with workspace.read() as connection:
        query = select(source_file.c.name).distinct().order_by(source_file.c.name)
        return list(connection.scalars(query))


def load_conversations(workspace: Workspace, ids: Sequence[int]) -> list[Conversation]:
    """Return whole conversations in the order of `ids`; ids that are gone are left out."""
    with workspace.read() as connection:
        return read_conversations(connection, ids)


def iter_conversations(
    workspace: Workspace, flt: ConversationFilter, batch_size: int = 500, *, last: str = ""
) -> Generator[Conversation]:
    """Yield all conversations of a filter in the order of the queue, `batch_size` at a time.

    Those from the source `last` come behind all others.
    """
    with workspace.read() as connection:
        ids = matching_ids(connection, flt)
        if last:
            behind = set(matching_ids(connection, replace(flt, sources=(last,))))
            ids = sorted(ids, key=behind.__contains__)
        for start in range(0, len(ids), batch_size):
            yield from read_conversations(connection, ids[start : start + batch_size])


def read_conversations(connection: Connection, ids: Sequence[int]) -> list[Conversation]:
    """As `load_conversations`, on a connection at hand."""
    found: dict[int, Conversation] = {}
    for start in range(0, len(ids), _IDS_AT_ONCE):
        found |= _read_some(connection, ids[start : start + _IDS_AT_ONCE])
    return [found[number] for number in ids if number in found]


def _read_some(connection: Connection, ids: Sequence[int]) -> dict[int, Conversation]:
    heads = connection.execute(
        select(
            conversation,
            chat.c.name.label("chat"),
            chat.c.is_group,
            chat.c.group_mode,
            source_file.c.name.label("source"),
            there.label("earlier"),
        )
        .join(chat, chat.c.id == conversation.c.chat_id)
        .outerjoin(source_file, source_file.c.id == conversation.c.source_file_id)
        .where(conversation.c.id.in_(ids))
    ).all()
    tags: dict[tuple[int, int | None], tuple[str, ...]] = {}
    for number, told in emotions_of(connection, ids).items():
        for owner, emotion in told:
            tags[number, owner] = (*tags.get((number, owner), ()), emotion)
    messages = _messages_of(connection, ids, tags)
    return {
        head.id: Conversation(
            id=head.id,
            version=head.version,
            chat=head.chat,
            status=Status(head.status),
            messages=tuple(messages[head.id]),
            background=head.background,
            emotions=tags.get((head.id, None), ()),
            source=head.source or "",
            group=GroupMode(head.group_mode or GroupMode.MERGE) if head.is_group else None,
            duplicate_of=head.earlier,
            note=head.note,
        )
        for head in heads
    }


def _messages_of(
    connection: Connection,
    ids: Sequence[int],
    tags: Mapping[tuple[int, int | None], tuple[str, ...]],
) -> defaultdict[int, list[Message]]:
    """Return the messages of conversations in their order, by conversation id."""
    names = ("id", "conversation_id", "side", "time", "kind", "original_text", "edited_text")
    more = ("reply_to", "deleted", "added", "background")
    columns = [message.c[name] for name in (*names, *more)]
    statement = (
        select(*columns, sender.c.name, sender.c.pseudonym)
        .outerjoin(sender, sender.c.id == message.c.sender_id)
        .where(message.c.conversation_id.in_(ids))
        .order_by(message.c.conversation_id, message.c.position, message.c.id)
    )
    findings = _findings_of(connection, ids)
    found: defaultdict[int, list[Message]] = defaultdict(list)
    for (
        number, owner, side, time, kind, original, edited, reply_to, deleted, added, background,
        sender_name, pseudonym,
    ) in raw_rows(connection, statement):  # fmt: skip
        found[owner].append(
            Message(
                number,
                _SIDES[side],
                sender_name or "",
                moment_of(time),
                _KINDS[kind],
                original if edited is None else edited,
                original,
                reply_to,
                (pseudonym or "") if side == _OTHER else "",
                bool(deleted),
                bool(added),
                background,
                tags.get((owner, number), ()),
                tuple(findings.get(number, ())),
            )
        )
    return found


def emotions_of(
    connection: Connection, ids: Sequence[int]
) -> defaultdict[int, list[tuple[int | None, str]]]:
    """Return (message id or None, emotion) by conversation id, in the order they were given."""
    found: defaultdict[int, list[tuple[int | None, str]]] = defaultdict(list)
    for row in connection.execute(
        select(emotion_tag).where(emotion_tag.c.conversation_id.in_(ids)).order_by(emotion_tag.c.id)
    ):
        found[row.conversation_id].append((row.message_id, row.emotion))
    return found


def _findings_of(connection: Connection, ids: Sequence[int]) -> defaultdict[int, list[Finding]]:
    names = ("message_id", "entity", "start", "end", "score", "recognizer", "why", "decision", "id")
    statement = (
        select(*(finding.c[name] for name in names))
        .join(message, message.c.id == finding.c.message_id)
        .where(message.c.conversation_id.in_(ids))
        .order_by(finding.c.message_id, finding.c.start)
    )
    found: defaultdict[int, list[Finding]] = defaultdict(list)
    for owner, entity, start, end, score, recognizer, why, decision, number in raw_rows(
        connection, statement
    ):
        found[owner].append(
            Finding(entity, start, end, score, recognizer, why, _DECISIONS[decision], number)
        )
    return found
