"""A table that no importer knows is read as a person explains it."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curation.errors import BadFileError, UnknownFormatError
from curation.importers import collect_files, is_archive, read_file, table_head, with_me
from curation.importers.mapped_table import guess
from curation.model import ColumnMapping, ReadOptions
from tests.examples import examples
from tests.importers.test_workbooks import book

if TYPE_CHECKING:
    from pathlib import Path

    from curation.model import SourceFile

HEADER = ("谁", "什么时候", "说了什么", "群")
MAPPING = ColumnMapping(header=HEADER, sender="谁", time="什么时候", text="说了什么", chat="群")
ROWS = (
    ("阿橙", "2024-03-14 12:20:01", "在吗", "同学"),
    ("小满", "2024-03-14 12:20:09", "在\n咋啦~~", "同学"),
    ("阿橙", "2024/3/14 12:21", "[图片]", ""),
    ("小满", "2024-03-14 12:22:00", "[旺柴]哈哈哈", "饭搭子"),
)


def written(
    path: Path, rows: tuple[tuple[str, ...], ...], header: tuple[str, ...] = HEADER
) -> Path:
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    path.write_text("\n".join([",".join(header), *lines, ""]), encoding="utf-8")
    return path


def explained(path: Path, mapping: ColumnMapping = MAPPING) -> SourceFile:
    return read_file(path, ReadOptions(mappings=(mapping,)))


def test_a_table_nobody_knows_is_shown_with_a_guess(tmp_path: Path) -> None:
    path = written(tmp_path / "阿橙.csv", ROWS)
    with pytest.raises(UnknownFormatError, match="these columns are not those of a chat export"):
        read_file(path)
    head = table_head(path)
    assert head is not None
    assert head.header == HEADER
    assert head.rows == ROWS
    assert head.guess == MAPPING


def test_an_explained_table_is_read(tmp_path: Path) -> None:
    source = explained(written(tmp_path / "阿橙.csv", ROWS))
    messages = source.messages
    assert messages["chat"].tolist() == ["同学", "同学", "阿橙", "饭搭子"]
    assert messages["sender_name"].tolist() == ["阿橙", "小满", "阿橙", "小满"]
    assert messages["text"].tolist() == ["在吗", "在\n咋啦~~", "[图片]", "[旺柴]哈哈哈"]
    assert messages["kind"].tolist() == ["text", "text", "image", "text"]
    assert str(messages["time"][2]) == "2024-03-14 12:21:00"
    assert not source.me_known
    mine = with_me(source, "小满").messages
    assert mine["is_me"].tolist() == [False, True, False, True]


def test_time_and_chat_may_be_missing(tmp_path: Path) -> None:
    mapping = ColumnMapping(header=HEADER, sender="谁", text="说了什么")
    source = explained(written(tmp_path / "阿橙.csv", ROWS), mapping)
    assert source.messages["time"].isna().all()
    assert source.messages["chat"].unique().tolist() == ["阿橙"]
    assert not source.bad_rows


def test_a_mapping_is_for_tables_with_the_same_columns_only(tmp_path: Path) -> None:
    path = written(tmp_path / "b.csv", ROWS, ("谁", "什么时候", "说了什么", "组"))
    with pytest.raises(UnknownFormatError):
        explained(path)


def test_bad_rows_are_listed_and_the_good_ones_come_in(tmp_path: Path) -> None:
    rows = (
        *ROWS[:2],
        ("", "2024-03-14 12:20:01", "无名", ""),
        ("阿橙", "", "没有时间", ""),
        ("阿橙", "昨天", "哪天", ""),
        ("阿橙", "2024-03-14 12:20:01", " ", ""),
        *ROWS[2:],
    )
    source = explained(written(tmp_path / "x.csv", rows))
    assert len(source.messages) == 4
    assert [str(row) for row in source.bad_rows] == [
        "x.csv, line 5: the column 谁 is empty",
        "x.csv, line 6: the time is missing",
        "x.csv, line 7: the time is no possible date",
        "x.csv, line 8: the column 说了什么 is empty",
    ]


def test_a_table_without_one_good_row_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path / "x.csv", (("阿橙", "昨天", "哪天", ""),))
    with pytest.raises(BadFileError, match="line 2: the time is no possible date"):
        explained(path)


def test_a_spreadsheet_is_read_like_a_csv(tmp_path: Path) -> None:
    path = tmp_path / "阿橙.xlsx"
    book(path, Sheet1=[HEADER, *ROWS])
    head = table_head(path)
    assert head is not None
    assert head.guess == MAPPING
    table = explained(path).messages
    expected = explained(written(tmp_path / "阿橙.csv", ROWS)).messages
    assert table.equals(expected)


def test_bad_rows_of_a_spreadsheet_have_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    rows = [
        ("谁", "什么时候", "说了什么", "群"),
        ("", "", "", ""),
        ROWS[0],
        ("阿橙", "昨天", "哪天"),
    ]
    book(path, Sheet1=rows)
    assert [row.line for row in explained(path).bad_rows] == [4]


@pytest.mark.parametrize("name", ["x.tsv", "x.txt", "x.csv"])
def test_tabs_are_a_table_under_any_name(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text("who\twhen\twords\n" + "A\t2024-05-01 10:00\thello you\n" * 4, encoding="utf-8")
    head = table_head(path)
    assert head is not None
    assert head.guess is not None
    assert (head.guess.sender, head.guess.time, head.guess.text) == ("who", "when", "words")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("dear diary, today\nwas a day\nand, again, more\nfine, thanks\n", id="prose"),
        pytest.param('[{"a": 1, "b": 2}]', id="JSON"),
        pytest.param("<html><body>a,b\n1,2</body></html>", id="HTML"),
        pytest.param("one column\nof words\n", id="one column"),
        pytest.param("a,b\n", id="only a header"),
        pytest.param("", id="empty"),
    ],
)
def test_what_is_no_table_gets_no_mapper(content: str, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text(content, encoding="utf-8")
    assert table_head(path) is None


def test_a_known_export_gets_no_mapper(tmp_path: Path) -> None:
    path = written(
        tmp_path / "x.csv",
        (("7", "文本", "小林", "2024-05-01 20:00:00", "晚上吃啥"),),
        ("消息ID", "类型", "发送人", "时间", "内容"),
    )
    assert table_head(path) is None


def test_a_table_with_some_columns_of_a_known_one_can_be_explained(tmp_path: Path) -> None:
    """People keep sheets of their own, and call the columns as the tools do."""
    header = ("时间", "发送人", "消息内容")
    path = written(tmp_path / "x.csv", (("2024-05-01 20:00:00", "小林", "晚上吃啥"),), header)
    with pytest.raises(UnknownFormatError):
        read_file(path)
    head = table_head(path)
    assert head is not None
    assert head.guess == ColumnMapping(header, sender="发送人", text="消息内容", time="时间")
    assert explained(path, head.guess).messages["text"].tolist() == ["晚上吃啥"]


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (("Date/Time", "From", "Message"), ("2024-05-01 10:00", "A", "hello"), "1 2 0"),
        (("sender_name", "sent_at", "content"), ("A", "1714564800", "hello"), "0 2 1"),
        (("SenderName", "SendTime", "MsgText"), ("A", "2024-05-01", "hello"), "0 2 1"),
        (("發送人", "時間", "內容"), ("A", "2024年5月1日 下午 3:05", "你好"), "0 2 1"),
        (("id", "a", "b", "c"), ("7", "小林", "2024-05-01 10:00", "今天晚上吃点什么好呢"), "1 3 2"),
        (("昵称", "日期", "消息", "群名"), ("A", "4/13/2024 11:42", "你好", "群"), "0 2 1 3"),
        (("who", "is_me", "said"), ("A", "1", "hello"), "0 2"),
    ],
)
def test_the_guess_follows_names_and_contents(
    header: tuple[str, ...], row: tuple[str, ...], expected: str
) -> None:
    rows = [
        tuple(
            cell
            if cell in ("A", "小林", "群") or ":" in cell or "-" in cell
            else f"{cell}{number}" * (1 + number % 2)
            if not cell.isdecimal()
            else str(int(cell) + number)
            for cell in row
        )
        for number in range(10)
    ]
    rows = [tuple("B" if cell in ("A", "小林") and n % 3 else cell for cell in row)
            for n, row in enumerate(rows)]  # fmt: skip
    found = guess(header, rows)
    assert found is not None
    places = [
        header.index(name) for name in (found.sender, found.text, found.time, found.chat) if name
    ]
    assert places == [int(place) for place in expected.split()]


def test_nothing_is_guessed_where_no_column_can_be_the_text() -> None:
    assert guess(("a", "b"), [("1", "2"), ("3", "4")]) is None


@pytest.mark.parametrize(
    ("times", "expected", "warned"),
    [
        (("4/13/2024 11:42", "4/14/2024 9:05"), ("2024-04-13 11:42", "2024-04-14 09:05"), False),
        (("13.04.2024 11:42", "14.04.24 09:05"), ("2024-04-13 11:42", "2024-04-14 09:05"), False),
        (("3/4/2024 11:42", "4/4/2024 9:05"), ("2024-04-03 11:42", "2024-04-04 09:05"), True),
        (("3/4/2024 11:42", "3/5/2024 9:05", "4/1/2024 8:00"),
         ("2024-03-04 11:42", "2024-03-05 09:05", "2024-04-01 08:00"), False),
        (("3/4/24, 11:42 AM", "3/5/24, 9:05 PM"), ("2024-03-04 11:42", "2024-03-05 21:05"), True),
        (("45416.4875", "45417"), ("2024-05-04 11:42", "2024-05-05 00:00"), False),
        (("2024-05-04T11:42:00+08:00", "1714794120"), ("2024-05-04 11:42",) * 2, False),
    ],
)  # fmt: skip
def test_times_are_read_as_tables_write_them(
    times: tuple[str, ...], expected: tuple[str, ...], tmp_path: Path, *, warned: bool
) -> None:
    path = written(tmp_path / "x.csv", tuple(("A", time, f"词{time}", "") for time in times))
    source = explained(path)
    assert [str(time)[:16] for time in source.messages["time"]] == list(expected)
    assert bool(source.warnings) is warned


def test_the_first_of_two_columns_with_one_name_is_read(tmp_path: Path) -> None:
    header = ("谁", "话", "话", "")
    path = written(tmp_path / "x.csv", (("A", "一", "二", ""), ("B", "三", "四", "五")), header)
    mapping = ColumnMapping(header, sender="谁", text="话")
    assert explained(path, mapping).messages["text"].tolist() == ["一", "三"]


def test_a_damaged_spreadsheet_is_one_sentence_and_no_table(tmp_path: Path) -> None:
    whole = book(tmp_path / "whole.xlsx", Sheet1=[HEADER, *ROWS]).read_bytes()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        names = archive.namelist()
    assert "xl/workbook.xml" in names
    path = tmp_path / "x.xlsx"
    for damaged in (whole[: len(whole) // 2], whole.replace(b"sheet1.xml", b"sheet9.xml")):
        path.write_bytes(damaged)
        assert table_head(path) is None
        with pytest.raises(BadFileError):
            explained(path)


def test_tables_in_a_folder_are_candidates(tmp_path: Path) -> None:
    for name in ("a.tsv", "b.xlsx", "c.xls", "d.ods"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert [path.name for path in collect_files(tmp_path)] == ["a.tsv", "b.xlsx", "c.xls", "d.ods"]


_CELLS = st.one_of(
    st.sampled_from(["", " ", "A", "2024-05-01", "1/2/2024 3:04 PM", "45000", "1e400", "9" * 20]),
    st.text(st.sampled_from('a哈,;\t\n"[]图片<「\ufeff\u202f/:'), max_size=12),
)


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(st.lists(_CELLS, min_size=0, max_size=5), min_size=1, max_size=8))
def test_any_explained_table_gives_messages_or_one_error(
    rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "mapped.csv"
    written(path, tuple(tuple(row) for row in rows))
    head = table_head(path)
    assert head is None or head.header == HEADER
    try:
        source = explained(path)
    except BadFileError:
        return
    assert len(source.messages) + len(source.bad_rows) <= 8
    assert source.messages["text"].str.strip().ne("").all()


def test_a_spreadsheet_of_libreoffice_is_read(tmp_path: Path) -> None:
    def cell(text: str) -> str:
        start = '<table:table-cell office:value-type="string">'
        return f"{start}<text:p>{text}</text:p></table:table-cell>"

    rows = [HEADER, ("阿橙", "2024-03-14 12:20:01", "在吗", "同学")]
    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    path = tmp_path / "阿橙.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="a">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    assert not is_archive(path)
    assert explained(path).messages["text"].tolist() == ["在吗"]
