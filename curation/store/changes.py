"""The changes of an action as they are kept: many that are alike take the room of a few.

A change is one row of one table: (table, id, before, after), where `before` and `after` hold the
columns that changed and None stands for a row that was not there. Kept is JSON, a list of changes.
A stretch of changes to the same columns of one table is kept column by column instead, as
`["*", table, how many, ids, before, after]`, where each column is a constant, numbers that stay or
count up, or a list.
"""

from __future__ import annotations

import json
from itertools import groupby, repeat
from typing import TYPE_CHECKING, Any, Final

from curation.errors import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Row = dict[str, Any]
Change = tuple[str, int, Row | None, Row | None]

CHANGED_SINCE: Final = N_("What this would change was changed again since; nothing was done.")
"""Why a change is refused where a row is no longer as it says."""

_STRETCH: Final = "*"
_LEAST: Final = 8
"""Fewer changes that are alike are kept one by one: they can be read by eye."""


def dump(changes: Sequence[Change]) -> str:
    """Return changes as they are kept."""
    kept: list[object] = []
    for _alike, group in groupby(changes, key=_columns_of):
        some = list(group)
        if len(some) < _LEAST:
            kept += some
        else:
            kept.append(_stretch(some))
    return _compact(kept)


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> list[Change]:
    """Return the changes that `dump` kept, in their order."""
    changes: list[Change] = []
    for each in json.loads(text):
        if each[0] == _STRETCH:
            changes += _changes(*each[1:])
        else:
            name, number, old, new = each
            changes.append((name, number, old, new))
    return changes


def endings(name: str, value: str) -> tuple[str, str]:
    """Return what kept changes end with where the last one set the column `name` alone to `value`.

    It is one or the other, so that a database can ask for it without reading them.
    """
    return f"{_compact({name: value})}]]", f"{_compact({name: _packed([value])})}]]"


def _columns_of(change: Change) -> tuple[str, tuple[str, ...] | None, tuple[str, ...] | None]:
    name, _number, old, new = change
    return name, None if old is None else tuple(old), None if new is None else tuple(new)


def _stretch(changes: Sequence[Change]) -> list[object]:
    name, *_row = changes[0]
    ids = _packed([number for _name, number, _old, _new in changes])
    before = _packed_rows([old for _name, _number, old, _new in changes])
    after = _packed_rows([new for _name, _number, _old, new in changes])
    return [_STRETCH, name, len(changes), ids, before, after]


def _packed_rows(rows: Sequence[Row | None]) -> dict[str, object] | None:
    there = [row for row in rows if row is not None]
    return {name: _packed([row[name] for row in there]) for name in there[0]} if there else None


def _packed(values: Sequence[Any]) -> dict[str, object]:
    """Return a column: {"=": constant}, {"+": [[first, step, how many], ...]} or {"[": values}."""
    first = values[0]
    if all(value == first and type(value) is type(first) for value in values):
        return {"=": first}
    if all(type(value) is int for value in values):
        runs = _runs(values)
        if 2 * len(runs) < len(values):
            return {"+": runs}
    return {"[": list(values)}


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    """Return numbers as runs [first, step, how many] that stay (step 0) or count up (step 1)."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs:
            first, step, count = runs[-1]
            if count == 1 and number - first in (0, 1):
                runs[-1] = [first, number - first, 2]
                continue
            if count > 1 and number == first + step * count:
                runs[-1][2] += 1
                continue
        runs.append([number, 0, 1])
    return runs


def _unpacked(column: Row, length: int) -> Iterable[Any]:
    if "=" in column:
        return repeat(column["="], length)
    if "+" in column:
        return (first + step * at for first, step, count in column["+"] for at in range(count))
    values: list[Any] = column["["]
    return values


def _changes(
    name: str, length: int, ids: Row, before: Row | None, after: Row | None
) -> Iterator[Change]:
    numbers = _unpacked(ids, length)
    for number, old, new in zip(numbers, _rows(before, length), _rows(after, length), strict=True):
        yield name, number, old, new


def _rows(columns: Row | None, length: int) -> Iterable[Row | None]:
    if not columns:
        return repeat(columns, length)
    names = list(columns)
    values = [_unpacked(column, length) for column in columns.values()]
    return (dict(zip(names, row, strict=True)) for row in zip(*values, strict=True))
