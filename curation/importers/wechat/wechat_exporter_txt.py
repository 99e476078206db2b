"""WechatExporter TXT: `name (time):words`, one message after the other, words over several lines.

Source: res/templates_txt, res/zh-Hans.txt and MessageParser.cpp of BlueMatthew's WechatExporter.
The first line names the chat. WeChat's own notices are written bare: on a line of their own, or
glued to the name of the message that follows. What stands for things without words is in the
language of the program. Messages of a forwarded record stand between `<< title` and
`title Ends >>`. Who is me is not said.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from curation.importers.builder import MessageList
from curation.importers.chat_names import name_of_two
from curation.importers.contents import (
    Content,
    is_notice,
    named,
    placeholder,
    sticker,
    system,
    typed,
    voice,
)
from curation.importers.text_blocks import Block, blocks, first_line, plain_lines
from curation.model import PLACEHOLDERS, UNSPOKEN_KINDS, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from curation.importers.document import Document
    from curation.model import SourceFile

_HEAD = re.compile(
    r"^(?P<name>[^\n]{0,200}?)[ \t]?"
    r"\((?P<time>\d{4}[-/]\d{1,2}[-/]\d{1,2} \d{1,2}:\d{2}(?::\d{2})?)\)"
    r"[:：](?P<text>[^\n]*)$",
    re.MULTILINE,
)

_TITLE = re.compile(
    r"(?P<chat>.*?)\s+-\s+(?:微信聊天记录|微信聊天記錄|WeChat Chat History|Wechat Chat History)"
)

_RECORD_START = re.compile(r"^<< ?([^\n]{1,200})$", re.MULTILINE)
_RECORD_ENDS: Final = (" 结束 >>", " 结束>>", " 結束 >>", " Ends >>")
_LONGEST_RECORD: Final = 50_000

_RECORD: Final = "\0"
"""Stands where a forwarded record was; no text file holds it."""

_NOTICE_LINE = re.compile(r"系统消息[：:](.*)", re.DOTALL)

_PAID = re.compile(r"(?:微信转账|Weixin Transfer|WeChat Transfer)(?:\s.*)?", re.DOTALL)

_BRACKET = re.compile(r"\[([^\[\]：:\n]{1,20}?)(?:[：:]\s*([^\n]*))?\](?:\s+(.*))?", re.DOTALL)
"""`[Photo]`, `[文件: name]`, `[Location] name (x,y)`."""

_LONG_VOICE = re.compile(r"\[(?:语音|語音|音频|音訊|audio|voice) [^\]\n]{1,12}\]", re.IGNORECASE)
"""`[语音 0:03]`."""

_PLACE_NUMBERS = re.compile(r"\s*\([-\d.,\s]*\)\s*$")

_KINDS: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.IMAGE: frozenset({"照片", "图片", "圖片", "相片", "photo", "picture", "image"}),
    Kind.STICKER: frozenset({"表情", "动画表情", "動畫表情", "emoji", "sticker"}),
    Kind.VOICE: frozenset({"语音", "語音", "音频", "音訊", "audio", "voice"}),
    Kind.VIDEO: frozenset({"视频", "視訊", "影片", "video"}),
    Kind.CALL: frozenset({"视频/语音通话", "視訊/語音通話", "video/audio call"}),
    Kind.LOCATION: frozenset(
        {"位置", "实时位置共享", "實時位置共享", "location", "real-time location"}
    ),
    Kind.RED_PACKET: frozenset({"红包", "紅包", "red packet"}),
    Kind.TRANSFER: frozenset({"转账", "轉帳", "轉賬", "transfer"}),
    Kind.FILE: frozenset({"文件", "檔案", "file"}),
    Kind.LINK: frozenset({"链接", "連結", "link"}),
    Kind.OTHER: frozenset(
        {"名片", "个人名片", "個人名片", "视频号名片", "contact card", "channel card"}
    ),
}

_KIND_OF: Final = {word: kind for kind, written in _KINDS.items() for word in written}

_LOST_VIDEO: Final = frozenset({"(Video Missed)", "（视频丢失）"})


class WechatExporterTxt:
    """The importer of WechatExporter TXT."""

    format = "WechatExporter TXT"
    suffixes = (".txt",)

    def recognises(self, document: Document) -> bool:
        """Return whether the first line is a message or the chat's title above messages."""
        head = plain_lines(document.head)
        first = first_line(head)
        if _HEAD.fullmatch(first) is not None:
            return True
        return _HEAD.search(head) is not None and (
            _TITLE.fullmatch(first) is not None or is_notice(first)
        )

    def read(self, document: Document) -> SourceFile:
        """Return the messages; `is_me` is missing for every spoken one."""
        text = _without_records(plain_lines(document.text))
        found = blocks(text, _HEAD, _sortable)
        title = _TITLE.fullmatch(first_line(text))
        names = Counter(block.head["name"].strip() for block in found)
        messages = MessageList(document, self.format, total=text.count("\n"))
        spoken: dict[str, None] = {}
        for block in found:
            time = block.head["time"]
            notice, name = _unglued(block.head["name"].strip(), names)
            if notice:
                messages.add(block.line, system(notice), sender="", written=time)
            body, notices = _without_notices(block)
            content = _content(body)
            if content.kind not in UNSPOKEN_KINDS:
                spoken[name] = None
            messages.add(block.line, content, sender=name, written=time)
            for line, sentence in notices:
                messages.add(line, system(sentence), sender="", written=time)
        chat = title["chat"].strip() if title is not None else ""
        return messages.source_file(chat or name_of_two(document.path, spoken.keys()))


