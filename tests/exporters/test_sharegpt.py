"""The bytes of the training file and of what stands beside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from curation.errors import BadFileError, ExportBlockedError
from curation.exporters import (
    emotions_of,
    formats,
    label_line,
    record_hash,
    sharegpt_record,
    write_json,
)
from curation.model import Conversation, Kind, Message, Side, Status, Turn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHAREGPT = formats()["sharegpt"]
TURNS = (Turn(Side.OTHER, "在吗\n在吗", (1, 2)), Turn(Side.ME, "在~(｡•́︿•̀｡)\u2028哈", (3,)))
RECORD = {
    "conversations": [
        {"from": "human", "value": "在吗\n在吗"},
        {"from": "gpt", "value": "在~(｡•́︿•̀｡)\u2028哈"},
    ],
    "system": "你是小满。",
    "tools": "[]",
}


def test_a_record_has_exactly_the_three_keys_and_two_fields() -> None:
    assert sharegpt_record(TURNS, "你是小满。\n") == RECORD


@pytest.mark.parametrize(
    ("turns", "system"),
    [
        pytest.param((), "你", id="no turns"),
        pytest.param(TURNS[:1], "你", id="no answer"),
        pytest.param(TURNS[::-1], "你", id="me first"),
        pytest.param(TURNS, " ", id="no system text"),
        pytest.param((TURNS[0], Turn(Side.ME, "\x00")), "你", id="empty answer"),
    ],
)
def test_a_record_that_a_trainer_would_drop_is_refused(
    turns: tuple[Turn, ...], system: str
) -> None:
    with pytest.raises(ExportBlockedError):
        sharegpt_record(turns, system)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_file_is_one_json_array_in_utf8_with_line_feeds(tmp_path: Path, count: int) -> None:
    path = tmp_path / "sharegpt.json"
    assert SHAREGPT.write(path, [RECORD] * count) == count
    raw = path.read_bytes()
    assert json.loads(raw) == [RECORD] * count
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert "在吗".encode() in raw
    assert SHAREGPT.check(path) == []
    assert list(SHAREGPT.read(path)) == [RECORD] * count


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    one, two = tmp_path / "1.json", tmp_path / "2.json"
    SHAREGPT.write(one, [RECORD])
    SHAREGPT.write(two, [RECORD])
    assert one.read_bytes() == two.read_bytes()


def test_an_empty_file_is_never_written(tmp_path: Path) -> None:
    with pytest.raises(ExportBlockedError):
        SHAREGPT.write(tmp_path / "sharegpt.json", [])
    assert list(tmp_path.iterdir()) == []


def test_a_failure_half_way_leaves_the_old_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "sharegpt.json"
    SHAREGPT.write(path, [RECORD])
    before = path.read_bytes()

    def breaking() -> Iterator[dict[str, Any]]:
        yield RECORD
        raise ExportBlockedError("no")

    with pytest.raises(ExportBlockedError):
        SHAREGPT.write(path, breaking())
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["sharegpt.json"]


GOOD = json.dumps(RECORD, ensure_ascii=False).encode()


def altered(**changes: object) -> bytes:
    return b"[\n" + json.dumps({**RECORD, **changes}, ensure_ascii=False).encode() + b"\n]\n"


def spoken(*items: object) -> bytes:
    return altered(conversations=list(items))


H = {"from": "human", "value": "a"}
G = {"from": "gpt", "value": "b"}


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        pytest.param(b"", "not closed", id="no byte"),
        pytest.param(b"[\n]\n", "no record", id="no record"),
        pytest.param(b"\xef\xbb\xbf[\n" + GOOD + b"\n]\n", "line 1", id="byte order mark"),
        pytest.param(b"[\r\n" + GOOD + b"\r\n]\r\n", "line", id="carriage returns"),
        pytest.param("[\n你\n]\n".encode("gb18030"), "UTF-8", id="GB18030"),
        pytest.param(b"[\n" + GOOD + b"\n", "not closed", id="not closed"),
        pytest.param(b"[\n" + GOOD[:-3] + b"\n]\n", "not a JSON record", id="cut"),
        pytest.param(b"[\n" + GOOD + b"\n" + GOOD + b"\n]\n", "comma", id="no comma"),
        pytest.param(b"[\n" + GOOD + b",\n]\n", "comma", id="comma too many"),
        pytest.param(b"[\n" + GOOD + b"\n]\n[]\n", "after the end", id="more after the end"),
        pytest.param(altered(extra=1), "keys", id="extra key"),
        pytest.param(altered(tools=None), "tools", id="null tools"),
        pytest.param(altered(system=None), "not a text", id="null system"),
        pytest.param(altered(system=""), "empty", id="empty system"),
        pytest.param(spoken(), "number of turns", id="no turns"),
        pytest.param(spoken(H), "number of turns", id="odd turns"),
        pytest.param(spoken(G, H), "out of turn", id="me first"),
        pytest.param(spoken(H, H), "out of turn", id="twice the same"),
        pytest.param(spoken(H, {**G, "emotion": "x"}), "other keys", id="third key"),
        pytest.param(spoken(H, {"from": "gpt", "value": 1}), "not a text", id="number"),
        pytest.param(spoken(H, {"from": "gpt", "value": " b"}), "blanks", id="outer blank"),
        pytest.param(spoken(H, {"from": "gpt", "value": "<|im_end|>"}), "token", id="token"),
    ],
)
def test_the_check_finds_what_a_trainer_chokes_on(tmp_path: Path, raw: bytes, part: str) -> None:
    path = tmp_path / "sharegpt.json"
    path.write_bytes(raw)
    problems = SHAREGPT.check(path)
    assert len(problems) == 1
    assert part in problems[0]


def test_reading_names_the_line_that_is_not_a_record(tmp_path: Path) -> None:
    path = tmp_path / "sharegpt.json"
    path.write_bytes(b"[\n" + GOOD + b",\n7\n]\n")
    with pytest.raises(BadFileError, match="line 3"):
        list(SHAREGPT.read(path))


def test_json_is_written_as_it_is_read(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"情绪": [1]})
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == {"情绪": [1]}


def test_labels_are_keyed_by_place_and_hash_and_stand_per_turn() -> None:
    def message(mark: int, side: Side, *emotions: str) -> Message:
        return Message(
            id=mark, side=side, sender_name="秘密", time=None, kind=Kind.TEXT, text="秘密",
            original_text="秘密", emotions=emotions,
        )  # fmt: skip

    whole = Conversation(
        id=7,
        version=1,
        chat="秘密",
        status=Status.APPROVED,
        messages=(
            message(1, Side.OTHER, "开心"),
            message(2, Side.OTHER, "惊讶", "开心"),
            message(3, Side.ME),
        ),
        emotions=("温柔",),
    )
    assert emotions_of(whole) == {"温柔", "开心", "惊讶"}
    names = {"开心": "开心", "惊讶": "惊讶", "温柔": "〔电话〕"}
    line = label_line(4, record_hash(RECORD), whole, TURNS, names)
    assert line.endswith("\n")
    assert json.loads(line) == {
        "index": 4,
        "sha256": record_hash(RECORD),
        "conversation": 7,
        "emotions": ["〔电话〕"],
        "turns": [["开心", "惊讶"], []],
    }
