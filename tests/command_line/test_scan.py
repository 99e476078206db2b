"""`scan`: the workspace is searched without a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curation import workflow
from curation.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_scan_searches_what_was_not_searched_and_counts_what_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RUWO_WORKSPACE", str(tmp_path / "workspace.db"))
    workspace = workflow.open_workspace()
    workflow.import_sample(workspace)
    waiting = workflow.unscanned_count(workspace)
    workspace.close()
    assert main(["scan"]) == 0
    said = dict(line.rsplit(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert said["messages searched"] == str(waiting)
    assert int(said["findings PHONE_NUMBER"]) > 0
    assert int(said["conversations looked at"]) > 0
    assert int(said["conversations with emotion"]) > 0
    assert main(["scan"]) == 0
    again = capsys.readouterr().out
    assert "messages searched                   0" in again
    assert "conversations looked at             0" in again
