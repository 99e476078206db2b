"""TRL's SFT trainer: what its own preprocessing makes of a file of messages."""

from __future__ import annotations

from typing import Any

from datasets import load_dataset
from transformers import AutoTokenizer
from trl import SFTConfig, SFTTrainer

from tests.trainers.rig.job import answer, seen

# The loop of the model's own template, with the mark that tells TRL what the assistant said.
MARKED_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\n' }}"
    "{% if message['role'] == 'assistant' %}"
    "{% generation %}{{ message['content'] + '<|im_end|>' + '\n' }}{% endgeneration %}"
    "{% else %}{{ message['content'] + '<|im_end|>' + '\n' }}{% endif %}"
    "{% endfor %}"
)


def main(job: dict[str, Any]) -> dict[str, Any]:
    """Return the records of each file as TRL would train on them: of messages, or of `text`."""
    tokenizer = AutoTokenizer.from_pretrained(job["model"])
    tokenizer.chat_template = MARKED_TEMPLATE
    parts = {}
    for name, path in job["files"].items():
        trainer = SFTTrainer(
            model=job["model"],
            args=SFTConfig(
                output_dir=job["folder"],
                max_length=None,
                assistant_only_loss=not job["text"],
                use_cpu=True,
                bf16=False,
                report_to="none",
            ),
            train_dataset=load_dataset("json", data_files=path, split="train"),
            processing_class=tokenizer,
        )
        parts[name] = [
            seen(
                tokenizer, row["input_ids"], [mask == 1 for mask in row.get("assistant_masks", ())]
            )
            for row in trainer.train_dataset
        ]
    return parts


answer(main)
