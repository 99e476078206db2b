"""Spreadsheets as tools write them and as spreadsheet programs leave them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from curation.errors import BadFileError
from curation.importers import participants, read_file
from tests.importers.test_golden import GOLDEN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    Rows = Sequence[Sequence[Any]]

HEADER = ["消息ID", "类型", "发送人", "时间", "内容", "备注", "昵称", "更多信息"]
PRIVATE = [
    "wxid",
    "微信号",
    "类型",
    "群昵称",
    "昵称",
    "头像地址",
    "头像原图",
    "标签",
    "性别",
    "电话",
]
PRIVATE_XLSX = next((GOLDEN / "memotrace3_xlsx").rglob("*.xlsx"))
GROUP_XLSX = GOLDEN / "memotrace3_xlsx_group" / "爬山小队.xlsx"

LASTING = "7437200000000000011"


def line(
    moment: Any, text: Any, who: str = "林小满", key: Any = "7437200000000000011"
) -> list[Any]:
    return [key, "文本", who, moment, text, who, who, "more"]


def book(path: Path, **sheets: Rows) -> Path:
    made = openpyxl.Workbook()
    first = made.active
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    if first is not None:
        made.remove(first)
    made.save(path)
    return path


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        pytest.param("2024-05-01 20:00:05", "2024-05-01 20:00:05", id="as written"),
        pytest.param("2024/5/1 20:00", "2024-05-01 20:00:00", id="as Excel shows it"),
        pytest.param(datetime(2024, 5, 1, 20, 0, 5), "2024-05-01 20:00:05", id="a real time"),  # noqa: DTZ001
        pytest.param(datetime(2024, 5, 1, 20, 0, 4, 999999), "2024-05-01 20:00:05", id="rounded"),  # noqa: DTZ001
        pytest.param(date(2024, 5, 1), "2024-05-01 00:00:00", id="a real date"),
        pytest.param(1714564805, "2024-05-01 20:00:05", id="unix seconds"),
        pytest.param("2024年5月1日 下午 8:00", "2024-05-01 20:00:00", id="in Chinese"),
    ],
)
def test_times_of_a_spreadsheet(moment: Any, expected: str, tmp_path: Path) -> None:
    path = book(tmp_path / "林小满.xlsx", 聊天记录=[HEADER, line(moment, "好")])
    (time,) = read_file(path).messages["time"]
    assert str(time) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        pytest.param("7437200000000000011", "7437200000000000011", id="text"),
        pytest.param(7437200000000000011, None, id="a number has lost its last digits"),
        pytest.param(7.43727e18, None, id="rounded"),
        pytest.param("7.43727E+18", None, id="rounded, as text"),
        pytest.param("7437200000000000000", None, id="filled up with zeros"),
        pytest.param("0", None, id="none"),
        pytest.param(None, None, id="empty"),
    ],
)
def test_ids_of_a_spreadsheet(key: Any, expected: str | None, tmp_path: Path) -> None:
    path = book(
        tmp_path / "林小满.xlsx", 聊天记录=[HEADER, line("2024-05-01 20:00:05", "好", key=key)]
    )
    (found,) = read_file(path).messages["source_id"].tolist()
    assert (found if isinstance(found, str) else None) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (666, "666"),
        (1.5, "1.5"),
        ("=1+1", "=1+1"),
        ("一行\n又一行", "一行\n又一行"),
        ("一行\r\n又一行", "一行\n又一行"),
        ("  哈哈~ ", "  哈哈~ "),
        ("😮‍💨(｡•́︿•̀｡)", "😮‍💨(｡•́︿•̀｡)"),
    ],
)
def test_words_of_a_spreadsheet(cell: Any, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "林小满.xlsx"
    book(path, 聊天记录=[HEADER, line("2024-05-01 20:00:05", "好")])
    made = openpyxl.load_workbook(path)
    target = made["聊天记录"].cell(row=2, column=5)
    target.value = cell
    if isinstance(cell, str):
        target.data_type = "s"  # what begins with = is no formula here
    made.save(path)
    assert read_file(path).messages["text"].tolist() == [expected]


def test_a_private_chat_names_its_partner_so_the_other_is_me() -> None:
    source = read_file(PRIVATE_XLSX)
    assert source.format == "MemoTrace 3 XLSX"
    assert {person.name: person.is_me for person in participants(source)} == {
        "林小满": False,
        "阿哲": True,
    }
    assert source.chat_ids == {"林小满": "wxid_demo01"}
    assert set(source.aliases["林小满"]) == {"满满", "xiaoman_lin", "wxid_demo01"}
    assert source.groups == frozenset()


def test_members_of_a_group_are_known_and_nobody_is_taken_for_me() -> None:
    source = read_file(GROUP_XLSX)
    assert not source.me_known
    assert source.groups == {"爬山小队"}
    assert set(source.aliases["小周"]) == {"Zhou", "zhouzhou", "zhou_2001"}
    assert set(source.known_names) == {"小郑", "郑郑", "wxid_silent1"}


@pytest.mark.parametrize(
    "members",
    [
        pytest.param([PRIVATE], id="nobody listed"),
        pytest.param([PRIVATE, ["wxid_x", "", 3, "另一个人", "谁"]], id="somebody else listed"),
        pytest.param([["a"], ["b"]], id="another table"),
    ],
)
def test_a_chat_whose_partner_is_not_told_asks(members: Rows, tmp_path: Path) -> None:
    rows = [HEADER, line("2024-05-01 20:00:05", "好"), line("2024-05-01 20:00:09", "嗯", "阿哲")]
    source = read_file(book(tmp_path / "林小满.xlsx", 聊天记录=rows, 成员信息=members))
    assert not source.me_known
    assert set(source.messages["chat"]) == {"林小满"}


def test_rows_of_a_spreadsheet_are_named_by_their_number(tmp_path: Path) -> None:
    rows = [HEADER, line("2024-05-01 20:00:05", "好"), [], line("2024-13-01", "坏"), line("", "坏")]
    source = read_file(book(tmp_path / "林小满.xlsx", 聊天记录=rows))
    assert [str(error) for error in source.bad_rows] == [
        "林小满.xlsx, line 4: the time is no possible date",
        "林小满.xlsx, line 5: the time is missing",
    ]


def test_a_csv_that_was_saved_as_a_spreadsheet_is_read(tmp_path: Path) -> None:
    header = ["MsgSvrID", "type_name", "is_sender", "talker", "msg", "CreateTime"]
    rows: Rows = [header, [7.43727e18, "文本", 1, "我", "在", datetime(2024, 5, 1, 20)]]  # noqa: DTZ001
    messages = read_file(book(tmp_path / "a.xlsx", Sheet1=rows)).messages
    assert messages["is_me"].tolist() == [True]
    assert messages["text"].tolist() == ["在"]


def test_weflow_excel_of_a_group_asks_who_is_me() -> None:
    source = read_file(GOLDEN / "weflow_excel_group" / "爬山小队.xlsx")
    assert not source.me_known
    assert source.groups == {"爬山小队"}
    assert source.chat_ids == {"爬山小队": "10000001@chatroom"}


def test_weflow_excel_of_two_knows_me_by_the_account_alone(tmp_path: Path) -> None:
    header = [
        "序号",
        "时间",
        "发送者昵称",
        "发送者微信ID",
        "发送者备注",
        "发送者身份",
        "消息类型",
        "内容",
    ]
    moment = "2024-05-01 20:00:05"
    rows: Rows = [
        ["会话信息"],
        ["微信ID", "wxid_demo01", None, "昵称", "满满"],
        header,
        [1, moment, "满满", "wxid_demo01", "林小满", "林小满", "文本消息", "在吗"],
        [2, moment, "阿哲", "wxid_me0001", "", "阿哲", "文本消息", "在"],
        [3, "", "阿哲", "wxid_me0001", "", "阿哲", "文本消息", "没有时间"],
        [4, moment, "阿哲", "wxid_me0001", "", "阿哲", "", "没有类型"],
    ]
    source = read_file(book(tmp_path / "x.xlsx", 聊天记录=rows))
    assert source.messages["is_me"].tolist() == [False, True]
    assert set(source.messages["chat"]) == {"林小满"}
    assert [str(error) for error in source.bad_rows] == [
        "x.xlsx, row 7: the message has no 消息类型",
        "x.xlsx, row 6: the time is missing",
    ]


def test_a_damaged_spreadsheet_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    raw = PRIVATE_XLSX.read_bytes()
    path.write_bytes(raw[:100] + bytes(len(raw) - 1100) + raw[-1000:])
    with pytest.raises(BadFileError) as caught:
        read_file(path)
    assert "x.xlsx" in str(caught.value)
