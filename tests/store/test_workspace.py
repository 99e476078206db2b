"""Opening a workspace: new, old, newer, broken, from several threads."""

from __future__ import annotations

import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, select, text, update

from curation.errors import WorkspaceError
from curation.model import Status
from curation.store import (
    chats,
    count_by_status,
    get_setting,
    open_workspace,
    put_setting,
    search,
    undoing,
)
from curation.store.files import safety
from curation.store.tables import conversation, metadata
from curation.store.workspace import migrate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection

    from curation.store import Workspace
    from tests.conftest import Databases


def differences(connection: Connection) -> list[object]:
    """What the tables lack or have more than the code says; the index of words is its own."""
    names = (search.INDEX, search.OUTDATED)
    options = {"include_name": lambda name, _kind, _parents: not str(name).startswith(names)}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def test_migrations_make_exactly_the_tables_of_the_code(workspace: Workspace) -> None:
    with workspace.read() as connection:
        assert differences(connection) == []


@pytest.mark.sqlite_only("a database on a server is made there")
def test_a_workspace_is_made_with_its_folder(tmp_path: Path) -> None:
    open_workspace(tmp_path / "new" / "w.db").close()
    assert (tmp_path / "new" / "w.db").exists()


@pytest.mark.sqlite_only("a server waits for its disk itself")
def test_what_was_confirmed_is_on_the_disk_before_it_is_confirmed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, as_the_product_does: Callable[..., None]
) -> None:
    monkeypatch.setattr("curation.store.workspace._prepare_sqlite", as_the_product_does)
    with closing(open_workspace(tmp_path / "w.db")) as workspace, workspace.write() as connection:
        full = 2  # https://www.sqlite.org/pragma.html#pragma_synchronous
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == full


@pytest.mark.sqlite_only("there is no file")
def test_the_environment_names_the_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUWO_WORKSPACE", f"sqlite:///{tmp_path}/named.db")
    open_workspace().close()
    assert (tmp_path / "named.db").exists()


def test_opening_again_keeps_everything(tmp_path: Path) -> None:
    first = open_workspace(tmp_path / "w.db")
    put_setting(first, "名字", {"值": [1, "二"]})
    first.close()
    second = open_workspace(tmp_path / "w.db")
    assert get_setting(second, "名字") == {"值": [1, "二"]}
    assert get_setting(second, "nothing") is None
    second.close()


@pytest.mark.sqlite_only("there is no file")
def test_a_file_that_is_no_database_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "w.db").write_text("这不是数据库" * 200, encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"w\.db"):
        open_workspace(tmp_path / "w.db")


SERVED = "postgresql+psycopg://me:open-sesame@"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("sqlite:///some/workspace.db", "workspace-exports"),
        (f"{SERVED}db.example/ruwo", "db_example-ruwo-exports"),
        (f"{SERVED}other.example/ruwo", "other_example-ruwo-exports"),
        (f"{SERVED}db.example:5433/ruwo", "db_example-5433-ruwo-exports"),
        (f"{SERVED}db.example/workspace", "db_example-workspace-exports"),
        (f"{SERVED}/如我?host=/run/postgresql&port=5433", "run_postgresql-5433-如我-exports"),
        (f"{SERVED}/ruwo?host=one:5432&host=two:5433", "one_5432_two_5433-ruwo-exports"),
        ("postgresql+psycopg:///workspace", "local-workspace-exports"),
    ],
)
def test_what_lies_beside_a_workspace_is_named_after_it_alone(address: str, name: str) -> None:
    engine = create_engine(address)  # which connects to nothing yet
    assert safety.beside(engine, "exports").name == name


@pytest.mark.sqlite_only("there is no file")
def test_a_folder_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError):
        open_workspace(tmp_path)


