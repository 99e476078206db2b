"""The search for words: an index of what is said in each conversation, and the condition on it.

The index finds a word wherever it stands, also where a list of words would cut the text elsewhere,
and however short it is. `catch_up` brings it up to date; what it does not hold yet is read message
by message, so an answer is never missing, only slower. What it is on SQLite is in `fts5`, on
PostgreSQL in `bigrams`; where there is none, every message is read.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Boolean, and_, exists, func, select, union, union_all, update
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement

from curation.store import bigrams, fts5, hiding, postgres
from curation.store.fts5 import INDEX, OUTDATED
from curation.store.rows import among
from curation.store.tables import conversation, current_text, message

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from sqlalchemy import Connection, Dialect, Select
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.sql.operators import OperatorType

    from curation.store.workspace import Workspace

__all__ = ["INDEX", "OUTDATED"]

_CONVERSATIONS_AT_ONCE: Final = 5_000
_IDS_AT_ONCE: Final = 500
_MANY: Final = 1_000
_MOST_WORDS: Final = 20
_LONGEST_WORD: Final = 1000
_WORDS: Final = re.compile(r'"([^"\0]+)"|([^\s\0]+)')  # databases end a text at a zero

_HAS_INDEX: Final = "ruwo_has_index"

_each: Final = conversation.alias("searched")
_unindexed: Final = conversation.c.search_row.is_(None)


def text_words(text: str) -> tuple[str, ...]:
    """Return the words that a search asks for: what stands between blanks or in double quotes.

    Without a second quote, a quote is a character like any other. What a person would hardly type
    is left out: words behind the first twenty, and characters of one behind the first thousand.
    """
    words = ((quoted or plain)[:_LONGEST_WORD] for quoted, plain in _WORDS.findall(text))
    return tuple(islice(dict.fromkeys(words), _MOST_WORDS))


def prepare(connection: Connection) -> None:
    """Make the index where this database can have one, empty at first."""
    made = True
    if postgres.is_here(connection):
        bigrams.prepare(connection)
    else:
        made = fts5.prepare(connection)
    setattr(connection.dialect, _HAS_INDEX, made)


def holds_all(words: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a conversation holds every one of `words`.

    Capitals of the Latin alphabet are as small letters; deleted messages are not searched.
    """
    if hiding.is_on():
        return and_(_Holds(words), read_all(words))
    return _Holds(words)


def read_all(words: Sequence[str]) -> ColumnElement[bool]:
    """Return the same condition, without an index: every message is read."""
    return and_(*(_said(conversation.c.id, word) for word in words))


class _Holds(ColumnElement[bool]):
    """The condition, in the two ways in which a database may be asked for it."""

    inherit_cache = False
    type = Boolean()

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words

    def compiled_for(self, dialect: Dialect) -> ColumnElement[bool]:
        """Return the condition as this database is asked for it."""
        indexed: Select[Any] | None = None
        if self.words and getattr(dialect, _HAS_INDEX, False):
            if dialect.name == postgres.NAME:
                indexed = bigrams.holding(self.words, _said)
            elif fts5.can_find(self.words):
                indexed = fts5.holding(self.words)
        if indexed is None:
            return read_all(self.words)
        waiting = select(_each.c.id).where(
            _each.c.search_row.is_(None), *(_said(_each.c.id, word) for word in self.words)
        )
        # No conversation is in both; PostgreSQL guesses how many there are if it is told so.
        both = union if dialect.name == postgres.NAME else union_all
        return conversation.c.id.in_(both(indexed, waiting))

    def self_group(self, against: OperatorType | None = None) -> _Holds:
        """Return this, for it is a condition and no value, which would be compared with 1.

        SQLite sees in a comparison that it must look at every conversation.
        """
        del against
        return self


def _said(owner: ColumnElement[int], word: str) -> ColumnElement[bool]:
    said = exists().where(
        message.c.conversation_id == owner,
        message.c.deleted.is_(False),
        current_text.icontains(word, autoescape=True),
    )
    # A query around it may read messages of its own.
    said = said.correlate_except(message)
    return said.where(hiding.in_sight()) if hiding.is_on() else said


@compiles(_Holds)  # type: ignore[no-untyped-call, untyped-decorator, unused-ignore]
def _compile(element: _Holds, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.compiled_for(compiler.dialect), **options)


def _has_index(connection: Connection) -> bool:
    return getattr(connection.dialect, _HAS_INDEX, False)


def forget(connection: Connection, conversation_ids: Collection[int]) -> None:
    """Say that the texts of these conversations changed: neither index nor length hold any more."""
    indexed = _has_index(connection)
    ids = sorted(conversation_ids)
    for start in range(0, len(ids), _IDS_AT_ONCE):
        some = among(connection, conversation.c.id, ids[start : start + _IDS_AT_ONCE])
        measured = and_(some, conversation.c.tokens.is_not(None))
        connection.execute(update(conversation).where(measured).values(tokens=None))
        if not indexed:
            continue
        held = and_(some, conversation.c.search_row.is_not(None))
        (bigrams if postgres.is_here(connection) else fts5).forget(connection, held)
        connection.execute(update(conversation).where(held).values(search_row=None))


def waiting(workspace: Workspace) -> int:
    """Return how many conversations the index does not hold yet; 0 where there is none."""
    with workspace.read() as connection:
        if not _has_index(connection):
            return 0
        query = select(func.count()).select_from(conversation).where(_unindexed)
        return connection.execute(query).scalar_one()


def catch_up(workspace: Workspace, told: Callable[[int, int], None]) -> int:
    """Bring the index up to date; return how many conversations it had to read.

    `told` is called with how many are done and how many there are; an exception raised inside it
    stops the work, and what is done stays.
    """
    total = waiting(workspace)
    done = 0
    while done < total:
        told(done, total)
        with workspace.write() as connection:
            read = _index_some(connection)
        if not read:
            break
        done += read
    if total:
        told(total, total)
    if done >= _MANY:
        with workspace.write() as connection:
            if postgres.is_here(connection):
                postgres.learn(connection)
    return done


def _index_some(connection: Connection) -> int:
    """Index the next conversations; return how many."""
    here = postgres.is_here(connection)
    if not here:
        fts5.tidy(connection)
    query = select(conversation.c.id).where(_unindexed).order_by(conversation.c.id)
    ids = connection.scalars(query.limit(_CONVERSATIONS_AT_ONCE)).all()
    if ids:
        (bigrams if here else fts5).add(connection, ids)
    return len(ids)
