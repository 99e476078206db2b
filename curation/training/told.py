"""A sentence for a person that is not an error: a template of the catalogue and its values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence: `template` is the English one with `{name}` fields, `values` stand in them."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.values)


def told(template: str, **values: object) -> Told:
    """Return a sentence with its values."""
    return Told(template, values)
