"""DiscordChatExporter JSON: one channel or direct chat a file.

Source: `JsonMessageWriter.cs`, `Message.cs` and the enumerations of DiscordChatExporter 2.
Ids are Discord's own and last. Times have an offset. The file does not say who is me.

Bots and webhooks (`isBot`) are no people: what they write is left out with a warning. Words with
a file beside them are the message's text, its kind is the first file's. A forwarded message keeps
its words behind the placeholder: who forwards did not write them. An embed beside words is what
Discord shows of a link; alone it is a link.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from curation.errors import N_, BadFileError, NoMessagesError
from curation.importers.builder import MessageList
from curation.importers.chat_names import path_name
from curation.importers.contents import Content, named, sticker
from curation.importers.json_values import flag_of, id_of, list_of, name_of, object_of, text_of
from curation.model import PLACEHOLDERS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from curation.importers.document import Document
    from curation.model import SourceFile

_GUILD = re.compile(r"\"guild\"\s*:\s*[{\[]")
_CHANNEL = re.compile(r"\"channel\"\s*:\s*[{\[]")
_OWN_KEYS = re.compile(r"\"(?:dateRange|exportedAt|categoryId|timestampEdited|isPinned)\"\s*:")

_DIRECT: Final = frozenset({"DirectTextChat", "1"})
_DIRECT_GROUP: Final = frozenset({"DirectGroupTextChat", "3"})

_WORDS: Final = frozenset({"", "Default", "Reply", "0", "19", "ThreadStarterMessage", "21"})
_CALLS: Final = frozenset({"Call", "3"})
_NOTICES: Final = frozenset(
    (
        *("RecipientAdd", "RecipientRemove", "ChannelNameChange", "ChannelIconChange"),
        *("ChannelPinnedMessage", "GuildMemberJoin", "ThreadCreated"),
        *("1", "2", *map(str, range(4, 19)), "22", *map(str, range(24, 60))),
    )
)
"""Discord's own sentences, by the exporter's name or, where it has none, by Discord's number."""

_SUFFIXES: Final[Mapping[str, Kind]] = {
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".heic"), Kind.IMAGE),
    **dict.fromkeys((".mp4", ".mov", ".webm", ".mkv", ".avi", ".m4v"), Kind.VIDEO),
}
_VOICE = re.compile(r"voice-message.*\.(?:ogg|oga|opus|m4a|mp3)", re.IGNORECASE)

_EMOJI = re.compile(r"<a?:(\w{1,64}):\d{15,20}>")
_USER = re.compile(r"<@!?(\d{15,20})>")
_OTHER_IDS = re.compile(r"<(?:#|@&|/[^:<>]{1,64}:)\d{15,20}>")
"""Mentions as Discord stores them, in exports whose Markdown was left as it is."""


class DiscordExporterJson:
    """The importer of DiscordChatExporter JSON."""

    format = "DiscordChatExporter JSON"
    suffixes = (".json",)

    def recognises(self, document: Document) -> bool:
        """Return whether the file starts with a guild, a channel and when it was exported."""
        if not document.looks_like_json:
            return False
        head = document.head
        marks = (_GUILD, _CHANNEL, _OWN_KEYS)
        return sum(mark.search(head) is not None for mark in marks) >= _ENOUGH_MARKS

    def read(self, document: Document) -> SourceFile:
        """Return the messages of people; `is_me` is missing for every spoken one."""
        root = object_of(document.json)
        rows = root.get("messages")
        if not isinstance(rows, list):
            raise BadFileError(document.path, N_("the file has no list of messages"))
        chat = _chat_name(document, root)
        messages = MessageList(document, self.format, unit="message", total=len(rows))
        bots = 0
        mentioned: dict[str, None] = {}
        for position, row in enumerate(rows, start=1):
            if not isinstance(row, dict):
                messages.leave_out(position, N_("the message is not an object"))
                continue
            if flag_of(object_of(row.get("author")).get("isBot")):
                bots += 1
                continue
            mentioned.update(dict.fromkeys(_names(list_of(row.get("mentions")))))
            _add(messages, position, row)
        if bots:
            warning = N_("messages of bots were left out: {count}")
            messages.warnings.append(warning.format(count=bots))
            if not len(messages) and not messages.bad_rows:
                raise NoMessagesError(document.path, N_("only bots wrote in this chat"))
        channel = object_of(root.get("channel"))
        number = id_of(channel.get("id"))
        direct = name_of(channel.get("type")) in _DIRECT
        return messages.source_file(
            chat,
            chat_ids={chat: number} if number else {},
            groups=frozenset(() if direct else (chat,)),
            known_names=tuple(mentioned),
        )


