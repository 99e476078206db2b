"""MBTI behaviour files: read, their poles, and what of them could be said in a chat."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from curation.errors import BadFileError
from curation.persona.mbti import (
    Behaviour,
    BehaviourFile,
    Pole,
    as_question,
    could_be_said,
    missing_poles,
    pick,
    pole_in_name,
    poles_of,
    read_behaviours,
)

if TYPE_CHECKING:
    from pathlib import Path

QUESTION = "你周末一般怎么过？"
ANSWER = "我一般在家里看书，偶尔出门走走。"


def record(**fields: object) -> dict[str, object]:
    return {"instruction": QUESTION, "input": " ", "output": ANSWER, **fields}


@pytest.mark.parametrize(
    ("name", "pole"),
    [
        ("zh_energy_extraversion.json", Pole.E),
        ("zh_energy_introversion.json", Pole.I),
        ("en_energy_Extroverted.jsonl", Pole.E),
        ("zh_information_sensing.json", Pole.S),
        ("zh_information_intuition.json", Pole.N),
        ("zh_decision_thinking.json", Pole.T),
        ("zh_decision_feeling.json", Pole.F),
        ("zh_execution_judging.json", Pole.J),
        ("zh_execution_perceiving.json", Pole.P),
        ("内向.json", Pole.I),
        ("直觉_回答.json", Pole.N),
        ("answers.json", None),
        ("thinking_or_feeling.json", None),
    ],
)
def test_the_name_of_a_file_says_which_pole_it_is_of(name: str, pole: Pole | None) -> None:
    assert pole_in_name(name) is pole


def test_a_type_is_four_poles_and_those_without_a_file_are_missing() -> None:
    assert poles_of("INFP") == (Pole.I, Pole.N, Pole.F, Pole.P)
    files = [BehaviourFile("a", Pole.I, ()), BehaviourFile("b", Pole.T, ())]
    assert missing_poles(poles_of("INFP"), files) == [Pole.N, Pole.F, Pole.P]


@pytest.mark.parametrize("lines", [False, True])
def test_records_are_read_and_what_is_none_is_counted(tmp_path: Path, lines: bool) -> None:  # noqa: FBT001  (a case)
    records: list[object] = [
        record(),
        record(input="雨天呢"),
        record(output=""),
        record(instruction=3),
        "没有字段",
        {"output": ANSWER},
    ]
    path = tmp_path / "zh_energy_introversion.json"
    if lines:
        text = "\n".join(json.dumps(each) for each in records[:4]) + "\n\n"
    else:
        text = json.dumps(records, ensure_ascii=False)
    path.write_text(text, encoding="utf-8-sig")
    found = read_behaviours(path)
    assert found.pairs == ((QUESTION, ANSWER), (f"{QUESTION} 雨天呢", ANSWER))
    assert (found.pole, found.bad) == (Pole.I, 2 if lines else 4)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        pytest.param(b"", "not JSON", id="nothing"),
        pytest.param(b"[" * 100_000, "not JSON", id="nested"),
        pytest.param(b'{"a": 1}\n{"b"', "line 2", id="cut"),
        pytest.param(b"[]", "no record", id="empty list"),
        pytest.param(b"3", "no record", id="number"),
        pytest.param("[你]".encode("gb18030"), "UTF-8", id="GB18030"),
        pytest.param(b'[{"instruction": "a"}]', "no record", id="no answer"),
    ],
)
def test_another_file_is_one_clear_error(tmp_path: Path, raw: bytes, why: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(raw)
    with pytest.raises(BadFileError, match=why):
        read_behaviours(path)


def test_a_missing_file_and_a_folder_are_one_clear_error(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.json"):
        with pytest.raises(BadFileError):
            read_behaviours(path)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        pytest.param(QUESTION, ANSWER, id="asked"),
        pytest.param("下雨了", "那我就在家待着，挺舒服的。", id="told"),
        pytest.param("描述一下你的理想周末。", ANSWER, id="asked to describe oneself"),
    ],
)
def test_what_a_friend_could_ask_and_be_answered_is_taken(question: str, answer: str) -> None:
    assert could_be_said(question, answer)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        pytest.param("写一首关于猫的诗", ANSWER, id="work"),
        pytest.param("请为你的店设计一个口号", ANSWER, id="work for me"),
        pytest.param("描述海边的日落。", ANSWER, id="a description"),
        pytest.param(QUESTION, "周末适合看书和散步，可以放松身心。", id="not of oneself"),
        pytest.param(QUESTION, "我们应该多运动，多吃蔬菜水果。", id="of all of us"),
        pytest.param(QUESTION, "我会：\n1. 看书\n2. 散步", id="a list"),
        pytest.param(QUESTION, "作为一个人工智能，我没有周末。", id="an assistant"),
        pytest.param(QUESTION, "我用print(1)打印。函数如下", id="code"),
        pytest.param(QUESTION, "我看书。", id="too short"),
        pytest.param(QUESTION, "我看书。" * 80, id="too long"),
        pytest.param("你" * 61, ANSWER, id="a long question"),
        pytest.param("你认识 John Smith 吗", ANSWER, id="Latin words"),
    ],
)
def test_what_nobody_would_chat_is_not(question: str, answer: str) -> None:
    assert not could_be_said(question, answer)


def behaviours(count: int) -> list[Behaviour]:
    return [Behaviour(Pole.I, f"你第{number}天做什么？", ANSWER) for number in range(count)]


def test_the_same_seed_picks_the_same_and_another_one_others() -> None:
    some = behaviours(200)
    assert pick(some, 20, 1) == pick(list(reversed(some)), 20, 1)
    assert pick(some, 20, 1) != pick(some, 20, 2)
    assert len(pick(some, 20, 1)) == 20
    assert len(pick(some, 500, 1)) == 200


def test_questions_to_the_person_come_first_and_none_comes_twice_or_again() -> None:
    told = [Behaviour(Pole.I, "下雨了", ANSWER)] * 3
    asked = behaviours(3)
    assert pick([*told, *asked], 4, 0)[3:] == told[:1]
    assert pick(asked, 9, 0, known=[asked[1].question]) == [
        each for each in pick(asked, 9, 0) if each != asked[1]
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("描述一次你迷路的经历。", "讲一次你迷路的经历"),
        ("请描述你的房间。", "说说你的房间"),
        ("请您谈谈你的家乡", "请你谈谈你的家乡"),
        ("分享一下你的爱好", "说说你的爱好"),
        ("你饿了吗？", "你饿了吗？"),
        ("下雨了。", "下雨了"),
        ("。", "。"),
    ],
)
def test_an_instruction_is_asked_as_a_friend_would(text: str, said: str) -> None:
    assert as_question(text) in {said, said.removeprefix("请")}
