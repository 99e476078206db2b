"""`backup` writes the workspace to one file, `restore` lets such a file be the workspace."""

from __future__ import annotations

import os
import random
import sys
from typing import TYPE_CHECKING, Final

import pytest

from curation import workflow
from curation.__main__ import main
from curation.model import ConversationFilter, Status
from curation.store.files import damage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.postgres import Server

KEPT: Final = "workspace.db.damaged-1"


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
    spoilt = spoil(path)
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


def spoil(path: Path) -> bytes:
    """Overwrite a part near the end of a workspace; return all of it as it is then."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size - 50_000)
        file.write(bytes(30_000))
    return path.read_bytes()


@pytest.mark.parametrize("large", [False, True], ids=["told at the start", "too large for that"])
def test_what_can_still_be_read_is_the_workspace_and_the_damaged_file_is_kept(
    sample: workflow.Workspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    large: bool,
) -> None:
    workflow.set_status(sample, ConversationFilter(), Status.APPROVED)
    sample.close()
    spoilt = spoil(tmp_path / "workspace.db")
    if large:
        monkeypatch.setattr(damage, "AT_START", 0)
    else:
        assert main(["stats"]) == 1
        assert "python -m curation salvage" in capsys.readouterr().err
    assert main(["salvage"]) == 0
    told = capsys.readouterr()
    kept, *counts = told.out.splitlines()
    assert kept.split() == ["damaged", "workspace", "kept", "as", f"{tmp_path / KEPT}"]
    assert (tmp_path / KEPT).read_bytes() == spoilt
    assert f"{'conversations approved':<36}{approved()}" in counts
    assert approved() > 0
    assert "may be missing" in told.err


def as_it_was(_path: Path) -> None:
    """Leave the workspace whole."""


def behind_its_copy(path: Path) -> None:
    older = path.read_bytes()
    workspace = workflow.open_workspace()
    workflow.set_status(workspace, ConversationFilter(), Status.APPROVED)
    assert workflow.Copier(workspace).look() is not None
    workspace.close()
    path.write_bytes(older)


def noise(path: Path) -> None:
    path.write_bytes(random.Random(5).randbytes(40_960))  # noqa: S311  (repeatable, and no secret)


def only_its_log(path: Path) -> None:
    path.unlink()
    path.with_name(f"{path.name}-wal").write_bytes(b"no log of anything")


@pytest.mark.parametrize(
    ("spoiling", "said"),
    [
        (as_it_was, "No damage was found"),
        (behind_its_copy, "older than its newest copy"),
        (noise, "or something else was written over it"),
        (only_its_log, "nothing in it can be read any more"),
    ],
)
def test_nothing_is_changed_where_nothing_can_be_saved(
    sample: workflow.Workspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    spoiling: Callable[[Path], None],
    said: str,
) -> None:
    sample.close()
    path = tmp_path / "workspace.db"
    spoiling(path)
    held = path.read_bytes() if path.exists() else b""
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    assert main(["salvage"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert "python -m curation salvage" not in told.err
    assert (path.read_bytes() if path.exists() else b"") == held
    assert not list(tmp_path.glob("*.damaged-*"))


def test_a_database_on_a_server_is_mended_by_who_runs_that(
    postgres_server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = postgres_server.lend()
    monkeypatch.setenv("RUWO_WORKSPACE", postgres_server.address(name))
    assert main(["salvage"]) == 1
    assert "a database on a server" in capsys.readouterr().err
    postgres_server.give_back(name)
