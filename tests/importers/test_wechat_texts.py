"""Text exports of WeChat as they really are: re-saved, cut, pasted into, with odd names."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.errors import BadFileError, NoMessagesError
from curation.importers import read_file, with_me
from curation.importers.text_blocks import out_of_order
from curation.model import Limits, ReadOptions
from tests.examples import examples

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


class Said(NamedTuple):
    """One message as a writer of a format gets it."""

    time: datetime
    name: str
    text: str

    @property
    def clock(self) -> str:
        return self.time.strftime("%Y-%m-%d %H:%M:%S")


def memotrace_old(said: Sequence[Said]) -> str:
    return "".join(f"{each.clock} {each.name}\n{each.text}\n\n" for each in said)


def memotrace_3(said: Sequence[Said]) -> str:
    return "\n\n".join(f"{each.clock} {each.name}\n{each.text}" for each in said)


def weflow(said: Sequence[Said]) -> str:
    return "".join(f"{each.clock} '{each.name}'\n{each.text}\n\n" for each in said)


def chatlog(said: Sequence[Said]) -> str:
    return "".join(f"{each.name}(wxid_x) {each.clock}\n{each.text}\n\n" for each in said)


def wechat_dump(said: Sequence[Said]) -> str:
    return "".join(f"1|{each.name}:{each.clock}:{each.text}\n" for each in said)


def wechat_exporter(said: Sequence[Said]) -> str:
    return "".join(f"{each.name} ({each.clock}):{each.text}\n" for each in said)


WRITERS = {
    "MemoTrace TXT, old": memotrace_old,
    "MemoTrace TXT, 3": memotrace_3,
    "WeFlow TXT": weflow,
    "chatlog text": chatlog,
    "wechat-dump TXT": wechat_dump,
    "WechatExporter TXT": wechat_exporter,
}
EVERY_WRITER = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS.keys())
START = datetime(2024, 5, 1, 20, 0, 0)  # noqa: DTZ001  (local time, as all exports have it)


def chat(*texts: str) -> list[Said]:
    """Return messages of two people in turns, a minute apart."""
    return [
        Said(START + timedelta(minutes=number), ("林小满", "阿川")[number % 2], text)
        for number, text in enumerate(texts)
    ]


def texts_of(path: Path, raw: str | bytes) -> list[str]:
    path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return read_file(path).messages["text"].to_list()


_LINE = st.one_of(
    st.text(st.characters(exclude_categories=("C", "Z")), max_size=12),
    st.sampled_from(
        [
            "",
            "  ",
            "哈哈哈哈 ~",
            "(｡•́︿•̀｡)",
            "- - - -",
            "> 引用",
            "[红包]发我",
            "2020-01-01 08:00:00 林小满",
            "2020-01-01 08:00:00 '阿川'",
            "林小满(wxid_x) 2020-01-01 08:00:00",
            "1|林小满:2020-01-01 08:00:00:旧的",
            "林小满 (2020-01-01 08:00:00):旧的",
            "20:00:00",
            "a|b:c",
        ]
    ),
)
_TEXT = (
    st.lists(_LINE, min_size=1, max_size=4)
    .filter(lambda lines: sum("2020-01-01" in line for line in lines) < 2)
    .map("\n".join)
    .filter(str.strip)
)


@EVERY_WRITER
@settings(max_examples=examples(60), deadline=None)
@given(texts=st.lists(_TEXT, max_size=6))
def test_what_was_said_reads_back(
    write: Callable[[Sequence[Said]], str],
    texts: list[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    said = chat("在吗", *texts, "好的", "晚安")
    path = tmp_path_factory.getbasetemp() / "林小满.txt"
    read = texts_of(path, write(said))
    assert [_plain(text) for text in read] == [_plain(each.text) for each in said]


def _plain(text: str) -> str:
    """Return a text as far as every format keeps it: not the blanks around it."""
    return text.strip()


@EVERY_WRITER
@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="Windows line ends"),
        pytest.param(lambda text: text.encode("utf-8-sig"), id="byte order mark"),
        pytest.param(lambda text: text.encode("gb18030"), id="GBK"),
        pytest.param(lambda text: text.encode("utf-16"), id="UTF-16"),
        pytest.param(lambda text: text.rstrip().encode(), id="no end of line"),
        pytest.param(lambda text: (text + "\n\n\n").encode(), id="blank lines behind"),
        pytest.param(lambda text: ("\n\n" + text).encode(), id="blank lines before"),
        pytest.param(lambda text: text.replace("\n", " \n").encode(), id="trailing blanks"),
    ],
)
def test_a_file_saved_by_an_editor_reads_alike(
    write: Callable[[Sequence[Said]], str], changed: Callable[[str], bytes], tmp_path: Path
) -> None:
    said = chat("在吗", "在的~\n怎么啦！！", "没事", "[捂脸]")
    read = texts_of(tmp_path / "林小满.txt", changed(write(said)))
    assert [text.replace(" \n", "\n").strip() for text in read] == [each.text for each in said]


@pytest.mark.parametrize("write", [weflow, chatlog])
def test_heads_without_blank_lines_between_them_are_read(
    write: Callable[[Sequence[Said]], str], tmp_path: Path
) -> None:
    said = chat("在吗", "在的", "没事", "好")
    squeezed = write(said).replace("\n\n", "\n")
    assert texts_of(tmp_path / "林小满.txt", squeezed) == [each.text for each in said]


@EVERY_WRITER
@pytest.mark.parametrize(
    "name", ["Lily: 市场部", "张 三 (山友)", "O'Neil", "小[鱼]", "👩‍💻", "a|b"]
)
def test_any_name_is_read_whole(
    write: Callable[[Sequence[Said]], str], name: str, tmp_path: Path
) -> None:
    path = tmp_path / "聊天.txt"
    said = [
        Said(each.time, name if each.name == "林小满" else "阿川", each.text)
        for each in chat(*"abcd")
    ]
    path.write_text(write(said), encoding="utf-8")
    messages = read_file(path).messages
    assert messages["sender_name"].to_list() == [each.name for each in said]


@EVERY_WRITER
def test_the_old_inline_quote_is_taken_off(
    write: Callable[[Sequence[Said]], str], tmp_path: Path
) -> None:
    path = tmp_path / "林小满.txt"
    said = chat("几点", "「林小满：几点」\n- - - - - - - - - - - - - - -\n七点", "好")
    path.write_text(write(said), encoding="utf-8")
    reply = read_file(path).messages.iloc[1]
    assert (reply["kind"], reply["text"], reply["reply_to"]) == ("quote", "七点", "几点")


@pytest.mark.parametrize("write", [write for write in WRITERS.values() if write is not wechat_dump])
def test_a_recalled_message_never_shows(
    write: Callable[[Sequence[Said]], str], tmp_path: Path
) -> None:
    path = tmp_path / "林小满.txt"
    path.write_text(write(chat("a", '"林小满" 撤回了一条消息', "b")), encoding="utf-8")
    row = read_file(path).messages.iloc[1]
    assert (row["kind"], row["text"], row["is_me"]) == ("recall", "[已撤回]", False)


@EVERY_WRITER
def test_raw_message_bodies_never_reach_the_text(
    write: Callable[[Sequence[Said]], str], tmp_path: Path
) -> None:
    path = tmp_path / "林小满.txt"
    body = '<msg><img fromusername="wxid_secret"/></msg>'
    path.write_text(write(chat("a", body, "b")), encoding="utf-8")
    assert "wxid_secret" not in read_file(path).messages["text"].str.cat()


@EVERY_WRITER
def test_a_message_beyond_the_limit_is_a_bad_row_with_its_line(
    write: Callable[[Sequence[Said]], str], tmp_path: Path
) -> None:
    path = tmp_path / "林小满.txt"
    path.write_text(write(chat("a", "很" * 50, "b")), encoding="utf-8")
    source = read_file(path, ReadOptions(limits=Limits(message_characters=40)))
    assert source.messages["text"].to_list() == ["a", "b"]
    assert [error.line for error in source.bad_rows] == [
        2 if write in (wechat_dump, wechat_exporter) else 4
    ]


@EVERY_WRITER
def test_a_time_that_cannot_be_is_a_bad_row(
    write: Callable[[Sequence[Said]], str], tmp_path: Path
) -> None:
    path = tmp_path / "林小满.txt"
    text = write(chat("a", "b", "c")).replace("2024-05-01 20:02:00", "2024-05-01 20:99:00")
    path.write_text(text, encoding="utf-8")
    source = read_file(path)
    assert source.messages["text"].to_list() == ["a", "b"]
    assert "no possible date" in str(source.bad_rows[0])


@EVERY_WRITER
def test_only_impossible_times_are_one_error(
    write: Callable[[Sequence[Said]], str], tmp_path: Path
) -> None:
    path = tmp_path / "林小满.txt"
    path.write_text(write(chat("a", "b")).replace("2024-05-01", "2024-13-41"), encoding="utf-8")
    with pytest.raises(BadFileError, match="no possible date"):
        read_file(path)


@pytest.mark.parametrize("write", [memotrace_old, memotrace_3, wechat_exporter])
def test_me_is_asked_where_only_names_stand(
    write: Callable[[Sequence[Said]], str], tmp_path: Path
) -> None:
    path = tmp_path / "林小满.txt"
    path.write_text(write(chat("a", "b", "c")), encoding="utf-8")
    source = read_file(path)
    assert source.messages["is_me"].isna().all()
    assert with_me(source, "阿川").messages["is_me"].to_list() == [False, True, False]


def test_two_exports_in_one_file_are_both_read(tmp_path: Path) -> None:
    first = chat(*(f"一{number}" for number in range(30)))
    text = memotrace_old(first) + memotrace_old(first)
    assert texts_of(tmp_path / "林小满.txt", text) == [each.text for each in (*first, *first)]


def test_a_file_with_the_newest_first_is_read(tmp_path: Path) -> None:
    said = chat("a", "b\n\n2020-01-01 08:00:00 '阿川'\n旧", "c", "d")[::-1]
    assert texts_of(tmp_path / "林小满.txt", weflow(said)) == [each.text for each in said]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        pytest.param([], set(), id="none"),
        pytest.param("abc", set(), id="rising"),
        pytest.param("cba", set(), id="falling"),
        pytest.param("aaxbb", {2}, id="one from the future"),
        pytest.param("cdadee", {2}, id="one from the past"),
        pytest.param("cdabdee", {2, 3}, id="two from the past"),
        pytest.param("eedadcc", {3}, id="falling, one from the past"),
        pytest.param("cdea", set(), id="the last one may start another file"),
        pytest.param("abcdefghijklmnopqabcdefghijklmnopq", set(), id="two files"),
    ],
)
def test_heads_out_of_order(times: str, expected: set[int]) -> None:
    assert out_of_order([_oclock(letter) for letter in times]) == expected


def _oclock(letter: str) -> str:
    return f"2024-05-01 {ord(letter) - ord('a'):02}:00:00"


def test_real_messages_may_stand_some_minutes_out_of_order(tmp_path: Path) -> None:
    said = chat(*"abcdef")
    said[2] = said[2]._replace(time=said[2].time - timedelta(minutes=9))
    assert texts_of(tmp_path / "林小满.txt", memotrace_3(said)) == [each.text for each in said]


def test_chatlog_takes_the_year_from_the_name(tmp_path: Path) -> None:
    path = tmp_path / "wxid_x_2021-12-01_2021-12-31.txt"
    path.write_text("林小满(wxid_x) 12-31 23:59:00\n新年好\n\n", encoding="utf-8")
    source = read_file(path)
    assert str(source.messages["time"].iloc[0]) == "2021-12-31 23:59:00"
    assert source.warnings == ()


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param("05-01 20:00:00", "2024-05-01 20:00:00", id="this year"),
        pytest.param("12-31 20:00:00", "2023-12-31 20:00:00", id="not yet this year"),
        pytest.param("02-29 20:00:00", "2024-02-29 20:00:00", id="a leap day"),
        pytest.param("11:00:00", "2024-06-02 11:00:00", id="the day it was saved"),
        pytest.param("23:00:00", "2024-06-01 23:00:00", id="the evening before"),
    ],
)
def test_chatlog_without_a_year_has_that_of_the_file(
    head: str, expected: str, tmp_path: Path
) -> None:
    path = tmp_path / "聊天.txt"
    path.write_text(f"林小满(wxid_x) {head}\n在吗\n\n阿川(我) {head}\n在\n\n", encoding="utf-8")
    saved = datetime(2024, 6, 2, 4, 0, tzinfo=UTC).timestamp()  # noon in Shanghai
    os.utime(path, (saved, saved))
    source = read_file(path)
    assert {str(time) for time in source.messages["time"]} == {expected}
    assert "is assumed" in source.warnings[0]


def test_chatlog_groups_of_wechat_4_ask_for_me(tmp_path: Path) -> None:
    path = tmp_path / "chatlog.csv"
    path.write_text(
        "Time,SenderName,Sender,TalkerName,Talker,Content\n"
        "2024-05-01 20:00:00,Lily,wxid_a,爬山群,1@chatroom,集合\n"
        "2024-05-01 20:00:10,阿川,wxid_me,爬山群,1@chatroom,来了\n"
        '2024-05-01 20:00:20,,系统消息,爬山群,1@chatroom,"""Lily"" 撤回了一条消息"\n',
        encoding="utf-8",
    )
    source = read_file(path)
    assert source.messages["is_me"].isna().to_list() == [True, True, False]
    assert with_me(source, "阿川").messages["is_me"].to_list() == [False, True, False]


