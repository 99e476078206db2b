"""What this program writes is for its owner alone, whatever the system would let others see."""

from __future__ import annotations

import os
import stat
import time
from typing import TYPE_CHECKING

import pytest

from curation import private_files, workflow
from curation.model import ConversationFilter, Status
from tests import fake_trainer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    WriteChat = Callable[..., Path]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="rights of other users, as POSIX has them")


@pytest.fixture
def _open_to_all() -> Iterator[None]:
    """Let the system take nothing away; with 022, what others may read is a part of that."""
    before = os.umask(0o000)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    return [
        f"{path.relative_to(folder)} {stat.filemode(path.stat().st_mode)}"
        for path in sorted(folder.rglob("*"))
        if path.stat().st_mode & 0o077
    ]


def whole_job(place: Path, chat: Path, trainer: Path) -> None:
    """Import, look at everything, export, back up, train, restore; the workspace stays open."""
    workspace = workflow.open_workspace(place / "deep" / "workspace.db")
    workflow.import_files(workspace, [chat], me={chat: "小满"})
    workflow.scan_findings(workspace)
    workflow.suggest(workspace)
    workflow.set_status(workspace, ConversationFilter(), Status.APPROVED)
    workflow.build_version(workspace, workflow.load_export_options(workspace))
    made = workflow.new_backup_path(workspace)
    workflow.backup_workspace(workspace, made)
    workflow.backup_workspace(workspace, place / "elsewhere" / "mine.ruwo")
    workflow.save_training_choices(
        workspace, workflow.TrainingChoices(memory=24, trainer=str(trainer))
    )
    workflow.start_training(workspace)
    deadline = time.monotonic() + 20
    while workflow.training_runs(workspace)[0].going:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    workflow.restore_workspace(workspace, made)
    workflow.restore_workspace(workspace, workflow.kept_backups(workspace)[0].path)


@pytest.mark.usefixtures("_open_to_all")
def test_nothing_that_a_whole_job_leaves_can_be_read_by_others(
    tmp_path: Path, write_chat: WriteChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(fake_trainer.WAY, "run:2")
    lines = [(talk * 600 + side, name, "吃了吗") for talk in range(3) for side, name in WHO]
    place = tmp_path / "place"
    whole_job(place, write_chat(lines), fake_trainer.install(tmp_path / "bin"))
    left = {path.name for path in place.rglob("*")}
    assert {"workspace.db", "workspace.db-wal", "workspace.db-shm", "mine.ruwo"} <= left
    assert {"workspace-backups", "workspace-exports", "workspace-training"} <= left
    assert {"sharegpt.json", "trainer.txt", "train.yaml", "run.json"} <= left
    assert open_to_others(place) == []


WHO = ((0, "阿橙"), (1, "小满"))


def test_what_was_made_with_wider_rights_is_closed_when_the_workspace_is_opened(
    tmp_path: Path,
) -> None:
    path = tmp_path / "workspace.db"
    workflow.open_workspace(path).close()
    for folder in ("workspace-backups", "workspace-exports", "workspace-training"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "old.txt").touch()
    (tmp_path / "workspace.db-wal").touch()
    for each in tmp_path.rglob("*"):
        each.chmod(0o777 if each.is_dir() else 0o664)
    (tmp_path / "neighbour.txt").touch()
    (tmp_path / "neighbour.txt").chmod(0o644)
    workspace = workflow.open_workspace(path)
    assert open_to_others(tmp_path) == ["neighbour.txt -rw-r--r--"]
    workspace.close()


def test_rights_that_cannot_be_changed_keep_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "others.txt"
    path.touch(mode=0o644)
    path.chmod(0o644)
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    private_files.tighten(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    private_files.tighten(tmp_path / "none")


@pytest.mark.usefixtures("_open_to_all")
def test_a_file_is_closed_to_others_from_its_first_moment(tmp_path: Path) -> None:
    with private_files.create(tmp_path / "new", "wb"):
        assert open_to_others(tmp_path) == []
    (tmp_path / "new").chmod(0o666)
    with private_files.create(tmp_path / "new", "wb"):
        assert open_to_others(tmp_path) == []
