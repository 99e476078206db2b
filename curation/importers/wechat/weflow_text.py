"""What WeFlow writes into its WeClone CSV: bracket texts, typed `text` whatever they are.

Source: WeFlow's exporters. Only files with WeFlow's English type names come here, because a person
may type a bracket too: words glued to it, as in `[红包]发我`, stay words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.importers.contents import Content, named, quoted, sticker, system, typed, voice
from curation.model import PLACEHOLDERS, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

_BRACKET = re.compile(
    r"\s*\[([^\[\]：:\n]{1,12})(?:[：:]([^\[\]\n]*))?\](?:\s+(.*))?\s*", re.DOTALL
)
"""`[转账] ￥1.00 memo`, `[表情包：caption]`, `[语音消息] what was said`."""

_QUOTE = re.compile(r"(.*)\[引用 ([^\]：:\n]{0,64})[：:](.*)\]\s*", re.DOTALL)
"""`reply[引用 sender：preview]`. Misses a sender with a colon in the name."""

_KINDS: Final[Mapping[str, Kind]] = {
    "图片": Kind.IMAGE,
    "视频": Kind.VIDEO,
    "位置": Kind.LOCATION,
    "文件": Kind.FILE,
    "链接": Kind.LINK,
    "音乐": Kind.LINK,
    "视频号": Kind.LINK,
    "小程序": Kind.MINI_PROGRAM,
    "聊天记录": Kind.FORWARD,
    "转账": Kind.TRANSFER,
    "转账收款": Kind.TRANSFER,
    "红包": Kind.RED_PACKET,
    "语音通话": Kind.CALL,
    "视频通话": Kind.CALL,
    "音视频通话": Kind.CALL,
    "通话": Kind.CALL,
    "名片": Kind.OTHER,
    "接龙": Kind.OTHER,
    "其他消息": Kind.OTHER,
    "拍一拍": Kind.POKE,
    "撤回": Kind.RECALL,
    "撤回消息": Kind.RECALL,
    "消息撤回": Kind.RECALL,
    "已撤回": Kind.RECALL,
}

_NAMED: Final = frozenset({Kind.FILE, Kind.LINK, Kind.LOCATION, Kind.MINI_PROGRAM})
_STICKERS: Final = frozenset({"动画表情", "表情包", "表情"})
_VOICES: Final = frozenset({"语音", "语音消息"})
_NOTICES: Final = frozenset({"系统", "系统消息", "系统通知", "群公告"})

_MEDIA_PATH = re.compile(r"\S*\.(?:wav|mp3|m4a|amr|silk|ogg|gif|png|jpe?g|webp|mp4)", re.IGNORECASE)
"""A path of an exported file, which stands where words would."""

_EMOJI = re.compile(r"\s*[^\s\w/\\.:\[\]]{1,8}\s*")

_EXPORTED = re.compile(
    r"(?:[^\n]*[\\/])?(images?|voices?|videos?|emojis?|files?)[\\/]([^\n\\/]+\.\w{1,8})",
    re.IGNORECASE,
)
"""The relative path of an exported medium, which stands where its placeholder would."""

_FOLDERS: Final[Mapping[str, Kind]] = {
    "image": Kind.IMAGE,
    "voice": Kind.VOICE,
    "video": Kind.VIDEO,
    "emoji": Kind.STICKER,
    "file": Kind.FILE,
}


def exported(content: str) -> Content:
    """Return what a message of a text export is, where media may stand as the path of a file."""
    path = _EXPORTED.fullmatch(content.strip())
    if path is None:
        return text(content)
    kind = _FOLDERS[path[1].lower().removesuffix("s")]
    return named(kind, path[2]) if kind is Kind.FILE else Content(kind, PLACEHOLDERS[kind])


def text(content: str) -> Content:
    """Return what a row typed `text` really is."""
    if "[" in content:
        bracket = _BRACKET.fullmatch(content)
        if bracket is not None and (found := _bracketed(bracket)) is not None:
            return found
        quote = _QUOTE.fullmatch(content) if content.rstrip().endswith("]") else None
        if quote is not None:
            return Content(Kind.QUOTE, quote[1].strip(), quoted(quote[3]))
    return typed(content)


def spoken_of(content: str) -> Content:
    """Return a voice message from what WeFlow wrote for it: a transcript, a path, or nothing."""
    bracket = _BRACKET.fullmatch(content)
    said = content if bracket is None else bracket[3] or ""
    return voice("" if _MEDIA_PATH.fullmatch(said.strip()) else said)


def sticker_of(content: str) -> Content:
    """Return a sticker with its caption, where there is one."""
    bracket = _BRACKET.fullmatch(content)
    if bracket is None:  # an emoji, or the path of a picture
        return sticker(content if _EMOJI.fullmatch(content) is not None else "")
    return sticker(bracket[2] or "")


def place_of(content: str) -> Content:
    """Return a location with its name."""
    return _named_after_bracket(Kind.LOCATION, content)


def file_of(content: str) -> Content:
    """Return a file with its name, without the folders it was exported to."""
    return _named_after_bracket(Kind.FILE, re.split(r"[\\/]", content)[-1])


def _named_after_bracket(kind: Kind, content: str) -> Content:
    bracket = _BRACKET.fullmatch(content)
    return named(kind, content if bracket is None else bracket[3] or "")


def _bracketed(bracket: re.Match[str]) -> Content | None:
    head, caption, rest = bracket[1].strip(), bracket[2] or "", bracket[3] or ""
    if head in _STICKERS:
        return sticker(caption)
    if head in _VOICES:
        return voice(rest)
    if head in _NOTICES:
        return system(rest)
    kind = _KINDS.get(head)
    if kind is None:
        return None
    return named(kind, rest) if kind in _NAMED else Content(kind, PLACEHOLDERS[kind])
