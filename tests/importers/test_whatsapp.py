"""WhatsApp writes the same chat in as many ways as there are phones and regions."""

from __future__ import annotations

import time
import zipfile
from typing import TYPE_CHECKING

import pytest

from curation.errors import BadFileError
from curation.importers import collect_files, read_file, unpack, with_me
from curation.model import Limits

if TYPE_CHECKING:
    from pathlib import Path

    from curation.model import SourceFile

NAME = "WhatsApp Chat with 林小满.txt"


def chat(tmp_path: Path, text: str, name: str = NAME) -> SourceFile:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    return read_file(path)


def contents(source: SourceFile) -> list[tuple[str, str]]:
    table = source.messages
    return list(zip(table["kind"], table["text"], strict=True))


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("13/05/2024, 15:05 - ", "2024-05-13 15:05:00"),
        ("13/05/24, 15:05 - ", "2024-05-13 15:05:00"),
        ("5/13/24, 3:05 PM - ", "2024-05-13 15:05:00"),
        ("5/13/24, 3:05\u202fPM - ", "2024-05-13 15:05:00"),
        ("5/13/24, 12:05\u00a0am - ", "2024-05-13 00:05:00"),
        ("13/5/2024, 3:05 p. m. - ", "2024-05-13 15:05:00"),
        ("13/5/2024, 3:05 a.\u00a0m. - ", "2024-05-13 03:05:00"),
        ("13.05.24, 15:05 - ", "2024-05-13 15:05:00"),
        ("13-05-2024 15:05 - ", "2024-05-13 15:05:00"),
        ("2024-05-13, 15:05 - ", "2024-05-13 15:05:00"),
        ("2024/5/13 15:05 - ", "2024-05-13 15:05:00"),
        ("2024/5/13 下午3:05 - ", "2024-05-13 15:05:00"),
        ("2024/5/13 上午12:05 - ", "2024-05-13 00:05:00"),
        ("2024/5/13 晚上9:05 - ", "2024-05-13 21:05:00"),
        ("2024年5月13日 下午3:05 - ", "2024-05-13 15:05:00"),
        ("24/5/13 下午3:05 - ", "2024-05-13 15:05:00"),
        ("2024/05/13 15:05 - ", "2024-05-13 15:05:00"),
        ("2024/5/13 午後3:05 - ", "2024-05-13 15:05:00"),
        ("2024. 5. 13. 오후 3:05 - ", "2024-05-13 15:05:00"),
        ("13/05/2024 15.05 - ", "2024-05-13 15:05:00"),
        ("13/05/2024, 15:05 \u2013 ", "2024-05-13 15:05:00"),
        ("[13/05/2024, 15:05:10] ", "2024-05-13 15:05:10"),
        ("[13/05/24, 3:05:10 PM] ", "2024-05-13 15:05:10"),
        ("[13/05/24, 3:05:10\u202fPM] ", "2024-05-13 15:05:10"),
        ("[13.05.24, 15:05:10] ", "2024-05-13 15:05:10"),
        ("[2024/5/13, 15:05:10] ", "2024-05-13 15:05:10"),
        ("[2024/5/13 下午3:05:10] ", "2024-05-13 15:05:10"),
        ("[2024-05-13, 15:05:10] ", "2024-05-13 15:05:10"),
        ("\u200e[13/05/2024, 15:05:10] ", "2024-05-13 15:05:10"),
        ("13 May 2024, 15:05 - ", "2024-05-13 15:05:00"),
        ("May 13, 2024, 3:05 PM - ", "2024-05-13 15:05:00"),
        ("3-May-24, 15:05 - ", "2024-05-03 15:05:00"),
        ("13. März 2024, 15:05 - ", "2024-03-13 15:05:00"),
        ("13 de dic. de 2024, 15:05 - ", "2024-12-13 15:05:00"),
        ("13 août 2024 à 15:05 - ", "2024-08-13 15:05:00"),
        ("[13 May 2024 at 15:05:10] ", "2024-05-13 15:05:10"),
        ("13. 5. 2024 15:05 - ", "2024-05-13 15:05:00"),
        ("2024. 05. 13. 15:05 - ", "2024-05-13 15:05:00"),
        ("2024-05-13 15 h 05 - ", "2024-05-13 15:05:00"),
        ("13.05.24 г., 15:05 - ", "2024-05-13 15:05:00"),
        ("13/5/24, 3:05 μ.μ. - ", "2024-05-13 15:05:00"),
        ("13/5/24, 3:05\u202fp.\u00a0m. - ", "2024-05-13 15:05:00"),
        ("13/5/24, 3:05 CH - ", "2024-05-13 15:05:00"),
        ("١٣\u200f/٥\u200f/٢٠٢٤، ٣:٠٥ م - ", "2024-05-13 15:05:00"),
    ],
)
def test_every_way_to_write_the_time_is_read(head: str, expected: str, tmp_path: Path) -> None:
    source = chat(tmp_path, f"{head}林小满: 在吗\n{head}阿橙: 在呀~~\n")
    assert source.messages["text"].tolist() == ["在吗", "在呀~~"]
    assert source.messages["sender"].tolist() == ["林小满", "阿橙"]
    assert [str(time) for time in source.messages["time"]] == [expected] * 2
    assert not source.bad_rows
    assert not source.warnings


