"""ms-swift: messages in the shape that it calls standard, so that it has nothing to guess."""

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
_HEAD: Final = "ms-swift. In this folder: swift sft --config config.yaml"
_SAME: Final = (
    "output_dir",
    "per_device_train_batch_size",
    "per_device_eval_batch_size",
    "gradient_accumulation_steps",
    "num_train_epochs",
    "learning_rate",
    "lr_scheduler_type",
    "warmup_steps",
    "logging_steps",
    "save_steps",
    "save_total_limit",
    "eval_strategy",
    "eval_steps",
    "load_best_model_at_end",
    "metric_for_best_model",
    "greater_is_better",
    "report_to",
    "seed",
)
_LORA: Final = {name: name for name in ("lora_rank", "lora_alpha", "lora_dropout")}
_NAMES: Final = {
    "model_name_or_path": "model",
    "cutoff_len": "max_length",
    **{name: name for name in _SAME},
}


def _settings(parts: Parts) -> str:
    settings = parts.recipe
    told: dict[str, Any] = dict(renamed(settings, _NAMES))
    told["torch_dtype"] = "float16" if settings.get("fp16") else "bfloat16"
    # LoRA is what it does unless told otherwise; the name of the setting changed between versions.
    if settings["finetuning_type"] == "full":
        told["tuner_type"] = "full"
    else:
        told |= renamed(settings, _LORA)
        if matrices := lora_matrices(settings):  # all are what it takes by itself
            told["target_modules"] = matrices
        if "quantization_bit" in settings:
            told |= {"quant_method": "bnb", "quant_bits": settings["quantization_bit"]}
    if settings.get("mask_history"):
        told["loss_scale"] = "last_round"
    told |= {"dataset": [_TRAIN], "split_dataset_ratio": 0.0}
    if parts.validation:
        told["val_dataset"] = [_VALIDATION]
    return yaml_text(_HEAD, told)


MS_SWIFT: Final = Format(
    name="ms-swift",
    train=f"ms-swift/{_TRAIN}",
    validation=f"ms-swift/{_VALIDATION}",
    layout=JsonLines(),
    encode=_MESSAGES.encode,
    decode=_MESSAGES.decode,
    companions={"ms-swift/config.yaml": _settings},
    tells_last_turn=True,
)
