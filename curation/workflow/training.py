"""Tuning a model on what is approved: the recipe, the run, and its log."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from curation import conversations, store, training
from curation.errors import N_, PersonaError, TrainingError
from curation.persona import render_system
from curation.store import safety, sizes
from curation.training import CHAT_FILE, CONFIG_FILE, DatasetSize, Source, Value
from curation.workflow import versions
from curation.workflow.export_choices import load_export_options
from curation.workflow.exporting import export_dataset
from curation.workflow.personas import load_persona
from curation.workflow.progress import ignore

if TYPE_CHECKING:
    from collections.abc import Mapping

    from curation.store import Workspace
    from curation.training import Chosen, Recipe, TrainingRun
    from curation.workflow.progress import Progress

_KEY: Final = "training"
_INFO_FILE: Final = "dataset_info.json"
_DATASET: Final = "ruwo"
_OWNER_ONLY: Final = 0o600
_GIGABYTE: Final = 1e9
_starting: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class TrainingChoices:
    """What a person said about training: kept in the workspace.

    `memory` is their card's in gigabytes, None while they have not said, 0 for none. `chosen` are
    values of the recipe, `trainer` and `model` are paths on this computer, empty for the usual.
    """

    memory: int | None = None
    chosen: Mapping[Value, Chosen] = field(default_factory=dict)
    trainer: str = ""
    model: str = ""


def training_choices(workspace: Workspace) -> TrainingChoices:
    """Return what a person said about training."""
    kept = store.get_setting(workspace, _KEY)
    kept = kept if isinstance(kept, dict) else {}
    memory = kept.get("memory")
    chosen = kept.get("chosen")
    known = {value.value: value for value in Value}
    return TrainingChoices(
        memory=memory if isinstance(memory, int) else None,
        chosen={
            known[name]: value
            for name, value in (chosen if isinstance(chosen, dict) else {}).items()
            if name in known and isinstance(value, str | int | float)
        },
        trainer=str(kept.get("trainer", "")),
        model=str(kept.get("model", "")),
    )


def save_training_choices(workspace: Workspace, choices: TrainingChoices) -> None:
    """Keep what a person said about training."""
    kept = {
        "memory": choices.memory,
        "chosen": {value.value: chosen for value, chosen in choices.chosen.items()},
        "trainer": choices.trainer,
        "model": choices.model,
    }
    store.put_setting(workspace, _KEY, kept)


def dataset_size(workspace: Workspace) -> DatasetSize:
    """Return how large the dataset is: as it was exported while that holds, else as approved."""
    approved = sizes.approved_sizes(workspace)
    system = _system_tokens(workspace)
    size = DatasetSize(
        records=approved.conversations,
        turns=approved.turns,
        tokens=approved.tokens + system * approved.conversations,
        longest=approved.longest + system if approved.longest else 0,
    )
    newest = versions.kept_versions(workspace, 1).versions
    if not newest or newest[0].basis != versions.basis(workspace):
        return size
    report = versions.version_report(workspace, newest[0].id)
    held_out = _held_out(report)
    return replace(
        size,
        records=max(0, newest[0].records - held_out),
        turns=int(report.get("turns", size.turns)),
        held_out=held_out,
    )


def _held_out(report: Mapping[str, Any]) -> int:
    """Return how many records of an export are for validation."""
    parts = report.get("parts")
    part = parts.get("validation", 0) if isinstance(parts, dict) else 0
    if isinstance(part, dict):
        part = part.get("records", 0)
    return part if isinstance(part, int) else 0


def _system_tokens(workspace: Workspace) -> int:
    """Return about how long the system text is that stands before every record."""
    try:
        text = render_system(load_persona(workspace), chat="", background="")
    except PersonaError:
        return 0  # the export says what is wrong with it
    return conversations.estimate_tokens(text)


def training_recipe(workspace: Workspace) -> Recipe:
    """Return the recipe for the dataset as it is, with what a person chose."""
    choices = training_choices(workspace)
    return training.recommend(dataset_size(workspace), choices.memory or 0, choices.chosen)


def training_yaml(recipe: Recipe) -> str:
    """Return the settings file to lie beside `sharegpt.json` and `dataset_info.json`."""
    validation = f"{_DATASET}_validation" if recipe.size.held_out else ""
    config = training.training_config(recipe, dataset=_DATASET, eval_dataset=validation)
    return training.config_text(config)


def training_folder(workspace: Workspace) -> Path:
    """Return where the runs lie, each in a folder; it need not be there yet."""
    return safety.beside(workspace.engine, "training")


def training_runs(workspace: Workspace) -> list[TrainingRun]:
    """Return the runs of this workspace, the newest first."""
    return training.runs_in(training_folder(workspace))


def start_training(
    workspace: Workspace, source: Source = Source.NOWHERE, progress: Progress = ignore
) -> TrainingRun:
    """Export what is approved into the folder of a new run, and start the trainer on it.

    The model is fetched from `source`, where one is named, and else has to be on this computer.
    TrainingError where there is no trainer, one is going already, or the disk has no room; errors
    as `export_dataset`.
    """
    choices = training_choices(workspace)
    trainer = training.find_trainer(choices.trainer)
    if trainer is None:
        raise TrainingError(N_("There is no {program} on this computer."), program=training.PROGRAM)
    _refuse_a_second(workspace)
    recipe = training_recipe(workspace)
    folder = training.make_run_folder(training_folder(workspace))
    started = False
    try:
        _check_room(folder, recipe, source)
        recipe = _prepared(workspace, folder, recipe, progress)
        model = _model_path(choices, recipe, source)
        command = [str(trainer), *training.train_arguments(model)]
        facts = _facts(recipe) | {"program": str(trainer), "folder": model}
        with _starting:
            _refuse_a_second(workspace)
            run = training.start_run(folder, command, training.trainer_environment(source), facts)
        started = True
        return run
    finally:
        if not started:
            shutil.rmtree(folder, ignore_errors=True)


def _refuse_a_second(workspace: Workspace) -> None:
    if any(run.going for run in training_runs(workspace)):
        raise TrainingError(N_("A training is going already; one at a time."))


def _check_room(folder: Path, recipe: Recipe, source: Source) -> None:
    need = training.disk_need(
        recipe.model,
        recipe.method,
        rank=recipe.whole(Value.RANK),
        fetch=source is not Source.NOWHERE,
    )
    try:
        free = shutil.disk_usage(folder).free / _GIGABYTE
    except OSError:
        return
    if free < need:
        raise TrainingError(
            N_("The disk has {free} GB left; this takes about {need} GB."),
            free=f"{free:.1f}",
            need=f"{need:.0f}",
        )


def _prepared(workspace: Workspace, folder: Path, recipe: Recipe, progress: Progress) -> Recipe:
    """Write dataset and settings into the folder; return the recipe for just that dataset."""
    options = load_export_options(workspace)
    share = recipe.whole(Value.VALIDATION) / 100
    options = replace(options, formats=("sharegpt",), validation=options.validation or share)
    report = export_dataset(workspace, folder, options, progress)
    info = json.loads((folder / _INFO_FILE).read_text(encoding="ascii"))
    names = list(info)
    held_out = _held_out(report.to_json()) if len(names) > 1 else 0
    size = replace(recipe.size, records=report.records - held_out, held_out=held_out)
    choices = training_choices(workspace)
    final = training.recommend(size, recipe.memory, choices.chosen)
    config = training.training_config(
        final,
        dataset=names[0],
        eval_dataset=names[1] if held_out else "",
        last_turn_only=options.trains_last_turn_only,
        without_card=choices.memory == 0,
    )
    _write(folder / CONFIG_FILE, training.config_text(config))
    _write(folder / CHAT_FILE, training.config_text(training.chat_config(final)))
    return final


def _write(path: Path, text: str) -> None:
    """Write a new file that only its owner may read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _model_path(choices: TrainingChoices, recipe: Recipe, source: Source) -> str:
    """Return the folder of the model where it is on this computer, empty where it is fetched."""
    if source is not Source.NOWHERE:
        return ""
    if choices.model:
        folder = Path(choices.model)
        if not training.is_model(folder):
            raise TrainingError(
                N_("There is no model in {folder}: it needs config.json and its weights."),
                folder=folder.name or str(folder),
            )
        return str(folder)
    found = training.model_here(recipe.model.hub)
    return "" if found is None else str(found)


def stop_training(run: TrainingRun) -> None:
    """Ask for the end of a run, which may take some seconds; TrainingError where that fails."""
    training.stop_run(run.folder)


def delete_training(workspace: Workspace, run: TrainingRun) -> None:
    """Delete what a run that has ended left; TrainingError where it is going or none of these."""
    if run.folder.parent != training_folder(workspace):
        raise TrainingError(N_("This is no training of this workspace."))
    training.delete_run(run.folder)


def _facts(recipe: Recipe) -> dict[str, Any]:
    return {
        "model": recipe.model.name,
        "method": recipe.method.value,
        "records": recipe.trained_records,
        "steps": recipe.steps,
        "key": secrets.token_urlsafe(12),  # for whoever serves the model: any page may ask it else
    }
