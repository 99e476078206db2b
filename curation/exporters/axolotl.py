"""axolotl: messages with the system text inside, and settings that name their columns.

Its own `type: sharegpt` is gone, and a system text in a column of its own is only a fallback there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from curation.exporters.format import Format
from curation.exporters.layouts import JsonLines
from curation.exporters.messages import Messages
from curation.exporters.recipes import lora_matrices, renamed, yaml_text

if TYPE_CHECKING:
    from curation.exporters.format import Parts

_MESSAGES: Final = Messages()
_TRAIN: Final = "train.jsonl"
_VALIDATION: Final = "validation.jsonl"
_HEAD: Final = "axolotl. In this folder: axolotl train config.yaml"
_NAMES: Final = {
    "model_name_or_path": "base_model",
    "cutoff_len": "sequence_len",
    "output_dir": "output_dir",
    "per_device_train_batch_size": "micro_batch_size",
    "gradient_accumulation_steps": "gradient_accumulation_steps",
    "num_train_epochs": "num_epochs",
    "learning_rate": "learning_rate",
    "lr_scheduler_type": "lr_scheduler",
    "warmup_steps": "warmup_steps",
    "logging_steps": "logging_steps",
    "save_steps": "save_steps",
    "save_total_limit": "save_total_limit",
    "eval_steps": "eval_steps",
    "load_best_model_at_end": "load_best_model_at_end",
    "seed": "seed",
    "bf16": "bf16",
    "fp16": "fp16",
}
_LORA: Final = {
    "lora_rank": "lora_r",
    "lora_alpha": "lora_alpha",
    "lora_dropout": "lora_dropout",
}


def _settings(parts: Parts) -> str:
    settings = parts.recipe
    told: dict[str, Any] = {**renamed(settings, _NAMES), "optimizer": "adamw_torch"}
    if settings["finetuning_type"] == "lora":
        four_bits = "quantization_bit" in settings
        told |= {"adapter": "qlora" if four_bits else "lora", "load_in_4bit": four_bits}
        told |= renamed(settings, _LORA)
        matrices = lora_matrices(settings)
        told |= {"lora_target_modules": matrices} if matrices else {"lora_target_linear": True}
    told |= {"datasets": [_dataset(_TRAIN)], "val_set_size": 0.0}
    if parts.validation:
        told["test_datasets"] = [{**_dataset(_VALIDATION), "split": "train"}]
    return yaml_text(_HEAD, told)


def _dataset(path: str) -> dict[str, Any]:
    return {
        "path": path,
        "ds_type": "json",
        "type": "chat_template",
        "field_messages": "messages",
        "message_property_mappings": {"role": "role", "content": "content"},
        "roles_to_train": ["assistant"],
        "train_on_eos": "turn",
    }


AXOLOTL: Final = Format(
    name="axolotl",
    train=f"axolotl/{_TRAIN}",
    validation=f"axolotl/{_VALIDATION}",
    layout=JsonLines(),
    encode=_MESSAGES.encode,
    decode=_MESSAGES.decode,
    companions={"axolotl/config.yaml": _settings},
)
