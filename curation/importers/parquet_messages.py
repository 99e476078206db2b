"""Parquet with this program's own columns, as `convert --parquet` writes it.

Any tool that writes these columns will do. `source_id`, `sender_name`, `is_me`, `reply_to`,
`reply_id` and `record` may be missing, others are passed over. Times are local, or moments where
the column has a zone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from curation.errors import N_, BadFileError, NoMessagesError, UnknownFormatError
from curation.importers.message_tables import message_table
from curation.importers.rows import finished
from curation.importers.times import possible
from curation.message_schema import MESSAGE_SCHEMA, SUFFIX
from curation.model import PLACEHOLDERS, UNSPOKEN_KINDS, Kind, SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from numpy.typing import NDArray

    from curation.importers.document import Document

_NEEDED: Final = ("chat", "sender", "time", "kind", "text")
_NEVER_MISSING: Final = ("chat", "kind", "text")
_TEXTS: Final = tuple(each.name for each in MESSAGE_SCHEMA if pa.types.is_string(each.type))
_LONG: Final = ("text", "reply_to")
_NAME_CHARACTERS: Final = 1_000
"""The longest name or id; texts, and what they quote, may be as long as a message."""
_ROWS_AT_ONCE: Final = 16_384
_ROW_BYTES: Final = 64
"""What a row takes at least once it is unpacked."""
_LIMITS: Final = {
    "thrift_string_size_limit": 64 * 1024**2,
    "thrift_container_size_limit": 1_000_000,
}
"""Of what stands in the file about itself."""
_MEGABYTE: Final = 1024**2
_BROKEN: Final = N_("this Parquet file is broken or cut off")
_KINDS: Final = pa.array([kind.value for kind in Kind], pa.large_string())
_UNSPOKEN: Final = pa.array([kind.value for kind in UNSPOKEN_KINDS], pa.large_string())


class ParquetMessages:
    """The importer of Parquet."""

    format = "Parquet"
    suffixes = (SUFFIX,)

    def recognises(self, document: Document) -> bool:
        """Return whether the file begins as Parquet does."""
        return document.is_parquet

    def read(self, document: Document) -> SourceFile:
        """Return the messages.

        Raises:
            UnknownFormatError: a column is missing.
            BadFileError: the file is broken, a column is of another type, it unpacks to more than
                the limits allow, or no message in it is good.

        """
        path = document.path
        try:
            head = pq.ParquetFile(pa.BufferReader(document.raw), **_LIMITS)
            columns = _columns(document, head.schema_arrow)
            _check_size(document, head.metadata, columns)
            texts = [name for name in _TEXTS if name in columns]
            file = pq.ParquetFile(pa.BufferReader(document.raw), read_dictionary=texts, **_LIMITS)
            table = pa.concat_tables(list(_parts(document, file, columns)))
        except (pa.ArrowException, OSError, OverflowError) as exc:
            raise BadFileError(path, _BROKEN) from exc
        if not len(table):
            raise NoMessagesError(path, N_("the file holds no messages"))
        read = {name: table[name].combine_chunks() for name in table.column_names}
        bad = _bad_rows(document, read)
        if len(bad) == len(table):
            raise bad[min(bad)]
        if bad:
            good = np.ones(len(table), dtype=bool)
            good[list(bad)] = False
            read = {name: column.filter(pa.array(good)) for name, column in read.items()}
        errors = tuple(bad[row] for row in sorted(bad))
        messages = message_table(_pandas(read))
        return finished(SourceFile(path, self.format, messages, bad_rows=errors))


def _columns(document: Document, schema: pa.Schema) -> list[str]:
    """Return the columns to read; an error for one that is missing or of another type."""
    for name in _NEEDED:
        if name not in schema.names:
            reason = N_("the column {column} is missing")
            raise UnknownFormatError(document.path, reason, column=name)
    held = [name for name in MESSAGE_SCHEMA.names if name in schema.names]
    for name in held:
        fits = schema.names.count(name) == 1 and _fits(schema.field(name).type, name)
        if not fits:
            reason = N_("the column {column} is not of the type {type}")
            wanted = MESSAGE_SCHEMA.field(name).type
            raise BadFileError(document.path, reason, column=name, type=wanted)
    return held


def _fits(held: pa.DataType, name: str) -> bool:
    """Whether a column's type says the same as the one that is wanted."""
    if pa.types.is_dictionary(held):
        held = held.value_type
    wanted = MESSAGE_SCHEMA.field(name).type
    if pa.types.is_null(held):  # all are missing
        return name not in _NEVER_MISSING
    if pa.types.is_string(wanted):
        return bool(pa.types.is_string(held) or pa.types.is_large_string(held))
    if pa.types.is_timestamp(wanted):
        return bool(pa.types.is_timestamp(held))
    if pa.types.is_integer(wanted):
        return bool(pa.types.is_integer(held))
    return bool(held == wanted)


def _check_size(document: Document, metadata: pq.FileMetaData, columns: list[str]) -> None:
    """Raise BadFileError for a file that says it would be too large."""
    unpacked = 0
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        unpacked += _ROW_BYTES * max(group.num_rows, 0)
        for place in range(group.num_columns):
            chunk = group.column(place)
            if chunk.path_in_schema in columns:
                unpacked += max(chunk.total_uncompressed_size, 0)
    _check_bytes(document, unpacked)


