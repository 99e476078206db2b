"""All formats that a dataset can be written in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.exporters.openai import OPENAI
from curation.exporters.sharegpt import EXTENDED, SHAREGPT

if TYPE_CHECKING:
    from curation.exporters.format import Format

FORMATS: Final[tuple[Format, ...]] = (
    SHAREGPT,
    EXTENDED,
    OPENAI,
)
"""In the order in which a person is offered them; the first is the default."""


def formats() -> dict[str, Format]:
    """Return every format by its name, in the order of `FORMATS`."""
    return {each.name: each for each in FORMATS}