@pytest.mark.parametrize(
    ("dates", "expected", "warned"),
    [
        pytest.param(("3/4/24", "13/4/24"), ("2024-04-03", "2024-04-13"), False, id="day over 12"),
        pytest.param(("3/4/24", "3/13/24"), ("2024-03-04", "2024-03-13"), False, id="month first"),
        pytest.param(
            ("1/2/24", "2/2/24", "1/3/24"), ("2024-02-01", "2024-02-02", "2024-03-01"), False,
            id="days run on",
        ),
        pytest.param(
            ("1/11/24", "1/12/24", "2/1/24"), ("2024-01-11", "2024-01-12", "2024-02-01"), False,
            id="months run on",
        ),
        pytest.param(("4/4/24", "5/5/24"), ("2024-04-04", "2024-05-05"), False, id="all the same"),
        pytest.param(("3/4/24", "3/4/24"), ("2024-04-03", "2024-04-03"), True, id="no telling"),
    ],
)  # fmt: skip
def test_the_whole_file_tells_whether_day_or_month_comes_first(
    dates: tuple[str, ...], expected: tuple[str, ...], tmp_path: Path, *, warned: bool
) -> None:
    text = "".join(f"{date}, 15:05 - 林小满: {date}\n" for date in dates)
    source = chat(tmp_path, text)
    assert [str(time)[:10] for time in source.messages["time"]] == list(expected)
    assert bool(source.warnings) is warned


