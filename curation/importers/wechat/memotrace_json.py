"""MemoTrace fine-tune JSON: `[{"conversations": [{"role", "content"}, ...]}, ...]`.

Source: MemoTrace's JSON exporter and MemoAI's merge of it. One record is one conversation; the
assistant is me; there are no times, ids or senders. The system text holds the owner's real name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from curation.errors import N_, BadFileError, NoMessagesError
from curation.importers.chat_names import path_name
from curation.importers.contents import Content, words
from curation.importers.message_tables import message_table
from curation.importers.others.training_records import has_from_and_value, is_lines
from curation.model import Kind, SourceFile

if TYPE_CHECKING:
    from pathlib import Path

    from curation.importers.document import Document

_ROLES: Final = frozenset({"system", "user", "assistant"})
_ME: Final = "我"

_SURROGATE = re.compile(r"[\ud800-\udfff]")
"""Half a character, which a JSON escape can name but no text can hold."""


class MemoTraceJson:
    """The importer of MemoTrace fine-tune JSON."""

    format = "MemoTrace fine-tune JSON"
    suffixes = (".json",)

    def recognises(self, document: Document) -> bool:
        """Return whether any record has `conversations`."""
        if not document.looks_like_json or is_lines(document) or has_from_and_value(document):
            return False
        records = document.json
        if isinstance(records, dict):
            return isinstance(records.get("conversations"), list)
        return isinstance(records, list) and any(
            isinstance(record, dict) and "conversations" in record for record in records
        )

    def read(self, document: Document) -> SourceFile:
        """Return the messages with the number of their record, from 0, in the file's order."""
        records = document.json if isinstance(document.json, list) else [document.json]
        chat = path_name(document.path)
        numbers: list[int] = []
        roles: list[str] = []
        contents: list[Content] = []
        bad_rows: list[BadFileError] = []
        longest = document.options.limits.message_characters
        for number, record in enumerate(records):
            try:
                found = _messages(document.path, number, record, longest)
            except BadFileError as error:
                bad_rows.append(error)
                continue
            for role, text in found:
                numbers.append(number)
                roles.append(role)
                contents.append(Content(Kind.SYSTEM, text) if role == "system" else words(text))
        if bad_rows and not roles:
            raise bad_rows[0]
        if all(role == "system" for role in roles):
            raise NoMessagesError(document.path, N_("the file holds no messages"))
        names = {"system": "", "user": chat, "assistant": _ME}
        messages = message_table(
            {
                "chat": [chat] * len(roles),
                "sender": roles,
                "sender_name": [names[role] for role in roles],
                "is_me": [role == "assistant" for role in roles],
                "kind": [content.kind.value for content in contents],
                "text": [content.text for content in contents],
                "reply_to": [content.reply_to for content in contents],
                "record": numbers,
            }
        )
        system_texts = dict.fromkeys(
            content.text
            for role, content in zip(roles, contents, strict=True)
            if role == "system" and content.text.strip()
        )
        return SourceFile(
            document.path,
            self.format,
            messages,
            system_texts=tuple(system_texts),
            bad_rows=tuple(bad_rows),
        )


def _messages(path: Path, number: int, record: Any, longest: int) -> list[tuple[str, str]]:
    """Return role and text of every message of one record."""
    place = f"record {number + 1}"
    if not isinstance(record, dict):
        raise BadFileError(path, N_("the record is not an object"), place=place)
    if "conversations" not in record:
        raise BadFileError(path, N_("the record has no conversations"), place=place)
    if not isinstance(record["conversations"], list):
        raise BadFileError(path, N_("conversations is not a list"), place=place)
    return [
        _message(path, f"{place}, message {position}", message, longest)
        for position, message in enumerate(record["conversations"], start=1)
    ]


def _message(path: Path, place: str, message: Any, longest: int) -> tuple[str, str]:
    if not isinstance(message, dict):
        raise BadFileError(path, N_("the message is not an object"), place=place)
    for key in ("role", "content"):
        if key not in message:
            raise BadFileError(path, N_("the message has no {key}"), place=place, key=key)
        if not isinstance(message[key], str):
            raise BadFileError(path, N_("{key} is not a text"), place=place, key=key)
    if message["role"] not in _ROLES:
        raise BadFileError(path, N_("role is none of system, user, assistant"), place=place)
    if len(message["content"]) > longest:
        reason = N_("the message is longer than {limit} characters")
        raise BadFileError(path, reason, place=place, limit=longest)
    return message["role"], _SURROGATE.sub("", message["content"])
