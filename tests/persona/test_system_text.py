"""The system text of a record."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.errors import PersonaError
from curation.model import Persona
from curation.persona import DEFAULT_TEMPLATE, render_system

FULL = Persona(
    name="小满",
    personality="慢热、嘴硬心软",
    occupation="插画师",
    interests="猫、爬山",
    gender="女",
    age_band="25～30 岁",
    mbti="INFP",
    catch_phrases="好嘛",
    speaking_style="短句连发",
    taboos="催婚",
    relations={"妈": "妈妈"},
)
MORE = ("女，25～30 岁。", "MBTI：INFP", "口头禅：好嘛", "说话方式：短句连发", "不会聊：催婚")


def test_the_built_in_text_names_everything_that_is_known() -> None:
    text = render_system(FULL, chat="妈", background="她在住院")
    for words in ("小满", "慢热、嘴硬心软", "插画师", "猫、爬山", "对方是你的妈妈", *MORE):
        assert words in text
    assert text.endswith("\n\n背景：她在住院")


def test_lines_for_what_is_not_known_are_left_out() -> None:
    text = render_system(Persona(name="小满"), chat="妈")
    assert text.startswith("你是小满，")
    assert not any(word in text for word in ("性格", "职业", "兴趣", "对方", "背景"))
    assert "" not in text.split("\n")


def test_an_empty_persona_still_gives_a_text() -> None:
    assert render_system(Persona(), chat="").strip()


@pytest.mark.parametrize(
    ("fields", "line"),
    [({"gender": "男"}, "男。"), ({"age_band": "31 岁"}, "31 岁。")],
)
def test_gender_and_age_stand_alone_as_well(fields: dict[str, str], line: str) -> None:
    persona = replace(Persona(), **fields)  # type: ignore[arg-type]  # texts alone
    assert line in render_system(persona, chat="").split("\n")


@pytest.mark.parametrize("template", ["", "  \n", "{% if occupation %}x{% endif %}", "{# x #}"])
def test_a_template_that_gives_nothing_falls_back_to_the_built_in_one(template: str) -> None:
    persona = Persona(name="小满", system_prompt=template)
    assert render_system(persona, chat="") == render_system(Persona(name="小满"), chat="")


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        pytest.param("你是{{ name }}。", "你是小满。", id="a field"),
        pytest.param("对{{ relation or '朋友' }}说话", "对妈妈说话", id="relation"),
        pytest.param("{{ name|upper }}{{ name[:1] }}", "小满小", id="filter and part"),
        pytest.param("{% if '猫' in interests %}养猫{% else %}无{% endif %}", "养猫", id="choice"),
        pytest.param("{{ name ~ '，' ~ occupation }}", "小满，插画师", id="joined"),
        pytest.param("<b>{{ name }}</b>", "<b>小满</b>", id="no page, no escapes"),
    ],
)
def test_a_template_is_filled_with_the_persona(template: str, expected: str) -> None:
    persona = Persona(
        name=FULL.name,
        occupation=FULL.occupation,
        interests=FULL.interests,
        relations=FULL.relations,
        system_prompt=template,
    )
    assert render_system(persona, chat="妈") == expected


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        pytest.param("{{ name", "line 1: something is opened here and never closed", id="open"),
        pytest.param("a\n{% if name %}", "line 2: something is opened here", id="if"),
        pytest.param("a\n{# x", "line 2: something is opened here", id="remark"),
        pytest.param("{% endif %}", "line 1: endif has no beginning", id="end"),
        pytest.param("{% include 'x' %}", "Include is not allowed", id="another file"),
        pytest.param("{% foo %}", "foo is not allowed here", id="tag"),
        pytest.param("{{ }}", "something is missing between the brackets", id="nothing"),
        pytest.param("{{ name! }}", "! is not expected here", id="sign"),
        pytest.param("{{ (name }}", "} is not expected here", id="bracket"),
        pytest.param("{{ name name }}", "name is not expected here", id="word"),
        pytest.param("{% for x in name %}{% endfor %}", "{% for %} is not allowed", id="loop"),
        pytest.param("{{ name + 1 }}", "+ is not allowed here", id="sum"),
    ],
)
def test_what_is_wrong_with_a_template_is_said_in_words(template: str, reason: str) -> None:
    with pytest.raises(PersonaError) as caught:
        render_system(Persona(system_prompt=template), chat="")
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("template", "part"),
    [
        pytest.param("a\n{{ nmae }}", "line 2: nmae is not known", id="unknown name"),
        pytest.param("a\n\n{% if name %}", "line 3", id="not closed"),
        pytest.param("{{ name", "line 1", id="broken"),
        pytest.param("x\n{{ name[1:2:0] }}", "line 2", id="fails while it is filled"),
        pytest.param("x\n{{ name|truncate(1) }}", "line 2", id="a number too small"),
        pytest.param("{{ name.__class__ }}", "line 1", id="attribute"),
        pytest.param("{{ name['__class__'] }}", "line 1", id="attribute as item"),
        pytest.param("{{ name[personality] }}", "line 1", id="attribute from a field"),
        pytest.param("{{ name.format() }}", "line 1", id="call"),
        pytest.param("{{ ''.__class__.__mro__ }}", "line 1", id="way out of the sandbox"),
        pytest.param("{{ 'a' * 10**9 }}", "line 1", id="long text"),
        pytest.param("{{ '%9999999999d' % 1 }}", "line 1", id="wide number"),
        pytest.param("{{ name|center(9999999999) }}", "|center", id="wide filter"),
        pytest.param("{{ name is divisibleby 2 }}", "is divisibleby", id="test"),
        pytest.param("{% for a in name %}{% endfor %}", "line 1", id="loop"),
        pytest.param("{% set a = name %}", "line 1", id="variable"),
        pytest.param("{% include 'x' %}", "line 1", id="other file"),
        pytest.param("{% macro a() %}{{ a() }}{% endmacro %}", "line 1", id="recursion"),
        pytest.param("{{" + "(" * 800 + "1" + ")" * 800 + "}}", "too deeply", id="deep"),
        pytest.param("{% if name %}" * 300 + "{% endif %}" * 300, "too deeply", id="deep ifs"),
        pytest.param("{{ name }}" * 3000, "longer than 20000", id="too long a template"),
        pytest.param("{{ personality }}" * 900, "longer than 50000", id="too long a text"),
    ],
)
def test_a_template_that_cannot_be_used_is_one_sentence_naming_the_place(
    template: str, part: str
) -> None:
    persona = Persona(name="小满", personality="秘密" * 50, system_prompt=template)
    started = time.process_time()
    with pytest.raises(PersonaError) as caught:
        render_system(persona, chat="")
    assert time.process_time() - started < 2
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "秘密" not in str(caught.value)


@given(st.text(), st.text(max_size=30))
def test_words_of_a_persona_are_never_read_as_a_template(words: str, background: str) -> None:
    tricky = "{{ 1 + 1 }}{% for %}" + words
    text = render_system(
        Persona(name=tricky, system_prompt="{{ name }}"), chat="", background=background
    )
    assert text.startswith(tricky.strip())
    assert text.endswith(background.strip())


def test_the_built_in_template_is_a_valid_persona_template() -> None:
    shown = render_system(Persona(name="小满", system_prompt=DEFAULT_TEMPLATE), chat="")
    assert shown == render_system(Persona(name="小满"), chat="")
