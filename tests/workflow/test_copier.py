"""Whatever goes wrong with a daily copy is kept as its problem, and looked at again."""

from __future__ import annotations

import sqlite3
import time

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from curation import workflow
from curation.store.files import rotation
from curation.workflow import copying

pytestmark = pytest.mark.sqlite_only("a database on a server is backed up by who runs it")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(5, "Input/output error", "/private/w.db"), "changed: Input/output error"),
        (PoolTimeoutError("no connection is free", code="3o7r"), "changed: no connection is free"),
        (sqlite3.OperationalError("disk I/O error"), "changed: disk I/O error"),
        (OSError(), "changed: OSError"),
    ],
    ids=["a disk", "no connection", "SQLite", "nothing said"],
)
def test_after_a_problem_the_copier_goes_on(
    workspace: workflow.Workspace,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    told: str,
) -> None:
    copier = workflow.Copier(workspace)
    said: list[str] = []

    def due(_engine: object) -> bool:
        said.append(str(copier.problem))
        if len(said) == 1:
            raise error
        return False

    monkeypatch.setattr(rotation, "due", due)
    monkeypatch.setattr(copying, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(copying, "WAIT", 0.01)
    copier.start()
    deadline = time.monotonic() + 10
    while len(said) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    workspace.close()
    assert said[0] == said[2] == "None"
    assert said[1].endswith(told)
