"""What QQ and QQChatExporter write into the text of a message -> its content.

Source: QQ's own text export and the parsers of QQChatExporter 4 to 6, which write a picture as
`[图片:name]` or `[图片: name]`, a voice as `[语音:3秒]` or `[语音 3秒]`, a card as
`[卡片消息: title]` and so on. A picture between words stays as `[图片]` among them, as QQ's own
export has it; then the message is words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.importers.contents import Content, is_xml, named, placeholder, quoted
from curation.importers.contents import system as wechat_system
from curation.importers.qq.qq_faces import face
from curation.model import PLACEHOLDERS, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

_MARK = re.compile(
    r"\[(?P<kind>图片|视频|语音|文件)(?:[:：]\s?|\s)(?P<name>[^\[\]\n]{1,200})\]"
    r"|\[表情(?P<face>\d{1,4})\]|\[/(?P<code>[^\[\]\s/]{1,8})\]"
    r"|\[(?P<place>位置消息|位置: [^\[\]\n]{1,80})\]"
    r"|\[(?:JSON消息|卡片消息: (?P<card>[^\[\]\n]{0,120}))\]"
)
"""A marker of QQChatExporter. Misses names with brackets in them."""

_ALONE = re.compile(r"\s*\[(图片|视频|语音|文件|位置|链接|动画表情|表情)\](?: ([^\n]+))?\s*")
_PICTURES = re.compile(r"\s*(?:\[图片\]\s*){2,}")

_REPLY = re.compile(r"\[回复 (?P<name>[^:\n]{0,64}): (?P<said>.*?)\]\n(?P<words>.*)", re.DOTALL)
"""`[回复 sender: what was said]` on lines of their own. Misses a sender with a colon."""

_REPLY_MARK: Final = "[回复消息]"

_FORWARD = re.compile(r"\s*\[(?:转发消息|合并转发)(?:: [^\[\]\n]*)?\](?:\n {2}[^\n]*)*\s*")

_CALL = re.compile(
    r"\s*(?:\[?(?:语音|视频|QQ)?(?:通话|电话)\]?(?:\s*-\s*[^\n]{1,20})?"
    r"|(?:通话时长|已取消|对方已取消|对方已拒绝|已拒绝|未接听)[,，]?\s?[\d:：]{0,10}\s*(?:点击重拨)?)\s*"
)
_APP: Final = r"[^\n]{0,8}(?:手机QQ|QQ客户端|QQ版本|最新版QQ)[^\n]{0,12}"

_NOTES: Final[tuple[tuple[re.Pattern[str], Kind], ...]] = (
    (_PICTURES, Kind.IMAGE),
    (_CALL, Kind.CALL),
    (re.compile(rf"\s*\[(?:QQ)?红包\](?:{_APP})?\s*"), Kind.RED_PACKET),
    (re.compile(rf"\s*\[(?:QQ)?转账\](?:{_APP})?\s*"), Kind.TRANSFER),
    (re.compile(rf"\s*\[(?:戳一戳|窗口抖动)\](?:{_APP})?\s*"), Kind.POKE),
    (re.compile(rf"\s*\[闪照\](?:{_APP})?\s*"), Kind.IMAGE),
    (re.compile(rf"\s*\[(?:视频|短视频)\]{_APP}\s*"), Kind.VIDEO),
    (re.compile(rf"\s*\[(?:语音|语音消息)\]{_APP}\s*"), Kind.VOICE),
)
"""What QQ writes for what its text export cannot hold."""

_RECALL = re.compile(r"[^\n]{0,64}撤回了?(?:[^\n]{1,64}的)?(?:一条)?消息[^\n]{0,20}")
_POKE = re.compile(r"[^\n]{0,64}(?:戳了戳|戳了一下|拍了拍|戳一戳|抖动)[^\n]{0,64}")
_NUMBERED = re.compile(r"\[\d+\]|系统(?:提示|消息)(?:\s*\(类型[:：][^()]*\))?|\[系统消息\]")

_FILLERS: Final = frozenset({"原消息", "引用消息", "[原消息]", "undefined", "null"})
"""What stands for a quoted text that the exporter did not find."""

_KINDS: Final[Mapping[str, Kind]] = {
    "图片": Kind.IMAGE,
    "视频": Kind.VIDEO,
    "语音": Kind.VOICE,
    "文件": Kind.FILE,
    "位置": Kind.LOCATION,
    "链接": Kind.LINK,
}

_EMPTY: Final = frozenset({"[无文本内容]", "[解析失败的消息元素]"})


def plain(text: str) -> str:
    """Return `text` with the exporter's markers as this program writes them."""
    return _MARK.sub(_plain_mark, text) if "[" in text else text


