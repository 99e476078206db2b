"""`dataset_info.json`: how LLaMA-Factory finds and reads the files of a dataset."""

from __future__ import annotations

import json
from typing import Final

INFO_FILE: Final = "dataset_info.json"
DATASET_NAME: Final = "ruwo"
VALIDATION_NAME: Final = "ruwo_validation"

# Naming one column or tag makes LLaMA-Factory forget its defaults for the others, so all stand
# here. `tools` is not mapped: a mapped "[]" puts an empty tool prompt into the system text.
_SHAPE: Final = {
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


def dataset_info(train: str, validation: str = "") -> str:
    """Return the description of a file of ShareGPT records, and of one to validate with, in ASCII.

    LLaMA-Factory opens it in the system's encoding, which on a Chinese Windows is not UTF-8.
    """
    entries = {DATASET_NAME: {"file_name": train, **_SHAPE}}
    if validation:
        entries[VALIDATION_NAME] = {"file_name": validation, **_SHAPE}
    return json.dumps(entries, ensure_ascii=True, allow_nan=False, indent=2) + "\n"
