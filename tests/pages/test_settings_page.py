from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import ColumnMapping, ConversationFilter, EntryRules, Limits, Status
from curation.ui.state import Keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]

pytestmark = pytest.mark.in_turn


def test_every_setting_is_kept_at_once(empty: Workspace, open_page: OpenPage) -> None:
    at = open_page("settings").run()
    assert not [each for each in at.number_input if each.key == Keys.GAP], "each chat has its own"
    at.radio(key=Keys.GAP_MODE).set_value("fixed").run()
    at.number_input(key=Keys.GAP).set_value(45).run()
    at.slider(key=Keys.BURST).set_value(5).run()
    at.number_input(key=Keys.LENGTH_LIMIT).set_value(900).run()
    at.selectbox(key=Keys.LENGTH_UNIT).set_value("characters").run()
    at.selectbox(key=Keys.SETTINGS_ZONE).set_value("Asia/Tokyo").run()
    at.number_input(key=Keys.LIMIT + "file_bytes").set_value(3).run()
    at.number_input(key=Keys.LIMIT + "nesting").set_value(32).run()
    at.toggle(key=Keys.MEDIA).set_value(True).run()
    at.toggle(key=Keys.STICKERS).set_value(False).run()
    at.multiselect(key=Keys.EMOTIONS).set_value(["开心", "平静"]).run()

    assert not at.exception
    assert workflow.load_settings(empty) == workflow.Settings(
        gap_mode="fixed",
        gap_minutes=45,
        burst_minutes=5,
        length_limit=900,
        length_unit="characters",
        time_zone="Asia/Tokyo",
        limits=Limits(file_bytes=3 * 1024**3, nesting=32),
        rules=EntryRules(stickers=False, media=True),
        emotions=("开心", "平静"),
        language="zh",
    )


def test_a_length_limit_can_be_lifted_and_comes_back_as_it_was_usual(
    empty: Workspace, open_page: OpenPage
) -> None:
    at = open_page("settings").run()
    at.toggle(key=Keys.LENGTH_LIMITED).set_value(False).run()
    assert workflow.load_settings(empty).length_limit == 0
    assert not [each for each in at.number_input if each.key == Keys.LENGTH_LIMIT]

    at.toggle(key=Keys.LENGTH_LIMITED).set_value(True).run()
    assert workflow.load_settings(empty).length_limit == workflow.Settings().length_limit


def test_limits_go_back_to_the_usual_ones(empty: Workspace, open_page: OpenPage) -> None:
    workflow.save_settings(empty, workflow.Settings(limits=Limits(nesting=20)))
    at = open_page("settings").run()
    at.button(key="usual-limits").click().run()

    assert workflow.load_settings(empty).limits == Limits()
    assert at.button(key="usual-limits").disabled


def test_a_table_once_explained_can_be_forgotten(empty: Workspace, open_page: OpenPage) -> None:
    mapping = ColumnMapping(header=("谁", "**什么**"), sender="谁", text="**什么**")
    workflow.save_mapping(empty, mapping)
    at = open_page("settings").run()
    assert all("**什么**" not in each.value for each in at.markdown), "shown as text"

    at.button(key="forget-mapping-0").click().run()

    assert not at.exception
    assert workflow.load_settings(empty).mappings == ()


def test_other_rules_are_offered_for_what_nobody_touched(
    sample: Workspace, open_page: OpenPage
) -> None:
    touched = workflow.set_status(sample, ConversationFilter(chats=("妈妈",)), Status.APPROVED)
    everything = workflow.count_matching(sample, ConversationFilter())
    at = open_page("settings").run()
    at.radio(key=Keys.GAP_MODE).set_value("fixed").run()
    at.number_input(key=Keys.GAP).set_value(600).run()

    offer = next(each.value for each in at.markdown if "没人处理过" in each.value)
    assert f"有 {everything - touched} 段" in offer
    assert f"处理过的 {touched} 段" in offer
    at.button(key="split-all").click().run()

    assert not at.exception
    after = workflow.count_matching(sample, ConversationFilter())
    assert after < everything
    assert at.success[0].value == (
        f"已重新切分：原来 {everything - touched} 段，现在 {after - touched} 段。"
        f" 有人处理过的 {touched} 段原样保留。"
    )
    assert workflow.count_by_status(sample)[Status.APPROVED] == touched


def test_the_language_changes_at_once_and_is_remembered(
    empty: Workspace, open_page: OpenPage
) -> None:
    at = open_page("settings").run()
    assert at.title[0].value == "设置"
    at.segmented_control(key=Keys.SETTINGS_LANGUAGE).set_value("en").run()

    assert at.title[0].value == "Settings"
    assert workflow.load_settings(empty).language == "en"
    assert open_page("settings").run().title[0].value == "Settings"


def test_the_last_step_is_undone_beside_the_title(sample: Workspace, open_page: OpenPage) -> None:
    workflow.set_status(sample, ConversationFilter(chats=("妈妈",)), Status.SKIPPED)
    at = open_page("settings").run()
    at.button(key="undo").click().run()
    assert workflow.count_by_status(sample)[Status.SKIPPED] == 0
    assert at.toast[0].value.startswith("已撤销")


def test_the_settings_lie_in_six_tabs(sample: Workspace, open_page: OpenPage) -> None:
    at = open_page("settings").run()
    assert [tab.label for tab in at.tabs] == [
        "对话",
        "隐私",
        "模型",
        "语言、名字和按键",
        "成员",
        "文件和备份",
    ]
    assert all(tab.subheader for tab in at.tabs)


def test_undo_is_off_while_there_is_nothing_to_undo(sample: Workspace, open_page: OpenPage) -> None:
    at = open_page("settings").run()
    assert at.button(key="undo").disabled
    assert at.button(key="redo").disabled


def test_changed_keys_can_all_be_given_back(sample: Workspace, open_page: OpenPage) -> None:
    at = open_page("settings").run()
    assert at.button(key="usual-keys").disabled
    workflow.save_settings(sample, workflow.Settings(keys={"next": "l"}))
    at.run()
    at.button(key="usual-keys").click().run()

    assert not at.exception
    assert workflow.load_settings(sample).keys == {}
    assert at.button(key="usual-keys").disabled
