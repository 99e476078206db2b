"""A backup holds everything, restores to the same, and nothing else takes the workspace's place."""

from __future__ import annotations

import hashlib
import io
import json
import random
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import MetaData, create_engine, event, insert, select, text

from curation.errors import BadFileError, WorkspaceError, WorkspaceReplacedError
from curation.model import Side, Status
from curation.store import actions, journal, open_workspace, put_setting, structure
from curation.store import workspace as module
from curation.store.files import backup, backup_reading, restoring, safety
from curation.store.tables import fingerprint, metadata
from curation.store.tables import journal as journal_table
from curation.store.workspace import migrate
from tests.store.conftest import GROUP, put_chat, put_group, search
from tests.store.test_journal import TALK, do, phones, undo

if TYPE_CHECKING:
    from collections.abc import Callable

    from curation.store import Workspace
    from tests.conftest import Databases

ROOT = Path(__file__).parents[2]


def nobody(*_told: object) -> None:
    """Tell nobody."""


@pytest.fixture
def full(workspace: Workspace) -> Workspace:
    """A workspace with something in every corner."""
    put_group(workspace, GROUP)
    put_chat(workspace, TALK, chat="阿橙 <b>")
    search(workspace, phones)
    li = workspace.acting_as("李")
    do(li, lambda r: actions.tag_emotion(r, [1, 2], "开心", on=True))
    do(workspace, lambda r: structure.split(r, 1, 2))
    do(workspace, lambda r: actions.edit_message(r, 4, 8, "改\u2028了 '\"\\ 😀 \u0000"[:9], []))
    do(workspace, lambda r: actions.add_message(r, 4, Side.ME, "（补）~ 哈哈哈！！！", []))
    do(li, lambda r: actions.set_status(r, [2, 3], Status.APPROVED))
    undo(li)
    put_setting(workspace, "名", {"值": [1.5, None, "二"]})
    with workspace.write() as connection:
        connection.execute(
            insert(fingerprint).values(
                conversation_id=1, version=1, recipe=1, runs=2, digest=-(2**62), keys=b"\x00\xff"
            )
        )
    return workspace


