"""Work that a test kills: each job writes down what it was told is done, as a screen would show."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from curation import workflow
from curation.model import ConversationFilter, Status
from curation.store.files import rotation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from curation.workflow import Workspace

    Confirm = Callable[[str], None]

CLIENT = "screen"


def run(job: str, database: Path, folder: Path) -> None:
    """Do a job until it is done or killed; what is confirmed stands in a file of the folder."""
    noted = os.open(folder / "confirmed", os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    def confirm(what: str) -> None:
        os.write(noted, f"{what}\n".encode())

    workspace = workflow.open_workspace(database)
    confirm("ready")
    JOBS[job](workspace, folder, confirm)
    confirm("done")
    os._exit(0)


def confirmed(folder: Path) -> list[str]:
    """Return what was confirmed, in order."""
    path = folder / "confirmed"
    return path.read_text("utf-8").split() if path.exists() else []


def review(workspace: Workspace, _folder: Path, confirm: Confirm) -> None:
    """Approve one conversation after the other over the protocol of the review page."""
    for number in range(1, 61):
        action = {"n": number, "type": "set_status", "id": number, "version": 1}
        sent = {**action, "status": Status.APPROVED.value}
        answer = workflow.commit_actions(workspace, CLIENT, [sent])
        assert not answer.refused
        confirm(str(answer.number))


def bulk(workspace: Workspace, _folder: Path, confirm: Confirm) -> None:
    """Give every conversation one emotion after the other."""
    for number in range(8):
        workflow.tag_emotion(workspace, ConversationFilter(), f"e{number}", on=True)
        confirm(f"e{number}")


def bring_in(workspace: Workspace, folder: Path, confirm: Confirm) -> None:
    """Import one file after the other."""
    for path in sorted(folder.glob("*.csv")):
        workflow.import_files(workspace, [path], me={path: "小满"})
        confirm(path.stem)


def scan(workspace: Workspace, _folder: Path, confirm: Confirm) -> None:
    """Look for private data in everything."""
    workflow.scan_findings(workspace)
    confirm("scanned")


def split(workspace: Workspace, _folder: Path, confirm: Confirm) -> None:
    """Put all messages together otherwise, back and forth."""
    for number in range(4):
        settings = workflow.load_settings(workspace)
        minutes = (5, 30)[number % 2]
        fixed = replace(settings, gap_mode="fixed", gap_minutes=minutes)
        workflow.save_settings(workspace, fixed)
        workflow.resplit(workspace)
        confirm(f"split{minutes}")


def export(workspace: Workspace, folder: Path, confirm: Confirm) -> None:
    """Write the dataset into a folder again and again."""
    for _turn in range(3):
        workflow.export_dataset(workspace, folder / "dataset")
        confirm("exported")


def back_up(workspace: Workspace, folder: Path, confirm: Confirm) -> None:
    """Write backups."""
    for number in range(4):
        workflow.backup_workspace(workspace, folder / f"{number}.ruwo")
        confirm(f"{number}.ruwo")


def restore(workspace: Workspace, folder: Path, confirm: Confirm) -> None:
    """Let a backup be the workspace."""
    workflow.restore_workspace(workspace, folder / "base.ruwo")
    confirm("restored")


def copy(workspace: Workspace, _folder: Path, confirm: Confirm) -> None:
    """Make daily copies."""
    for _turn in range(5):
        made = rotation.make(workspace.engine)
        assert made is not None
        confirm(made.name)


JOBS: dict[str, Callable[[Workspace, Path, Confirm], None]] = {
    "review": review,
    "bulk": bulk,
    "import": bring_in,
    "scan": scan,
    "split": split,
    "export": export,
    "backup": back_up,
    "restore": restore,
    "copy": copy,
}