def test_chatlog_private_chats_tell_who_is_me_in_groups(tmp_path: Path) -> None:
    path = tmp_path / "chatlog.csv"
    path.write_text(
        "Time,SenderName,Sender,TalkerName,Talker,Content\n"
        "bad,林小满,wxid_b,林小满,wxid_b,在吗\n"
        "2024-05-01 20:00:00,Lily,wxid_a,爬山群,1@chatroom,集合\n"
        "2024-05-01 20:00:10,阿川,wxid_me,爬山群,1@chatroom,来了\n"
        "2024-05-01 20:00:20,阿川,wxid_me,林小满,wxid_b,在\n",
        encoding="utf-8",
    )
    source = read_file(path)
    assert source.messages["is_me"].to_list() == [False, True, True]
    assert [error.line for error in source.bad_rows] == [2]


def test_weflow_groups_ask_for_me(tmp_path: Path) -> None:
    path = tmp_path / "爬山群.txt"
    path.write_text(weflow(chat("a", "b", "c")), encoding="utf-8")
    assert read_file(path).messages["is_me"].isna().all()


@pytest.mark.parametrize(
    "text",
    [
        "********************2024-05-01********************\n",
        "********************2024-05-01********************\n\n\n",
    ],
)
def test_days_without_messages_are_one_error(text: str, tmp_path: Path) -> None:
    path = tmp_path / "林小满_chat.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NoMessagesError):
        read_file(path)


@pytest.mark.parametrize("end", ["结束 >>", "Ends >>"])
def test_a_forwarded_record_is_one_message(end: str, tmp_path: Path) -> None:
    text = (
        "林小满 (2024-05-01 20:00:00):聊天记录\n"
        "<< 聊天记录\n甲 (2024-04-01 08:00:00):秘密\n\n乙 (2024-04-01 08:00:10):好\n"
        f"聊天记录 {end}\n阿川 (2024-05-01 20:01:00):<< 看到了\n"
    )
    path = tmp_path / "林小满.txt"
    path.write_text(text, encoding="utf-8")
    messages = read_file(path).messages
    assert messages["text"].to_list() == ["[聊天记录]", "<< 看到了"]


def test_records_without_end_are_words_and_cost_nothing(tmp_path: Path) -> None:
    words = "看\n" + "<< x\n" * 20_000 + "完"
    text = f"林小满 (2024-05-01 20:00:00):{words}\n阿川 (2024-05-01 20:01:00):好\n"
    assert texts_of(tmp_path / "林小满.txt", text) == [words, "好"]
