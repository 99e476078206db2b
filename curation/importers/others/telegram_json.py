r"""Telegram Desktop's `result.json`: one chat, or all of them.

Source: `export_output_json.cpp` of Telegram Desktop, and its documentation of the export. What
this importer makes of it:

- Me: the export of all chats has `personal_information.user_id`, and `from_id` is `user<id>`. The
  export of one private chat has the partner's number as the chat's `id`, so whoever else speaks is
  me; it counts only where the partner bears the chat's name. Elsewhere the person is asked.
- Ids: a message's number is its own only within its chat, so `source_id` is `<chat id>_<number>`,
  the same in every export of that chat. An answer to a message of another chat keeps no `reply_id`.
- Time: `date_unixtime`; exports before 2021 have only `date`, the exporting computer's local time.
- Forwarded messages, and what an inline bot wrote for somebody, are forwards with their words
  behind the placeholder: nobody of the chat wrote them, so they must not teach how I write.
- Words below a picture, video or file are the message's text; its kind stays what it is.
- In the export of all chats, channels, bots and Saved Messages are left out with a warning: nobody
  answers there, or nobody human. Whoever exports one of them alone wants it, and gets it.
- Telegram writes control characters as `\x1F`, which is no JSON: they are taken as what is meant.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from curation.errors import N_, BadFileError
from curation.importers.builder import MessageList
from curation.importers.chat_names import is_generic, path_name
from curation.importers.json_values import (
    id_of,
    integer_of,
    list_of,
    name_of,
    object_of,
    text_of,
)
from curation.importers.others.telegram_content import content_of, phone_call, service
from curation.importers.others.telegram_parts import Rows, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curation.importers.document import Document
    from curation.model import SourceFile

_TYPES: Final = (
    "personal_chat|bot_chat|saved_messages|replies|verification_codes"
    "|(?:private|public)_(?:group|supergroup|channel)|channel"
)
_ONE_CHAT = re.compile(rf"\"type\"\s*:\s*\"(?:{_TYPES})\"")
_ALL_CHATS = re.compile(
    r"\A\s*\{\s*\"about\"\s*:|\"(?:personal_information|frequent_contacts|left_chats)\"\s*:\s*\{"
)
_MESSAGES = re.compile(r"\"(?:messages|chats|left_chats|personal_information)\"\s*:")
_OWN_KEYS = re.compile(r"\"(?:date_unixtime|text_entities|from_id|actor_id)\"\s*:")

_GROUPS: Final = frozenset(
    {"private_group", "private_supergroup", "public_group", "public_supergroup"}
)
_PRIVATE: Final = "personal_chat"
_NOBODY: Final = frozenset(
    {
        *("saved_messages", "replies", "verification_codes", "bot_chat"),
        *("private_channel", "public_channel", "channel"),
    }
)
_SAVED: Final = "Saved Messages"

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class _Chat:
    """One chat of the file; `partner` is the key of whom a private one is with."""

    id: str
    name: str
    kind: str
    rows: list[Any] | Rows
    partner: str = ""

    @property
    def size(self) -> int:
        """About how many messages there are."""
        return self.rows.size if isinstance(self.rows, Rows) else len(self.rows)


class TelegramJson:
    """The importer of Telegram Desktop's JSON."""

    format = "Telegram Desktop JSON"
    suffixes = (".json",)

    def recognises(self, document: Document) -> bool:
        """Return whether the file starts like an export of one chat or of all."""
        if not document.looks_like_json:
            return False
        head = document.head
        if _ALL_CHATS.search(head) is not None:
            return _MESSAGES.search(head) is not None
        return _ONE_CHAT.search(head) is not None and (
            _MESSAGES.search(head) is not None or _OWN_KEYS.search(head) is not None
        )

    def read(self, document: Document) -> SourceFile:
        """Return the messages of every chat in which people talk."""
        root = object_of(parsed(document))
        chats, left_out = _chats(document, root)
        total = sum(chat.size for chat in chats)
        messages = MessageList(document, self.format, unit="message", total=total)
        owner = _owner(root)
        contacts: dict[str, None] = dict.fromkeys(_contacts(root))
        position = 0
        for chat in chats:
            me = owner or _Me(chat)
            for row in chat.rows:
                position += 1
                if isinstance(row, dict):
                    _add(messages, position, row, chat, me)
                    contacts.update(dict.fromkeys(_shared_contact(row)))
                else:
                    messages.leave_out(position, N_("the message is not an object"))
        if left_out:
            warning = N_("chats in which no people talk were left out (channels, bots): {count}")
            messages.warnings.append(warning.format(count=left_out))
        spoken_to = {chat.name for chat in chats}
        return messages.source_file(
            path_name(document.path),
            chat_ids={chat.name: chat.id for chat in chats if chat.id},
            groups=frozenset(chat.name for chat in chats if chat.kind in _GROUPS),
            known_names=tuple(name for name in contacts if name and name not in spoken_to),
        )


def _chats(document: Document, root: dict[str, Any]) -> tuple[list[_Chat], int]:
    """Return the chats to read and how many were left out."""
    lists = [object_of(root.get(key)).get("list") for key in ("chats", "left_chats")]
    if not any(isinstance(each, list) for each in lists):
        if not isinstance(root.get("messages"), list | Rows):
            raise BadFileError(document.path, N_("the file has no list of messages"))
        return [_chat(document, root)], 0
    told = [chat for each in lists for chat in list_of(each) if isinstance(chat, dict)]
    kept = [chat for chat in told if name_of(chat.get("type")) not in _NOBODY]
    return _distinct([_chat(document, chat) for chat in kept]), len(told) - len(kept)


