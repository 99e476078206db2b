"""LLaMA-Factory's own loader: what it makes of data sets, part by part."""

from __future__ import annotations

from typing import Any

from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
from llamafactory.hparams import get_train_args
from llamafactory.model import load_tokenizer

from tests.trainers.rig.job import answer, seen


def main(job: dict[str, Any]) -> dict[str, Any]:
    """Return the records of each part of each data set as its trainer would see them."""
    return {
        f"{name}/{part.removesuffix('_dataset').replace('eval', 'validation')}": rows
        for name, arguments in job.items()
        for part, rows in _parts(arguments).items()
    }


def _parts(arguments: dict[str, Any]) -> dict[str, Any]:
    model_args, data_args, training_args, _tuning, _generating = get_train_args(arguments)
    tokenizer = load_tokenizer(model_args)["tokenizer"]
    template = get_template_and_fix_tokenizer(tokenizer, data_args)
    parts = get_dataset(
        template, model_args, data_args, training_args, stage="sft", tokenizer=tokenizer
    )
    return {
        part: [
            seen(tokenizer, row["input_ids"], [label >= 0 for label in row["labels"]])
            for row in rows
        ]
        for part, rows in parts.items()
    }


answer(main)
