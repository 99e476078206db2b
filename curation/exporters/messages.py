"""Conversations as lists of messages with the roles system, user and assistant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from curation.exporters import shapes
from curation.exporters.format import ShapeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.exporters.format import Record
    from curation.exporters.layouts import Row

ROLES: Final = {"human": "user", "gpt": "assistant"}
_NAMES: Final = {role: name for name, role in ROLES.items()}


class Messages:
    """Rows of one column: a list of messages, the first of them the system text.

    `keys` are those of a message in their order: `role` and `content`.
    """

    def __init__(self, column: str = "messages", keys: Sequence[str] = ("role", "content")) -> None:
        self._column = column
        self._keys = tuple(keys)

    def encode(self, record: Record) -> Row:
        """Return the row of a record."""
        said = [(ROLES[item["from"]], item["value"]) for item in record["conversations"]]
        messages = [("system", record["system"]), *said]
        return {self._column: [self._message(*each) for each in messages]}

    def decode(self, row: Row) -> Record:
        """Return the record of a row; raises ShapeError."""
        (value,) = shapes.values(row, [self._column])
        first, *rest = self._pairs(shapes.items(value, self._column)) or [("", None)]
        if first[0] != "system":
            raise ShapeError("the first message", "is not the system text")
        turns = [{"from": _name(at, role), "value": text} for at, (role, text) in enumerate(rest)]
        return shapes.plain(turns, first[1])

    def _message(self, role: str, content: str) -> dict[str, str]:
        both = {"role": role, "content": content}
        return {key: both[key] for key in self._keys}

    def _pairs(self, messages: list[Any]) -> list[tuple[Any, Any]]:
        pairs = []
        for at, message in enumerate(messages):
            shapes.values(message, self._keys, f"message {at + 1}")
            pairs.append((message["role"], message["content"]))
        return pairs


def _name(at: int, role: object) -> str:
    """Return the name that the turn at `at` has in a record."""
    name = _NAMES.get(role) if isinstance(role, str) else None
    if name is None:
        where = f"turn {at + 1}"
        raise ShapeError(where, "has a role that is neither user nor assistant")
    return name
