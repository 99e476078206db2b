"""MemoTrace HTML: a page with the messages as a JavaScript list; and version 3's `.html.json`.

Source: `exporter_html.py` of MemoTrace before 2024-08 and of wxManager (version 3). The older one
writes literals (`{ type:1, text: '..',is_send:1,..`) with a system message of type 0 for every
time it shows; version 3 writes JSON with HTML escapes, where the type is WeChat 4's number (the
sub-type in the upper half), and the same list without escapes beside the page. Both say who is me.
Only version 3 has ids; people are known by the name that is shown.
"""

from __future__ import annotations

import html
import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from curation.errors import N_, BadFileError
from curation.importers.builder import MessageList
from curation.importers.chat_names import name_of_two, path_name
from curation.importers.contents import (
    Content,
    named,
    placeholder,
    quoted,
    sticker,
    system,
    voice,
    words,
)
from curation.importers.wechat import memotrace_text
from curation.importers.wechat.js_objects import objects
from curation.model import PLACEHOLDERS, UNSPOKEN_KINDS, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from curation.importers.document import Document
    from curation.model import SourceFile

    _RowRenderer = Callable[[Mapping[str, Any], str], Content]

_START = re.compile(r"\{\s*[\"']?type[\"']?\s*:\s*[\"']?-?\d{1,19}[\"']?\s*,")
_MINE = re.compile(r"[\"']?\bis_send[\"']?\s*:")
_NEAR: Final = 4_000
"""So far behind the beginning of a damaged message its `is_send` may stand."""

_ATTEMPTS: Final = 100
"""So many objects are looked at to find the first message."""

_ACCOUNT = re.compile(r"[\"'](wxid_\w+|[\w-]+@(?:chatroom|openim)|gh_\w+)[\"']", re.ASCII)
"""The id of the chat, which version 3 writes above the messages."""

_TITLE = re.compile(r"<title>([^<]*)</title>", re.IGNORECASE)
_NO_TITLES: Final = frozenset({"", "Chat Records", "出错了"})

_SHOWN_TIME = re.compile(r"\s*\d{4}-\d{2}-\d{2} \d{2}:\d{2}(?::\d{2})?\s*")
_BREAK = re.compile(r"<br\s*/?>")
_WIDE: Final = 1 << 32
_APP: Final = 49

_ME: Final[Mapping[Any, bool]] = {1: True, 0: False, "1": True, "0": False}

_SHARED: Final[Mapping[int, Kind]] = {
    3: Kind.LINK,
    4: Kind.LINK,
    5: Kind.LINK,
    6: Kind.FILE,
    17: Kind.LOCATION,
    19: Kind.FORWARD,
    33: Kind.MINI_PROGRAM,
    36: Kind.MINI_PROGRAM,
    50: Kind.LINK,
    51: Kind.LINK,
    62: Kind.POKE,
    63: Kind.LINK,
    68: Kind.LINK,
    74: Kind.FILE,
    76: Kind.LINK,
    88: Kind.LINK,
    92: Kind.LINK,
    2000: Kind.TRANSFER,
    2001: Kind.RED_PACKET,
    2003: Kind.RED_PACKET,
}
"""By sub-type. Notes, favourites and 接龙 are other."""

_NAMED: Final = frozenset({Kind.LINK, Kind.MINI_PROGRAM})
_QUOTE: Final = 57
_GROUP_NOTICE: Final = 87
_LOST_VIDEO: Final = "视频丢失"


class MemoTraceHtml:
    """The importer of MemoTrace HTML."""

    format = "MemoTrace HTML"
    suffixes = (".html", ".htm")

    def recognises(self, document: Document) -> bool:
        """Return whether the page holds a list of messages with `type` and `is_send`."""
        if not document.head.lstrip().startswith("<"):
            return False
        return _first_message(document.text) is not None

    def read(self, document: Document) -> SourceFile:
        """Return the messages; `is_me` is what `is_send` says."""
        text = document.text
        title = _TITLE.search(text)
        chat = "" if title is None else html.unescape(title[1]).strip()
        start = _first_message(text) or 0
        found = objects(text, _START, start)
        rows = (None if each is None else _readable(each) for each in found)
        total = sum(1 for _ in _START.finditer(text, start))
        account = _ACCOUNT.search(text, 0, start)
        return _read(
            document,
            self.format,
            rows,
            total,
            chat="" if chat in _NO_TITLES else chat,
            account="" if account is None else account[1],
        )


