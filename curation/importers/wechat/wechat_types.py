"""Messages of WeFlow, EchoTrace and CipherTalk: a type's Chinese name and a text -> content.

Source: the three exporters (EchoTrace came first, the others use its names) and ChatLab's readers
of their files. What each message of a kind may look like: a bracket (`[链接] title`), a bracket
without a blank behind it in spreadsheets, the path of an exported file, or the bare words of a
transcript.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from curation.importers.contents import (
    Content,
    is_xml,
    named,
    placeholder,
    quoted,
    sticker,
    system,
    voice,
    words,
    xml_quote,
)
from curation.importers.wechat.weflow_text import text as bracket_text
from curation.model import PLACEHOLDERS, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Told(NamedTuple):
    """What a file tells about one message beside its type; empty where it does not.

    `name` is the title of a link, the name of a place or the caption of a sticker; `raw` the raw
    body as WeChat keeps it.
    """

    text: str
    name: str = ""
    quoted: str = ""
    raw: str = ""


_BRACKET = re.compile(r"\s*\[[^\[\]\n]{1,24}\]\s*(.*)", re.DOTALL)
"""The marker before what a message holds. Only for messages that are not words."""

_GLUED = re.compile(r"\A(\s*\[[^\[\]\n]{1,24}\])(?=\S)")
_CAPTION = re.compile(r"\s*\[(?:表情包|动画表情|表情)\s*[：:]([^\[\]\n]*)\]\s*")
_DURATION = re.compile(r"\s*\d+(?:\.\d+)?\s*(?:秒|s|″|\")\s*")
_COORDINATES = re.compile(r"\(-?\d+(?:\.\d+)?\s*,\s*-?\d+(?:\.\d+)?\)\s*$")
_LINK = re.compile(r"\bhttps?://\S+$")

_RECORDING = re.compile(
    r"(?:[^\n]*?[\\/])?[^\n\\/]*?\.(?:wav|mp3|m4a|amr|silk|ogg|aac)(?=\s|$)", re.IGNORECASE
)
"""The path of an exported recording, alone or before its transcript."""

_MEMBER_BEFORE_XML = re.compile(r"\A\s*[\w@.-]{1,64}:\s*(?=<)")
_ANSWERED = re.compile(r"<svrid>\s*(\d{1,20})\s*</svrid>")

_SHORT: Final = 24  # characters of a bracket


def _rest(text: str) -> str:
    """Return what stands behind the bracket; all of it where there is no bracket."""
    match = _BRACKET.fullmatch(text)
    return text if match is None else match[1]


def _voice(told: Told) -> Content:
    said = _rest(told.text).strip()
    recording = _RECORDING.match(said)
    if recording is not None and (
        "/" in recording[0] or "\\" in recording[0] or said == told.text.strip()
    ):
        said = said[recording.end() :]
    return voice("" if _DURATION.fullmatch(said) else said)


def _sticker(told: Told) -> Content:
    caption = _CAPTION.fullmatch(told.text)
    return sticker(told.name or ("" if caption is None else caption[1]))


def _file(told: Told) -> Content:
    return named(Kind.FILE, re.split(r"[\\/]", _rest(told.text))[-1])


def _titled(kind: Kind) -> Callable[[Told], Content]:
    def render(told: Told) -> Content:
        first = (told.name or _rest(told.text)).strip().partition("\n")[0]
        title = _LINK.sub("", first)
        return named(kind, "" if is_xml(title) or title.startswith("<") else title)

    return render


def _place(told: Told) -> Content:
    name = told.name or _COORDINATES.sub("", _rest(told.text).strip().partition("\n")[0])
    return named(Kind.LOCATION, "" if name.startswith("<") else name)


def _only(kind: Kind) -> Callable[[Told], Content]:
    render = placeholder(kind)
    return lambda told: render(told.text)


def _quote(told: Told) -> Content:
    """Return the reply alone and what it answers.

    `reply[引用 sender：preview]` in newer files, the reply alone in older ones; the raw body, where
    there is one, tells it anyhow.
    """
    raw = _MEMBER_BEFORE_XML.sub("", told.raw, count=1)
    if is_xml(raw) and "<refermsg>" in raw:
        found = xml_quote(raw)
        return found._replace(reply_to=found.reply_to and preview(found.reply_to))
    text = told.text.rstrip()
    if told.quoted and text.endswith(f"{told.quoted}]"):
        start = text.rfind("[引用 ", 0, len(text) - len(told.quoted) - 1)
        if start >= 0:
            return Content(Kind.QUOTE, text[:start].strip(), preview(told.quoted))
    found = bracket_text(told.text)
    if found.kind is Kind.QUOTE:
        return found._replace(reply_to=found.reply_to and preview(found.reply_to))
    reply = "" if told.text.strip() == "[引用消息]" else words(told.text).text
    return Content(Kind.QUOTE, reply.strip(), preview(told.quoted))


def preview(text: str) -> str | None:
    """Return a quoted text as the message it stands for would read; None when nothing is told."""
    if text.strip().startswith("[") and not is_xml(text):
        found = bracket_text(text)
        if found.kind is Kind.OTHER or text.strip() == "[消息]":
            return None
        if found.kind is not Kind.TEXT:
            return found.text
    return quoted(text)


def answered(raw: str) -> str | None:
    """Return the id of the message that a raw body answers."""
    match = _ANSWERED.search(raw) if "<refermsg>" in raw else None
    return None if match is None else match[1]


def _system(told: Told) -> Content:
    rest = told.text.strip()
    for head in ("[群公告]", "[系统消息]"):
        rest = rest.removeprefix(head).strip() or rest
    return system(rest)


def _unsure(told: Told) -> Content:
    """Return a message of a type without a name from the text alone: a bracket, or something.

    Nobody typed it, so what is glued to the bracket is its name, as spreadsheets have it.
    """
    if told.text.strip().startswith("[") and not is_xml(told.text):
        found = bracket_text(_GLUED.sub(r"\1 ", told.text, count=1))
        if found.kind is not Kind.TEXT:
            return found
    found = system(told.text)
    unspoken = found.kind in {Kind.RECALL, Kind.POKE} and len(told.text) < 4 * _SHORT
    return found if unspoken else Content(Kind.OTHER, PLACEHOLDERS[Kind.OTHER])


_UNREADABLE: Final = frozenset({"[不支持的消息类型]", "[检测到解析错误-不支持的消息类型]"})
"""What EchoTrace writes in place of words that it could not read."""


def _words(told: Told) -> Content:
    if told.text.strip() in _UNREADABLE:
        return Content(Kind.OTHER, PLACEHOLDERS[Kind.OTHER])
    return words(told.text)


_BY_NAME: Final[Mapping[str, Callable[[Told], Content]]] = {
    "文本消息": _words,
    "图片消息": _only(Kind.IMAGE),
    "语音消息": _voice,
    "视频消息": _only(Kind.VIDEO),
    "动画表情": _sticker,
    "表情消息": _sticker,
    "位置消息": _place,
    "链接消息": _titled(Kind.LINK),
    "卡片式链接": _titled(Kind.LINK),
    "图文消息": _titled(Kind.LINK),
    "音乐消息": _titled(Kind.LINK),
    "音乐卡片": _titled(Kind.LINK),
    "视频号消息": _titled(Kind.LINK),
    "视频号直播卡片": _titled(Kind.LINK),
    "文件消息": _file,
    "小程序消息": _titled(Kind.MINI_PROGRAM),
    "小程序分享": _titled(Kind.MINI_PROGRAM),
    "聊天记录": _only(Kind.FORWARD),
    "聊天记录合并转发": _only(Kind.FORWARD),
    "聊天记录消息": _only(Kind.FORWARD),
    "引用消息": _quote,
    "通话消息": _only(Kind.CALL),
    "语音通话": _only(Kind.CALL),
    "视频通话": _only(Kind.CALL),
    "转账消息": _only(Kind.TRANSFER),
    "转账卡片": _only(Kind.TRANSFER),
    "红包消息": _only(Kind.RED_PACKET),
    "红包卡片": _only(Kind.RED_PACKET),
    "名片消息": _only(Kind.OTHER),
    "系统消息": _system,
    "群公告": _system,
    "拍一拍": _only(Kind.POKE),
    "拍一拍消息": _only(Kind.POKE),
    "撤回消息": _only(Kind.RECALL),
}

_BY_TYPE: Final[Mapping[int, str]] = {
    1: "文本消息",
    3: "图片消息",
    34: "语音消息",
    42: "名片消息",
    43: "视频消息",
    47: "动画表情",
    48: "位置消息",
    50: "通话消息",
    10000: "系统消息",
    10002: "系统消息",
}

_SHARED_TYPE: Final = 49
_BY_SUBTYPE: Final[Mapping[int, str]] = {
    1: "文本消息",
    3: "音乐消息",
    4: "链接消息",
    5: "链接消息",
    6: "文件消息",
    8: "动画表情",
    17: "位置消息",
    19: "聊天记录",
    33: "小程序消息",
    36: "小程序消息",
    50: "名片消息",
    51: "视频号消息",
    57: "引用消息",
    62: "拍一拍消息",
    63: "视频号消息",
    74: "文件消息",
    87: "群公告",
    88: "视频号消息",
    2000: "转账消息",
    2001: "红包消息",
    2003: "红包消息",
}

_LINK_NAME: Final = "链接消息"
"""How an exporter calls whatever is shared and has no name of its own."""


def known(type_name: str, local_type: int | None) -> bool:
    """Return whether the type is one that this program knows."""
    return bool(_name(type_name, local_type)) or type_name == "其他消息"


def _name(type_name: str, local_type: int | None) -> str:
    """Return the name of a type, empty for an unknown one.

    WeChat 4 keeps the subtype of what is shared in the upper half of `localType`; where the
    exporter's name is vague (a red packet is 其他消息 or 链接消息) the number says more.
    """
    name = type_name.strip()
    subtype, base = divmod(local_type or 0, 1 << 32)
    if name in _BY_NAME and name != _LINK_NAME:
        return name
    by_number = _BY_SUBTYPE.get(subtype, "") if base == _SHARED_TYPE else _BY_TYPE.get(base, "")
    if name == _LINK_NAME:
        return by_number if base == _SHARED_TYPE and by_number else name
    return by_number


def content_of(type_name: str, local_type: int | None, told: Told) -> Content:
    """Return the content of a message whose exporter wrote `type_name` and `localType`.

    None for `local_type` where the file has no such number.
    """
    return _BY_NAME.get(_name(type_name, local_type), _unsure)(told)
