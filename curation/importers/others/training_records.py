"""What is already a dataset: ShareGPT, OpenAI messages and Alpaca -> conversations to review.

Source: the data formats of LLaMA-Factory's documentation, OpenAI's fine-tuning guide and Stanford
Alpaca. A file is a JSON list of records, one record, or one record a line. The assistant is me;
there are no times, ids or senders. System texts are shown, never exported. Tool calls and their
results are nobody's words: they are left out and counted.
"""

from __future__ import annotations

import codecs
import json
import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Final

from curation.errors import N_, NoMessagesError
from curation.importers.builder import MessageList
from curation.importers.chat_names import path_name
from curation.importers.contents import Content, words
from curation.importers.json_values import object_of, text_of
from curation.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curation.importers.document import Document
    from curation.model import SourceFile

_ME: Final = "我"

_ROLES: Final = {
    **dict.fromkeys(("gpt", "assistant", "model", "bot", "chatgpt"), "assistant"),
    **dict.fromkeys(("human", "user"), "user"),
    **dict.fromkeys(("system", "developer"), "system"),
    **dict.fromkeys(("function_call", "observation", "function", "tool"), "tool"),
}

_START: Final = 1 << 20
"""Bytes in which the first record is looked for: system texts may be long."""

_SHARE_GPT = re.compile(r'"conversations"\s*:\s*\[\s*\{[^{}\[\]]*"(?:from|value)"\s*:')
_ROLE_RECORDS = re.compile(r'"conversations"\s*:\s*\[\s*\{[^{}\[\]]*"(?:role|content)"\s*:')
_OPEN_AI = re.compile(r'"messages"\s*:\s*\[\s*\{(?:.{0,2000}?[,\s])?"role"\s*:', re.DOTALL)
_ALPACA = re.compile(r'"instruction"\s*:.*"output"\s*:|"output"\s*:.*"instruction"\s*:', re.DOTALL)

_Said = tuple[str, str]
"""Role and text of one message."""


def is_lines(document: Document) -> bool:
    """Return whether the file holds one JSON object a line, at least two."""
    first, rest = _first_line(document)
    return first.startswith(b"{") and first.endswith(b"}") and rest.startswith(b"{")


def _is_one_line(document: Document) -> bool:
    """Return whether the file is a single line of one object."""
    first, rest = _first_line(document)
    return first.startswith(b"{") and first.endswith(b"}") and not rest


def _start(document: Document) -> str:
    return document.utf8[:_START].decode("utf-8", "replace")


def _first_line(document: Document) -> tuple[bytes, bytes]:
    """Return the first line that is not blank, and the beginning of what stands below it."""
    raw = document.utf8.removeprefix(codecs.BOM_UTF8)[:_START].lstrip()
    first, _, rest = raw.partition(b"\n")
    return first.rstrip(), rest.lstrip()


def has_from_and_value(document: Document) -> bool:
    """Return whether the records say `from` and `value`, as ShareGPT does."""
    return _SHARE_GPT.search(_start(document)) is not None


class _Records(ABC):
    """What the three formats have in common."""

    format: str
    suffixes = (".json", ".jsonl")
    tell: re.Pattern[str]

    def recognises(self, document: Document) -> bool:
        """Return whether the beginning of the file holds a record of this format."""
        return document.looks_like_json and self.tell.search(_start(document)) is not None

    def read(self, document: Document) -> SourceFile:
        """Return the messages with the number of their record, from 0, in the file's order."""
        lines = is_lines(document) or _is_one_line(document)
        messages = MessageList(document, self.format, unit="" if lines else "record")
        chat = path_name(document.path)
        systems: dict[str, None] = {}
        tools = 0
        for number, (position, record) in enumerate(_records(document, messages, lines=lines)):
            try:
                said = list(self.said(object_of(record)))
            except _BadRecordError as error:
                messages.leave_out(position, error.reason)
                continue
            for role, text in said:
                if role == "tool":
                    tools += 1
                    continue
                if role == "system" and text.strip():
                    systems[text] = None
                content = Content(Kind.SYSTEM, text) if role == "system" else words(text)
                name = {"system": "", "user": chat, "assistant": _ME}[role]
                mine = role == "assistant"
                messages.add(
                    position, content, sender=role, sender_name=name, is_me=mine, record=number
                )
        if tools:
            warning = N_("tool calls and their results, which are left out: {count}")
            messages.warnings.append(warning.format(count=tools))
        source = messages.source_file(chat, system_texts=tuple(systems), needs_times=False)
        if (source.messages["kind"] == Kind.SYSTEM.value).all():
            raise NoMessagesError(document.path, N_("the file holds no messages"))
        return source

    @abstractmethod
    def said(self, record: dict[str, Any]) -> Iterator[_Said]:
        """Yield role and text of the messages of one record, its system text first."""


