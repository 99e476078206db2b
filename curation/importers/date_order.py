"""Dates of three numbers, which every region writes in another order -> year, month and day.

A single date often does not tell its order, but all dates of a file together nearly always do.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from curation.importers.times import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Triple = tuple[int, int, int]

Order = tuple[int, int, int]
"""Where year, month and day stand among the three numbers of a date."""

DAY_FIRST: Final[Order] = (2, 1, 0)
MONTH_FIRST: Final[Order] = (2, 0, 1)
YEAR_FIRST: Final[Order] = (0, 1, 2)

_CENTURY: Final = 100
_LAST_MONTH: Final = 12
_LAST_DAY: Final = 31


_MONTHS: Final = (
    "jan january janvier januar jänner enero ene januari janeiro gennaio gen января янв",
    "feb february février févr fév februar febrero februari fevereiro fev febbraio февраля фев",
    "mar march mars märz mär mrz marzo março maart mrt maret mart марта мар",
    "apr april avril avr abril abr aprile апреля апр",
    "may mai mayo maio maggio mag mei мая май",
    "jun june juin juni junio junho giugno giu июня июн",
    "jul july juillet juil juli julio julho luglio lug июля июл",
    "aug august août aoû agosto ago agustus agu augustus августа авг",
    "sep sept september septembre septiembre setembro set settembre сентября сент сен",
    "oct october octobre oktober okt octubre outubro out ottobre ott октября окт",
    "nov november novembre noviembre novembro nopember ноября нояб ноя",
    "dec december décembre déc dezember dez diciembre dic dezembro dicembre desember декабря",
)
"""The names of the months in ten languages, and how they are cut short."""

MONTHS: Final[Mapping[str, int]] = {
    name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()
}

_MONTH: Final = "(?i:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
_GAP: Final = r"[ \u00a0\u202f.,-]{1,2}(?:de )?"
NAMED_DATE: Final = (
    rf"\d{{1,2}}\.?{_GAP}{_MONTH}{_GAP}\d{{2,4}}|{_MONTH}{_GAP}\d{{1,2}},?{_GAP}\d{{2,4}}"
)
"""A date with the month's name, the day before or behind it: a pattern."""

_PARTS = re.compile(r"\d+|[^\W\d_]+")


def numbers_of(date: str) -> Triple:
    """Return the three numbers of a date; one with the month's name as year, month and day.

    What has no three numbers is no possible date.
    """
    parts: list[str] = _PARTS.findall(date)
    numbers = [int(part) for part in parts if part.isdecimal()]
    named = [MONTHS[name] for part in parts if (name := part.lower()) in MONTHS]
    if named and len(numbers) == 2:  # noqa: PLR2004  (day and year)
        year = numbers[1] + (FIRST_YEAR if numbers[1] < _CENTURY else 0)
        return year, named[0], numbers[0]
    first, second, third = (*numbers, 0, 0, 0)[:3]
    return first, second, third


def order_of(dates: Sequence[Triple], hint: Order = DAY_FIRST) -> tuple[Order, bool]:
    """Return the order of `dates`, and whether days and months are surely told apart.

    `dates` stand as in the file, which is mostly the order of time: an order counts by how many of
    the dates it makes possible, then by how seldom time runs back in it, then `hint` decides, and
    then days come first.
    """
    days = [date for date, before in zip(dates, [None, *dates], strict=False) if date != before]
    orders = dict.fromkeys((hint, DAY_FIRST, MONTH_FIRST, YEAR_FIRST))
    faults = {order: _faults(days, order) for order in orders}
    best = min(orders, key=lambda order: faults[order])
    other = {DAY_FIRST: MONTH_FIRST, MONTH_FIRST: DAY_FIRST}.get(best, best)
    alike = faults[other] == faults[best]
    return best, not alike or all(day_of(date, best) == day_of(date, other) for date in days)


def _faults(days: Sequence[Triple], order: Order) -> tuple[int, int]:
    read = [day_of(date, order) for date in days]
    known = [day for day in read if day is not None]
    return len(read) - len(known), sum(first > second for first, second in pairwise(known))


def day_of(date: Triple, order: Order) -> Triple | None:
    """Return year, month and day of a date in `order`, None where they cannot be these."""
    year, month, day = (date[place] for place in order)
    year += FIRST_YEAR if year < _CENTURY else 0
    good = FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= _LAST_MONTH and 1 <= day <= _LAST_DAY
    return (year, month, day) if good else None


def iso_day(date: Triple, order: Order) -> str:
    """Return a date as ISO, empty where it cannot be one."""
    day = day_of(date, order)
    return "" if day is None else f"{day[0]:04}-{day[1]:02}-{day[2]:02}"
