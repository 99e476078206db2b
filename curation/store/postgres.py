"""What a workspace needs on PostgreSQL to be what it is on SQLite.

One writer at a time: whoever writes holds one lock of the database from the start, and who waits
sees what the one before wrote. Who reads sees one state. Texts are ordered by their characters'
numbers, and capitals are those of the Latin alphabet (`C`); whole numbers have 64 bits.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from curation.errors import N_, WorkspaceError
from curation.store.tables import conversation, metadata

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import URL, Connection, Engine, Table
    from sqlalchemy.sql.compiler import Compiled

NAME: Final = "postgresql"
DRIVER: Final = "psycopg"
_NAMES: Final = (NAME, "postgres")
_PORT: Final = 5432

_WRITERS: Final = 5_878_951_112
"""The number of the lock that who writes holds: any, and no other program's."""

_DISKS: Final = "SET random_page_cost = 1.0"
"""A page anywhere costs what the next one does, so that the index of words is asked first."""

_ROOM: Final = "fillfactor=50"
_CONNECT_SECONDS: Final = 10
_ROWS_AT_ONCE: Final = 5_000


def is_here(connection: Connection) -> bool:
    """Whether this is a connection to PostgreSQL."""
    return connection.dialect.name == NAME


def with_driver(url: URL) -> URL:
    """Return the address with the one driver that this program knows, where it names none."""
    return url.set(drivername=f"{NAME}+{DRIVER}") if url.drivername in _NAMES else url


def place(url: URL) -> str:
    """Return where a server is, as it is told to people."""
    host = url.host or url.query.get("host") or "localhost"
    return f"{host}:{url.port or _PORT}"


def name_of(url: URL) -> str:
    """Return what a workspace at an address is called."""
    return f"{url.database or url.username or ''}@{place(url)}"


def options(url: URL) -> dict[str, Any]:
    """Return what an engine for this address is made with."""
    arguments: dict[str, object] = {"application_name": "ruwo"}
    if "connect_timeout" not in url.query:
        arguments["connect_timeout"] = _CONNECT_SECONDS
    # A server that was started anew is no error to whoever comes next.
    return {"connect_args": arguments, "pool_pre_ping": True, "isolation_level": "READ COMMITTED"}


def listen(engine: Engine, *, writes: str, patience: int) -> None:
    """Let connections with the option `writes` wait for the lock, at most `patience` seconds."""
    wait = max(1, patience * 1000)  # nothing would be for ever
    ask = f"SET LOCAL lock_timeout = '{wait}ms'; SELECT pg_advisory_xact_lock({_WRITERS})"

    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(writes, False):
            connection.exec_driver_sql(ask)

    event.listen(engine, "begin", begin)
    event.listen(engine, "connect", _prepare)


def _prepare(connection: Any, _entry: object) -> None:
    """Let a new connection give sums of whole numbers as such, and think of disks as of today's."""
    from psycopg.adapt import Loader  # noqa: PLC0415  (only who uses PostgreSQL has it)

    class NumberLoader(Loader):  # the driver would give decimals
        def load(self, data: Any) -> int | float:
            said = bytes(data).decode()
            return int(said) if said.lstrip("-").isdigit() else float(said)

    connection.adapters.register_loader("numeric", NumberLoader)
    connection.autocommit = True
    connection.execute(_DISKS)
    connection.autocommit = False


def reason_of(error: DBAPIError) -> str:
    """Return what the database said, without the values that it was about."""
    said = getattr(getattr(error.orig, "diag", None), "message_primary", None)
    return str(said or type(error.orig).__name__)


def refuse_what_is_not_empty(connection: Connection) -> None:
    """Raise WorkspaceError where another program keeps its tables."""
    if sa.inspect(connection).get_table_names():
        raise WorkspaceError(
            N_(
                "The database {name} holds tables of another program; the workspace needs a"
                " database of its own."
            ),
            name=name_of(connection.engine.url),
        )


