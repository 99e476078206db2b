"""All formats that a dataset can be written in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.exporters.alpaca import ALPACA
from curation.exporters.axolotl import AXOLOTL
from curation.exporters.chatml import CHATML
from curation.exporters.hugging_face import HUGGING_FACE
from curation.exporters.llamafactory import LLAMAFACTORY
from curation.exporters.ms_swift import MS_SWIFT
from curation.exporters.openai import OPENAI
from curation.exporters.sharegpt import EXTENDED, SHAREGPT
from curation.exporters.unsloth import UNSLOTH

if TYPE_CHECKING:
    from curation.exporters.format import Format

FORMATS: Final[tuple[Format, ...]] = (
    SHAREGPT,
    EXTENDED,
    LLAMAFACTORY,
    OPENAI,
    ALPACA,
    CHATML,
    AXOLOTL,
    MS_SWIFT,
    UNSLOTH,
    HUGGING_FACE,
)
"""In the order in which a person is offered them; the first is the default."""


def formats() -> dict[str, Format]:
    """Return every format by its name, in the order of `FORMATS`."""
    return {each.name: each for each in FORMATS}
