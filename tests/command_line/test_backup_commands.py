"""`backup` writes the workspace to one file, `restore` lets such a file be the workspace."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.__main__ import main
from curation.model import ConversationFilter, Status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[workflow.Workspace]:
    """The sample in the workspace that the commands use."""
    path = tmp_path / "workspace.db"
    monkeypatch.setenv("RUWO_WORKSPACE", str(path))
    workspace = workflow.open_workspace()
    workflow.import_sample(workspace)
    yield workspace
    workspace.close()


def approved() -> int:
    workspace = workflow.open_workspace()
    try:
        return workflow.count_by_status(workspace)[Status.APPROVED]
    finally:
        workspace.close()


def test_a_backup_is_restored_and_the_replaced_workspace_is_kept(
    sample: workflow.Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    total = workflow.count_matching(sample, ConversationFilter())
    assert main(["backup", str(tmp_path / "b.ruwo")]) == 0
    told = capsys.readouterr()
    assert f"{'conversations':<36}{total}" in told.out
    assert "unmasked" in told.err
    workflow.set_status(sample, ConversationFilter(), Status.APPROVED)
    assert main(["restore", str(tmp_path / "b.ruwo")]) == 0
    out = capsys.readouterr().out
    assert approved() == 0
    kept = out.splitlines()[-1].removeprefix("replaced workspace kept as").strip()
    assert main(["restore", kept]) == 0
    assert approved() == total


def test_a_file_that_is_there_is_replaced_only_when_forced(
    sample: workflow.Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "b.ruwo"
    path.write_text("precious", encoding="utf-8")
    assert main(["backup", str(path)]) == 1
    assert "--force" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == "precious"
    assert main(["backup", str(path), "--force"]) == 0
    assert workflow.backup_info(path).messages > 0
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".part"] == []


@pytest.mark.parametrize("name", ["no such file.ruwo", "folder"])
def test_what_is_no_backup_is_one_sentence(
    sample: workflow.Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (tmp_path / "folder").mkdir()
    assert main(["restore", str(tmp_path / name)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert main(["backup", str(tmp_path / "folder" / "no" / "b.ruwo")]) == 0


def test_a_damaged_workspace_is_told_with_its_newest_copy_which_restore_brings_back(
    sample: workflow.Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    total = workflow.count_matching(sample, ConversationFilter())
    assert workflow.Copier(sample).look() is not None
    workflow.set_status(sample, ConversationFilter(), Status.APPROVED)
    (copy,) = workflow.kept_backups(sample)
    sample.close()
    path = tmp_path / "workspace.db"
    with path.open("r+b") as file:
        file.seek(path.stat().st_size - 50_000)
        file.write(bytes(30_000))
    spoilt = path.read_bytes()
    assert main(["stats"]) == 1
    told = capsys.readouterr()
    assert not told.out
    assert "is damaged" in told.err
    assert "; 1 actions came after it" in told.err
    assert str(copy.path) in told.err
    assert path.read_bytes() == spoilt
    assert main(["restore", str(copy.path)]) == 0
    aside = capsys.readouterr().out.split()[-1]
    assert (tmp_path / aside).read_bytes() == spoilt
    assert main(["stats"]) == 0
    capsys.readouterr()
    path.write_bytes(os.urandom(8192) + path.read_bytes()[8192:])
    assert main(["stats"]) == 1
    told = capsys.readouterr()
    assert "may be damaged, not encrypted" in told.err
    assert f"--plain {copy.path}" in told.err
    assert main(["restore", "--plain", str(copy.path)]) == 0
    assert main(["stats"]) == 0
    assert f"conversations all{total:>20}".split() == next(
        line.split() for line in capsys.readouterr().out.splitlines() if "conversations all" in line
    )
