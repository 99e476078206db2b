"""chatlog's JSON answer: a list of messages, perhaps of several chats.

Source: chatlog's internal/model (message.go, its WeChat 3 and 4 variants, mediamessage.go). `type`
and `subType` are WeChat's numbers, `time` is RFC 3339 with an offset, `seq` the message's order in
WeChat's own database (time and a running number), which lasts. In WeChat 3 what I wrote has no
`sender`. In groups of WeChat 4 `isSelf` misses what I wrote on another device: the messages of the
one sender who is ever `isSelf` are all mine.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from curation.errors import N_, BadFileError
from curation.importers.builder import MessageList
from curation.importers.chat_names import path_name
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
from curation.importers.json_values import (
    flag_of,
    id_of,
    integer_of,
    list_of,
    name_of,
    object_of,
    text_of,
)
from curation.importers.wechat.contact_names import distinct
from curation.model import UNSPOKEN_KINDS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from curation.importers.document import Document
    from curation.model import SourceFile

_START = re.compile(r"\s*\[\s*\{|\s*\{\s*\"\w+\"\s*:\s*(?:\d+\s*,\s*\"\w+\"\s*:\s*)*\[\s*\{")
_TELLTALE: Final = tuple(
    re.compile(rf"\"{key}\"\s*:") for key in ("isSelf", "talker", "talkerName", "isChatRoom")
)
_ENOUGH: Final = 3

_ME: Final = "我"

_KINDS: Final[Mapping[int, Kind]] = {
    3: Kind.IMAGE,
    42: Kind.OTHER,
    43: Kind.VIDEO,
    50: Kind.CALL,
    62: Kind.VIDEO,
}
"""By `type`; words, voices, stickers, places and notices are looked at."""

_SHARED_KINDS: Final[Mapping[int, Kind]] = {
    3: Kind.LINK,
    4: Kind.LINK,
    5: Kind.LINK,
    6: Kind.FILE,
    17: Kind.LOCATION,
    19: Kind.FORWARD,
    33: Kind.MINI_PROGRAM,
    36: Kind.MINI_PROGRAM,
    51: Kind.LINK,
    62: Kind.POKE,
    63: Kind.LINK,
    74: Kind.FILE,
    88: Kind.LINK,
    2000: Kind.TRANSFER,
    2001: Kind.RED_PACKET,
    2003: Kind.RED_PACKET,
}
"""By `subType` of type 49; anything else is other."""

_NAMED: Final = frozenset({Kind.LINK, Kind.FILE, Kind.MINI_PROGRAM})


class ChatlogJson:
    """The importer of chatlog JSON."""

    format = "chatlog JSON"
    suffixes = (".json",)

    def recognises(self, document: Document) -> bool:
        """Return whether it is a list of objects with most of the telling keys."""
        if not document.looks_like_json or _START.match(document.head) is None:
            return False
        return sum(key.search(document.head) is not None for key in _TELLTALE) >= _ENOUGH

    def read(self, document: Document) -> SourceFile:
        """Return the messages; who is me is said by `isSelf`."""
        rows = _rows(document)
        messages = MessageList(document, self.format, unit="message", total=len(rows))
        chats, groups = _chats(rows)
        me = _me(rows)
        forwarded: dict[str, None] = {}
        for position, row in enumerate(rows, start=1):
            if isinstance(row, dict):
                _add(messages, position, row, chats, me)
                forwarded.update(dict.fromkeys(_forwarded(row)))
            else:
                messages.leave_out(position, N_("the message is not an object"))
        return messages.source_file(
            path_name(document.path),
            chat_ids={name: talker for talker, name in chats.items()},
            groups=frozenset(chats[talker] for talker in groups),
            known_names=tuple(name for name in forwarded if name),
        )


def _rows(document: Document) -> list[Any]:
    rows = document.json
    if isinstance(rows, dict):  # some of its descendants put the list inside an object
        rows = next((value for value in rows.values() if isinstance(value, list)), None)
    if not isinstance(rows, list):
        raise BadFileError(document.path, N_("the file has no list of messages"))
    return rows


def _chats(rows: list[Any]) -> tuple[dict[str, str], set[str]]:
    """Return the chats' names by id, and the ids of groups."""
    names: dict[str, str] = {}
    groups: set[str] = set()
    for row in rows:
        talker = name_of(object_of(row).get("talker"))
        if talker:
            names[talker] = name_of(row.get("talkerName")) or names.get(talker, talker)
            if flag_of(row.get("isChatRoom")) or talker.endswith("@chatroom"):
                groups.add(talker)
    return distinct(names), groups


