"""The settings file for LLaMA-Factory, and the line that runs it.

The keys are those that LLaMA-Factory 0.9.5 takes. Every path in the file is relative: it is run in
the folder in which it lies, beside the dataset.
"""

from __future__ import annotations

import json
import shlex
import subprocess
from typing import TYPE_CHECKING, Final

import yaml

from curation.training.base_models import Method
from curation.training.recipe import TEMPERATURE, Recipe, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFIG_FILE: Final = "train.yaml"
CHAT_FILE: Final = "chat.yaml"
CHAT_PORT: Final = 8000
OUTPUT: Final = "output"
"""The folder, below that of the settings, into which the trainer writes."""
LOG_FILE: Final = "trainer_log.jsonl"

_WARMUP: Final = 0.1
_LOGS_A_MEASURE: Final = 5
_MOST_LOGGED: Final = 10
_KEPT: Final = 3
"""Saved states that are kept beside the best."""

Scalar = str | int | float | bool


def training_config(
    recipe: Recipe,
    *,
    dataset: str,
    eval_dataset: str = "",
    folder: str = ".",
    last_turn_only: bool = False,
    without_card: bool = False,
) -> dict[str, Scalar]:
    """Return what LLaMA-Factory is told, in order.

    `dataset` and `eval_dataset` are names in the `dataset_info.json` of `folder`, which is relative
    to where the trainer is started. `last_turn_only` says that a record is there for its last turn
    alone (see `ExportOptions.trains_last_turn_only`), `without_card` that it is trained on a
    computer without a graphics card, where the trainer refuses every precision but the full one.
    """
    lora = recipe.method is not Method.FULL
    eval_steps = recipe.whole(Value.EVAL_STEPS)
    told: dict[str, Scalar] = {
        "model_name_or_path": recipe.model.hub,
        "template": recipe.model.template,
        "stage": "sft",
        "do_train": True,
        "finetuning_type": "lora" if lora else "full",
    }
    if lora:
        told |= {
            "lora_rank": recipe.whole(Value.RANK),
            "lora_alpha": recipe.whole(Value.ALPHA),
            "lora_dropout": recipe.number(Value.DROPOUT),
            "lora_target": recipe.text(Value.TARGET),
        }
    if recipe.method is Method.QLORA:
        told |= {"quantization_bit": 4, "quantization_method": "bnb"}
    told |= {
        "dataset_dir": folder,
        "dataset": dataset,
        "cutoff_len": recipe.whole(Value.CUTOFF),
        **({"mask_history": True} if last_turn_only else {}),
        "output_dir": OUTPUT,
        "logging_steps": max(1, min(_MOST_LOGGED, eval_steps // _LOGS_A_MEASURE)),
        "save_strategy": "steps",
        "save_steps": eval_steps,
        "save_total_limit": _KEPT,
        "report_to": "none",
        "per_device_train_batch_size": recipe.whole(Value.BATCH),
        "gradient_accumulation_steps": recipe.whole(Value.ACCUMULATION),
        "learning_rate": recipe.number(Value.LEARNING_RATE),
        "num_train_epochs": recipe.number(Value.EPOCHS),
        "lr_scheduler_type": "cosine",
        # A whole number: newer versions of the trainer's libraries take no share any more.
        "warmup_steps": round(recipe.steps * _WARMUP),
        "seed": 42,
        ("use_cpu" if without_card else recipe.text(Value.PRECISION)): True,
    }
    told |= _measuring(recipe, eval_dataset, eval_steps)
    return told


def _measuring(recipe: Recipe, eval_dataset: str, eval_steps: int) -> dict[str, Scalar]:
    """Return how it is measured on what was held back; nothing where nothing is.

    The trainer is never asked to hold back a share of its own: it would draw that at random, and
    what is measured with should be later than what is learnt.
    """
    if not eval_dataset:
        return {}
    told: dict[str, Scalar] = {
        "eval_dataset": eval_dataset,
        "per_device_eval_batch_size": recipe.whole(Value.BATCH),
        "eval_strategy": "steps",
        "eval_steps": eval_steps,
        "load_best_model_at_end": True,
        "metric_for_best_model": "eval_loss",
        "greater_is_better": False,
    }
    if patience := recipe.whole(Value.PATIENCE):
        told["early_stopping_steps"] = patience
    return told


def chat_config(recipe: Recipe) -> dict[str, Scalar]:
    """Return what LLaMA-Factory is told to let the tuned model answer, in the folder of a run."""
    if recipe.method is Method.FULL:
        tuned: dict[str, Scalar] = {"model_name_or_path": OUTPUT}
    else:
        tuned = {
            "model_name_or_path": recipe.model.hub,
            "adapter_name_or_path": OUTPUT,
            "finetuning_type": "lora",
        }
    if recipe.method is Method.QLORA:
        tuned |= {"quantization_bit": 4, "quantization_method": "bnb"}
    return {
        **tuned,
        "template": recipe.model.template,
        "infer_backend": "huggingface",
        "temperature": TEMPERATURE,
    }


def chat_line(program: str, key: str, model_path: str = "", *, windows: bool = False) -> str:
    """Return the line that serves the tuned model, to be run in the folder of a run.

    By itself LLaMA-Factory would listen to every machine, ask for no key and print what is said.
    """
    surroundings = {
        "API_HOST": "127.0.0.1",
        "API_PORT": f"{CHAT_PORT}",
        "API_KEY": key,
        "API_VERBOSE": "0",
        "HF_HUB_OFFLINE": "1",
    }
    call = [program, "api", CHAT_FILE, *_named_model(model_path)]
    if windows:
        settings = [f'set "{name}={value}"' for name, value in surroundings.items()]
        return " && ".join([*settings, subprocess.list2cmdline(call)])
    return " ".join(
        [*(f"{name}={value}" for name, value in surroundings.items()), shlex.join(call)]
    )


def config_text(config: Mapping[str, Scalar]) -> str:
    """Return the settings as YAML in ASCII: trainers open it in the system's encoding."""
    written: str = yaml.safe_dump(dict(config), sort_keys=False, width=1000)
    return written


def train_arguments(model_path: str = "") -> list[str]:
    """Return what the trainer is called with; `model_path` is a folder in place of a name."""
    return ["train", CONFIG_FILE, *_named_model(model_path)]


def _named_model(path: str) -> list[str]:
    # Quoted as in JSON, which YAML reads: the trainer takes what follows the sign as YAML.
    given = [f"model_name_or_path={json.dumps(path, ensure_ascii=False)}"]
    return given if path else []


def shell_line(program: str = "llamafactory-cli") -> str:
    """Return the line that trains, to be run in the folder of the settings."""
    return shlex.join([program, *train_arguments()])
