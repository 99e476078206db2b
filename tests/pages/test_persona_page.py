from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from curation import workflow
from curation.model import Persona, Side
from curation.ui.persona_parts import persona_key
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
    at.text_input(key=Keys.PERSONA_FIELD + "personality").set_value("慢热").run()

    assert workflow.load_persona(sample) == Persona(name="小满", personality="慢热")
    assert "小满" in preview(at)
    assert any("已全部保存" in each.value for each in at.caption)


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

    again = open_page("persona").run()  # after a reload
    assert again.text_area(key=Keys.PERSONA_PROMPT).value == broken
    assert "还没有保存" in again.warning[0].value

    at.text_area(key=Keys.PERSONA_PROMPT).set_value("我是{{ name }}").run()
    assert workflow.load_persona_draft(sample, workflow.kept_personas(sample)[0].id) is None
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


def test_every_field_is_saved(sample: Workspace, open_page: OpenPage) -> None:
    at = open_page("persona").run()
    texts = {"occupation": "画画", "interests": "猫", "catch_phrases": "好嘛", "taboos": "催婚"}
    for name, text in texts.items():
        at.text_input(key=persona_key(name)).set_value(text).run()
    at.text_area(key=persona_key("speaking_style")).set_value("短句连发").run()
    picked = {"gender": "女", "age_band": "25～30 岁", "mbti": "INFP"}
    for name, text in picked.items():
        at.selectbox(key=persona_key(name)).set_value(text).run()
    assert not at.exception
    assert workflow.load_persona(sample) == replace(
        Persona(speaking_style="短句连发"),
        **texts,  # type: ignore[arg-type]  # texts alone
        **picked,  # type: ignore[arg-type]  # texts alone
    )
    assert "口头禅：好嘛" in preview(at)


def test_a_value_that_is_no_choice_is_shown(sample: Workspace, open_page: OpenPage) -> None:
    workflow.save_persona(sample, Persona(name="小满", age_band="二十出头"))
    at = open_page("persona").run()
    assert at.selectbox(key=persona_key("age_band")).value == "二十出头"


def test_how_the_person_writes_fills_the_style_and_stays_editable(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = open_page("persona").run()
    at.button(key="fill-style").click().run()
    assert not at.exception
    style = workflow.load_persona(sample).speaking_style
    voice = workflow.kept_voice(sample)
    assert voice is not None
    assert style == workflow.style_in_words(voice.before)[0] != ""
    assert at.text_area(key=persona_key("speaking_style")).value == style
    at.text_area(key=persona_key("speaking_style")).set_value("话少").run()
    assert workflow.load_persona(sample).speaking_style == "话少"


def test_nothing_is_filled_where_there_is_too_little_to_read(
    empty: Workspace, open_page: OpenPage
) -> None:
    at = open_page("persona").run()
    at.button(key="fill-style").click().run()
    assert workflow.load_persona(empty) == Persona()
    assert "太少" in at.toast[0].value


def test_a_second_persona_is_edited_and_then_exported(
    sample: Workspace, open_page: OpenPage
) -> None:
    workflow.save_persona(sample, Persona(name="小满"))
    at = open_page("persona").run()
    at.button(key="persona-copy").click().run()
    assert at.text_input(key=Keys.PERSONA_NAME).value == "小满（副本）"
    at.text_input(key=Keys.PERSONA_NAME).set_value("满工").run()
    assert workflow.load_persona(sample).name == "小满"
    at.button(key="persona-use").click().run()
    assert workflow.load_persona(sample).name == "满工"

    first = workflow.kept_personas(sample)[0].id
    at.selectbox(key=Keys.PERSONA_CHOICE).set_value(first).run()
    assert at.text_input(key=Keys.PERSONA_NAME).value == "小满"
    at.button(key="persona-delete").click().run()
    assert [each.persona.name for each in workflow.kept_personas(sample)] == ["满工"]
    assert at.text_input(key=Keys.PERSONA_NAME).value == "满工"
    assert not at.exception


def test_an_earlier_state_is_compared_and_comes_back(
    sample: Workspace, open_page: OpenPage
) -> None:
    number = workflow.save_persona(sample, Persona(name="小满", personality="<b>慢热</b>"))
    workflow.save_persona(sample, Persona(name="小满", personality="爱笑"))
    assert number is not None
    at = open_page("persona").run()
    table = next(each.value for each in at.html if "ruwo-versions" in each.value)
    assert "&lt;b&gt;慢热" in table
    assert "爱笑" in table
    oldest = workflow.persona_versions(sample, number)[-1]
    at.button(key=f"persona-back-{oldest.id}").click().run()
    assert not at.exception
    assert at.text_input(key=persona_key("personality")).value == "<b>慢热</b>"


def test_a_field_changed_elsewhere_meanwhile_is_not_lost_and_says_so(
    sample: Workspace, open_page: OpenPage
) -> None:
    workflow.save_persona(sample, Persona(name="小满"))
    at = open_page("persona").run()
    workflow.save_persona(sample, Persona(name="别处改的"))
    at.text_input(key=Keys.PERSONA_NAME).set_value("这里改的").run()
    assert workflow.load_persona(sample).name == "别处改的"
    assert at.text_input(key=Keys.PERSONA_NAME).value == "这里改的"
    assert "别处" in at.toast[0].value
    assert at.warning


def test_the_built_in_template_can_be_started_from(sample: Workspace, open_page: OpenPage) -> None:
    at = open_page("persona").run()
    at.button(key="built-in").click().run()
    assert workflow.load_persona(sample).system_prompt == workflow.BUILT_IN_TEMPLATE
    assert not at.exception


def test_the_length_is_shown(sample: Workspace, open_page: OpenPage) -> None:
    workflow.save_persona(sample, Persona(name="小满", relations={"妈妈": "最爱操心的妈妈"}))
    at = open_page("persona").run()
    tokens = workflow.count_tokens(preview(at).split(">")[1].split("<")[0])
    assert any(f"约 {tokens} 个 token" in each.value for each in at.caption)


def test_what_was_written_here_is_no_partner(sample: Workspace, open_page: OpenPage) -> None:
    lines = [workflow.Line(Side.OTHER, "在吗"), workflow.Line(Side.ME, "在")]
    workflow.write_conversation(sample, lines)
    at = open_page("persona").run()
    shown = [each.key for each in at.text_input]
    assert Keys.RELATION + "妈妈" in shown
    assert Keys.RELATION + workflow.WRITTEN_CHAT not in shown
