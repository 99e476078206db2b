"""The index of words on SQLite: FTS5 without a copy of the text, one token a character.

A document's row is the conversation's id, plus a multiple of `_AGAIN` where that one was indexed
before. Without a copy of the text a document cannot be deleted: those of texts that changed are
listed as outdated, and all are written anew when there are many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, column, delete, func, insert, select, table, update
from sqlalchemy.exc import OperationalError

from curation.store.tables import conversation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Select

INDEX: Final = "conversation_words"
OUTDATED: Final = "outdated_words"

_AGAIN: Final = 2**40
_MANY: Final = 10_000

_BETWEEN: Final = "\x1f"  # stands between two characters, and in no text: cleaning takes it out
_END: Final = "\ufdd0"  # stands between two messages; not a character, so hardly in a text
_TOKENS: Final = "".join(
    chr(code) for code in range(1, 128) if not chr(code).isalnum() and chr(code) != _BETWEEN
)
_NO_TOKENS: Final = (_BETWEEN, _END, "\0")

_words: Final = table(INDEX, column("rowid"), column(INDEX), column("said"))
_outdated: Final = table(OUTDATED, column("document"))


def prepare(connection: Connection) -> bool:
    """Make the index, empty at first; return whether this build of SQLite can have it."""
    quoted = _TOKENS.replace("'", "''")
    tokenizer = f"ascii tokenchars '{quoted}'".replace("'", "''")
    try:
        connection.exec_driver_sql(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {INDEX}"
            f" USING fts5(said, content='', tokenize='{tokenizer}')"
        )
    except OperationalError:
        return False
    connection.exec_driver_sql(
        f"CREATE TABLE IF NOT EXISTS {OUTDATED} (document INTEGER PRIMARY KEY)"
    )
    return True


def can_find(words: Sequence[str]) -> bool:
    """Return whether the index tells where these are: some would not be cut as the texts are."""
    return not any(mark in word for word in words for mark in _NO_TOKENS)


def holding(words: Sequence[str]) -> Select[Any]:
    """Return a query of the ids of the indexed conversations that hold all words."""
    asked = " AND ".join(f'"{_spread(word).replace(chr(34), chr(34) * 2)}"' for word in words)
    return select(_words.c.rowid.op("%")(_AGAIN)).where(
        _words.c[INDEX].op("MATCH")(asked),
        _words.c.rowid.not_in(select(_outdated.c.document)),
    )


def forget(connection: Connection, held: ColumnElement[bool]) -> None:
    """Let the index not hold those indexed conversations any more."""
    rows = connection.scalars(select(conversation.c.search_row).where(held)).all()
    if rows:
        connection.execute(
            insert(_outdated).prefix_with("OR IGNORE"), [{"document": row} for row in rows]
        )


def tidy(connection: Connection) -> None:
    """Empty the index where most of what it holds is outdated."""
    outdated = connection.execute(select(func.count()).select_from(_outdated)).scalar_one()
    held = connection.execute(select(func.count()).select_from(conversation)).scalar_one()
    if outdated > held + _MANY:
        connection.execute(insert(_words).values({INDEX: "delete-all"}))
        connection.execute(delete(_outdated))
        connection.execute(update(conversation).values(search_row=None))


def add(connection: Connection, ids: Sequence[int]) -> None:
    """Index unindexed conversations, in ascending order of their ids."""
    outdated = connection.scalars(select(_outdated.c.document).order_by(_outdated.c.document)).all()
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


def _spread(said: str) -> str:
    return _BETWEEN.join(said)


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
