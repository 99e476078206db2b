"""Columns of a delimited file -> the message table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from curation.errors import N_
from curation.importers.contents import SUSPECT_WORDS, placeholder, words
from curation.importers.message_tables import message_table
from curation.importers.table_times import spreadsheet_times
from curation.importers.times import parse_times
from curation.model import MESSAGE_COLUMNS, UNSPOKEN_KINDS, Kind, SourceFile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from curation.importers.contents import Renderer
    from curation.importers.csv_table import CsvTable

_KINDS: Final = tuple(Kind)
_CODE: Final = {kind: code for code, kind in enumerate(_KINDS)}
_UNSPOKEN_CODES: Final = [_CODE[kind] for kind in UNSPOKEN_KINDS]

_UNKNOWN: Final = placeholder(Kind.OTHER)

_LASTING_ID: Final = r"^[1-9][0-9]{0,19}$"
_ROUNDED_ID: Final = r"^[1-9][0-9]{14}0{4,5}$"
"""A spreadsheet keeps 15 digits of a number and writes zeros for the rest."""
_ROUNDED: Final = 10_000
_NINETEEN_DIGITS: Final = 10**18

_TRUE: Final = frozenset({"1", "1.0", "true"})
_FALSE: Final = frozenset({"0", "0.0", "false"})


@dataclass(frozen=True)
class Contents:
    """Kind, text and quoted text of every row, and how many rows have an unknown type."""

    codes: NDArray[np.int8]
    texts: pa.Array
    replies: pa.Array
    unknown: int

    @property
    def unspoken(self) -> NDArray[np.bool_]:
        """Which rows nobody said."""
        return np.isin(self.codes, _UNSPOKEN_CODES)


def render(
    types: pa.Array,
    raw: pa.Array,
    find: Callable[[str], Renderer | None],
) -> Contents:
    """Return the contents of rows whose exporter wrote `types` and `raw`.

    `find` gives the renderer of a type, None for a type it does not know. Rows whose renderer is
    `words` are taken as they stand unless they match `SUSPECT_WORDS`: most rows of a chat are
    words, and none of them becomes a Python object.
    """
    encoded = types.dictionary_encode()
    renderers = [find(name.strip()) for name in encoded.dictionary.to_pylist()]
    type_codes = encoded.indices.to_numpy(zero_copy_only=False)
    plain = np.array([renderer is words for renderer in renderers] or [False])[type_codes]
    known = np.array([renderer is not None for renderer in renderers] or [True])[type_codes]
    suspect = pc.match_substring_regex(raw, SUSPECT_WORDS).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(~plain | suspect)

    # What is not words repeats a lot, so each distinct one is rendered once.
    distinct = raw.take(pa.array(rows)).dictionary_encode()
    pairs = type_codes[rows].astype("int64") * max(len(distinct.dictionary), 1)
    numbers, pairs = pd.factorize(pairs + distinct.indices.to_numpy(zero_copy_only=False))
    written = distinct.dictionary.to_pylist()
    contents = [
        (renderers[pair // len(written)] or _UNKNOWN)(written[pair % len(written)])
        for pair in pairs.tolist()
    ]

    codes = np.full(len(raw), _CODE[Kind.TEXT], dtype=np.int8)
    codes[rows] = np.array([_CODE[content.kind] for content in contents], dtype=np.int8)[numbers]
    mask = np.zeros(len(raw), dtype=bool)
    mask[rows] = True
    no_replies = pa.nulls(len(raw), pa.large_string())
    return Contents(
        codes=codes,
        texts=_put(raw, mask, [content.text for content in contents], numbers),
        replies=_put(no_replies, mask, [content.reply_to for content in contents], numbers),
        unknown=int((~known).sum()),
    )


def _put(
    column: pa.Array,
    mask: NDArray[np.bool_],
    values: Sequence[str | None],
    numbers: NDArray[np.intp],
) -> pa.Array:
    """Return `column` with `values[numbers]` in the rows of `mask`."""
    if not values:
        return column
    new = pa.array(values, type=pa.large_string()).take(pa.array(numbers))
    return pc.replace_with_mask(column, pa.array(mask), new)


def text_scalar(value: str | None) -> pa.Scalar:
    """Return `value` with the type of all text columns."""
    return pa.scalar(value, pa.large_string())


def first_filled(first: pa.Array, second: pa.Array | pa.Scalar) -> pa.Array:
    """Return `first` where it is not empty, otherwise `second`."""
    return pc.if_else(pc.equal(pc.binary_length(first), 0), second, first)


def times_of(table: CsvTable, written: str, unix: str = "") -> NDArray[np.datetime64]:
    """Return the time of every row, from column `written`, or `unix` where that is empty.

    A row without a time, or with one that cannot be, is left out of `table` as bad.
    """
    values = table[written]
    if unix and pc.any(pc.equal(pc.binary_length(values), 0)).as_py():
        values = first_filled(pc.utf8_trim_whitespace(values), table[unix])
    zone = table.document.options.zone
    times = parse_times(values, zone)
    if np.isnat(times).any():
        times = spreadsheet_times(values, times, zone, table.warnings)
    bad = np.flatnonzero(np.isnat(times)).tolist()
    missing = {row for row in bad if not values[row].as_py().strip()}
    table.leave_out(sorted(missing), N_("the time is missing"))
    table.leave_out(bad, N_("the time is no possible date"))
    return times


def is_me_of(table: CsvTable, column: str, unspoken: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return whether each row is mine, from 0/1, 0.0/1.0 or True/False; unspoken rows never are.

    A spoken row that says neither is left out of `table` as bad.
    """
    encoded = table[column].dictionary_encode()
    values = [value.strip().lower() for value in encoded.dictionary.to_pylist()]
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    mine = np.array([value in _TRUE for value in values] or [False])[codes]
    theirs = np.array([value in _FALSE for value in values] or [False])[codes]
    bad = np.flatnonzero(~(mine | theirs | unspoken)).tolist()
    table.leave_out(bad, N_("the column {column} holds neither 0 nor 1"), column=column)
    return np.asarray(mine & ~unspoken)


