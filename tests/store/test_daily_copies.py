"""Daily copies: when one is due, how many stay, and that neither clock nor disk spoils them."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest

from curation.errors import WorkspaceDamagedError, WorkspaceError
from curation.model import Status
from curation.store import actions, open_workspace, put_setting
from curation.store.files import connecting, rotation, safety
from tests.store.conftest import put_chat
from tests.store.test_journal import TALK, do

if TYPE_CHECKING:
    from pathlib import Path

    from curation.store import Workspace

pytestmark = pytest.mark.sqlite_only("a database on a server is backed up by who runs it")

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    """The clock of the computer, as a test sets it."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self, _zone: object) -> datetime:
        return self.at

    def strptime(self, text: str, form: str) -> datetime:
        return datetime.strptime(text, form)  # noqa: DTZ007  (as the product: it says UTC itself)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(safety, "datetime", clock)
    monkeypatch.setattr(rotation, "datetime", clock)
    return clock


@pytest.fixture
def filled(workspace: Workspace) -> Workspace:
    put_chat(workspace, TALK)
    return workspace


def daily(workspace: Workspace) -> list[safety.SafetyCopy]:
    return [each for each in safety.copies(workspace.engine) if each.why == safety.DAILY]


def change(workspace: Workspace) -> None:
    put_setting(workspace, "seen", os.urandom(4).hex())


def look(workspace: Workspace) -> bool:
    """Do what the program does at its start; return whether it made a copy."""
    if not rotation.due(workspace.engine):
        return False
    assert rotation.make(workspace.engine) is not None
    return True


def test_an_empty_workspace_gets_no_copy(workspace: Workspace) -> None:
    assert not rotation.due(workspace.engine)


def test_one_a_day_and_only_when_something_changed(filled: Workspace, clock: Clock) -> None:
    assert look(filled)
    change(filled)
    clock.at += timedelta(hours=23)
    assert not look(filled), "the newest is not a day old"
    clock.at += timedelta(hours=2)
    assert look(filled)
    clock.at += timedelta(days=30)
    assert not look(filled), "nothing changed"
    do(filled, lambda r: actions.set_status(r, [1], Status.APPROVED))
    assert look(filled)


def test_the_last_seven_stay(filled: Workspace, clock: Clock) -> None:
    made = []
    for _day in range(9):
        change(filled)
        clock.at += timedelta(days=1)
        made.append(rotation.make(filled.engine))
    assert [each.path for each in daily(filled)] == made[:1:-1]


class Step(NamedTuple):
    """By how many hours the clock is turned, and whether a copy is made then."""

    hours: int
    copies: int


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([Step(-9600, 1), Step(2, 0), Step(24, 1)], id="set back a year"),
        pytest.param([Step(96_000, 1), Step(-96_000, 1), Step(24, 1)], id="ahead for a while"),
        pytest.param([Step(-24 - day % 2, 1) for day in range(9)], id="back every day"),
    ],
)
def test_a_clock_that_is_wrong_neither_stops_the_copies_nor_deletes_the_newest(
    filled: Workspace, clock: Clock, steps: list[Step], tmp_path: Path
) -> None:
    look(filled)
    for step in steps:
        clock.at += timedelta(hours=step.hours)
        change(filled)
        state = rotation.state_of(tmp_path / "workspace.db")
        assert look(filled) == bool(step.copies)
        if step.copies:
            assert rotation.state_of(daily(filled)[0].path, still=True) == state
            safety.prune(filled.engine)
            assert rotation.state_of(daily(filled)[0].path, still=True) == state
    turns = [each.turn for each in daily(filled)]
    assert turns == sorted(turns, reverse=True)
    assert len(set(turns)) == len(turns) <= safety.KEPT[safety.DAILY]


def test_copies_of_an_older_version_are_older_than_all_others(filled: Workspace) -> None:
    folder = safety.folder(filled.engine)
    folder.mkdir()
    old = [folder / f"20991231-235959{again}-before-upgrade.db" for again in ("", "-2", "-10")]
    for path in old:
        path.write_bytes(b"x")
    strange = folder / "000009-20261399-250000-daily.db"
    strange.write_bytes(b"x")
    new = safety.copy_before(filled.engine, safety.BEFORE_UPGRADE)
    assert [each.path for each in safety.copies(filled.engine)] == [new, old[2], old[1]]
    assert strange.exists(), "what we did not name is not ours to delete"


