"""What chatlog writes for a message in its text and CSV answers.

Source: `PlainTextContent` of chatlog's internal/model/message.go. Whatever is not words is a
marker like a Markdown link, `[链接|title](url)`; a quote is the quoted message line by line behind
`> `, its own head first, and then the reply.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.importers.contents import Content, named, quoted, sticker, system, typed, voice
from curation.model import PLACEHOLDERS, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

TIME: Final = r"(?:(?:\d{4}-)?\d{2}-\d{2} )?\d{2}:\d{2}:\d{2}"
"""Of a range of days, of days within one year, of one day."""

_MARKER = re.compile(r"(!?)\[([^\[\]|\n]{1,8})(?:\|(.*?))?\](?:\((.*)\))?", re.DOTALL)

_FORWARD = re.compile(r"\[合并转发(?:\|[^\n]*)?\](?:\n.*)?", re.DOTALL)

_UNKNOWN = re.compile(r"Type: -?\d+ Content:.*", re.DOTALL)

_POKE = re.compile(r"[\s\S]{0,80}\$\{[^{}\n]{1,64}\}[\s\S]{0,80}|.{0,64}拍了拍.{0,64}")
"""A poke's template, whose people are named in `${}`."""

_QUOTED_HEAD = re.compile(rf"(?:.*\([^()]*\)|\S*) {TIME}")
_QUOTE_MARK: Final = "[引用]"

_KINDS: Final[Mapping[str, Kind]] = {
    "图片": Kind.IMAGE,
    "视频": Kind.VIDEO,
    "语音": Kind.VOICE,
    "动画表情": Kind.STICKER,
    "GIF表情": Kind.STICKER,
    "名片": Kind.OTHER,
    "分享": Kind.LINK,
    "链接": Kind.LINK,
    "音乐": Kind.LINK,
    "视频号": Kind.LINK,
    "视频号直播": Kind.LINK,
    "文件": Kind.FILE,
    "小程序": Kind.MINI_PROGRAM,
    "位置": Kind.LOCATION,
    "转账": Kind.TRANSFER,
    "红包": Kind.RED_PACKET,
    "红包封面": Kind.RED_PACKET,
    "语音通话": Kind.CALL,
    "视频通话": Kind.CALL,
    "群公告": Kind.SYSTEM,
}

_SEVERAL: Final = frozenset({"分享", "位置"})
"""Markers with a description or a town behind the name."""

_NAMED: Final = frozenset({Kind.LINK, Kind.FILE, Kind.MINI_PROGRAM, Kind.LOCATION})


def text(content: str) -> Content:
    """Return what a message is."""
    bare = content.strip()
    if bare.startswith((">", _QUOTE_MARK)) and (quote := _quote(bare)) is not None:
        return quote
    if bare.startswith(("[", "![")):
        if _FORWARD.fullmatch(bare) is not None:
            return Content(Kind.FORWARD, PLACEHOLDERS[Kind.FORWARD])
        marker = _MARKER.fullmatch(bare)
        if marker is not None and (found := _marked(marker)) is not None:
            return found
    if _UNKNOWN.fullmatch(bare) is not None:
        return Content(Kind.OTHER, PLACEHOLDERS[Kind.OTHER])
    if "拍了拍" in bare and "${" in bare and _POKE.fullmatch(bare) is not None:
        return Content(Kind.POKE, PLACEHOLDERS[Kind.POKE])
    return typed(content)


def notice(content: str) -> Content:
    """Return a message that WeChat itself wrote."""
    return system(content)


def _marked(marker: re.Match[str]) -> Content | None:
    kind = _KINDS.get(marker[2])
    title = marker[3] or ""
    if kind is None:
        return None
    if kind is Kind.STICKER:
        return sticker("")
    if kind is Kind.VOICE:
        return voice("")
    if kind is Kind.SYSTEM:
        return Content(kind, title.strip() or "[群公告]")
    if marker[2] in _SEVERAL:
        title = title.partition("|")[0]
    if kind in _NAMED:
        return named(kind, "" if title == "<nil>" else title)
    return Content(kind, PLACEHOLDERS[kind])


def _quote(content: str) -> Content | None:
    """Return a quote; None where the first line is not what chatlog writes for one."""
    if content == _QUOTE_MARK:
        return Content(Kind.QUOTE, "")
    lines = content.split("\n")
    size = next((n for n, line in enumerate(lines) if not line.startswith(">")), len(lines))
    inside = [line.removeprefix(">").removeprefix(" ") for line in lines[:size]]
    reply = "\n".join(lines[size:]).strip()
    if not inside:
        return None
    if inside[0] == _QUOTE_MARK:
        return Content(Kind.QUOTE, reply)
    if _QUOTED_HEAD.fullmatch(inside[0].rstrip()) is None:
        return None
    said = text("\n".join(inside[1:]))
    return Content(Kind.QUOTE, reply, quoted(said.text))