class MemoTraceHtmlJson:
    """The importer of the JSON file that MemoTrace 3 writes beside its page."""

    format = "MemoTrace HTML's JSON"
    suffixes = (".json",)

    def recognises(self, document: Document) -> bool:
        """Return whether the list starts with a message of this file."""
        start = document.head.lstrip()
        return start.startswith("[") and all(
            re.search(rf'"{key}"\s*:', start[:_NEAR]) is not None
            for key in ("is_send", "timestamp", "server_id", "display_name")
        )

    def read(self, document: Document) -> SourceFile:
        """Return the messages; `is_me` is what `is_send` says."""
        rows = document.json
        if not isinstance(rows, list):
            raise BadFileError(document.path, N_("the file holds no list of messages"))
        found = (row if isinstance(row, dict) else None for row in rows)
        return _read(document, self.format, found, len(rows))


def _first_message(text: str) -> int | None:
    """Return where the first message begins; the page's own code may hold objects with a type."""
    for match in islice(_START.finditer(text), _ATTEMPTS):
        near = _MINE.search(text, match.start(), match.start() + _NEAR)
        found = next(objects(text, _START, match.start()), None)
        if "is_send" in found if found is not None else near is not None:
            return match.start()
    return None


def _read(
    document: Document,
    name: str,
    rows: Iterable[dict[str, Any] | None],
    total: int,
    *,
    chat: str = "",
    account: str = "",
) -> SourceFile:
    messages = MessageList(document, name, unit="message", total=total)
    others: dict[str, None] = {}
    group = account.endswith("@chatroom")
    for position, row in enumerate(rows, start=1):
        if row is None:
            messages.leave_out(position, N_("the message is damaged and cannot be read"))
            continue
        kind, text = _type(row), _text(row, "text")
        if kind == 0 and _SHOWN_TIME.fullmatch(text) is not None:
            continue
        is_me = _is_me(row.get("is_send"))
        if is_me is None:
            messages.leave_out(position, N_("is_send is neither 0 nor 1"))
            continue
        group = group or row.get("is_chatroom") in (1, "1", True)
        sender = _text(row, "displayname", "display_name").strip()
        content, known = _content(row, kind, text, (sender, *others))
        messages.unknown += not known
        if content.kind not in UNSPOKEN_KINDS and not is_me:
            others[sender] = None
        unix = row.get("timestamp")
        messages.add(
            position,
            content,
            sender=sender,
            is_me=is_me,
            unix=unix if _is_whole(unix) else None,
            written=unix.strip() if isinstance(unix, str) else "",
            source_id=_text(row, "server_id") or None,
            reply_id=_text(row, "quote_server_id") or None,
        )
    if not chat:
        chat = _chat(document, list(others), group=group)
    return messages.source_file(
        chat,
        chat_ids={chat: account} if account else {},
        groups=frozenset({chat} if group else ()),
    )


def _chat(document: Document, others: list[str], *, group: bool) -> str:
    if len(others) == 1 and not group:
        return others[0]
    path = document.path
    if path.stem.lower().endswith((".html", ".htm")):  # `<name>.html.json`
        path = path.with_suffix("")
    return path_name(path) if group else name_of_two(path, others)


def _is_me(value: Any) -> bool | None:
    return _ME.get(value) if isinstance(value, (int, str)) else None


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 62


def _text(row: Mapping[str, Any], *keys: str) -> str:
    """Return the first of the values that is a text or a whole number, as text."""
    for key in keys:
        value = row.get(key)
        if isinstance(value, str):
            return value
        if _is_whole(value):
            return str(value)
    return ""


def _type(row: Mapping[str, Any]) -> int | None:
    """Return the type, with the sub-type in the upper half; None where there is none."""
    try:
        kind = int(_text(row, "type"))
        sub_type = int(_text(row, "sub_type") or 0)
    except ValueError:
        return None
    return kind + _WIDE * sub_type if 0 <= kind < _WIDE and 0 <= sub_type < _WIDE else kind