def test_a_copy_is_one_file_for_its_owner_alone_and_the_same_workspace(
    filled: Workspace, tmp_path: Path
) -> None:
    path = rotation.make(filled.engine)
    assert path is not None
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    query = "SELECT id, original_text FROM message ORDER BY id"
    with (
        closing(connecting.connect(path, still=True)) as copy,
        closing(connecting.connect(tmp_path / "workspace.db", read_only=True)) as live,
    ):
        assert copy.execute(query).fetchall() == live.execute(query).fetchall() != []
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_it_is_one_state_though_others_write_all_the_time(
    filled: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safety, "_PAGES_AT_ONCE", 4)
    before = rotation.state_of(tmp_path / "workspace.db")
    written = 0

    def write_meanwhile() -> bool:
        nonlocal written
        if written < 30:
            written += 1
            change(filled)
        return False

    path = rotation.make(filled.engine, write_meanwhile)
    assert written > 5
    assert path is not None
    assert rotation.state_of(path, still=True) == before


def test_a_stopped_copy_leaves_nothing(filled: Workspace) -> None:
    assert rotation.make(filled.engine, lambda: True) is None
    assert list(safety.folder(filled.engine).iterdir()) == []


def test_while_a_copy_is_checked_it_can_be_stopped_and_holds_nothing(
    filled: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safety, "_STEPS_AT_ONCE", 1)
    source = safety.database_path(filled.engine)
    assert source is not None
    emptied: list[bool] = []

    def stopped() -> bool:
        if not emptied:  # all pages are copied
            change(filled)
            emptied.append(False)
            return False
        with closing(connecting.connect(source)) as connection:
            busy, *_pages = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        emptied.append(not busy)
        return True

    assert rotation.make(filled.engine, stopped) is None
    assert emptied[:2] == [False, True]
    assert list(safety.folder(filled.engine).iterdir()) == []


def test_a_copy_that_is_not_whole_never_gets_its_name(
    filled: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = connecting.connect

    def spoilt(path: Path, *, read_only: bool = False, still: bool = False) -> sqlite3.Connection:
        connection = connect(path, read_only=read_only, still=still)
        if path.suffix != ".part":
            return connection
        connection.close()

        class Spoiling(sqlite3.Connection):
            def execute(self, sql: str, *_rest: object) -> sqlite3.Cursor:
                if "_check(1)" in sql:
                    with path.open("r+b") as file:
                        file.seek(4096 * 3)
                        file.write(b"\xff" * 4096 * 3)
                return super().execute(sql)

        return sqlite3.connect(path, factory=Spoiling, isolation_level=None)

    monkeypatch.setattr(connecting, "connect", spoilt)
    with pytest.raises(WorkspaceError, match="No safety copy"):
        rotation.make(filled.engine)
    assert list(safety.folder(filled.engine).iterdir()) == []


def test_older_copies_make_room_and_the_newest_never_does(
    filled: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for _day in range(4):
        change(filled)
        made.append(rotation.make(filled.engine))
    size = daily(filled)[0].size
    free = rotation.SPARE - size // 2

    class Usage(NamedTuple):
        free: int

    def usage(_path: Path) -> Usage:
        return Usage(free + (4 - len(daily(filled))) * size)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    made.append(rotation.make(filled.engine))
    kept = [each.path for each in daily(filled)]
    assert kept[0] == made[-1]
    assert 1 < len(kept) < 5
    free = -(10**12)
    with pytest.raises(WorkspaceError, match="and the disk has"):
        rotation.make(filled.engine)
    assert [each.path for each in daily(filled)] == kept[:1]


def test_large_copies_are_fewer(filled: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    rotation.make(filled.engine)
    monkeypatch.setattr(safety, "DAILY_BYTES", daily(filled)[0].size * 7 // 2)
    for _day in range(5):
        rotation.make(filled.engine)
    assert len(daily(filled)) == 3
    monkeypatch.setattr(safety, "DAILY_BYTES", 1)
    rotation.make(filled.engine)
    assert len(daily(filled)) == 2


def test_two_programs_at_once_make_two_whole_copies(filled: Workspace, tmp_path: Path) -> None:
    with closing(open_workspace(tmp_path / "workspace.db")) as other:
        threads = [
            threading.Thread(target=rotation.make, args=(each.engine,)) for each in (filled, other)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    held = safety.folder(filled.engine)
    assert {each.suffix for each in held.iterdir()} == {".db"}
    state = rotation.state_of(tmp_path / "workspace.db")
    assert {rotation.state_of(each.path, still=True) for each in daily(filled)} == {state}


def test_of_a_workspace_whose_journal_was_spoilt_no_copy_drives_out_the_good_ones(
    filled: Workspace, clock: Clock, tmp_path: Path
) -> None:
    do(filled, lambda r: actions.set_status(r, [1], Status.APPROVED))
    assert look(filled)
    filled.engine.dispose()
    path = tmp_path / "workspace.db"
    whole = path.read_bytes()
    assert whole.count(b'"approved"') == 1
    path.write_bytes(whole.replace(b'"approved"', b'"apqroved"'))
    clock.at += timedelta(days=2)
    change(filled)
    assert rotation.due(filled.engine)
    with pytest.raises(WorkspaceDamagedError):
        rotation.make(filled.engine)
    assert len(daily(filled)) == 1
