"""A folder for LLaMA-Factory: ShareGPT records, what describes them, and the settings to train.

Made to be run in the folder itself: `llamafactory-cli train train.yaml`. Nothing else lies there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.exporters.dataset_info import INFO_FILE, dataset_info
from curation.exporters.format import Format
from curation.exporters.layouts import JsonArray
from curation.exporters.recipes import yaml_text

if TYPE_CHECKING:
    from curation.exporters.format import Parts

_FOLDER: Final = "llamafactory"
_TRAIN: Final = "train.json"
_VALIDATION: Final = "validation.json"
_HEAD: Final = "LLaMA-Factory. In this folder: llamafactory-cli train train.yaml"


def _info(parts: Parts) -> str:
    return dataset_info(_TRAIN, _VALIDATION if parts.validation else "")


def _settings(parts: Parts) -> str:
    return yaml_text(_HEAD, parts.recipe)


LLAMAFACTORY: Final = Format(
    name="llamafactory",
    train=f"{_FOLDER}/{_TRAIN}",
    validation=f"{_FOLDER}/{_VALIDATION}",
    layout=JsonArray(),
    companions={f"{_FOLDER}/{INFO_FILE}": _info, f"{_FOLDER}/train.yaml": _settings},
    tells_last_turn=True,
)
