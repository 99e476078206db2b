"""QQChatExporter JSON of versions 4, 5 and 6; also its export in parts.

Source: the JSON exporters, both message parsers and the chunk writer of qq-chat-exporter. Version
4 writes `messageId`, an ISO time and `messageType`; later ones `id` and milliseconds. The text of
one parser's messages holds its pictures, cards and replies as markers beside the same as elements,
the other's elements are the message piece by piece: the first text element of the former equals
the whole text. `name` of a sender may be the number where nothing else was known. A recalled
message keeps its text in the file, and in what quotes it: neither is taken over.

An export in parts is a `manifest.json` that lists the files beside it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from curation.errors import N_, BadFileError
from curation.importers.builder import MessageList
from curation.importers.chat_names import path_name
from curation.importers.contents import Content
from curation.importers.document import check_depth, open_document
from curation.importers.json_values import (
    flag_of,
    id_of,
    integer_of,
    list_of,
    name_of,
    object_of,
    text_of,
)
from curation.importers.qq import qq_text
from curation.importers.qq.qq_exporter_body import Reply, content_of
from curation.model import PLACEHOLDERS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from curation.importers.document import Document
    from curation.model import SourceFile

_TOOL = re.compile(r"\"(?:name|title|generator)\"\s*:\s*\"QQChatExporter")
_CHAT_INFO = re.compile(r"\"chatInfo\"\s*:\s*[{\[]")
_OWN_KEYS = re.compile(r"\"(?:selfUid|selfUin|statistics|chunked)\"\s*:")

_NOBODY: Final = frozenset({"", "0", "未知", "未知用户", "unknown", "undefined", "null"})

_FILE_ID = re.compile(r"(?:group|friend|private|temp)_(?:.*_)?(u_[\w-]+|\d{5,12})_\d{8}_\d{6}")
"""The chat's id in the file's name, `group_123456_20240501_200000`."""

_GROUP: Final = "group"


@dataclass
class _People:
    """Who is who in the file, gathered before the messages are read."""

    numbers: dict[str, str] = field(default_factory=dict)  # uid -> QQ number
    names: dict[str, dict[str, str]] = field(default_factory=dict)  # sender -> kind -> name
    ids: set[str] = field(default_factory=set)
    recalled: set[str] = field(default_factory=set)

    def key(self, sender: dict[str, Any]) -> str:
        """Return the lasting id of a sender: the QQ number, else the uid, else the name."""
        uid, uin = name_of(sender.get("uid")), name_of(sender.get("uin"))
        uin = uin if uin not in _NOBODY else self.numbers.get(uid, "")
        if uin:
            return uin
        return uid if uid not in _NOBODY else name_of(sender.get("name"))

    def meet(self, row: dict[str, Any]) -> None:
        """Remember what one message tells about its sender and itself."""
        sender = _sender(row)
        uid, uin = name_of(sender.get("uid")), name_of(sender.get("uin"))
        if uid not in _NOBODY and uin not in _NOBODY:
            self.numbers[uid] = uin
        number = _id(row)
        if number is not None:
            self.ids.add(number)
            if _is_recalled(row):
                self.recalled.add(number)

    def name(self, row: dict[str, Any]) -> None:
        """Remember the names one message gives to its sender; the latest of each kind counts."""
        sender = _sender(row)
        known = self.names.setdefault(self.key(sender), {})
        for kind in ("remark", "groupCard", "nickname", "name"):
            name = name_of(sender.get(kind))
            if name not in _NOBODY and name not in (sender.get("uid"), text_of(sender.get("uin"))):
                known[kind] = name

    def shown(self, key: str) -> str:
        """Return the name of a sender as a person reads it."""
        known = self.names.get(key, {})
        found = (known.get(kind) for kind in ("remark", "groupCard", "name", "nickname"))
        return next((name for name in found if name), key)


class QQExporterJson:
    """The importer of QQChatExporter JSON, in one file or in parts."""

    format = "QQChatExporter JSON"
    suffixes = (".json",)

    def recognises(self, document: Document) -> bool:
        """Return whether QQChatExporter wrote the file."""
        if not document.looks_like_json:
            return False
        head = document.head
        return _TOOL.search(head) is not None or (
            _CHAT_INFO.search(head) is not None and _OWN_KEYS.search(head) is not None
        )

    def read(self, document: Document) -> SourceFile:
        """Return the messages; who is me is said by `selfUid` or `selfUin`."""
        root = object_of(document.json)
        chat = object_of(root.get("chatInfo"))
        rows = _Rows(document, root)
        messages = MessageList(document, self.format, unit="message", total=rows.total)
        people = _People()
        for _, row in rows:
            people.meet(row)
        for _, row in rows:
            people.name(row)
        me = _me(chat, people)
        group = name_of(chat.get("type")).lower() == _GROUP
        for position, row in rows:
            _add(messages, position, row, people, me)
        messages.bad_rows += rows.errors
        name = _chat_name(document.path, chat, people, me, group=group)
        account = _account(document.path, chat)
        me_name = name_of(chat.get("selfName"))
        return messages.source_file(
            name,
            chat_ids={name: account} if account else {},
            groups=frozenset({name} if group else ()),
            known_names=(me_name,)
            if me_name not in ("", *people.names.get(me, {}).values())
            else (),
        )


class _Rows:
    """The messages of a file or of the parts that it lists, as often as they are wanted.

    `errors` are what could not be read in the last round.
    """

    def __init__(self, document: Document, root: dict[str, Any]) -> None:
        self.document = document
        self.errors: list[BadFileError] = []
        self.parts = [
            object_of(part) for part in list_of(object_of(root.get("chunked")).get("chunks"))
        ]
        self.rows: list[Any] = []
        self.total = 0
        if self.parts:
            self.total = sum(max(integer_of(part.get("count")) or 0, 0) for part in self.parts)
            return
        if isinstance(root.get("messages"), list):
            self.rows = root["messages"]
        elif isinstance(root.get("chunks"), list):  # an older way to write parts into one file
            chunks = (object_of(chunk) for chunk in root["chunks"])
            self.rows = [row for chunk in chunks for row in list_of(chunk.get("messages"))]
        else:
            raise BadFileError(document.path, N_("the file has no list of messages"))
        self.total = len(self.rows)

    def __iter__(self) -> Iterator[tuple[int, dict[str, Any]]]:
        self.errors = []
        rows = self._from_parts() if self.parts else self._from_list()
        yield from rows

    def _from_list(self) -> Iterator[tuple[int, dict[str, Any]]]:
        for position, row in enumerate(self.rows, start=1):
            if isinstance(row, dict):
                yield position, row
            else:
                self._bad(N_("the message is not an object"), f"message {position}")

    def _from_parts(self) -> Iterator[tuple[int, dict[str, Any]]]:
        position = 0
        for number, part in enumerate(self.parts, start=1):
            path = self._path(number, part)
            if path is None:
                continue
            try:
                text = self._text(path)
            except BadFileError as error:
                self._bad(error.reason, path.name, **error.values)
                continue
            for line, written in enumerate(text.split("\n"), start=1):
                if not written.strip():
                    continue
                position += 1
                try:
                    row = json.loads(written)
                except (ValueError, RecursionError):
                    self._bad(N_("this is not valid JSON"), f"{path.name}, line {line}")
                    continue
                if isinstance(row, dict):
                    yield position, row
                else:
                    self._bad(N_("the message is not an object"), f"{path.name}, line {line}")

    def _text(self, path: Path) -> str:
        part = open_document(path, self.document.options)
        check_depth(path, part.raw, self.document.options.limits.nesting)
        return part.text

    def _path(self, number: int, part: dict[str, Any]) -> Path | None:
        """Return where a part lies; None, and an error, where it must not be read or is not."""
        written = name_of(part.get("relativePath")) or f"chunks/{name_of(part.get('fileName'))}"
        relative = PurePosixPath(written.replace("\\", "/"))
        folder = self.document.path.parent
        place = f"part {number}"
        parts = relative.parts
        if relative.is_absolute() or ".." in parts or any(":" in name for name in parts):
            self._bad(N_("the part does not lie beside its manifest and is not read"), place)
            return None
        path = folder.joinpath(*parts)
        try:
            inside = path.resolve().is_relative_to(folder.resolve())
            there = path.is_file()
        except (OSError, ValueError, RuntimeError):  # names no file can have, loops of links
            inside = there = False
        if there and not inside:
            self._bad(N_("the part does not lie beside its manifest and is not read"), place)
            return None
        if not there:
            reason = N_("the part {name} is missing; the whole folder is needed")
            self._bad(reason, place, name=relative.name or number)
            return None
        return path

    def _bad(self, reason: str, place: str, **values: Any) -> None:
        self.errors.append(BadFileError(self.document.path, reason, place=place, **values))


def _sender(row: dict[str, Any]) -> dict[str, Any]:
    """Return the sender of a message; version 4 keeps some of its names in the raw message."""
    sender = object_of(row.get("sender"))
    raw = object_of(row.get("rawMessage"))
    if not raw:
        return sender
    told = {
        "uid": raw.get("senderUid"),
        "uin": raw.get("senderUin"),
        "nickname": raw.get("sendNickName"),
        "groupCard": raw.get("sendMemberName"),
        "remark": raw.get("sendRemarkName"),
    }
    return {**{key: value for key, value in told.items() if name_of(value)}, **sender}


def _id(row: dict[str, Any]) -> str | None:
    number = id_of(row.get("id")) or id_of(row.get("messageId"))
    return None if number == "0" else number


def _is_recalled(row: dict[str, Any]) -> bool:
    if flag_of(row.get("recalled")) or flag_of(row.get("isRecalled")):
        return True
    return name_of(object_of(row.get("rawMessage")).get("recallTime")) not in ("", "0")


def _me(chat: dict[str, Any], people: _People) -> str:
    """Return the key under which I speak, empty where the file does not say."""
    uid, uin = name_of(chat.get("selfUid")), name_of(chat.get("selfUin"))
    if uin not in _NOBODY:
        return uin
    return people.key({"uid": uid}) if uid not in _NOBODY else ""


def _chat_name(path: Path, chat: dict[str, Any], people: _People, me: str, *, group: bool) -> str:
    name = name_of(chat.get("name"))
    ids = {name_of(chat.get("peerUid")), name_of(chat.get("peerUin")), *people.numbers}
    if name not in _NOBODY and name != "未知聊天" and name not in ids:
        return name
    others = [key for key in people.names if key != me]
    if me and not group and len(others) == 1:
        return people.shown(others[0])
    return name if name not in _NOBODY else path_name(path)


def _account(path: Path, chat: dict[str, Any]) -> str:
    for key in ("peerUin", "groupCode", "peerUid"):
        if (number := name_of(chat.get(key))) not in _NOBODY:
            return number
    match = _FILE_ID.match(path.stem)
    return "" if match is None else match[1]


def _add(
    messages: MessageList, position: int, row: dict[str, Any], people: _People, me: str
) -> None:
    if "content" not in row and not _is_recalled(row):
        messages.leave_out(position, N_("the message has no {key}"), key="content")
        return
    sender = _sender(row)
    key = people.key(sender)
    body = object_of(row.get("content"))
    text = text_of(row.get("content")) or text_of(body.get("text"))
    reply = Reply.of(body, people.ids, people.recalled)
    if _is_recalled(row):
        content = Content(Kind.RECALL, PLACEHOLDERS[Kind.RECALL])
        reply = Reply()
    elif _is_system(row):
        content = qq_text.system(text or _system_text(body))
    else:
        content = content_of(body, text, reply)
    stamp = integer_of(row.get("timestamp"))
    written = text_of(row.get("timestamp")) if stamp is None else ""
    messages.add(
        position,
        content,
        sender=key,
        sender_name=people.shown(key),
        is_me=key == me if me else None,
        unix=stamp,
        written=written or ("" if stamp else text_of(row.get("time"))),
        source_id=_id(row),
        reply_id=reply.id,
    )
    messages.known_as(key, *people.names.get(key, {}).values(), name_of(sender.get("uid")))


def _is_system(row: dict[str, Any]) -> bool:
    if flag_of(row.get("system")) or flag_of(row.get("isSystemMessage")):
        return True
    return name_of(row.get("type")) == "system"


def _system_text(body: dict[str, Any]) -> str:
    for element in list_of(body.get("elements")):
        data = object_of(object_of(element).get("data"))
        if found := text_of(data.get("text")) or text_of(data.get("summary")):
            return found
    return ""
