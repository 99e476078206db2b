"""What the quality benchmark counts, on findings made up for the purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.dialogues import read_dialogues
from benchmarks.evaluation_set import Line, Mark, parse_message, read_conll
from benchmarks.pii_quality import (
    STRUCTURED,
    Score,
    for_every_1000,
    measure_names,
    percent,
    score_lines,
)

if TYPE_CHECKING:
    from pathlib import Path


def line(markup: str) -> Line:
    text, marks = parse_message(markup)
    return Line(1, "", text, marks)


def finding(of: Line, entity: str, value: str) -> Mark:
    start = of.text.index(value)
    return Mark(entity, start, start + len(value))


def score(markup: str, *findings: tuple[str, str]) -> dict[str, Score]:
    message = line(markup)
    return score_lines([message], [[finding(message, *one) for one in findings]])


MESSAGE = "密码⟦PASSWORD|ab-12⟧好"


@pytest.mark.parametrize(
    ("findings", "found", "masked", "exact"),
    [
        pytest.param([("PASSWORD", "ab-12")], 1, 1, 1, id="the very range"),
        pytest.param([("PASSWORD", "密码ab-12")], 1, 1, 0, id="too wide"),
        pytest.param([("PASSWORD", "ab")], 1, 0, 0, id="a part"),
        pytest.param([("PASSWORD", "ab"), ("OTP_CODE", "12")], 1, 1, 0, id="in two pieces"),
        pytest.param([("OTP_CODE", "ab-12")], 0, 1, 0, id="as another kind"),
        pytest.param([("PASSWORD", "密码")], 0, 0, 0, id="beside it"),
        pytest.param([], 0, 0, 0, id="not at all"),
    ],
)
def test_a_value_is_found_masked_and_exact(
    findings: list[tuple[str, str]], found: int, masked: int, exact: int
) -> None:
    counted = score(MESSAGE, *findings)["PASSWORD"]
    assert counted.values == 1
    assert (counted.found, counted.masked, counted.exact) == (found, masked, exact)


@pytest.mark.parametrize(
    ("entity", "right"),
    [("PASSWORD", 1), ("OTP_CODE", 1), ("PHONE_NUMBER", 0), ("CN_ADDRESS", 0)],
)
def test_a_finding_is_right_on_its_own_and_on_kindred_kinds(entity: str, right: int) -> None:
    counted = score(MESSAGE, (entity, "ab-12"))[entity]
    assert (counted.findings, counted.right, counted.extra) == (1, right, 0)


def test_letters_outside_of_marks_are_extra() -> None:
    assert score(MESSAGE, ("PASSWORD", "密码ab-12好"))["PASSWORD"].extra == 3


def test_a_finding_in_a_message_without_marks_is_a_trap_that_worked() -> None:
    scores = score("订单号12345678901", ("PHONE_NUMBER", "12345678901"))
    phone, total = scores["PHONE_NUMBER"], scores[STRUCTURED]
    assert (phone.trap, phone.right, phone.rates()["trap_per_1000"]) == (1, 0, 1000)
    assert (total.trap, total.trap_lines) == (1, 1)


def test_addresses_and_persons_are_not_in_the_structured_total() -> None:
    message = "⟦PERSON|王小⟧住⟦CN_ADDRESS|东路1号⟧电话⟦PHONE_NUMBER|123⟧"
    scores = score(message, ("PERSON", "王小"), ("CN_ADDRESS", "东路"), ("PHONE_NUMBER", "123"))
    assert (scores[STRUCTURED].values, scores[STRUCTURED].findings) == (1, 1)
    assert (scores["CN_ADDRESS"].chars, scores["CN_ADDRESS"].chars_masked) == (4, 2)


def test_shares_are_cut_and_never_rounded_up() -> None:
    assert [percent(value) for value in (0.98999, 1.0, None)] == ["98.9", "100.0", "-"]


def test_names_of_a_conll_file(tmp_path: Path) -> None:
    path = tmp_path / "names.conll"
    path.write_text(
        "找0\tO\n王0\tB-PER.NAM\n小1\tI-PER.NAM\n和0\tO\n老0\tB-PER.NOM\n师1\tI-PER.NOM\n\n"
        "李0\tB-PER.NAM\n四1\tI-PER.NAM\n",
        encoding="utf-8",
    )
    first, second = read_conll(path)
    assert (first.text, second.text) == ("找王小和老师", "李四")
    persons = [finding(first, "PERSON", "小"), finding(first, "PERSON", "老师")]
    assert measure_names([first, second], [persons, []]) == {
        "names": 2,
        "findings": 2,
        "recall": 0.5,
        "precision": 0.5,
        "findings on PER.NOM": 1,
    }


def test_the_column_with_the_dialogue_is_found_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "dialogue.csv"
    path.write_text(
        "Speaker,Says\n王小,今天吃什么\n王小,随便\n李四,那就面吧\n", encoding="utf-8-sig"
    )
    dialogues = read_dialogues(path, None)
    assert (dialogues.column, dialogues.texts) == ("Says", ["今天吃什么", "随便", "那就面吧"])
    with pytest.raises(ValueError, match="no column Text"):
        read_dialogues(path, "Text")


def test_talks_and_who_speaks_are_read_where_a_file_tells_them(tmp_path: Path) -> None:
    path = tmp_path / "dialogue.csv"
    path.write_text(
        "Dialogue_ID,Speaker,Says\n1,王小,吃什么\n1,李四,随便\n1,王小,\n2,李四,在吗\n2,李四,人呢\n",
        encoding="utf-8-sig",
    )
    assert [
        [(said.mine, said.line.text, said.line.number) for said in talk]
        for talk in read_dialogues(path, "Says").talks
    ] == [[(True, "吃什么", 2), (False, "随便", 3)], [(True, "在吗", 5), (True, "人呢", 6)]]


def test_findings_are_counted_for_every_thousand_lines() -> None:
    found = [{"PERSON"}, {"PERSON", "PASSWORD"}, set(), set()]
    assert for_every_1000(found) == {"but PERSON": 250, "PERSON": 500, "PASSWORD": 250}