def _me(rows: list[Any]) -> str:
    """Return my id where exactly one sender ever is `isSelf`, else an empty text."""
    found = {
        sender
        for row in rows
        if isinstance(row, dict)
        and flag_of(row.get("isSelf"))
        and (sender := name_of(row.get("sender")))
        and integer_of(row.get("type")) != _NOTICE
    }
    return found.pop() if len(found) == 1 else ""


_NOTICE: Final = 10000


def _forwarded(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of people in a forwarded record."""
    record = object_of(object_of(row.get("contents")).get("recordInfo"))
    for item in list_of(object_of(record.get("DataList")).get("DataItems")):
        yield name_of(object_of(item).get("SourceName"))


def _add(
    messages: MessageList, position: int, row: Mapping[str, Any], chats: Mapping[str, str], me: str
) -> None:
    kind, subtype = integer_of(row.get("type")), integer_of(row.get("subType")) or 0
    if kind is None:
        messages.leave_out(position, N_("the message has no {key}"), key="type")
        return
    content = _content(kind, subtype, row)
    if kind not in _KNOWN:
        messages.unknown += 1
    talker, sender = name_of(row.get("talker")), name_of(row.get("sender"))
    is_me = flag_of(row.get("isSelf"))
    if me and sender:
        is_me = sender == me
    if not sender and content.kind not in UNSPOKEN_KINDS:
        sender = _ME if is_me else talker
    name = name_of(row.get("senderName"))
    if sender == talker and talker in chats and is_me is False:
        name = chats[talker] if name in ("", talker) else name
    time = row.get("time")
    messages.add(
        position,
        content,
        sender=sender,
        sender_name=name,
        is_me=is_me,
        unix=None if isinstance(time, str) else integer_of(time),
        written=time if isinstance(time, str) else "",
        chat=chats.get(talker, ""),
        source_id=id_of(row.get("seq")),
    )
    messages.known_as(sender, name)


_KNOWN: Final = frozenset({1, 34, 37, 47, 48, 49, _NOTICE, 10002, *_KINDS})


def _content(kind: int, subtype: int, row: Mapping[str, Any]) -> Content:
    text, contents = text_of(row.get("content")), object_of(row.get("contents"))
    match kind:
        case 1:
            content = words(text)
        case 34:
            content = voice("")
        case 47:
            content = sticker("")
        case 48:
            place = name_of(contents.get("poiname")) or name_of(contents.get("label"))
            content = named(Kind.LOCATION, place)
        case 37 | 10000 | 10002:
            content = system(text)
        case 49:
            content = _shared(subtype, text, contents)
        case _:
            content = placeholder(_KINDS.get(kind, Kind.OTHER))(text)
    return content


def _shared(subtype: int, text: str, contents: Mapping[str, Any]) -> Content:
    match subtype:
        case 57:
            return Content(Kind.QUOTE, text.strip(), _referred(contents.get("refer")))
        case 1 | 53:
            return words(text) if text else placeholder(Kind.OTHER)(text)
        case 8:
            return sticker("")
        case 87:
            return system(text) if text else Content(Kind.SYSTEM, "[群公告]")
        case _:
            kind = _SHARED_KINDS.get(subtype, Kind.OTHER)
            title = text_of(contents.get("title")) if kind in _NAMED else ""
            return named(kind, title)


def _referred(refer: Any) -> str | None:
    """Return what a quote answers; None where chatlog could not read it."""
    refer = object_of(refer)
    kind = integer_of(refer.get("type"))
    if kind is None:
        return None
    return quoted(_content(kind, integer_of(refer.get("subType")) or 0, refer).text)
