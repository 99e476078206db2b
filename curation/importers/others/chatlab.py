"""ChatLab 0.0.1 and 0.0.2: one JSON object, or JSON lines.

Source: ChatLab's format specification (docs/cn/chatlab-format.md, 0.0.2) and its own readers; the
exporters of WeFlow and CipherTalk. `meta.ownerId` (0.0.2) is me. `accountName` is the name that
writers show: a remark, else a nickname. A notice's sender is the chat. Some writers fall back to a
running number as `platformMessageId` where a message has no lasting one.

Lines are read one after the other, so that a chat of gigabytes needs no more than its columns.
Header and member lines may stand anywhere; a file of several exports laid end to end has several
headers. What this program wrote itself is taken word for word.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import orjson

from curation.errors import N_, BadFileError, NoMessagesError
from curation.importers.builder import MessageList
from curation.importers.chat_names import path_name
from curation.importers.contents import Content
from curation.importers.document import check_depth
from curation.importers.others.chatlab_contents import KINDS, TEXT, content_of, exact_content
from curation.importers.people import spoken
from curation.model import PLACEHOLDERS, UNSPOKEN_KINDS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from curation.importers.document import Document
    from curation.model import SourceFile

OURS: Final = "Ruwo"
"""The generator of files that this program wrote."""

_JSON = re.compile(r'"chatlab"\s*:\s*\{')
_LINE = re.compile(
    r'^[^\n"{]*\{[^\n{\[]{0,400}"_type"\s*:\s*"(?:header|member|message)"', re.MULTILINE
)
"""A line of a known type; misses one whose type stands behind an object or a list."""

_LIST: Final = re.compile(r'\A\s*\{(?!\s*"_type").*"messages"\s*:\s*\[', re.DOTALL)
_LINE_KEYS = re.compile(r'"(?:chatlab|accountName|platformId|timestamp)"\s*:')

_TICK_EVERY: Final = 20_000
_FORWARD: Final = Content(Kind.FORWARD, PLACEHOLDERS[Kind.FORWARD])
_MOST_DIGITS: Final = 40


class ChatLabJson:
    """The importer of ChatLab JSON."""

    format = "ChatLab JSON"
    suffixes = (".json",)

    def recognises(self, document: Document) -> bool:
        """Return whether a ChatLab header stands at the beginning of one JSON object."""
        head = document.head
        return (
            head.lstrip().startswith("{")
            and _JSON.search(head) is not None
            and not _has_lines(document)
        )

    def read(self, document: Document) -> SourceFile:
        """Return the messages; me is `meta.ownerId`, where it stands."""
        content = document.json
        if not isinstance(content, dict) or not isinstance(content.get("messages"), list):
            raise BadFileError(document.path, N_("the file has no list of messages"))
        entries = content["messages"]
        messages = MessageList(document, self.format, unit="message", total=len(entries))
        reader = _Reader(messages)
        reader.header(content)
        members = content.get("members")
        for member in members if isinstance(members, list) else ():
            if isinstance(member, dict):
                reader.member(member)
        for position, entry in enumerate(entries, start=1):
            if isinstance(entry, dict):
                reader.message(position, entry)
            else:
                messages.leave_out(position, N_("the message is not an object"))
        return reader.source_file()


class ChatLabLines:
    """The importer of ChatLab JSON lines."""

    format = "ChatLab JSONL"
    suffixes = (".jsonl",)

    def recognises(self, document: Document) -> bool:
        """Return whether a line near the beginning has one of ChatLab's line types."""
        return _has_lines(document)

    def read(self, document: Document) -> SourceFile:
        """Return the messages; me is `ownerId` of the header, where it stands."""
        messages = MessageList(document, self.format)
        reader = _Reader(messages)
        for number, entry in _entries(document, messages):
            kind = entry.get("_type")
            if kind == "message":
                reader.message(number, entry)
            elif kind == "member":
                reader.member(entry)
            elif kind == "header":
                reader.header(entry)
            else:
                messages.leave_out(number, N_("the line is no header, member or message"))
        return reader.source_file()


