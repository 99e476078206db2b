"""Which conversations say nearly the same as another one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, select, update

from curation.model import UNSPOKEN_KINDS
from curation.store.rows import insert_rows, raw_rows
from curation.store.suggestions import refresh_scores
from curation.store.tables import conversation, current_text, fingerprint, message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

_NUMBERS_AT_ONCE: Final = 500
_CLOSE: Final = 2

_other = conversation.alias("another_conversation")


there: Final = (
    select(_other.c.id)
    .where(
        _other.c.id == conversation.c.duplicate_of,
        conversation.c.not_like.is_distinct_from(conversation.c.duplicate_of),
    )
    .scalar_subquery()
)
"""The conversation that another one is like, missing where it is gone or a person said no."""


def is_marked() -> ColumnElement[bool]:
    """Return the condition that a conversation is marked and the one it is like is there."""
    return and_(conversation.c.duplicate_of.is_not(None), there.is_not(None))


def count(connection: Connection) -> int:
    """Return how many conversations are marked."""
    return connection.execute(
        select(func.count()).select_from(conversation).where(is_marked())
    ).scalar_one()


class Kept(NamedTuple):
    """The fingerprint of a conversation as it was kept; `now` is the conversation's version.

    `now` is None where the conversation is gone; `version` where it has no fingerprint yet.
    """

    number: int
    now: int | None
    version: int | None
    recipe: int | None
    runs: int
    digest: int
    keys: bytes


def kept_fingerprints(connection: Connection) -> list[Kept]:
    """Return the fingerprint of every conversation in ascending order, then of those gone."""
    columns = (fingerprint.c[name] for name in ("version", "recipe", "runs", "digest", "keys"))
    held = (
        select(conversation.c.id, conversation.c.version, *columns)
        .join(fingerprint, fingerprint.c.conversation_id == conversation.c.id, isouter=True)
        .order_by(conversation.c.id)
    )
    gone = select(fingerprint).where(
        ~select(conversation.c.id)
        .where(conversation.c.id == fingerprint.c.conversation_id)
        .exists()
    )
    found = [
        Kept(row[0], row[1], row[2], row[3], row[4] or 0, row[5] or 0, bytes(row[6] or b""))
        for row in raw_rows(connection, held)
    ]
    rest = (
        Kept(row[0], None, row[1], row[2], row[3], row[4], bytes(row[5]))
        for row in raw_rows(connection, gone)
    )
    return [*found, *rest]


def without_fingerprint(connection: Connection) -> list[tuple[int, int]]:
    """Return the conversations that have none, with their versions, in ascending order."""
    kept = select(fingerprint.c.conversation_id)
    query = select(conversation.c.id, conversation.c.version)
    rows = connection.execute(
        query.where(conversation.c.id.not_in(kept)).order_by(conversation.c.id)
    )
    return [(row.id, row.version) for row in rows]


def keep_fingerprints_of_same(
    connection: Connection, versions: Mapping[int, int], rows: Sequence[tuple[object, ...]]
) -> None:
    """Keep `rows` whose conversations have the version that was read, and no fingerprint yet."""
    query = select(conversation.c.id, conversation.c.version).join(
        fingerprint, fingerprint.c.conversation_id == conversation.c.id, isouter=True
    )
    numbers = sorted(versions)
    same: set[object] = set()
    for start in range(0, len(numbers), _NUMBERS_AT_ONCE):
        some = conversation.c.id.in_(numbers[start : start + _NUMBERS_AT_ONCE])
        found = connection.execute(query.where(some, fingerprint.c.conversation_id.is_(None)))
        same |= {row.id for row in found if row.version == versions[row.id]}
    kept = [row for row in rows if row[0] in same]
    insert_rows(connection, fingerprint, fingerprint.c.keys(), kept)


def keep_fingerprints(
    connection: Connection, outdated: Sequence[int], rows: Sequence[tuple[object, ...]]
) -> None:
    """Replace the fingerprints of the conversations in `outdated`, some gone, by `rows`.

    A row is (conversation, version, recipe, runs, digest, keys).
    """
    for start in range(0, len(outdated), _NUMBERS_AT_ONCE):
        some = outdated[start : start + _NUMBERS_AT_ONCE]
        connection.execute(delete(fingerprint).where(fingerprint.c.conversation_id.in_(some)))
    insert_rows(connection, fingerprint, fingerprint.c.keys(), rows)


def texts(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """Return what was said in each of the conversations, line by line.

    One in which nobody spoke is empty.
    """
    found: defaultdict[int, list[str]] = defaultdict(list)
    wanted = sorted(numbers)
    # Ranges where they lie close together, as those of an import do.
    for start in range(0, len(wanted), _NUMBERS_AT_ONCE):
        some = wanted[start : start + _NUMBERS_AT_ONCE]
        here = message.c.conversation_id.in_(some)
        if some[-1] - some[0] < _CLOSE * len(some):
            here = message.c.conversation_id.between(some[0], some[-1])
        statement = (
            select(message.c.conversation_id, current_text.label("text"))
            .where(here, ~message.c.deleted, message.c.kind.not_in(sorted(UNSPOKEN_KINDS)))
            .order_by(message.c.conversation_id, message.c.position, message.c.id)
        )
        for number, text in raw_rows(connection, statement):
            found[number].append(text)
    return {number: "\n".join(found.get(number, ())) for number in numbers}


def marks(connection: Connection) -> dict[int, tuple[int, float]]:
    """Return which conversations are marked: id -> (the earlier one, similarity)."""
    return {
        row.id: (row.duplicate_of, row.similarity)
        for row in connection.execute(
            select(conversation.c.id, conversation.c.duplicate_of, conversation.c.similarity).where(
                conversation.c.duplicate_of.is_not(None)
            )
        )
    }


def change_marks(connection: Connection, changes: Mapping[int, tuple[int, float] | None]) -> None:
    """Mark conversations as like an earlier one, or as like none."""
    if changes:
        connection.execute(
            update(conversation)
            .where(conversation.c.id == bindparam("number"))
            .values(duplicate_of=bindparam("earlier"), similarity=bindparam("likeness")),
            [
                {"number": number, "earlier": mark and mark[0], "likeness": mark and mark[1]}
                for number, mark in changes.items()
            ],
        )
        refresh_scores(connection, changes)
