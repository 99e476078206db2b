"""Names of people and their ids, as files told them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from curation.store.tables import chat, known_name, sender

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection


def add(connection: Connection, names: Mapping[str, str]) -> None:
    """Remember names that are new: name -> kind, `name` or `id`."""
    held = set(connection.scalars(select(known_name.c.name)))
    rows = [{"name": name, "kind": kind} for name, kind in names.items() if name not in held]
    if rows:
        connection.execute(insert(known_name), rows)


def all_names(connection: Connection) -> set[str]:
    """Return every name and id that is known: remembered ones, and those of chats and speakers.

    What a group is called is no name of a person.
    """
    columns = (known_name.c.name, chat.c.account, sender.c.key, sender.c.name)
    queries = [select(column).distinct() for column in columns]
    queries.append(select(chat.c.name).where(chat.c.is_group.is_(False)))
    return {name for query in queries for name in connection.scalars(query) if name}
