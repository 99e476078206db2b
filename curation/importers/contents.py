"""What WeChat writes inside a message -> its kind, its words, what it quotes.

The conventions that all exporters of WeChat share; each importer adds its own renderings.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Final, NamedTuple

from curation.model import PLACEHOLDERS, Kind


class Content(NamedTuple):
    """One message as it will stand in the message table."""

    kind: Kind
    text: str
    reply_to: str | None = None


Renderer = Callable[[str], Content]
"""What an exporter wrote for a message of one type -> its content."""

SUSPECT_WORDS: Final = r"^\s*(?:「|<|wxid_)"
"""Words that `words` may have to change begin so; all others are taken as they stand."""

_INLINE_QUOTE = re.compile(
    r"\s*「(?:([^：:\n「」]{1,64})[：:])?(.*?)」[ \t]*\r?\n[ \t]*(?:[-—][ \t]?){3,}\r?\n(.*)",
    re.DOTALL,
)
"""WeChat's old way to quote, inside the text. Misses a sender's name with a colon in it."""

_XML = re.compile(
    r"\s*(?:<\?xml\b.*>|<(msg|msgsource|sysmsg|voipmsg|voipinvitemsg|appmsg|location)\b.*"
    r"(?:</\1>|/>))\s*",
    re.DOTALL,
)
"""WeChat's own message bodies. What a person types, such as `<3` or `<script>`, is none."""

_MEMBER_PREFIX = re.compile(r"\A\s*wxid_[0-9A-Za-z_-]+:\r?\n")
"""The sender's id before the words, as WeChat stores messages of groups."""

_RECALL = re.compile(
    r"撤回了?(?:成员.{1,64}?的)?一?条?消息|recalled a message|type=\"revokemsg\"", re.IGNORECASE
)
_POKE = re.compile(r"拍了拍|\btickled\b|type=\"pat\"")
_NOTICE = re.compile(
    r"(?:你|[\"“].{1,64}[\"”]|\S{1,32}\s)\s?撤回了(?:成员.{1,64}的)?一条消息.{0,12}"
    r"|[\"“].{1,64}[\"”]\s?拍了拍.{1,64}|[你我]\s?拍了拍\s?[\"“].{1,64}"
    r"|(?:You|[\"“].{1,64}[\"”]) (?:has )?recalled a message\.?"
    r"|(?:I|[\"“].{1,64}[\"”]) tickled .{1,64}"
    r"|你已添加了.{1,64}，现在可以开始聊天了。?|以上是打招呼的(?:内容|消息)"
    r"|(?:你|[\"“].{1,64}[\"”])邀请.{1,300}加入了群聊.{0,40}"
    r"|(?:你|[\"“].{1,64}[\"”])\s?修改群名为\s?[\"“].{1,64}[\"”]"
    r"|你领取了[\"“].{1,64}[\"”]的红包|[\"“].{1,64}[\"”]领取了你的红包"
)
"""WeChat's own notices as whole messages. Misses rarer ones, which then count as words."""

_EDIT_AGAIN = re.compile(r"<a\b[^<>]*>\s*重新编辑\s*</a>")
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_TAG = re.compile(r"</?[A-Za-z_?!][^<>]*>")
_COORDINATES = re.compile(r"\s*[(（]\s*-?\d+\.\d+\s*[,，;]\s*-?\d+\.\d+\s*[)）]\s*$")
"""Where exactly a place is, which exporters write behind its name."""

_ACCOUNT_ID = re.compile(r"wxid_[0-9A-Za-z_-]+|\b\d+@chatroom\b|\bgh_[0-9a-f]{6,}\b")


def placeholder(kind: Kind) -> Renderer:
    """Return the renderer of a kind without words."""
    content = Content(kind, PLACEHOLDERS[kind])
    return lambda _: content


def named(kind: Kind, name: str) -> Content:
    """Return a placeholder with a name behind it, `[文件] 简历.pdf`; alone when there is none."""
    if "_" in name or "@" in name:  # a look is much cheaper than the pattern
        name = _ACCOUNT_ID.sub("", name)
    if kind is Kind.LOCATION:
        name = _COORDINATES.sub("", name)
    name = " ".join(name.split())
    return Content(kind, f"{PLACEHOLDERS[kind]} {name}" if name else PLACEHOLDERS[kind])


def sticker(description: str) -> Content:
    """Return a sticker, its short description in brackets as WeChat writes its codes."""
    description = " ".join(description.strip().strip("[]").split())
    return Content(Kind.STICKER, f"[{description}]" if description else PLACEHOLDERS[Kind.STICKER])


