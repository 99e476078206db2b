"""The body of a message of QQChatExporter: its pieces, or one text with markers -> its content.

See `qq_exporter_json` for where the two forms come from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from curation.importers.contents import Content, named, sticker
from curation.importers.json_values import id_of, list_of, name_of, object_of, text_of
from curation.importers.qq import qq_text
from curation.importers.qq.qq_faces import face
from curation.model import PLACEHOLDERS, Kind

if TYPE_CHECKING:
    from collections.abc import Collection

_PIECES: Final = {
    "image": Kind.IMAGE,
    "video": Kind.VIDEO,
    "audio": Kind.VOICE,
    "voice": Kind.VOICE,
    "ptt": Kind.VOICE,
    "file": Kind.FILE,
    "location": Kind.LOCATION,
    "forward": Kind.FORWARD,
    "av_record": Kind.CALL,
    "call": Kind.CALL,
    "wallet": Kind.RED_PACKET,
    "red_packet": Kind.RED_PACKET,
}

_MINI_PROGRAM: Final = "com.tencent.miniapp"
_PLACE: Final = "com.tencent.map"
_CARD: Final = "com.tencent.contact"


@dataclass(frozen=True)
class Reply:
    """What a message answers: the id where it is known, and the text as the file tells it."""

    id: str | None = None
    text: str | None = None
    marker: str = ""  # how the answered message stands in the text of the answer
    given: bool = False

    @classmethod
    def of(cls, body: dict[str, Any], ids: Collection[str], recalled: Collection[str]) -> Reply:
        """Return the reply of a message's body.

        `ids` are those of the file's messages, `recalled` those of them that were taken back.
        """
        told = object_of(body.get("reply"))
        for element in list_of(body.get("elements")):
            if name_of(object_of(element).get("type")) == "reply":
                told = object_of(object_of(element).get("data"))
                break
        if not told:
            return cls()
        number = id_of(told.get("referencedMessageId"))
        if number in (None, "0"):
            number = id_of(told.get("messageId"))
            number = number if number in ids else None
        said = text_of(told.get("content"))
        marker = f"[回复 {text_of(told.get('senderName'))}: {said}]"
        # Whatever was recalled never stays: the builder then writes that it was.
        quoted = None if number in recalled else qq_text.quotation(said)
        return cls(number, quoted, marker, given=True)


def content_of(body: dict[str, Any], text: str, reply: Reply) -> Content:
    """Return what a message's body holds; `text` is its whole text with markers."""
    elements = [object_of(element) for element in list_of(body.get("elements"))]
    pieces = [piece for piece in elements if name_of(piece.get("type")) not in ("", "reply")]
    first = next((piece for piece in elements if name_of(piece.get("type")) == "text"), {})
    whole = text_of(object_of(first.get("data")).get("text"))
    if pieces and not (whole.strip() and whole.strip() == text.strip()):
        content = _joined(pieces)
    else:
        content = _flat(elements or list_of(body.get("resources")), text, reply)
    if not reply.given:
        return content
    if content.kind is Kind.TEXT:
        return Content(Kind.QUOTE, content.text.strip(), reply.text)
    return content._replace(reply_to=content.reply_to or reply.text)


def _flat(others: list[Any], text: str, reply: Reply) -> Content:
    """Return the content of a message whose text holds everything as markers."""
    if reply.given:
        for marker in (reply.marker, "[回复消息]"):
            text = text.removeprefix(marker)
        if (match := _OTHER_REPLY.match(text)) is not None:
            text = text[match.end() :]
        text = text.removeprefix("\n")
    if not text.strip():
        pieces = [object_of(other) for other in others]
        pieces = [
            piece for piece in pieces if name_of(piece.get("type")) not in ("", "reply", "at")
        ]
        if pieces:
            return _joined([{**piece, "data": piece.get("data", piece)} for piece in pieces])
        if reply.given:
            return Content(Kind.QUOTE, "", reply.text)
    market = [
        object_of(object_of(other).get("data"))
        for other in others
        if name_of(object_of(other).get("type")) == "market_face"
    ]
    if market and text.strip().strip("[]") == name_of(market[0].get("name")).strip("[]"):
        return sticker(text)
    return qq_text.content_of(text)


_OTHER_REPLY = re.compile(r"\[回复 [^\[\]\n]*(?:\[[^\[\]\n]*\][^\[\]\n]*)*\](?=\n|\Z)")


def _joined(pieces: list[dict[str, Any]]) -> Content:
    """Return the content of a message from its pieces."""
    found = [content for piece in pieces if (content := _piece(piece)) is not None]
    spoken = [content for content in found if content.kind is Kind.TEXT and content.text.strip()]
    if spoken:
        text = "".join(content.text for content in found)
        return Content(Kind.TEXT, text.strip())
    wordless = [content for content in found if content.kind is not Kind.TEXT]
    if wordless:
        return wordless[0]
    return Content(Kind.OTHER, PLACEHOLDERS[Kind.OTHER])


def _piece(piece: dict[str, Any]) -> Content | None:
    """Return one piece of a message; None for what only decorates it."""
    name = name_of(piece.get("type"))
    data = object_of(piece.get("data"))
    if name in _DECORATION:
        return None
    if name in _TYPED:
        return _words(name, data)
    if name == "market_face":
        return sticker(name_of(data.get("name")).replace("商城表情", ""))
    if name == "system":
        return qq_text.system(text_of(data.get("text")) or text_of(data.get("summary")))
    return _card(data) if name == "json" else _media(name, data)


def _media(name: str, data: dict[str, Any]) -> Content:
    kind = _PIECES.get(name, Kind.OTHER)
    if kind is Kind.IMAGE and name_of(data.get("subType")) == "sticker":
        return sticker(name_of(data.get("summary")))
    if kind in (Kind.FILE, Kind.LOCATION):
        title = name_of(data.get("filename") or data.get("fileName") or data.get("title"))
        return named(kind, re.split(r"[\\/]", title)[-1].removeprefix("位置消息"))
    return Content(kind, PLACEHOLDERS[kind])


_TYPED: Final = frozenset({"text", "at", "face", "markdown"})
_DECORATION: Final = frozenset({"inline_keyboard", "action_bar", "face_bubble", "reply"})


def _words(name: str, data: dict[str, Any]) -> Content:
    if name == "at":
        mentioned = name_of(data.get("name"))
        return Content(Kind.TEXT, f"@{mentioned.removeprefix('@') or '某人'}")
    if name == "face":
        return Content(Kind.TEXT, face(name_of(data.get("id")), name_of(data.get("name"))))
    key = "content" if name == "markdown" else "text"
    return Content(Kind.TEXT, text_of(data.get(key)))


def _card(data: dict[str, Any]) -> Content:
    """Return a card by the program that it opens."""
    body = text_of(data.get("content"))
    title = name_of(data.get("title"))
    title = "" if title == "JSON消息" else re.sub(r"\A\[[^\[\]]{1,12}\]\s*", "", title)
    if _PLACE in body:
        return named(Kind.LOCATION, title)
    if _CARD in body:
        return Content(Kind.OTHER, PLACEHOLDERS[Kind.OTHER])
    if "com.tencent.multimsg" in body:
        return Content(Kind.FORWARD, PLACEHOLDERS[Kind.FORWARD])
    return named(Kind.MINI_PROGRAM if _MINI_PROGRAM in body else Kind.LINK, title)
