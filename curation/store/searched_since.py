"""What a search changed between an action and its undo: it is no reason to refuse the undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, delete, select, update

from curation.model import BY_HAND
from curation.store.rows import AT_ONCE, among
from curation.store.tables import conversation, finding, message

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Table

    from curation.store.changes import Change

_OF_SEARCH: Final = frozenset({"start", "end", "score", "recognizer", "why", "value"})
"""The columns of a finding that no person decides about."""


class SearchedSince:
    """Leaves alone what a search took away, and lets what is left of it be searched again."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: set[int] = set()  # messages of which a finding is gone
        self._written: set[int] = set()  # messages that have another text now
        self._restored: set[int] = set()  # findings

    def still_apply(self, table: Table, changes: Sequence[Change]) -> list[Change]:
        """Return those of some changes to a table whose rows no search took away."""
        ids = [number for _name, number, _old, _new in changes]
        if table is message and "edited_text" in (changes[0][3] or {}):
            self._written.update(ids)
        if table is not finding:
            return list(changes)
        if changes[0][2] is None:
            self._restored.update(ids)
            return list(changes)
        query = select(finding).where(among(self._connection, finding.c.id, ids))
        there = {row["id"]: dict(row) for row in self._connection.execute(query).mappings()}
        applying: list[Change] = []
        for change in changes:
            _name, number, old, new = change
            row = there.get(number)
            if row is not None and (new is None or not _found_otherwise(row, old or {})):
                applying.append(change)
            elif row is not None:
                self._waiting.add(row["message_id"])
            elif new is None:
                self._waiting.add((old or {})["message_id"])
        return applying

    def settle(self) -> None:
        """Take away what was found in other texts than those that stand now; call it at the end."""
        for some in _parts(self._written):
            held = among(self._connection, finding.c.message_id, some)
            rows = self._connection.execute(
                select(finding.c.id, finding.c.message_id).where(
                    and_(held, finding.c.recognizer != BY_HAND)
                )
            )
            foreign = {row.id: row.message_id for row in rows if row.id not in self._restored}
            self._waiting.update(foreign.values())
            self._connection.execute(
                delete(finding).where(among(self._connection, finding.c.id, foreign))
            )
        for some in _parts(self._waiting):
            owners = select(message.c.conversation_id).where(
                among(self._connection, message.c.id, some)
            )
            self._connection.execute(
                update(conversation).where(conversation.c.id.in_(owners)).values(scanned=False)
            )


def _found_otherwise(row: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    """Whether a change tells of nothing but how a search found this row, which is other by now."""
    return told.keys() <= _OF_SEARCH and any(row[name] != value for name, value in told.items())


def _parts(numbers: Collection[int]) -> Iterator[list[int]]:
    ordered = sorted(numbers)
    return (ordered[at : at + AT_ONCE] for at in range(0, len(ordered), AT_ONCE))
