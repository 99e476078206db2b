"""Very many rows at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Select, Table

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


def insert_numbered(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]
) -> list[int]:
    """Insert rows with the same columns; return the ids that they got, in order."""
    query = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    if connection.dialect.name != "sqlite":
        return list(connection.scalars(query, list(rows)))
    # SQLite does not tell which row got which id, so each would be a statement of its own. The
    # first gets an id that was never used; nobody else writes, so those behind it are free too.
    first = connection.execute(query, [rows[0]]).scalar_one()
    if len(rows) > 1:
        # They go to the driver as they are: the layer above it makes objects of each of them.
        names = [column.name for column in table.c if column.name in rows[0]]
        statement = insert(table).values({name: bindparam(name) for name in ("id", *names)})
        rest = [
            (first + place, *(row[name] for name in names))
            for place, row in enumerate(rows[1:], start=1)
        ]
        connection.exec_driver_sql(str(statement.compile(dialect=connection.dialect)), rest)
    return list(range(first, first + len(rows)))
