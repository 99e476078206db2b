"""ShareGPT: the records as they are, one JSON array, plain or with emotions and traits.

LLaMA-Factory, and through it most services that offer to tune a model, axolotl, ms-swift and
unsloth take it. One array instead of a line each: the loaders of Hugging Face then see all of it
before they settle the types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.exporters.dataset_info import INFO_FILE, dataset_info
from curation.exporters.format import Format
from curation.exporters.layouts import JsonArray

if TYPE_CHECKING:
    from curation.exporters.format import Parts

_LAYOUT: Final = JsonArray()
_TRAIN: Final = "sharegpt.json"
_VALIDATION: Final = "sharegpt_validation.json"


def _info(parts: Parts) -> str:
    return dataset_info(_TRAIN, _VALIDATION if parts.validation else "")


SHAREGPT: Final = Format(
    name="sharegpt",
    train=_TRAIN,
    validation=_VALIDATION,
    layout=_LAYOUT,
    companions={INFO_FILE: _info},
)

EXTENDED: Final = Format(
    name="sharegpt_extended",
    train="sharegpt_extended.json",
    validation="sharegpt_extended_validation.json",
    layout=_LAYOUT,
    extended=True,
)
