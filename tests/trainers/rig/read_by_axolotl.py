"""axolotl's chat_template strategy, made from the settings that are exported with the file."""

from __future__ import annotations

from typing import Any

from axolotl.prompt_strategies.chat_template import load
from axolotl.utils.dict import DictDefault
from datasets import load_dataset
from transformers import AutoTokenizer

from tests.trainers.rig.job import answer, seen


def main(job: dict[str, Any]) -> dict[str, Any]:
    """Return the records of each file as axolotl would train on them."""
    tokenizer = AutoTokenizer.from_pretrained(job["model"])
    parts = {}
    for name, path in job["files"].items():
        strategy = load(
            tokenizer,
            DictDefault({"sequence_len": 131_072, "train_on_inputs": False}),
            DictDefault(job["data_set"]),
        )
        rows = load_dataset("json", data_files=path, split="train")
        encoded = [strategy.tokenize_prompt(row) for row in rows]
        parts[name] = [
            seen(tokenizer, row["input_ids"], [label >= 0 for label in row["labels"]])
            for row in encoded
        ]
    return parts


answer(main)
