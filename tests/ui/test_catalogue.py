from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from curation.errors import BadFileError, RuwoError
from curation.ui import catalogue
from curation.ui.catalogue import LANGUAGES, error_text, read_catalogue, say, sentences
from curation.ui.extract import extracted, translated

if TYPE_CHECKING:
    from babel.messages.catalog import Message

FIELD = re.compile(r"\{(\w+)")
TRANSLATED = [language for language in LANGUAGES if language != "en"]


@pytest.fixture
def speak(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Let the catalogue speak the language under the key `language`."""
    spoken = {"language": "zh"}
    monkeypatch.setattr(catalogue, "current_language", lambda: spoken["language"])
    return spoken


def forms(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (str(message.id),)


def words(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (str(message.string),)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_string_of_the_code_has_a_translation(language: str) -> None:
    known = {forms(message): message for message in read_catalogue(language) if message.id}
    missing = [
        forms(message)[0]
        for message in extracted()
        if message.id and not (forms(message) in known and translated(known[forms(message)]))
    ]
    assert missing == [], "run `python -m curation.ui.extract` and fill in the empty ones"


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_outlives_its_string(language: str) -> None:
    wanted = {forms(message) for message in extracted() if message.id}
    kept = {forms(message) for message in read_catalogue(language) if message.id}
    assert kept - wanted == set()
    assert not read_catalogue(language).obsolete


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_fills_the_same_fields_as_its_string(language: str) -> None:
    for message in read_catalogue(language):
        if not message.id:
            continue
        fields = set(FIELD.findall(forms(message)[-1]))
        for form in filter(None, words(message)):
            assert set(FIELD.findall(form)) == fields, forms(message)[0]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        pytest.param(
            BadFileError("/home/me/聊天.csv", "the file is empty"),
            "聊天.csv：文件是空的",
            id="file and reason, without the folder",
        ),
        pytest.param(
            BadFileError("a.csv", "the column {column} is missing", line=1, column="时间"),
            "a.csv 第 1 行：缺少 时间 这一列",
            id="line and a value",
        ),
        pytest.param(
            BadFileError("a.json", "the message is not an object", place="record 3, message 2"),
            "a.json，第 3 条记录，第 2 条消息：这条消息不是对象",
            id="place",
        ),
        pytest.param(
            BadFileError("a.json", "this is not valid JSON", line=2, place="column 7"),
            "a.json 第 2 行，第 7 个字符：这不是有效的 JSON",
            id="line and place",
        ),
        pytest.param(
            RuwoError("The workspace address {name} is not understood.", name="x://"),
            "看不懂工作区地址 x://。",
            id="no file",
        ),
    ],
)
def test_an_error_is_one_sentence_in_chinese(
    error: RuwoError, sentence: str, speak: dict[str, str]
) -> None:
    assert error_text(error) == sentence


def test_in_english_an_error_reads_as_on_the_command_line(speak: dict[str, str]) -> None:
    speak["language"] = "en"
    error = BadFileError("a.json", "this is not valid JSON", line=2, place="column 7")
    assert error_text(error) == str(error)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        pytest.param(
            "messages that stood twice in the file: 12",
            "在文件里重复出现的消息：12 条",
            id="filled before",
        ),
        pytest.param("the file is empty", "文件是空的", id="without fields"),
        pytest.param("nobody wrote this", "nobody wrote this", id="unknown"),
    ],
)
def test_a_finished_sentence_of_the_core_is_found_again(
    sentence: str, said: str, speak: dict[str, str]
) -> None:
    assert say(sentence) == said


def test_a_value_with_braces_in_it_is_not_filled_again(speak: dict[str, str]) -> None:
    assert say("nobody in this file is called {0.__class__}") == "文件里没有人叫 {0.__class__}"


def test_sentences_follow_each_other_as_the_language_wants_it(speak: dict[str, str]) -> None:
    assert sentences(["有 3 段。", "其余不变。"]) == "有 3 段。其余不变。"
    speak["language"] = "en"
    assert sentences(["3 are there.", "The rest stays."]) == "3 are there. The rest stays."
