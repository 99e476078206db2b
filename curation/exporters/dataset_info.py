"""`dataset_info.json`: how LLaMA-Factory finds and reads the files of a dataset."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

INFO_FILE: Final = "dataset_info.json"
DATASET_NAME: Final = "ruwo"
VALIDATION_NAME: Final = "ruwo_validation"

# Naming one column or tag makes LLaMA-Factory forget its defaults for the others, so all stand
# here. `tools` is not mapped: a mapped "[]" puts an empty tool prompt into the system text.
_SHAREGPT: Final = {
    "formatting": "sharegpt",
    "columns": {"messages": "conversations", "system": "system"},
    "tags": {
        "role_tag": "from",
        "content_tag": "value",
        "user_tag": "human",
        "assistant_tag": "gpt",
        "observation_tag": "observation",
        "function_tag": "function_call",
        "system_tag": "system",
    },
}

_ALPACA: Final = {
    "formatting": "alpaca",
    "columns": {
        "prompt": "instruction",
        "query": "input",
        "response": "output",
        "system": "system",
        "history": "history",
    },
}


def dataset_info(train: str, validation: str = "") -> str:
    """Return the description of a file of ShareGPT records, and of one to validate with, in ASCII.

    LLaMA-Factory opens it in the system's encoding, which on a Chinese Windows is not UTF-8.
    """
    return _entries(_SHAREGPT, train, validation)


def alpaca_info(train: str, validation: str = "") -> str:
    """Return the description of a file of Alpaca rows, and of one to validate with, in ASCII."""
    return _entries(_ALPACA, train, validation)


def _entries(shape: Mapping[str, object], train: str, validation: str) -> str:
    entries = {DATASET_NAME: {"file_name": train, **shape}}
    if validation:
        entries[VALIDATION_NAME] = {"file_name": validation, **shape}
    return json.dumps(entries, ensure_ascii=True, allow_nan=False, indent=2) + "\n"