def lasting_ids(values: pa.Array) -> pa.Array:
    """Return the ids that last over exports; missing where empty, 0 or damaged by a spreadsheet."""
    numbers = _numbers(values)
    if numbers is not None:
        exact = pc.multiply(pc.divide(numbers, _ROUNDED), _ROUNDED)
        rounded = pc.and_(pc.equal(numbers, exact), pc.greater_equal(numbers, _NINETEEN_DIGITS))
        good = pc.and_not(pc.greater(numbers, 0), rounded)
        return pc.if_else(good, values, text_scalar(None))
    trimmed = pc.utf8_trim_whitespace(values)
    good = pc.and_not(
        pc.match_substring_regex(trimmed, _LASTING_ID),
        pc.match_substring_regex(trimmed, _ROUNDED_ID),
    )
    return pc.if_else(good, trimmed, text_scalar(None))


def _numbers(values: pa.Array) -> pa.Array | None:
    """Return `values` as integers, None unless every one is."""
    try:
        return values.cast(pa.int64())
    except pa.ArrowInvalid:
        return None


def _all_distinct(ids: pa.Array) -> bool:
    present = ids.drop_null() if ids.null_count else ids
    numbers = _numbers(present)
    if numbers is None:
        return bool(pc.count_distinct(present).as_py() == len(present))
    # Numbers are much cheaper to compare than text, and sorting them cheaper than hashing.
    ordered = np.sort(numbers.to_numpy())
    return bool((ordered[1:] != ordered[:-1]).all())