def refusal(url: URL, error: DBAPIError) -> WorkspaceError:
    """Return why nobody is let into the database at this address, without the password."""
    where = place(url)
    connection = getattr(error.orig, "pgconn", None)
    if getattr(error.orig, "sqlstate", None):  # it let us in, and something else went wrong
        return WorkspaceError(
            N_("The workspace on {where} cannot be opened: {reason}"),
            where=where,
            reason=reason_of(error),
        )
    if connection is None or not _answers(url):
        return WorkspaceError(N_("The database server at {where} does not answer."), where=where)
    if _lets_in(url.set(database="postgres")):
        return WorkspaceError(
            N_("There is no database {name} on the server at {where}, or it may not be used."),
            name=url.database or url.username or "",
            where=where,
        )
    return WorkspaceError(
        N_(
            "The database server at {where} does not let {user} in: the name or the password is"
            " wrong."
        ),
        where=where,
        user=url.username or "",
    )


def _arguments(url: URL) -> dict[str, Any]:
    _positions, arguments = url.get_dialect()().create_connect_args(url)
    return {"connect_timeout": _CONNECT_SECONDS, **arguments}


def _answers(url: URL) -> bool:
    """Whether there is a server, whoever it lets in."""
    from psycopg import pq  # noqa: PLC0415  (only who uses PostgreSQL has it)
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415  (optional)

    told = pq.PGconn.ping(make_conninfo(**_arguments(url)).encode())
    return told in (pq.Ping.OK, pq.Ping.REJECT)


def _lets_in(url: URL) -> bool:
    import psycopg  # noqa: PLC0415  (optional)

    try:
        psycopg.connect(**_arguments(url)).close()
    except psycopg.Error:
        return False
    return True


_COLUMNS: Final = sa.text(
    "SELECT table_name, column_name, data_type, column_default FROM information_schema.columns"
    " JOIN information_schema.tables USING (table_schema, table_name)"
    " WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name IN :own"
    " AND (data_type IN ('integer', 'character varying')"
    " OR data_type = 'text' AND collation_name IS DISTINCT FROM 'C')"
    " ORDER BY table_name, column_name"
).bindparams(sa.bindparam("own", expanding=True))


def settle(connection: Connection) -> None:
    """Let the columns be what they are on SQLite, whatever the migrations called them."""
    changes: defaultdict[str, list[str]] = defaultdict(list)
    quoted = connection.dialect.identifier_preparer.quote
    for row in connection.execute(_COLUMNS, {"own": sorted(metadata.tables)}).all():
        kind = "BIGINT" if row.data_type == "integer" else 'TEXT COLLATE "C"'
        changes[row.table_name].append(f"ALTER COLUMN {quoted(row.column_name)} TYPE {kind}")
        if str(row.column_default).startswith("nextval"):
            connection.exec_driver_sql(
                f"ALTER SEQUENCE {quoted(f'{row.table_name}_{row.column_name}_seq')} AS BIGINT"
            )
    for name, parts in changes.items():
        connection.exec_driver_sql(f"ALTER TABLE {quoted(name)} {', '.join(parts)}")
    _leave_room(connection)


def _leave_room(connection: Connection) -> None:
    """Let every page of conversations have room for as many as it holds.

    Then a row's next version lies beside it, and no index has to hear of it where none of its
    columns changed, as when versions rise: a tenth of the time, which an action on many has most
    of. What is there is written anew, once.
    """
    name = conversation.name
    held = sa.text(
        "SELECT reloptions FROM pg_class WHERE oid = CAST(:name AS regclass)"
        " AND :room = ANY (reloptions)"
    )
    if connection.execute(held, {"name": f'"{name}"', "room": _ROOM}).first() is None:
        connection.exec_driver_sql(f"ALTER TABLE {name} SET ({_ROOM})")
        connection.exec_driver_sql(f"CLUSTER {name} USING pk_{name}")


def next_ids(connection: Connection, table: Table, count: int) -> list[int]:
    """Return ids for new rows of a table, in order; none of them was or will be given again."""
    drawn = sa.text(
        "SELECT nextval(drawn) FROM (SELECT CAST(pg_get_serial_sequence(:name, 'id') AS regclass)"
        " AS drawn OFFSET 0) AS sequence, generate_series(1, :count)"
    )
    rows = connection.scalars(drawn, {"name": f'"{table.name}"', "count": count}).all()
    return sorted(rows)


def last_ids(connection: Connection, names: Iterable[str]) -> dict[str, int]:
    """Return the highest id that was ever given in each of these tables that have ids."""
    drawn = sa.text(
        "SELECT pg_sequence_last_value(CAST(pg_get_serial_sequence(:name, 'id') AS regclass))"
    )
    return {name: connection.scalar(drawn, {"name": f'"{name}"'}) or 0 for name in names}


