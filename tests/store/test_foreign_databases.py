"""A database that somebody else made does not become the workspace with what acts in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import OperationalError

from curation.errors import BadFileError
from curation.store.files import restoring, safety
from tests.store.conftest import put_chat

if TYPE_CHECKING:
    from pathlib import Path

    from curation.store import Workspace

pytestmark = pytest.mark.sqlite_only("only there a copy of the workspace is a database")

ACTING = {
    "a trigger that decides": (
        "CREATE TRIGGER t AFTER INSERT ON finding BEGIN"
        " UPDATE finding SET decision = 'keep', decided_by = 'me'; END"
    ),
    "a trigger instead of one that counts": (
        "CREATE TRIGGER t AFTER UPDATE OF status ON conversation BEGIN SELECT 1; END"
    ),
    "a trigger that loads code": (
        "CREATE TRIGGER t AFTER INSERT ON message BEGIN SELECT load_extension('/tmp/x'); END"
    ),
    "a view for a table": (
        "ALTER TABLE saved_filter RENAME TO held;CREATE VIEW saved_filter AS SELECT * FROM held"
    ),
    "a table that is computed": ("CREATE VIRTUAL TABLE more USING fts5(x)"),
    "a column that is computed": (
        "ALTER TABLE message ADD COLUMN more TEXT AS (upper(hex(zeroblob(1000)))) VIRTUAL"
    ),
}


def nobody(*_told: object) -> None:
    """Tell nobody."""


@pytest.fixture
def copy(workspace: Workspace, tmp_path: Path) -> Path:
    """A database that holds a workspace, as a safety copy does."""
    put_chat(workspace, [[("other", "在吗"), ("me", "在")]])
    path = safety.database_path(workspace.engine)
    assert path is not None
    safety.copy_database(path, tmp_path / "copy.db")
    return tmp_path / "copy.db"


@pytest.mark.parametrize("script", ACTING.values(), ids=ACTING.keys())
def test_a_database_that_acts_by_itself_is_refused(
    workspace: Workspace, copy: Path, script: str
) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        connection.executescript(script)
    with pytest.raises(BadFileError, match="not a backup of a workspace"):
        restoring.restore(workspace, copy, nobody)


def test_a_copy_as_this_program_makes_it_is_taken(workspace: Workspace, copy: Path) -> None:
    restoring.restore(workspace, copy, nobody)


def test_the_workspace_loads_no_code(workspace: Workspace) -> None:
    with workspace.read() as connection, pytest.raises(OperationalError, match="not authorized"):
        connection.exec_driver_sql("SELECT load_extension('x')")
