"""Filters of conversations that a person gave a name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from curation.errors import N_, ActionRefusedError
from curation.store.tables import saved_filter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.store.workspace import Workspace


def saved_filters(workspace: Workspace) -> dict[str, dict[str, list[str]]]:
    """Return every saved filter as parameters of an address, by its name, the oldest first."""
    with workspace.read() as connection:
        rows = connection.execute(select(saved_filter).order_by(saved_filter.c.id))
        return {row.name: json.loads(row.query) for row in rows}


def save_filter(workspace: Workspace, name: str, query: Mapping[str, Sequence[str]]) -> None:
    """Keep a filter under a name, in place of the one that has it already."""
    told = json.dumps(query, ensure_ascii=False)
    with workspace.write() as connection:
        held = update(saved_filter).where(saved_filter.c.name == name).values(query=told)
        if not connection.execute(held).rowcount:
            connection.execute(insert(saved_filter).values(name=name, query=told))


def rename_filter(workspace: Workspace, name: str, new_name: str) -> None:
    """Give a saved filter another name. Raises ActionRefusedError where that one is taken."""
    with workspace.write() as connection:
        taken = select(saved_filter.c.id).where(saved_filter.c.name == new_name)
        if new_name != name and connection.scalar(taken) is not None:
            raise ActionRefusedError(N_("Another saved filter has this name."))
        connection.execute(
            update(saved_filter).where(saved_filter.c.name == name).values(name=new_name)
        )


def forget_filter(workspace: Workspace, name: str) -> None:
    """Delete a saved filter; the conversations stay as they are."""
    with workspace.write() as connection:
        connection.execute(delete(saved_filter).where(saved_filter.c.name == name))
