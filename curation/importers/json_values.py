"""Values of a JSON file, of whatever type they turn out to be -> text, number, flag, object, list.

Exporters change, and people edit files: a number may come as a text, a text as null, a list as an
object. None of these functions fails; what is not of the wanted kind is empty.
"""

from __future__ import annotations

import re
from typing import Any, Final

_INTEGER = re.compile(r"\s*-?\d{1,19}(?:\.0+)?\s*")
_LARGEST: Final = 2**63
"""No time or id of a chat is larger; a table could not hold it either."""

_TRUE: Final = frozenset({"1", "1.0", "true"})
_FALSE: Final = frozenset({"0", "0.0", "false"})


def text_of(value: Any) -> str:
    """Return a text as it is, a whole number as its digits, anything else as no text."""
    if isinstance(value, str):
        return value
    if value is None:  # by far the commonest: the file has no such key
        return ""
    number = None if isinstance(value, bool) else integer_of(value)
    return "" if number is None else str(number)


def name_of(value: Any) -> str:
    """Return a name or an id without outer blanks, empty where there is none."""
    return "" if value is None else text_of(value).strip()


def integer_of(value: Any) -> int | None:
    """Return a whole number of at most 64 bits, also when it is written as a text."""
    if value is None:
        return None
    if isinstance(value, str):
        value = int(value.partition(".")[0]) if _INTEGER.fullmatch(value) else None
    elif isinstance(value, float):
        value = int(value) if value.is_integer() else None
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if -_LARGEST < value < _LARGEST else None


def flag_of(value: Any) -> bool | None:
    """Return true or false from true, 1, "1" and the like; None from anything else."""
    if isinstance(value, bool) or value is None:
        return value
    written = text_of(value).strip().lower()
    if written in _TRUE:
        return True
    return False if written in _FALSE else None


def object_of(value: Any) -> dict[str, Any]:
    """Return an object, an empty one where there is none."""
    return value if isinstance(value, dict) else {}


def list_of(value: Any) -> list[Any]:
    """Return a list, an empty one where there is none."""
    return value if isinstance(value, list) else []


def id_of(value: Any) -> str | None:
    """Return an id as a text, None where there is none.

    A fraction cannot be one: JavaScript and spreadsheets round long ids to such numbers.
    """
    return None if isinstance(value, float) else name_of(value) or None
