"""A workspace on PostgreSQL is what it is on SQLite; what cannot be reached is said in words."""

from __future__ import annotations

import sys
from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import create_engine, insert, make_url, select, text

from curation.errors import BadFileError, WorkspaceError
from curation.model import ConversationFilter, Status
from curation.store import (
    actions,
    imports,
    journal,
    open_workspace,
    postgres,
    put_setting,
    queue,
    rising,
    rows,
    search,
)
from curation.store.files import backup, restoring
from curation.store.tables import chat, conversation, metadata, outbox
from tests.postgres import GUARDED
from tests.store.conftest import GROUP, chat_table, put_chat, put_group, put_table
from tests.store.conftest import search as find
from tests.store.test_journal import TALK, do, phones

if TYPE_CHECKING:
    from pathlib import Path

    from curation.store import Workspace
    from tests.conftest import Databases
    from tests.postgres import Server

NAMES: Final = ("b", "B", "a", "A", "é", "Z", "ä", "_", "1", "阿橙", "丙", "😀", "～", " x")
HUGE: Final = 2**40


def nobody(*_told: object) -> None:
    """Tell nobody."""


def test_texts_stand_in_the_order_of_their_characters_numbers(workspace: Workspace) -> None:
    with workspace.write() as connection:
        connection.execute(insert(chat), [{"name": name} for name in NAMES])
        ordered = connection.scalars(select(chat.c.name).order_by(chat.c.name)).all()
        assert ordered == sorted(NAMES)
        # Capitals of the Latin alphabet alone are as small letters, and in a search alone.
        assert connection.scalars(select(chat.c.id).where(chat.c.name == "É")).all() == []
        alike = select(chat.c.name).where(chat.c.name.icontains("Ä") | chat.c.name.icontains("z"))
        assert connection.scalars(alike).all() == ["Z"]


def test_numbers_and_texts_are_as_large_as_they_come(workspace: Workspace) -> None:
    put_table(workspace, chat_table([[("me", "在")]]).assign(source_id="7" * 400))
    with workspace.write() as connection:
        connection.execute(insert(outbox).values(client="长" * 300, number=HUGE, refused="[]"))
        assert connection.scalar(select(outbox.c.number)) == HUGE
        assert (
            connection.scalars(select(conversation.c.id).where(conversation.c.id > HUGE)).all()
            == []
        )
        assert queue.matching_ids(connection, ConversationFilter(min_length=HUGE)) == []


def test_after_any_import_new_rows_have_numbers_that_nothing_had(workspace: Workspace) -> None:
    put_chat(workspace, TALK)
    with workspace.write() as connection:
        connection.execute(text("DELETE FROM message"))
        connection.execute(text("DELETE FROM conversation"))
    put_chat(workspace, TALK)
    with workspace.read() as connection:
        ids = connection.scalars(select(conversation.c.id).order_by(conversation.c.id)).all()
    assert ids == list(range(len(TALK) + 1, 2 * len(TALK) + 1))


def test_every_column_is_settled(workspace: Workspace, server: Server) -> None:
    with workspace.read() as connection:
        odd = connection.execute(
            text(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND table_name <> 'alembic_version'"
                " AND (data_type IN ('integer', 'character varying')"
                " OR collation_name IS DISTINCT FROM 'C' AND data_type = 'text')"
            )
        ).all()
    assert odd == []


def test_what_is_read_in_bulk_comes_some_at_a_time(
    workspace: Workspace, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_ROWS_AT_ONCE", 2)
    put_chat(workspace, [[("me", f"第{number}%")] for number in range(7)])
    with workspace.read() as connection:
        found = rows.raw_rows(connection, select(conversation.c.id).order_by(conversation.c.id))
        first = next(found)
        open_cursors = connection.execute(text("SELECT count(*) FROM pg_cursors")).scalar_one()
        assert (first, open_cursors) == ((1,), 1)
        assert [number for (number,) in found] == [2, 3, 4, 5, 6, 7]


def test_another_programs_database_is_left_alone(databases: Databases, server: Server) -> None:
    name = server.create(empty=True)
    engine = create_engine(server.address(name))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE invoices (number integer)"))
    with pytest.raises(WorkspaceError, match="another program"):
        open_workspace(server.address(name))
    with engine.begin() as connection:
        tables = connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname='public'")
        )
        assert tables.all() == [("invoices",)]
    engine.dispose()


