r"""A large file of Telegram Desktop, chat by chat and part by part, without all of it in memory.

Source: Telegram Desktop's writer indents every level by one blank and starts each message on a
line of its own. No string of JSON holds a line end, so the lines tell where lists of messages begin
and end. A file that something else wrote anew, perhaps on one line, may look otherwise: there the
brackets outside of strings tell it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson

from curation.errors import N_, BadFileError
from curation.importers.document import Document, check_depth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

LARGE: Final = 1 << 25
"""Files of at least so many bytes are read part by part."""

PART: Final = 1 << 24

_LIST = re.compile(rb'^( *)"messages": \[\r?$', re.MULTILINE)

_KEY = re.compile(rb'"messages"\s*:\s*\Z')
_KEY_LENGTH: Final = 40

_DEEPEST: Final = 6
"""Brackets deeper than those of a message in the export of all chats are inside of one."""

_ESCAPE = re.compile(rb"(?<!\\)((?:\\\\)*)\\x([0-9A-Fa-f]{2})")
"""An escape of Telegram's that JSON does not have, behind any number of escaped backslashes."""


@dataclass(frozen=True)
class Rows:
    """The messages of one chat, parsed whenever they are asked for; `size` is about how many.

    Where the lines tell nothing, `ends` are the places behind some of the messages.
    """

    document: Document
    start: int
    end: int
    indent: bytes
    size: int
    ends: tuple[int, ...] = field(default=(), repr=False)

    def __iter__(self) -> Iterator[Any]:
        raw, start = self.document.raw, self.start
        if self.ends:
            for end in self.ends:
                yield from self._parsed(raw[start:end].strip(b" \t\r\n,"), start)
                start = end
            return
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
        lists = list(_lists(document)) or list(_bracketed_lists(document))
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


def _bracketed_lists(document: Document) -> Iterator[Rows]:
    """Yield the lists of messages of the chats, found by their brackets."""
    raw = document.raw
    places, depths, opening = _brackets(raw)
    lists = opening & ((depths == _OF_ONE) | (depths == _OF_ALL))
    last = -1
    for number in np.flatnonzero(lists).tolist():
        start, depth = int(places[number]), int(depths[number])
        before = raw[max(start - _KEY_LENGTH, 0) : start]
        if start < last or raw[start : start + 1] != b"[" or _KEY.search(before) is None:
            continue
        closing = np.flatnonzero(depths[number + 1 :] < depth)
        if len(closing) == 0:
            return
        inside = slice(number + 1, number + 1 + int(closing[0]))
        end = int(places[inside.stop])
        messages = places[inside][~opening[inside] & (depths[inside] == depth)] + 1
        if len(messages):
            parts = messages[np.unique(np.searchsorted(messages, np.arange(start, end, PART)))]
            ends = np.unique(np.append(parts, messages[-1])).tolist()
            yield Rows(document, start + 1, end, b"", len(messages), tuple(ends))
        last = end


_OF_ONE: Final = 2
_OF_ALL: Final = 5
"""How deep a list of messages lies in the export of one chat, and of all."""


def _brackets(raw: bytes) -> tuple[NDArray[np.int64], NDArray[np.int8], NDArray[np.bool_]]:
    """Return where brackets outside of strings stand, how deep, and whether they open.

    The depth is that behind the bracket. Those inside of messages are mostly left out.
    """
    steps = np.zeros(256, dtype="int8")
    steps[list(b"[{")], steps[list(b"]}")] = 1, -1
    found: list[tuple[NDArray[np.int64], NDArray[np.int8], NDArray[np.bool_]]] = []
    depth, inside, start = 0, False, 0
    while start < len(raw):
        part = raw[start : start + PART]
        if (len(part) - len(part.rstrip(b"\\"))) % 2:  # an escape across the border
            part = raw[start : start + PART + 1]
        # Of the same length, so that places stay what they are.
        codes = np.frombuffer(part.replace(b"\\\\", b"  ").replace(b'\\"', b"  "), dtype="uint8")
        quoted = (np.cumsum(codes == ord('"'), dtype="int32") % 2 == 1) != inside
        here = np.where(quoted, 0, steps[codes])
        rows = np.flatnonzero(here)
        levels = depth + np.cumsum(here[rows], dtype="int32")
        opening = here[rows] > 0
        wanted = (levels <= _DEEPEST) & (levels >= 0)
        found.append((rows[wanted] + start, levels[wanted].astype("int8"), opening[wanted]))
        if len(levels):
            depth = int(levels[-1])
        inside ^= bool(np.count_nonzero(codes == ord('"')) % 2)
        start += len(part)
    places, depths, opened = zip(*found, strict=True)
    return np.concatenate(places), np.concatenate(depths), np.concatenate(opened)


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
