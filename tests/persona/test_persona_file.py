"""A persona on disk."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.errors import BadFileError, PersonaError
from curation.model import Persona
from curation.persona import persona_from_dict, persona_to_dict, read_persona

if TYPE_CHECKING:
    from pathlib import Path

FULL = {
    "name": "小满",
    "gender": "女",
    "age_band": "25～30 岁",
    "personality": "慢热",
    "occupation": "插画师",
    "interests": "猫、爬山",
    "mbti": "INFP",
    "catch_phrases": "好嘛、绝了",
    "speaking_style": "短句连发",
    "taboos": "催婚",
    "relations": {"妈": "妈妈"},
    "system_prompt": "你是{{ name }}",
}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(FULL, Persona(**FULL), id="all"),  # type: ignore[arg-type]  # mixed values
        pytest.param({}, Persona(), id="nothing"),
        pytest.param({"interests": ["猫", " 爬山 ", ""]}, Persona(interests="猫、爬山"), id="list"),
        pytest.param(
            {"name": "小\ud83d满", "relations": {"妈\ud83d": "妈妈"}},
            Persona(name="小满", relations={"妈": "妈妈"}),
            id="lone surrogates",
        ),
        pytest.param(
            {"traits": {"personality": "慢热", "occupation": ["画", "写"]}},
            Persona(personality="慢热", occupation="画、写"),
            id="traits",
        ),
        pytest.param(
            {"character_traits": {"interests": "猫"}, "name": "小满"},
            Persona(name="小满", interests="猫"),
            id="character traits",
        ),
        pytest.param({"age": 27}, Persona(age_band="27"), id="an age as a number"),
        pytest.param({"catchphrases": ["好嘛"]}, Persona(catch_phrases="好嘛"), id="one word"),
        pytest.param({"mbti": " infp-t "}, Persona(mbti="INFP"), id="a type as it is written"),
        pytest.param({"mbti": "看心情"}, Persona(mbti="看心情"), id="no type"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_persona_file_is_read(
    tmp_path: Path, content: dict[str, object], expected: Persona, encoding: str
) -> None:
    path = tmp_path / "persona.json"
    path.write_text(json.dumps(content), encoding=encoding)
    assert read_persona(path) == expected


@pytest.mark.parametrize(
    ("content", "part"),
    [
        pytest.param({"nmae": "x"}, "nmae", id="unknown key"),
        pytest.param({"name": 1}, "name is not a text", id="number"),
        pytest.param({"age": True}, "age is not a text", id="truth"),
        pytest.param({"age": 27, "age_band": "27"}, "age_band twice", id="age twice"),
        pytest.param({"name": None}, "name is not a text", id="null"),
        pytest.param({"interests": ["猫", 1]}, "interests is not a text", id="list of mixed"),
        pytest.param({"relations": ["妈"]}, "relations is not an object", id="list of relations"),
        pytest.param({"relations": {"妈": 1}}, "relations.妈 is not a text", id="relation"),
        pytest.param({"traits": 3}, "personality is not a text", id="traits as a number"),
        pytest.param({"traits": {"mbti": "INFP"}}, "traits.mbti", id="unknown trait"),
        pytest.param({"personality": "a", "traits": {"personality": "b"}}, "twice", id="twice"),
        pytest.param({"system_prompt": "a\n{{ x }}"}, "line 2: x", id="template"),
        pytest.param({"name": "x" * 50_001}, "too long", id="long"),
        pytest.param({"bad\nkey": ""}, r"bad\nkey", id="key with a line end"),
    ],
)
def test_a_persona_that_cannot_be_used_is_one_sentence_naming_the_key(
    tmp_path: Path, content: dict[str, object], part: str
) -> None:
    path = tmp_path / "persona.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(PersonaError) as caught:
        read_persona(path)
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_keys_that_are_not_known_can_be_told_instead_of_refused(tmp_path: Path) -> None:
    path = tmp_path / "persona.json"
    content = {"name": "小满", "zodiac": "鼠", "traits": {"age": "27", "interests": "猫"}}
    path.write_text(json.dumps(content), encoding="utf-8")
    told: list[str] = []
    assert read_persona(path, told.append) == Persona(name="小满", interests="猫")
    assert told == ["zodiac", "traits.age"]


@pytest.mark.parametrize("traits", ["慢热、爱笑", ["慢热", "爱笑"]], ids=["words", "list"])
def test_traits_in_words_are_the_personality(traits: object) -> None:
    assert persona_from_dict({"traits": traits}) == Persona(personality="慢热、爱笑")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "persona.json")
    with pytest.raises(BadFileError, match="not a regular file"):
        read_persona(tmp_path / "persona.json")


def test_a_key_written_twice_in_the_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "persona.json"
    path.write_text('{"name": "a", "name": "b"}', encoding="utf-8")
    with pytest.raises(PersonaError, match="name twice"):
        read_persona(path)


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        pytest.param(b"", "not JSON", id="empty"),
        pytest.param(b'{"name": \n', "line 2", id="cut"),
        pytest.param(b"[1]", "not a JSON object", id="list"),
        pytest.param("{'名'}".encode("gb18030"), "not UTF-8", id="GB18030"),
        pytest.param(b"[" * 100_000, "not JSON", id="deep"),
        pytest.param(b'{"name": "' + b"x" * 1_000_001 + b'"}', "too large", id="large"),
        pytest.param(b'{"name": ' + b"1" * 5000 + b"}", "not JSON", id="huge number"),
    ],
)
def test_a_file_that_is_no_persona_is_one_sentence_naming_it(
    tmp_path: Path, raw: bytes, part: str
) -> None:
    path = tmp_path / "persona.json"
    path.write_bytes(raw)
    with pytest.raises(BadFileError) as caught:
        read_persona(path)
    assert str(caught.value).startswith("persona.json")
    assert part in str(caught.value)


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_a_persona_that_is_not_a_file_is_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadFileError, match="cannot be read"):
        read_persona(tmp_path / name)


STORABLE = st.characters(codec="utf-8", exclude_characters="\0")
WORDS = st.text(STORABLE, max_size=20).map(str.strip)


@given(
    st.builds(
        Persona,
        name=WORDS,
        personality=WORDS,
        occupation=WORDS,
        interests=WORDS,
        relations=st.dictionaries(st.text(STORABLE, max_size=10), WORDS, max_size=3),
    )
)
def test_a_persona_written_and_read_is_the_same(persona: Persona) -> None:
    assert persona_from_dict(json.loads(json.dumps(persona_to_dict(persona)))) == persona
