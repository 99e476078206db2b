"""Messages read one by one (JSON, lines of text) -> a source file.

For formats without columns. An importer adds what it reads, notes what it cannot read, and asks
for the source file at the end; what all formats share is done here. Messages become columns part
by part, so that a large chat never stands in memory as Python objects.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from curation.errors import N_, BadFileError, NoMessagesError
from curation.importers.document import DAMAGE
from curation.importers.message_tables import message_table
from curation.importers.rows import finished, first_filled, unknown_types
from curation.importers.text_blocks import plain_lines
from curation.importers.times import local_times, parse_times
from curation.model import PLACEHOLDERS, UNSPOKEN_KINDS, Kind, SourceFile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from curation.importers.contents import Content
    from curation.importers.document import Document

_SURROGATE = re.compile(r"[\ud800-\udfff]")
"""Half a character, which a JSON escape can name but no text can hold."""

_DAMAGED: Final = N_("the text is damaged here")

_NO_TIME: Final = -1
_IMPOSSIBLE: Final = 0
_LATEST: Final = 2**62
_TICK_EVERY: Final = 20_000
_PART: Final = 50_000  # messages that stand in memory as Python objects

_COLUMNS: Final = {
    "position": pa.int64(),
    "unix": pa.int64(),
    "written": pa.large_string(),
    "chat": pa.large_string(),
    "source_id": pa.large_string(),
    "sender": pa.large_string(),
    "sender_name": pa.large_string(),
    "is_me": pa.bool_(),
    "kind": pa.large_string(),
    "text": pa.large_string(),
    "reply_to": pa.large_string(),
    "reply_id": pa.large_string(),
    "record": pa.int64(),
}
_NO_ID: Final = pa.array(["", "0"], pa.large_string())


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
        self._rows: list[tuple[Any, ...]] = []
        self._parts: list[dict[str, pa.Array]] = []
        self._size = 0

    def __len__(self) -> int:
        return self._size

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
        kind, text, reply_to = content
        if len(text) > self._longest:
            reason = N_("the message is longer than {limit} characters")
            self.leave_out(position, reason, limit=self._longest)
            return
        if self.document.damaged and DAMAGE.search(f"{sender}{sender_name}{text}{reply_to}"):
            self.leave_out(position, _DAMAGED)
            return
        if unix is None:
            unix = _NO_TIME
        elif not 0 <= unix < _LATEST:
            unix = _IMPOSSIBLE
        if len(self._rows) >= _PART:
            self._end_part()
        mine = False if kind in UNSPOKEN_KINDS else is_me
        self._rows.append(
            (
                *(position, unix, written, chat, source_id, sender, sender_name, mine),
                *(kind, text, reply_to, reply_id, record),
            )
        )
        self._size += 1
        if self.total and not self._size % _TICK_EVERY:
            self.document.tick(position, self.total)

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
        known = self._aliases.setdefault(_whole(sender), {})
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
            BadFileError: no message is good (the first one's reason), there is none at all, or a
                line is damaged that belongs to no message.

        """
        columns = self._columns()
        self._check_damage(columns["position"])
        times = self._times(columns)
        if needs_times:
            self._leave_out_untimed(times, columns)
        keep = ~np.isnat(times) if needs_times else np.ones(self._size, dtype=bool)
        if not keep.any():
            if self.bad_rows:
                raise min(self.bad_rows, key=lambda error: error.line or 0)
            raise NoMessagesError(self.document.path, N_("the file holds no messages"))
        columns["chat"] = first_filled(columns["chat"], pa.scalar(_whole(chat), pa.large_string()))
        columns["reply_to"] = _answered(columns)
        if not keep.all():
            times = times[keep]
            columns = {name: values.filter(pa.array(keep)) for name, values in columns.items()}
        messages = message_table({**_pandas(columns), "time": times})
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

    def _end_part(self) -> None:
        """Turn the messages added last into columns."""
        if not self._rows:
            return
        columns = zip(*self._rows, strict=True)
        part = {
            name: _array(values, kind)
            for (name, kind), values in zip(_COLUMNS.items(), columns, strict=True)
        }
        self._rows.clear()
        part["sender_name"] = first_filled(part["sender_name"], part["sender"])
        for name in ("source_id", "reply_id"):
            missing = pc.is_in(part[name], value_set=_NO_ID)
            part[name] = pc.if_else(missing, pa.scalar(None, pa.large_string()), part[name])
        self._parts.append(part)

    def _columns(self) -> dict[str, pa.Array]:
        """Return the columns of all messages; the list keeps none of them."""
        self._end_part()
        parts, self._parts = self._parts, []
        return {
            name: pa.concat_arrays([part.pop(name) for part in parts] or [pa.array([], kind)])
            for name, kind in _COLUMNS.items()
        }

    def _times(self, columns: dict[str, pa.Array]) -> NDArray[np.datetime64]:
        unix = columns["unix"].to_numpy()
        times = local_times(unix, self._zone)
        written = columns["written"]
        if pc.any(pc.greater(pc.binary_length(written), 0)).as_py():
            times = np.where(unix == _NO_TIME, parse_times(written, self._zone), times)
        return times

    def _check_damage(self, positions: pa.Array) -> None:
        """Check that damage in the text is in messages that were left out, or at its very end."""
        if not (lines := self.document.damaged_lines if self.document.damaged else []):
            return
        last = len(plain_lines(self.document.text).rstrip().split("\n"))
        left_out = {error.line for error in self.bad_rows}
        starts = sorted({*positions.to_pylist(), *left_out} - {None})
        for line in lines:
            place = bisect_right(starts, line)
            if place and not self.unit and starts[place - 1] in left_out:
                continue
            if line < last:
                raise self.document.damage(line)
            self.leave_out(line, _DAMAGED)  # cut off behind the last message

    def _leave_out_untimed(
        self, times: NDArray[np.datetime64], columns: Mapping[str, pa.Array]
    ) -> None:
        for row in np.flatnonzero(np.isnat(times)).tolist():
            unix, written = columns["unix"][row].as_py(), columns["written"][row].as_py()
            missing = unix == _NO_TIME and not written.strip()
            reason = N_("the time is missing") if missing else N_("the time is no possible date")
            self.leave_out(columns["position"][row].as_py(), reason)


