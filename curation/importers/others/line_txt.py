"""LINE's text export from a phone: a heading for each day, then `time<Tab>name<Tab>words`.

Source: exports quoted in the tests of parsers for it, in Japanese, English and Chinese. A day is
`2024/01/05(金)`, `2024.01.05 Friday` or `Fri, 01/05/2024`, whose order the day of the week tells;
a time is `09:15`, `9:15 AM`, `午前9:15` or `上午09:15`. A message of several lines stands in
quotation marks. A line without a name is LINE's own. Who is me is not said. The export of the
desktop program has blanks instead of tabs, so that names and words cannot be told apart: it is not
read.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from curation.errors import N_
from curation.importers.builder import MessageList
from curation.importers.chat_names import path_name
from curation.importers.contents import Content, named
from curation.importers.text_blocks import first_line, plain_lines
from curation.importers.times import twenty_four_hours
from curation.model import PLACEHOLDERS, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from curation.importers.document import Document
    from curation.model import SourceFile

_TITLE = re.compile(
    r"\[LINE\]\s*(?:(?P<pair>.+)とのトーク履歴|(?P<group>.+)のトーク履歴"
    r"|(?:Chat history with|Chat with) (?P<en>.+)"
    r"|[與与和](?P<zh>.+?)的(?:聊天|對話|对话)(?:記錄|记录|紀錄).*)"
)

_WEEKDAY: Final = (
    r"(?:(?:星期|週|周)?[日月火水木金土一二三四五六]曜?日?"
    r"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*)"
)
_DAY = re.compile(
    rf"(?P<y>\d{{4}})[/.](?P<m>\d{{1,2}})[/.](?P<d>\d{{1,2}})\s?[(（]?{_WEEKDAY}?[)）]?"
    r"|(?P<name>Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<year>\d{4})"
)
_WEEK: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_MESSAGE = re.compile(
    r"(?P<time>(?:午前|午後|上午|下午|凌晨|晚上|中午)?\s?\d{1,2}:\d{2}(?::\d{2})?\s?(?:[AP]M)?)\t"
    r"(?:(?P<name>[^\t]*)\t)?(?P<text>.*)"
)

_MARKS: Final[Mapping[str, Kind]] = {
    **dict.fromkeys(("スタンプ", "Sticker", "貼圖", "贴图", "表情贴"), Kind.STICKER),
    **dict.fromkeys(("写真", "Photo", "照片", "圖片", "图片"), Kind.IMAGE),
    **dict.fromkeys(("動画", "Video", "影片", "视频"), Kind.VIDEO),
    **dict.fromkeys(("ボイスメッセージ", "Voice message", "語音訊息", "语音消息"), Kind.VOICE),
    **dict.fromkeys(("ファイル", "File", "檔案", "文件"), Kind.FILE),
    **dict.fromkeys(("位置情報", "Location", "位置訊息", "位置信息", "位置資訊"), Kind.LOCATION),
    **dict.fromkeys(("連絡先", "Contact", "聯絡資訊", "联系信息", "投票", "Poll"), Kind.OTHER),
    **dict.fromkeys(("アルバム", "ノート", "Album", "Note", "相簿", "記事本"), Kind.LINK),
}
_MARK = re.compile(rf"\[({'|'.join(map(re.escape, _MARKS))})\](?: (.{{1,200}}))?")
_CALL = re.compile(r"☎ ?[^\n]{1,40}")
_UNSENT = re.compile(
    r"(?:.{0,64}が)?メッセージの送信を取り消しました。?|.{0,64}\bunsent a message\.?"
    r"|.{0,64}(?:已收回|收回了)(?:一則|一条)?[訊讯消][息]。?"
)
_QUOTED = re.compile(r'"(.*\n.*)"\s*', re.DOTALL)

_PAIR: Final = 2


class LineTxt:
    """The importer of LINE's text export from a phone."""

    format = "LINE TXT"
    suffixes = (".txt",)

    def recognises(self, document: Document) -> bool:
        """Return whether the file has LINE's title, or a day's heading and messages below it."""
        head = plain_lines(document.head)
        if _TITLE.fullmatch(first_line(head)) is not None:
            return True
        lines = [line for line in head.split("\n") if line.strip()][:20]
        days = any(_DAY.fullmatch(line.strip()) is not None for line in lines)
        return days and sum(_MESSAGE.fullmatch(line) is not None for line in lines) > len(lines) / 2

    def read(self, document: Document) -> SourceFile:
        """Return the messages; `is_me` is missing for every spoken one."""
        text = plain_lines(document.text)
        lines = text.split("\n")
        messages = MessageList(document, self.format, total=len(lines))
        names: dict[str, None] = {}
        day = ""
        place, head, body = 0, None, ""
        for number, line in enumerate([*lines, "0:00\t"], start=1):
            heading = _DAY.fullmatch(line.strip().removeprefix("\ufeff"))
            found = None if heading is not None else _MESSAGE.fullmatch(line)
            if heading is None and found is None:
                body += f"\n{line}"
                continue
            if head is not None:
                names[_add(messages, place, head, body, day)] = None
            day = _iso(heading) if heading is not None else day
            place, head = number, found
            body = "" if found is None else found["text"]
        title = _TITLE.fullmatch(first_line(text))
        chat = path_name(document.path)
        if title is not None:
            chat = next(name for name in title.groups() if name).strip()
        group = len(names.keys() - {""}) > _PAIR or (
            title is not None and title["group"] is not None
        )
        return messages.source_file(chat, groups=frozenset({chat} if group else ()))


