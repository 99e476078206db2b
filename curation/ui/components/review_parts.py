"""Conversations on their way to the review piece: in parts, none of which is sent twice."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from curation.model import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

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
class Prepared:
    """A conversation ready to be sent: its head, and its messages in named parts.

    A part's name says what it holds, so that a part that did not change is not sent again.
    `fingerprint` tells what it was made from.
    """

    fingerprint: int
    head: Mapping[str, Any]
    parts: Mapping[str, Sequence[Mapping[str, Any]]]
    sizes: Mapping[str, int]


def prepared(data: Mapping[str, Any], fingerprint: int) -> Prepared:
    """Return a conversation, as the piece draws it, ready to be sent."""
    head = slim(data)
    parts: dict[str, Sequence[Mapping[str, Any]]] = {}
    sizes: dict[str, int] = {}
    for messages, texts in _divided(head.pop("messages")):
        text = "".join(texts).encode(errors="replace")
        name = sha256(text).hexdigest()[:12]
        parts[name], sizes[name] = messages, len(text)
    return Prepared(fingerprint, head, parts, sizes)


def _divided(
    messages: Sequence[Mapping[str, Any]],
) -> Iterator[tuple[Sequence[Mapping[str, Any]], Sequence[str]]]:
    """Give the parts of a conversation, each with its messages as JSON; a short one is one part."""
    texts = [json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in messages]
    sizes = [len(text.encode(errors="replace")) for text in texts]
    if len(messages) <= _PART_MESSAGES and sum(sizes) <= _PART_BYTES:
        if messages:
            yield messages, texts
        return
    start, room = 0, 0
    for at, (message, size) in enumerate(zip(messages, sizes, strict=True)):
        if at > start and (room + size > _PART_BYTES or at - start >= _PART_MESSAGES):
            yield messages[start:at], texts[start:at]
            start, room = at, 0
        room += size
        if message["id"] % _PART_ENDS == 0:
            yield messages[start : at + 1], texts[start : at + 1]
            start, room = at + 1, 0
    if start < len(messages):
        yield messages[start:], texts[start:]


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


def slim(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record whose messages leave out what most messages have alike; `queue.js` adds it.

    Empty fields are left out, an original text that still stands, and the pieces of a text that is
    but one.
    """
    messages = []
    for message in record["messages"]:
        text = message["text"]
        pieces = [[text, -1]] if text else []
        usual = {"original": text, "segments": pieces, "enters": True, "kind": Kind.TEXT.value}
        messages.append(
            {
                name: value
                for name, value in message.items()
                if (value != usual[name] if name in usual else value not in _EMPTY)
            }
        )
    return {**record, "messages": messages}