def _without_records(text: str) -> str:
    """Return `text` with a mark, and as many line ends, for every forwarded record."""
    parts: list[str] = []
    done = 0
    endless: set[str] = set()
    for match in _RECORD_START.finditer(text):
        title = match[1].strip()
        if match.start() < done or title in endless:
            continue
        limit = match.end() + _LONGEST_RECORD
        ends = [text.find(title + end, match.end(), limit) for end in _RECORD_ENDS]
        end = min((place for place in ends if place >= 0), default=-1)
        if end < 0:
            endless.add(title)
            continue
        end = text.find("\n", end) if "\n" in text[end:limit] else len(text)
        record = text[match.start() : end]
        parts += [text[done : match.start()], _RECORD, "\n" * record.count("\n")]
        done = end
    return "".join(parts) + text[done:] if parts else text


def _sortable(match: re.Match[str]) -> str:
    numbers = [*re.findall(r"\d+", match["time"]), "0"][:6]
    return " ".join(f"{int(number):04}" for number in numbers)


def _unglued(name: str, names: Mapping[str, int]) -> tuple[str, str]:
    """Return the notice that stands right before a name, empty where none does, and the name."""
    if names[name] == 1:
        for known in sorted(names, key=len, reverse=True):
            notice = name.removesuffix(known)
            if known and name not in (known, notice) and is_notice(notice):
                return notice, known
    return "", name


def _without_notices(block: Block) -> tuple[str, list[tuple[int, str]]]:
    """Return the words of a message, and the notices below it with their lines."""
    lines = [block.head["text"], *block.below.split("\n")] if block.below else [block.head["text"]]
    notices = []
    last = len(lines)
    while last > 1:
        sentence = lines[last - 1]
        marked = _NOTICE_LINE.fullmatch(sentence)
        if marked is not None:
            notices.append((block.line + last - 1, marked[1]))
        elif is_notice(sentence):
            notices.append((block.line + last - 1, sentence))
        elif sentence.strip():
            break
        last -= 1
    return "\n".join(lines[:last]), notices[::-1]


def _content(body: str) -> Content:
    if _RECORD in body:
        return Content(Kind.FORWARD, PLACEHOLDERS[Kind.FORWARD])
    bare = body.strip()
    if bare in _LOST_VIDEO:
        return Content(Kind.VIDEO, PLACEHOLDERS[Kind.VIDEO])
    if _PAID.fullmatch(bare) is not None:
        return Content(Kind.TRANSFER, PLACEHOLDERS[Kind.TRANSFER])
    if _LONG_VOICE.fullmatch(bare) is not None:
        return voice("")
    match = _BRACKET.fullmatch(bare)
    if match is not None and (found := _bracketed(match)) is not None:
        return found
    return typed(body)


def _bracketed(match: re.Match[str]) -> Content | None:
    kind = _KIND_OF.get(match[1].strip().lower())
    name = match[2] or match[3] or ""
    if kind is None:
        return None
    if kind is Kind.STICKER:
        return sticker("") if not name else None
    if kind is Kind.VOICE:
        return voice("") if not name else None
    if kind in (Kind.FILE, Kind.LINK, Kind.LOCATION):
        return named(kind, _PLACE_NUMBERS.sub("", name))
    return placeholder(kind)("") if not name or kind is Kind.OTHER else None
