"""PyWxDump JSON: a list of the rows of its CSV, each with `extra`.

Source: PyWxDump's export_json. `users.json` beside the file holds the names of those who speak.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from curation.errors import N_, BadFileError
from curation.importers.builder import MessageList
from curation.importers.chat_names import folder_name, is_account_id, is_generic, path_name
from curation.importers.contents import placeholder
from curation.importers.json_values import flag_of, id_of, integer_of, name_of, text_of
from curation.importers.wechat.contact_names import Contacts, contacts_beside, distinct
from curation.importers.wechat.pywxdump_csv import is_group, renderer
from curation.model import UNSPOKEN_KINDS, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from curation.importers.document import Document
    from curation.model import SourceFile

_LIST = re.compile(r"\s*\[\s*\{")
_TELLTALE: Final = tuple(
    re.compile(rf"\"{key}\"\s*:") for key in ("MsgSvrID", "type_name", "is_sender", "room_name")
)
_ENOUGH: Final = 2
_ME: Final = "我"

_UNKNOWN: Final = placeholder(Kind.OTHER)


class PyWxDumpJson:
    """The importer of PyWxDump JSON."""

    format = "PyWxDump JSON"
    suffixes = (".json",)

    def recognises(self, document: Document) -> bool:
        """Return whether it is a list of objects with at least two of the telling keys."""
        if not document.looks_like_json or _LIST.match(document.head) is None:
            return False
        return sum(key.search(document.head) is not None for key in _TELLTALE) >= _ENOUGH

    def read(self, document: Document) -> SourceFile:
        """Return the messages; `is_me` is what `is_sender` says and nothing else."""
        rows = document.json
        if not isinstance(rows, list):
            raise BadFileError(document.path, N_("the file has no list of messages"))
        contacts = contacts_beside(document)
        messages = MessageList(document, self.format, unit="message", total=len(rows))
        messages.warnings.extend(contacts.warnings)
        rooms = dict.fromkeys(name_of(row.get("room_name")) for row in rows if _is_object(row))
        rooms.pop("", None)
        own = _own_name(document.path, len(rooms))
        names = dict.fromkeys(rooms, own) if own else distinct(contacts.names(rooms))
        speakers: dict[str, None] = {}
        for position, row in enumerate(rows, start=1):
            if _is_object(row):
                _add(messages, position, row, contacts, names)
                speakers[name_of(row.get("talker"))] = None
            else:
                messages.leave_out(position, N_("the message is not an object"))
        for who in speakers:
            messages.known_as(who, *contacts.people.get(who, ()))
        chat_ids = {name: room for room, name in names.items()}
        return messages.source_file(
            own or contacts.name(path_name(document.path)),
            chat_ids=chat_ids,
            groups=frozenset(name for name, room in chat_ids.items() if is_group(room)),
            known_names=contacts.silent({*speakers, *rooms}),
        )


def _is_object(row: Any) -> bool:
    return isinstance(row, dict)


def _own_name(path: Path, rooms: int) -> str:
    """Return the name that a person gave to the folder of a single chat."""
    folder = folder_name(path)
    named = rooms <= 1 and not is_account_id(folder) and not is_generic(folder)
    return folder if named else ""


def _add(
    messages: MessageList,
    position: int,
    row: Mapping[str, Any],
    contacts: Contacts,
    chats: Mapping[str, str],
) -> None:
    type_name = name_of(row.get("type_name"))
    if not type_name:
        messages.leave_out(position, N_("the message has no {key}"), key="type_name")
        return
    render = renderer(type_name)
    if render is None:
        messages.unknown += 1
    content = (render or _UNKNOWN)(text_of(row.get("msg")))
    talker = name_of(row.get("talker"))
    is_me = flag_of(row.get("is_sender"))
    if is_me is None and content.kind not in UNSPOKEN_KINDS:
        reason = N_("the column {column} holds neither 0 nor 1")
        messages.leave_out(position, reason, column="is_sender")
        return
    written = row.get("CreateTime")
    messages.add(
        position,
        content,
        sender=talker or (_ME if is_me else ""),
        sender_name=contacts.name(talker),
        is_me=is_me,
        unix=None if isinstance(written, str) else integer_of(written),
        written=written if isinstance(written, str) else "",
        chat=chats.get(name_of(row.get("room_name")), ""),
        source_id=id_of(row.get("MsgSvrID")),
    )
