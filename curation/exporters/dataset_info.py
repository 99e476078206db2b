"""`dataset_info.json`: how LLaMA-Factory finds and reads the training file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.exporters.files import write_json
from curation.exporters.sharegpt import FILE_NAME as TRAINING_FILE

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME: Final = "dataset_info.json"
DATASET_NAME: Final = "ruwo"

# Naming one column or tag makes LLaMA-Factory forget its defaults for the others, so all stand
# here. `tools` is not mapped: a mapped "[]" puts an empty tool prompt into the system text.
_ENTRY: Final = {
    "file_name": TRAINING_FILE,
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


def write_dataset_info(path: Path) -> None:
    """Write the description of the training file beside it, in ASCII.

    LLaMA-Factory opens it in the system's encoding, which on a Chinese Windows is not UTF-8.
    """
    write_json(path, {DATASET_NAME: _ENTRY}, ascii_only=True)
