"""Tuning a model on the dataset: the recipe, the trainer's files, its log, and the run itself."""

from __future__ import annotations

from curation.training.base_models import (
    GPU_MEMORY,
    MODELS,
    RENTED_MEMORY,
    BaseModel,
    Method,
    fits,
    memory_need,
)
from curation.training.llamafactory import (
    CONFIG_FILE,
    LOG_FILE,
    OUTPUT,
    config_text,
    shell_line,
    train_arguments,
    training_config,
)
from curation.training.maas import Line, maas_sheet
from curation.training.recipe import (
    FEW,
    OPTIONS,
    DatasetSize,
    Recipe,
    Setting,
    Value,
    recommend,
    shown,
    uses,
)
from curation.training.told import Told

__all__ = [
    "CONFIG_FILE",
    "FEW",
    "GPU_MEMORY",
    "LOG_FILE",
    "MODELS",
    "OPTIONS",
    "OUTPUT",
    "RENTED_MEMORY",
    "BaseModel",
    "DatasetSize",
    "Line",
    "Method",
    "Recipe",
    "Setting",
    "Told",
    "Value",
    "config_text",
    "fits",
    "maas_sheet",
    "memory_need",
    "recommend",
    "shell_line",
    "shown",
    "train_arguments",
    "training_config",
    "uses",
]
