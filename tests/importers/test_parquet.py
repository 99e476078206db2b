"""Parquet gives messages or one clear error, whatever is in it."""

from __future__ import annotations

import dataclasses
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation.errors import BadFileError, NoMessagesError, UnknownFormatError
from curation.exporters import write_parquet
from curation.importers import collect_files, read_file, table_head
from curation.model import MESSAGE_COLUMNS, Limits, ReadOptions
from tests.importers.test_golden import FILES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOMENT = datetime(2024, 5, 1, 20, 15, 30)  # noqa: DTZ001  (wall-clock time has no zone)
GOOD: dict[str, list[Any]] = {
    "chat": ["阿橙", "阿橙"],
    "sender": ["cheng", "me"],
    "is_me": [False, True],
    "time": [MOMENT, MOMENT],
    "kind": ["text", "text"],
    "text": ["在吗(｡•́︿•̀｡)~~", "在的!!!"],
}


def write(path: Path, **changed: Any) -> Path:
    columns = {name: value for name, value in (GOOD | changed).items() if value is not None}
    pq.write_table(pa.table(columns), path)
    return path


def raw(**changed: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(GOOD | changed), sink)
    return sink.getvalue()


@pytest.mark.parametrize("path", FILES[::7], ids=lambda path: path.parent.name)
def test_what_is_written_is_read_again(path: Path, tmp_path: Path) -> None:
    held = read_file(path).messages
    if len(held):
        out = tmp_path / "out.parquet"
        write_parquet(out, held)
        pd.testing.assert_frame_equal(read_file(out).messages, held)


def test_the_columns_that_are_needed_are_enough(tmp_path: Path) -> None:
    source = read_file(write(tmp_path / "chat.parquet"))
    assert dict(source.messages.dtypes.astype(str)) == MESSAGE_COLUMNS
    assert source.messages["text"].tolist() == GOOD["text"]
    assert source.messages["sender_name"].tolist() == GOOD["sender"]
    assert source.messages["is_me"].tolist() == [False, True]
    assert source.messages["time"].tolist() == [pd.Timestamp(MOMENT)] * 2
    assert not read_file(write(tmp_path / "nobody.parquet", is_me=None)).me_known


@pytest.mark.parametrize(
    "column",
    [
        pa.array([MOMENT] * 2, pa.timestamp("us")),
        pa.array([datetime(2024, 5, 1, 12, 15, 30, tzinfo=UTC)] * 2, pa.timestamp("ns", "UTC")),
        pa.array(
            [datetime(2024, 5, 1, 12, 15, 30, tzinfo=UTC)] * 2, pa.timestamp("s", "Asia/Tokyo")
        ),
    ],
    ids=lambda column: str(column.type),
)
def test_moments_are_told_in_the_time_of_the_chat(column: pa.Array, tmp_path: Path) -> None:
    source = read_file(write(tmp_path / "chat.parquet", time=column))
    assert source.messages["time"].tolist() == [pd.Timestamp(MOMENT)] * 2


def test_texts_may_be_large_or_dictionaries(tmp_path: Path) -> None:
    texts = pa.array(GOOD["text"], pa.large_string()).dictionary_encode()
    source = read_file(write(tmp_path / "chat.parquet", text=texts, chat=pa.array(["阿橙"] * 2)))
    assert source.messages["text"].tolist() == GOOD["text"]


def test_a_file_is_a_candidate_and_no_table_to_explain(tmp_path: Path) -> None:
    path = write(tmp_path / "part-0.parquet")
    assert collect_files(tmp_path) == [path]
    assert table_head(path) is None
    assert table_head(write(tmp_path / "other.parquet", chat=None)) is None


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "cut in the middle": lambda whole: whole[: len(whole) // 2],
    "without its end": lambda whole: whole[:-4],
    "its beginning alone": lambda _whole: b"PAR1\0",
    "overwritten inside": lambda whole: whole[:4] + b"\xff" * 200 + whole[204:],
    "footer of another length": lambda whole: whole[:-8] + b"\xff\xff\xff\x7fPAR1",
    "footer overwritten": lambda whole: whole[:-40] + b"\xff" * 32 + whole[-8:],
}