def test_a_twelve_hour_clock_hints_at_months_first(tmp_path: Path) -> None:
    source = chat(tmp_path, "3/4/24, 3:05 PM - 林小满: 在吗\n")
    assert str(source.messages["time"][0]) == "2024-03-04 15:05:00"
    assert source.warnings == (
        "the dates do not tell whether day or month comes first; month is assumed",
    )


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        *((said, ("other", "[其他]")) for said in (
            "<Media omitted>", "<省略影音内容>", "<已省略多媒體檔案>", "<媒体文件已省略>",
            "<Medien ausgeschlossen>", "<Multimedia omitido>", "\u200e<View once message omitted>",
        )),
        *((said, ("image", "[图片]")) for said in (
            "\u200eimage omitted", "image omitted", "圖片已略去", "\u200e图像已忽略", "图片已省略",
            "IMG-20240513-WA0001.jpg (file attached)", "\u200eIMG-20240513-WA0001.jpg (文件附件)",
            "\u200e<attached: 00000012-PHOTO-2024-05-13-15-05-10.jpg>",
            "\u200e<附件：00000012-PHOTO-2024-05-13-15-05-10.jpg>",
        )),
        *((said, ("video", "[视频]")) for said in (
            "\u200evideo omitted", "視頻已略去", "VID-20240513-WA0001.mp4 (file attached)",
            "\u200evideo note omitted",
        )),
        *((said, ("voice", "[语音]")) for said in (
            "\u200eaudio omitted", "\u200e音频已忽略", "PTT-20240513-WA0001.opus (file attached)",
            "\u200e<attached: 00000012-AUDIO-2024-05-13-15-05-10.opus>", "語音訊息已略去",
        )),
        *((said, ("sticker", "[表情包]")) for said in (
            "\u200esticker omitted", "\u200e贴图已忽略", "STK-20240513-WA0001.webp (file attached)",
            "\u200eGIF omitted",
        )),
        ("\u200e简历.pdf • \u200e3 pages \u200edocument omitted", ("file", "[文件] 简历.pdf")),
        ("简历.pdf (file attached)", ("file", "[文件] 简历.pdf")),
        ("\u200e<attached: 00000012-简历.pdf>", ("file", "[文件] 00000012-简历.pdf")),
        ("IMG-20240513-WA0001.jpg (file attached)\n看这个", ("image", "看这个")),
        ("\u200eContact card omitted", ("other", "[其他]")),
        ("小王.vcf (file attached)", ("other", "[其他]")),
        *((said, ("recall", "[已撤回]")) for said in (
            "This message was deleted", "\u200eThis message was deleted.", "此消息已删除",
            "You deleted this message", "\u200e您已删除此消息。", "此訊息已被刪除",
            "你已刪除此訊息", "这条消息已删除",
        )),
        *((said, ("call", "[通话]")) for said in (
            "Missed voice call", "\u200eMissed video call, \u200eTap to call back",
            "\u200eVoice call, \u200e2 min", "未接语音通话", "未接視訊通話",
        )),
        ("location: https://maps.google.com/?q=31.2,121.4", ("location", "[位置]")),
        ("\u200eLocation: https://maps.google.com/?q=31.2,121.4", ("location", "[位置]")),
        ("live location shared", ("location", "[位置]")),
        ("\u200ePOLL:\n晚上吃啥\n\u200eOPTION: 火锅 (\u200e2 votes)", ("other", "[其他]")),
        ("POLL:\n晚上吃啥\nOPTION: 火锅 (2 votes)", ("other", "[其他]")),
        ("Waiting for this message. This may take a while.", ("other", "[其他]")),
        ("明天见 <This message was edited>", ("text", "明天见")),
        ("明天见 \u200e<这条消息已经过编辑>", ("text", "明天见")),
        ("明天见\u200e <此訊息已編輯>", ("text", "明天见")),
        ("两\n\n行\n", ("text", "两\n\n行")),
        ("时间: 三点: 对吗", ("text", "时间: 三点: 对吗")),
        ("@\u2068小王\u2069 来吗", ("text", "@小王 来吗")),
        ("the image omitted nothing", ("text", "the image omitted nothing")),
        ("<3 <3", ("text", "<3 <3")),
        ("I missed your call", ("text", "I missed your call")),
        ("我把此消息已删除的事说了", ("text", "我把此消息已删除的事说了")),
        ("(｡•́︿•̀｡) [旺柴]~~!!", ("text", "(｡•́︿•̀｡) [旺柴]~~!!")),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "head", ["13/05/2024, 15:05 - ", "[13/05/2024, 15:05:10] "], ids=["Android", "iOS"]
)
def test_what_is_not_words_has_its_kind(
    head: str, said: str, expected: tuple[str, str], tmp_path: Path
) -> None:
    source = chat(tmp_path, f"{head}阿橙: 嗯\n{head}林小满: {said}\n{head}阿橙: 好\n")
    assert contents(source) == [("text", "嗯"), expected, ("text", "好")]
    sender = source.messages["sender"][1]
    assert sender == "林小满"
    assert not source.bad_rows


@pytest.mark.parametrize(
    "line",
    [
        "Messages and calls are end-to-end encrypted. Tap to learn more.",
        "消息和通话都进行端到端加密。",
        "林小满 created group “周末: 爬山”",
        '林小满 changed the subject from "a: b" to "c: d"',
        "林小满创建了群组“周末: 爬山”",
        "林小满將群組名稱由「甲: 乙」改為「丙」",
        "林小满 changed this group's icon",
        "林小满 added 阿橙",
        "阿橙 left",
        "Your security code with 林小满 changed. Tap to learn more.",
    ],
)
def test_what_whatsapp_says_is_nobodys(line: str, tmp_path: Path) -> None:
    for head, mark in (("13/05/2024, 15:05 - ", ""), ("[13/05/2024, 15:05:10] ", "周末: \u200e")):
        source = chat(tmp_path, f"{head}{mark}{line}\n{head}阿橙: 好\n")
        assert contents(source) == [("system", line), ("text", "好")]
        assert source.messages["is_me"].tolist()[0] is False


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("WhatsApp Chat with 林小满.txt", "林小满"),
        ("WhatsApp Chat with 林小满 (1).txt", "林小满"),
        ("WhatsApp Chat with Dr. Wu.txt", "Dr. Wu"),
        ("与林小满的 WhatsApp 对话.txt", "林小满"),
        ("與林小满的 WhatsApp 對話.txt", "林小满"),
        ("WhatsApp Chat - 林小满/_chat.txt", "林小满"),
        ("WhatsApp Chat - 林小满 (2)/_chat.txt", "林小满"),
        ("WhatsApp 聊天 - 林小满/_chat.txt", "林小满"),
        ("WhatsApp Chat - 林小满.txt", "林小满"),
        ("林小满.txt", "林小满"),
        ("upload/_chat.txt", "林小满"),
    ],
)
def test_the_chat_is_called_after_the_file_or_its_folder(
    name: str, expected: str, tmp_path: Path
) -> None:
    text = "13/05/2024, 15:05 - 林小满: 在吗\n13/05/2024, 15:06 - 阿橙: 在\n"
    source = with_me(chat(tmp_path, text, name), "阿橙")
    assert source.messages["chat"].unique().tolist() == [expected]


