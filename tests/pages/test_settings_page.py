from __future__ import annotations

from typing import TYPE_CHECKING

from curation import workflow
from curation.model import ConversationFilter, EntryRules, Status
from curation.ui.state import Keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]


def test_every_setting_is_kept_at_once(empty: Workspace, open_page: OpenPage) -> None:
    at = open_page("settings").run()
    at.number_input(key=Keys.GAP).set_value(45).run()
    at.toggle(key=Keys.MEDIA).set_value(True).run()
    at.toggle(key=Keys.STICKERS).set_value(False).run()
    at.multiselect(key=Keys.EMOTIONS).set_value(["开心", "平静"]).run()

    assert not at.exception
    assert workflow.load_settings(empty) == workflow.Settings(
        gap_minutes=45,
        rules=EntryRules(stickers=False, media=True),
        emotions=("开心", "平静"),
        language="zh",
    )


def test_the_language_changes_at_once_and_is_remembered(
    empty: Workspace, open_page: OpenPage
) -> None:
    at = open_page("settings").run()
    assert at.title[0].value == "设置"
    at.segmented_control(key=Keys.SETTINGS_LANGUAGE).set_value("en").run()

    assert at.title[0].value == "Settings"
    assert workflow.load_settings(empty).language == "en"
    assert open_page("settings").run().title[0].value == "Settings"


def test_the_history_says_what_was_done_and_takes_it_back(
    sample: Workspace, open_page: OpenPage
) -> None:
    count = workflow.set_status(sample, ConversationFilter(chats=("妈妈",)), Status.SKIPPED)
    at = open_page("settings").run()
    assert any(f"状态 · {count} 段对话" in m.value.replace("\\", "") for m in at.markdown)

    at.button(key="undo").click().run()
    assert workflow.count_by_status(sample)[Status.SKIPPED] == 0
    assert any("已撤销" in m.value for m in at.markdown)


def test_undo_is_off_while_there_is_nothing_to_undo(sample: Workspace, open_page: OpenPage) -> None:
    at = open_page("settings").run()
    assert at.button(key="undo").disabled
    assert at.button(key="redo").disabled
