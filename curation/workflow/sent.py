"""What a screen sent, read field by field: whatever is not as it should be is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from curation.errors import N_, ActionRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MALFORMED: Final = N_("This action was not understood.")


@dataclass(frozen=True, slots=True)
class Sent:
    """The fields of an action; each way to read one raises ActionRefusedError for another kind."""

    fields: Mapping[str, object]

    def integer(self, key: str) -> int:
        """Return a whole number."""
        return _integer(self.fields.get(key))

    def integers(self, key: str) -> list[int]:
        """Return whole numbers, at least one."""
        return [_integer(value) for value in self.several(key)]

    def optional_integer(self, key: str) -> int | None:
        """Return a whole number, or None where there is none."""
        return None if self.fields.get(key) is None else self.integer(key)

    def flag(self, key: str) -> bool:
        """Return a truth value."""
        value = self.fields.get(key)
        if not isinstance(value, bool):
            raise ActionRefusedError(MALFORMED)
        return value

    def text(self, key: str, *, empty: bool = False) -> str:
        """Return a text, which may be blank only where `empty` says so."""
        value = self.fields.get(key)
        if not isinstance(value, str) or not (value.strip() or empty):
            raise ActionRefusedError(MALFORMED)
        return value

    def choice(self, key: str, choices: Sequence[str]) -> str:
        """Return one of these texts."""
        value = self.fields.get(key)
        if not isinstance(value, str) or value not in choices:
            raise ActionRefusedError(MALFORMED)
        return value

    def several(self, key: str) -> list[object]:
        """Return a list of anything, at least one."""
        values = self.fields.get(key)
        if not isinstance(values, list) or not values:
            raise ActionRefusedError(MALFORMED)
        return values


def whole_number(value: object) -> int | None:
    """Return a whole number that a script sent, None for anything else.

    A number that went through JavaScript and JSON may come back as 3.0.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if isinstance(value, int) or value.is_integer() else None


def _integer(value: object) -> int:
    number = whole_number(value)
    if number is None:
        raise ActionRefusedError(MALFORMED)
    return number
