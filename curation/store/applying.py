"""Bringing changes about: rows of tables written back or anew, many that are alike at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby, islice
from typing import TYPE_CHECKING, Final

from sqlalchemy import Table, and_, bindparam, delete, select, update

from curation.errors import ActionRefusedError
from curation.store import relations, sides, suggestions
from curation.store.changes import CHANGED_SINCE
from curation.store.rows import AT_ONCE, among, insert_rows, run_many
from curation.store.tables import finding, message, metadata, suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from curation.store.changes import Change
    from curation.store.rising import Rising
    from curation.store.searched_since import SearchedSince

Told = Callable[[int, int], None]
"""Called with how much is done and how much there is."""


_WHOLE: Final[Mapping[str, Callable[[Connection, sides.WholeChange, Told], set[int]]]] = {
    **dict.fromkeys(sides.WHOLE_CHATS, sides.apply),
    relations.RELATIONS: relations.apply,
}
"""Changes that are no row of a table, and what brings about each."""


def apply(
    connection: Connection,
    changes: Sequence[Change],
    told: Told,
    *,
    before: int,
    total: int,
    rising: Rising,
    since: SearchedSince,
) -> tuple[set[int], set[int]]:
    """Bring changes about in their order; return the conversations concerned, and those moved.

    Moved are those that changed because their whole chat did. `told` is called with how many of
    `total` changes are done, `before` of which were done earlier; with what is written of them,
    versions are `rising`. What a search took away `since` is passed over. Raises
    ActionRefusedError where a row is no longer as a change says.
    """
    affected: set[int] = set()
    moved: set[int] = set()
    done = before
    for (name, _shape), group in groupby(changes, key=_shape_of):
        if name in _WHOLE:
            for _name, number, old, new in group:
                whole = (name, number, old or {}, new or {})
                moved |= _WHOLE[name](connection, whole, told)
            done += 1
            continue
        table = metadata.tables[name]
        while some := list(islice(group, AT_ONCE)):
            told(done, total)
            done += len(some)
            affected |= _owners(connection, table, some)
            if table.name == suggestion.name:
                some = suggestions.still_apply(connection, some)
            some = since.still_apply(table, some)
            if some:
                write_rows(connection, table, some, rising)
            affected |= _owners(connection, table, some)
    return affected, moved


def _shape_of(change: Change) -> tuple[str, tuple[object, ...]]:
    """Return what neighbouring changes must share to be written together."""
    name, _number, old, new = change
    if old is None or new is None:
        return name, (old is None, *(new or ()))
    return name, (*old, None, *new)


def write_rows(
    connection: Connection, table: Table, changes: Sequence[Change], rising: Rising | None = None
) -> None:
    """Write changes to rows of one table that set the same columns, or make or remove rows.

    Raises ActionRefusedError where a row is no longer as a change says.
    """
    _name, _number, old, new = changes[0]
    ids = [number for _name, number, _old, _new in changes]
    here = among(connection, table.c.id, ids)
    if new is None:
        suggestions.forget(connection, table.name, ids)
        if table.name == message.name:
            # What a later search found in them is no reason to refuse that they go.
            connection.execute(delete(finding).where(among(connection, finding.c.message_id, ids)))
        done = connection.execute(delete(table).where(here)).rowcount
    elif old is None:
        names = list(new)
        rows = [[(values or {})[name] for name in names] for *_row, values in changes]
        insert_rows(connection, table, names, rows)
        done = len(rows)
    elif all(change[2:] == (old, new) for change in changes):
        unchanged = [table.c[name].is_not_distinct_from(value) for name, value in old.items()]
        also = {} if rising is None else rising.along(table, ids)
        query = update(table).where(and_(here, *unchanged)).values(**new, **also)
        done = connection.execute(query).rowcount
    else:
        done = _write_different(connection, table, changes)
    if done != len(changes):
        raise ActionRefusedError(CHANGED_SINCE)


def _write_different(connection: Connection, table: Table, changes: Sequence[Change]) -> int:
    """Write the same columns of rows, each with values of its own; return how many were written."""
    _name, _number, old, new = changes[0]
    unchanged = [table.c[name].is_not_distinct_from(bindparam(f"old_{name}")) for name in old or {}]
    query = (
        update(table)
        .where(table.c.id == bindparam("number"), *unchanged)
        .values({name: bindparam(f"new_{name}") for name in new or {}})
    )
    rows = [
        {
            "number": number,
            **{f"old_{name}": value for name, value in (before or {}).items()},
            **{f"new_{name}": value for name, value in (after or {}).items()},
        }
        for _name, number, before, after in changes
    ]
    return run_many(connection, query, rows)


def _owners(connection: Connection, table: Table, changes: Sequence[Change]) -> set[int]:
    """Return the conversations that changed rows belong or belonged to."""
    numbers = [number for _name, number, _old, _new in changes]
    if table.name == "conversation":
        return set(numbers)
    if table.name == "finding":
        held = {
            row["message_id"]
            for _name, _number, *rows in changes
            for row in rows
            if row is not None and "message_id" in row
        }
        held.update(
            connection.scalars(
                select(finding.c.message_id).where(among(connection, finding.c.id, numbers))
            )
        )
        return set(
            connection.scalars(
                select(message.c.conversation_id).where(
                    among(connection, message.c.id, sorted(held))
                )
            )
        )
    owners = {
        row["conversation_id"]
        for _name, _number, *rows in changes
        for row in rows
        if row is not None and "conversation_id" in row
    }
    if "conversation_id" in table.c:
        owners.update(
            connection.scalars(
                select(table.c.conversation_id).where(among(connection, table.c.id, numbers))
            ).all()
        )
    return owners
