"""Conversations on their way to the review piece: in parts, none of which is sent twice."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from curation.model import Kind
from curation.ui.components.review_record import head_data, message_data, shown_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from curation.ui.components.review_record import Shown, Speech
    from curation.workflow import ReviewRecord

_PART_MESSAGES: Final = 50
_PART_ENDS: Final = 32
"""A part ends with a message whose id this divides, wherever the parts before it end: so that what
grows or is put between does not move the borders of all that comes after."""
_PART_BYTES: Final = 8_000
_ANSWER_BYTES: Final = 60_000
"""Of the conversation on screen in one answer; the others share `_OTHERS_BYTES`."""
_OTHERS_BYTES: Final = 24_000
_EMPTY: Final[tuple[object, ...]] = ("", None, False, [])


@dataclass(frozen=True, slots=True)
class Line:
    """A message ready to be sent, what it was made from, and how it is written."""

    shown: Shown
    data: Mapping[str, Any]
    text: bytes


@dataclass(frozen=True, slots=True)
class Prepared:
    """A conversation ready to be sent: its head, and its messages in named parts.

    A part's name says what it holds, so that a part that did not change is not sent again.
    `record` and `language` are what it was made from.
    """

    record: ReviewRecord
    language: str
    head: Mapping[str, Any]
    lines: Mapping[int, Line]
    parts: Mapping[str, Sequence[Mapping[str, Any]]]
    sizes: Mapping[str, int]


def prepare(record: ReviewRecord, speech: Speech, before: Prepared | None = None) -> Prepared:
    """Return a conversation ready to be sent; made anew is what differs from `before`."""
    language = speech.labels["messages"]
    known: Mapping[int, Line] = {}
    if before is not None and before.language == language:
        if before.record == record:
            return before
        known = before.lines
    lines = [_line(each, speech, known) for each in shown_of(record)]
    parts: dict[str, Sequence[Mapping[str, Any]]] = {}
    sizes: dict[str, int] = {}
    for some in _divided(lines):
        text = b"".join(each.text for each in some)
        name = sha256(text).hexdigest()[:12]
        parts[name], sizes[name] = [each.data for each in some], len(text)
    by_id = {each.shown.message.id: each for each in lines}
    return Prepared(record, language, head_data(record, speech), by_id, parts, sizes)


def _line(shown: Shown, speech: Speech, known: Mapping[int, Line]) -> Line:
    line = known.get(shown.message.id)
    if line is not None and line.shown == shown:
        return line
    data = slim(message_data(shown, speech))
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Line(shown, data, text.encode(errors="replace"))


def _divided(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """Give the parts of a conversation; a short one is one part."""
    if len(lines) <= _PART_MESSAGES and sum(len(each.text) for each in lines) <= _PART_BYTES:
        if lines:
            yield lines
        return
    start, room = 0, 0
    for at, line in enumerate(lines):
        full = room + len(line.text) > _PART_BYTES or at - start >= _PART_MESSAGES
        if at > start and full:
            yield lines[start:at]
            start, room = at, 0
        room += len(line.text)
        if line.shown.message.id % _PART_ENDS == 0:
            yield lines[start : at + 1]
            start, room = at + 1, 0
    if start < len(lines):
        yield lines[start:]


def in_parts(
    ready: Mapping[int, Prepared], at: int | None, have: Mapping[int, Collection[str]]
) -> list[dict[str, Any]]:
    """Return the records of a window with the parts that are sent now.

    Of the one on screen as many as an answer has room for, the first ones first; of each other
    one the first; at least one of the one that is on screen.
    """
    sent: dict[int, dict[str, Sequence[Mapping[str, Any]]]] = {number: {} for number in ready}
    room = _ANSWER_BYTES
    order = sorted(ready, key=lambda number: number != at)
    for number in order:
        conversation, held = ready[number], have.get(number, ())
        missing = [name for name in conversation.parts if name not in held]
        for name in missing if number == at else missing[:1]:
            room -= conversation.sizes[name]
            if room < 0 and (number != at or sent[number]):
                break
            sent[number][name] = conversation.parts[name]
        if number == at:
            room = max(room, 0) + _OTHERS_BYTES
    return [
        {**conversation.head, "order": list(conversation.parts), "parts": sent[number]}
        for number, conversation in ready.items()
    ]


def slim(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message without what most messages have alike; `queue.js` adds it.

    Empty fields are left out, an original text that still stands, and the pieces of a text that is
    but one.
    """
    text = message["text"]
    pieces = [[text, -1]] if text else []
    usual = {"original": text, "segments": pieces, "enters": True, "kind": Kind.TEXT.value}
    return {
        name: value
        for name, value in message.items()
        if (value != usual[name] if name in usual else value not in _EMPTY)
    }
