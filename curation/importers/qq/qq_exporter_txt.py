"""QQChatExporter TXT: `name:`, `时间: …`, `内容: …`, then what the message has beside words.

Source: `TextExporter.ts` of qq-chat-exporter. It tells neither ids nor who is me, and a message
that was recalled only by the notice about it, so its words stay.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.errors import N_, NoMessagesError
from curation.importers.builder import MessageList
from curation.importers.chat_names import name_of_two, path_name
from curation.importers.contents import Content
from curation.importers.qq import qq_text
from curation.importers.text_blocks import blocks, plain_lines
from curation.model import Kind

if TYPE_CHECKING:
    from curation.importers.document import Document
    from curation.model import SourceFile

_TITLE = re.compile(r"^\ufeff?\s*\[QQChatExporter\b", re.MULTILINE)
_NAME = re.compile(r"^聊天名称[:：][ \t]*(?P<name>[^\n]*)$", re.MULTILINE)
_KIND = re.compile(r"^聊天类型[:：][ \t]*(?P<kind>[^\n]*)$", re.MULTILINE)
_GROUP: Final = "群聊"
_UNNAMED: Final = frozenset({"", "未知聊天"})

_HEAD = re.compile(
    r"^(?:\[\d+\]\n)?(?P<name>[^\n]*)[:：]\n"
    r"时间[:：][ \t]*(?P<time>\d{4}[-/]\d{1,2}[-/]\d{1,2}[^\n]*)(?:\n类型[:：][^\n]*)?$",
    re.MULTILINE,
)

_WORDS = re.compile(
    r"内容[:：][ ]?(?P<words>.*?)"
    r"(?P<files>\n资源[:：] \d+ 个文件(?:\n {2}- \w+[:：] [^\n]*)*)?"
    r"(?:\n提及[:：] [^\n]*)?(?:\n回复[:：] (?P<who>[^\n]*?) - (?P<said>.*))?\Z",
    re.DOTALL,
)
"""What stands below a head. Misses words whose own last lines look like the exporter's."""

_FOOTER = re.compile(r"\n={20,}\n\s*导出完成\s*\n.*\Z", re.DOTALL)
_MEDIA: Final = {
    "image": Kind.IMAGE,
    "video": Kind.VIDEO,
    "audio": Kind.VOICE,
    "file": Kind.FILE,
}
_WORDLESS = re.compile(r"\[(?P<kinds>\w+(?:、\w+)*)消息\]")
_SYSTEM: Final = frozenset({"[系统消息]"})
_FILE_NAME = re.compile(r"\n {2}- file[:：] ([^\n]+)")


class QQExporterTxt:
    """The importer of QQChatExporter TXT."""

    format = "QQChatExporter TXT"
    suffixes = (".txt",)

    def recognises(self, document: Document) -> bool:
        """Return whether QQChatExporter wrote the file, or its heads stand in it."""
        head = plain_lines(document.head)
        if _TITLE.match(head) is not None:
            return True
        return _HEAD.search(head) is not None and "\n内容" in head

    def read(self, document: Document) -> SourceFile:
        """Return the messages; `is_me` is missing for every spoken one."""
        text = _FOOTER.sub("\n", f"{plain_lines(document.text)}\n")
        found = blocks(text, _HEAD, lambda head: _sortable(head["time"]))
        if not found:
            raise NoMessagesError(document.path, N_("the file holds no messages"))
        messages = MessageList(document, self.format, total=text.count("\n"))
        for block in found:
            name = block.head["name"].strip()
            content = _content(block.below)
            if content is None:
                messages.leave_out(block.line, N_("the message has no {key}"), key="内容")
                continue
            messages.add(block.line, content, sender=name, written=block.head["time"].strip())
        preamble = text[: found[0].head.start()]
        kind = _KIND.search(preamble)
        group = kind is not None and kind["kind"].strip() == _GROUP
        named = _NAME.search(preamble)
        chat = "" if named is None else named["name"].strip()
        if chat in _UNNAMED:
            names = {block.head["name"].strip() for block in found}
            chat = path_name(document.path) if group else name_of_two(document.path, names)
        return messages.source_file(chat, groups=frozenset({chat} if group else ()))


def _sortable(time: str) -> str:
    return ":".join(part.zfill(4) for part in re.findall(r"\d+", time))


def _content(below: str) -> Content | None:
    match = _WORDS.match(below)
    if match is None:
        return None
    words = match["words"].strip("\n")
    if words.strip() in _SYSTEM:
        return qq_text.system(words)
    if (wordless := _WORDLESS.fullmatch(words.strip())) is not None:
        kind = _MEDIA.get(wordless["kinds"].partition("、")[0])
        if kind is not None:
            file = _FILE_NAME.search(match["files"] or "") if kind is Kind.FILE else None
            mark = {Kind.IMAGE: "图片", Kind.VIDEO: "视频", Kind.VOICE: "语音"}.get(kind, "文件")
            return qq_text.content_of(f"[{mark}]" if file is None else f"[{mark}:{file[1]}]")
    if qq_text.is_notice(words):
        return qq_text.system(words)
    content = qq_text.content_of(words)
    said = None if match["said"] is None else qq_text.quotation(match["said"])
    if match["said"] is not None and content.kind is Kind.TEXT:
        return Content(Kind.QUOTE, content.text.strip(), said)
    return content._replace(reply_to=content.reply_to or said)
