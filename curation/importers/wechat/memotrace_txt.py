"""MemoTrace TXT: `time name`, the words below, a blank line; of versions 1 to 3.

Source: `exporter_txt.py` of MemoTrace before 2024-08 and of wxManager (version 3). The older one
writes a system notice behind the time, `[图片]` for what is not words and `引用:name:text` below a
reply; version 3 writes the notice below a head without a name, and what `memotrace_text` reads.
Names are as a person reads them; who of them is me is not said.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.importers.builder import MessageList
from curation.importers.chat_names import name_of_two
from curation.importers.contents import (
    Content,
    Renderer,
    is_notice,
    named,
    placeholder,
    quoted,
    sticker,
    system,
)
from curation.importers.text_blocks import (
    Block,
    blocks,
    first_line,
    plain_lines,
    speakers,
    stand_apart,
)
from curation.importers.wechat import memotrace_text
from curation.model import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from curation.importers.document import Document
    from curation.model import SourceFile

_HEAD = re.compile(
    r"^(?P<time>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})(?:[ \t]+(?P<name>\S[^\n]{0,200}?))?[ \t]*$",
    re.MULTILINE,
)

_QQ_NAME = re.compile(r".*(?:\(\d{5,11}\)|<[^<>@\s]+@[^<>\s]+>)")
"""`nick(12345678)` or `nick<mail>`: a head of QQ's own text export."""

_QUOTED_NAME = re.compile(r"'.*'")
"""A head of WeFlow's text export."""

_OLD_QUOTE = re.compile(r"(.*)\n引用:(未知|[^\n]{0,64}?:.*)", re.DOTALL)
"""`reply\\n引用:name:text`."""

_OLD_LINK = re.compile(r"\s*\[链接\]:title:([^\n]*)(?:\n\s*description:.*)?", re.DOTALL)

_OLD_MARKS: Final[Mapping[str, Renderer]] = {
    "[图片]": placeholder(Kind.IMAGE),
    "[语音]": placeholder(Kind.VOICE),
    "[视频]": placeholder(Kind.VIDEO),
    "[表情包]": lambda _: sticker(""),
    "[文件]": placeholder(Kind.FILE),
    "[音乐分享]": placeholder(Kind.LINK),
}


class MemoTraceTxt:
    """The importer of MemoTrace TXT."""

    format = "MemoTrace TXT"
    suffixes = (".txt",)

    def recognises(self, document: Document) -> bool:
        """Return whether the first line is a head and the heads stand apart, with words below.

        A log file has heads on every line; QQ and WeFlow write other names.
        """
        head = plain_lines(document.head)
        if _HEAD.fullmatch(first_line(head)) is None or not stand_apart(head, _HEAD):
            return False
        found = blocks(head, _HEAD, spaced=True)
        names = [block.head["name"] for block in found if block.head["name"]]
        return (
            any(block.below.strip() or is_notice(block.head["name"] or "") for block in found)
            and not (names and all(_QQ_NAME.fullmatch(name) for name in names))
            and not (names and all(_QUOTED_NAME.fullmatch(name) for name in names))
        )

    def read(self, document: Document) -> SourceFile:
        """Return the messages; `is_me` is missing for every spoken one."""
        text = plain_lines(document.text)
        found = blocks(text, _HEAD, spaced=True)
        names = speakers(block.head["name"] or "" for block in found if block.below.strip())
        names = {name for name in names if not is_notice(name)}
        messages = MessageList(document, self.format, total=text.count("\n"))
        spoken: dict[str, None] = {}
        for block in found:
            sender, content = _message(block, names)
            if sender:
                spoken[sender] = None
            messages.add(block.line, content, sender=sender, written=block.head["time"])
        return messages.source_file(name_of_two(document.path, spoken.keys()))


def _message(block: Block, names: Collection[str]) -> tuple[str, Content]:
    """Return the sender, empty for a system notice, and what stands in the block."""
    name = block.head["name"] or ""
    if not name:
        return "", system(block.below)
    if name not in names and (is_notice(name) or not block.below.strip()):
        return "", system(f"{name}\n{block.below}".strip())
    return name, _content(block.below, names)


def _content(below: str, names: Collection[str]) -> Content:
    if (mark := _OLD_MARKS.get(below.strip())) is not None:
        return mark(below)
    if (link := _OLD_LINK.fullmatch(below)) is not None:
        return named(Kind.LINK, link[1])
    if (quote := _OLD_QUOTE.fullmatch(below)) is not None:
        return Content(Kind.QUOTE, quote[1].strip(), quoted(_unnamed(quote[2], names)))
    return memotrace_text.text(below)


def _unnamed(said: str, names: Collection[str]) -> str:
    """Return what was quoted without the name before it, which may hold a colon."""
    name = max((name for name in names if said.startswith(f"{name}:")), key=len, default="")
    return said[len(name) + 1 :] if name else said.partition(":")[2]