def source_file(
    table: CsvTable,
    name: str,
    contents: Contents,
    columns: Mapping[str, Any],
    is_me: NDArray[np.bool_] | None,
    *,
    aliases: Mapping[str, tuple[str, ...]] | None = None,
    groups: frozenset[str] = frozenset(),
    chat_ids: Mapping[str, str] | None = None,
    warnings: Sequence[str] = (),
) -> SourceFile:
    """Return the file of format `name` from its contents and its other `columns`.

    `is_me` None means that the file does not say; `aliases` is what `names_of` gives. Rows that
    `table` noted as bad are left out. A message that stands twice, with the same id and content,
    is dropped once; an id that stands for two contents is kept by the first alone.

    Raises:
        BadFileError: no row is good; the first one's reason.

    """
    bad_rows = table.bad_rows
    if len(table.bad) == table.size:
        raise bad_rows[0]
    unspoken = contents.unspoken
    mine = np.zeros(table.size, dtype=bool) if is_me is None else is_me & ~unspoken
    unknown_me = np.zeros(table.size, dtype=bool) if is_me is not None else ~unspoken
    kinds = pa.array([kind.value for kind in _KINDS], type=pa.large_string())
    messages = message_table(
        {
            **{key: _array(key, value, table.size) for key, value in columns.items()},
            "is_me": pd.arrays.BooleanArray(mine, unknown_me),
            "kind": _text(kinds.take(pa.array(contents.codes))),
            "text": _text(contents.texts),
            "reply_to": _text(contents.replies),
        }
    )
    if table.bad:
        messages = messages.drop(index=list(table.bad)).reset_index(drop=True)
    unknown = [unknown_types(contents.unknown)] if contents.unknown else []
    return finished(
        SourceFile(
            table.document.path,
            name,
            messages,
            warnings=(*unknown, *table.warnings, *warnings),
            aliases=aliases or {},
            bad_rows=bad_rows,
            groups=groups,
            chat_ids=chat_ids or {},
        )
    )


def unknown_types(count: int) -> str:
    """Return the warning that so many messages are of types no importer knows."""
    return N_("messages of a type this program does not know: {count}").format(count=count)


def finished(source: SourceFile) -> SourceFile:
    """Return the file without messages that stand in it twice, with a warning where some did.

    Only chats with a message in the table are told of.
    """
    if source.groups or source.chat_ids:
        chats = set(source.messages["chat"].unique())
        accounts = {name: known for name, known in source.chat_ids.items() if name in chats}
        source = replace(source, groups=source.groups & chats, chat_ids=accounts)
    ids = source.messages["source_id"]
    if not ids.notna().any() or _all_distinct(pa.array(ids, type=pa.large_string())):
        return source
    messages, dropped = without_repeats(source.messages)
    warnings = source.warnings
    if dropped:
        warning = N_("messages that stood twice in the file: {count}").format(count=dropped)
        warnings = (*warnings, warning)
    return replace(source, messages=messages, warnings=warnings)


def names_of(senders: pa.Array, *columns: pa.Array) -> dict[str, tuple[str, ...]]:
    """Return for each sender the different names that stand beside it in `columns`."""
    names: dict[str, dict[str, None]] = {}
    for column in columns:
        together = pc.unique(pc.binary_join_element_wise(senders, column, text_scalar("\0")))
        for pair in together.to_pylist():
            sender, _, name = pair.partition("\0")
            if name.strip():
                names.setdefault(sender, {})[name] = None
    return {sender: tuple(found) for sender, found in names.items()}


def without_repeats(messages: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return the table without repeated messages, and how many were dropped.

    Only rows with a `source_id` can repeat: two identical 哈哈 without one are two messages.
    """
    ids = messages["source_id"]
    content = ["source_id", "sender", "time", "kind", "text"]
    same = messages.duplicated(content) & ids.notna()
    messages = messages[~same].reset_index(drop=True)
    ids = messages["source_id"]
    messages["source_id"] = ids.mask(ids.duplicated() & ids.notna())
    return messages, int(same.sum())


def _array(name: str, value: Any, size: int) -> Any:
    if isinstance(value, str):
        return _text(pa.repeat(pa.scalar(value, pa.large_string()), size))
    if MESSAGE_COLUMNS[name] == "str":
        return _text(value)
    return value


def _text(values: Any) -> Any:
    return pd.array(values, dtype="str")