def _plain_mark(mark: re.Match[str]) -> str:
    if mark["kind"] is not None:
        shown = PLACEHOLDERS[_KINDS[mark["kind"]]]
        return f"{shown} {mark['name'].strip()}" if mark["kind"] == "文件" else shown
    if mark["face"] is not None or mark["code"] is not None:
        return face(mark["face"] or "", mark["code"] or "")
    if mark["place"] is not None:
        name = mark["place"].partition(": ")[2].strip()
        return named(Kind.LOCATION, "" if name == "undefined" else name).text
    return named(Kind.LINK, "" if mark["card"] == "undefined" else mark["card"] or "").text


def content_of(text: str) -> Content:
    """Return what a message's whole text says: its words, or the kind a marker stands for."""
    if (reply := _REPLY.fullmatch(text)) is not None:
        return Content(Kind.QUOTE, plain(reply["words"]).strip(), quotation(reply["said"]))
    if text.startswith(_REPLY_MARK):
        return Content(Kind.QUOTE, plain(text.removeprefix(_REPLY_MARK)).strip())
    if _FORWARD.fullmatch(text) is not None:
        return Content(Kind.FORWARD, PLACEHOLDERS[Kind.FORWARD])
    text = plain(text)
    if not text.strip() or text.strip() in _EMPTY or is_xml(text):
        return Content(Kind.OTHER, PLACEHOLDERS[Kind.OTHER])
    if "[" not in text and len(text) > _LONGEST_NOTE:
        return Content(Kind.TEXT, text)
    return _marked(text)


_LONGEST_NOTE: Final = 40


def _marked(text: str) -> Content:
    if (alone := _ALONE.fullmatch(text)) is not None:
        return _alone(text, alone)
    kinds = (kind for note, kind in _NOTES if note.fullmatch(text) is not None)
    kind = next(kinds, Kind.TEXT)
    return Content(Kind.TEXT, text) if kind is Kind.TEXT else placeholder(kind)(text)


def _alone(text: str, mark: re.Match[str]) -> Content:
    kind = _KINDS.get(mark[1], Kind.STICKER)
    if kind in _NAMED:
        return named(kind, mark[2] or "")
    return placeholder(kind)(text) if mark[2] is None else Content(Kind.TEXT, text)


_NAMED: Final = frozenset({Kind.FILE, Kind.LOCATION, Kind.LINK})


def quotation(text: str) -> str | None:
    """Return a quoted text as the message it stands for would read; None when nothing is told."""
    text = text.strip()
    if text in _FILLERS:
        return None
    if _RECALL.fullmatch(text) is not None:
        return PLACEHOLDERS[Kind.RECALL]
    return quoted(plain(text.removeprefix(_REPLY_MARK)))


def system(text: str) -> Content:
    """Return a notice of QQ; a recall and a poke are kinds of their own."""
    text = text.strip()
    if _RECALL.fullmatch(text) is not None:
        return Content(Kind.RECALL, PLACEHOLDERS[Kind.RECALL])
    if _POKE.fullmatch(text) is not None:
        return Content(Kind.POKE, PLACEHOLDERS[Kind.POKE])
    if not text or _NUMBERED.fullmatch(text) is not None:
        return Content(Kind.SYSTEM, "[系统消息]")
    return wechat_system(text)


def is_notice(text: str) -> bool:
    """Return whether `text` is QQ's sentence that somebody took a message back."""
    return _RECALLED.fullmatch(text.strip()) is not None


_RECALLED = re.compile(
    r"(?:你|您|对方|[\"“].{1,64}[\"”]|\S{1,32}\s)\s?撤回了(?:成员.{1,64}的)?一条消息.{0,12}"
)