def voice(transcript: str) -> Content:
    """Return a voice message: its transcript where there is one."""
    return Content(Kind.VOICE, transcript.strip() or PLACEHOLDERS[Kind.VOICE])


def words(text: str) -> Content:
    r"""Return what was typed; of an old quote `「name：text」\n- - -\nreply` the reply."""
    text = without_member(text)
    if (match := _INLINE_QUOTE.fullmatch(text)) is not None:
        return Content(Kind.QUOTE, match[3].strip(), quoted(match[2]))
    if is_xml(text):
        return xml(text)
    return Content(Kind.TEXT, text)


def is_notice(text: str) -> bool:
    """Return whether the whole `text` is one of WeChat's own sentences, which nobody typed."""
    return _NOTICE.fullmatch(text.strip()) is not None


def typed(text: str) -> Content:
    """Return what was typed, or the notice that stands where an exporter tells no types."""
    return system(text) if is_notice(text) else words(text)


def without_member(text: str) -> str:
    """Return `text` without a member's id and colon on a line before it."""
    if text.startswith("wxid_") or text[:1].isspace():  # a look is much cheaper than the pattern
        return _MEMBER_PREFIX.sub("", text, count=1)
    return text


def quoted(text: str) -> str | None:
    """Return the text that was quoted, without raw message bodies; None when nothing is left."""
    text = without_member(text).strip()
    if is_xml(text):
        return PLACEHOLDERS[Kind.OTHER]
    return text or None


def is_xml(text: str) -> bool:
    """Return whether `text` is a raw message body of WeChat, not words."""
    return "<" in text and _XML.fullmatch(text) is not None


def xml(text: str) -> Content:
    """Return a raw message body as what it is at least: a quote, a system notice, or another."""
    if "<refermsg>" in text:
        return xml_quote(text)
    if "<sysmsg" in text:
        return system(text)
    return Content(Kind.OTHER, PLACEHOLDERS[Kind.OTHER])


def xml_quote(text: str) -> Content:
    """Return a quote from its raw body; without a body its words are unknown, so empty."""
    if not is_xml(text):
        return words(text)._replace(kind=Kind.QUOTE)
    referred = _element(text, "refermsg")
    reply = _element(text.replace(referred, ""), "title")
    # The quoted body is escaped once more when it is itself XML.
    said = _referred(_element(referred, "type"), html.unescape(_element(referred, "content")))
    return Content(Kind.QUOTE, html.unescape(reply).strip(), said)


_REFERRED: Final = {
    "3": Kind.IMAGE,
    "34": Kind.VOICE,
    "43": Kind.VIDEO,
    "47": Kind.STICKER,
    "48": Kind.LOCATION,
    "50": Kind.CALL,
}
"""What a quoted body is, by WeChat's type number."""

_REFERRED_SHARED: Final = {
    "6": Kind.FILE,
    "19": Kind.FORWARD,
    "33": Kind.MINI_PROGRAM,
    "36": Kind.MINI_PROGRAM,
    "2000": Kind.TRANSFER,
    "2001": Kind.RED_PACKET,
}
"""What a quoted body of type 49 is, by the number inside of it; anything else is a link."""


def _referred(number: str, body: str) -> str | None:
    """Return the quoted text, a placeholder where the quoted message has no words."""
    if (kind := _REFERRED.get(number)) is not None:
        return PLACEHOLDERS[kind]
    body = _MEMBER_PREFIX.sub("", body, count=1)
    if number != "49" or not is_xml(body):
        return quoted(body)
    inner = _element(body, "type")
    if inner in {"1", "53", "57"}:  # words after all: pasted, a list everybody adds to, a quote
        return quoted(html.unescape(_element(body, "title")))
    return PLACEHOLDERS[_REFERRED_SHARED.get(inner, Kind.LINK)]


def _element(text: str, name: str) -> str:
    """Return what stands in the first element `name`, empty when there is none."""
    inside = text.partition(f"<{name}>")[2].partition(f"</{name}>")[0]
    return inside.strip().removeprefix("<![CDATA[").removesuffix("]]>")


def system(text: str) -> Content:
    """Return a system notice; a recall and a poke are kinds of their own.

    The sentence loses markup and account ids. Whatever was recalled never stays.
    """
    if _RECALL.search(text) is not None:
        return Content(Kind.RECALL, PLACEHOLDERS[Kind.RECALL])
    if _POKE.search(text) is not None:
        return Content(Kind.POKE, PLACEHOLDERS[Kind.POKE])
    sentence = _TAG.sub("", _CDATA.sub("", _EDIT_AGAIN.sub("", text)))
    return Content(Kind.SYSTEM, _ACCOUNT_ID.sub("", html.unescape(sentence)).strip())
