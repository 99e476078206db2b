"""The index of words on PostgreSQL: which characters, and which two in a row, a conversation has.

A word of one or two characters is one entry. Those of a longer one only say where it may be: its
messages are read. The characters are numbers in an array with a GIN index, so nothing has to be
installed in the database, and the database's own idea of words and languages plays no part.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    MetaData,
    Table,
    delete,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from curation.store import postgres
from curation.store.rows import raw_rows
from curation.store.tables import conversation, current_text, message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, Select

INDEX: Final = "conversation_words"

_BITS: Final = 21
"""So many hold the number of any character."""

_PAIR: Final = 2

# Apart from the workspace's tables: it is not part of a backup, and is made anew.
_apart: Final = MetaData()
_words: Final = Table(
    INDEX,
    _apart,
    Column(
        "conversation_id",
        BigInteger,
        ForeignKey(conversation.c.id, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("pieces", ARRAY(BigInteger), nullable=False),
    Index(f"ix_{INDEX}_pieces", "pieces", postgresql_using="gin"),
)


def prepare(connection: Connection) -> None:
    """Make the index, empty at first."""
    _words.create(connection, checkfirst=True)


def pieces(text: str) -> set[int]:
    """Return the characters of a text and its pairs of neighbours, each as one number.

    Capitals of the Latin alphabet are as small letters.
    """
    codes = [ord(sign) for sign in text.encode().lower().decode()]
    pairs = {first << _BITS | second for first, second in pairwise(codes)}
    return pairs.union(codes)


def holding(
    words: Sequence[str], said_in: Callable[[Any, str], ColumnElement[bool]]
) -> Select[Any]:
    """Return a query of the ids of the indexed conversations that hold all words.

    `said_in` gives the condition that a message of a row's conversation holds a word.
    """
    asked: set[int] = set()
    for word in words:
        # A character of a pair need not be asked for.
        asked |= {each for each in pieces(word) if len(word) == 1 or each >> _BITS}
    numbers = ",".join(map(str, sorted(asked)))
    pieces_asked = _words.c.pieces.op("@>")(literal_column(f"'{{{numbers}}}'::bigint[]"))
    longer = [word for word in words if len(word) > _PAIR]
    return select(_words.c.conversation_id).where(
        pieces_asked, *(said_in(_words.c.conversation_id, word) for word in longer)
    )


def forget(connection: Connection, held: ColumnElement[bool]) -> None:
    """Let the index not hold those indexed conversations any more."""
    gone = select(conversation.c.id).where(held)
    connection.execute(delete(_words).where(_words.c.conversation_id.in_(gone)))


def add(connection: Connection, ids: Sequence[int]) -> None:
    """Index unindexed conversations, in ascending order of their ids."""
    waiting = conversation.c.search_row.is_(None) & conversation.c.id.between(ids[0], ids[-1])
    said = (
        select(message.c.conversation_id, current_text)
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .where(waiting, message.c.deleted.is_(False))
        .order_by(message.c.conversation_id)
    )
    rows = list(_told(raw_rows(connection, said)))  # nothing is read while rows are sent
    postgres.copy_rows(connection, _words, _words.c.keys(), rows)
    connection.execute(update(conversation).where(waiting).values(search_row=conversation.c.id))


def _told(said: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield each conversation with its pieces, as the database reads an array."""
    here: int | None = None
    found: set[int] = set()
    for number, text in said:
        if number != here:
            if here is not None:
                yield here, _array(found)
            here, found = number, set()
        found |= pieces(text)
    if here is not None:
        yield here, _array(found)


def _array(found: set[int]) -> str:
    return f"{{{','.join(map(str, sorted(found)))}}}"
