"""The options of an export on the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from curation.exporters import formats
from tests.command_line.test_commands import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROWS = [
    (day, minute, sender, f"{day}号{minute}分{sender}说的话~")
    for day in range(1, 11)
    for minute in range(4)
    for sender in ("妈妈", "小满")
]


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    """A chat of ten days, a conversation each, and one that I began."""
    lines = ["消息ID,类型,发送人,时间,内容"]
    lines += [
        f"{at},文本,{sender},2024-03-{day:02} 10:{minute:02}:{at % 60:02},{text}"
        for at, (day, minute, sender, text) in enumerate(ROWS)
    ]
    lines.append("99,文本,小满,2024-03-20 10:00:00,自言自语")
    path = tmp_path / "妈妈.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def build(chat: Path, tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    return lambda *more: run("build", chat, "--me", "小满", "--out", tmp_path / "out", *more)


def told(tmp_path: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((tmp_path / "out" / "report.json").read_bytes())
    return report


def test_build_writes_formats_and_parts_as_asked(
    build: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    code, said, err = build(
        *("--format", "openai", "--format", "sharegpt", "--validation", "0.2"),
        *("--window", "4", "--cutoff", "2048", "--variant", "woven", "--opening"),
    )
    assert (code, err) == (0, "")
    out = tmp_path / "out"
    for name in ("openai", "sharegpt"):
        form = formats()[name]
        assert len(list(form.read(out / form.train))) == 18
        assert len(list(form.read(out / form.validation))) == 3
    report = told(tmp_path)
    assert report["formats"] == ["openai", "sharegpt"]
    assert report["parts"]["validation"]["cut"] == 1
    assert report["settings"]["variant"] == "woven"
    assert report["options"]["max_tokens"] == 2048
    assert "（对方没有说话）" in (out / "sharegpt_validation.json").read_text(encoding="utf-8")
    assert "validation            3 records" in said
    assert "more by cutting       10" in said


def test_build_slides_and_joins_as_asked(
    build: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    assert build("--join", "1440", "--join-turns", "16", "--window", "6", "--sliding")[0] == 0
    part = told(tmp_path)["parts"]["train"]
    assert (part["conversations"], part["joined"], part["records"]) == (10, 5, 40)
    assert part["windows"] == 35


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("--format", "word"), "no export format called word", id="format"),
        pytest.param(("--validation", "0.9"), "goes from 0 to 0.5", id="share"),
        pytest.param(("--window", "3"), "even number", id="window"),
        pytest.param(("--sliding",), "needs its number", id="sliding without a window"),
        pytest.param(("--cutoff", "-1"), "goes from 0", id="cutoff"),
        pytest.param(("--cutoff", "9"), "nothing to export", id="nothing fits"),
        pytest.param(("--tokenizer", "no/such.json"), "such.json: cannot be read", id="tokenizer"),
        pytest.param(("--join-turns", "1"), "four turns", id="join"),
        pytest.param(("--opening", " "), "is empty", id="opening"),
    ],
)
def test_options_that_make_no_sense_are_one_sentence_and_leave_nothing(
    build: Callable[..., tuple[int, str, str]],
    tmp_path: Path,
    arguments: tuple[str, ...],
    said: str,
) -> None:
    code, out, err = build(*arguments)
    assert (code, out) == (1, "")
    assert said in err
    assert err.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("arguments", [("--validation", "much"), ("--variant", "loud")])
def test_values_of_the_wrong_kind_are_wrong_usage(
    build: Callable[..., tuple[int, str, str]], arguments: tuple[str, ...]
) -> None:
    assert build(*arguments)[0] == 2
