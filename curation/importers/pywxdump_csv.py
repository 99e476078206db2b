"""PyWxDump CSV (9 columns) and WeClone CSV (8), which came from it.

Source: PyWxDump's export_csv; WeClone's reader; WeFlow's WeClone export, which writes English type
names, display names as talkers, UTC times, and types everything without a name of its own `text`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from curation.importers.chat_names import (
    file_name,
    folder_name,
    is_account_id,
    is_generic,
    path_name,
)
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
from curation.importers.csv_table import CsvTable, Layout, read_table
from curation.importers.rows import (
    first_filled,
    is_me_of,
    lasting_ids,
    render,
    source_file,
    text_scalar,
    times_of,
)
from curation.importers.weflow_text import file_of, place_of, spoken_of, sticker_of
from curation.importers.weflow_text import text as weflow_text
from curation.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from curation.importers.document import Document
    from curation.model import SourceFile

_TELLTALE: Final = frozenset({"type_name", "is_sender", "talker", "MsgSvrID"})

_TRANSCRIPT = re.compile(r"翻译结果[：:]\s*(.*)", re.DOTALL)
_QUOTE = re.compile(r"(.*?)\[引用\]\([^)\n]{0,40}\)(?:([^:：\n]{0,64}?)[:：])?(.*)", re.DOTALL)
"""`reply\\n\\n[引用](time)name:content`. Misses a name with a colon in it."""


def _voice(content: str) -> Content:
    match = _TRANSCRIPT.search(content)
    return voice("" if match is None else match[1])


def _quote(content: str) -> Content:
    match = _QUOTE.fullmatch(content)
    if match is None:
        return words(content)._replace(kind=Kind.QUOTE)
    said = _QUOTE.fullmatch(match[3])
    return Content(Kind.QUOTE, match[1].strip(), quoted(match[3] if said is None else said[1]))


def _file(content: str) -> Content:
    return named(Kind.FILE, re.split(r"[\\/]", content.strip())[-1])


def _first_line(kind: Kind) -> Renderer:
    def render_first_line(content: str) -> Content:
        line = content.strip().partition("\n")[0].strip()
        return named(kind, "" if line.startswith("<") else line)

    return render_first_line


_RENDERERS: Final[Mapping[str, Renderer]] = {
    "文本": words,
    "粘贴的文本": words,
    "图片": placeholder(Kind.IMAGE),
    "语音": _voice,
    "视频": placeholder(Kind.VIDEO),
    "动画表情": lambda _: sticker(""),
    "用户上传的GIF表情": lambda _: sticker(""),
    "位置": placeholder(Kind.LOCATION),
    "位置共享": placeholder(Kind.LOCATION),
    "文件": _file,
    "文件(猜)": _file,
    "(分享)音乐": _first_line(Kind.LINK),
    "(分享)卡片式链接": _first_line(Kind.LINK),
    "(分享)小说(猜)": _first_line(Kind.LINK),
    "(分享)视频号视频": placeholder(Kind.LINK),
    "(分享)视频号名片": placeholder(Kind.OTHER),
    "视频号直播或直播回放": placeholder(Kind.LINK),
    "视频号直播或直播回放等": placeholder(Kind.LINK),
    "合并转发的聊天记录": placeholder(Kind.FORWARD),
    "(分享)小程序": _first_line(Kind.MINI_PROGRAM),
    "(分享)笔记": placeholder(Kind.OTHER),
    "(分享)收藏夹": placeholder(Kind.OTHER),
    "游戏相关": placeholder(Kind.OTHER),
    "推荐公众号": placeholder(Kind.OTHER),
    "接龙": placeholder(Kind.OTHER),
    "引用回复": _quote,
    "转账": placeholder(Kind.TRANSFER),
    "赠送红包封面": placeholder(Kind.RED_PACKET),
    "红包": placeholder(Kind.RED_PACKET),
    "语音通话": placeholder(Kind.CALL),
    "视频通话": placeholder(Kind.CALL),
    "拍一拍": placeholder(Kind.POKE),
    "添加好友": system,
    "企业微信打招呼(猜)": system,
    "企业微信添加好友(猜)": system,
    "群公告": system,
    "系统通知": system,
    "邀请加群": system,
    "未知": placeholder(Kind.OTHER),
    # WeFlow's names
    "text": weflow_text,
    "image": placeholder(Kind.IMAGE),
    "sticker": sticker_of,
    "video": placeholder(Kind.VIDEO),
    "voice": spoken_of,
    "location": place_of,
    "file": file_of,
    "(share) card link": _first_line(Kind.LINK),
}


def _renderer(type_name: str) -> Renderer | None:
    if type_name.startswith("消息撤回"):  # the digit behind it says which kind of thing went
        return placeholder(Kind.RECALL)
    if type_name.startswith("未知-"):
        return placeholder(Kind.OTHER)
    return _RENDERERS.get(type_name)


class _WeCloneLike:
    """What both formats have in common."""

    format: str
    suffixes = (".csv",)
    layout = Layout(
        required=("type_name", "is_sender", "talker", "msg", "CreateTime"),
        optional=("MsgSvrID", "room_name"),
    )

    def read(self, document: Document) -> SourceFile:
        """Return the messages; `is_me` is what `is_sender` says and nothing else."""
        table = read_table(document, self.layout)
        contents = render(table["type_name"], table["msg"], _renderer)
        is_me = is_me_of(table, "is_sender", contents.unspoken)
        talkers = table["talker"]
        columns = {
            "chat": _chat(table, document.path, ~is_me & ~contents.unspoken),
            "source_id": lasting_ids(table["MsgSvrID"]),
            "sender": talkers,
            "sender_name": talkers,
            "time": times_of(table, "CreateTime"),
        }
        return source_file(table, self.format, contents, columns, is_me)


class PyWxDumpCsv(_WeCloneLike):
    """The importer of PyWxDump CSV, which names the room."""

    format = "PyWxDump CSV"

    def recognises(self, document: Document) -> bool:
        """Return whether the room and two of the telling columns are there."""
        header = set(document.header)
        return "room_name" in header and len(_TELLTALE & header) > 1


class WeCloneCsv(_WeCloneLike):
    """The importer of WeClone CSV, WeFlow's included."""

    format = "WeClone CSV"

    def recognises(self, document: Document) -> bool:
        """Return whether at least two of the telling columns are there."""
        return len(_TELLTALE & set(document.header)) > 1


def _chat(table: CsvTable, path: Path, theirs: NDArray[np.bool_]) -> str | pa.Array:
    """Return the chat's name: the folder that a person named, the partner, the room, the file."""
    folder = folder_name(path)
    if folder and not is_account_id(folder):
        return folder
    rooms = [room for room in pc.unique(table["room_name"]).to_pylist() if room.strip()]
    if len(rooms) > 1:
        return first_filled(table["room_name"], text_scalar(path_name(path)))
    talkers = pc.unique(table["talker"].filter(pa.array(theirs))).to_pylist()
    partner = talkers[0].strip() if len(talkers) == 1 else ""
    group = bool(rooms) and rooms[0].endswith("@chatroom")
    if partner and not is_account_id(partner) and not group:
        return partner
    if rooms:
        return str(rooms[0])
    name = file_name(path)
    return partner if partner and is_generic(name) else path_name(path)
