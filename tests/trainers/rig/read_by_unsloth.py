"""unsloth's standardize_data_formats: the conversations it finds in a file."""

from __future__ import annotations

from typing import Any

from datasets import load_dataset
from unsloth_zoo.dataset_utils import standardize_data_formats

from tests.trainers.rig.job import answer


def main(job: dict[str, Any]) -> dict[str, Any]:
    """Return the messages of each record of each file, as unsloth hands them to a template."""
    parts = {}
    for name, path in job["files"].items():
        rows = standardize_data_formats(load_dataset("json", data_files=path, split="train"))
        parts[name] = [row["conversations"] for row in rows]
    return parts


answer(main)
