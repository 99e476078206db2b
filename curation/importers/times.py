"""Written times -> the chat's local wall-clock time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHINA: Final = timezone(timedelta(hours=8))
"""WeChat's home zone: one offset all year since 1991, so no zone database is needed."""

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2099
_FIRST: Final = np.datetime64(f"{FIRST_YEAR}-01-01", "s")
_END: Final = np.datetime64(f"{LAST_YEAR + 1}-01-01", "s")
_NOT_A_TIME: Final = np.datetime64("NaT", "s")

_WRITTEN = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[T\s]\s*(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,]\d+)?)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?"
)
"""A date, and a time with or without seconds and offset. Misses month names and 上午/下午."""

_SECONDS = re.compile(r"(\d{9,10})(?:\.\d+)?")
_MILLISECONDS = re.compile(r"(\d{12,13})(?:\.\d+)?")

# WeFlow's WeClone CSV writes JavaScript's toISOString(): UTC with milliseconds and a Z.
_UTC = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$"


def parse_times(values: pa.Array) -> NDArray[np.datetime64]:
    """Return local times to the second, NaT where a value is no time between 2000 and 2099.

    Understands `2024-10-04 11:42:05` with `/`, without leading zeros, seconds or time of day; ISO
    with `T`; a `Z` or an offset and unix seconds or milliseconds, which become Chinese time.
    """
    try:
        parsed = values.cast(pa.timestamp("s")).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        parsed = _parse_utc(values)
    parsed = parsed.astype("datetime64[s]")
    return np.where((parsed >= _FIRST) & (parsed < _END), parsed, _NOT_A_TIME)


def _parse_utc(values: pa.Array) -> NDArray[np.datetime64]:
    if pc.all(pc.match_substring_regex(values, _UTC)).as_py():
        bare = pc.utf8_slice_codeunits(values, 0, 19)
        try:
            parsed = bare.cast(pa.timestamp("s")).to_numpy(zero_copy_only=False)
        except pa.ArrowInvalid:
            return _parse_each(values)
        return np.asarray(parsed + np.timedelta64(8, "h"))
    return _parse_each(values)


def _parse_each(values: pa.Array) -> NDArray[np.datetime64]:
    encoded = values.dictionary_encode()
    distinct = [parse_time(value) for value in encoded.dictionary.to_pylist()]
    parsed = np.array(distinct or [None], dtype="datetime64[s]")
    return np.asarray(parsed[encoded.indices.to_numpy(zero_copy_only=False)])


def parse_time(value: str) -> datetime | None:
    """Return one written time as local time without a zone, or None; see `parse_times`."""
    value = value.strip()
    if (match := _SECONDS.fullmatch(value)) is not None:
        return _from_unix(int(match[1]))
    if (match := _MILLISECONDS.fullmatch(value)) is not None:
        return _from_unix(int(match[1]) // 1000)
    if (match := _WRITTEN.fullmatch(value)) is None:
        return None
    numbers = [int(part or 0) for part in match.groups()[:6]]
    if not FIRST_YEAR <= numbers[0] <= LAST_YEAR:
        return None
    try:
        moment = datetime(*numbers, tzinfo=_zone(match[7]))  # type: ignore[arg-type,misc]  # six ints
    except ValueError:
        return None
    return moment.astimezone(CHINA).replace(tzinfo=None)


def _from_unix(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, CHINA).replace(tzinfo=None)


def _zone(offset: str | None) -> timezone:
    if offset is None:
        return CHINA
    if offset == "Z":
        return UTC
    sign = -1 if offset[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:])))
