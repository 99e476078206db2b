"""What MemoTrace 3 writes for a message, in its tables and its text files.

Source: `to_text` of wxManager/model/message.py of MemoTrace v3. Whatever is not words starts with
a marker in lenticular brackets; a quote ends with `引用：name: quoted`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.importers.contents import (
    Content,
    Renderer,
    named,
    placeholder,
    quoted,
    sticker,
    system,
    typed,
    voice,
    words,
)
from curation.model import PLACEHOLDERS, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    return Content(Kind.QUOTE, match[1].strip(), reply_to(match[3]))


def reply_to(text: str) -> str | None:
    """Return what was quoted, from its rendering; None when nothing is left."""
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

RENDERERS: Final[Mapping[str, Renderer]] = {
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
    "群公告": system,
    "接龙": placeholder(Kind.OTHER),
    "拍一拍": placeholder(Kind.POKE),
    "未知类型": placeholder(Kind.OTHER),
}
"""By the name that MemoTrace 3 gives a type."""

_MARKED: Final[tuple[tuple[re.Pattern[str], Renderer], ...]] = tuple(
    (re.compile(pattern, re.DOTALL), renderer)
    for pattern, renderer in (
        (r"【图片】\s*", placeholder(Kind.IMAGE)),
        (r"【视频】\s*", placeholder(Kind.VIDEO)),
        (r"【语音】.*", RENDERERS["语音"]),
        (r"【表情包】(?:\s.*)?", RENDERERS["表情包"]),
        (
            r"【文件】(?:.*\s\d+(?:\.\d+)? ?[KMG]?B\b.*|[^\n]*\.\w{1,8}(?:[ \t]\d+(?:\s.*)?)?|\s*)",
            _file,
        ),
        (r"【音视频通话】(?:\n.*)?", placeholder(Kind.CALL)),
        (r"【位置分享】\n(?:坐标|名称).*", RENDERERS["位置分享"]),
        (r"【(?:分享链接|音乐分享|视频号)】\n(?:标题|描述|链接|发布者).*", RENDERERS["分享链接"]),
        (r"【小程序】\n(?:标题|描述|链接).*", RENDERERS["小程序"]),
        (r"【合并转发的聊天记录】\s*(?:- .*)?", placeholder(Kind.FORWARD)),
        (r"【名片】\s*(?:公司|微信号|昵称).*", placeholder(Kind.OTHER)),
        (r"【笔记】\n.*", placeholder(Kind.OTHER)),
        (r"【红包】:.*", placeholder(Kind.RED_PACKET)),
        (r"【(?:\w{2,8})】:.*\n备注:.*", placeholder(Kind.TRANSFER)),
        (r"【(?:\w{2,8})】:[￥¥]\d[\d.,]*\s*", placeholder(Kind.TRANSFER)),
        (r"-?\d{1,19}\n(?:OrderedDict\(|\{'|<).*", placeholder(Kind.OTHER)),
    )
)
"""Whole messages that MemoTrace 3 wrote for what is not words; the last is a type unknown to it."""

_MARK_START: Final = ("【", "-", *"0123456789")

_TEXT_QUOTE = re.compile(r"(.*?)\n引用：(?:[^\n]{0,64}?: |[^\n:]{0,64}:(?=\n|$))(.*)", re.DOTALL)
"""A quote where no type tells it: both colons must be MemoTrace's own."""


def text(body: str) -> Content:
    """Return a message of a text file, where only the rendering tells its type.

    What a person types in such brackets stays words unless it is exactly what MemoTrace writes.
    A file may stand without its size: `【文件】name.pdf` is one, `【文件】在哪` is not.
    """
    if body.startswith(_MARK_START):
        for pattern, renderer in _MARKED:
            if pattern.fullmatch(body.rstrip()) is not None:
                return renderer(body)
    if (quote := _TEXT_QUOTE.fullmatch(body)) is not None:
        return Content(Kind.QUOTE, quote[1].strip(), reply_to(quote[2]))
    return typed(body)
