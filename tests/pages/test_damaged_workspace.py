"""A damaged workspace is told of on every page, with what can take its place."""

from __future__ import annotations

import random
import sys
from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import ConversationFilter, Status
from curation.ui import resources
from curation.ui.state import Keys

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]

pytestmark = pytest.mark.in_turn


@pytest.fixture
def damaged(sample: Workspace, database: Path) -> Path:
    """The sample with one action after its only copy, and zeros near its end."""
    assert resources.copier().look() is not None
    workflow.set_status(sample, ConversationFilter(), Status.APPROVED)
    resources.reopen()
    spoil(database)
    return database


def spoil(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size - 50_000)
        file.write(bytes(30_000))


def fill_with_noise(path: Path, length: int = 4096) -> None:
    """Let a file begin as an encrypted one does."""
    with path.open("r+b") as file:
        file.write(random.Random(5).randbytes(length))  # noqa: S311  (repeatable, and no secret)


def approved() -> int:
    return workflow.count_by_status(resources.workspace())[Status.APPROVED]


def said(at: AppTest) -> str:
    return " ".join(each.value for each in (*at.error, *at.text, *at.markdown, *at.warning))


@pytest.mark.parametrize("page", ["overview", "settings"])
def test_the_newest_copy_is_offered_and_takes_its_place(
    damaged: Path, open_page: OpenPage, page: str
) -> None:
    spoilt = damaged.read_bytes()
    at = open_page(page).run()
    assert not at.exception
    assert "有几处和写入时不一样" in said(at)
    assert "这之后的 1 次操作不在里面" in said(at)
    at.segmented_control(key=Keys.ENTRANCE_LANGUAGE).set_value("en").run()
    assert "1 action that came after it is not in it" in said(at)
    at.segmented_control(key=Keys.ENTRANCE_LANGUAGE).set_value("zh").run()
    assert damaged.read_bytes() == spoilt
    at.button(key="damage-take-0").click().run()
    assert not at.exception
    assert not at.error
    assert approved() == 0
    assert not workflow.is_empty(resources.workspace())
    assert damaged.with_name("workspace.db.damaged-1").read_bytes() == spoilt
    assert any("损坏的文件留作" in each.value for each in at.toast)


@pytest.mark.parametrize("installed", [True, False], ids=["can encrypt", "cannot encrypt"])
def test_noise_is_not_taken_for_a_passphrase_that_nobody_set(
    damaged: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, *, installed: bool
) -> None:
    fill_with_noise(damaged)
    spoilt = damaged.read_bytes()
    if not installed:
        monkeypatch.setitem(sys.modules, "sqlcipher3", None)
    at = open_page("overview").run()
    assert "可能是损坏了，并没有加密" in said(at)
    if installed:
        at.button(key="lock-doubt").click().run()
    assert not [each for each in at.text_input if each.key == Keys.LOCK_OLD]
    at.button(key="damage-take-0").click().run()
    assert not at.exception
    assert not at.error
    assert not workflow.is_empty(resources.workspace())
    assert damaged.with_name("workspace.db.damaged-1").read_bytes() == spoilt


def test_what_can_be_read_is_saved_or_an_empty_one_begun(
    damaged: Path, open_page: OpenPage
) -> None:
    at = open_page("overview").run()
    at.button(key="damage-save").click().run()
    assert not at.exception
    assert approved() > 0
    resources.reopen()
    spoil(damaged)
    at.run()
    at.button(key="damage-anew").click().run()
    assert not at.exception
    assert workflow.is_empty(resources.workspace())
    assert len(list(damaged.parent.glob("*.damaged-?"))) == 2


def test_a_way_that_fails_is_told_and_changes_nothing(damaged: Path, open_page: OpenPage) -> None:
    for each in damaged.parent.glob("*-backups/*.db"):
        spoil(each)
    spoilt = damaged.read_bytes()
    at = open_page("overview").run()
    at.button(key="damage-take-0").click().run()
    assert not at.exception
    assert "备份已损坏" in said(at) or "不是工作区的备份" in said(at)
    assert damaged.read_bytes() == spoilt


def test_a_file_that_was_put_back_can_be_gone_on_with(
    sample: Workspace, database: Path, open_page: OpenPage
) -> None:
    older = database.read_bytes()
    workflow.set_status(sample, ConversationFilter(), Status.APPROVED)
    assert resources.copier().look() is not None
    resources.reopen()
    database.write_bytes(older)
    at = open_page("overview").run()
    assert "比它最新的副本还旧" in said(at)
    assert "操作记录里的都在里面；之后改的设置、聊过的天可能不在" in said(at)
    at.button(key="damage-keep").click().run()
    assert not at.exception
    assert approved() == 0
    resources.reopen()
    assert approved() == 0


def test_damage_that_is_met_on_a_page_leads_to_the_same_offer(
    sample: Workspace, database: Path, open_page: OpenPage
) -> None:
    assert resources.copier().look() is not None
    at = open_page("settings").run()
    sample.engine.dispose()
    database.write_bytes(database.read_bytes()[:8192] + b"\xff" * 400_000)
    at.button(key="backup-make").click().run()
    assert not at.exception
    assert "有几处和写入时不一样" in said(at)
    at.button(key="damage-take-0").click().run()
    assert not at.exception
    assert not at.error
