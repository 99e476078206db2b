"""A tab that shows a workspace which a backup replaced says so and shows the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import ConversationFilter, Status

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]

pytestmark = pytest.mark.in_turn


def test_an_action_on_the_old_workspace_is_refused_and_the_tab_starts_over(
    sample: Workspace, open_page: OpenPage, tmp_path: Path
) -> None:
    workflow.backup_workspace(sample, tmp_path / "b.ruwo")
    workflow.set_status(sample, [1, 2], Status.APPROVED)
    at = open_page("table").run()
    before = workflow.workspace_stats(sample)["conversations"]
    workflow.restore_workspace(sample, tmp_path / "b.ruwo")

    at.button(key="undo").click().run()

    assert not at.exception
    assert any("已被备份替换" in each.value for each in at.toast)
    assert workflow.count_by_status(sample)[Status.APPROVED] == 0
    assert workflow.workspace_stats(sample)["conversations"] == {
        **before,
        "pending": before["pending"] + before["approved"],
        "approved": 0,
    }
    at.run()
    assert not at.toast
    assert at.button(key="undo").disabled


def test_what_is_done_after_that_is_done_in_the_new_one(
    sample: Workspace, open_page: OpenPage, tmp_path: Path
) -> None:
    workflow.backup_workspace(sample, tmp_path / "b.ruwo")
    at = open_page("journal").run()
    workflow.restore_workspace(sample, tmp_path / "b.ruwo")
    fresh = sample.acting_as("", sample.current_generation())
    workflow.set_status(fresh, ConversationFilter(), Status.APPROVED)
    at.run()
    at.button(key="undo").click().run()
    assert not at.exception
    assert workflow.count_by_status(sample)[Status.APPROVED] == 0