def rows(workspace: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the workspace but what tells one workspace from another, and the index."""
    with workspace.read() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(
                    select(*[c for c in table.c if c.name != "search_row"]).order_by(
                        *table.primary_key
                    )
                )
                if not (table.name == "setting" and row.key == "generation")
            ]
            for table in metadata.sorted_tables
        }


def write(workspace: Workspace, path: Path) -> backup.BackupInfo:
    with path.open("wb") as file, workspace.read() as connection:
        return backup.write_backup(connection, file, nobody)


def reopened(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    with closing(open_workspace(path)) as workspace:
        return rows(workspace)


def test_what_is_restored_is_what_was_backed_up_in_every_table(
    full: Workspace, tmp_path: Path
) -> None:
    before = rows(full)
    assert {name for name, some in before.items() if some} >= {
        "journal_part", "journal_chat", "finding", "emotion_tag", "fingerprint", "status_count"
    }  # fmt: skip
    info = write(full, tmp_path / "w.ruwo")
    assert (info.conversations, info.messages) == (7, 15)
    with closing(open_workspace(tmp_path / "other.db")) as other:
        kept = restoring.restore(other, tmp_path / "w.ruwo", nobody)
    assert reopened(tmp_path / "other.db") == before
    assert kept is not None


def test_after_a_restore_undo_goes_on_and_ids_are_not_used_twice(
    full: Workspace, tmp_path: Path
) -> None:
    with full.read() as connection:
        last = backup._last_ids(connection, metadata)
        newest = connection.scalar(select(journal_table.c.id).order_by(journal_table.c.id.desc()))
    do(full, lambda r: structure.merge_next(r, 5))
    write(full, tmp_path / "w.ruwo")
    with closing(open_workspace(tmp_path / "other.db")) as other:
        restoring.restore(other, tmp_path / "w.ruwo", nobody)
    with closing(open_workspace(tmp_path / "other.db")) as again:
        assert undo(again) == ("test", None)
        with again.read() as connection:
            now = backup._last_ids(connection, metadata)
            assert all(now[name] >= number for name, number in last.items())
            ids = connection.scalars(select(journal_table.c.id)).all()
        assert newest is not None
        assert max(ids) == newest + 2


def test_the_replaced_workspace_is_kept_and_can_be_restored_itself(
    full: Workspace, tmp_path: Path
) -> None:
    write(full, tmp_path / "w.ruwo")
    do(full, lambda r: actions.set_status(r, [1], Status.REJECTED))
    before = rows(full)
    kept = restoring.restore(full, tmp_path / "w.ruwo", nobody)
    assert kept is not None
    assert kept.parent == safety.folder(full.engine)
    assert kept.parent.parent == tmp_path
    after = reopened(tmp_path / "workspace.db")
    assert after != before
    with closing(open_workspace(tmp_path / "workspace.db")) as again:
        restoring.restore(again, kept, nobody)
    assert reopened(tmp_path / "workspace.db") == before


def test_who_has_the_old_workspace_open_cannot_write_into_the_new_one(
    full: Workspace, tmp_path: Path
) -> None:
    write(full, tmp_path / "w.ruwo")
    with closing(open_workspace(tmp_path / "workspace.db")) as tab:
        restoring.restore(full, tmp_path / "w.ruwo", nobody)
        before = rows(tab)
        with pytest.raises(WorkspaceReplacedError):
            do(tab, lambda r: actions.set_status(r, [1], Status.REJECTED))
        assert rows(tab) == before
        now = tab.acting_as("", tab.current_generation())
        do(now, lambda r: actions.set_status(r, [1], Status.REJECTED))
        assert rows(tab) != before


def test_a_backup_is_one_state_while_others_write(full: Workspace, tmp_path: Path) -> None:
    before = rows(full)
    with closing(open_workspace(tmp_path / "workspace.db")) as other:
        done = False

        def write_meanwhile(_done: int, _total: int) -> None:
            nonlocal done
            if not done:
                done = True
                do(other, lambda r: actions.set_status(r, [1, 2, 3], Status.REJECTED))

        with (tmp_path / "w.ruwo").open("wb") as file, full.read() as connection:
            backup.write_backup(connection, file, write_meanwhile)
        assert done
        assert rows(full) != before
        restoring.restore(full, tmp_path / "w.ruwo", nobody)
    assert reopened(tmp_path / "workspace.db") == before


def test_an_older_backup_is_brought_to_today(
    tmp_path: Path, databases: Databases, older: Callable[[Path, str], Path]
) -> None:
    address = databases.address(older(tmp_path / "old.db", "0005"), empty=True)
    with (
        closing(plain_workspace(address)) as old,
        old.read() as connection,
        (tmp_path / "old.ruwo").open("wb") as file,
    ):
        tables = MetaData()
        tables.reflect(connection)
        tables.remove(tables.tables["alembic_version"])
        info = backup.write_backup(connection, file, nobody, tables)
    assert info.revision == "0005"
    with closing(open_workspace(tmp_path / "new.db")) as new:
        restoring.restore(new, tmp_path / "old.ruwo", nobody)
    held = reopened(tmp_path / "new.db")
    assert [row[2] for row in held["journal_part"]] == [
        '[["conversation",1,{"status":"pending"},{"status":"approved"}]]'
    ]
    assert held["conversation"][0][4] == "approved"


@pytest.fixture
def older(databases: Databases) -> Callable[[Path, str], Path]:
    """Make a workspace of an older version with a chat, a conversation and an action."""

    def make(path: Path, revision: str) -> Path:
        with (
            closing(plain_workspace(databases.address(path, empty=True))) as old,
            old.write() as connection,
        ):
            migrate(connection, revision)
            connection.execute(text("INSERT INTO chat (name) VALUES ('阿橙')"))
            connection.execute(
                text(
                    "INSERT INTO conversation (chat_id, sort_key, status, version, touched,"
                    " background, length, turns, findings, undecided, edited, scanned)"
                    " VALUES (1, 1, 'approved', 2, true, '', 0, 0, 0, 0, false, false)"
                )
            )
            connection.execute(
                text(
                    "INSERT INTO journal (at, action, conversation_id, count, changes, undoable,"
                    " undone) VALUES (1, 'set_status', 1, 1, :changes, true, false)"
                ),
                {"changes": '[["conversation",1,{"status":"pending"},{"status":"approved"}]]'},
            )
        return path

    return make


def plain_workspace(address: str) -> Workspace:
    """Open a database as it is, without bringing it to today."""
    engine = create_engine(address)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", module._prepare_sqlite)
        event.listen(engine, "begin", module.begin_sqlite)
    return module.Workspace(engine)


def revision_at(address: str) -> str | None:
    engine = create_engine(address)
    with engine.connect() as connection:
        held = backup.revision_of(connection)
    engine.dispose()
    return held


def manifest_of(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        told: dict[str, Any] = json.loads(archive.read("manifest.json"))
    return told


def rewritten(
    path: Path,
    *,
    manifest: Callable[[dict[str, Any]], object] | None = None,
    members: Callable[[dict[str, bytes]], object] | None = None,
    keep: bool = False,
) -> Path:
    """Write a backup anew with something changed; `keep` leaves what `members` made of all."""
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(held["manifest.json"])
    if members is not None:
        members(held)
    if manifest is not None:
        manifest(told)
    if "manifest.json" in held and not keep:
        held["manifest.json"] = json.dumps(told).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    return path


def table(told: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in told["tables"] if each["name"] == name)


def consistent(told: dict[str, Any], held: dict[str, bytes], name: str, content: bytes) -> None:
    """Let the manifest agree with other rows of a table, as a forger would."""
    held[f"{name}.jsonl"] = content
    table(told, name).update(
        rows=content.count(b"\n"), size=len(content), sha256=hashlib.sha256(content).hexdigest()
    )


def forged(path: Path, name: str, content: bytes) -> Path:
    told = manifest_of(path)
    return rewritten(
        path,
        members=lambda held: consistent(told, held, name, content),
        manifest=lambda now: now.update(told),
    )


def cut(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:-400])
    return path


def bomb(path: Path) -> Path:
    return forged(path, "setting", b'["a","' + b"0" * 70_000_000 + b'"]\n')


def repacked(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        for name, content in held.items():
            archive.writestr(name, content)


def encrypted(path: Path) -> None:
    """Say of all members that they are encrypted, in both of their headers."""
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        places = [each.header_offset + 6 for each in archive.infolist()]
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        places.append(at + 8)
        at = content.find(b"PK\x01\x02", at + 1)
    for place in places:
        content[place] |= 1
    path.write_bytes(bytes(content))


def other_database(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE x (y)")


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "no file": (lambda path: path.unlink(), "cannot be read"),
    "empty": (lambda path: path.write_bytes(b""), "not a backup"),
    "text": (lambda path: path.write_text("这不是备份" * 99, encoding="utf-8"), "not a backup"),
    "cut off": (cut, "not a backup"),
    "another ZIP": (
        lambda path: rewritten(path, members=lambda held: held.pop("manifest.json")),
        "not a backup",
    ),
    "another program's manifest": (
        lambda path: rewritten(path, manifest=lambda told: told.update(format="x")),
        "not a backup",
    ),
    "a manifest of nothing": (
        lambda path: rewritten(path, manifest=lambda told: told.clear()),
        "not a backup",
    ),
    "a manifest that is a list": (
        lambda path: rewritten(
            path, members=lambda held: held.update({"manifest.json": b"[1]"}), keep=True
        ),
        "not a backup",
    ),
    "a manifest that is no JSON": (
        lambda path: rewritten(
            path, members=lambda held: held.update({"manifest.json": b"[" * 99_999}), keep=True
        ),
        "not a backup",
    ),
    "a manifest with a table that is none": (
        lambda path: rewritten(path, manifest=lambda told: told["tables"].append(7)),
        "not a backup",
    ),
    "a manifest with names that are none": (
        lambda path: rewritten(
            path, manifest=lambda told: table(told, "message").update(columns=[["id"]])
        ),
        "not a backup",
    ),
    "a manifest with fewer than no rows": (
        lambda path: rewritten(path, manifest=lambda told: table(told, "message").update(rows=-1)),
        "not a backup",
    ),
    "a manifest with a truth for a count": (
        lambda path: rewritten(path, manifest=lambda told: told["counts"].update(messages=True)),
        "not a backup",
    ),
    "a manifest of a time that never comes": (
        lambda path: rewritten(path, manifest=lambda told: told.update(made_at=2**62)),
        "not a backup",
    ),
    "packed in another way": (repacked, "not a backup"),
    "encrypted": (encrypted, "not a backup"),
    "a newer format": (
        lambda path: rewritten(path, manifest=lambda told: told.update(version=2)),
        "newer version",
    ),
    "newer tables": (
        lambda path: rewritten(path, manifest=lambda told: told.update(revision="9999")),
        "newer version",
    ),
    "a table missing": (
        lambda path: rewritten(path, members=lambda held: held.pop("message.jsonl")),
        "not a backup",
    ),
    "a file too many": (
        lambda path: rewritten(path, members=lambda held: held.update({"../x": b"1"})),
        "not a backup",
    ),
    "an unknown table": (
        lambda path: rewritten(
            path,
            manifest=lambda told: table(told, "own_term").update(name="x"),
            members=lambda held: held.update({"x.jsonl": held.pop("own_term.jsonl")}),
        ),
        "not a backup",
    ),
    "an unknown column": (
        lambda path: rewritten(
            path, manifest=lambda told: table(told, "message")["columns"].__setitem__(0, "x")
        ),
        "not a backup",
    ),
    "other rows": (
        lambda path: rewritten(
            path,
            members=lambda held: held.update(
                {"message.jsonl": held["message.jsonl"].replace("晚安".encode(), "早安".encode())}
            ),
        ),
        "table message",
    ),
    "rows missing": (
        lambda path: rewritten(path, manifest=lambda told: table(told, "message").update(rows=99)),
        "table message",
    ),
    "rows that are none": (
        lambda path: forged(path, "known_name", b'{"id":1}\n'),
        "table known_name",
    ),
    "no JSON": (lambda path: forged(path, "known_name", b"[1,\n"), "table known_name"),
    "a value of another kind": (
        lambda path: forged(path, "known_name", b'[1,{"a":1},"name"]\n'),
        "table known_name",
    ),
    "a number too large": (
        lambda path: forged(path, "known_name", b'[99999999999999999999999,"a","name"]\n'),
        "table known_name",
    ),
    "a number that no database takes": (
        lambda path: forged(path, "known_name", b'[9223372036854775808,"a","name"]\n'),
        "table known_name",
    ),
    "the same id twice": (
        lambda path: forged(path, "known_name", b'[1,"a","name"]\n[1,"b","name"]\n'),
        "table known_name",
    ),
    "a row that names none": (
        lambda path: forged(path, "emotion_tag", '[1,999,null,"开心"]\n'.encode()),
        "names what is not there",
    ),
    "a bomb": (bomb, "too large"),
    "a database of another program": (
        other_database,
        "not a backup",
    ),
}


@pytest.mark.in_turn
def test_what_is_no_good_backup_is_refused_and_changes_nothing(
    full: Workspace, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    path = tmp_path / "坏.ruwo"
    write(full, path)
    good, before = path.read_bytes(), rows(full)
    for name, (spoil, why) in BAD.items():
        with subtests.test(name):
            path.write_bytes(good)
            spoil(path)
            with pytest.raises(BadFileError, match=why) as refused:
                restoring.restore(full, path, nobody)
            assert "坏.ruwo" in str(refused.value)
            assert rows(full) == before
            assert [each.name for each in tmp_path.iterdir() if "restoring" in each.name] == []


@pytest.mark.in_turn
@pytest.mark.sqlite_only("a backup is read before any database is asked")
@pytest.mark.parametrize("seed", range(2))
def test_whatever_bytes_of_a_backup_are_spoilt_reading_it_says_so_clearly_or_reads_the_same(
    full: Workspace, tmp_path: Path, seed: int
) -> None:
    path = tmp_path / "w.ruwo"
    info = write(full, path)
    good = path.read_bytes()
    draw = random.Random(seed)  # noqa: S311  (repeatable, and no secret)
    refused = 0
    # The directory at the end is where most of what a reader goes by stands.
    for first in (0, len(good) * 2 // 3):
        for _turn in range(80):
            spoilt = bytearray(good)
            for _each in range(draw.choice((1, 1, 3))):
                spoilt[draw.randrange(first, len(good))] = draw.choice((0, 1, 0x80, 0xFF))
            path.write_bytes(spoilt[: draw.choice((len(good), len(good), len(good) - 1))])
            try:
                read = backup_reading.read_info(path)
                with create_engine("sqlite://").begin() as connection:
                    metadata.create_all(connection)
                    backup_reading.load(connection, path, read, nobody)
            except BadFileError:
                refused += 1
            else:
                assert (read.tables, read.last_ids) == (info.tables, info.last_ids)
    assert refused > 40


@pytest.mark.in_turn
def test_a_restore_can_be_stopped_at_any_step_and_then_nothing_has_changed(
    full: Workspace, tmp_path: Path, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safety, "_PAGES_AT_ONCE", 8)
    write(full, tmp_path / "w.ruwo")
    do(full, lambda r: actions.set_status(r, [1], Status.REJECTED))
    before = rows(full)

    class StoppedError(Exception):
        pass

    # A database on a server is filled in place, so there is no copy that takes its place.
    last = restoring.REPLACE_STAGE if databases.server is None else restoring.BACKUP_STAGE
    for stage in (restoring.UNPACK_STAGE, last):

        def stop(at: str, _done: int, _total: int, stage: str = stage) -> None:
            if at == stage:
                raise StoppedError

        with pytest.raises(StoppedError):
            restoring.restore(full, tmp_path / "w.ruwo", stop)
        assert rows(full) == before
    assert [each.name for each in tmp_path.iterdir() if "restoring" in each.name] == []


KILLED = """
import sys
from pathlib import Path
from curation.store import open_workspace
from curation.store.files import restoring, safety
safety._PAGES_AT_ONCE = 8
ws = open_workspace(sys.argv[1])
print("ready", flush=True)
def told(stage, done, total):
    print(stage, done, flush=True)
    if stage == sys.argv[3]:
        import os, signal
        os.kill(os.getpid(), signal.SIGKILL)
restoring.restore(ws, Path(sys.argv[2]), told)
print("done", flush=True)
"""


@pytest.mark.in_turn
@pytest.mark.parametrize("stage", [restoring.UNPACK_STAGE, restoring.REPLACE_STAGE, "never"])
def test_killed_at_any_moment_the_old_or_the_new_one_is_there_whole(
    full: Workspace, tmp_path: Path, databases: Databases, stage: str
) -> None:
    new = rows(full)
    write(full, tmp_path / "w.ruwo")
    do(full, lambda r: actions.set_status(r, [1], Status.REJECTED))
    old = rows(full)
    where = databases.address(tmp_path / "workspace.db")
    run = [sys.executable, "-c", KILLED, where, str(tmp_path / "w.ruwo"), stage]
    done = subprocess.run(run, capture_output=True, text=True, timeout=60, cwd=ROOT, check=False)
    assert "ready" in done.stdout, done.stderr
    # A database on a server is filled in place, so there is no copy that takes its place.
    if stage == restoring.REPLACE_STAGE and databases.server is not None:
        stage = "never"
    finished = "done" in done.stdout
    assert finished == (stage == "never")
    assert reopened(tmp_path / "workspace.db") == (new if finished else old)
    if databases.server is None:
        with closing(sqlite3.connect(tmp_path / "workspace.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_an_older_workspace_is_copied_before_it_is_upgraded(
    tmp_path: Path, databases: Databases, older: Callable[[Path, str], Path]
) -> None:
    path = older(tmp_path / "w.db", "0005")
    with closing(open_workspace(path)) as workspace:
        (copy,) = safety.copies(workspace.engine)
    assert copy.why == safety.BEFORE_UPGRADE
    if databases.server is None:
        assert revision_at(f"sqlite:///{copy.path}") == "0005"
    else:
        assert restoring.read_info(copy.path).revision == "0005"
    with closing(open_workspace(path)) as workspace:
        assert len(safety.copies(workspace.engine)) == 1, "not at every start"
        before = rows(workspace)
        restoring.restore(workspace, copy.path, nobody)
    assert reopened(path) == before


def test_a_new_workspace_is_not_copied(tmp_path: Path) -> None:
    with closing(open_workspace(tmp_path / "w.db")) as workspace:
        assert safety.copies(workspace.engine) == []


def test_an_upgrade_without_a_copy_does_not_happen(
    tmp_path: Path, databases: Databases, older: Callable[[Path, str], Path]
) -> None:
    path = older(tmp_path / "w.db", "0005")
    folder = safety.folder(create_engine(databases.address(path)))
    folder.write_text("in the way", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="No safety copy"):
        open_workspace(path)
    assert revision_at(databases.address(path)) == "0005"


def test_the_last_three_copies_of_a_kind_are_kept_and_nothing_else_is_deleted(
    full: Workspace, tmp_path: Path
) -> None:
    folder = safety.folder(full.engine)
    folder.mkdir()
    (folder / "mine.ruwo").write_bytes(b"x")

    def copy(why: str) -> Path | None:
        if safety.database_path(full.engine) is not None:
            return safety.copy_before(full.engine, why)
        with full.read() as connection:
            return backup.write_copy(connection, why, nobody)

    made = [copy(safety.BEFORE_RESTORE) for _time in range(5)]
    one = copy(safety.BEFORE_UPGRADE)
    kept = {each.path for each in safety.copies(full.engine)}
    assert kept == {*made[-3:], one}
    assert (folder / "mine.ruwo").exists()


def test_a_backup_holds_no_text_outside_its_tables(full: Workspace) -> None:
    file = io.BytesIO()
    with full.read() as connection:
        backup.write_backup(connection, file, nobody)
    with zipfile.ZipFile(file) as archive:
        told = archive.read("manifest.json").decode()
        assert not any(word in told for word in ("阿橙", "在吗", "13800138000"))


def test_journal_rows_go_on_after_those_of_the_backup(full: Workspace, tmp_path: Path) -> None:
    write(full, tmp_path / "w.ruwo")
    with full.write() as connection:
        journal.note(connection, "import", 1)
    restoring.restore(full, tmp_path / "w.ruwo", nobody)
    with closing(open_workspace(tmp_path / "workspace.db")) as again:
        do(again, lambda r: actions.set_status(r, [1], Status.REJECTED))
        assert undo(again) == ("test", None)