def _has_lines(document: Document) -> bool:
    head = document.head
    return (
        _LINE.search(head) is not None
        and _LINE_KEYS.search(head) is not None
        and _LIST.match(head) is None
    )


def _entries(document: Document, messages: MessageList) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield number (from 1) and object of every line; note the others as bad."""
    raw = document.utf8.removeprefix(b"\xef\xbb\xbf")
    nesting = document.options.limits.nesting
    lines = io.BytesIO(raw)
    for number, line in enumerate(lines, start=1):
        if not number % _TICK_EVERY:
            document.tick(lines.tell(), len(raw))
        try:
            entry = orjson.loads(line)
        except orjson.JSONDecodeError:
            if not line.strip() or line.lstrip().startswith(b"#"):
                continue
            try:
                entry = _parsed_exactly(document.path, number, line)
            except BadFileError as error:
                messages.bad_rows.append(error)
                continue
        if type(entry) is not dict:
            messages.leave_out(number, N_("the line is not an object"))
        elif line.count(b"{") + line.count(b"[") > nesting and _too_deep(document, line):
            reason = N_("the JSON is nested deeper than {limit} levels (see the settings)")
            messages.leave_out(number, reason, limit=nesting)
        else:
            yield number, entry


def _parsed_exactly(path: Path, number: int, line: bytes) -> Any:
    """Return a line that the fast parser refuses: half a character in an escape is no error here.

    Raises BadFileError where it is not JSON.
    """
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as exc:
        reason = N_("the text is damaged here: it is not valid UTF-8")
        raise BadFileError(path, reason, line=number) from exc
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise BadFileError(path, N_("this is not valid JSON"), line=number) from exc


def _too_deep(document: Document, line: bytes) -> bool:
    try:
        check_depth(document.path, line, document.options.limits.nesting)
    except BadFileError:
        return True
    return False


class _Reader:
    """Headers, members and messages of one file, in the order they come."""

    def __init__(self, messages: MessageList) -> None:
        self._messages = messages
        self._content_of = content_of
        self._exact = False  # what follows was written by this program
        self._all_exact = True
        self._headers = 0
        self._name = ""  # of the first header's chat
        self._chat = ""  # of the messages that come now; empty for the first header's
        self._owners: set[str] = set()
        self._groups: set[str] = set()
        self._types: dict[str, str] = {}
        self._chat_ids: dict[str, str] = {}
        self._names: dict[str, str] = {}  # what members are called
        self._seen: set[tuple[str, str, str | None]] = set()
        self._members: dict[str, dict[str, None]] = {}
        self._others: dict[str, None] = {}  # names inside forwarded chats

    def header(self, entry: Mapping[str, Any]) -> None:
        """Take name, type, ids and owner of the chat whose messages follow."""
        meta = entry.get("meta")
        meta = meta if isinstance(meta, dict) else {}
        chatlab = entry.get("chatlab")
        generator = chatlab.get("generator") if isinstance(chatlab, dict) else None
        self._exact = generator == OURS
        self._all_exact &= self._exact
        self._content_of = exact_content if self._exact else content_of
        name = meta.get("name")
        if not self._exact or not isinstance(name, str):
            name = _plain(name)
        if not self._headers:
            self._name = name
        else:
            self._chat = name if name != self._name else ""
        self._headers += 1
        owner = _id(meta.get("ownerId"))
        if owner:
            self._owners.add(owner)
            self._member_names(owner, meta.get("ownerWechatAlias"), meta.get("ownerWechatId"))
        group = _id(meta.get("groupId"))
        kind = meta.get("type")
        if kind == "group" or (kind != "private" and group):
            self._groups.add(name)
            self._types[name] = "group"
        elif kind == "private":
            self._types[name] = "private"
        if group:
            self._chat_ids[name] = group

    def member(self, entry: Mapping[str, Any]) -> None:
        """Take the names of one member."""
        sender = _id(entry.get("platformId"))
        if not sender:
            return
        account, card = _plain(entry.get("accountName")), _plain(entry.get("groupNickname"))
        if name := account or card:
            self._names.setdefault(sender, name)
        aliases = entry.get("aliases")
        aliases = aliases if isinstance(aliases, list) else []
        if not self._exact:
            aliases = [account, card, entry.get("wechatAlias"), entry.get("wechatId"), *aliases]
        self._member_names(sender, *aliases)

    def _member_names(self, sender: str, *names: Any) -> None:
        known = self._members.setdefault(sender, {})
        known.update(dict.fromkeys(name for each in names if (name := _plain(each))))

    def message(self, position: int, entry: Mapping[str, Any]) -> None:
        """Take one message."""
        get = entry.get
        text = get("content")
        if type(text) is not str and (text := _words(text)) is None:
            reason = N_("{key} is not a text")
            self._messages.leave_out(position, reason, key="content")
            return
        code = get("type")
        content = self._content(code if type(code) is int else _number(code), text, entry)
        reply_id = get("replyToMessageId")
        if reply_id is not None:
            reply_id = _id(reply_id)
            if reply_id and content.kind is Kind.TEXT and not self._exact:
                content = content._replace(kind=Kind.QUOTE)
        sender, name = self._who(entry)
        if not (sender or self._exact or content.kind in UNSPOKEN_KINDS):
            self._messages.leave_out(position, N_("the sender is missing"))
            return
        unix, written = _time(get("timestamp"))
        source_id = get("platformMessageId")
        self._messages.add(
            position,
            content,
            sender=sender,
            sender_name=name,
            unix=unix,
            written=written,
            chat=self._chat,
            source_id=source_id if type(source_id) is str else _id(source_id),
            reply_id=reply_id,
        )

    def _who(self, entry: Mapping[str, Any]) -> tuple[str, str]:
        """Return id and name of a message's sender; other names it has are remembered."""
        sender, name = entry.get("sender"), entry.get("accountName")
        card = entry.get("groupNickname")
        if type(sender) is not str:
            sender = _id(sender)
        if type(name) is not str:
            name = _plain(name)
        if card is not None:
            card = _plain(card)
        key = (sender, name, card)
        if key in self._seen:  # nearly always
            return sender or self._fallback(name), name
        self._seen.add(key)
        sender = sender or self._fallback(name)
        if not self._exact:
            self._messages.known_as(sender, name, card)
        return sender, name

    def _fallback(self, name: str) -> str:
        return "" if self._exact else name

    def _content(self, code: int, text: str, entry: Mapping[str, Any]) -> Content:
        records = entry.get("chatRecords")
        if records and isinstance(records, list):
            for record in records:
                if isinstance(record, dict) and (name := _plain(record.get("accountName"))):
                    self._others[name] = None
            return _FORWARD
        if code not in KINDS:
            self._messages.unknown += 1
        return self._content_of(code, text)

    def source_file(self) -> SourceFile:
        """Return the file; its chats are named, and mine are the owners' messages."""
        messages = self._messages
        path = messages.document.path
        if not len(messages) and not messages.bad_rows:
            raise NoMessagesError(path, N_("the file holds no messages"))
        speakers = {sender or self._fallback(name) for sender, name, _card in self._seen}
        silent: dict[str, None] = dict(self._others)
        for member, names in self._members.items():
            if member in speakers:
                messages.known_as(member, *names)
            else:
                silent.update(names)
        default = self._name or self._partner(speakers) or _name_of(path)
        source = messages.source_file(
            default,
            known_names=tuple(silent),
            groups=frozenset(name or default for name in self._groups),
        )
        exact = self._all_exact and self._headers > 0
        if not exact:
            source = _with_names(source, self._names)
        source = _with_owners(source, self._owners, sure=exact)
        return replace(source, chat_ids=self._ids(source, default))

    def _partner(self, speakers: set[str]) -> str:
        """Return the name of the other one in a chat of two, empty in any other chat."""
        others = [sender for sender in speakers if sender not in self._owners]
        if self._types.get("") == "group" or not self._owners or len(others) != 1:
            return ""
        (other,) = others
        called = [name for sender, name, _card in self._seen if sender == other and name]
        return self._names.get(other) or (called[0] if called else "")

    def _ids(self, source: SourceFile, default: str) -> dict[str, str]:
        """Return the platform's ids of the chats; a private one has its partner's."""
        rows = source.messages
        held = set(rows["chat"].unique())
        found = {name or default: number for name, number in self._chat_ids.items()}
        ids = {name: number for name, number in found.items() if name in held}
        for name, kind in self._types.items():
            chat = name or default
            if kind != "private" or chat in ids:
                continue
            theirs = (rows["chat"] == chat) & spoken(rows) & ~rows["is_me"].fillna(value=True)
            others = rows.loc[theirs, ["sender", "sender_name"]].drop_duplicates("sender")
            # Some exporters know people by name only; a name is no id.
            if len(others) == 1 and others["sender"].iloc[0] != others["sender_name"].iloc[0]:
                ids[chat] = str(others["sender"].iloc[0])
        return ids


