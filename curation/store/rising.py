"""Versions of conversations, which only rise: a screen that shows an older state is refused."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from curation.store.rows import AT_ONCE, among
from curation.store.tables import conversation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection, Table


class Rising:
    """Lets versions rise by one within one action, each of them once.

    What is written of a conversation and its version are one change of its row where they can be:
    every index has to hear of each. `touched` says that a person acted on them.
    """

    def __init__(self, connection: Connection, *, touched: bool = True) -> None:
        self._connection = connection
        self._touched = touched
        self._risen: set[int] = set()

    def along(self, table: Table, ids: Collection[int]) -> dict[str, Any]:
        """Return what else to write of rows that are written, so that their versions rise."""
        if table is not conversation or not self._risen.isdisjoint(ids):
            return {}
        self._risen |= set(ids)
        return _risen(touched=self._touched)

    def rise(self, ids: Iterable[int]) -> None:
        """Let the versions of conversations rise that did not yet."""
        numbers = set(ids) - self._risen
        self._risen |= numbers
        let_versions_rise(self._connection, numbers, touched=self._touched)


def let_versions_rise(connection: Connection, ids: Iterable[int], *, touched: bool = True) -> None:
    """Raise the versions of conversations by one; `touched` says that a person acted on them."""
    numbers = sorted(ids)
    for start in range(0, len(numbers), AT_ONCE):
        some = among(connection, conversation.c.id, numbers[start : start + AT_ONCE])
        connection.execute(update(conversation).where(some).values(**_risen(touched=touched)))


def _risen(*, touched: bool) -> dict[str, Any]:
    values: dict[str, Any] = {"version": conversation.c.version + 1}
    return values | ({"touched": True, "changed_at": int(time.time())} if touched else {})
