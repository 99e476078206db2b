"""Tables are recognised by content, and read alike by the fast and by the exact way."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from curation.importers import csv_table, read_file
from curation.importers.document import open_document
from tests.examples import examples

if TYPE_CHECKING:
    from pathlib import Path

V3 = "消息ID,类型,发送人,时间,内容\n"
TABLE = (
    V3 + "7437200000000000011,文本,林小满,2024-05-01 20:00:01,在干嘛呀~~\n"
    '7437200000000000012,引用消息,阿哲,2024-05-01 20:00:30,"刚下班\n引用：林小满: 在干嘛呀~~"\n'
)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(TABLE.encode("utf-8-sig"), id="UTF-8 with BOM"),
        pytest.param(TABLE.encode("gb18030"), id="GB18030"),
        pytest.param(("\ufeff" + TABLE).encode("gb18030"), id="GB18030 with BOM"),
        pytest.param(TABLE.encode("utf-16"), id="UTF-16 with BOM"),
        pytest.param(("\ufeff" + TABLE).encode("utf-16-be"), id="UTF-16 big-endian"),
        pytest.param(TABLE.replace("\n消", "\n\n消").encode(), id="blank lines first"),
        pytest.param(("\n\n" + TABLE).encode(), id="blank lines above the header"),
        pytest.param((TABLE + "\n,,,,\n  \n").encode(), id="blank rows below"),
        pytest.param(TABLE.replace(",", ";").encode(), id="semicolons"),
        pytest.param(TABLE.replace(",", "\t").encode(), id="tabs"),
        pytest.param(TABLE.replace("\n7", "\r\n7").encode(), id="CRLF"),
        pytest.param(TABLE.replace("消息ID", ' "消息ID" ').encode(), id="blanks in the header"),
    ],
)
def test_encoding_line_ends_and_delimiter_do_not_matter(content: bytes, tmp_path: Path) -> None:
    plain = tmp_path / "林小满.csv"
    plain.write_text(TABLE, encoding="utf-8", newline="")
    expected = read_file(plain).messages
    plain.write_bytes(content)
    assert_frame_equal(read_file(plain).messages, expected)


@pytest.mark.parametrize("name", ["林小满.csv", "林小满.json", "林小满.txt", "林小满"])
def test_the_file_name_does_not_decide_the_format(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(TABLE, encoding="utf-8")
    assert read_file(path).format == "MemoTrace 3 CSV"


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "林小满.csv"
    path.write_text(TABLE, encoding="utf-8")
    expected = read_file(path).messages
    rows = list(csv.reader(io.StringIO(TABLE)))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([row[3:] + row[:3] + ["?"] for row in rows])
    assert_frame_equal(read_file(path).messages, expected)


_CELL = st.one_of(
    st.sampled_from(["文本", "系统消息", "7437200000000000011", "0", "", " ", '"', '""', 'a"b']),
    st.text(st.sampled_from('a哈,;\t\n\r" 😂\u2028\ufeff「」'), max_size=6),
)


@settings(max_examples=examples(200), deadline=None)
@given(rows=st.lists(st.tuples(_CELL, _CELL, _CELL, _CELL, _CELL), min_size=1, max_size=8))
def test_the_fast_and_the_exact_way_read_alike(
    rows: list[tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "alike.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([V3.strip().split(","), *rows])
    document = open_document(path)
    layout = csv_table.Layout(required=("类型", "发送人", "时间", "内容"), optional=("消息ID",))
    wanted = {name: document.header.index(name) for name in layout.names}
    fast = csv_table._read_fast(document, layout, wanted)
    exact, _unread = csv_table._read_exact(document, layout, wanted)
    if fast is not None:
        assert {name: column.to_pylist() for name, column in fast.items()} == {
            name: column.to_pylist() for name, column in exact.items()
        }


def test_a_well_formed_file_goes_the_fast_way(tmp_path: Path) -> None:
    path = tmp_path / "林小满.csv"
    path.write_text(TABLE, encoding="utf-8-sig")
    document = open_document(path)
    layout = csv_table.Layout(required=("内容",))
    assert csv_table._read_fast(document, layout, {"内容": 4}) is not None


OLD = (
    "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,"
    "Remark,NickName,Sender\n"
)


def test_rows_of_nine_cells_go_the_fast_way_too(tmp_path: Path) -> None:
    path = tmp_path / "林小满_utf8.csv"
    path.write_text(OLD + "1,7,1,0,0,1714564801,2,早,2024-05-01 20:00:01\n" * 3, encoding="utf-8")
    document = open_document(path)
    layout = csv_table.Layout(required=("StrContent", "StrTime"), optional=("Sender",))
    wanted = {name: document.header.index(name) for name in layout.names}
    assert csv_table._read_fast(document, layout, wanted) is not None
    assert read_file(path).messages["chat"].unique().tolist() == ["林小满"]


def test_the_same_message_twice_is_kept_once_and_the_same_id_twice_by_the_first(
    tmp_path: Path,
) -> None:
    path = tmp_path / "林小满.csv"
    row = "7437200000000000011,文本,林小满,2024-05-01 20:00:01,"
    path.write_text(V3 + f"{row}哈哈\n{row}哈哈\n{row}嗯嗯\n", encoding="utf-8")
    source = read_file(path)
    assert source.messages["text"].tolist() == ["哈哈", "嗯嗯"]
    assert source.messages["source_id"].isna().tolist() == [False, True]
    assert source.warnings == ("messages that stood twice in the file: 1",)


def test_two_equal_messages_without_an_id_both_stay(tmp_path: Path) -> None:
    path = tmp_path / "林小满.csv"
    path.write_text(V3 + "0,文本,林小满,2024-05-01 20:00:01,哈哈\n" * 2, encoding="utf-8")
    assert read_file(path).messages["text"].tolist() == ["哈哈", "哈哈"]


@pytest.mark.parametrize("others", ["7437200000000000012", "-"], ids=["all numbers", "some not"])
@pytest.mark.parametrize(
    ("written", "lasting"),
    [
        pytest.param("7437200000000000011", True, id="an id"),
        pytest.param("123", True, id="a short id"),
        pytest.param(" 123 ", True, id="with blanks"),
        pytest.param("", False, id="empty"),
        pytest.param("0", False, id="zero"),
        pytest.param("-5", False, id="negative"),
        pytest.param("7.43727E+18", False, id="rounded by a spreadsheet"),
        pytest.param("7437270000000000000", False, id="rounded and written out"),
        pytest.param("123.0", False, id="with a decimal point"),
    ],
)
def test_only_lasting_ids_are_kept(
    written: str, others: str, tmp_path: Path, *, lasting: bool
) -> None:
    path = tmp_path / "林小满.csv"
    row = ",文本,林小满,2024-05-01 20:00:01,哈哈\n"
    path.write_text(V3 + written + row + others + row, encoding="utf-8")
    found = read_file(path).messages["source_id"]
    assert found.iloc[0] == written.strip() if lasting else found.isna().iloc[0]


@pytest.mark.parametrize(
    "flags", [("0", "1"), ("False", "True"), ("0.0", "1.0"), ("false", "TRUE")]
)
def test_me_is_told_by_numbers_and_by_words(flags: tuple[str, str], tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    header = "id,MsgSvrID,type_name,is_sender,talker,msg,src,CreateTime\n"
    rows = "".join(f"1,,文本,{flag},t,哦,,2024-05-01 20:00:00\n" for flag in flags)
    path.write_text(header + rows, encoding="utf-8")
    source = read_file(path)
    assert source.messages["is_me"].tolist() == [False, True]
    assert source.me_known


def test_the_id_of_a_quoted_member_is_no_part_of_the_quote(tmp_path: Path) -> None:
    path = tmp_path / "饭搭子.csv"
    path.write_text(
        "类型,发送人,时间,内容\n"
        '引用消息,阿哲,2024-05-01 20:00:00,"好\n引用：小林: wxid_a1b2c3d4:\n去不去"\n',
        encoding="utf-8",
    )
    row = read_file(path).messages.iloc[0]
    assert (row["text"], row["reply_to"]) == ("好", "去不去")


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_only_a_line_end_ends_a_row(character: str, tmp_path: Path) -> None:
    path = tmp_path / "林小满.csv"
    row = f"7437200000000000011,文本,林小满,2024-05-01 20:00:01,一{character}二\n"
    path.write_text(V3 + row + "\n8,文本\n", encoding="utf-8")  # the short row takes the exact way
    source = read_file(path)
    assert source.messages["text"].str.contains("一").tolist() == [True]
    assert [error.line for error in source.bad_rows] == [4]
