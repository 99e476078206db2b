"""A passphrase is set, asked for, changed and taken away on screen."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import pytest

from curation import workflow
from curation.model import ConversationFilter
from curation.store.files import ciphers
from curation.ui import resources
from curation.ui.state import Keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]

pytestmark = [
    pytest.mark.sqlite_only("a file is encrypted; a server encrypts its own disk"),
    pytest.mark.in_turn,
]

PHRASE: Final = "correct horse battery"
OTHER: Final = "nine purple bicycles"


@pytest.fixture(autouse=True)
def _quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ciphers, "_ROUNDS", 100)


@pytest.fixture
def secret(sample: Workspace, database: Path) -> Iterator[Path]:
    """The sample, encrypted and locked; readable again afterwards, for who cleans up."""
    workflow.encrypt_workspace(sample, PHRASE)
    resources.reopen()
    ciphers.hold(database, None)
    yield database
    if ciphers.held(database) is None:
        database.unlink()
        resources.reopen()


def press(at: AppTest, label: str) -> AppTest:
    (button,) = [each for each in at.button if each.label == label]
    return button.click().run()


def kept_in_the_page(at: AppTest) -> str:
    return repr([value for _key, value in at.session_state._state.filtered_state.items()])


def test_what_it_protects_and_what_forgetting_means_is_told_before_anything_is_done(
    sample: Workspace, open_page: OpenPage, database: Path
) -> None:
    at = open_page("settings").run()
    shown = " ".join(each.value for each in (*at.warning, *at.markdown, *at.caption))
    for told in ("谁也找不回来", "不能保护", "固态硬盘", "没有加密"):
        assert told in shown
    for typed, again, tick, said in (
        ("short", "short", True, "至少要有 8 个字符"),
        (PHRASE, OTHER, True, "不一样"),
        (PHRASE, PHRASE, False, "请先勾选"),
    ):
        at.text_input(key=Keys.LOCK_NEW).input(typed)
        at.text_input(key=Keys.LOCK_AGAIN).input(again)
        at.checkbox(key=Keys.LOCK_SURE).set_value(tick)
        press(at, "现在加密")
        assert said in " ".join(each.value for each in at.toast)
        assert not workflow.is_encrypted(sample)
    at.text_input(key=Keys.LOCK_NEW).input(PHRASE)
    at.text_input(key=Keys.LOCK_AGAIN).input(PHRASE)
    at.checkbox(key=Keys.LOCK_SURE).set_value(True)
    press(at, "现在加密")
    assert not at.exception
    assert any("工作区已加密" in each.value for each in at.success)
    assert not database.read_bytes().startswith(b"SQLite")
    assert PHRASE not in kept_in_the_page(at)


def test_a_locked_workspace_shows_nothing_but_the_question(
    secret: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = open_page("journal").run()
    assert [each.value for each in at.subheader] == ["工作区已锁上"]
    assert [each.value for each in at.title] == ["如我 Ruwo"]
    at.text_input(key=Keys.LOCK_OLD).input("wrong horse battery")
    press(at, "打开")
    assert [each.value for each in at.error] == ["口令不对，打不开 workspace\\.db。"]
    assert "horse" not in kept_in_the_page(at)
    at.segmented_control(key=Keys.ENTRANCE_LANGUAGE).set_value("en").run()
    assert [each.value for each in at.subheader] == ["This workspace is locked"]
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    at.text_input(key=Keys.LOCK_OLD).input(PHRASE)
    press(at, "Unlock")
    assert not at.exception
    assert [each.value for each in at.title] == ["Journal"]
    assert PHRASE not in kept_in_the_page(at)


def test_the_right_passphrase_of_a_file_whose_beginning_is_broken_leads_to_its_copies(
    secret: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    workflow.unlock(PHRASE, secret)
    assert resources.copier().look() is not None
    resources.reopen()
    ciphers.hold(secret, None)
    spoilt = bytes(reversed(secret.read_bytes()[:4096])) + secret.read_bytes()[4096:]
    secret.write_bytes(spoilt)
    at = open_page("overview").run()
    for typed in (OTHER, PHRASE):
        assert [each.value for each in at.subheader] == ["工作区已锁上"]
        at.text_input(key=Keys.LOCK_OLD).input(typed)
        press(at, "打开")
    assert [each.value for each in at.subheader] == ["你的工作区现在打不开"]
    at.button(key="damage-take-0").click().run()
    assert not at.exception
    assert not at.error
    assert not workflow.is_empty(resources.workspace())
    assert workflow.is_encrypted(resources.workspace())
    assert secret.with_name("workspace.db.damaged-1").read_bytes() == spoilt


def test_a_passphrase_that_was_changed_is_told_to_be_that_of_the_copy(
    secret: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    workflow.unlock(PHRASE, secret)
    assert resources.copier().look() is not None
    workflow.change_passphrase(resources.workspace(), PHRASE, OTHER)
    resources.reopen()
    ciphers.hold(secret, None)
    at = open_page("overview").run()
    at.text_input(key=Keys.LOCK_OLD).input(PHRASE)
    press(at, "打开")
    assert "最新副本的口令" in at.error[0].value
    at.text_input(key=Keys.LOCK_OLD).input(OTHER)
    press(at, "打开")
    assert not at.exception
    assert not at.error
    assert not workflow.is_empty(resources.workspace())


def test_it_is_locked_from_the_settings_for_every_tab(secret: Path, open_page: OpenPage) -> None:
    workflow.unlock(PHRASE, secret)
    other = open_page("table").run()
    at = open_page("settings").run()
    at.button(key="lock-here").click().run()
    assert [each.value for each in at.subheader] == ["工作区已锁上"]
    other.run()
    assert [each.value for each in other.subheader] == ["工作区已锁上"]
    assert not other.dataframe


def test_the_passphrase_is_changed_and_taken_away_by_who_knows_it(
    secret: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    workflow.unlock(PHRASE, secret)
    at = open_page("settings").run()
    for old, said in ((OTHER, "口令不对"), (PHRASE, "口令已更改")):
        at.text_input(key=Keys.LOCK_OLD).input(old)
        at.text_input(key=Keys.LOCK_NEW).input(OTHER)
        at.text_input(key=Keys.LOCK_AGAIN).input(OTHER)
        press(at, "更改")
        assert said in " ".join(each.value for each in (*at.toast, *at.success))
    at.text_input(key=Keys.LOCK_LAST).input(OTHER)
    press(at, "解除加密")
    assert any("不再加密" in each.value for each in at.success)
    assert secret.read_bytes().startswith(b"SQLite")
    assert workflow.count_matching(resources.workspace(), ConversationFilter())


def test_a_backup_with_another_passphrase_is_asked_for_it_when_it_is_restored(
    secret: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    workflow.unlock(PHRASE, secret)
    at = open_page("settings").run()
    assert any("谁也打不开" in each.value for each in at.info)
    at.text_input(key=Keys.BACKUP_NEW).input(OTHER)
    at.text_input(key=Keys.BACKUP_AGAIN).input(OTHER)
    press(at, "用它做一份备份")
    assert any("已备份" in each.value for each in at.success)
    assert any("已加密" in each.value for each in at.markdown)
    at.button(key="backup-restore-0").click().run()
    assert not [each for each in at.button if each.key == "backup-yes"]
    for typed, ready in ((PHRASE, False), (OTHER, True)):
        at.text_input(key=Keys.BACKUP_PHRASE).input(typed)
        press(at, "看看里面")
        assert bool([each for each in at.button if each.key == "backup-yes"]) is ready
    at.button(key="backup-yes").click().run()
    assert not at.exception
    assert "留作" in " ".join(each.value for each in at.toast)
    assert workflow.is_encrypted(resources.workspace())


def test_without_the_package_the_page_says_what_to_install(
    sample: Workspace, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sqlcipher3", None)
    at = open_page("settings").run()
    assert any("pip install" in each.value for each in at.caption)
    assert not [each for each in at.text_input if each.key == Keys.LOCK_NEW]