def test_a_restore_leaves_what_lies_beside_the_workspace(
    workspace: Workspace, server: Server, tmp_path: Path
) -> None:
    put_chat(workspace, TALK)
    with (tmp_path / "w.ruwo").open("wb") as file, workspace.read() as connection:
        backup.write_backup(connection, file, nobody)
    with workspace.write() as connection:
        connection.execute(text("CREATE SCHEMA other"))
        connection.execute(text("CREATE TABLE other.chat (number integer)"))
        connection.execute(text("INSERT INTO other.chat VALUES (7)"))
    restoring.restore(workspace, tmp_path / "w.ruwo", nobody)
    with workspace.read() as connection:
        assert connection.scalar(text("SELECT number FROM other.chat")) == 7
        connection.execute(text("DROP SCHEMA other CASCADE"))


SECRET: Final = "open-sesame-1990"  # noqa: S105  (of nobody)


def test_a_database_that_is_not_there_is_named(server: Server) -> None:
    with pytest.raises(WorkspaceError, match="no database nowhere"):
        open_workspace(server.address("nowhere"))


def test_a_server_that_does_not_answer_is_named(tmp_path: Path, server: Server) -> None:
    for host, port in (("127.0.0.1", 1), ("nobody.invalid", 5432)):
        address = f"postgresql://me:{SECRET}@{host}:{port}/mine"
        with pytest.raises(WorkspaceError, match=f"{host}:{port} does not answer") as refused:
            open_workspace(address)
        assert SECRET not in f"{refused.value!s}{refused.value.__cause__!s}"


def test_a_wrong_password_is_said_and_never_shown(server: Server) -> None:
    server.guard("another")
    url = make_url(server.address("postgres")).set(username=GUARDED, password=SECRET)
    address = url.render_as_string(hide_password=False)
    with pytest.raises(WorkspaceError, match="does not let guarded in") as refused:
        open_workspace(address)
    assert SECRET not in f"{refused.value!s}{refused.value.__cause__!s}"
    server.guard(SECRET)
    with pytest.raises(WorkspaceError, match="cannot be opened: permission denied"):
        open_workspace(address)


