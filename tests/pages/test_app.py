from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from curation import workflow
from curation.errors import WorkspaceError
from curation.model import ConversationFilter, Status
from curation.ui.components.review_words import KEYS
from curation.ui.state import Keys

if TYPE_CHECKING:
    from curation.workflow import Workspace

ROOT = Path(__file__).parents[2]

PAGES = (
    "importing",
    "overview",
    "review",
    "table",
    "trash",
    "privacy",
    "persona",
    "export",
    "chat",
    "journal",
    "settings",
)


def open_app() -> AppTest:
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_runs_in_both_languages_with_and_without_data(
    name: str, language: str, sample: Workspace
) -> None:
    workflow.set_status(sample, ConversationFilter(chats=("妈妈",)), Status.APPROVED)
    workflow.save_settings(sample, workflow.Settings(language=language))
    at = open_app()
    at.switch_page(f"pages/{name}.py").run()
    assert not at.exception
    assert not at.error
    is_chinese = any("\u4e00" <= sign <= "\u9fff" for sign in at.title[0].value)
    assert is_chinese == (language == "zh")


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_workspace_is_friendly_on_every_page(name: str, empty: Workspace) -> None:
    at = open_app()
    at.switch_page(f"pages/{name}.py").run()
    assert not at.exception
    assert not at.error
    keys = {each.key for each in at.button}
    if name in {"review", "table", "privacy", "export"}:
        assert "empty-import" in keys, "the way to the import"


@pytest.mark.parametrize("name", PAGES)
def test_no_shortcut_of_a_page_is_given_twice(name: str, sample: Workspace) -> None:
    at = open_app()
    at.switch_page(f"pages/{name}.py").run()
    shortcuts = Counter(each.proto.shortcut for each in at.button if each.proto.shortcut)
    assert all(count == 1 for count in shortcuts.values()), shortcuts


SAME_AS_IN_REVIEW = {
    "bar-mask": "reject",
    "bar-pending": "skip",
    "bar-up": "select_previous",
    "bar-down": "select_next",
    "bar-tick": "select_several",
}
"""Buttons of other pages that do what a key of review means: keep it out, later, move, select."""


def test_a_key_means_the_same_on_every_page(sample: Workspace) -> None:
    meaning = {key: command for command, keys in KEYS.items() for key in keys}
    at = open_app()
    for name in PAGES:
        at.switch_page(f"pages/{name}.py").run()
        for each in at.button:
            if each.proto.shortcut and each.key:
                does = SAME_AS_IN_REVIEW.get(each.key, each.key)
                command = meaning.setdefault(each.proto.shortcut.lower(), does)
                assert command == does, f"{each.proto.shortcut} on {name}"


def test_a_page_opened_by_its_own_address_gets_its_frame(empty: Workspace) -> None:
    at = open_app()
    at.switch_page("pages/settings.py").run()
    assert at.title[0].value == "设置"
    assert at.segmented_control(key=Keys.LANGUAGE).value == "zh", "the switch of the frame"


def test_the_language_switch_turns_the_screen_and_is_remembered(empty: Workspace) -> None:
    at = open_app()
    assert at.title[0].value == "导入"
    at.segmented_control(key=Keys.LANGUAGE).set_value("en").run()
    assert at.title[0].value == "Import"
    assert open_app().title[0].value == "Import"


def test_a_workspace_that_cannot_be_opened_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "notes.db"
    path.write_bytes(b"this is not a database at all, only some words" * 100)
    monkeypatch.setenv("RUWO_WORKSPACE", str(path))
    at = open_app()
    assert not at.exception
    assert len(at.error) == 1
    assert "无法打开工作区" in at.error[0].value


def test_an_error_in_the_middle_of_a_page_is_one_sentence(
    sample: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_workspace: Workspace) -> list[str]:
        raise WorkspaceError("The workspace address {name} is not understood.", name="x")

    monkeypatch.setattr(workflow, "partners", broken)
    at = open_app()
    at.switch_page("pages/persona.py").run()
    assert not at.exception
    assert [error.value.replace("\\", "") for error in at.error] == ["看不懂工作区地址 x。"]


def test_the_server_listens_here_only_tells_nobody_and_exports_no_tables() -> None:
    assert config.get_option("server.address") == "127.0.0.1"
    assert config.get_option("browser.gatherUsageStats") is False
    assert config.get_option("client.disableDataExport") is True
    assert config.get_option("client.showErrorLinks") is False
    assert config.get_option("client.showErrorDetails") == "none"
    assert config.get_option("client.allowedOrigins") == []
    assert config.get_option("server.enableXsrfProtection") is True
    assert config.get_option("server.allowedHosts") == ["localhost", "127.0.0.1"]
