"""The search for words: an index of what is said in each conversation, and the condition on it.

The index holds one document a conversation, one token a character, so a word is a phrase of
characters: it is found wherever it stands, also where a list of words would cut the text
elsewhere, and however short it is. It is FTS5 without a copy of the text, and `catch_up` brings
it up to date; what it does not hold yet is read message by message, so an answer is never missing,
only slower. Where there is no FTS5, every message is read; PostgreSQL does so by the trigrams of
`pg_trgm` where it may have them, which serve words of three characters and more.

A document's row is the conversation's id, plus a multiple of `_AGAIN` where that one was indexed
before. Without a copy of the text a document cannot be deleted: those of texts that changed are
listed as outdated, and all are written anew when there are many.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    Boolean,
    and_,
    bindparam,
    column,
    delete,
    exists,
    func,
    insert,
    select,
    table,
    union_all,
    update,
)
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement

from curation.store.rows import among
from curation.store.tables import conversation, current_text, message

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from sqlalchemy import Connection
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.sql.operators import OperatorType

    from curation.store.workspace import Workspace

INDEX: Final = "conversation_words"
OUTDATED: Final = "outdated_words"

_AGAIN: Final = 2**40
_CONVERSATIONS_AT_ONCE: Final = 5_000
_IDS_AT_ONCE: Final = 500
_MANY: Final = 10_000
_MOST_WORDS: Final = 20
_LONGEST_WORD: Final = 1000
_WORDS: Final = re.compile(r'"([^"\0]+)"|([^\s\0]+)')  # databases end a text at a zero

_BETWEEN: Final = "\x1f"  # stands between two characters, and in no text: cleaning takes it out
_END: Final = "\ufdd0"  # stands between two messages; not a character, so hardly in a text
_TOKENS: Final = "".join(
    chr(code) for code in range(1, 128) if not chr(code).isalnum() and chr(code) != _BETWEEN
)
_NO_TOKENS: Final = (_BETWEEN, _END, "\0")
_HAS_INDEX: Final = "ruwo_has_index"

_words: Final = table(INDEX, column("rowid"), column(INDEX), column("said"))
_outdated: Final = table(OUTDATED, column("document"))
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
    if connection.dialect.name == "postgresql":
        _prepare_trigrams(connection)
    if connection.dialect.name != "sqlite":
        return
    quoted = _TOKENS.replace("'", "''")
    tokenizer = f"ascii tokenchars '{quoted}'".replace("'", "''")
    try:
        connection.exec_driver_sql(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {INDEX}"
            f" USING fts5(said, content='', tokenize='{tokenizer}')"
        )
    except OperationalError:  # a build of SQLite without FTS5
        return
    connection.exec_driver_sql(
        f"CREATE TABLE IF NOT EXISTS {OUTDATED} (document INTEGER PRIMARY KEY)"
    )
    setattr(connection.dialect, _HAS_INDEX, True)


def _prepare_trigrams(connection: Connection) -> None:
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            connection.exec_driver_sql(
                "CREATE INDEX IF NOT EXISTS ix_message_trigrams ON message"
                " USING gin ((coalesce(edited_text, original_text)) gin_trgm_ops)"
            )
    except DBAPIError:  # it is not installed, or this account may not add it
        return


def holds_all(words: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a conversation holds every one of `words`.

    Capitals of the Latin alphabet are as small letters; deleted messages are not searched.
    """
    return _Holds(words)


def read_all(words: Sequence[str]) -> ColumnElement[bool]:
    """Return the same condition, without an index: every message is read."""
    return and_(*(_said_in(conversation, word) for word in words))


class _Holds(ColumnElement[bool]):
    """The condition, in the two ways in which a database may be asked for it."""

    inherit_cache = False
    type = Boolean()

    def __init__(self, words: Sequence[str]) -> None:
        self.plain = read_all(words)
        query = " AND ".join(f'"{_spread(word).replace(chr(34), chr(34) * 2)}"' for word in words)
        self.indexed = conversation.c.id.in_(
            union_all(
                select(_words.c.rowid.op("%")(_AGAIN)).where(
                    _words.c[INDEX].op("MATCH")(query),
                    _words.c.rowid.not_in(select(_outdated.c.document)),
                ),
                select(_each.c.id).where(
                    _each.c.search_row.is_(None), *(_said_in(_each, word) for word in words)
                ),
            )
        )
        # A word that holds one of these would not be cut as the texts are.
        self.can_be_indexed = not any(mark in word for word in words for mark in _NO_TOKENS)

    def self_group(self, against: OperatorType | None = None) -> _Holds:
        """Return this, for it is a condition and no value, which would be compared with 1.

        SQLite sees in a comparison that it must look at every conversation.
        """
        del against
        return self


def _said_in(owner: Any, word: str) -> ColumnElement[bool]:
    return exists().where(
        message.c.conversation_id == owner.c.id,
        message.c.deleted.is_(False),
        current_text.icontains(word, autoescape=True),
    )


@compiles(_Holds)  # type: ignore[no-untyped-call, untyped-decorator, unused-ignore]
def _compile(element: _Holds, compiler: SQLCompiler, **options: Any) -> str:
    indexed = getattr(compiler.dialect, _HAS_INDEX, False) and element.can_be_indexed
    return compiler.process(element.indexed if indexed else element.plain, **options)


def _spread(said: str) -> str:
    return _BETWEEN.join(said)


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
        rows = connection.scalars(select(conversation.c.search_row).where(held)).all()
        if rows:
            connection.execute(
                insert(_outdated).prefix_with("OR IGNORE"), [{"document": row} for row in rows]
            )
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
    return done


def _index_some(connection: Connection) -> int:
    """Index the next conversations; return how many."""
    outdated = connection.scalars(select(_outdated.c.document).order_by(_outdated.c.document)).all()
    held = connection.execute(select(func.count()).select_from(conversation)).scalar_one()
    if len(outdated) > held + _MANY:
        connection.execute(insert(_words).values({INDEX: "delete-all"}))
        connection.execute(delete(_outdated))
        connection.execute(update(conversation).values(search_row=None))
        outdated = []
    query = select(conversation.c.id).where(_unindexed).order_by(conversation.c.id)
    ids = connection.scalars(query.limit(_CONVERSATIONS_AT_ONCE)).all()
    if not ids:
        return 0
    newest = {row % _AGAIN: row for row in outdated}
    said = _said(connection, ids[0], ids[-1])
    rows = [newest[number] + _AGAIN if number in newest else number for number in ids]
    connection.execute(
        insert(_words),
        [
            {"rowid": row, "said": _spread(said.get(number, ""))}
            for row, number in zip(rows, ids, strict=True)
        ],
    )
    connection.execute(
        update(conversation)
        .where(conversation.c.id == bindparam("number"))
        .values(search_row=bindparam("row")),
        [{"number": number, "row": row} for row, number in zip(rows, ids, strict=True)],
    )
    return len(ids)


def _said(connection: Connection, first: int, last: int) -> dict[int, str]:
    """Return what is said in each unindexed conversation of a range of ids, in any order."""
    rows = connection.exec_driver_sql(
        "SELECT m.conversation_id, group_concat(coalesce(m.edited_text, m.original_text), ?)"
        " FROM conversation c JOIN message m ON m.conversation_id = c.id"
        " WHERE c.search_row IS NULL AND c.id BETWEEN ? AND ? AND NOT m.deleted"
        " GROUP BY m.conversation_id",
        (_END, first, last),
    )
    return {row[0]: row[1] for row in rows}
