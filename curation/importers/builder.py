"""Messages read one by one (JSON, lines of text) -> a source file.

For formats without columns. An importer adds what it reads, notes what it cannot read, and asks
for the source file at the end; what all formats share is done here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from curation.errors import N_, BadFileError, NoMessagesError
from curation.importers.rows import UNSPOKEN, finished, unknown_types
from curation.importers.times import local_times, parse_times
from curation.model import PLACEHOLDERS, Kind, SourceFile, message_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from curation.importers.contents import Content
    from curation.importers.document import Document

_SURROGATE = re.compile(r"[\ud800-\udfff]")
"""Half a character, which a JSON escape can name but no text can hold."""

_NO_TIME = -1
_TICK_EVERY = 20_000


class MessageList:
    """The messages of one file as they are read, in the file's order.

    `position` is where a message stands: the line (from 1) of a text, or the number (from 1) of a
    list's entry; `unit` names it in errors, empty for lines. How far the reading is is told to
    the document's `tick` when `total` positions are known.
    """

    def __init__(
        self, document: Document, file_format: str, *, unit: str = "", total: int = 0
    ) -> None:
        self.document = document
        self.format = file_format
        self.unit = unit
        self.total = total
        self.bad_rows: list[BadFileError] = []
        self.warnings: list[str] = []
        self.unknown = 0
        self._aliases: dict[str, dict[str, None]] = {}
        self._zone = document.options.zone
        self._longest = document.options.limits.message_characters
        self._positions: list[int] = []
        self._unix: list[int] = []
        self._written: list[str] = []
        self._columns: dict[str, list[Any]] = {
            name: []
            for name in (
                *("chat", "source_id", "sender", "sender_name", "is_me", "kind", "text"),
                *("reply_to", "reply_id", "record"),
            )
        }

    def __len__(self) -> int:
        return len(self._positions)

    def add(
        self,
        position: int,
        content: Content,
        *,
        sender: str,
        sender_name: str = "",
        is_me: bool | None = None,
        unix: int | None = None,
        written: str = "",
        chat: str = "",
        source_id: str | None = None,
        reply_id: str | None = None,
        record: int | None = None,
    ) -> None:
        """Add one message.

        Its time is either `unix` (seconds or milliseconds) or `written` (a text in local time or
        with an offset); neither for formats without times. `is_me` None: the file does not say.
        Ids are texts; empty ones and "0" count as missing. An empty `chat` is named at the end.
        """
        if len(content.text) > self._longest:
            reason = N_("the message is longer than {limit} characters")
            self.leave_out(position, reason, limit=self._longest)
            return
        self._positions.append(position)
        self._unix.append(_NO_TIME if unix is None else unix)
        self._written.append(written)
        columns = self._columns
        columns["chat"].append(chat)
        columns["source_id"].append(_id(source_id))
        columns["sender"].append(_whole(sender))
        columns["sender_name"].append(_whole(sender_name or sender))
        columns["is_me"].append(False if content.kind in UNSPOKEN else is_me)
        columns["kind"].append(content.kind.value)
        columns["text"].append(_whole(content.text))
        columns["reply_to"].append(None if content.reply_to is None else _whole(content.reply_to))
        columns["reply_id"].append(_id(reply_id))
        columns["record"].append(record)
        if self.total and not len(self._positions) % _TICK_EVERY:
            self.document.tick(position, self.total)

    def continue_last(self, text: str) -> None:
        """Append `text` to the text of the message added last."""
        texts = self._columns["text"]
        texts[-1] += text

    def leave_out(self, position: int, reason: str, **values: Any) -> None:
        """Note that what stands at `position` cannot be read for `reason`."""
        path = self.document.path
        if self.unit:
            error = BadFileError(path, reason, place=f"{self.unit} {position}", **values)
        else:
            error = BadFileError(path, reason, line=position, **values)
        self.bad_rows.append(error)

    def known_as(self, sender: str, *names: str | None) -> None:
        """Remember other names that the file gives to a sender."""
        known = self._aliases.setdefault(sender, {})
        for name in names:
            if isinstance(name, str) and name.strip():
                known[_whole(name)] = None

    def source_file(
        self,
        chat: str,
        *,
        system_texts: tuple[str, ...] = (),
        known_names: tuple[str, ...] = (),
        chat_ids: Mapping[str, str] | None = None,
        groups: frozenset[str] = frozenset(),
        needs_times: bool = True,
    ) -> SourceFile:
        """Return the file; `chat` is the name of the chat where a message gave none.

        With `needs_times`, a message without a possible time is bad. A quote whose quoted text is
        unknown gets the text of the message it answers.

        Raises:
            BadFileError: no message is good (the first one's reason), or there is none at all.

        """
        times = self._times()
        if needs_times:
            self._leave_out_untimed(times)
        size = len(self._positions)
        keep = ~np.isnat(times) if needs_times else np.ones(size, dtype=bool)
        if not keep.any():
            if self.bad_rows:
                raise min(self.bad_rows, key=lambda error: error.line or 0)
            raise NoMessagesError(self.document.path, N_("the file holds no messages"))
        columns = dict(self._columns)
        columns["chat"] = [name or chat for name in columns["chat"]]
        columns["reply_to"] = self._answered()
        messages = message_table({**columns, "time": times})
        if not keep.all():
            messages = messages[keep].reset_index(drop=True)
        warnings = [unknown_types(self.unknown)] if self.unknown else []
        return finished(
            SourceFile(
                self.document.path,
                self.format,
                messages,
                system_texts=system_texts,
                warnings=(*warnings, *self.warnings),
                aliases={
                    sender: others
                    for sender, names in self._aliases.items()
                    if (others := tuple(name for name in names if name != sender))
                },
                bad_rows=tuple(sorted(self.bad_rows, key=lambda error: error.line or 0)),
                known_names=known_names,
                chat_ids=chat_ids or {},
                groups=groups,
            )
        )

    def _times(self) -> np.ndarray[Any, np.dtype[np.datetime64]]:
        unix = np.array(self._unix, dtype="int64")
        times = local_times(unix, self._zone)
        if any(self._written):
            written = parse_times(pa.array(self._written, type=pa.large_string()), self._zone)
            times = np.where(unix == _NO_TIME, written, times)
        return times

    def _leave_out_untimed(self, times: np.ndarray[Any, np.dtype[np.datetime64]]) -> None:
        for row in np.flatnonzero(np.isnat(times)).tolist():
            missing = self._unix[row] == _NO_TIME and not self._written[row].strip()
            reason = N_("the time is missing") if missing else N_("the time is no possible date")
            self.leave_out(self._positions[row], reason)

    def _answered(self) -> list[str | None]:
        """Return the quoted texts, those that only an id tells looked up in the file."""
        columns = self._columns
        replies: list[str | None] = columns["reply_to"]
        wanted = {
            answered
            for answered, text in zip(columns["reply_id"], replies, strict=True)
            if answered is not None and text is None
        }
        if not wanted:
            return replies
        said = {
            number: PLACEHOLDERS[Kind.RECALL] if kind == Kind.RECALL else text
            for number, kind, text in zip(
                columns["source_id"], columns["kind"], columns["text"], strict=True
            )
            if number in wanted
        }
        return [
            said.get(answered) if text is None and answered is not None else text
            for answered, text in zip(columns["reply_id"], replies, strict=True)
        ]


def _id(value: str | None) -> str | None:
    return None if value is None or value in ("", "0") else value


def _whole(text: str) -> str:
    """Return `text` without halves of characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("", text)
    return text
