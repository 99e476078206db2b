"""Very many rows at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, any_, bindparam, func, insert, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from curation.store import postgres
from curation.store.members import refuse_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Select, Table, Update

AT_ONCE: Final = 5_000
"""So many numbers go into one statement by `among`: on a server each is a way there and back."""

_ROWS_AT_ONCE: Final = 20_000


def raw_rows(connection: Connection, statement: Select[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield rows as the driver gives them: truth values may be numbers.

    The layer above makes an object of each, which takes longer than the database does. Values of
    the statement must be numbers and words of this program.
    """
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    if postgres.is_here(connection):
        yield from postgres.stream(connection, compiled)
        return
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

    They go as one value: a parameter for each takes longer than what is done with it.
    """
    if postgres.is_here(connection):
        return number == any_(literal(list(numbers), ARRAY(BigInteger)))
    told = func.json_each(json.dumps(list(numbers))).table_valued("value")
    return number.in_(select(told.c.value))


def run_many(connection: Connection, statement: Update, rows: Sequence[Mapping[str, Any]]) -> int:
    """Run a statement for each of these rows of parameters; return how many rows it concerned.

    The parameters must be numbers, words and None, as the database holds them.
    """
    if connection.dialect.name != "sqlite":
        return connection.execute(statement, list(rows)).rowcount
    # They go to the driver as they are, as in `insert_rows`.
    refuse_rows(connection, statement.table)
    compiled = statement.compile(dialect=connection.dialect)
    names = list(compiled.positiontup or ())
    values = [tuple(row[name] for name in names) for row in rows]
    return connection.exec_driver_sql(str(compiled), values).rowcount


def insert_numbered(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]
) -> list[int]:
    """Insert rows with the same columns; return the ids that they got, in order."""
    if not rows:
        return []
    names = [column.name for column in table.c if column.name in rows[0]]
    return insert_columns(connection, table, {name: [row[name] for row in rows] for name in names})


def insert_columns(
    connection: Connection, table: Table, columns: Mapping[str, Sequence[Any]]
) -> list[int]:
    """Insert rows given as columns of equal length; return the ids that they got, in order.

    As `insert_rows`.
    """
    names = list(columns)
    rows = list(zip(*columns.values(), strict=True))
    if not rows:
        return []
    if postgres.is_here(connection):
        ids = postgres.next_ids(connection, table, len(rows))
    else:
        # SQLite does not tell which row got which id, so each would be a statement of its own. The
        # first gets an id that was never used; nobody else writes, so those behind it are free too.
        query = insert(table).values(dict(zip(names, rows[0], strict=True))).returning(table.c.id)
        first = connection.execute(query).scalar_one()
        ids, rows = list(range(first, first + len(rows))), rows[1:]
    left = ids[len(ids) - len(rows) :]
    numbered = ((number, *row) for number, row in zip(left, rows, strict=True))
    insert_rows(connection, table, ["id", *names], numbered)
    return ids


def insert_rows(
    connection: Connection, table: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows that hold the values of these columns in order.

    They go to the driver as they are: the statement layer above it makes an object of every cell,
    which at hundreds of thousands of rows costs four times what the database does.
    """
    refuse_rows(connection, table)
    if postgres.is_here(connection):
        postgres.copy_rows(connection, table, names, rows)
        return
    statement = insert(table).values({name: bindparam(name) for name in names})
    compiled = statement.compile(dialect=connection.dialect)
    places = [names.index(name) for name in compiled.positiontup or ()]
    in_order = places == list(range(len(names)))
    if some := [tuple(row) if in_order else tuple(row[at] for at in places) for row in rows]:
        connection.exec_driver_sql(str(compiled), some)
