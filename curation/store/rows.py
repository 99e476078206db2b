"""Very many rows at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, insert, select

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Select, Table, Update

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


def among(
    connection: Connection, number: ColumnElement[int], numbers: Collection[int]
) -> ColumnElement[bool]:
    """Return the condition that a number is one of these, however many they are.

    SQLite takes them as one value: a parameter for each takes longer than what is done with it.
    """
    if connection.dialect.name != "sqlite":
        return number.in_(numbers)
    told = func.json_each(json.dumps(list(numbers))).table_valued("value")
    return number.in_(select(told.c.value))


def run_many(connection: Connection, statement: Update, rows: Sequence[Mapping[str, Any]]) -> int:
    """Run a statement for each of these rows of parameters; return how many rows it concerned.

    The parameters must be numbers, words and None, as the database holds them.
    """
    if connection.dialect.name != "sqlite":
        return connection.execute(statement, list(rows)).rowcount
    # They go to the driver as they are, as in `insert_numbered`.
    compiled = statement.compile(dialect=connection.dialect)
    names = list(compiled.positiontup or ())
    values = [tuple(row[name] for name in names) for row in rows]
    return connection.exec_driver_sql(str(compiled), values).rowcount


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
