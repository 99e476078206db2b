"""Hugging Face datasets: the rows of each file as its loader gives them back."""

from __future__ import annotations

from typing import Any

from datasets import load_dataset

from tests.trainers.rig.job import answer


def main(job: dict[str, Any]) -> dict[str, Any]:
    """Return the rows of each file, whose types are guessed, and of each part of each folder."""
    rows = {
        name: list(load_dataset("json", data_files=path, split="train"))
        for name, path in job["files"].items()
    }
    for name, folder in job["folders"].items():
        for part, read in load_dataset(folder).items():
            rows[f"{name}/{part}"] = list(read)
    return rows


answer(main)
