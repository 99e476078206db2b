"""What is already a dataset comes in as conversations to review."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from curation.errors import BadFileError, NoMessagesError
from curation.exporters import formats, sharegpt_record
from curation.importers import read_file
from curation.model import Side, Turn

if TYPE_CHECKING:
    from pathlib import Path

    from curation.model import SourceFile


def records(tmp_path: Path, value: Any, name: str = "data.json") -> SourceFile:
    path = tmp_path / name
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2), encoding="utf-8")
    return read_file(path)


def lines(tmp_path: Path, values: list[Any], name: str = "data.jsonl") -> SourceFile:
    path = tmp_path / name
    rows = (each if isinstance(each, str) else json.dumps(each) for each in values)
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return read_file(path)


def said(source: SourceFile) -> list[tuple[int, str, str]]:
    """Return record, whose it is, and text of each message that somebody said."""
    table = source.messages[source.messages["kind"] != "system"]
    sides = table["is_me"].map({True: "me", False: "other"})
    return list(zip(table["record"], sides, table["text"], strict=True))


ASKED = [(0, "other", "在吗"), (0, "me", "在呀~~")]


def turns(*pairs: tuple[str, Any], keys: tuple[str, str] = ("from", "value")) -> list[Any]:
    return [dict(zip(keys, pair, strict=True)) for pair in pairs]


ROLES = ("role", "content")


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ({"conversations": turns(("human", "在吗"), ("gpt", "在呀~~"))}, "ShareGPT"),
        ({"conversations": turns(("user", "在吗"), ("assistant", "在呀~~"))}, "ShareGPT"),
        (
            {
                "id": "0",
                "conversations": turns(("human", "在吗"), ("gpt", "在呀~~")),
                "tools": "[]",
            },
            "ShareGPT",
        ),
        (
            {
                "conversations": [
                    {"value": "在吗", "from": "human"},
                    {"value": "在呀~~", "from": "gpt"},
                ]
            },
            "ShareGPT",
        ),
        (
            {"messages": turns(("user", "在吗"), ("assistant", "在呀~~"), keys=ROLES)},
            "OpenAI messages",
        ),
        (
            {
                "messages": [
                    {"content": "在吗", "role": "user"},
                    {"content": "在呀~~", "role": "assistant"},
                ]
            },
            "OpenAI messages",
        ),
        (
            {
                "messages": [
                    {"content": [{"type": "text", "text": "在吗"}], "role": "user", "name": "a"},
                    {"role": "assistant", "content": [{"type": "text", "text": "在呀~~"}]},
                ]
            },
            "OpenAI messages",
        ),
        ({"instruction": "在吗", "input": "", "output": "在呀~~"}, "Alpaca"),
        ({"instruction": "", "input": "在吗", "output": "在呀~~", "history": []}, "Alpaca"),
        ({"output": "在呀~~", "instruction": "在吗"}, "Alpaca"),
        ({"instruction": "在吗", "input": None, "output": "在呀~~", "history": None}, "Alpaca"),
    ],
)  # fmt: skip
def test_a_record_is_a_conversation_in_which_the_assistant_is_me(
    record: dict[str, Any], name: str, tmp_path: Path
) -> None:
    again = [(1, side, text) for _record, side, text in ASKED]
    for source in (records(tmp_path, [record, record]), lines(tmp_path, [record, record])):
        assert source.format == name
        assert said(source) == [*ASKED, *again]
        assert source.me_known
        assert source.messages["time"].isna().all()
        assert not source.system_texts
        assert not source.warnings
    assert said(records(tmp_path, record)) == ASKED
    assert said(lines(tmp_path, [record])) == ASKED


@pytest.mark.parametrize(
    "record",
    [
        {"system": "你是小满", "conversations": turns(("human", "在吗"), ("gpt", "在呀~~"))},
        {"conversations": turns(("system", "你是小满"), ("human", "在吗"), ("gpt", "在呀~~"))},
        {
            "id": "0",
            "time": "2024-05-01T20:00:00",
            "score": 0,
            "messages": turns(("user", "在吗"), ("assistant", "在呀~~"), keys=ROLES),
            "images": [],
            "system": "你是小满",
        },
        {
            "messages": turns(
                ("developer", "你是小满"), ("user", "在吗"), ("assistant", "在呀~~"), keys=ROLES
            )
        },
        {"system": "你是小满", "instruction": "在吗", "input": "", "output": "在呀~~"},
    ],
    ids=["ShareGPT", "a system turn", "WeClone", "developer", "Alpaca"],
)  # fmt: skip
def test_a_system_text_is_shown_and_nobody_says_it(record: dict[str, Any], tmp_path: Path) -> None:
    source = records(tmp_path, [record])
    assert source.system_texts == ("你是小满",)
    assert said(source) == ASKED


def test_earlier_pairs_of_alpaca_come_first(tmp_path: Path) -> None:
    record = {
        "instruction": "吃啥",
        "input": "急",
        "output": "面",
        "history": [["在吗", "在呀~~"], ["早", ""], "x", ["只有一个"]],
    }
    assert said(records(tmp_path, [record])) == [
        *ASKED,
        (0, "other", "早"),
        (0, "other", "只有一个"),
        (0, "other", "吃啥\n急"),
        (0, "me", "面"),
    ]


def test_tools_speak_for_nobody(tmp_path: Path) -> None:
    share = {
        "conversations": turns(
            ("human", "在吗"),
            ("function_call", '{"name": "look"}'),
            ("observation", "rain"),
            ("gpt", "在呀~~"),
        ),
        "tools": "[]",
    }
    source = records(tmp_path, [share])
    assert said(source) == ASKED
    assert source.warnings == ("tool calls and their results, which are left out: 2",)
    calls = {
        "messages": [
            {"role": "user", "content": "在吗"},
            {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]},
            {"role": "tool", "tool_call_id": "1", "content": {"rain": True}},
            {"role": "assistant", "content": "在呀~~"},
        ]
    }
    assert said(records(tmp_path, [calls])) == ASKED


def test_our_own_export_comes_back_in(tmp_path: Path) -> None:
    path = tmp_path / "sharegpt.json"
    texts = (("在吗\n在不在", "在呀~~(｡•́︿•̀｡)"), ("[委屈]", "哈哈哈哈"))
    formats()["sharegpt"].write(
        path,
        [
            sharegpt_record([Turn(Side.OTHER, asked), Turn(Side.ME, answered)], "你是小满")
            for asked, answered in texts
        ],
    )
    source = read_file(path)
    assert said(source) == [
        (number, side, text)
        for number, pair in enumerate(texts)
        for side, text in zip(("other", "me"), pair, strict=True)
    ]
    assert source.system_texts == ("你是小满",)


GOOD = {"messages": turns(("user", "在吗"), ("assistant", "在呀~~"), keys=ROLES)}


def test_bad_lines_are_listed_and_the_good_ones_come_in(tmp_path: Path) -> None:
    source = lines(
        tmp_path,
        [
            GOOD,
            '{"messages": [{"role": "user", "content": "cut',
            {"messages": None},
            {"messages": [{"role": "wizard", "content": "x"}]},
            {"messages": [{"role": "user", "content": 7}]},
            [1],
            "",
            "[" * 3000,
            GOOD,
        ],
    )
    assert [(row.line, row.reason) for row in source.bad_rows] == [
        (2, "this is not valid JSON"),
        (3, "the record has no conversations"),
        (4, "a message of the record has no role that is known"),
        (5, "a message of the record is not a text"),
        (6, "the record has no conversations"),
        (8, "this is not valid JSON"),
    ]
    assert source.messages["record"].nunique() == 2


def test_bad_records_of_a_list_are_named_by_their_number(tmp_path: Path) -> None:
    good = {"conversations": turns(("human", "在吗"), ("gpt", "在呀~~"))}
    bad = {"conversations": turns(("human", None))}
    source = records(tmp_path, [good, bad, None, 7, {"conversations": {}}])
    assert [row.place for row in source.bad_rows] == [f"record {number}" for number in (2, 3, 4, 5)]
    assert said(source) == ASKED


def test_a_last_line_that_was_cut_off_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    whole = json.dumps(GOOD, ensure_ascii=False)
    path.write_bytes(f"{whole}\n{whole}\n{whole}".encode()[:-25])
    source = read_file(path)
    assert source.messages["record"].nunique() == 2
    assert [row.line for row in source.bad_rows] == [3]


def test_a_first_line_longer_than_what_is_looked_at_is_read(tmp_path: Path) -> None:
    long = {"messages": turns(("user", "长" * 60_000), ("assistant", "在"), keys=ROLES)}
    assert lines(tmp_path, [long, GOOD]).messages["record"].nunique() == 2
    shared = {"system": "你" * 60_000, "conversations": turns(("human", "在吗"), ("gpt", "在呀~~"))}
    assert said(records(tmp_path, [shared])) == ASKED


@pytest.mark.parametrize(
    "value",
    [
        [{"conversations": turns(("system", "x"))}],
        [{"conversations": []}, {"conversations": turns(("human", ""))}][:1],
        [{"messages": turns(("system", "x"), keys=ROLES)}],
        [{"instruction": "", "input": "", "output": ""}],
    ],
)
def test_a_dataset_in_which_nobody_speaks_holds_no_messages(value: Any, tmp_path: Path) -> None:
    with pytest.raises(NoMessagesError):
        records(tmp_path, value)


@pytest.mark.parametrize(
    "value",
    [
        [{"conversations": turns(("human", None))}],
        [{"messages": [{"role": "user"}]}],
        [{"instruction": "a", "output": ["chosen", "rejected"]}],
        {"instruction": ["a"], "output": "b"},
    ],
)
def test_a_dataset_without_one_good_record_is_an_error(value: Any, tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="record 1: "):
        records(tmp_path, value)


def test_windows_line_ends_of_json_lines_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    line = json.dumps(GOOD)
    path.write_bytes(b"\xef\xbb\xbf" + f"{line}\r\n\r\n{line}\r\n".encode())
    assert read_file(path).messages["record"].nunique() == 2
