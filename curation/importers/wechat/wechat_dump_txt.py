"""wechat-dump TXT: `type|name:time:words`, one message after the other, words over several lines.

Source: `__repr__` and `msg_str` of wechat-dump's wechat/msg.py. `me` stands for my name; the type
is the number of WeChat for Android; the path of a picture stands at the end as `|img:path`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from curation.importers.builder import MessageList
from curation.importers.chat_names import file_name, is_generic, path_name
from curation.importers.contents import (
    Content,
    Renderer,
    is_xml,
    named,
    placeholder,
    sticker,
    system,
    words,
    xml_quote,
)
from curation.importers.text_blocks import blocks, first_line, plain_lines
from curation.model import UNSPOKEN_KINDS, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from curation.importers.document import Document
    from curation.model import SourceFile

_HEAD = re.compile(
    r"^(?P<type>-?\d{1,12})\|(?P<name>[^\n]{0,200}?):"
    r"(?P<time>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})(?:\.\d{1,6})?:(?P<text>[^\n]*)$",
    re.MULTILINE,
)

_PICTURE = re.compile(r"\|img:[^|\n]*$")
_PLACE = re.compile(r"\s*LOCATION:(.*?)(?:\s\([-\d.,None]*\))?\s*", re.DOTALL)
_SHARED = re.compile(r"\s*(URL|FILE):(.*)", re.DOTALL)
_ME: Final = "me"


def _place(text: str) -> Content:
    match = _PLACE.fullmatch(text)
    name = "" if match is None else match[1].strip()
    return named(Kind.LOCATION, "" if name == "unknown" else name)


def _shared(text: str) -> Content:
    match = _SHARED.fullmatch(text)
    if match is None:
        return words(text) if is_xml(text) else named(Kind.LINK, "")
    return named(Kind.FILE, match[2]) if match[1] == "FILE" else named(Kind.LINK, "")


def _app(text: str) -> Content:
    return named(Kind.LINK, "" if is_xml(text) else text)


def _music(text: str) -> Content:
    try:
        title = json.loads(text).get("title")
    except (ValueError, AttributeError, RecursionError):  # an older version wrote the raw body
        title = ""
    return named(Kind.LINK, title if isinstance(title, str) else "")


def _reply(text: str) -> Content:
    return xml_quote(text)


_RENDERERS: Final[Mapping[str, Renderer]] = {
    "1": words,
    "3": placeholder(Kind.IMAGE),
    "34": placeholder(Kind.VOICE),
    "42": placeholder(Kind.OTHER),
    "43": placeholder(Kind.VIDEO),
    "44": placeholder(Kind.VIDEO),
    "47": lambda _: sticker(""),
    "48": _place,
    "49": _shared,
    "50": placeholder(Kind.CALL),
    "53": placeholder(Kind.CALL),
    "62": placeholder(Kind.VIDEO),
    "64": system,
    "66": placeholder(Kind.OTHER),
    "10000": system,
    "10002": system,
    "1048625": lambda _: sticker(""),
    "16777265": _app,
    "268445456": placeholder(Kind.RECALL),
    "419430449": placeholder(Kind.TRANSFER),
    "436207665": placeholder(Kind.RED_PACKET),
    "469762097": placeholder(Kind.RED_PACKET),
    "570425393": system,
    "822083633": _reply,
    "922746929": placeholder(Kind.POKE),
    "1040187441": _music,
    "1090519089": _shared,
    "-1879048186": placeholder(Kind.LOCATION),
}
"""By type; those above 2^16 are shared things, the sub-type in the upper half."""

_UNKNOWN: Final = placeholder(Kind.OTHER)


class WechatDumpTxt:
    """The importer of wechat-dump TXT."""

    format = "wechat-dump TXT"
    suffixes = (".txt",)

    def recognises(self, document: Document) -> bool:
        """Return whether the first line is a message."""
        return _HEAD.fullmatch(first_line(document.head)) is not None

    def read(self, document: Document) -> SourceFile:
        """Return the messages; mine are by `me`."""
        text = plain_lines(document.text)
        messages = MessageList(document, self.format, total=text.count("\n"))
        others: dict[str, None] = {}
        for block in blocks(text, _HEAD):
            head = block.head
            body = f"{head['text']}\n{block.below}" if block.below else head["text"]
            renderer = _RENDERERS.get(head["type"])
            messages.unknown += renderer is None
            content = (renderer or _UNKNOWN)(_PICTURE.sub("", body))
            name = head["name"].strip()
            if name != _ME and content.kind not in UNSPOKEN_KINDS:
                others[name] = None
            messages.add(block.line, content, sender=name, is_me=name == _ME, written=head["time"])
        return messages.source_file(_chat(document.path, list(others)))


def _chat(path: Path, others: list[str]) -> str:
    """Return the chat's name: wechat-dump names the file after it."""
    if is_generic(file_name(path)) and len(others) == 1:
        return others[0]
    return path_name(path)
