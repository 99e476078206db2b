"""Times in the cells of a table that a person's own program wrote -> local wall-clock time.

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
    order, sure = order_of(dates, MONTH_FIRST if american else DAY_FIRST)
    if not sure:
        warnings.append(
            N_("the dates do not tell whether day or month comes first; month is assumed")
            if order == MONTH_FIRST
            else N_("the dates do not tell whether day or month comes first; day is assumed")
        )
    read = iter(dates)
    return ["" if match is None else _iso(next(read), order, match[5] or "") for match in matches]


def _iso(date: Triple, order: Order, clock: str) -> str:
    day = iso_day(date, order)
    return f"{day} {twenty_four_hours(clock)}".strip() if day else ""