def _with_names(source: SourceFile, names: Mapping[str, str]) -> SourceFile:
    """Return the file with the members' names where a message says only its sender's id."""
    messages = source.messages
    nameless = (messages["sender_name"] == messages["sender"]) & messages["sender"].isin(names)
    if not nameless.any():
        return source
    named = messages["sender_name"].mask(nameless, messages["sender"].map(names))
    return replace(source, messages=messages.assign(sender_name=named.astype("str")))


def _with_owners(source: SourceFile, owners: set[str], *, sure: bool) -> SourceFile:
    """Return the file with `is_me` filled in, as far as the file says who its owner is.

    Unless the owners are `sure`, a private chat of several people without the owner says nothing:
    with an id that some exporter cut short, everybody would be another.
    """
    if not owners:
        return source
    messages = source.messages
    said = spoken(messages)
    mine = messages["sender"].isin(owners) & said
    if sure:
        return replace(source, messages=messages.assign(is_me=mine.astype("boolean")))
    pairs = messages.loc[said, ["chat", "sender"]].drop_duplicates()
    speakers = pairs.groupby("chat")["sender"]
    silent = {
        chat
        for chat, senders in speakers
        if len(senders) > 1 and chat not in source.groups and owners.isdisjoint(senders)
    }
    is_me = mine.astype("boolean").mask(messages["chat"].isin(silent) & said)
    return replace(source, messages=messages.assign(is_me=is_me))


