"""PyWxDump CSV (9 columns) and WeClone CSV (8), which came from it.

Source: PyWxDump's export_csv; WeClone's reader; WeFlow's WeClone export, which writes English type
names, display names as talkers, UTC times, and types everything without a name of its own `text`.
"""

from __future__ import annotations

import re
from dataclasses import replace
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
from curation.importers.wechat.contact_names import Contacts, contacts_beside, distinct, renamed
from curation.importers.wechat.weflow_text import file_of, place_of, spoken_of, sticker_of
from curation.importers.wechat.weflow_text import text as weflow_text
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


_PLACE = re.compile(r"^位置[：:][^\S\n]*\S+[^\S\n]+(\S[^\n]*)", re.MULTILINE)
"""The address, then the name of the place. Misses a name that stands alone."""


def _place(content: str) -> Content:
    match = _PLACE.search(content)
    return named(Kind.LOCATION, "" if match is None else match[1])


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
    "位置": _place,
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
    # English names that people's own scripts give
    **dict.fromkeys(("quote", "reply"), lambda text: weflow_text(text)._replace(kind=Kind.QUOTE)),
    **dict.fromkeys(("link", "share", "music"), _first_line(Kind.LINK)),
    **dict.fromkeys(
        ("mini program", "mini_program", "miniprogram"), _first_line(Kind.MINI_PROGRAM)
    ),
    "transfer": placeholder(Kind.TRANSFER),
    **dict.fromkeys(("red packet", "red_packet", "redpacket"), placeholder(Kind.RED_PACKET)),
    "call": placeholder(Kind.CALL),
    "forward": placeholder(Kind.FORWARD),
    **dict.fromkeys(("pat", "poke"), placeholder(Kind.POKE)),
    **dict.fromkeys(("recall", "revoke"), placeholder(Kind.RECALL)),
    "system": system,
}


def renderer(type_name: str) -> Renderer | None:
    """Return the renderer of a type, by PyWxDump's or WeFlow's name; None for an unknown one."""
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
        contents = render(table["type_name"], table["msg"], renderer)
        is_me = is_me_of(table, "is_sender", contents.unspoken)
        talkers = table["talker"]
        contacts = contacts_beside(document)
        chat, chat_ids = _chat(table, document.path, ~is_me & ~contents.unspoken, contacts)
        speakers = pc.unique(talkers).to_pylist()
        names = contacts.names(speakers)
        columns = {
            "chat": chat,
            "source_id": lasting_ids(table["MsgSvrID"]),
            "sender": talkers,
            "sender_name": renamed(talkers, names) if contacts.people else talkers,
            "time": times_of(table, "CreateTime"),
        }
        source = source_file(
            table,
            self.format,
            contents,
            columns,
            is_me,
            aliases={who: contacts.people[who] for who in speakers if who in contacts.people},
            chat_ids=chat_ids,
            groups=frozenset(name for name, room in chat_ids.items() if is_group(room)),
        )
        known = contacts.silent({*speakers, *chat_ids.values()})
        warnings = (*source.warnings, *contacts.warnings)
        return replace(source, known_names=known, warnings=warnings)


def is_group(room: str) -> bool:
    """Return whether an id is that of a group."""
    return room.endswith("@chatroom")


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
        """Return whether at least two of the telling columns are there, without the room."""
        header = set(document.header)
        return "room_name" not in header and len(_TELLTALE & header) > 1


def _chat(
    table: CsvTable, path: Path, theirs: NDArray[np.bool_], contacts: Contacts
) -> tuple[str | pa.Array, dict[str, str]]:
    """Return the chat's name, or one a row, and the ids of the chats by name.

    The name is the folder that a person named, the partner, the room, or the file.
    """
    rooms = [room for room in pc.unique(table["room_name"]).to_pylist() if room.strip()]
    talkers = pc.unique(table["talker"].filter(pa.array(theirs))).to_pylist()
    partner = talkers[0].strip() if len(talkers) == 1 else ""
    account = rooms[0] if len(rooms) == 1 else partner
    folder = folder_name(path)
    if folder and not is_account_id(folder):
        return folder, {folder: account} if is_account_id(account) else {}
    if len(rooms) > 1:
        names = distinct(contacts.names(rooms))
        filled = first_filled(table["room_name"], text_scalar(path_name(path)))
        return renamed(filled, names), {name: room for room, name in names.items()}
    chat = contacts.name(_one_chat(path, partner, rooms))
    return chat, {chat: account} if is_account_id(account) else {}


def _one_chat(path: Path, partner: str, rooms: list[str]) -> str:
    group = bool(rooms) and is_group(rooms[0])
    if partner and not is_account_id(partner) and not group:
        return partner
    if rooms:
        return rooms[0]
    name = file_name(path)
    return partner if partner and is_generic(name) else path_name(path)