def _chat(document: Document, told: dict[str, Any]) -> _Chat:
    kind, number = name_of(told.get("type")), id_of(told.get("id")) or ""
    partner = f"user{number}" if kind == _PRIVATE and number else ""
    name = name_of(told.get("name")) or (_SAVED if kind == "saved_messages" else "")
    if not name:
        file = path_name(document.path)
        generic = is_generic(file)
        name = partner or (f"{kind}{number}" if number and generic else file)
    rows = told.get("messages")
    return _Chat(number, name, kind, rows if isinstance(rows, Rows) else list_of(rows), partner)


def _distinct(chats: list[_Chat]) -> list[_Chat]:
    """Return the chats; those that share a name bear their number behind it."""
    ids: dict[str, set[str]] = {}
    for chat in chats:
        ids.setdefault(chat.name, set()).add(chat.id)
    return [
        _Chat(chat.id, f"{chat.name} ({chat.id})", chat.kind, chat.rows, chat.partner)
        if len(ids[chat.name]) > 1 and chat.id
        else chat
        for chat in chats
    ]


class _Me:
    """Who of a chat's senders is me; `known` is whether the file tells it."""

    def __init__(self, chat: _Chat | None = None, *, key: str = "") -> None:
        self.key = key
        self.partner = ""
        if chat is not None and chat.partner:
            names = Counter((_person(row), name_of(row.get("from"))) for row in _spoken(chat.rows))
            others = {key for key, _ in names if key != chat.partner}
            called = {name for key, name in names if key == chat.partner and name}
            if len(others) <= 1 and (chat.name in called or not called):
                elsewhere = any(name == chat.name for key, name in names if key in others)
                self.partner = "" if elsewhere and chat.name not in called else chat.partner

    def is_me(self, sender: str) -> bool | None:
        """Return whether a sender is me, None where the file does not tell."""
        if self.key:
            return sender == self.key
        return sender != self.partner if self.partner and sender else None


def _spoken(rows: list[Any] | Rows) -> Iterator[dict[str, Any]]:
    for row in rows:
        if isinstance(row, dict) and name_of(row.get("type")) == "message" and _person(row):
            yield row


def _owner(root: dict[str, Any]) -> _Me | None:
    number = id_of(object_of(root.get("personal_information")).get("user_id"))
    return _Me(key=f"user{number}") if number else None


def _contacts(root: dict[str, Any]) -> Iterator[str]:
    """Yield the names in the address book and of the owner, who may speak nowhere in the file."""
    contacts = list_of(object_of(root.get("contacts")).get("list"))
    for person in (root.get("personal_information"), *contacts):
        told = object_of(person)
        first, last = name_of(told.get("first_name")), name_of(told.get("last_name"))
        yield from (f"{first} {last}".strip(), first, last)
        yield name_of(told.get("username")).removeprefix("@")
    for peer in list_of(object_of(root.get("frequent_contacts")).get("list")):
        yield name_of(object_of(peer).get("name"))


def _person(row: dict[str, Any], key: str = "from") -> str:
    """Return who sent a message; before 2021 a user's id was a bare number."""
    number = name_of(row.get(f"{key}_id"))
    if _NUMBER.fullmatch(number) is not None:
        return f"user{number}"
    return number or name_of(row.get(key))


def _shared_contact(row: dict[str, Any]) -> Iterator[str]:
    contact = row.get("contact_information")
    if isinstance(contact, dict):
        yield from _contacts({"personal_information": contact})


def _add(messages: MessageList, position: int, row: dict[str, Any], chat: _Chat, me: _Me) -> None:
    kind = name_of(row.get("type"))
    if kind == "unsupported":  # Telegram writes nothing of it, not even when it was sent
        messages.unknown += 1
        return
    answered = _lasting(row, chat, "reply_to_message_id")
    if kind == "service":
        sender, name = _person(row, "actor"), name_of(row.get("actor"))
        content = phone_call() if row.get("action") == "phone_call" else service(row)
    elif _SAYING.isdisjoint(row):
        messages.leave_out(position, N_("the message has no {key}"), key="text")
        return
    else:
        sender, name = _person(row), name_of(row.get("from"))
        content = content_of(row, answers=answered is not None)
    stamp = integer_of(row.get("date_unixtime"))
    messages.add(
        position,
        content,
        sender=sender,
        sender_name=name or (chat.name if sender and sender == chat.partner else sender),
        is_me=me.is_me(sender),
        unix=stamp,
        written="" if stamp is not None else text_of(row.get("date")),
        chat=chat.name,
        source_id=_lasting(row, chat, "id"),
        reply_id=answered,
    )
    messages.known_as(sender, name, name_of(row.get("author")))


_SAYING: Final = frozenset(("text", "text_entities", "from", "from_id"))


def _lasting(row: dict[str, Any], chat: _Chat, key: str) -> str | None:
    """Return a message's id, unique among all chats; None where it lies in another chat."""
    number = id_of(row.get(key))
    peer = _DIGITS.search(name_of(row.get("reply_to_peer_id"))) if key != "id" else None
    if number is None or (peer is not None and peer[0] != chat.id):
        return None
    return f"{chat.id}_{number}" if chat.id else number


_DIGITS = re.compile(r"\d+\Z")