def _name_of(path: Path) -> str:
    return path_name(path.with_suffix("") if path.stem.endswith(".chatlab") else path)


def _plain(value: Any) -> str:
    """Return a name as a text without halves of characters; empty for anything that is no name."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    if isinstance(value, int):
        return _id(value)
    return value.strip().encode("utf-8", "ignore").decode()


def _id(value: Any) -> str:
    """Return an id as a text; empty for anything that is none, such as a rounded number."""
    if isinstance(value, str):
        return "" if value == "0" else value
    if isinstance(value, bool) or not isinstance(value, int):
        return ""
    return str(value) if 0 < abs(value) < 10**_MOST_DIGITS else ""


def _words(value: Any) -> str | None:
    """Return a content that is no text as one; None where it cannot be."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return _id(value) if isinstance(value, int) else str(value)


def _number(value: Any) -> int:
    """Return the type of a message; one that says nothing is words."""
    if value is None:
        return TEXT
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < _MOST_DIGITS:
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return -1


def _time(value: Any) -> tuple[int | None, str]:
    """Return a time as unix seconds or milliseconds, or as it is written."""
    if type(value) is int:
        return value, ""
    if isinstance(value, float):
        return (int(value), "") if abs(value) < 10**_MOST_DIGITS else (0, "")
    return None, value if isinstance(value, str) else ""
