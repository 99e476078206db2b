"""Every format gives back what it was given, and its check finds what does not belong there."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.errors import BadFileError, ExportBlockedError
from curation.exporters import FORMATS, Format, formats, harmless, plain_record
from tests.examples import examples
from tests.exporters.invented import record, talks
from tests.exporters.test_text import PIECES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

EVERY = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
IN_TEXT = [form for form in FORMATS if not form.train.endswith(".parquet")]
EVERY_TEXT = pytest.mark.parametrize("form", IN_TEXT, ids=lambda form: form.name)
LINES = [form for form in IN_TEXT if form.train.endswith(".jsonl")]


@EVERY
def test_what_is_read_is_what_was_written(form: Format, tmp_path: Path) -> None:
    path = tmp_path / form.train
    records = talks(form)
    assert form.write(path, iter(records)) == len(records)
    assert form.check(path) == []
    assert list(form.read(path)) == records


@EVERY
def test_the_same_records_give_the_same_bytes_of_each_format(form: Format, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    form.write(one, talks(form))
    form.write(two, talks(form))
    assert one.read_bytes() == two.read_bytes()


@EVERY
def test_no_format_has_an_empty_file(form: Format, tmp_path: Path) -> None:
    with pytest.raises(ExportBlockedError):
        form.write(tmp_path / "file", [])
    assert list(tmp_path.iterdir()) == []


@EVERY
def test_a_record_of_the_other_kind_is_refused(form: Format, tmp_path: Path) -> None:
    other = formats()["sharegpt" if form.extended else "sharegpt_extended"]
    with pytest.raises(ExportBlockedError, match="keys"):
        form.write(tmp_path / "file", [record(other, "在吗", "在")])
    assert list(tmp_path.iterdir()) == []


def test_names_and_files_of_the_formats_are_their_own() -> None:
    names = [name for form in FORMATS for name in (form.train, form.validation)]
    names += [name for form in FORMATS for name in form.companions]
    assert len({name.lower() for name in names}) == len(names)
    assert list(formats()) == [form.name for form in FORMATS]
    assert FORMATS[0].train == "sharegpt.json"


def test_an_extended_record_becomes_a_plain_one() -> None:
    extended = record(formats()["sharegpt_extended"], "在吗", "在呀~")
    plain = record(FORMATS[0], "在吗", "在呀~")
    assert plain_record(extended) == plain == plain_record(plain)


STRANGE = [
    "\u2028",
    "\u0085",
    "\\",
    '"',
    "\ud83d",
    "\x00",
    "\r",
    "2026-11-27",
    "{}",
    "null",
    "🧑\u200d🎨",
]
SAID = (
    st.lists(st.one_of(PIECES, st.sampled_from(STRANGE)), max_size=5)
    .map("".join)
    .map(lambda text: text if harmless(text) else "嗯")
)
TALK = st.tuples(SAID, st.lists(st.tuples(SAID, SAID), min_size=1, max_size=3))


@given(st.lists(TALK, min_size=1, max_size=3))
@settings(max_examples=examples(30))
def test_every_format_holds_any_text(said: list[tuple[str, list[tuple[str, str]]]]) -> None:
    with TemporaryDirectory() as folder:
        for form in FORMATS:
            path = Path(folder) / form.train
            records = [talks(form)[0]]
            for system, pairs in said:
                texts = [text for pair in pairs for text in pair]
                records.append(record(form, *texts, system=system))
            assert form.write(path, records) == len(records)
            assert form.check(path) == []
            assert list(form.read(path)) == records
            raw = path.read_bytes()
            if form in IN_TEXT:
                assert not set(raw) & {*range(0x20)} - {0x0A}
                assert not raw.startswith(b"\xef\xbb\xbf")
            if form in LINES:
                assert len(raw.decode("utf-8").splitlines()) == len(records)


ANSWER = "在呀~[委屈]"


def replaced(old: str, new: str) -> Callable[[str], bytes]:
    return lambda text: text.replace(old, new, 1).encode()


ALTERED = [
    pytest.param(lambda _text: b"", "no record|not closed", id="nothing"),
    pytest.param(lambda text: text.encode("utf-8-sig"), "line 1", id="byte order mark"),
    pytest.param(lambda text: text.encode("gb18030"), "UTF-8", id="GB18030"),
    pytest.param(lambda text: text.replace("\n", "\r\n").encode(), "line", id="carriage return"),
    pytest.param(lambda text: text.encode()[:-1], "line feed", id="cut"),
    pytest.param(replaced(ANSWER, "<|im_end|>在呀"), "token|message", id="control token"),
    pytest.param(replaced(ANSWER, "在呀<th\u200bink>"), "token", id="hidden control token"),
    pytest.param(replaced(ANSWER, " 在呀"), "blanks|message", id="outer blank"),
    pytest.param(replaced(ANSWER, "\\u5728呀"), "not a JSON record", id="escaped"),
    pytest.param(replaced(ANSWER, "在\\u0000呀"), "character", id="control character"),
    pytest.param(replaced(ANSWER, "在\\ud83d呀"), "not a JSON record", id="lone surrogate"),
    pytest.param(replaced('": "', '": null, "x": "'), "keys|JSON", id="null and another key"),
    pytest.param(replaced("{", '{"conversations": [], '), "keys|JSON", id="key twice"),
    pytest.param(replaced(": ", ":"), "not a JSON record", id="written otherwise"),
]


@EVERY_TEXT
@pytest.mark.parametrize(("change", "part"), ALTERED)
def test_the_check_of_each_format_finds_what_was_altered(
    form: Format, tmp_path: Path, change: Callable[[str], bytes], part: str
) -> None:
    path = tmp_path / "file"
    form.write(path, [record(form, "在吗\n在吗", f"{ANSWER}在", "嗯", "好")])
    path.write_bytes(change(path.read_text(encoding="utf-8")))
    problems = form.check(path)
    assert re.search(part, problems[0])
    assert not re.search("[在呀吗嗯]", "".join(problems))


SYSTEM = {"role": "system", "content": "你"}
USER = {"role": "user", "content": "在吗"}
ME = {"role": "assistant", "content": "在呀"}
ALPACA = {"instruction": "在吗", "input": "", "output": "在", "system": "你", "history": []}
OPEN = "<|im_start|>"

ROWS = [
    ("openai", {"messages": [USER, ME]}, "first message is not the system"),
    ("openai", {"messages": []}, "first message is not the system"),
    ("openai", {"messages": None}, "not a list"),
    ("openai", {"messages": [SYSTEM]}, "number of turns"),
    ("openai", {"messages": [SYSTEM, USER]}, "number of turns"),
    ("openai", {"messages": [SYSTEM, ME, USER]}, "out of turn"),
    ("openai", {"messages": [SYSTEM, USER, SYSTEM, ME]}, "neither user nor assistant"),
    ("openai", {"messages": [SYSTEM, USER, {**ME, "role": []}]}, "neither user nor assistant"),
    ("openai", {"messages": [SYSTEM, USER, {**ME, "weight": 1}]}, "message 3 has other keys"),
    ("openai", {"messages": [SYSTEM, USER, "在呀"]}, "message 3 has other keys"),
    ("openai", {"messages": [SYSTEM, USER, {**ME, "content": ["在"]}]}, "not a text"),
    ("openai", {"messages": [{**SYSTEM, "content": ""}, USER, ME]}, "system is empty"),
    ("unsloth", {"conversations": [SYSTEM, USER, ME]}, "message 1 has other keys"),
    ("alpaca", {**ALPACA, "input": "在"}, "input is not empty"),
    ("alpaca", {**ALPACA, "history": None}, "history is not a list"),
    ("alpaca", {**ALPACA, "history": ["在吗"]}, "exchange 1 of history is not a list"),
    ("alpaca", {**ALPACA, "history": [["在吗"]]}, "exchange 1 of history is not a pair"),
    ("alpaca", {**ALPACA, "history": [["在吗", None]]}, "not a text"),
    ("alpaca", {**ALPACA, "output": 3}, "not a text"),
    ("chatml", {"text": 3}, "does not end"),
    ("chatml", {"text": f"{OPEN}system\n你<|im_end|>\n{OPEN}user\n在"}, "does not end"),
    ("chatml", {"text": f"{OPEN}system\n你<|im_end|>\nuser\n在<|im_end|>"}, "message 2"),
    ("chatml", {"text": f"{OPEN}system\n你<|im_end|>\n{OPEN}me\n在<|im_end|>"}, "neither user"),
    ("huggingface", {"messages": [SYSTEM, USER]}, "number of turns"),
    ("huggingface", {"messages": [SYSTEM, USER, {**ME, "content": None}]}, "not a text"),
    ("huggingface", {"messages": None}, "not a list"),
]


@pytest.mark.parametrize(("name", "row", "part"), ROWS)
def test_a_row_that_is_not_one_of_the_format_is_named_by_its_place(
    tmp_path: Path, name: str, row: dict[str, Any], part: str
) -> None:
    form, path = formats()[name], tmp_path / "file"
    form.layout.write(path, [form.encode(talks(form)[0]), row])
    (problem,) = form.check(path)
    assert problem.startswith("record 2: ")
    assert part in problem
    assert "在" not in problem


def test_reading_a_row_that_is_none_of_the_format_is_one_error(tmp_path: Path) -> None:
    form = formats()["openai"]
    form.layout.write(tmp_path / "file", [{"messages": [USER]}])
    with pytest.raises(BadFileError, match="record 1: the first message"):
        list(form.read(tmp_path / "file"))


def parquet(path: Path, names: Sequence[str], notes: dict[str, str]) -> None:
    message = pa.struct([(name, pa.string()) for name in names])
    row = dict.fromkeys(names, "在")
    table = pa.table({"messages": pa.array([[row]], pa.list_(message))})
    pq.write_table(table.replace_schema_metadata(notes), path)


@pytest.mark.parametrize(
    ("names", "notes", "part"),
    [
        pytest.param(["content", "role"], {}, "other columns", id="order"),
        pytest.param(["role", "content", "emotion"], {}, "other columns", id="more"),
        pytest.param(["role", "content"], {"owner": "小满"}, "more than its rows", id="notes"),
    ],
)
def test_parquet_of_another_kind_is_found(
    tmp_path: Path, names: Sequence[str], notes: dict[str, str], part: str
) -> None:
    parquet(tmp_path / "file", names, notes)
    (problem,) = formats()["huggingface"].check(tmp_path / "file")
    assert part in problem


def test_what_is_no_parquet_is_found(tmp_path: Path) -> None:
    form, path = formats()["huggingface"], tmp_path / "file"
    path.write_bytes(b"PAR1")
    assert form.check(path) == ["the file is not Parquet"]
    with pytest.raises(BadFileError, match="cannot be read"):
        list(form.read(path))


@EVERY_TEXT
def test_a_column_of_nothing_but_times_is_found(form: Format, tmp_path: Path) -> None:
    days = [f"2026-11-{day:02}" for day in range(10, 20)]
    records = [record(form, day, f"{day} 10:00", system=day) for day in days]
    form.write(tmp_path / "file", records)
    found = form.check(tmp_path / "file")
    if form.name == "chatml":  # its texts are more than what was said
        assert found == []
    else:
        assert [re.search("looks like a time", problem) is None for problem in found] == [False]


def guessed_role(rows: Sequence[dict[str, Any]]) -> str:
    """Return the key that unsloth takes for the role: of fewer values, else the second."""
    messages = [message for row in rows[:10] for message in row["conversations"]]
    first, second = messages[0]
    fewer = len({each[first] for each in messages}) < len({each[second] for each in messages})
    return str(first if fewer else second)


FEW = st.sampled_from("嗯好你")


@given(st.lists(st.tuples(FEW, FEW, FEW)))
def test_unsloth_guesses_right_whenever_the_check_is_silent(
    said: list[tuple[str, str, str]],
) -> None:
    form = formats()["unsloth"]
    rows = [form.encode(record(form, *texts, system=system)) for *texts, system in said]
    (_times, rule) = (each() for each in form.rules)
    for row in rows:
        rule.see(row)
    if rows:
        assert (guessed_role(rows) == "role") == (not rule.problem())


@given(st.sampled_from(IN_TEXT), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3))))
@settings(max_examples=examples(100))
def test_whatever_bytes_are_damaged_the_check_says_so_or_all_is_well(
    form: Format, damage: list[tuple[float, bytes]]
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        form.write(path, talks(form))
        raw = bytearray(path.read_bytes())
        for place, new in damage:
            at = int(place * len(raw))
            raw[at : at + len(new)] = new
        path.write_bytes(raw)
        if not form.check(path):
            again = Path(folder) / "again"
            form.write(again, form.read(path))
            assert again.read_bytes() == raw


@EVERY_TEXT
def test_a_record_without_one_of_its_keys_is_named_by_its_place(
    form: Format, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    form.write(path, talks(form))
    whole = path.read_text(encoding="utf-8")
    for key in sorted(set(re.findall(r'"(\w+)":', whole))):
        path.write_text(whole.replace(f'"{key}":', f'"_{key}":', 1), encoding="utf-8")
        (problem,) = form.check(path)
        assert problem.startswith("record 1: "), key


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_parquet_that_was_cut_is_found(tmp_path: Path, kept: float) -> None:
    form, path = formats()["huggingface"], tmp_path / "file"
    form.write(path, talks(form))
    raw = path.read_bytes()
    path.write_bytes(raw[: int(kept * len(raw))])
    assert form.check(path) == ["the file is not Parquet"]
    path.write_bytes(raw[:4] + bytes(len(raw) // 2) + raw[4 + len(raw) // 2 :])
    assert form.check(path)


def test_records_that_do_not_tell_unsloth_the_role_are_found(tmp_path: Path) -> None:
    form, path = formats()["unsloth"], tmp_path / "file"
    same = record(form, "嗯", "嗯")
    form.write(path, [same] * 10 + talks(form))
    (problem,) = form.check(path)
    assert "roles cannot be told" in problem
    form.write(path, [same, *talks(form)])
    assert form.check(path) == []
