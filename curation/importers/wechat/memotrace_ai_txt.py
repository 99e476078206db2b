"""MemoTrace AI-TXT (`<name>_chat.txt`): a head for each day, then `name:words` line by line.

Source: `exporter_ai_txt.py` of MemoTrace before 2024-08 and of wxManager (version 3). A name stands
only where the speaker changes, also over days; the older one writes a run of messages into one
line with blanks between them, version 3 writes each on lines of its own. Neither gives a time of
day, so every message has the midnight its day begins with: the order stays that of the file, and
each day becomes one conversation. The file is masked already (`[phone xxx]`), which stays.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from curation.errors import N_
from curation.importers.builder import MessageList
from curation.importers.chat_names import file_name, name_of_two
from curation.importers.contents import system
from curation.importers.text_blocks import first_line, plain_lines
from curation.importers.wechat import memotrace_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curation.importers.document import Document
    from curation.model import SourceFile

_DAY = re.compile(r"^\*{8,}[ \t]*(\d{4}-\d{2}-\d{2})[ \t]*\*{8,}[ \t]*$", re.MULTILINE)

_NAMED_LINE = re.compile(r"([^:\n]{0,64}):(.*)", re.DOTALL)
"""`name:words`. Misses a name with a colon in it unless the file is named after it."""

_DETAIL = re.compile(
    r"(?:标题|描述|链接|应用|坐标|名称|标签|公司|微信号|昵称|性别|签名|地区|发布者|备注)[:：].*"
)
"""A line below a link, a place, a card or a transfer."""

_DETAILED: Final = (
    "【分享链接】",
    "【视频号】",
    "【位置分享】",
    "【名片】",
    "【音乐分享】",
    "【小程序】",
)
_TRANSFER = re.compile(r"【\w{2,8}】:[￥¥\d].*")
_CALL: Final = "【音视频通话】"
_FORWARD: Final = "【合并转发的聊天记录】"
_QUOTE: Final = "引用："

_PAIR: Final = 2


class MemoTraceAiTxt:
    """The importer of MemoTrace AI-TXT."""

    format = "MemoTrace AI-TXT"
    suffixes = (".txt",)

    def recognises(self, document: Document) -> bool:
        """Return whether the first line is the head of a day."""
        return _DAY.fullmatch(first_line(document.head)) is not None

    def read(self, document: Document) -> SourceFile:
        """Return the messages; `is_me` is missing, and times are days."""
        text = plain_lines(document.text)
        days = list(_DAY.finditer(text))
        names = _Names(document, text)
        messages = MessageList(document, self.format, total=text.count("\n"))
        sender = ""
        spoken: dict[str, None] = {}
        ends = [day.start() for day in days[1:]] + [len(text)]
        for day, end in zip(days, ends, strict=False):
            start = text.count("\n", 0, day.end()) + 1
            for line, name, words in _lines(text[day.end() : end], names):
                sender = sender if name is None else name
                content = memotrace_text.text(words) if sender else system(words)
                if not content.text and content.reply_to is None:
                    continue
                if sender:
                    spoken[sender] = None
                messages.add(start + line, content, sender=sender, written=day[1])
        messages.warnings.append(N_("the file gives days, but no time of day"))
        return messages.source_file(name_of_two(document.path, spoken.keys()))


class _Names:
    """Which names can stand before a message, and whether only behind a blank line.

    In a chat of two these are the name of the file and the most frequent other one; other words
    before a colon are then part of a message.
    """

    def __init__(self, document: Document, text: str) -> None:
        partner = file_name(document.path)
        spaced: Counter[str] = Counter()
        close: Counter[str] = Counter()
        first: Counter[str] = Counter()  # of a day
        named: list[str] = []  # the older version ends each line with a blank
        before = ""
        for line in text.split("\n"):
            match = _NAMED_LINE.fullmatch(line)
            if match is not None:
                name = partner if line.startswith(f"{partner}:") else match[1]
                below_day = _DAY.fullmatch(before) is not None
                (first if below_day else close if before.strip() else spaced)[name] += 1
                named.append(line)
            if line.strip() or _DAY.fullmatch(before) is None:  # the day's head stays the last line
                before = line
        old = not spaced and close and all(line.endswith(" ") for line in named)
        self.close = bool(old) or sum(close[name] for name in {*first, partner}) > spaced.total()
        counts = first + spaced + close if self.close else first + spaced
        if partner in counts and len(counts) > _PAIR:
            others = [name for name, _ in counts.most_common() if name not in ("", partner)]
            self.known = {"", partner, *others[:1]}
        elif self.close:
            self.known = set(first) | {name for name, _ in counts.most_common(_PAIR)}
        else:
            self.known = set(counts)
        self._longest_first = sorted(self.known, key=len, reverse=True)

    def split(self, line: str) -> tuple[str, str] | None:
        """Return the name and the words of `line`, None where no name stands before them."""
        for name in self._longest_first:
            if line.startswith(f"{name}:"):
                return name, line[len(name) + 1 :]
        return None


def _lines(day: str, names: _Names) -> Iterator[tuple[int, str | None, str]]:
    """Yield each message of a day: its line (from 0), its name where one stands, its words."""
    name: str | None = None
    words: list[str] = []
    first = 0
    before_blank = True
    for number, line in enumerate(day.split("\n")):
        found = names.split(line) if before_blank or names.close else None
        if found is not None:
            if words:
                yield first, name, _joined(words)
            name, words, first = found[0], [found[1]], number
        elif words and _continues(words, line):
            words.append(line)
        elif line.strip():
            if words:
                yield first, name, _joined(words)
                name = None
            words, first = [line], number
        before_blank = not line.strip()
    if words:
        yield first, name, _joined(words)


def _continues(words: list[str], line: str) -> bool:
    """Return whether `line` belongs to the message that began with `words`."""
    if line.startswith(_QUOTE):
        return len(words) == 1
    if words[0].startswith(_FORWARD):
        return not line.strip() or line.lstrip().startswith("- ")
    if words[0].startswith(_CALL):
        return len(words) == 1
    detailed = words[0].startswith(_DETAILED) or _TRANSFER.fullmatch(words[0].rstrip()) is not None
    return detailed and _DETAIL.fullmatch(line) is not None


def _joined(words: list[str]) -> str:
    """Return the lines of a message as one text, without the blank the older version appends."""
    text = "\n".join(words).rstrip("\n")
    return text.removesuffix(" ")
