"""A clock that runs backwards changes what times are shown, and nothing else.

Leases are about time and have tests of their own; daily copies too.
"""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import ConversationFilter, Status
from curation.store.files import safety

if TYPE_CHECKING:
    from pathlib import Path

    from curation.workflow import Workspace

HOUR = 3600.0


@pytest.fixture
def _backwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every look at the clock show an hour earlier than the one before."""
    now = 1_900_000_000.0

    def earlier() -> float:
        nonlocal now
        now -= HOUR
        return now

    monkeypatch.setattr(time, "time", earlier)


@pytest.fixture
def sample(workspace: Workspace, _backwards: None) -> Workspace:
    workflow.import_sample(workspace)
    return workspace


def numbered(number: int, conversation: int, version: int, status: Status) -> dict[str, object]:
    action = {"n": number, "type": "set_status", "id": conversation, "version": version}
    return {**action, "status": status.value}


def test_actions_are_undone_and_redone_in_the_order_in_which_they_were_done(
    sample: Workspace,
) -> None:
    for name in "abc":
        workflow.tag_emotion(sample, ConversationFilter(), name, on=True)
    listed = [line.action for line in workflow.journal_page(sample).lines]
    assert listed[0] == "tag"
    assert listed.index("import") > 2
    for name in "cba":
        assert workflow.count_matching(sample, ConversationFilter(emotion=name)) > 0
        workflow.undo(sample)
        assert workflow.count_matching(sample, ConversationFilter(emotion=name)) == 0
    for name in "ab":
        workflow.redo(sample)
        assert workflow.count_matching(sample, ConversationFilter(emotion=name)) > 0
    workflow.undo(sample)
    assert workflow.count_matching(sample, ConversationFilter(emotion="b")) == 0
    assert workflow.count_matching(sample, ConversationFilter(emotion="a")) > 0


def test_a_screen_s_actions_are_done_once_and_old_versions_refused(sample: Workspace) -> None:
    sent = [numbered(n, n, 1, Status.APPROVED) for n in (1, 2, 3)]
    assert workflow.commit_actions(sample, "screen", sent).number == 3
    again = workflow.commit_actions(sample, "screen", [*sent, numbered(4, 1, 1, Status.SKIPPED)])
    assert again.number == 4
    assert [each.n for each in again.refused] == [4]
    assert workflow.count_by_status(sample)[Status.APPROVED] == 3


def test_exports_backups_and_copies_are_the_newest_that_were_made_last(
    sample: Workspace, tmp_path: Path
) -> None:
    workflow.scan_findings(sample)
    workflow.set_status(sample, ConversationFilter(), Status.APPROVED)
    first = workflow.build_version(sample, workflow.load_export_options(sample)).version
    one_chat = ConversationFilter(chats=tuple(workflow.chats(sample)[:1]))
    workflow.set_status(sample, one_chat, Status.SKIPPED)
    second = workflow.build_version(sample, workflow.load_export_options(sample)).version
    assert [each.id for each in workflow.kept_versions(sample).versions] == [second.id, first.id]
    copies = [safety.copy_before(sample.engine, safety.DAILY) for _turn in range(2)]
    assert [each.path for each in safety.copies(sample.engine)] == copies[::-1]
    path = tmp_path / "b.ruwo"
    workflow.backup_workspace(sample, path)
    workflow.set_status(sample, ConversationFilter(), Status.REJECTED)
    workflow.restore_workspace(sample, path)
    with closing(workflow.open_workspace(tmp_path / "workspace.db")) as again:
        assert workflow.count_by_status(again)[Status.REJECTED] == 0
        assert workflow.undo(again) is not None