def set_last_id(connection: Connection, table: Table, last: int) -> None:
    """Let ids of a table go on behind `last`, and behind those that are there."""
    there = connection.scalar(sa.select(sa.func.max(table.c.id))) or 0
    if highest := max(there, last):
        connection.execute(
            sa.text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"),
            {"name": f'"{table.name}"', "last": highest},
        )


_TAKEN_OFF: Final = sa.text(
    "SELECT c.relname AS owner, x.relname AS name, pg_get_indexdef(x.oid) AS made, false AS refers"
    " FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid"
    " WHERE NOT i.indisunique AND c.relname IN :own AND pg_table_is_visible(c.oid)"
    " UNION ALL SELECT c.relname, f.conname, pg_get_constraintdef(f.oid), true"
    " FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid"
    " WHERE f.contype = 'f' AND c.relname IN :own AND pg_table_is_visible(c.oid)"
    " ORDER BY refers DESC, owner, name"
).bindparams(sa.bindparam("own", expanding=True))


@contextmanager
def taken_off(connection: Connection, names: Iterable[str]) -> Iterator[None]:
    """Fill tables inside without their indexes and references, and make these again.

    All rows are put in order and looked up at once, not one by one as they come.
    Raises IntegrityError where a row points to none.
    """
    quoted = connection.dialect.identifier_preparer.quote
    found = connection.execute(_TAKEN_OFF, {"own": sorted(names)}).all()
    for row in found:
        table, name = quoted(row.owner), quoted(row.name)
        connection.exec_driver_sql(
            f"ALTER TABLE {table} DROP CONSTRAINT {name}" if row.refers else f"DROP INDEX {name}"
        )
    yield
    for row in reversed(found):  # what refers to a table is looked up by its indexes
        table, name = quoted(row.owner), quoted(row.name)
        made = f"ALTER TABLE {table} ADD CONSTRAINT {name} {row.made}" if row.refers else row.made
        connection.exec_driver_sql(made)


def learn(connection: Connection) -> None:
    """Let the database see what its tables hold, so that it knows how to read them.

    It does so by itself, but a minute later, and somebody looks at what was imported at once.
    """
    tables = sa.inspect(connection).get_table_names()
    connection.exec_driver_sql(f"ANALYZE {', '.join(tables)}")


def copy_rows(
    connection: Connection, table: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows that hold the values of these columns in order, as one stream.

    Raises what an INSERT would.
    """
    quoted = connection.dialect.identifier_preparer.quote
    into = ", ".join(quoted(name) for name in names)
    flags = [place for place, name in enumerate(names) if _is_flag(table, name)]
    statement = f"COPY {quoted(table.name)} ({into}) FROM STDIN"
    with (
        _told_as_usual(connection, statement),
        connection.connection.driver_connection.cursor() as cursor,  # type: ignore[union-attr]
        cursor.copy(statement) as copy,
    ):
        for row in _with_flags(rows, flags):
            copy.write_row(row)


@contextmanager
def _told_as_usual(connection: Connection, statement: str) -> Iterator[None]:
    """Raise what the driver raises as SQLAlchemy does."""
    errors = connection.dialect.loaded_dbapi.Error
    try:
        yield
    except errors as error:
        raise DBAPIError.instance(
            statement, None, error, errors, hide_parameters=True, dialect=connection.dialect
        ) from error


def _is_flag(table: Table, name: str) -> bool:
    return isinstance(table.c[name].type, sa.Boolean)


def _with_flags(rows: Iterable[Sequence[Any]], flags: Sequence[int]) -> Iterator[Sequence[Any]]:
    """Yield rows in which truth values are no numbers any more: SQLite knows no other."""
    if not flags:
        yield from rows
        return
    for row in rows:
        values = list(row)
        for place in flags:
            values[place] = None if values[place] is None else bool(values[place])
        yield values


def stream(connection: Connection, compiled: Compiled) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a statement, some at a time: the driver alone would fetch all at once."""
    statement = str(compiled)
    with (
        _told_as_usual(connection, statement),
        connection.connection.driver_connection.cursor("ruwo_rows") as cursor,  # type: ignore[union-attr]
    ):
        cursor.execute(statement, ())
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            yield from rows
