"""A folder for LLaMA-Factory: ShareGPT records, what describes them, and the settings to train.

Made to be run in the folder itself: `llamafactory-cli train train.yaml`. Nothing else lies there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.exporters.dataset_info import (
    DATASET_NAME,
    INFO_FILE,
    VALIDATION_NAME,
    dataset_info,
)
from curation.exporters.format import Format
from curation.exporters.layouts import JsonArray
from curation.exporters.recipes import settings_of, yaml_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from curation.exporters.format import Parts

FOLDER: Final = "llamafactory"
SETTINGS_FILE: Final = "train.yaml"
_TRAIN: Final = "train.json"
_VALIDATION: Final = "validation.json"
_HEAD: Final = "LLaMA-Factory. In this folder: llamafactory-cli train train.yaml"


def _companions(parts: Parts) -> Mapping[str, str]:
    settings = settings_of(parts) | {"dataset_dir": ".", "dataset": DATASET_NAME}
    if parts.validation:
        settings["eval_dataset"] = VALIDATION_NAME
    return {
        f"{FOLDER}/{INFO_FILE}": dataset_info(_TRAIN, _VALIDATION if parts.validation else ""),
        f"{FOLDER}/{SETTINGS_FILE}": yaml_text(_HEAD, settings),
    }


LLAMAFACTORY: Final = Format(
    name="llamafactory",
    train=f"{FOLDER}/{_TRAIN}",
    validation=f"{FOLDER}/{_VALIDATION}",
    layout=JsonArray(),
    companions=_companions,
    tells_last_turn=True,
)
