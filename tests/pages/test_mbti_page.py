from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from curation import workflow
from curation.model import ConversationFilter, Persona, Status
from curation.ui.state import Keys
from curation.workflow import Pole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]

OF_MBTI = ConversationFilter(sources=(workflow.MBTI,))
THINGS = ("画画", "爬山", "看海", "做饭", "弹琴", "种花")


def put(folder: Path, name: str) -> Path:
    records = [
        {
            "instruction": f"你喜欢{thing}吗？<b>",
            "input": "",
            "output": f"我很喜欢{thing}，一有空就去{thing * (at + 2)}。",
        }
        for at, thing in enumerate(THINGS)
    ]
    for each in records:
        each["instruction"] = each["instruction"].removesuffix("<b>")
    path = folder / name
    path.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    return path


def brought(open_page: OpenPage, path: Path) -> AppTest:
    at = open_page("mbti").run()
    return at.text_input(key=Keys.MBTI_PATH).set_value(str(path)).run()


def test_the_type_is_the_personas_and_nothing_can_be_picked_without_files(
    sample: Workspace, open_page: OpenPage
) -> None:
    workflow.save_persona(sample, Persona(name="小满", mbti="INFP"))
    at = open_page("mbti").run()
    assert not at.exception
    assert at.selectbox(key=Keys.MBTI_TYPE).value == "INFP"
    assert at.button(key="mbti-pick").disabled
    assert "一个都还没有" in at.info[0].value


def test_files_are_picked_from_rewritten_chosen_and_kept(
    sample: Workspace, open_page: OpenPage, tmp_path: Path
) -> None:
    put(tmp_path, "zh_energy_introversion.json")
    at = brought(open_page, tmp_path)
    at.selectbox(key=Keys.MBTI_TYPE).set_value("INFP").run()
    assert "缺少这些倾向的文件" in at.warning[0].value
    at.button(key="mbti-pick").click().run()
    assert not at.exception
    shown = [each.value for each in at.html]
    assert any("我很喜欢画画，一有空就去画画画画。" in each for each in shown)
    at.checkbox(key=f"{Keys.MBTI_TAKE}0").uncheck().run()
    at.button(key="mbti-take").click().run()
    assert workflow.count_matching(sample, OF_MBTI) == len(THINGS) - 1
    assert workflow.count_matching(sample, replace(OF_MBTI, statuses=(Status.PENDING,))) == 5
    assert any("已收下 5 段" in each.value for each in at.markdown)
    assert f"{Keys.MBTI_TAKE}0" not in [each.key for each in at.checkbox]


def test_the_pole_of_a_file_that_does_not_say_it_is_asked_for(
    sample: Workspace, open_page: OpenPage, tmp_path: Path
) -> None:
    path = put(tmp_path, "answers.json")
    at = brought(open_page, path)
    at.selectbox(key=Keys.MBTI_TYPE).set_value("ENFP").run()
    assert at.button(key="mbti-pick").disabled
    at.selectbox(key=f"{Keys.MBTI_POLE}{path}").set_value(Pole.E).run()
    at.button(key="mbti-pick").click().run()
    assert not at.exception
    assert not at.button(key="mbti-take").disabled
    at.button(key="mbti-none").click().run()
    assert at.button(key="mbti-take").disabled
    at.button(key="mbti-all").click().run()
    at.button(key="mbti-again").click().run()
    assert not at.button(key="mbti-take").disabled
    assert workflow.count_matching(sample, OF_MBTI) == 0


def test_a_path_that_holds_nothing_usable_is_one_sentence(
    empty: Workspace, open_page: OpenPage, tmp_path: Path
) -> None:
    assert workflow.is_empty(empty)
    at = brought(open_page, tmp_path)
    assert not at.exception
    assert "没有 JSON 文件" in at.toast[0].value.replace("\\", "")


def test_the_share_is_kept_and_the_export_says_so(
    sample: Workspace, open_page: OpenPage, tmp_path: Path
) -> None:
    put(tmp_path, "zh_energy_introversion.json")
    at = brought(open_page, tmp_path)
    at.number_input(key=Keys.MBTI_SHARE).set_value(10).run()
    assert workflow.load_settings(sample).mbti_share == 10
    at.selectbox(key=Keys.MBTI_TYPE).set_value("INFP").run()
    at.button(key="mbti-pick").click().run()
    at.button(key="mbti-take").click().run()
    workflow.set_status(sample, OF_MBTI, Status.APPROVED)
    export = open_page("export").run()
    assert any("最多占样本的 10%" in each.value for each in export.markdown)