def _content(
    row: Mapping[str, Any], kind: int | None, text: str, names: Iterable[str]
) -> tuple[Content, bool]:
    """Return what a message is, and whether its type is known."""
    if kind is None or kind < 0:
        return Content(Kind.OTHER, PLACEHOLDERS[Kind.OTHER]), False
    sub_type, plain = divmod(kind, _WIDE)
    if plain == _APP:
        return _shared(row, sub_type, text, names), True
    renderer = _RENDERERS.get(plain)
    return (renderer or _nothing)(row, text), renderer is not None


def _nothing(_row: Mapping[str, Any], _text: str) -> Content:
    return Content(Kind.OTHER, PLACEHOLDERS[Kind.OTHER])


def _only(kind: Kind) -> _RowRenderer:
    return lambda _row, _text: Content(kind, PLACEHOLDERS[kind])


def _words(_row: Mapping[str, Any], text: str) -> Content:
    return Content(Kind.VIDEO, PLACEHOLDERS[Kind.VIDEO]) if text == _LOST_VIDEO else words(text)


def _picture(_row: Mapping[str, Any], text: str) -> Content:
    """Return a picture, or a sticker, which the older version writes so too."""
    kind = Kind.STICKER if text.startswith("http") or "emoji" in text else Kind.IMAGE
    return Content(kind, PLACEHOLDERS[kind])


def _said(row: Mapping[str, Any], _path: str) -> Content:
    return voice(_text(row, "voice_to_text"))


def _sticker(row: Mapping[str, Any], _path: str) -> Content:
    return sticker(_text(row, "desc"))


def _place(row: Mapping[str, Any], _shown: str) -> Content:
    return named(Kind.LOCATION, _text(row, "poiname", "label"))


_RENDERERS: Final[Mapping[int, _RowRenderer]] = {
    0: lambda _row, text: system(text),
    1: _words,
    2: _words,
    3: _picture,
    34: _said,
    37: lambda _row, text: system(text),
    42: _nothing,
    43: _only(Kind.VIDEO),
    47: _sticker,
    48: _place,
    50: _only(Kind.CALL),
    62: _only(Kind.VIDEO),
    66: _nothing,
    10000: lambda _row, text: system(text),
    10002: lambda _row, text: system(text),
}
"""By type, whatever the sub-type."""


def _shared(row: Mapping[str, Any], sub_type: int, text: str, names: Iterable[str]) -> Content:
    if sub_type == _QUOTE:
        return _quote(row, text, names)
    if sub_type == _GROUP_NOTICE:
        return system(text)
    if sub_type == 1:
        return words(text)
    kind = _SHARED.get(sub_type, Kind.OTHER)
    if kind is Kind.FILE:
        return named(kind, re.split(r"[\\/]", _text(row, "file_name", "title") or text)[-1])
    return named(kind, _text(row, "title")) if kind in _NAMED else placeholder(kind)(text)


def _quote(row: Mapping[str, Any], text: str, names: Iterable[str]) -> Content:
    """Return a quote; what is quoted has its speaker's name before it."""
    said = _text(row, "refer_text")
    if said:
        return Content(Kind.QUOTE, text.strip(), quoted(_unnamed(said, "：", names)))
    said = _text(row, "quote_text")
    return Content(
        Kind.QUOTE,
        text.strip(),
        memotrace_text.reply_to(_unnamed(said, ": ", names)) if said else None,
    )


def _unnamed(said: str, colon: str, names: Iterable[str]) -> str:
    known = (f"{name}{colon}" for name in names)
    name = max((name for name in known if said.startswith(name)), key=len, default="")
    if name:
        return said[len(name) :]
    before, found, behind = said.partition(colon)
    return behind if found and "\n" not in before else said


def _readable(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message without HTML escapes; version 3 does not escape what starts with http."""
    plain = "http" if "display_name" in row else "\0"
    return {
        key: html.unescape(_BREAK.sub("\n", value))
        if isinstance(value, str) and not value.startswith(plain)
        else value
        for key, value in row.items()
    }
