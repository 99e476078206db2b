"""Any file whatever gives messages, or one error that names file, place and reason."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curation.errors import BadFileError, NoMessagesError, UnknownFormatError
from curation.importers import read_file
from curation.model import SourceFile
from tests.examples import examples

V3 = "消息ID,类型,发送人,时间,内容\n"
OLD = (
    "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,"
    "Remark,NickName,Sender\n"
)
PYWX = "id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime\n"
ROW = "7,文本,小林,2024-05-01 20:00:00,晚上吃啥\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(
            (V3 + ROW + "8,文本,小林\n").encode(),
            "x.csv, line 3: the row has 3 cells, at least 5 are needed",
            id="too few cells",
        ),
        pytest.param(
            (V3 + ROW + "8,文本,小林,2024-05-01 20:00:01,哦,多,余\n").encode(),
            "x.csv, line 3: the row has 7 cells, the header only 5",
            id="too many cells",
        ),
        pytest.param(
            (
                V3 + ROW + '8,文本,小林,2024-05-01 20:00:01,"两\n行\n"\n' + ROW.replace("05", "13")
            ).encode(),
            "x.csv, line 6: the time is no possible date",
            id="13th month below a message of three lines",
        ),
        pytest.param(
            (V3 + ROW + "\n\r\n" + ROW + "\n" + ROW.replace("05", "13")).encode(),
            "x.csv, line 7: the time is no possible date",
            id="13th month below blank lines",
        ),
        pytest.param(
            (V3 + ROW + '8,文本,小林,2024-05-01 20:00:01,"' + "长" * 1_700_000).encode(),
            "x.csv, line 3: a quotation mark is never closed in the row that begins here",
            id="5 MB in one cell",
        ),
        pytest.param(
            (V3 + ROW).encode() + "8,文本,小林,2024-05-01 20:00:01,好".encode()[:-1],
            "x.csv, line 3: the text is damaged here",
            id="cut off inside a character",
        ),
        pytest.param(
            (V3 + ROW).encode() + "8,文本,小林,2024-05-01 20:00:01,一".encode() + b"\xff\xfe\n",
            "x.csv, line 3: the text is damaged here",
            id="bytes that are no UTF-8",
        ),
        pytest.param(
            (V3 + ROW + ROW.replace("晚上", "早上") * 30).encode("gbk")
            + "8,文本,小林,2024-05-01 20:00:01,好".encode("gbk")[:-1],
            "x.csv, line 33: the text is damaged here",
            id="GBK cut off inside a character",
        ),
        pytest.param(
            (V3 + ROW).encode() + b"\0" * 4096,
            "x.csv, line 3: the row has 1 cells, at least 5 are needed",
            id="NULs behind the text",
        ),
        pytest.param(
            (V3 + ROW).encode() + "8,文本,小林,2024-05-01 20:00:01,一\0\0\n".encode(),
            "x.csv, line 3: the text is damaged here",
            id="NULs inside a message",
        ),
        pytest.param(
            (V3 + ROW + "8,文本,小林,2024-05-01 20:00:01,好").encode("utf-16")[:-1],
            "x.csv, line 3: the text is damaged here",
            id="UTF-16 cut off inside a character",
        ),
    ],
)
def test_a_bad_row_is_listed_and_the_good_ones_come_in(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    source = read_file(path)
    assert source.messages["text"].iloc[0] == "晚上吃啥"
    assert [str(row) for row in source.bad_rows] == [sentence]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"", "x.csv: the file is empty", id="empty"),
        pytest.param(b"\xef\xbb\xbf", "x.csv: the file is empty", id="only a BOM"),
        pytest.param(b" \r\n\t\n", "x.csv: the file is empty", id="only blanks"),
        pytest.param(b"\xff\xfe\n\x00", "x.csv: the file is empty", id="UTF-16, only blanks"),
        pytest.param(
            V3.encode(), "x.csv: the file holds no messages, only a header", id="header only"
        ),
        pytest.param(
            (V3 + "\n,,,,\n").encode(),
            "x.csv: the file holds no messages, only a header",
            id="header and blank rows",
        ),
        pytest.param(
            b"\x7fELF\x02\x01\x01\x00\x00\x00",
            "x.csv: this is a binary file, not a chat export in text form",
            id="binary with NULs",
        ),
        pytest.param(
            b"\x89PNG\r\n\x1a\n\x00\x00\x00",
            "x.csv: this is a picture or a recording, not a chat export",
            id="picture",
        ),
        pytest.param(
            b"%PDF-1.7\n%abc\n",
            "x.csv: this is a document; please export the chat as CSV or JSON",
            id="PDF",
        ),
        pytest.param(
            b"SQLite format 3\x00\x10\x00",
            "x.csv: this is a database; please export the chat as CSV or JSON",
            id="database",
        ),
        pytest.param(
            b"PK\x03\x04\x14\x00\x00\x00xl/workbook.xml",
            "x.csv: this spreadsheet is damaged; please save it anew, or as CSV (UTF-8)",
            id="spreadsheet",
        ),
        pytest.param(
            b"PK\x03\x04\x14\x00\x00\x00chat.csv",
            "x.csv: this is an archive; please unpack it first",
            id="archive",
        ),
        pytest.param(
            b"GIF8 is how this chat begins\n",
            "x.csv: this is no chat export that this program knows",
            id="text that begins like a picture",
        ),
        pytest.param(
            "type_name,is_sender,talker,msg,CreateTime\ntext,0,José ,a,b\n".encode("cp1252"),
            "x.csv, line 2: the text is neither UTF-8 nor GB18030; please save it as UTF-8",
            id="Windows-1252",
        ),
        pytest.param(
            b"\xff\xff\xff\x81" * 9,
            "x.csv: this is a binary file, not a chat export in text form",
            id="neither UTF-8 nor GB18030",
        ),
        pytest.param(
            b"\xff\xfea\x00\x00\xd8b\x00",
            "x.csv: this is a binary file, not a chat export in text form",
            id="broken UTF-16",
        ),
        pytest.param(
            b"\xff\xfea\x00\x00\x00b\x00",
            "x.csv: this is a binary file, not a chat export in text form",
            id="UTF-16 with NULs",
        ),
        pytest.param(
            "发送人,内容,类型\n小林,哦,文本\n".encode(),
            "x.csv, line 1: the column 时间 is missing",
            id="v3 without the time",
        ),
        pytest.param(
            b"type_name,is_sender,msg,CreateTime\n",
            "x.csv, line 1: the column talker is missing",
            id="WeClone without the talker",
        ),
        pytest.param(
            OLD.replace("StrContent", "Content").encode(),
            "x.csv, line 1: the column StrContent is missing",
            id="old without the content",
        ),
        pytest.param(
            b"name,phone\nA,1\n",
            "x.csv, line 1: these columns are not those of a chat export that this program knows",
            id="another table",
        ),
        pytest.param(
            b"hello\n", "x.csv: this is no chat export that this program knows", id="plain text"
        ),
        pytest.param(
            b"<!DOCTYPE html><html></html>",
            "x.csv: this is a web page; please export the chat as CSV or JSON",
            id="HTML",
        ),
        pytest.param(
            b"\n<!-- saved from a page --><html></html>",
            "x.csv: this is a web page; please export the chat as CSV or JSON",
            id="HTML below a comment",
        ),
        pytest.param(
            (V3 + ROW.replace("2024-05-01 20:00:00", " ")).encode(),
            "x.csv, line 2: the time is missing",
            id="no time",
        ),
        pytest.param(
            (V3 + ROW.replace("2024", "0000")).encode(),
            "x.csv, line 2: the time is no possible date",
            id="year 0",
        ),
        pytest.param(
            (V3 + ROW.replace("2024", "1999")).encode(),
            "x.csv, line 2: the time is no possible date",
            id="before WeChat",
        ),
        pytest.param(
            (V3 + ROW.replace("2024-05-01 20:00:00", "9" * 30)).encode(),
            "x.csv, line 2: the time is no possible date",
            id="an overflowing number",
        ),
        pytest.param(
            (V3 + '8,文本,小林,2024-05-01 20:00:01,"没关\n').encode(),
            "x.csv, line 2: a quotation mark is never closed in the row that begins here",
            id="open quote",
        ),
        pytest.param(
            b"a" * 5_000_000,
            "x.csv: this is no chat export that this program knows",
            id="5 MB on one line",
        ),
        pytest.param(
            (PYWX + "1,2,文本,maybe,小林,r,哦,,2024-05-01 20:00:00\n").encode(),
            "x.csv, line 2: the column is_sender holds neither 0 nor 1",
            id="is_sender is no flag",
        ),
        pytest.param(
            b'[{"conversations":[{"role":"user","content":"\xe5\x9c\xa8"}',
            "x.csv, line 1, column 49: the JSON ends in the middle; the file was probably cut off",
            id="truncated JSON",
        ),
        pytest.param(
            b'[\n{"conversations":[{"role":"us',
            "x.csv, line 2, column 27: the JSON ends in the middle; the file was probably cut off",
            id="JSON truncated inside a text",
        ),
        pytest.param(
            b'[{"conversations" []}]',
            "x.csv, line 1, column 19: this is not valid JSON",
            id="broken JSON",
        ),
        pytest.param(
            b"[" * 100_000,
            "x.csv: the JSON is nested deeper than 64 levels (see the settings)",
            id="deeply nested JSON",
        ),
        pytest.param(
            b'{"conversations":' * 100_000,
            "x.csv: the JSON is nested deeper than 64 levels (see the settings)",
            id="deeply nested objects",
        ),
        pytest.param(
            b'[{"a":' + b"9" * 5_000 + b"}]",
            "x.csv: the JSON holds a number that is too long",
            id="huge integer",
        ),
        pytest.param(
            b'[{"conversations":[],"conversations":[]}]',
            "x.csv: an object of the JSON has the same key twice",
            id="duplicate keys",
        ),
        pytest.param(b"[]", "x.csv: the file holds no messages", id="empty list"),
        pytest.param(
            b'{"wxid_a": {"remark": "A"}}',
            "x.csv: this is no chat export that this program knows",
            id="users.json",
        ),
        pytest.param(
            b'[{"conversations":[]}]', "x.csv: the file holds no messages", id="no message at all"
        ),
        pytest.param(
            b'[{"conversations":{}}]',
            "x.csv, record 1: conversations is not a list",
            id="conversations is an object",
        ),
        pytest.param(
            b'[{"conversations":[]},7]',
            "x.csv, record 2: the record is not an object",
            id="record is a number",
        ),
        pytest.param(
            b'[{"conversations":[]},{}]',
            "x.csv, record 2: the record has no conversations",
            id="record without conversations",
        ),
        pytest.param(
            b'[{"conversations":[null]}]',
            "x.csv, record 1, message 1: the message is not an object",
            id="message is null",
        ),
        pytest.param(
            b'[{"conversations":[{"role":"user"}]}]',
            "x.csv, record 1, message 1: the message has no content",
            id="no content",
        ),
        pytest.param(
            b'[{"conversations":[{"role":"user","content":null}]}]',
            "x.csv, record 1, message 1: content is not a text",
            id="content is null",
        ),
        pytest.param(
            b'[{"conversations":[{"role":"user","content":NaN}]}]',
            "x.csv, record 1, message 1: content is not a text",
            id="content is NaN",
        ),
        pytest.param(
            b'[{"conversations":[{"role":"bot","content":"x"}]}]',
            "x.csv, record 1, message 1: role is none of system, user, assistant",
            id="unknown role",
        ),
        pytest.param(
            b'[{"conversations":[{"role":"user","content":"' + b"a" * 5_000_000 + b'"}]}]',
            "x.csv, record 1, message 1: the message is longer than 131072 characters",
            id="5 MB in one message",
        ),
    ],
)
def test_a_bad_file_is_one_sentence(content: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(BadFileError) as caught:
        read_file(path)
    assert str(caught.value) == sentence


def test_an_error_never_shows_chat_text(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(V3 + "8,文本,小林,没有时间,我的密码是1234\n", encoding="utf-8")
    with pytest.raises(BadFileError) as caught:
        read_file(path)
    assert "密码" not in str(caught.value)
    assert "小林" not in str(caught.value)


def test_a_table_of_another_program_is_an_unknown_format(tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text("UserName,Alias,Remark\nwxid_a,a,A\n", encoding="utf-8")
    with pytest.raises(UnknownFormatError):
        read_file(path)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="this is a folder, not a file"):
        read_file(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        V3,
        '[{"conversations":[]}]',
        '[{"conversations":[{"role":"system","content":"x"}]}]',
    ],
)
def test_an_export_without_messages_is_told_from_a_broken_one(content: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(NoMessagesError):
        read_file(path)


def test_a_folder_that_is_here_has_a_name_in_the_error() -> None:
    with pytest.raises(BadFileError, match=r"^\.: this is a folder"):
        read_file(Path())


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match=r"gone\.csv: there is no such file"):
        read_file(tmp_path / "gone.csv")


def test_a_name_no_file_can_have_is_an_error() -> None:
    with pytest.raises(BadFileError):
        read_file(Path("a\0b.csv"))


@pytest.mark.skipif(sys.platform == "win32", reason="symlinks need rights on Windows")
def test_a_symlink_loop_is_an_error(tmp_path: Path) -> None:
    loop = tmp_path / "loop.csv"
    loop.symlink_to(loop)
    with pytest.raises(BadFileError, match="the file cannot be read"):
        read_file(loop)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_is_no_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    with pytest.raises(BadFileError, match="this is not a regular file"):
        read_file(pipe)


def test_a_file_without_read_permission_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(V3 + ROW, encoding="utf-8")

    def refuse(_: Path) -> bytes:
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(BadFileError, match="may not read the file"):
        read_file(path)


@pytest.mark.parametrize(
    ("kind", "piece"),
    [
        ("文本", "「a：b"),
        ("文本", "「」\n- - - "),
        ("文本", "<msg>"),
        ("引用回复", "[引用]("),
        ("引用回复", " "),
        ("text", "[引用 a："),
        ("text", "[a] "),
        ("系统通知", "撤回了成员"),
        ("系统通知", "<a "),
        ("语音", "翻译结果"),
    ],
)
def test_a_hostile_message_is_read_in_no_time(kind: str, piece: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    text = piece * (120_000 // len(piece))
    path.write_text(PYWX + f'1,2,{kind},0,t,r,"{text}",,2024-05-01 20:00:00\n', encoding="utf-8")
    started = time.process_time()
    assert len(read_file(path).messages) == 1
    assert time.process_time() - started < 5


_PIECES = st.sampled_from(
    [
        *(
            V3,
            OLD,
            PYWX,
            ROW,
            '"',
            ",",
            "\n",
            "\r",
            ";",
            "\t",
            "「a：b」\n- - - -\nc",
            "<msg>",
            "\ufeff",
        ),
        *("[", "{", "]", "}", '"conversations":', '{"role":"user","content":"嗯"}', "\\ud800"),
        *("2024-05-01 20:00:00", "2024/5/1 2:03", "9e99", "1,2,文本,0,a,b,c,d,1714564800\n"),
        *("1,1,1,0,1,1714564800,2,哦,2024-05-01 20:00:00\n", "文本", "系统消息", "\0", "\x1a"),
    ]
)


@settings(max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.lists(_PIECES, max_size=12).map(lambda pieces: "".join(pieces).encode()),
        st.lists(_PIECES, max_size=12).map(
            lambda pieces: "".join(pieces).encode("gb18030", "replace")
        ),
        st.lists(_PIECES, max_size=12).map(lambda pieces: "".join(pieces).encode("utf-16")),
        st.tuples(st.lists(_PIECES, max_size=12), st.binary(max_size=3)).map(
            lambda both: "".join(both[0]).encode() + both[1]
        ),
    )
)
def test_any_bytes_give_messages_or_one_error(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    path.write_bytes(content)
    with suppress(BadFileError):  # anything else fails the test
        source = read_file(path)
        assert isinstance(source, SourceFile)
        assert len(source.messages) > 0
        assert source.messages["text"].notna().all()


LINE = "[LINE] 與王小明的聊天記錄\n保存日期：2024/01/05 09:30\n\n2024/01/05（五）\n"
SAID = "09:15\t王小明\t早安\n09:16\t阿哲\t早\n09:17\t王小明\t出門了嗎\n"


def damaged(text: str, letter: str) -> bytes:
    """Return the text with half of `letter`, of which there is only one."""
    return text.encode().replace(letter.encode(), letter.encode()[:-1])


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        pytest.param(damaged(LINE + SAID, "出"), [7], id="a letter of a message"),
        pytest.param((LINE + SAID).encode() + "09:18\t阿哲\t好".encode()[:-1], [8], id="cut off"),
        pytest.param((LINE + SAID).encode() + b"\0" * 512, [7], id="NULs at the end"),
        pytest.param(damaged(LINE + SAID, "哲"), [6], id="a letter of a name"),
    ],
)
def test_damage_inside_a_text_export_spoils_its_message_alone(
    content: bytes, lines: list[int], tmp_path: Path
) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(content)
    source = read_file(path)
    assert [error.line for error in source.bad_rows] == lines
    assert source.messages["chat"].unique().tolist() == ["王小明"]
    assert "早安" in source.messages["text"].tolist()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(
            damaged(LINE + SAID * 3, "與"),
            "line 1: the text is damaged",
            id="title",
        ),
        pytest.param(
            damaged(V3.replace("消息ID", "編號") + ROW, "型"),
            "x.txt, line 1: ",
            id="header of a table",
        ),
        pytest.param(
            damaged(
                '{"weflow":{},"session":{"wxid":"a"},"messages":[\n{"content":"晚饭好吃吗，今天"}]}',
                "吃",
            ),
            "x.txt, line 2: the text is",
            id="JSON",
        ),
    ],
)
def test_damage_where_it_matters_to_the_whole_file_is_an_error(
    content: bytes, sentence: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(content)
    with pytest.raises(BadFileError, match=sentence):
        read_file(path)
