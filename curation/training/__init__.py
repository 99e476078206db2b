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
from curation.training.curves import smoothed, thinned, weight_for
from curation.training.llamafactory import (
    CONFIG_FILE,
    LOG_FILE,
    OUTPUT,
    config_text,
    shell_line,
    train_arguments,
    training_config,
)
from curation.training.logs import Log, Point, Run, read_log
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
from curation.training.verdict import GOOD, WAITING, Fact, Kind, Verdict, judge

__all__ = [
    "CONFIG_FILE",
    "FEW",
    "GOOD",
    "GPU_MEMORY",
    "LOG_FILE",
    "MODELS",
    "OPTIONS",
    "OUTPUT",
    "RENTED_MEMORY",
    "WAITING",
    "BaseModel",
    "DatasetSize",
    "Fact",
    "Kind",
    "Line",
    "Log",
    "Method",
    "Point",
    "Recipe",
    "Run",
    "Setting",
    "Told",
    "Value",
    "Verdict",
    "config_text",
    "fits",
    "judge",
    "maas_sheet",
    "memory_need",
    "read_log",
    "recommend",
    "shell_line",
    "shown",
    "smoothed",
    "thinned",
    "train_arguments",
    "training_config",
    "uses",
    "weight_for",
]