def _answered(columns: Mapping[str, pa.Array]) -> pa.Array:
    """Return the quoted texts, those that only an id tells looked up among the messages."""
    replies, answered = columns["reply_to"], columns["reply_id"]
    asked = pc.and_(pc.is_null(replies), pc.is_valid(answered))
    if not pc.any(asked).as_py():
        return replies
    wanted = pc.unique(answered.filter(asked))
    found = pc.is_in(columns["source_id"], value_set=wanted)
    ids, kinds, texts = (columns[name].filter(found) for name in ("source_id", "kind", "text"))
    recalled = pa.scalar(PLACEHOLDERS[Kind.RECALL], pa.large_string())
    texts = pc.if_else(pc.equal(kinds, Kind.RECALL.value), recalled, texts)
    said = texts.take(pc.index_in(answered, value_set=ids))
    return pc.if_else(asked, said, replies)


def _pandas(columns: Mapping[str, pa.Array]) -> dict[str, Any]:
    """Return the columns that the message table has, as arrays it takes without copies."""
    texts = (
        *("chat", "source_id", "sender", "sender_name", "kind", "text", "reply_to", "reply_id"),
    )
    is_me, record = columns["is_me"], columns["record"]
    unknown = is_me.is_null().to_numpy(zero_copy_only=False)
    mine = is_me.fill_null(False).to_numpy(zero_copy_only=False)  # noqa: FBT003  (Arrow's own)
    loose = record.is_null().to_numpy(zero_copy_only=False)
    numbers = record.fill_null(0).to_numpy(zero_copy_only=False)
    return {
        **{name: pd.array(columns[name], dtype="str") for name in texts},
        "is_me": pd.arrays.BooleanArray(mine.copy(), unknown.copy()),
        "record": pd.arrays.IntegerArray(numbers.copy(), loose.copy()),
    }


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    try:
        return pa.array(values, type=kind)
    except UnicodeEncodeError:
        return pa.array([None if text is None else _whole(text) for text in values], type=kind)


def _whole(text: str) -> str:
    """Return `text` without halves of characters."""
    return _SURROGATE.sub("", text)