def test_whatsapps_own_archive_with_media_is_one_chat(tmp_path: Path) -> None:
    path = tmp_path / "WhatsApp Chat - 林小满.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_chat.txt", "\u200e[13/05/2024, 15:05:10] 林小满: \u200eimage omitted\n")
        archive.writestr("00000012-PHOTO-2024-05-13.jpg", b"\xff\xd8\xff")
        archive.writestr("00000013-账单.xlsx", b"x")
        archive.writestr("00000014-notes.txt", "a")
    assert collect_files(tmp_path) == [path]
    (found,) = unpack(path, tmp_path, Limits())
    source = read_file(found)
    assert source.messages["chat"].tolist() == ["林小满"]
    assert contents(source) == [("image", "[图片]")]


def test_a_group_is_told_by_its_people_or_by_its_notices(tmp_path: Path) -> None:
    head = "13/05/2024, 15:05 - "
    many = "".join(f"{head}{name}: 在\n" for name in ("林小满", "阿橙", "小王"))
    assert chat(tmp_path, many, "WhatsApp Chat with 周末.txt").groups == {"周末"}
    two = f"{head}林小满 created group “周末”\n{head}林小满: 在\n{head}阿橙: 在\n"
    assert chat(tmp_path, two, "WhatsApp Chat with 周末.txt").groups == {"周末"}
    assert not chat(tmp_path, f"{head}林小满: 在\n{head}阿橙: 在\n").groups


def test_names_lose_the_marks_around_them(tmp_path: Path) -> None:
    head = "[13/05/2024, 15:05:10] "
    text = f"{head}~\u202f小王: 在\n{head}\u202a+86\u00a0138\u00a00000\u00a00000\u202c: 好\n"
    assert chat(tmp_path, text).messages["sender_name"].tolist() == ["小王", "+86 138 0000 0000"]


def test_windows_line_ends_and_a_byte_order_mark_do_not_matter(tmp_path: Path) -> None:
    lines = ("13/05/2024, 15:05 - 林小满: 两", "行", "13/05/2024, 15:06 - 阿橙: 在", "")
    expected = chat(tmp_path, "\n".join(lines)).messages
    assert chat(tmp_path, "\ufeff" + "\r\n".join(lines)).messages.equals(expected)
    assert expected["text"].tolist() == ["两\n行", "在"]


def test_an_impossible_day_is_listed_with_its_line(tmp_path: Path) -> None:
    head = "13/05/2024, 15:05 - 林小满: "
    source = chat(tmp_path, f"{head}一\n二\n31/06/2024, 15:05 - 林小满: 三\n{head}四\n")
    assert [(error.line, error.reason) for error in source.bad_rows] == [
        (3, "the time is no possible date")
    ]
    assert source.messages["text"].tolist() == ["一\n二", "四"]


@pytest.mark.parametrize(
    "text",
    [
        "[2024-05-01 10:00:00] INFO server: started\n[2024-05-01 10:00:01] INFO x: y\n",
        "2024-05-01 10:00 - meeting\n2024-05-01 11:00 - lunch\n",
        "Dear all, 13/05/2024 was a day\n",
    ],
)
def test_a_log_or_a_diary_is_no_chat(text: str, tmp_path: Path) -> None:
    with pytest.raises(BadFileError):
        chat(tmp_path, text, "notes.txt")


@pytest.mark.parametrize(
    "piece",
    [
        " ",
        "\n",
        "<",
        " <",
        "<a",
        "a: ",
        "\u200e",
        "“a: ",
        " • ",
        "未接",
        "a.b (",
        "群组",
        "POLL:\n",
    ],
)
def test_a_hostile_message_is_read_in_no_time(piece: str, tmp_path: Path) -> None:
    said = piece * (100_000 // len(piece))
    for before in ("林小满: ", ""):
        started = time.process_time()
        source = chat(
            tmp_path, f"13/05/2024, 15:05 - {before}a{said}b\n13/05/2024, 15:06 - A: 在\n"
        )
        assert len(source.messages) == 2
        assert time.process_time() - started < 3
