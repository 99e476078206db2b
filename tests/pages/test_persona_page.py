from __future__ import annotations

from typing import TYPE_CHECKING

from curation import workflow
from curation.model import Persona
from curation.ui.state import Keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]


def preview(at: AppTest) -> str:
    return next(each.value for each in at.html if "pre-wrap" in each.value)


def test_a_field_is_saved_as_soon_as_it_is_left(sample: Workspace, open_page: OpenPage) -> None:
    at = open_page("persona").run()
    at.text_input(key=Keys.PERSONA_NAME).set_value("小满").run()
    at.text_input(key=Keys.PERSONA_PERSONALITY).set_value("慢热").run()

    assert workflow.load_persona(sample) == Persona(name="小满", personality="慢热")
    assert "小满" in preview(at)
    assert "已全部保存" in at.caption[-1].value


def test_the_relation_to_a_partner_shows_in_the_preview_for_that_partner(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = open_page("persona").run()
    at.text_input(key=Keys.RELATION + "妈妈").set_value("妈妈，爱操心").run()
    at.selectbox(key="preview-chat").set_value("妈妈").run()
    assert workflow.load_persona(sample).relations == {"妈妈": "妈妈，爱操心"}
    assert "爱操心" in preview(at)

    at.selectbox(key="preview-chat").set_value("阿橙").run()
    assert "爱操心" not in preview(at)


def test_a_template_that_cannot_be_used_stays_on_screen_unsaved_and_says_so(
    sample: Workspace, open_page: OpenPage
) -> None:
    workflow.save_persona(sample, Persona(name="小满", system_prompt="你是{{ name }}。"))
    at = open_page("persona").run()
    broken = "你是{{ name"
    at.text_area(key=Keys.PERSONA_PROMPT).set_value(broken).run()

    assert not at.exception
    assert at.text_area(key=Keys.PERSONA_PROMPT).value == broken
    assert workflow.load_persona(sample).system_prompt == "你是{{ name }}。"
    assert at.warning[0].value == "还没有保存：这段文字现在不能用。"
    assert "系统提示词模板第 1 行" in at.error[0].value.replace("\\", "")

    at.text_area(key=Keys.PERSONA_PROMPT).set_value("我是{{ name }}").run()
    assert workflow.load_persona(sample).system_prompt == "我是{{ name }}"
    assert "我是小满" in preview(at)


def test_a_persona_changed_elsewhere_shows_at_the_next_run(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = open_page("persona").run()
    workflow.save_persona(sample, Persona(name="别处改的"))
    at.run()
    assert at.text_input(key=Keys.PERSONA_NAME).value == "别处改的"


def test_markup_in_the_persona_is_shown_as_text(sample: Workspace, open_page: OpenPage) -> None:
    at = open_page("persona").run()
    at.text_area(key=Keys.PERSONA_PROMPT).set_value("<img src=x onerror=alert(1)> **b**").run()
    assert "<img" not in preview(at)
    assert "&lt;img src=x" in preview(at)


def test_a_text_that_cannot_be_saved_is_there_again_when_the_page_is_opened_again(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = open_page("persona").run()
    at.text_area(key=Keys.PERSONA_PROMPT).set_value("你是{{ name").run()
    assert workflow.load_persona(sample).system_prompt == ""

    again = open_page("persona")
    again.session_state["ruwo"] = at.session_state["ruwo"]
    again.run()
    assert again.text_area(key=Keys.PERSONA_PROMPT).value == "你是{{ name"
    again.text_area(key=Keys.PERSONA_PROMPT).set_value("你是{{ name }}").run()
    assert again.text_area(key=Keys.PERSONA_PROMPT).value == "你是{{ name }}"
    assert workflow.load_persona(sample).system_prompt == "你是{{ name }}"
