"""Two versions of the program on one workspace, and an update that is killed or fails.

An update is killed at a few of its steps; RUWO_KILLS=200 kills it at that many.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from curation.errors import WorkspaceError
from curation.model import Status
from curation.store import actions, immutable, leases, open_workspace
from curation.store import workspace as module
from curation.store.files import backup, ciphers, connecting, encrypting, restoring, safety
from tests.store.conftest import put_chat
from tests.store.test_backup import nobody, older, plain_workspace, revision_at, rows
from tests.store.test_journal import TALK, do, undo

if TYPE_CHECKING:
    from collections.abc import Callable

    from curation.store import Workspace
    from tests.conftest import Databases

__all__ = ["older"]

ROOT = Path(__file__).parents[2]
PHRASE = "correct horse battery"
KILLS = int(os.environ.get("RUWO_KILLS", "0"))


@pytest.fixture
def filled(workspace: Workspace) -> Workspace:
    put_chat(workspace, TALK)
    return workspace


def from_the_future(workspace: Workspace) -> None:
    """Do to a workspace what a newer version would: bring its tables to a version of its own."""
    with workspace.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))


def test_an_older_version_refuses_a_newer_workspace_in_a_sentence(
    filled: Workspace, tmp_path: Path
) -> None:
    from_the_future(filled)
    before = rows(filled)
    with pytest.raises(WorkspaceError, match="made by a newer version"):
        open_workspace(tmp_path / "workspace.db")
    assert rows(filled) == before
    assert safety.copies(filled.engine) == []


def test_a_version_that_is_open_writes_nothing_once_a_newer_one_has_migrated(
    filled: Workspace,
) -> None:
    do(filled, lambda r: actions.set_status(r, [1], Status.APPROVED))
    from_the_future(filled)
    before = rows(filled)
    for write in (
        lambda: do(filled, lambda r: actions.set_status(r, [2], Status.APPROVED)),
        lambda: undo(filled),
        lambda: leases.give_back(filled, "a tab"),
    ):
        with pytest.raises(WorkspaceError, match="newer version of this program has changed"):
            write()
    assert rows(filled) == before


def test_an_update_that_fails_leaves_the_workspace_and_says_where_its_copy_is(
    tmp_path: Path,
    databases: Databases,
    older: Callable[[Path, str], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = older(tmp_path / "w.db", "0005")
    migrate = module.migrate

    def fail(connection: object, revision: str) -> None:
        migrate(connection, revision)  # type: ignore[arg-type]  # as it came
        raise KeyError("阿橙")

    monkeypatch.setattr(module, "migrate", fail)
    with pytest.raises(WorkspaceError, match="is as it was before") as error:
        open_workspace(path)
    copy = error.value.values["path"]
    assert isinstance(copy, Path)
    assert copy.exists()
    assert "阿橙" not in str(error.value)
    assert revision_at(databases.address(path)) == "0005"
    monkeypatch.undo()
    with closing(open_workspace(path)) as workspace:
        before = rows(workspace)
        assert len(before["conversation"]) == 1
        restoring.restore(workspace, copy, nobody)
    with closing(open_workspace(path)) as workspace:
        assert rows(workspace) == before


def upgraded(address: str, folder: Path, step: int, *passphrase: str) -> int | None:
    """Bring a workspace to today, killed before a step; return how many there are if it was not."""
    run = [sys.executable, "-m", "tests.store.upgraded", address, str(folder), str(step)]
    done = subprocess.run(
        [*run, *passphrase], capture_output=True, text=True, timeout=120, cwd=ROOT, check=False
    )
    assert done.returncode == (0 if done.stdout.strip() else -9), done.stderr
    return int(done.stdout) if done.stdout.strip() else None


_steps: dict[str, int] = {}


def step_of(turn: int, kind: str, count: Callable[[], int | None]) -> int:
    """Return the step at which this turn kills; the first time it is counted how many there are."""
    if not turn:
        return 60
    if kind not in _steps:
        found = count()
        assert found is not None
        _steps[kind] = found
    return random.Random(turn).randrange(_steps[kind])  # noqa: S311  (repeatable)


@pytest.mark.parametrize("turn", range(max(KILLS, 1)))
def test_killed_at_any_step_of_an_update_it_is_the_old_or_the_new_one_and_goes_on(
    tmp_path: Path, databases: Databases, older: Callable[[Path, str], Path], turn: int
) -> None:
    def count() -> int | None:
        other = older(tmp_path / "count.db", "0005")
        return upgraded(databases.address(other), tmp_path, 1_000_000)

    step = step_of(turn, "file" if databases.server is None else "server", count)
    path = older(tmp_path / "w.db", "0005")
    assert upgraded(databases.address(path), tmp_path, step) is None
    held = revision_at(databases.address(path))
    assert held in {"0005", *module._newest_revisions()}
    with closing(plain_workspace(databases.address(path))) as workspace:
        (copy,) = safety.copies(workspace.engine)
    with closing(open_workspace(path)) as workspace:
        held_rows = rows(workspace)
        assert len(held_rows["conversation"]) == 1
        if databases.server is None:
            with workspace.read() as connection:
                whole = connection.execute(text("PRAGMA integrity_check")).scalars().all()
                assert whole == ["ok"]
        undo(workspace)
    if databases.server is None:
        assert revision_at(f"sqlite:///{copy.path}") == "0005"
    else:
        assert restoring.read_info(copy.path).revision == "0005"


@pytest.mark.sqlite_only("a server encrypts its own disk")
@pytest.mark.parametrize("turn", range(max(KILLS, 1)))
def test_an_encrypted_one_is_the_old_or_the_new_one_as_well_and_shows_nothing(
    tmp_path: Path, older: Callable[[Path, str], Path], turn: int
) -> None:
    def made(name: str) -> Path:
        path = older(tmp_path / name, "0005")
        encrypting.rewrite(path, ciphers.derive(PHRASE), lambda *_told: None)
        return path

    def upgrade(path: Path, step: int) -> int | None:
        return upgraded(f"sqlite:///{path}", tmp_path, step, PHRASE)

    step = step_of(turn, "encrypted", lambda: upgrade(made("count.db"), 1_000_000))
    path = made("w.db")
    assert upgrade(path, step) is None
    (copy,) = safety.copies_beside(path)
    for each in path.parent.rglob("*w*.db*"):
        assert not ciphers.looks_plain(each)
        assert "阿橙".encode() not in each.read_bytes()
    try:
        assert revision_of(path) in {"0005", *module._newest_revisions()}
        assert revision_of(copy.path) == "0005"
        with closing(open_workspace(path)) as workspace:
            assert len(rows(workspace)["conversation"]) == 1
            with workspace.read() as connection:
                whole = connection.execute(text("PRAGMA integrity_check")).scalars().all()
                assert whole == ["ok"]
            undo(workspace)
    finally:
        ciphers.hold(path, None)


def revision_of(path: Path) -> str:
    """Return the version of the tables of a file whose key is held."""
    with closing(connecting.connect(path, read_only=True)) as connection:
        (held,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(held)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal SET action = 'x'",
        "UPDATE journal SET reviewer = '李'",
        "DELETE FROM journal_part",
        "UPDATE journal_part SET changes = '[]'",
        "DELETE FROM journal",
        "UPDATE message SET original_text = '别的' WHERE id = 1",
    ],
)
def test_what_the_journal_says_and_what_was_written_is_never_changed(
    filled: Workspace, change: str
) -> None:
    do(filled, lambda r: actions.set_status(r, [1], Status.APPROVED))
    before = rows(filled)
    with pytest.raises(WorkspaceError), filled.write(bulk=True) as connection:
        connection.execute(text(change))
    assert rows(filled) == before
    assert undo(filled) == ("test", None)


@pytest.mark.sqlite_only("on a server, each rule that is missing is made as it is here")
def test_a_rule_that_a_migration_took_away_is_there_again_after_the_next_start(
    filled: Workspace, tmp_path: Path
) -> None:
    with filled.write() as connection:
        for _kind, name, _rule in immutable.rules():
            connection.execute(text(f"DROP TRIGGER {name}"))
    with closing(open_workspace(tmp_path / "workspace.db")) as workspace:
        assert workspace.generation == filled.generation
        with pytest.raises(WorkspaceError), workspace.write() as connection:
            connection.execute(text("UPDATE message SET original_text = 'x'"))


def test_a_copy_made_before_the_update_holds_what_it_was_made_of(
    tmp_path: Path, databases: Databases, older: Callable[[Path, str], Path]
) -> None:
    path = older(tmp_path / "w.db", "0005")
    with closing(open_workspace(path)) as workspace:
        (copy,) = safety.copies(workspace.engine)
    if databases.server is not None:
        return
    engine = create_engine(f"sqlite:///{copy.path}")
    with engine.connect() as connection:
        assert backup.revision_of(connection) == "0005"
        assert connection.scalar(text("SELECT count(*) FROM conversation")) == 1
        with pytest.raises(DBAPIError):
            connection.execute(text("SELECT tokens FROM conversation"))
    engine.dispose()
