"""Times in the cells of a table that a person's program wrote or saved -> local wall-clock time.

Beside what exporters write (`times.parse_times`) these are dates in the order of a country, such as
`4/10/2024 11:42` or `10/4/24, 11:42 AM`, and a spreadsheet's numbers of days since 1899-12-30
(ECMA-376, part 1, 18.17.4.1).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from curation.errors import N_
from curation.importers.date_order import DAY_FIRST, MONTH_FIRST, iso_day, order_of
from curation.importers.times import parse_times, twenty_four_hours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from curation.importers.csv_table import CsvTable
    from curation.importers.date_order import Order, Triple

_DATED = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:[ ,T]+(\S.*))?", re.IGNORECASE | re.DOTALL
)
"""Day, month and year in some order with numbers alone, and a time of day."""

_SERIAL = re.compile(r"[34567]\d{4}(?:\.\d+)?")
"""Days since 1899-12-30 from the year 1982 to the year 2119."""

_DAY_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001  (wall-clock time has no zone)


def table_times(table: CsvTable, column: str) -> NDArray[np.datetime64]:
    """Return the time of every row; a row without a possible one is left out of `table` as bad.

    Where nothing tells whether days or months come first, days do, and `table` gets a warning.
    """
    zone = table.document.options.zone
    values = pc.utf8_trim_whitespace(table[column])
    times = spreadsheet_times(values, parse_times(values, zone), zone, table.warnings)
    blank = pc.equal(pc.binary_length(values), 0).to_numpy(zero_copy_only=False)
    table.leave_out(np.flatnonzero(blank).tolist(), N_("the time is missing"))
    table.leave_out(np.flatnonzero(np.isnat(times)).tolist(), N_("the time is no possible date"))
    return times


def spreadsheet_times(
    values: pa.Array, times: NDArray[np.datetime64], zone: str, warnings: list[str]
) -> NDArray[np.datetime64]:
    """Return `times` with those that are missing read from `values` as a spreadsheet writes them.

    Where nothing tells whether days or months come first, days do, and `warnings` gets a sentence.
    """
    values = pc.utf8_trim_whitespace(values)
    filled = pc.greater(pc.binary_length(values), 0).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(np.isnat(times) & filled)
    if not len(rows):
        return times
    left = [value.as_py() for value in values.take(pa.array(rows))]
    times = times.copy()
    times[rows] = parse_times(pa.array(_as_iso(left, warnings), pa.large_string()), zone)
    return times


def looks_dated(value: str) -> bool:
    """Return whether `value` is a date in the order of a country."""
    return _DATED.fullmatch(value) is not None


def _as_iso(values: Sequence[str], warnings: list[str]) -> list[str]:
    """Return the times as ISO, empty where a value is none."""
    matches = [_DATED.fullmatch(value) for value in values]
    found = [match for match in matches if match is not None]
    dates = [(int(match[1]), int(match[3]), int(match[4])) for match in found]
    american = any(re.search(r"[AaPp]\.?\s?[Mm]\.?$", match[5] or "") for match in found)
    order, sure = order_of(dates, MONTH_FIRST if american else DAY_FIRST)
    if not sure:
        warnings.append(
            N_("the dates do not tell whether day or month comes first; month is assumed")
            if order == MONTH_FIRST
            else N_("the dates do not tell whether day or month comes first; day is assumed")
        )
    read = iter(dates)
    return [
        _of_serial(value) if match is None else _iso(next(read), order, match[5] or "")
        for value, match in zip(values, matches, strict=True)
    ]


def _of_serial(value: str) -> str:
    """Return a spreadsheet's number of days as ISO, empty where it is none."""
    if _SERIAL.fullmatch(value) is None:
        return ""
    moment = _DAY_ZERO + timedelta(days=float(value), seconds=0.5)
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _iso(date: Triple, order: Order, clock: str) -> str:
    day = iso_day(date, order)
    return f"{day} {twenty_four_hours(clock)}".strip() if day else ""