def test_a_workspace_of_a_newer_program_is_left_alone(tmp_path: Path, databases: Databases) -> None:
    open_workspace(tmp_path / "w.db").close()
    engine = create_engine(databases.address(tmp_path / "w.db"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num='9999'"))
    engine.dispose()
    with pytest.raises(WorkspaceError, match="newer"):
        open_workspace(tmp_path / "w.db")


@pytest.mark.parametrize("address", ["nonsense://x", "postgresql+nothing://x", "://"])
def test_an_unknown_address_is_one_clear_error(address: str) -> None:
    with pytest.raises(WorkspaceError):
        open_workspace(address)


def test_writers_in_several_threads_wait_for_each_other(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill([[("other", "在"), ("me", "嗯")]])

    def work() -> None:
        for _ in range(20):
            with workspace.write() as connection:
                version = connection.scalar(select(conversation.c.version))
                connection.execute(update(conversation).values(version=(version or 0) + 1))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with workspace.read() as connection:
        assert connection.scalar(select(conversation.c.version)) == 81


def test_an_exception_rolls_the_whole_transaction_back(workspace: Workspace) -> None:
    def stop_half_way() -> None:
        with workspace.write() as connection:
            connection.execute(text("INSERT INTO chat (name) VALUES ('阿橙')"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        stop_half_way()
    with workspace.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM chat")) == 0


def test_a_workspace_that_cannot_be_written_says_so_without_chat_text(
    workspace: Workspace,
) -> None:
    sqlite = workspace.engine.dialect.name == "sqlite"

    def write() -> None:
        with workspace.write() as connection:
            read_only = "PRAGMA query_only=ON" if sqlite else "SET TRANSACTION READ ONLY"
            connection.execute(text(read_only))
            connection.execute(text("INSERT INTO chat (name) VALUES (:name)"), {"name": "阿橙"})

    with pytest.raises(WorkspaceError, match=r"(?i)nothing was changed") as caught:
        write()
    assert "阿橙" not in f"{caught.value!s}{caught.value.__cause__!s}"


@pytest.mark.sqlite_only("PostgreSQL checks them in a bulk write as well")
def test_references_are_checked_but_in_a_bulk_write(workspace: Workspace) -> None:
    orphan = text("INSERT INTO sender (chat_id, key, name) VALUES (99, :key, 'a')")

    def write(*, bulk: bool) -> None:
        with workspace.write(bulk=bulk) as connection:
            connection.execute(orphan, {"key": str(bulk)})

    write(bulk=True)
    with pytest.raises(WorkspaceError, match="FOREIGN KEY"):
        write(bulk=False)


@pytest.mark.sqlite_only("PostgreSQL checks them when they are written")
def test_an_import_leaves_no_dangling_reference(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill([[("other", "在"), ("me", "嗯")]])
    with workspace.read() as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


OLD_ROWS = """
INSERT INTO chat (id, name) VALUES (1, '阿橙'), (2, '山友');
INSERT INTO sender (id, chat_id, key, name) VALUES
  (1, 1, 'me', '小满'), (2, 1, 'o', '阿橙'), (3, 1, '', ''),
  (4, 2, 'me', '小满'), (5, 2, 'a', '甲'), (6, 2, 'b', '老陈');
INSERT INTO conversation
  (id, chat_id, sort_key, status, version, touched, background, length, turns, findings,
   undecided, edited, scanned)
  VALUES (1, 1, 0, 'approved', 2, true, '', 2, 2, 0, 0, false, true),
         (2, 2, 0, 'pending', 1, false, '', 4, 4, 0, 0, false, false);
INSERT INTO message (conversation_id, position, sender_id, side, kind, original_text) VALUES
  (1, 0, 2, 'other', 'text', '在吗'), (1, 1, 1, 'me', 'text', '在呀'),
  (1, 2, 3, 'other', 'system', '通知'),
  (2, 0, 5, 'other', 'text', '早'), (2, 1, 6, 'other', 'text', '早早'),
  (2, 2, 4, 'me', 'text', '早'), (2, 3, 6, 'other', 'text', '嗯');
INSERT INTO journal (at, action, conversation_id, count, changes, undoable, undone) VALUES
  (1, 'set_status', 1, 1,
   '[["conversation",1,{"status":"pending"},{"status":"approved"}]]', true, false);
"""


def test_a_workspace_of_the_first_version_keeps_everything_and_learns_its_groups(
    tmp_path: Path, databases: Databases
) -> None:
    path = tmp_path / "w.db"
    engine = create_engine(databases.address(path, empty=True))
    with engine.begin() as connection:
        migrate(connection, "0001")
        for statement in OLD_ROWS.strip().split(";\n"):
            connection.exec_driver_sql(statement)
    engine.dispose()
    with closing(open_workspace(path)) as workspace:
        with workspace.read() as connection:
            assert differences(connection) == []
            rows = {row.name: row for row in chats.chat_rows(connection)}
        assert (rows["阿橙"].is_group, rows["山友"].is_group) == (False, True)
        # The first pseudonym is a name that somebody really has.
        assert {each.key: each.pseudonym for each in rows["山友"].speakers} == {
            "me": "",
            "b": "乙",
            "a": "丙",
        }
        with workspace.write() as connection:
            assert undoing.undo(connection) == ("set_status", 1)
        assert count_by_status(workspace)[Status.PENDING] == 2
