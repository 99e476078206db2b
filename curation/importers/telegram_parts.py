r"""A large file of Telegram Desktop, chat by chat and part by part, without all of it in memory.

Source: Telegram Desktop's writer indents every level by one blank and starts each message on a
line of its own. No string of JSON holds a line end, so the lines tell where lists of messages begin
and end. A file that something else wrote anew may look otherwise: then it is parsed as a whole.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from curation.errors import N_, BadFileError
from curation.importers.document import Document, check_depth

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGE: Final = 1 << 25
"""Files of at least so many bytes are read part by part."""

PART: Final = 1 << 24

_LIST = re.compile(rb'^( *)"messages": \[\r?$', re.MULTILINE)

_ESCAPE = re.compile(rb"(?<!\\)((?:\\\\)*)\\x([0-9A-Fa-f]{2})")
"""An escape of Telegram's that JSON does not have, behind any number of escaped backslashes."""


@dataclass(frozen=True)
class Rows:
    """The messages of one chat, parsed whenever they are asked for; `size` is about how many."""

    document: Document
    start: int
    end: int
    indent: bytes
    size: int

    def __iter__(self) -> Iterator[Any]:
        raw, start = self.document.raw, self.start
        between = b"\n" + self.indent + b" },"
        while start < self.end:
            at = raw.find(between, min(start + PART, self.end), self.end)
            end = self.end if at < 0 else at + len(between)
            yield from self._parsed(raw[start:end].strip().removesuffix(b","), start)
            start = end

    def _parsed(self, part: bytes, start: int) -> list[Any]:
        part = b"[" + repaired(part) + b"]"
        try:
            rows: list[Any] = orjson.loads(part)
        except orjson.JSONDecodeError:  # halves of characters, which orjson refuses
            try:
                rows = json.loads(part)
            except ValueError as exc:
                line = self.document.raw.count(b"\n", 0, start) + 1
                reason = N_("this is not valid JSON")
                raise BadFileError(self.document.path, reason, line=line) from exc
        return rows


def repaired(raw: bytes) -> bytes:
    r"""Return `raw` with `\x1F`, as Telegram writes control characters, as JSON has it."""
    return _ESCAPE.sub(rb"\1\\u00\2", raw) if b"\\x" in raw else raw


def parsed(document: Document) -> Any:
    """Return the file parsed; of a large one every `messages` of a chat is a `Rows`."""
    if len(document.raw) >= LARGE:
        lists = list(_lists(document))
        if lists:
            return _skeleton(document, lists)
    raw = repaired(document.raw)
    if raw is not document.raw:
        document = Document(document.path, raw, document.options)
    return document.json


def _lists(document: Document) -> Iterator[Rows]:
    """Yield the lists of messages that stand in the file's lines as Telegram writes them."""
    raw, position = document.raw, 0
    while (match := _LIST.search(raw, position)) is not None:
        start = match.end()
        end = raw.find(b"\n" + match[1] + b"]", start)
        if end < 0:
            return
        size = raw.count(b"\n" + match[1] + b" {", start, end)
        yield Rows(document, start, end, match[1], size)
        position = end


def _skeleton(document: Document, lists: list[Rows]) -> Any:
    """Return the file without its messages, in whose place the lists of them stand."""
    check_depth(document.path, document.raw, document.options.limits.nesting)
    pieces, position = [], 0
    for number, rows in enumerate(lists):
        pieces += [document.raw[position : rows.start], str(number).encode()]
        position = rows.end
    pieces.append(document.raw[position:])
    raw = repaired(b"".join(pieces))
    root = Document(document.path, raw, document.options).json
    for told in _objects(root):
        place = told.get("messages")
        if isinstance(place, list) and len(place) == 1 and isinstance(place[0], int):
            told["messages"] = lists[place[0]]
    return root


def _objects(root: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of an export that may be chats."""
    if not isinstance(root, dict):
        return
    yield root
    for key in ("chats", "left_chats"):
        told = root.get(key)
        chats = told.get("list") if isinstance(told, dict) else None
        yield from (chat for chat in chats or () if isinstance(chat, dict))