class _BadRecordError(Exception):
    """A record that cannot be read, for `reason`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ShareGptJson(_Records):
    """The importer of ShareGPT: `conversations` of `from` and `value`."""

    format = "ShareGPT"
    tell = _SHARE_GPT

    def recognises(self, document: Document) -> bool:
        """Return whether there are such records, or records of roles one a line."""
        if super().recognises(document):
            return True
        return is_lines(document) and _ROLE_RECORDS.search(_start(document)) is not None

    def said(self, record: dict[str, Any]) -> Iterator[_Said]:
        """Yield what stands in `system` and `conversations`."""
        yield from _system(record)
        yield from _turns(record.get("conversations"))


class OpenAiMessages(_Records):
    """The importer of OpenAI's chat format: `messages` of `role` and `content`."""

    format = "OpenAI messages"
    tell = _OPEN_AI

    def said(self, record: dict[str, Any]) -> Iterator[_Said]:
        """Yield what stands in `system` and `messages`."""
        yield from _system(record)
        yield from _turns(record.get("messages"))


class AlpacaJson(_Records):
    """The importer of Alpaca: `instruction`, `input`, `output`, and `history` of earlier pairs."""

    format = "Alpaca"
    tell = _ALPACA

    def said(self, record: dict[str, Any]) -> Iterator[_Said]:
        """Yield the earlier pairs, then instruction and input as one message, and the output."""
        yield from _system(record)
        history = record.get("history")
        for pair in history if isinstance(history, list) else []:
            asked, answered = (*pair, "", "")[:2] if isinstance(pair, list) else ("", "")
            yield from _pair(text_of(asked), text_of(answered))
        output = record.get("output")
        if not isinstance(output, str) or not isinstance(record.get("instruction"), str):
            raise _BadRecordError(N_("the record has no instruction and output"))
        asked = "\n".join(
            part for key in ("instruction", "input") if (part := text_of(record.get(key))).strip()
        )
        yield from _pair(asked, output)


def _records(
    document: Document, messages: MessageList, *, lines: bool
) -> Iterator[tuple[int, Any]]:
    """Yield line or number (from 1) and value of each record; bad lines are noted."""
    if not lines:
        held = document.json
        yield from enumerate(held if isinstance(held, list) else [held], start=1)
        return
    for number, line in enumerate(document.text.split("\n"), start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError):
                messages.leave_out(number, N_("this is not valid JSON"))


def _system(record: dict[str, Any]) -> Iterator[_Said]:
    if (text := text_of(record.get("system"))).strip():
        yield "system", text


def _turns(turns: Any) -> Iterator[_Said]:
    if not isinstance(turns, list):
        raise _BadRecordError(N_("the record has no conversations"))
    for turn in map(object_of, turns):
        role = _ROLES.get(text_of(turn.get("from", turn.get("role"))).strip().lower())
        if role is None:
            raise _BadRecordError(N_("a message of the record has no role that is known"))
        value = turn.get("value", turn.get("content"))
        if role == "assistant" and value is None and "tool_calls" in turn:
            role = "tool"
        yield role, _text(value, role)


def _text(value: Any, role: str) -> str:
    """Return a text, or the text parts of a list of parts joined."""
    if isinstance(value, list):
        parts = [object_of(part) for part in value]
        return "\n".join(text_of(part.get("text")) for part in parts if "text" in part)
    if not isinstance(value, str) and role != "tool":
        raise _BadRecordError(N_("a message of the record is not a text"))
    return text_of(value)


def _pair(asked: str, answered: str) -> Iterator[_Said]:
    if asked:
        yield "user", asked
    if answered:
        yield "assistant", answered
