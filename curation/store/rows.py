"""Very many rows at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Select

_ROWS_AT_ONCE: Final = 20_000


def raw_rows(connection: Connection, statement: Select[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield rows as the driver gives them: truth values may be numbers.

    The layer above makes an object of each, which takes longer than the database does. Values of
    the statement must be numbers and words of this program.
    """
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    cursor = connection.connection.cursor()
    try:
        cursor.execute(str(compiled))
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            yield from rows
    finally:
        cursor.close()