def _check_bytes(document: Document, unpacked: int) -> None:
    limit = document.options.limits.unpacked_bytes
    if unpacked > limit:
        reason = N_("the file unpacks to more than {limit} MB (see the settings)")
        raise BadFileError(document.path, reason, limit=limit // _MEGABYTE)


def _parts(document: Document, file: pq.ParquetFile, columns: list[str]) -> Iterator[pa.Table]:
    """Yield the rows in parts.

    What few bytes say again and again is not written out before it is known how much that is.
    """
    done, unpacked = 0, 0
    yield pa.table({each.name: _empty(each.name, 0) for each in MESSAGE_SCHEMA})
    for batch in file.iter_batches(_ROWS_AT_ONCE, columns=columns, use_threads=False):
        held = dict(zip(batch.schema.names, batch.columns, strict=True))
        for column in held.values():
            if pa.types.is_dictionary(column.type):
                lengths = pc.binary_length(column.dictionary).take(column.indices)
                unpacked += pc.sum(lengths).as_py() or 0
            unpacked += column.nbytes
        _check_bytes(document, unpacked)
        yield pa.table(
            {
                each.name: _typed(held[each.name], each.name, document.options.zone)
                if each.name in held
                else _empty(each.name, len(batch))
                for each in MESSAGE_SCHEMA
            }
        )
        done += len(batch)
        document.tick(done, file.metadata.num_rows)


def _type_in_memory(name: str) -> pa.DataType:
    """Return the type that a column has here; one string column holds at most two gigabytes."""
    return pa.large_string() if name in _TEXTS else MESSAGE_SCHEMA.field(name).type


def _empty(name: str, size: int) -> pa.Array:
    return pa.nulls(size, _type_in_memory(name))


def _typed(column: pa.Array, name: str, zone: str) -> pa.Array:
    """Return a column with the type that it has here; times are the chat's local ones."""
    if name == "time" and pa.types.is_timestamp(column.type):
        if column.type.tz is not None:
            moments = column.cast(pa.timestamp(column.type.unit, zone))
            column = pc.local_timestamp(moments)
        return column.cast(_type_in_memory(name), safe=False)
    column = column.cast(_type_in_memory(name))
    column.validate(full=True)
    return column


def _bad_rows(document: Document, read: dict[str, pa.Array]) -> dict[int, BadFileError]:
    """Return which rows cannot be used, and why."""
    bad: dict[int, BadFileError] = {}

    def leave_out(rows: Any, reason: str, **values: Any) -> None:
        wrong = np.asarray(rows.fill_null(False) if hasattr(rows, "fill_null") else rows)  # noqa: FBT003  (Arrow's own)
        for row in np.flatnonzero(wrong).tolist():
            place = f"row {row + 1}"
            bad.setdefault(row, BadFileError(document.path, reason, place=place, **values))

    for name in _NEVER_MISSING:
        leave_out(read[name].is_null(), N_("the column {column} is empty"), column=name)
    blank = pc.equal(pc.binary_length(pc.utf8_trim_whitespace(read["chat"])), 0)
    leave_out(blank, N_("the column {column} is empty"), column="chat")
    unknown = pc.invert(pc.is_in(read["kind"], value_set=_KINDS))
    leave_out(unknown, N_("there is no kind of message of that name"))
    for name in _TEXTS:
        limits = document.options.limits
        longest = limits.message_characters if name in _LONG else _NAME_CHARACTERS
        reason = N_("the message is longer than {limit} characters")
        leave_out(pc.greater(pc.utf8_length(read[name]), longest), reason, limit=longest)
        leave_out(pc.match_substring(read[name], "\0"), N_("the text is damaged here"))
    times = _times(read)
    missing = read["time"].is_null().to_numpy(zero_copy_only=False)
    leave_out(np.isnat(times) & ~missing, N_("the time is no possible date"))
    if not missing.all():
        loose = read["record"].is_null().to_numpy(zero_copy_only=False)
        leave_out(missing & loose, N_("the time is missing"))
    return bad


def _times(read: dict[str, pa.Array]) -> NDArray[np.datetime64]:
    return possible(read["time"].to_numpy(zero_copy_only=False).astype("datetime64[s]"))


def _pandas(read: dict[str, pa.Array]) -> dict[str, Any]:
    """Return the columns as the message table takes them."""
    read["sender"] = read["sender"].fill_null("")
    read["sender_name"] = pc.coalesce(read["sender_name"], read["sender"])
    spoken = ~pc.is_in(read["kind"], value_set=_UNSPOKEN).to_numpy(zero_copy_only=False)
    unknown = read["is_me"].is_null().to_numpy(zero_copy_only=False) & spoken
    mine = read["is_me"].fill_null(False).to_numpy(zero_copy_only=False) & spoken  # noqa: FBT003  (Arrow's own)
    loose = read["record"].is_null().to_numpy(zero_copy_only=False)
    numbers = read["record"].fill_null(0).to_numpy(zero_copy_only=False)
    texts = {name: pd.array(read[name], dtype="str") for name in _TEXTS}
    # What somebody took back is never shown, whatever a file holds of it.
    texts["text"][texts["kind"] == Kind.RECALL.value] = PLACEHOLDERS[Kind.RECALL]
    return {
        **texts,
        "time": _times(read),
        "is_me": pd.arrays.BooleanArray(mine.copy(), unknown.copy()),
        "record": pd.arrays.IntegerArray(numbers.copy(), loose.copy()),
    }
