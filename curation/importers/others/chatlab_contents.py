"""What stands in a ChatLab message of each type -> its content.

Types: ChatLab's format specification 0.0.2. Most files come from exporters of WeChat, which write
bracket texts (`[转账] ￥1.00`) and have no type for some kinds: WeFlow and CipherTalk write
transfers as 99, red packets, merged forwards and announcements as 7 (read in their export
services). There the text decides. A typed `[红包]` alone is one of WeChat's own emoji and stays
words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.importers.contents import (
    Content,
    Renderer,
    is_xml,
    named,
    placeholder,
    sticker,
    system,
    words,
)
from curation.importers.wechat import weflow_text
from curation.model import PLACEHOLDERS, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXT: Final = 0
SHARE: Final = 24
REPLY: Final = 25

KINDS: Final[Mapping[int, Kind]] = {
    TEXT: Kind.TEXT,
    1: Kind.IMAGE,
    2: Kind.VOICE,
    3: Kind.VIDEO,
    4: Kind.FILE,
    5: Kind.STICKER,
    7: Kind.LINK,
    8: Kind.LOCATION,
    20: Kind.RED_PACKET,
    21: Kind.TRANSFER,
    22: Kind.POKE,
    23: Kind.CALL,
    SHARE: Kind.MINI_PROGRAM,
    REPLY: Kind.QUOTE,
    26: Kind.FORWARD,
    27: Kind.OTHER,
    80: Kind.SYSTEM,
    81: Kind.RECALL,
    99: Kind.OTHER,
}
"""The kind of each type as the specification says it."""

_LABEL = re.compile(
    r"\s*\[([^\[\]：:\n]{1,12})(?:[：:]\s*([^\[\]\n]*))?\](?:\s*\(([^()\n]{1,80})\))?\s*(.*)",
    re.DOTALL,
)
"""`[链接] title`, `[文件: name]`, `[转账] (A 转账给 B) ￥1.00`."""

_SHARED: Final[Mapping[str, Kind]] = {
    "链接": Kind.LINK,
    "音乐": Kind.LINK,
    "视频号": Kind.LINK,
    "分享": Kind.LINK,
    "图文": Kind.LINK,
    "小程序": Kind.MINI_PROGRAM,
    "聊天记录": Kind.FORWARD,
    "合并转发": Kind.FORWARD,
    "转发消息": Kind.FORWARD,
    "转账": Kind.TRANSFER,
    "转账收款": Kind.TRANSFER,
    "红包": Kind.RED_PACKET,
    "语音通话": Kind.CALL,
    "视频通话": Kind.CALL,
    "音视频通话": Kind.CALL,
    "通话": Kind.CALL,
    "拍一拍": Kind.POKE,
    "位置": Kind.LOCATION,
    "文件": Kind.FILE,
    "图片": Kind.IMAGE,
    "视频": Kind.VIDEO,
    "名片": Kind.OTHER,
    "接龙": Kind.OTHER,
    "群公告": Kind.SYSTEM,
    "系统消息": Kind.SYSTEM,
    "系统": Kind.SYSTEM,
    "撤回": Kind.RECALL,
    "已撤回": Kind.RECALL,
}
"""What a label says where the type is too coarse."""

_NAMED: Final = frozenset({Kind.FILE, Kind.LINK, Kind.LOCATION, Kind.MINI_PROGRAM})

_CARRIES_NO_NAME = re.compile(r"\s*(?:data:\S+|[\[{].*[\]}]|<.*>)\s*", re.DOTALL)
"""Embedded media, JSON or markup where a name would stand."""

_UNNAMED_STICKERS: Final = frozenset(
    {"", "动画表情", "表情包", "表情", "贴纸", "自定义表情", "sticker", "emoji", "gif"}
)

_PLACE_OF_MEDIA = re.compile(
    r"\s*(?:https?://\S+|data:\S+|\S*[\\/]\S*|\S+\.[0-9A-Za-z]{2,5})\s*", re.IGNORECASE
)
"""An address or a path, which stands where words would."""

_EMOJI_CODES: Final = frozenset({"[红包]", "[拍一拍]"})


def _typed(text: str) -> Content:
    return words(text) if text.strip() in _EMOJI_CODES else weflow_text.text(text)


def _shared(kind: Kind) -> Renderer:
    """Return the renderer of a type that stands for several kinds, `kind` where no label tells."""

    def render(text: str) -> Content:
        match = _LABEL.fullmatch(text)
        found = None if match is None else _SHARED.get(match[1].strip())
        if match is None or found is None:
            return _with_name(kind, text)
        if found is Kind.SYSTEM:
            return system(match[4])
        return _with_name(found, match[2] or match[4])

    return render


def _with_name(kind: Kind, name: str) -> Content:
    """Return a placeholder of `kind`, with the first line of `name` behind it where it has one."""
    if kind not in _NAMED or _CARRIES_NO_NAME.fullmatch(name) is not None or is_xml(name):
        return Content(kind, PLACEHOLDERS[kind])
    first = next((line for line in name.splitlines() if line.strip()), "")
    return named(kind, re.split(r"[\\/]", first)[-1] if kind is Kind.FILE else first)


def _named(kind: Kind) -> Renderer:
    """Return the renderer of a type that stands for `kind` alone, whatever its label is."""

    def render(text: str) -> Content:
        match = _LABEL.fullmatch(text)
        return _with_name(kind, text if match is None else match[2] or match[4])

    return render


def _picture(kind: Kind) -> Renderer:
    """Return the renderer of pictures and videos: what was typed below one stands behind it."""

    def render(text: str) -> Content:
        match = _LABEL.fullmatch(text)
        caption = text if match is None else match[4]
        if _PLACE_OF_MEDIA.fullmatch(caption) is not None or is_xml(caption):
            return Content(kind, PLACEHOLDERS[kind])
        return named(kind, caption)

    return render


def _sticker(text: str) -> Content:
    match = _LABEL.fullmatch(text)
    if match is None:
        description = text
    else:
        generic = match[1].strip().lower() in _UNNAMED_STICKERS
        description = (match[2] or match[4]) if generic else match[1]
    if description.strip().lower() in _UNNAMED_STICKERS:
        description = ""
    if _PLACE_OF_MEDIA.fullmatch(description) is not None or is_xml(description):
        description = ""
    return sticker(description)


def _reply(text: str) -> Content:
    if text.strip() in {"[引用消息]", "[引用]", "[回复消息]"}:
        return Content(Kind.QUOTE, "")
    found = weflow_text.text(text)
    if found.kind is Kind.QUOTE:
        return found
    return Content(Kind.QUOTE, found.text if is_xml(text) else text)


def _notice(text: str) -> Content:
    match = _LABEL.fullmatch(text)
    if match is not None and _SHARED.get(match[1].strip()) is Kind.SYSTEM:
        text = match[4]
    return system(text)


_RENDERERS: Final[Mapping[int, Renderer]] = {
    TEXT: _typed,
    1: _picture(Kind.IMAGE),
    2: weflow_text.spoken_of,
    3: _picture(Kind.VIDEO),
    4: _named(Kind.FILE),
    5: _sticker,
    7: _shared(Kind.LINK),
    8: _named(Kind.LOCATION),
    20: placeholder(Kind.RED_PACKET),
    21: placeholder(Kind.TRANSFER),
    22: placeholder(Kind.POKE),
    23: placeholder(Kind.CALL),
    SHARE: _shared(Kind.MINI_PROGRAM),
    REPLY: _reply,
    26: placeholder(Kind.FORWARD),
    27: placeholder(Kind.OTHER),
    80: _notice,
    81: placeholder(Kind.RECALL),
    99: _shared(Kind.OTHER),
}

_PLAIN = re.compile(r"(?!\s*wxid_)[^\[「<撤拍添邀招改领l]*")
"""Words that no rendering changes: most messages. Every notice of WeChat has one of the letters."""


def content_of(code: int, text: str) -> Content:
    """Return the content of a message of type `code`; a type nobody knows is `Kind.OTHER`."""
    if code == TEXT and _PLAIN.fullmatch(text) is not None:
        return Content(Kind.TEXT, text)
    render = _RENDERERS.get(code)
    return Content(Kind.OTHER, PLACEHOLDERS[Kind.OTHER]) if render is None else render(text)


def exact_content(code: int, text: str) -> Content:
    """Return the content of a message in a file that this program wrote: the type tells all."""
    kind = KINDS.get(code, Kind.OTHER)
    return Content(kind, PLACEHOLDERS[kind] if kind is Kind.RECALL else text)
