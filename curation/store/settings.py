"""Small named values of a workspace, kept as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from curation.store.tables import setting

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from curation.store.workspace import Workspace


def get_setting(workspace: Workspace, key: str) -> Any | None:
    """Return the value kept under `key`, None when there is none."""
    with workspace.read() as connection:
        return get_value(connection, key)


def put_setting(workspace: Workspace, key: str, value: Any) -> None:
    """Keep a JSON value under `key`."""
    with workspace.write() as connection:
        put_value(connection, key, value)


def get_value(connection: Connection, key: str) -> Any | None:
    """As `get_setting`, inside a transaction."""
    text = connection.scalar(select(setting.c.value).where(setting.c.key == key))
    return None if text is None else json.loads(text)


def put_value(connection: Connection, key: str, value: Any) -> None:
    """As `put_setting`, inside a transaction."""
    connection.execute(delete(setting).where(setting.c.key == key))
    connection.execute(insert(setting).values(key=key, value=json.dumps(value, ensure_ascii=False)))
