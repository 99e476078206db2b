"""JSON with one `session` and its `messages`: WeFlow, EchoTrace and CipherTalk alike.

Source: the exporters of the three tools. Times are unix seconds. `localId` is renumbered by every
export, so only `platformMessageId` (WeChat's own id of the message) lasts; CipherTalk writes the
local number there when it has no other, which is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from curation.errors import N_, BadFileError
from curation.importers.builder import MessageList
from curation.importers.chat_names import path_name
from curation.importers.json_values import (
    flag_of,
    id_of,
    integer_of,
    list_of,
    name_of,
    object_of,
    text_of,
)
from curation.importers.wechat.wechat_types import Told, answered, content_of, known
from curation.model import UNSPOKEN_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from curation.importers.document import Document
    from curation.model import SourceFile

_ME: Final = "我"
_GROUP: Final = "@chatroom"

_NAME_KEYS: Final = ("remark", "groupNickname", "displayName", "nickname", "alias")
"""How a person may be called in a list of people, the best name for a reader first."""


@dataclass(frozen=True)
class Session:
    """The chat of the file and who is in it; `owner` is my id where the file tells it."""

    name: str
    account: str
    group: bool
    owner: str = ""
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Document) -> Session:
        """Return the session of a file, from whatever it tells."""
        root = object_of(document.json)
        told = object_of(root.get("session"))
        account = _first(told, "wxid", "accountId", "username", "groupId")
        names = ("remark", "displayName", "nickname")
        name = _first(told, *names) or account or path_name(document.path)
        kind = name_of(told.get("type"))
        people: dict[str, tuple[str, ...]] = {}
        numbers: dict[int, str] = {}
        for person in _people(root):
            key = _first(person, "accountId", "wxid")
            if key:
                found = tuple(name_of(person.get(each)) for each in _NAME_KEYS)
                people[key] = tuple(dict.fromkeys((*people.get(key, ()), *filter(None, found))))
            if (number := integer_of(person.get("senderID"))) is not None:
                numbers[number] = key
        if account:
            people[account] = tuple(
                dict.fromkeys(
                    (
                        *(name_of(told.get(each)) for each in names if name_of(told.get(each))),
                        *people.get(account, ()),
                    )
                )
            )
        return cls(
            name=name,
            account=account,
            group=kind in {"群聊", "group"}
            or account.endswith(_GROUP)
            or flag_of(told.get("isGroup")) is True,
            owner=_first(told, "ownerId"),
            people=people,
            numbers=numbers,
        )


def _people(root: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for key in ("senders", "groupMembers", "members"):
        yield from (person for person in list_of(root.get(key)) if isinstance(person, dict))


def _first(told: Mapping[str, Any], *keys: str) -> str:
    return next((name for key in keys if (name := name_of(told.get(key)))), "")


def read_session(document: Document, file_format: str) -> SourceFile:
    """Return the messages of a file of the named format.

    Raises BadFileError when it has no list of messages, or not one good message.
    """
    root = document.json
    if not isinstance(root, dict) or not isinstance(root.get("messages"), list):
        raise BadFileError(document.path, N_("the file has no list of messages"))
    rows: list[Any] = root["messages"]
    session = Session.of(document)
    messages = MessageList(document, file_format, unit="message", total=len(rows))
    mine = _my_ids(rows, session)
    forwarded: dict[str, None] = {}
    for position, row in enumerate(rows, start=1):
        if isinstance(row, dict):
            _add(messages, position, row, session, mine)
            for record in list_of(row.get("chatRecords")):
                forwarded[_first(object_of(record), "senderDisplayName", "sender")] = None
        else:
            messages.leave_out(position, N_("the message is not an object"))
    return messages.source_file(
        session.name,
        chat_ids={session.name: session.account} if session.account else {},
        groups=frozenset({session.name} if session.group else ()),
        known_names=_silent(session, rows, forwarded),
    )


def _my_ids(rows: list[Any], session: Session) -> frozenset[str]:
    """Return the ids under which I speak."""
    if session.owner:
        return frozenset({session.owner})
    sent = (row for row in rows if isinstance(row, dict) and flag_of(row.get("isSend")) is True)
    return frozenset(sender for row in sent if (sender := _sender(row, session)))


def _silent(session: Session, rows: list[Any], forwarded: Mapping[str, None]) -> tuple[str, ...]:
    """Return the names of people who are in the file without speaking in it."""
    spoke = {_sender(row, session) for row in rows if isinstance(row, dict)}
    names = dict.fromkeys(
        name
        for key, found in session.people.items()
        if key not in spoke and key != session.account
        for name in found
    )
    return tuple(name for name in (names | dict(forwarded)) if name not in ("", "unknown"))


def _sender(row: Mapping[str, Any], session: Session) -> str:
    number = integer_of(row.get("senderID"))
    by_number = "" if number is None else session.numbers.get(number, "")
    return name_of(row.get("senderUsername")) or by_number


def _add(
    messages: MessageList,
    position: int,
    row: Mapping[str, Any],
    session: Session,
    mine: frozenset[str],
) -> None:
    if isinstance(row.get("content"), dict | list):
        messages.leave_out(position, N_("{key} is not a text"), key="content")
        return
    type_name, local_type = name_of(row.get("type")), integer_of(row.get("localType"))
    if not type_name and local_type is None:
        if "content" not in row:
            messages.leave_out(position, N_("the message has no {key}"), key="content")
            return
        type_name = "文本消息"
    content = content_of(type_name, local_type, _told(row))
    if not known(type_name, local_type):
        messages.unknown += 1
    sender = _sender(row, session)
    is_me = _is_me(row, sender, session, mine)
    if not sender and not session.group and is_me is False and content.kind not in UNSPOKEN_KINDS:
        sender = session.account
    sender = sender or (_ME if is_me else "")
    unix = integer_of(row.get("createTime")) or None
    display = name_of(row.get("senderDisplayName"))
    names = session.people.get(sender, ())
    messages.add(
        position,
        content,
        sender=sender,
        sender_name=(names[0] if names else display) or display or (_ME if is_me else ""),
        is_me=is_me,
        unix=unix,
        written=text_of(row.get("formattedTime")) if unix is None else "",
        source_id=_lasting(row),
        reply_id=id_of(row.get("replyToMessageId")) or answered(text_of(row.get("rawContent"))),
    )
    messages.known_as(sender, *names, display, name_of(row.get("groupNickname")))


def _is_me(
    row: Mapping[str, Any], sender: str, session: Session, mine: frozenset[str]
) -> bool | None:
    """Return whether a message is mine; older files say nothing for notices."""
    if session.owner and sender:
        return sender == session.owner
    sent = flag_of(row.get("isSend"))
    if sent is None and sender:
        if sender in mine:
            return True
        return False if mine or (sender == session.account and not session.group) else None
    return sent


def _lasting(row: Mapping[str, Any]) -> str | None:
    number = id_of(row.get("platformMessageId"))
    return None if number == name_of(row.get("localId")) else number


_TITLE_KEYS: Final = (
    *("linkTitle", "musicTitle", "finderTitle", "emojiCaption"),
    *("locationPoiname", "locationLabel"),
)
_TITLES: Final = frozenset(_TITLE_KEYS)


def _told(row: Mapping[str, Any]) -> Told:
    return Told(
        text=text_of(row.get("content")),
        name="" if _TITLES.isdisjoint(row) else _first(row, *_TITLE_KEYS),
        quoted=text_of(row.get("quotedContent")),
        raw=text_of(row.get("rawContent")),
    )