_ENOUGH_MARKS: Final = 2


def _chat_name(document: Document, root: dict[str, Any]) -> str:
    """Return the partner's or group's name; a channel's with its server, as both make it one."""
    channel = object_of(root.get("channel"))
    name = name_of(channel.get("name"))
    if name_of(channel.get("type")) in _DIRECT | _DIRECT_GROUP:
        return name or path_name(document.path)
    guild = name_of(object_of(root.get("guild")).get("name"))
    return " - ".join(filter(None, (guild, name))) or path_name(document.path)


def _names(people: list[Any]) -> Iterator[str]:
    for person in people:
        told = object_of(person)
        if not flag_of(told.get("isBot")):
            yield from filter(None, (name_of(told.get("nickname")), name_of(told.get("name"))))


def _add(messages: MessageList, position: int, row: dict[str, Any]) -> None:
    if not isinstance(row.get("author"), dict):
        messages.leave_out(position, N_("the message has no {key}"), key="author")
        return
    author = row["author"]
    names = tuple(dict.fromkeys(_names([{**author, "isBot": False}])))
    kind = name_of(row.get("type"))
    reference = object_of(row.get("reference"))
    forwarded = "forwardedMessage" in row or name_of(reference.get("type")) == "Forward"
    answered = None if forwarded or kind in _NOTICES else id_of(reference.get("messageId"))
    messages.add(
        position,
        _content(row, kind, forwarded=forwarded, answers=answered is not None),
        sender=id_of(author.get("id")) or next(iter(names), ""),
        sender_name=next(iter(names), ""),
        written=text_of(row.get("timestamp")),
        source_id=id_of(row.get("id")),
        reply_id=answered,
    )
    tag = name_of(author.get("discriminator"))
    full = f"{name_of(author.get('name'))}#{tag}" if tag.strip("0") else None
    messages.known_as(id_of(author.get("id")) or next(iter(names), ""), *names, full)


def _content(row: dict[str, Any], kind: str, *, forwarded: bool, answers: bool) -> Content:
    said = _typed(text_of(row.get("content")), row)
    if kind in _CALLS:
        return Content(Kind.CALL, PLACEHOLDERS[Kind.CALL])
    if kind in _NOTICES:
        return Content(Kind.SYSTEM, said.strip() or kind)
    if forwarded:
        inner = object_of(row.get("forwardedMessage"))
        words = _typed(text_of(inner.get("content")), row).strip()
        media = _media(inner)
        shown = words or ("" if media is None else media.text)
        text = f"{PLACEHOLDERS[Kind.FORWARD]} {shown}".strip()
        return Content(Kind.FORWARD, text)
    media = _media(row)
    if media is not None and (media.kind is not Kind.LINK or not said.strip()):
        return Content(media.kind, said) if said.strip() else media
    if said.strip():
        return Content(Kind.QUOTE if answers else Kind.TEXT, said)
    return Content(Kind.OTHER, PLACEHOLDERS[Kind.OTHER])


def _media(row: dict[str, Any]) -> Content | None:
    """Return what a message holds beside words, None where there is nothing else."""
    for item in list_of(row.get("stickers")):
        return sticker(name_of(object_of(item).get("name")))
    for item in list_of(row.get("attachments")):
        return _attachment(object_of(item))
    for item in list_of(row.get("embeds")):
        told = object_of(item)
        author = object_of(told.get("author"))
        return named(Kind.LINK, name_of(told.get("title")) or name_of(author.get("name")))
    return None


def _attachment(told: dict[str, Any]) -> Content:
    name = re.split(r"[\\/]", name_of(told.get("fileName")))[-1]
    if _VOICE.fullmatch(name) is not None:
        return Content(Kind.VOICE, PLACEHOLDERS[Kind.VOICE])
    kind = _SUFFIXES.get(PurePosixPath(name.lower()).suffix, Kind.FILE)
    return named(Kind.FILE, name) if kind is Kind.FILE else Content(kind, PLACEHOLDERS[kind])


def _typed(text: str, row: dict[str, Any]) -> str:
    """Return words without Discord's ids: custom emoji and mentions as people see them."""
    if "<" not in text:
        return text
    people = [object_of(person) for person in list_of(row.get("mentions"))]
    names = {id_of(person.get("id")): next(_names([person]), "") for person in people}
    text = _EMOJI.sub(r":\1:", text)
    text = _USER.sub(lambda mark: f"@{names.get(mark[1], '')}", text)
    return _OTHER_IDS.sub("", text)
