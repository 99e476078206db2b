"""Exports as people really have them: with parts missing, renamed, or of somebody's own script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation.importers import read_file

if TYPE_CHECKING:
    from pathlib import Path

    from curation.model import SourceFile

WECLONE = "id,MsgSvrID,type_name,is_sender,talker,msg,src,CreateTime\n"
OLD = (
    "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName"
    ",Sender\n"
)
NEW = "消息ID,类型,发送人,时间,内容,备注,昵称,更多信息\n"


def read(tmp_path: Path, text: str, name: str = "小周.csv") -> SourceFile:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_file(path)


def said(source: SourceFile) -> list[tuple[str, str]]:
    return list(zip(source.messages["kind"], source.messages["text"], strict=True))


@pytest.mark.parametrize(
    ("type_name", "msg", "kind", "text"),
    [
        ("quote", "嗯[引用 我：好吧]", "quote", "嗯"),
        ("quote", "嗯", "quote", "嗯"),
        ("transfer", "￥5.00", "transfer", "[转账]"),
        ("red_packet", "恭喜发财", "red_packet", "[红包]"),
        ("call", "00:12", "call", "[通话]"),
        ("link", "周末去处\nhttps://example.com", "link", "[链接] 周末去处"),
        ("mini program", "订票", "mini_program", "[小程序] 订票"),
        ("recall", "说错了的话", "recall", "[已撤回]"),
        ("system", "你已添加了小周，现在可以开始聊天了。", "system", None),
        ("sticker", "😀", "sticker", "[😀]"),
        ("sticker", "media/a.webp", "sticker", "[表情包]"),
        ("sticker", "[表情包：嘿嘿]", "sticker", "[嘿嘿]"),
        ("location", "[位置] 南门 (30.12,120.25)", "location", "[位置] 南门"),
        ("text", "[位置] (30.12,120.25)", "location", "[位置]"),
    ],
)
def test_english_type_names(
    type_name: str, msg: str, kind: str, text: str | None, tmp_path: Path
) -> None:
    row = f'1,1,{type_name},0,小周,"{msg}",,2024-05-01T12:00:00.000Z\n'
    source = read(tmp_path, WECLONE + row)
    assert said(source) == [(kind, msg if text is None else text)]
    assert not source.warnings


@pytest.mark.parametrize(
    ("content", "account", "text"),
    [
        ("zhou_2001:\n大家好", "zhou_2001", "大家好"),
        ("wxid_abc123:\n大家好", "wxid_abc123", "大家好"),
        ("zhou_2001:\n大家好", "wxid_abc123", "zhou_2001:\n大家好"),
        ("update:\n大家好", "zhou_2001", "update:\n大家好"),
        ("zhou_2001: 大家好", "zhou_2001", "zhou_2001: 大家好"),
    ],
)
def test_the_senders_account_before_the_words_of_a_group(
    content: str, account: str, text: str, tmp_path: Path
) -> None:
    row = f'1,7,1,0,0,1714564800,2,"{content}",2024-05-01 20:00:00,周,Z,{account}\n'
    assert said(read(tmp_path, OLD + row, "爬山_utf8.csv")) == [("text", text)]


def test_notices_and_lists_of_groups_are_no_unknown_types(tmp_path: Path) -> None:
    rows = (
        "1,群公告,周,2024-05-01 20:00:00,周六集合,周,Z,more\n"
        "2,接龙,周,2024-05-01 20:00:10,#接龙,周,Z,more\n"
    )
    source = read(tmp_path, NEW + rows)
    assert said(source) == [("system", "周六集合"), ("other", "[其他]")]
    assert not source.warnings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "\n小周:在吗 吃了吗 \n我:吃了 \n小周:好 ",
            [("小周", "在吗 吃了吗"), ("我", "吃了"), ("小周", "好")],
            id="the older version, of one day",
        ),
        pytest.param(
            "\n小周:在吗 吃了吗 \n我:吃了 ",
            [("小周", "在吗 吃了吗"), ("我", "吃了")],
            id="one message each",
        ),
        pytest.param(
            "\n\n小周:早呀\n时间: 九点见\n",
            [("小周", "早呀"), ("小周", "时间: 九点见")],
            id="version 3, a colon in the words",
        ),
    ],
)
def test_a_short_text_without_times(
    text: str, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    stars = "*" * 20
    source = read(tmp_path, f"\n\n{stars}2024-05-01{stars}\n{text}", "小周_chat.txt")
    assert list(zip(source.messages["sender"], source.messages["text"], strict=True)) == expected


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("這則訊息已刪除", "recall"),
        ("你已刪除這則訊息", "recall"),
        ("這則訊息已被管理員小明刪除。", "recall"),
        ("您删除了这条消息", "recall"),
        ("此消息已删除", "recall"),
        ("Diese Nachricht wurde gelöscht.", "recall"),
        ("Se eliminó este mensaje", "recall"),
        ("Ce message a été supprimé", "recall"),
        ("Mensagem apagada", "recall"),
        ("Hai eliminato questo messaggio", "recall"),
        ("未接語音來電", "call"),
        ("未接视频通话", "call"),
        ("我把这条消息删除了哦", "text"),
        ("语音来电吵醒我", "text"),
        ("你怎么删除了", "text"),
    ],
)
def test_what_whatsapp_says_of_a_message_in_other_languages(
    words: str, kind: str, tmp_path: Path
) -> None:
    text = f"13/05/2024, 15:05 - 小周: {words}\n13/05/2024, 15:06 - 阿川: 嗯\n"
    source = read(tmp_path, text, "WhatsApp Chat with 小周.txt")
    assert [found for found, _text in said(source)] == [kind, "text"]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("【发起转账】:￥1.00", "transfer"),
        ("【已收款】:￥25.00\n备注: 面钱", "transfer"),
        ("【通知】:明天开会", "text"),
        ("【文件】计划.xlsx", "file"),
        ("【文件】计划.xlsx 20481 FileStorage\\计划.xlsx xlsx 0cc1", "file"),
        ("【文件】在桌面上", "text"),
    ],
)
def test_marks_of_memotrace_in_texts(words: str, kind: str, tmp_path: Path) -> None:
    text = f"2024-05-01 20:00:00 小周\n{words}\n\n2024-05-01 20:00:10 阿川\n嗯\n\n"
    source = read(tmp_path, text, "小周.txt")
    assert [found for found, _text in said(source)] == [kind, "text"]


def test_what_whatsapp_writes_for_a_picture_to_be_seen_once(tmp_path: Path) -> None:
    text = "13/05/2024, 15:05 - 小周: null\n13/05/2024, 15:06 - 阿川: null 是什么\n"
    source = read(tmp_path, text, "WhatsApp Chat with 小周.txt")
    assert said(source) == [("other", "[其他]"), ("text", "null 是什么")]


@pytest.mark.parametrize(
    ("written", "expected", "warned"),
    [
        (("13/05/2024 20:00", "2/6/2024 8:05"), ("2024-05-13 20:00", "2024-06-02 08:05"), False),
        (
            ("5/13/2024 8:00 PM", "6/2/2024 8:05 AM"),
            ("2024-05-13 20:00", "2024-06-02 08:05"),
            False,
        ),
        (("13.05.2024 20:00", "02.06.2024 08:05"), ("2024-05-13 20:00", "2024-06-02 08:05"), False),
        (("45425.8333333", "2024/6/2 8:05"), ("2024-05-13 20:00", "2024-06-02 08:05"), False),
        (("3/4/2024 20:00", "3/4/2024 21:00"), ("2024-04-03 20:00", "2024-04-03 21:00"), True),
    ],
)
def test_times_that_a_spreadsheet_of_another_country_saved(
    written: tuple[str, str], expected: tuple[str, str], *, warned: bool, tmp_path: Path
) -> None:
    rows = "".join(f"{n},文本,周,{time},在吗{n},周,Z,more\n" for n, time in enumerate(written, 1))
    source = read(tmp_path, NEW + rows)
    assert [str(time)[:16] for time in source.messages["time"]] == list(expected)
    assert bool(source.warnings) == warned
    assert not source.bad_rows


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("big5", "2024-05-01 20:00:00 小周\n這個週末要不要去爬山\n\n"),
        ("gbk", "2024-05-01 20:00:00 小周\n这个周末要不要去爬山\n\n"),
        ("gb18030", "2024-05-01 20:00:00 小周\n饕餮魑魅魍魉\n\n"),
        ("cp932", "2024/05/01(水)\n20:00\t花子\t今週末は山に行きませんか\n20:01\t太郎\tはい\n"),
    ],
)
def test_texts_of_old_programs_are_read_in_their_encoding(
    encoding: str, text: str, tmp_path: Path
) -> None:
    path = tmp_path / "聊天.txt"
    path.write_bytes(text.encode(encoding))
    again = tmp_path / "utf8" / "聊天.txt"
    again.parent.mkdir()
    again.write_text(text, encoding="utf-8")
    assert said(read_file(path)) == said(read_file(again))


@pytest.mark.parametrize(
    ("words", "kind", "text"),
    [
        ("They deleted a message.", "recall", "[已撤回]"),
        ("Maya unsent a message!", "recall", "[已撤回]"),
        ("I deleted a message.", "text", "I deleted a message."),
        ("Bob left a message:\ncall him", "text", "Bob left a message:\ncall him"),
        ("Quiz message:\nYour turn", "other", "[其他]"),
        ("my transaction: failed 3 times", "text", "my transaction: failed 3 times"),
        ("https://example.com", "text", "https://example.com"),
        ("https://example.com\nA title", "link", "[链接] A title"),
        ("good\nTapbacks:\n    Loved by Me\n    Laughed at by Bo", "text", "good"),
        ("good\nReactions:\nLoved by Me\n", "text", "good"),
        ("and/or\nSent with Echo", "text", "and/or"),
        ("Sent with Love", "text", "Sent with Love"),
        ("May 03, 2024  9:00:00 AM one\nEdited 2 seconds later: two\nthree", "text", "two\nthree"),
        ("attachments/1/a.png", "image", "[图片]"),
        ("attachments/1/my song.m4a\nTranscription: la la", "voice", "la la"),
    ],
)
def test_what_imessage_exporter_writes(words: str, kind: str, text: str, tmp_path: Path) -> None:
    written = f"May 03, 2024  9:00:00 AM\nMaya\n{words}\n\nMay 03, 2024 12:30:00 PM\nMe\nok\n\n"
    source = read(tmp_path, written, "Maya.txt")
    assert said(source) == [(kind, text), ("text", "ok")]
    assert [str(time) for time in source.messages["time"]] == [
        "2024-05-03 09:00:00",
        "2024-05-03 12:30:00",
    ]


def test_a_cell_that_is_too_long_is_called_so(tmp_path: Path) -> None:
    rows = (
        f"1,文本,周,2024-05-01 20:00:00,{'哈' * 200_000},周,Z,more\n"
        "2,文本,周,2024-05-01 20:00:10,嗯,周,Z,more\n"
    )
    source = read(tmp_path, NEW + rows)
    assert said(source) == [("text", "嗯")]
    (row,) = source.bad_rows
    assert str(row).startswith("小周.csv, line 2: a cell is longer than 131072 characters")
