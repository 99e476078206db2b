"""unsloth: conversations with the system text inside, two keys a message, the text first.

`standardize_data_formats` (unsloth-zoo, August 2026) guesses which of the two keys is the role from
the first ten records: the one with fewer different values, and on a tie the second. With the text
first and the role second it is right unless those ten records hold fewer different texts than
roles, which only a file of one repeated word does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.exporters.format import Format, NotOnlyTimes
from curation.exporters.layouts import JsonLines
from curation.exporters.messages import Messages

if TYPE_CHECKING:
    from curation.exporters.layouts import Row

_COLUMN: Final = "conversations"
_MESSAGES: Final = Messages(_COLUMN, ("content", "role"))
_LOOKED_AT: Final = 10


class RoleIsTold:
    """The first records tell which key of a message is its role."""

    def __init__(self) -> None:
        self._seen = 0
        self._roles: set[str] = set()
        self._texts: set[str] = set()

    def see(self, row: Row) -> None:
        """See `FileRule`."""
        self._seen += 1
        if self._seen <= _LOOKED_AT:
            for message in row[_COLUMN]:
                self._roles.add(str(message["role"]))
                self._texts.add(str(message["content"]))

    def problem(self) -> str:
        """See `FileRule`."""
        if len(self._texts) < len(self._roles):
            return "the first ten records hold so few different texts that roles cannot be told"
        return ""


UNSLOTH: Final = Format(
    name="unsloth",
    train="unsloth.jsonl",
    validation="unsloth_validation.jsonl",
    layout=JsonLines(),
    encode=_MESSAGES.encode,
    decode=_MESSAGES.decode,
    rules=(NotOnlyTimes, RoleIsTold),
)