def test_a_missing_driver_is_one_clear_error(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(
        WorkspaceError, match=r"mine@box:5432.*requirements-postgres\.txt"
    ) as missing:
        open_workspace(f"postgresql://me:{SECRET}@box/mine")
    assert SECRET not in str(missing.value)


@pytest.mark.parametrize(
    "address", ["postgresql://me:open-sesame-1990@box:port/x", "mysql://me:open-sesame-1990@box/x"]
)
def test_an_odd_address_is_refused_without_its_password(server: Server, address: str) -> None:
    with pytest.raises(WorkspaceError, match="not understood") as refused:
        open_workspace(address)
    assert SECRET not in f"{refused.value!s}{refused.value.__cause__!s}"


def test_what_the_database_says_holds_nothing_of_what_was_said(
    workspace: Workspace, server: Server
) -> None:
    put_chat(workspace, TALK, chat="阿橙的秘密")

    def twice() -> None:
        with workspace.write() as connection:
            connection.execute(insert(chat).values(name="阿橙的秘密"))

    with pytest.raises(WorkspaceError, match="duplicate key") as refused:
        twice()
    assert "秘密" not in str(refused.value)


def plain(workspace: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that a backup holds, truth values as numbers."""
    held: dict[str, list[tuple[Any, ...]]] = {}
    with workspace.read() as connection:
        for table in metadata.sorted_tables:
            columns = [column for column in table.c if column.name != "search_row"]
            found = connection.execute(select(*columns).order_by(*table.primary_key.columns))
            held[table.name] = [tuple(row) for row in found if "generation" not in row]
    return held


def full(workspace: Workspace) -> None:
    """Put something in every corner."""
    put_group(workspace, GROUP)
    put_chat(workspace, TALK, chat="阿橙 <b>")
    find(workspace, phones)
    do(workspace, lambda r: actions.tag_emotion(r, [1, 2], "开心", on=True))
    do(workspace, lambda r: actions.set_status(r, [2, 3], Status.REJECTED))
    do(workspace, lambda r: actions.edit_message(r, 4, 8, "改\u2028了 '\"\\ 😀\t", []))
    put_setting(workspace, "名", {"值": [1.5, None, "二"]})
    search.catch_up(workspace, nobody)


def test_a_backup_goes_from_one_database_to_the_other_and_back(
    server: Server, databases: Databases, tmp_path: Path
) -> None:
    served = databases.address(tmp_path / "served.db")
    paths = [f"sqlite:///{tmp_path}/file.db", served, f"sqlite:///{tmp_path}/back.db"]
    with closing(open_workspace(paths[0])) as first:
        full(first)
        before = plain(first)
    for number, (here, there) in enumerate(pairwise(paths)):
        file = tmp_path / f"{number}.ruwo"
        with closing(open_workspace(here)) as old, old.read() as connection, file.open("wb") as out:
            info = backup.write_backup(connection, out, nobody)
        with closing(open_workspace(there)) as new:
            put_chat(new, TALK, chat="旧")
            restoring.restore(new, file, nobody)
            new.generation = new.current_generation()
            assert plain(new) == before
            with new.read() as connection:
                assert backup._last_ids(connection, metadata).items() >= info.last_ids.items()
            # What comes after has numbers behind all that were given.
            highest = max(number for (number, *_rest) in before["message"])
            put_chat(new, [[("me", "新")]], chat="新来的")
            assert plain(new)["message"][-1][0] == highest + 1
            search.catch_up(new, nobody)
            with new.read() as connection:
                assert queue.matching_ids(connection, ConversationFilter(text="新")) != []
            before = plain(new)


def test_a_copy_of_a_file_is_no_backup_for_a_server(
    workspace: Workspace, server: Server, tmp_path: Path
) -> None:
    open_workspace(f"sqlite:///{tmp_path}/file.db").close()
    with pytest.raises(BadFileError):
        restoring.restore(workspace, tmp_path / "file.db", nobody)


def test_counts_follow_whatever_happens_to_many_conversations_at_once(
    workspace: Workspace,
) -> None:
    put_chat(workspace, [[("me", str(number))] for number in range(30)])
    put_chat(workspace, TALK, chat="二")
    do(workspace, lambda r: actions.set_status(r, list(range(1, 21)), Status.APPROVED))
    with workspace.write() as connection:
        moved = conversation.update().where(conversation.c.id.in_(range(1, 6))).values(chat_id=2)
        connection.execute(moved)
        journal.note(connection, "moved", 5)
        counted = connection.execute(
            text(
                "SELECT chat_id, status, conversations FROM status_count WHERE conversations > 0"
                " ORDER BY chat_id, status"
            )
        ).all()
        held = connection.execute(
            text("SELECT chat_id, status, count(*) FROM conversation GROUP BY 1, 2 ORDER BY 1, 2")
        ).all()
        assert [tuple(row) for row in counted] == [tuple(row) for row in held]
        assert imports.known_records(connection, 1) == {}


def test_rising_versions_of_very_many_touch_hardly_an_index(
    server: Server, workspace: Workspace
) -> None:
    """Their next versions lie beside them, for which half of each page is left free."""
    assert server.folder.exists()
    put_chat(workspace, [[("me", "在")]] * 400)
    counted = text(
        "SELECT pg_stat_get_xact_tuples_updated(c.oid), pg_stat_get_xact_tuples_hot_updated(c.oid)"
        " FROM pg_class AS c WHERE c.relname = 'conversation'"
    )
    with workspace.write() as connection:
        rising.let_versions_rise(connection, range(1, 401))
        updated, beside = connection.execute(counted).one()
    assert updated == 400
    assert beside > 350  # but for pages that an earlier test left full
