"""The settings back the workspace up and restore it; what is in a backup is shown before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import ConversationFilter, Status
from curation.ui import resources
from curation.ui.components.download import PIECE, Wanted, download_data, read_wanted
from curation.ui.state import Keys

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]

pytestmark = pytest.mark.in_turn


def approved(ws: Workspace) -> int:
    return workflow.count_by_status(ws)[Status.APPROVED]


def test_a_backup_is_made_listed_and_restored_after_a_question(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = open_page("settings").run()
    assert any("没有遮盖的原文" in each.value for each in at.warning)
    at.button(key="backup-make").click().run()
    assert not at.exception
    assert any("已备份" in each.value for each in at.success)
    (kept,) = workflow.kept_backups(sample)
    assert kept.path.parent == workflow.new_backup_path(sample).parent
    workflow.set_status(sample, ConversationFilter(), Status.APPROVED)
    total = workflow.count_matching(sample, ConversationFilter())

    at.button(key="backup-restore-0").click().run()
    assert approved(sample) == total, "nothing happens before the yes"
    assert any(f"里面有 {total} 段对话" in each.value for each in at.text)
    at.button(key="backup-no").click().run()
    assert not [each for each in at.button if each.key == "backup-yes"]

    at.button(key="backup-restore-0").click().run()
    at.button(key="backup-yes").click().run()
    assert not at.exception
    assert approved(sample) == 0
    toasts = " ".join(each.value for each in at.toast)
    assert "留作" in toasts
    assert "已被备份替换" in toasts
    assert sorted(each.why for each in workflow.kept_backups(sample)) == ["", "before-restore"]


def test_a_copy_of_the_replaced_workspace_is_restored_as_well(
    sample: Workspace, open_page: OpenPage, tmp_path: Path
) -> None:
    workflow.backup_workspace(sample, tmp_path / "elsewhere.ruwo")
    workflow.set_status(sample, ConversationFilter(), Status.APPROVED)
    total = approved(sample)
    at = open_page("settings").run()
    at.text_input(key=Keys.BACKUP_PATH).set_value(f'"{tmp_path / "elsewhere.ruwo"}"').run()
    at.button(key="backup-yes").click().run()
    assert approved(sample) == 0
    at.text_input(key=Keys.BACKUP_PATH).set_value("").run()
    at.button(key="backup-restore-0").click().run()
    at.button(key="backup-yes").click().run()
    assert not at.exception
    assert approved(sample) == total


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nonsense", "不是备份".encode()])
def test_a_file_that_is_no_backup_is_one_sentence(
    sample: Workspace, open_page: OpenPage, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "坏.ruwo").write_bytes(content)
    at = open_page("settings").run()
    at.text_input(key=Keys.BACKUP_PATH).set_value(str(tmp_path / "坏.ruwo")).run()
    assert not at.exception
    assert [each.value for each in at.error if "不是工作区的备份" in each.value]
    assert not [each for each in at.button if each.key == "backup-yes"]


@pytest.mark.sqlite_only("who runs a server makes copies of its databases")
def test_daily_copies_are_switched_off_and_shown_when_they_cannot_be_made(
    sample: Workspace, open_page: OpenPage
) -> None:
    assert resources.copier().look() is not None
    workflow.want_daily_copies(sample, wanted=True)
    at = open_page("settings").run()
    assert any("每日副本" in each.value for each in at.markdown)
    assert at.toggle(key=Keys.DAILY_COPIES).value
    at.toggle(key=Keys.DAILY_COPIES).set_value(False).run()
    assert not at.exception
    assert not workflow.daily_copies(sample)
    for each in workflow.kept_backups(sample):
        workflow.delete_backup(sample, each.path)
    assert resources.copier().look() is None
    folder = workflow.new_backup_path(sample).parent
    folder.rmdir()
    folder.write_text("in the way", encoding="utf-8")
    at.toggle(key=Keys.DAILY_COPIES).set_value(True).run()
    assert resources.copier().look() is None
    at.run()
    assert any("无法先做安全副本" in each.value for each in at.warning)


def test_a_backup_is_deleted(sample: Workspace, open_page: OpenPage) -> None:
    workflow.backup_workspace(sample, workflow.new_backup_path(sample))
    at = open_page("settings").run()
    at.button(key="backup-delete-0").click().run()
    assert not at.exception
    assert workflow.kept_backups(sample) == []


def test_a_file_is_downloaded_piece_by_piece(tmp_path: Path) -> None:
    import base64  # noqa: PLC0415

    content = bytes(range(256)) * (2 * PIECE // 256 + 3)
    path = tmp_path / "b.ruwo"
    path.write_bytes(content)
    got = b""
    while len(got) < len(content):
        data = download_data(path, Wanted("x", len(got)), {})
        assert (data["size"], data["piece"]["at"]) == (len(content), len(got))
        piece = base64.b64decode(data["piece"]["bytes"])
        assert 0 < len(piece) <= PIECE
        got += piece
    assert got == content
    assert download_data(path, None, {})["piece"] is None


@pytest.mark.parametrize(
    "value",
    [None, "x", {}, {"fetch": 1, "at": 0}, {"fetch": "x", "at": -1}, {"fetch": "x", "at": 0.5},
     {"fetch": "x", "at": True}],
)  # fmt: skip
def test_what_the_button_never_sends_is_passed_over(value: object) -> None:
    assert read_wanted(value) is None
    assert read_wanted({"fetch": "x", "at": 3.0}) == Wanted("x", 3)
