"""Written times -> the chat's local wall-clock time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from curation.model import DEFAULT_ZONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2099
_FIRST: Final = np.datetime64(f"{FIRST_YEAR}-01-01", "s")
_END: Final = np.datetime64(f"{LAST_YEAR + 1}-01-01", "s")
_NOT_A_TIME: Final = np.datetime64("NaT", "s")
_LAST_SECOND: Final = int(_END.astype("int64"))
_FIRST_MILLISECOND: Final = 10**11  # as seconds that would be the year 5138

_WRITTEN = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[T\s]\s*(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,]\d+)?)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?"
)
"""A date, and a time with or without seconds and offset. Misses month names and 上午/下午."""

_CHINESE_DATE = re.compile(
    r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*"
    r"(?:(?:星期|周)[一二三四五六日天]\s*)?"
    r"((?:凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|[AaPp]\.?[Mm]\.?)?\s*\d{1,2}[:：时]\d{1,2}.*)?"
)
"""`2024年3月4日 下午 3:05`, as spreadsheets and phones write it."""

_HALF_DAY = re.compile(
    r"(.*?)(凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|[AaPp]\.?[Mm]\.?)?\s*"
    r"(\d{1,2})[:：时](\d{1,2})(?:[:：分](\d{1,2})秒?|分)?\s*([AaPp]\.?[Mm]\.?)?\s*",
    re.DOTALL,
)
"""A time of day with the half of the day written before or behind it."""

_AFTERNOON: Final = frozenset({"下午", "傍晚", "晚上", "中午", "pm"})
_NOON: Final = 12
_LATE_MORNING: Final = 10  # 中午 11:30 is before noon, 中午 1:30 behind it

_SECONDS = re.compile(r"(\d{9,10})(?:\.\d+)?")
_MILLISECONDS = re.compile(r"(\d{12,13})(?:\.\d+)?")

# WeFlow's WeClone CSV writes JavaScript's toISOString(): UTC with milliseconds and a Z.
_UTC = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$"


def parse_times(values: pa.Array, zone: str = DEFAULT_ZONE) -> NDArray[np.datetime64]:
    """Return local times to the second, NaT where a value is no time between 2000 and 2099.

    Understands `2024-10-04 11:42:05` with `/`, without leading zeros, seconds or time of day; ISO
    with `T`; `2024年10月4日 下午 3:05`; a `Z` or an offset and unix seconds or milliseconds, which
    become wall-clock time of `zone` (an IANA name).
    """
    try:
        parsed = values.cast(pa.timestamp("s")).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        parsed = _parse_utc(values, zone)
    return possible(parsed.astype("datetime64[s]"))


def local_times(unix: NDArray[np.int64], zone: str) -> NDArray[np.datetime64]:
    """Return wall-clock times of `zone` for unix seconds or milliseconds; NaT for impossible ones.

    Numbers below zero stand for "no time".
    """
    seconds = np.where(np.abs(unix) >= _FIRST_MILLISECOND, unix // 1000, unix)
    good = (seconds >= 0) & (seconds < _LAST_SECOND)
    clock = pd.DatetimeIndex(np.where(good, seconds, 0).astype("datetime64[s]"), tz="UTC")
    local = clock.tz_convert(ZoneInfo(zone)).tz_localize(None).to_numpy().astype("datetime64[s]")
    return possible(np.where(good, local, _NOT_A_TIME))


def possible(times: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """Return the times, NaT for those that no chat can have."""
    return np.where((times >= _FIRST) & (times < _END), times, _NOT_A_TIME)


def _parse_utc(values: pa.Array, zone: str) -> NDArray[np.datetime64]:
    if pc.all(pc.match_substring_regex(values, _UTC)).as_py():
        bare = pc.utf8_slice_codeunits(values, 0, 19)
        try:
            parsed = bare.cast(pa.timestamp("s")).to_numpy(zero_copy_only=False)
        except pa.ArrowInvalid:
            return _parse_each(values, zone)
        return local_times(parsed.astype("datetime64[s]").astype("int64"), zone)
    return _parse_each(values, zone)


def _parse_each(values: pa.Array, zone: str) -> NDArray[np.datetime64]:
    encoded = values.dictionary_encode()
    distinct = [parse_time(value, zone) for value in encoded.dictionary.to_pylist()]
    parsed = np.array(distinct or [None], dtype="datetime64[s]")
    return np.asarray(parsed[encoded.indices.to_numpy(zero_copy_only=False)])


def parse_time(value: str, zone: str = DEFAULT_ZONE) -> datetime | None:
    """Return one written time as local time without a zone, or None; see `parse_times`."""
    value = value.strip()
    if (match := _SECONDS.fullmatch(value)) is not None:
        return _from_unix(int(match[1]), zone)
    if (match := _MILLISECONDS.fullmatch(value)) is not None:
        return _from_unix(int(match[1]) // 1000, zone)
    if (match := _CHINESE_DATE.fullmatch(value)) is not None:
        value = f"{match[1]}-{match[2]}-{match[3]} {match[4] or ''}".strip()
    if (match := _WRITTEN.fullmatch(value)) is None:
        value = twenty_four_hours(value)
        if (match := _WRITTEN.fullmatch(value)) is None:
            return None
    numbers = [int(part or 0) for part in match.groups()[:6]]
    if not FIRST_YEAR <= numbers[0] <= LAST_YEAR:
        return None
    try:
        moment = datetime(*numbers, tzinfo=_offset(match[7]))  # type: ignore[arg-type,misc]  # six ints
    except ValueError:
        return None
    if moment.tzinfo is not None:
        moment = moment.astimezone(ZoneInfo(zone))
    return moment.replace(tzinfo=None)


def twenty_four_hours(value: str) -> str:
    """Return `value` with a time such as `下午 3:05`, `3:05 PM` or `3时5分` written as `15:05`.

    A text without such a time comes back unchanged.
    """
    match = _HALF_DAY.fullmatch(value)
    if match is None:
        return value
    half = (match[2] or match[6] or "").lower().replace(".", "")
    hour = int(match[3])
    if half in _AFTERNOON and hour < _NOON and not (half == "中午" and hour > _LATE_MORNING):
        hour += _NOON
    elif half in {"am", "凌晨", "上午"} and hour == _NOON:
        hour = 0
    seconds = f":{match[5]}" if match[5] else ""
    return f"{match[1].rstrip()} {hour:02}:{match[4]}{seconds}".lstrip()


def _from_unix(seconds: int, zone: str) -> datetime:
    return datetime.fromtimestamp(seconds, ZoneInfo(zone)).replace(tzinfo=None)


def _offset(offset: str | None) -> timezone | None:
    if offset is None:
        return None
    if offset == "Z":
        return UTC
    sign = -1 if offset[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:])))
