"""MemoTrace 3 CSV: 8 columns, or the 5 columns some versions write.

Source: wxManager/exporter of MemoTrace v3. The file names senders as a person reads them and does
not say who of them is me.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from curation.importers.chat_names import name_of_two
from curation.importers.contents import (
    Content,
    Renderer,
    named,
    placeholder,
    quoted,
    sticker,
    system,
    voice,
    words,
)
from curation.importers.csv_table import Layout, read_table
from curation.importers.rows import lasting_ids, names_of, render, source_file, times_of
from curation.model import PLACEHOLDERS, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from curation.importers.document import Document
    from curation.model import SourceFile

_TELLTALE: Final = frozenset({"类型", "发送人", "时间", "内容"})

_QUOTE = re.compile(r"(.*?)\r?\n引用[：:]\s?(?:([^:：\n]{0,64}?)[:：]\s?)?(.*)", re.DOTALL)
"""`reply\\n引用：name: quoted`. Misses a name with a colon in it."""

_HEAD = re.compile(r"\s*【[^【】\n]{1,16}】[:：]?[ \t]*")
"""The marker that MemoTrace puts before what is not words."""

_NESTED_QUOTE = re.compile(r"\r?\n引用[：:]")

_FILE_NAME = re.compile(r"([^\n\\/]*?\.[0-9A-Za-z]{1,8})(?=\s|$)")
"""The name at the head of `name size path type md5`. Misses names without an ending."""


def _field(*names: str) -> re.Pattern[str]:
    return re.compile(rf"^(?:{'|'.join(names)})[ \t]*[:：][ \t]*(\S.*)$", re.MULTILINE)


_LINK_TITLE: Final = _field("标题", "描述")
_PLACE_NAME: Final = _field("名称")


def _bare(content: str) -> str:
    return _HEAD.sub("", content, count=1)


def _titled(kind: Kind, pattern: re.Pattern[str]) -> Renderer:
    def render_titled(content: str) -> Content:
        match = pattern.search(content)
        return named(kind, "" if match is None else match[1])

    return render_titled


def _file(content: str) -> Content:
    match = _FILE_NAME.match(_bare(content))
    return named(Kind.FILE, "" if match is None else match[1])


def _quote(content: str) -> Content:
    match = _QUOTE.fullmatch(content)
    if match is None:
        return Content(Kind.QUOTE, content.strip())
    return Content(Kind.QUOTE, match[1].strip(), _quoted(match[3]))


def _quoted(text: str) -> str | None:
    head = _HEAD.match(text)
    if head is not None:
        kind = _KIND_OF_HEAD.get(head[0].strip(" \t\r\n【】:："), Kind.OTHER)
        if kind is Kind.STICKER:
            return sticker(_bare(text)).text
        if kind is Kind.VOICE:
            return voice(_bare(text)).text
        return PLACEHOLDERS[kind]
    return quoted(_NESTED_QUOTE.split(text, maxsplit=1)[0])


_KIND_OF_HEAD: Final[Mapping[str, Kind]] = {
    "图片": Kind.IMAGE,
    "视频": Kind.VIDEO,
    "语音": Kind.VOICE,
    "表情包": Kind.STICKER,
    "音视频通话": Kind.CALL,
    "文件": Kind.FILE,
    "位置分享": Kind.LOCATION,
    "分享链接": Kind.LINK,
    "视频号": Kind.LINK,
    "音乐分享": Kind.LINK,
    "合并转发的聊天记录": Kind.FORWARD,
    "小程序": Kind.MINI_PROGRAM,
    "红包": Kind.RED_PACKET,
    "发起转账": Kind.TRANSFER,
    "已收款": Kind.TRANSFER,
    "已退还": Kind.TRANSFER,
}

_RENDERERS: Final[Mapping[str, Renderer]] = {
    "文本": words,
    "图片": placeholder(Kind.IMAGE),
    "视频": placeholder(Kind.VIDEO),
    "语音": lambda content: voice(_bare(content)),
    "表情包": lambda content: sticker(_bare(content)),
    "音视频通话": placeholder(Kind.CALL),
    "文件": _file,
    "位置分享": _titled(Kind.LOCATION, _PLACE_NAME),
    "分享链接": _titled(Kind.LINK, _LINK_TITLE),
    "视频号": _titled(Kind.LINK, _LINK_TITLE),
    "音乐分享": _titled(Kind.LINK, _LINK_TITLE),
    "小程序": _titled(Kind.MINI_PROGRAM, _LINK_TITLE),
    "红包": placeholder(Kind.RED_PACKET),
    "转账": placeholder(Kind.TRANSFER),
    "引用消息": _quote,
    "合并转发的聊天记录": placeholder(Kind.FORWARD),
    "收藏笔记": placeholder(Kind.OTHER),
    "个人/公众号名片": placeholder(Kind.OTHER),
    "企业微信名片": placeholder(Kind.OTHER),
    "系统消息": system,
    "拍一拍": placeholder(Kind.POKE),
    "未知类型": placeholder(Kind.OTHER),
}


class MemoTraceCsv:
    """The importer of MemoTrace 3 CSV."""

    format = "MemoTrace 3 CSV"
    suffixes = (".csv",)
    layout = Layout(
        required=("类型", "发送人", "时间", "内容"), optional=("消息ID", "备注", "昵称")
    )

    def recognises(self, document: Document) -> bool:
        """Return whether at least two of the four telling columns are there."""
        return len(_TELLTALE & set(document.header)) > 1

    def read(self, document: Document) -> SourceFile:
        """Return the messages; `is_me` is missing for every spoken one."""
        table = read_table(document, self.layout)
        contents = render(table["类型"], table["内容"], _RENDERERS.get)
        senders = table["发送人"]
        spoken = senders.filter(pa.array(~contents.unspoken))
        names = sorted(name for name in pc.unique(spoken).to_pylist() if name.strip())
        columns = {
            "chat": name_of_two(document.path, names),
            "source_id": lasting_ids(table["消息ID"]),
            "sender": senders,
            "sender_name": senders,
            "time": times_of(table, "时间"),
        }
        aliases = names_of(senders, table["备注"], table["昵称"])
        return source_file(table, self.format, contents, columns, None, aliases=aliases)
