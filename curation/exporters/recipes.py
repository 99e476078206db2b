"""Settings files of trainers: what they are called there, and what stands where nothing is given.

The settings that are handed in have the names of LLaMA-Factory. Files are ASCII: trainers open
them in the system's encoding, which on a Chinese Windows is not UTF-8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from curation.exporters.format import Parts, Scalar

DEFAULTS: Final[Mapping[str, Scalar]] = {
    "model_name_or_path": "Qwen/Qwen2.5-7B-Instruct",
    "template": "qwen",
    "stage": "sft",
    "do_train": True,
    "finetuning_type": "lora",
    "lora_rank": 8,
    "lora_alpha": 16,
    "lora_dropout": 0.1,
    "lora_target": "all",
    "cutoff_len": 2048,
    "output_dir": "output",
    "logging_steps": 5,
    "save_strategy": "steps",
    "save_total_limit": 3,
    "report_to": "none",
    "per_device_train_batch_size": 1,
    "gradient_accumulation_steps": 16,
    "learning_rate": 1e-4,
    "num_train_epochs": 2.0,
    "lr_scheduler_type": "cosine",
    "seed": 42,
    "bf16": True,
}
"""Careful settings for a small dataset, where nothing else was chosen."""

_WARMUP: Final = 0.1
_MEASURES_AN_EPOCH: Final = 4
_FILES: Final = frozenset({"dataset", "dataset_dir", "eval_dataset"})
_MEASURING: Final = frozenset(
    {
        "val_size",
        "per_device_eval_batch_size",
        "eval_strategy",
        "eval_steps",
        "load_best_model_at_end",
        "metric_for_best_model",
        "greater_is_better",
        "early_stopping_steps",
    }
)


def settings_of(parts: Parts) -> dict[str, Scalar]:
    """Return settings by the names of LLaMA-Factory: what was handed in, for the rest the defaults.

    How it is measured on the validation part is told where there is one. Where there is none, it is
    told only when the settings hold back a share of the records themselves. Names of datasets are
    left out: the format knows its files.
    """
    given = {key: value for key, value in parts.recipe.items() if key not in _FILES}
    settings = _with_defaults(given, parts.train)
    if parts.validation:
        more = _measuring(settings, parts.train)
        settings |= {key: value for key, value in more.items() if key not in settings}
        settings.pop("val_size", None)
    elif "val_size" not in settings:
        settings = {key: value for key, value in settings.items() if key not in _MEASURING}
    return settings


def _with_defaults(given: Mapping[str, Scalar], records: int) -> dict[str, Scalar]:
    settings = {**DEFAULTS, **given}
    if settings["finetuning_type"] == "full":
        settings = {key: value for key, value in settings.items() if not key.startswith("lora_")}
    if given.get("fp16"):
        settings.pop("bf16")
    settings.setdefault("save_steps", _often(settings, records))
    if "warmup_ratio" not in given:
        steps = _steps(settings, records) * float(settings["num_train_epochs"])
        settings.setdefault("warmup_steps", round(steps * _WARMUP))
    return settings


def _measuring(settings: Mapping[str, Scalar], records: int) -> dict[str, Scalar]:
    """Return how it is measured where nothing is said of that.

    The best state can only be loaded again where it was saved whenever it was measured.
    """
    return {
        "per_device_eval_batch_size": settings.get("per_device_train_batch_size", 1),
        "eval_strategy": "steps",
        "eval_steps": settings.get("save_steps", _often(settings, records)),
        "load_best_model_at_end": True,
        "metric_for_best_model": "eval_loss",
        "greater_is_better": False,
    }


def _often(settings: Mapping[str, Scalar], records: int) -> int:
    return max(1, _steps(settings, records) // _MEASURES_AN_EPOCH)


def _steps(settings: Mapping[str, Scalar], records: int) -> int:
    """Return how many steps an epoch has."""
    batch = int(settings.get("per_device_train_batch_size", 1))
    return max(1, records // (batch * int(settings.get("gradient_accumulation_steps", 1))))


def lora_matrices(settings: Mapping[str, Scalar]) -> list[str]:
    """Return the matrices that an adapter is laid beside, none where it is all of them."""
    named = str(settings.get("lora_target", "all"))
    return [] if named == "all" else named.split(",")


def renamed(settings: Mapping[str, Scalar], names: Mapping[str, str]) -> dict[str, Scalar]:
    """Return the settings that another trainer knows, by the names that it has for them."""
    return {names[key]: value for key, value in settings.items() if key in names}


def yaml_text(head: str, content: Mapping[str, Any]) -> str:
    """Return `content` as YAML in ASCII below a comment of one line."""
    return f"# {head}\n{_yaml(content)}"


def yaml_front(content: Mapping[str, Any]) -> str:
    """Return `content` as the head of a Markdown file."""
    return f"---\n{_yaml(content)}---\n"


def _yaml(content: Mapping[str, Any]) -> str:
    written: str = yaml.safe_dump(
        dict(content), allow_unicode=False, sort_keys=False, default_flow_style=False, width=1000
    )
    return written