def _add(messages: MessageList, line: int, head: re.Match[str], body: str, day: str) -> str:
    """Add one message and return who said it, empty where nobody did."""
    name = (head["name"] or "").strip()
    if not day:
        messages.leave_out(line, N_("the time is missing"))
        return ""
    time = head["time"].replace("午前", "上午").replace("午後", "下午").strip()
    text = body.rstrip("\n")
    if (quoted := _QUOTED.fullmatch(text)) is not None:
        text = quoted[1].replace('""', '"')
    content = _content(text) if name else _notice(text)
    messages.add(line, content, sender=name, written=f"{day} {twenty_four_hours(time)}")
    return "" if content.kind is Kind.RECALL else name


def _iso(heading: re.Match[str]) -> str:
    """Return the day of a heading; empty where there is no such day."""
    if heading["y"] is not None:
        return f"{heading['y']}-{heading['m']}-{heading['d']}"
    year, one, two = int(heading["year"]), int(heading["a"]), int(heading["b"])
    possible = []
    for month, day in ((one, two), (two, one)):
        try:
            possible.append(date(year, month, day))
        except ValueError:
            continue
    for each in possible:
        if _WEEK[each.weekday()] == heading["name"]:
            return each.isoformat()
    return possible[0].isoformat() if possible else ""


def _content(text: str) -> Content:
    if _UNSENT.fullmatch(text.strip()) is not None:
        return _notice(text)
    if _CALL.fullmatch(text.strip()) is not None:
        return Content(Kind.CALL, PLACEHOLDERS[Kind.CALL])
    mark = _MARK.fullmatch(text.strip())
    if mark is None:
        return Content(Kind.TEXT, text)
    kind = _MARKS[mark[1]]
    if mark[2] and kind not in _NAMED:
        return Content(Kind.TEXT, text)
    return named(kind, mark[2] or "")


_NAMED: Final = frozenset({Kind.FILE, Kind.LOCATION, Kind.LINK})


def _notice(text: str) -> Content:
    if _UNSENT.fullmatch(text.strip()) is not None:
        return Content(Kind.RECALL, PLACEHOLDERS[Kind.RECALL])
    if _CALL.fullmatch(text.strip()) is not None:
        return Content(Kind.CALL, PLACEHOLDERS[Kind.CALL])
    return Content(Kind.SYSTEM, text.strip())
