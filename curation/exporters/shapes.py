"""Rows that are taken apart again, and what is said of those that cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from curation.exporters.format import ShapeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.exporters.format import Record


def plain(items: list[dict[str, Any]], system: object) -> Record:
    """Return a record of turns and a system text."""
    return {"conversations": items, "system": system, "tools": "[]"}


def values(row: object, keys: Sequence[str], where: str = "it") -> list[Any]:
    """Return the values of `row` in the order of `keys`; raises ShapeError for other keys."""
    if not isinstance(row, dict) or list(row) != list(keys):
        raise ShapeError(where, f"has other keys than {', '.join(keys)}")
    return list(row.values())


def items(value: object, where: str) -> list[Any]:
    """Return a list; raises ShapeError for anything else."""
    if not isinstance(value, list):
        raise ShapeError(where, "is not a list")
    return value
