"""Times in the cells of a table that a person's own program wrote -> local wall-clock time.

Beside what exporters write (`times.parse_times`) these are dates in the order of a country, such as
`4/10/2024 11:42` or `10/4/24, 11:42 AM`, and a spreadsheet's numbers of days since 1899-12-30
(ECMA-376, part 1, 18.17.4.1).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from curation.errors import N_
from curation.importers.times import parse_times, twenty_four_hours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from curation.importers.csv_table import CsvTable

_DATED = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:[ ,T]+(\S.*))?", re.IGNORECASE | re.DOTALL
)
"""Day, month and year in some order with numbers alone, and a time of day."""

_SERIAL = re.compile(r"[34567]\d{4}(?:\.\d+)?")
"""Days since 1899-12-30 from the year 1982 to the year 2119."""

_DAY_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001  (wall-clock time has no zone)

_LAST_MONTH: Final = 12
_LAST_DAY: Final = 31

Triple = tuple[int, int, int]

Order = tuple[int, int, int]
"""Where year, month and day stand among the three numbers of a date."""

DAY_FIRST: Final[Order] = (2, 1, 0)
MONTH_FIRST: Final[Order] = (2, 0, 1)
YEAR_FIRST: Final[Order] = (0, 1, 2)


def table_times(table: CsvTable, column: str, warnings: list[str]) -> NDArray[np.datetime64]:
    """Return the time of every row; a row without a possible one is left out of `table` as bad.

    Where nothing tells whether days or months come first, days do, and `warnings` gets a sentence.
    """
    zone = table.document.options.zone
    values = pc.utf8_trim_whitespace(table[column])
    times = parse_times(values, zone)
    rows = np.flatnonzero(np.isnat(times))
    blank = pc.equal(pc.binary_length(values), 0).to_numpy(zero_copy_only=False)
    rows = rows[~blank[rows]]
    if len(rows):
        left = [value.as_py() for value in values.take(pa.array(rows))]
        times[rows] = parse_times(pa.array(_as_iso(left, warnings), pa.large_string()), zone)
    table.leave_out(np.flatnonzero(blank).tolist(), N_("the time is missing"))
    table.leave_out(np.flatnonzero(np.isnat(times)).tolist(), N_("the time is no possible date"))
    return times


def looks_dated(value: str) -> bool:
    """Return whether `value` is a date in the order of a country."""
    return _DATED.fullmatch(value) is not None


def order_of(dates: Sequence[Triple], *, american: bool = False) -> tuple[Order, bool]:
    """Return the order of `dates`, which stand in the order of time, and whether it is sure.

    The order that makes most dates possible; of several the one in which time runs back least
    often. `american` decides between two that are as good.
    """
    days = [date for date, before in zip(dates, [None, *dates], strict=False) if date != before]
    orders = (
        (MONTH_FIRST, DAY_FIRST, YEAR_FIRST) if american else (DAY_FIRST, MONTH_FIRST, YEAR_FIRST)
    )
    ranked = sorted(orders, key=lambda order: _faults(days, order))
    best = ranked[0]
    same = [order for order in ranked if _faults(days, order) == _faults(days, best)]
    alike = all(len({day_of(date, order) for order in same}) == 1 for date in days)
    return best, alike


def _faults(days: Sequence[Triple], order: Order) -> tuple[int, int]:
    read = [day_of(date, order) for date in days]
    known = [day for day in read if day is not None]
    return len(read) - len(known), sum(first > second for first, second in pairwise(known))


def day_of(date: Triple, order: Order) -> Triple | None:
    """Return year, month and day of a date in `order`, None for a day that cannot be."""
    year, month, day = (date[place] for place in order)
    year += 2000 if year < 100 else 0  # noqa: PLR2004  (a year of two digits)
    if not (2000 <= year < 2100 and 1 <= month <= _LAST_MONTH and 1 <= day <= _LAST_DAY):  # noqa: PLR2004
        return None
    return year, month, day


def _as_iso(values: Sequence[str], warnings: list[str]) -> list[str]:
    """Return the times as ISO, empty where a value is none."""
    if all(_SERIAL.fullmatch(value) is not None for value in values):
        days = (timedelta(days=float(value)) for value in values)
        rounded = (_DAY_ZERO + day + timedelta(seconds=0.5) for day in days)
        return [moment.strftime("%Y-%m-%d %H:%M:%S") for moment in rounded]
    matches = [_DATED.fullmatch(value) for value in values]
    found = [match for match in matches if match is not None]
    dates = [(int(match[1]), int(match[3]), int(match[4])) for match in found]
    american = any(re.search(r"[AaPp]\.?\s?[Mm]\.?$", match[5] or "") for match in found)
    order, sure = order_of(dates, american=american)
    if not sure:
        warnings.append(
            N_("the dates do not tell whether day or month comes first; month is assumed")
            if order == MONTH_FIRST
            else N_("the dates do not tell whether day or month comes first; day is assumed")
        )
    read = iter(dates)
    return ["" if match is None else _iso(next(read), order, match[5] or "") for match in matches]


def _iso(date: Triple, order: Order, clock: str) -> str:
    day = day_of(date, order)
    if day is None:
        return ""
    return f"{day[0]:04}-{day[1]:02}-{day[2]:02} {twenty_four_hours(clock)}".strip()
