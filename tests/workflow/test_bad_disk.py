"""A disk that is full or only read, and another program that holds the file: words, nothing lost.

Where a test may mount, the disk is a real one of some megabytes; elsewhere SQLite is told that its
file may not grow.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from curation import workflow
from curation.errors import RuwoError, WorkspaceError
from curation.model import ConversationFilter, Status
from curation.store import workspace as module
from curation.store.files import connecting
from tests.workflow.test_killed_at_any_moment import KILLS, chat_file, check_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from _pytest.mark.structures import ParameterSet

    from curation.workflow import Workspace

pytestmark = pytest.mark.in_turn

BYTES = 12_000_000
LEFT = 4_096
"""So many bytes a disk that is called full has left: less than any of this needs."""


def mounted(folder: Path) -> bool:
    """Mount a small disk at a folder; False where the system does not let us."""
    with suppress(OSError):
        command = ["mount", "-t", "tmpfs", "-o", f"size={BYTES}", "tmpfs", str(folder)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    return False


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mounted(folder):
        pytest.skip("only who may mount has a disk to fill")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=True)


def fill_up(disk: Path) -> None:
    """Leave nearly nothing free."""
    facts = os.statvfs(disk)
    free = facts.f_bavail * facts.f_frsize - LEFT
    (disk / "filler").write_bytes(bytes(max(free, 0)))


def make_room(disk: Path) -> None:
    (disk / "filler").unlink()


def filled(path: Path, folder: Path) -> Workspace:
    workspace = workflow.open_workspace(path)
    chat = chat_file(folder / "first.csv", "阿橙", 70, 1)
    workflow.import_files(workspace, [chat], me={chat: "小满"})
    workflow.scan_findings(workspace)
    workflow.set_status(workspace, ConversationFilter(), Status.APPROVED)
    return workspace


def everything(workspace: Workspace) -> list[str]:
    with workspace.read() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        return list(driver.iterdump())


def files(folder: Path) -> list[str]:
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())


def bring_in(workspace: Workspace, folder: Path) -> None:
    chat = chat_file(folder / "second.csv", "老陈", 150, 100_000)
    workflow.import_files(workspace, [chat], me={chat: "小满"})


WORK: dict[str, Callable[[Workspace, Path], object]] = {
    "a bulk action": lambda ws, _to: workflow.tag_emotion(
        ws, ConversationFilter(), "开" * 3000, on=True
    ),
    "an import": bring_in,
    "splitting again": lambda ws, _to: (
        workflow.set_gap(ws, 1, 5), workflow.resplit(ws)
    ),
}  # fmt: skip


FEW = ("an import", "an export", "a restore", "a new workspace")
"""What the suite tries; all of it with RUWO_KILLS."""


def some(work: dict[str, Callable[[Workspace, Path], object]]) -> list[ParameterSet]:
    return [pytest.param(do, id=name) for name, do in work.items() if KILLS or name in FEW]


@pytest.mark.parametrize("work", some(WORK))
def test_on_a_full_disk_work_says_so_and_is_done_when_there_is_room(
    disk: Path, tmp_path: Path, work: Callable[[Workspace, Path], object]
) -> None:
    with closing(filled(disk / "w.db", tmp_path)) as workspace:
        before = everything(workspace)
        fill_up(disk)
        with pytest.raises(WorkspaceError, match="The disk is full"):
            work(workspace, tmp_path)
        assert everything(workspace) == before
        make_room(disk)
        work(workspace, tmp_path)
        assert everything(workspace) != before
        check_whole(workspace)


def test_a_file_that_may_not_grow_is_told_as_a_full_disk(tmp_path: Path) -> None:
    with closing(filled(tmp_path / "w.db", tmp_path)) as workspace:
        before = everything(workspace)

        def limit(connection: object, *_rest: object) -> None:
            connection.execute("PRAGMA max_page_count=1").close()  # type: ignore[attr-defined]

        event.listen(workspace.engine, "checkout", limit)
        with pytest.raises(WorkspaceError, match="The disk is full"):
            bring_in(workspace, tmp_path)
        assert everything(workspace) == before
        check_whole(workspace)


OUTPUT: dict[str, Callable[[Workspace, Path], object]] = {
    "a backup": lambda ws, to: workflow.backup_workspace(ws, to / "b.ruwo"),
    "an export": lambda ws, to: workflow.export_dataset(ws, to / "dataset"),
    "a daily copy": lambda ws, _to: copied(ws),
    "a restore": lambda ws, to: workflow.restore_workspace(ws, to / "kept.ruwo"),
    "a new workspace": lambda _ws, to: workflow.open_workspace(f"sqlite:///{to / 'new.db'}"),
}


def copied(workspace: Workspace) -> None:
    copier = workflow.Copier(workspace)
    if copier.look() is None and copier.problem is not None:
        raise copier.problem


@pytest.mark.parametrize("work", some(OUTPUT))
def test_on_a_full_disk_nothing_half_lies_under_its_name(
    disk: Path, tmp_path: Path, work: Callable[[Workspace, Path], object]
) -> None:
    with closing(filled(disk / "w.db", tmp_path)) as workspace:
        workflow.backup_workspace(workspace, disk / "kept.ruwo")
        workflow.export_dataset(workspace, disk / "dataset")
        earlier = (disk / "dataset" / "sharegpt.json").read_bytes()
        workflow.set_status(workspace, ConversationFilter(), Status.SKIPPED)
        workflow.undo(workspace)
        before = everything(workspace)
        fill_up(disk)
        there = files(disk)
        with pytest.raises(RuwoError, match=r"(?i)no space|full|room|MB left|could not be"):
            work(workspace, disk)
        left = {each for each in set(files(disk)) - set(there) if not each.startswith("w.db")}
        assert {each for each in left if (disk / each).stat().st_size} == set()
        assert (disk / "dataset" / "sharegpt.json").read_bytes() == earlier
        assert workflow.backup_info(disk / "kept.ruwo").conversations == 70
        make_room(disk)
        assert everything(workspace) == before
        assert len(json.loads(earlier)) == 70


def test_a_disk_that_can_only_be_read_is_told_as_such(disk: Path, tmp_path: Path) -> None:
    filled(disk / "w.db", tmp_path).close()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    with pytest.raises(WorkspaceError, match=r"can only be read|could not be read"):
        workflow.open_workspace(disk / "w.db")
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    with closing(workflow.open_workspace(disk / "w.db")) as workspace:
        check_whole(workspace)


def test_a_disk_that_becomes_read_only_while_the_workspace_is_open(
    disk: Path, tmp_path: Path
) -> None:
    with closing(filled(disk / "w.db", tmp_path)) as workspace:
        before = everything(workspace)
        workspace.engine.dispose()
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with pytest.raises(WorkspaceError):
            workflow.set_status(workspace, ConversationFilter(), Status.SKIPPED)
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        assert everything(workspace) == before


HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute(sys.argv[2]).fetchone()
held.execute("BEGIN EXCLUSIVE")
held.execute("SELECT * FROM setting").fetchall()
print("held", flush=True)
sys.stdin.readline()
held.execute("ROLLBACK")
"""


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for others a moment only."""
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.3)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("how", ["SELECT 1", "PRAGMA locking_mode=EXCLUSIVE"])
def test_another_program_that_holds_the_file_is_told_and_nothing_is_lost(
    tmp_path: Path, how: str
) -> None:
    path = tmp_path / "w.db"
    with closing(filled(path, tmp_path)) as workspace:
        before = everything(workspace)
        if "EXCLUSIVE" in how:  # which only who is alone gets
            workspace.engine.dispose()
        with subprocess.Popen(
            [sys.executable, "-c", HOLD, str(path), how],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ) as other:  # fmt: skip
            assert other.stdout is not None
            assert other.stdout.readline() == "held\n"
            for work in (
                lambda: workflow.set_status(workspace, ConversationFilter(), Status.SKIPPED),
                lambda: workflow.open_workspace(path).close(),
            ):
                with pytest.raises(WorkspaceError, match="Another program holds the workspace"):
                    work()
            other.communicate("\n", timeout=20)
        assert everything(workspace) == before
        workflow.set_status(workspace, ConversationFilter(), Status.SKIPPED)
        check_whole(workspace)
    with closing(connecting.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