@pytest.mark.parametrize("damage", BROKEN)
def test_what_is_broken_is_told_in_one_sentence(damage: str, tmp_path: Path) -> None:
    path = tmp_path / "chat.parquet"
    path.write_bytes(BROKEN[damage](raw()))
    with pytest.raises(BadFileError, match="broken or cut off"):
        read_file(path)


def test_every_cut_and_many_changed_bytes_give_messages_or_an_error(tmp_path: Path) -> None:
    whole = raw()
    path = tmp_path / "chat.parquet"
    cuts = [whole[:end] for end in range(5, len(whole), 97)]
    turned = [
        whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :] for at in range(4, len(whole), 31)
    ]
    for content in (*cuts, *turned):
        path.write_bytes(content)
        try:
            assert len(read_file(path).messages) <= 2
        except BadFileError as error:
            assert "\n" not in str(error)  # noqa: PT017  (either outcome is good)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"text": [1, 2]}, "the column text is not of the type string"),
        ({"text": [["在吗"], ["在"]]}, "the column text is not of the type string"),
        ({"text": [{"a": {"b": "在吗"}}] * 2}, "the column text is not of the type string"),
        ({"text": [b"\xff", b"a"]}, "the column text is not of the type string"),
        ({"time": ["2024", "2024"]}, "the column time is not of the type timestamp"),
        ({"is_me": [0, 1]}, "the column is_me is not of the type bool"),
        ({"record": [0.5, 1]}, "the column record is not of the type int64"),
        ({"kind": ["Text", "words"]}, "row 1: there is no kind of message of that name"),
        ({"chat": ["", " "]}, "row 1: the column chat is empty"),
        ({"text": pa.nulls(2, pa.string())}, "row 1: the column text is empty"),
        ({"time": [datetime(1601, 1, 1)] * 2}, "row 1: the time is no possible date"),  # noqa: DTZ001
        ({"text": ["a\0b"] * 2}, "row 1: the text is damaged here"),
        ({"sender": ["x" * 2_000] * 2}, "row 1: the message is longer than 1000 characters"),
        ({"text": ["x" * 200_000] * 2}, "row 1: the message is longer than 131072 characters"),
    ],
)
def test_wrong_columns_are_named(changed: dict[str, Any], reason: str, tmp_path: Path) -> None:
    with pytest.raises(BadFileError) as caught:
        read_file(write(tmp_path / "chat.parquet", **changed))
    assert reason in str(caught.value)


def test_a_missing_column_is_named_and_bad_rows_do_not_spoil_the_others(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormatError, match="the column text is missing"):
        read_file(write(tmp_path / "chat.parquet", text=None))
    source = read_file(write(tmp_path / "chat.parquet", kind=["text", "no such"]))
    assert [str(each) for each in source.bad_rows] == [
        "chat.parquet, row 2: there is no kind of message of that name"
    ]
    assert source.messages["text"].tolist() == GOOD["text"][:1]


def test_an_invalid_letter_is_damage(tmp_path: Path) -> None:
    text = pa.Array.from_buffers(
        pa.string(), 2, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0"), pa.py_buffer(b"\xffa")]
    )
    with pytest.raises(BadFileError, match="broken"):
        read_file(write(tmp_path / "chat.parquet", text=text))


def test_without_rows_there_are_no_messages(tmp_path: Path) -> None:
    table = pa.table({name: pa.array(values)[:0] for name, values in GOOD.items()})
    pq.write_table(table, tmp_path / "chat.parquet")
    with pytest.raises(NoMessagesError):
        read_file(tmp_path / "chat.parquet")


@pytest.mark.parametrize("dictionary", [True, False])
def test_what_unpacks_to_too_much_is_refused_before_it_does(
    dictionary: bool,  # noqa: FBT001  (a case)
    tmp_path: Path,
) -> None:
    rows = 20_000
    columns = {name: pa.array(values[:1] * rows) for name, values in GOOD.items()}
    columns["text"] = pa.array(["长" * 4_000] * rows)
    path = tmp_path / "chat.parquet"
    pq.write_table(pa.table(columns), path, compression="zstd", use_dictionary=dictionary)
    assert path.stat().st_size < 2_000_000
    limits = dataclasses.replace(Limits(), unpacked_bytes=50 * 1024**2)
    with pytest.raises(BadFileError, match="unpacks to more than 50 MB"):
        read_file(path, ReadOptions(limits=limits))
