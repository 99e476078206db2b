"""What takes the place of an encrypted workspace asks for its passphrase; who has none goes on."""

from __future__ import annotations

import random
from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest

from curation import workflow
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


@pytest.fixture(autouse=True)
def _quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ciphers, "_ROUNDS", 100)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


@pytest.fixture
def secret(sample: Workspace, database: Path, tmp_path: Path) -> Iterator[Path]:
    """The sample, encrypted and locked, with a copy; a readable backup of it lies elsewhere."""
    workflow.backup_workspace(sample, tmp_path / "readable.ruwo", plain=True)
    workflow.encrypt_workspace(sample, PHRASE)
    resources.reopen()
    assert resources.copier().look() is not None
    resources.reopen()
    ciphers.hold(database, None)
    yield database
    resources.reopen()
    ciphers.hold(database, None)


def press(at: AppTest, label: str) -> AppTest:
    (button,) = [each for each in at.button if each.label == label]
    return button.click().run()


def said(at: AppTest) -> str:
    return " ".join(each.value for each in (*at.error, *at.text, *at.warning))


def noise(path: Path) -> None:
    path.write_bytes(random.Random(5).randbytes(40_960))  # noqa: S311  (repeatable, and no secret)


def test_a_copy_asks_for_its_passphrase_and_the_workspace_stays_encrypted(
    secret: Path, open_page: OpenPage
) -> None:
    secret.unlink()
    at = open_page("journal").run()
    assert any("已加密" in each.value for each in at.markdown)
    at.button(key="damage-take-0").click().run()
    assert "用的就是同一个口令" in said(at)
    for typed in ("", "wrong horse battery"):
        at.text_input(key=Keys.DAMAGE_PHRASE).input(typed)
        at.button(key="FormSubmitter:damage-form-take-0-用这个口令继续").click().run()
        assert "口令" in at.warning[0].value
        assert not secret.exists() or not secret.stat().st_size
    at.text_input(key=Keys.DAMAGE_PHRASE).input(PHRASE)
    at.button(key="FormSubmitter:damage-form-take-0-用这个口令继续").click().run()
    assert not at.exception
    assert not at.error
    assert at.title
    assert workflow.is_encrypted(resources.workspace())
    assert not workflow.is_empty(resources.workspace())
    kept = [value for _key, value in at.session_state._state.filtered_state.items()]
    assert PHRASE not in repr(kept)


def test_who_has_no_passphrase_goes_on_with_a_backup(secret: Path, open_page: OpenPage) -> None:
    for each in secret.parent.glob("*-backups/*.db"):
        each.unlink()
    noise(secret)
    held = secret.read_bytes()
    at = open_page("journal").run()
    assert [each.value for each in at.subheader] == ["工作区已锁上"]
    (way_out,) = at.expander
    assert "或者从没设过" in way_out.label
    assert "这两种情况谁也分不出来" in way_out.text[0].value
    assert not way_out.proto.expanded
    at.text_input(key=Keys.LOCK_OLD).input("a guess at what was never set")
    at.button(key="FormSubmitter:unlock-打开").click().run()
    (way_out,) = at.expander
    assert way_out.proto.expanded  # who guesses reads it without looking for it
    at.button(key="lock-out").click().run()
    assert not [each for each in at.button if each.key == "damage-anew"]
    press(at, "回去输入口令")
    assert [each.value for each in at.subheader] == ["工作区已锁上"]
    at.button(key="lock-out").click().run()
    at.checkbox(key=Keys.DAMAGE_SURE).set_value(True).run()
    assert not [each for each in at.button if each.key == "damage-save"]
    at.text_input(key=Keys.DAMAGE_PATH).input(str(secret.with_name("readable.ruwo"))).run()
    at.button(key="damage-file").click().run()
    assert "工作区之后也没有口令" in said(at)
    assert secret.read_bytes() == held
    press(at, "不用口令继续")
    assert not at.exception
    assert not at.error
    assert not workflow.is_empty(resources.workspace())
    assert not workflow.is_encrypted(resources.workspace())
    assert secret.with_name("workspace.db.damaged-1").read_bytes() == held


def test_a_damaged_file_that_stays_readable_is_named_where_it_is_encrypted(
    sample: Workspace, database: Path, open_page: OpenPage
) -> None:
    held = database.read_bytes()
    encrypted = random.Random(7).randbytes(12_288)  # noqa: S311  (repeatable, and no secret)
    database.with_name("workspace.db.damaged-1").write_bytes(encrypted)
    # Its beginning alone is noise.
    database.with_name("workspace.db.damaged-2").write_bytes(encrypted + held[12_288:])
    for _turn in ("before", "after"):
        told = [each.value for each in open_page("settings").run().warning if "另存" in each.value]
        assert len(told) == 1
        assert "damaged\\-2" in told[0]
        assert "damaged\\-1" not in told[0]
        if not workflow.is_encrypted(sample):
            workflow.encrypt_workspace(sample, PHRASE)
            resources.reopen()
    database.with_name("workspace.db.damaged-2").unlink()


def test_what_is_saved_of_a_readable_file_has_no_passphrase_where_that_is_said(
    secret: Path, open_page: OpenPage, tmp_path: Path
) -> None:
    with closing(workflow.open_workspace(tmp_path / "readable.db")) as readable:
        workflow.import_sample(readable)
    broken = bytearray((tmp_path / "readable.db").read_bytes())
    broken[-20 * 4096 : -10 * 4096] = b"\x07" * 10 * 4096
    secret.write_bytes(broken)
    at = open_page("journal").run()
    at.button(key="damage-save").click().run()
    assert "工作区原来有口令" in said(at)
    press(at, "不用口令继续")
    assert not at.exception
    assert not at.error
    assert not workflow.is_encrypted(resources.workspace())
    assert not workflow.is_empty(resources.workspace())


def test_a_file_that_somebody_brought_back_meanwhile_is_not_replaced(
    secret: Path, open_page: OpenPage
) -> None:
    held = secret.read_bytes()
    at = open_page("journal").run()
    assert "最新的副本也是" in said(at)
    at.button(key="lock-out").click().run()
    at.checkbox(key=Keys.DAMAGE_SURE).set_value(True).run()
    secret.with_name("new").write_bytes(held)
    secret.with_name("new").rename(secret)
    at.button(key="damage-anew").click().run()
    assert [each.value for each in at.subheader] == ["工作区已锁上"]
    assert "已被换掉或修好" in said(at)
    assert secret.read_bytes() == held
    at.button(key="lock-out").click().run()
    at.checkbox(key=Keys.DAMAGE_SURE).set_value(True).run()
    assert "空的工作区没有口令" in said(at)
    at.button(key="damage-anew").click().run()
    assert not at.exception
    assert workflow.is_empty(resources.workspace())
