"""Tuning a model on what is approved: the recipe, the run, and its log."""

from __future__ import annotations

import secrets
import shutil
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from curation import conversations, private_files, training
from curation.errors import N_, OptionsError, PersonaError, TrainingError
from curation.export_options import LARGEST_VALIDATION, ExportOptions
from curation.persona import render_system
from curation.store import sizes
from curation.store.files import safety
from curation.training import CHAT_FILE, CONFIG_FILE, DatasetSize, Source, Value
from curation.workflow import versions
from curation.workflow.export_choices import load_export_options
from curation.workflow.exporting import export_dataset
from curation.workflow.personas import load_persona
from curation.workflow.progress import ignore
from curation.workflow.roles import owners_alone, owners_only
from curation.workflow.training_recipes import (
    recipe_for,
    trainer_settings,
    training_choices,
    written_size,
)

if TYPE_CHECKING:
    from curation.store import Workspace
    from curation.store.export_versions import ExportVersion
    from curation.training import Recipe, TrainingRun
    from curation.workflow.progress import Progress
    from curation.workflow.training_recipes import TrainingChoices

_GIGABYTE: Final = 1e9
_starting: Final = threading.Lock()


def dataset_size(workspace: Workspace) -> DatasetSize:
    """Return how large the dataset is: as it was exported while that holds, else as approved.

    What is held back is a part of the newest version, also where that is no longer the latest: it
    is the one to take along.
    """
    approved = sizes.approved_sizes(workspace)
    system = _system_tokens(workspace)
    size = DatasetSize(
        records=approved.conversations,
        turns=approved.turns,
        tokens=approved.tokens + system * approved.conversations,
        longest=approved.longest + system if approved.longest else 0,
    )
    newest = _newest(workspace)
    if newest is None:
        return _held_back(size, load_export_options(workspace).validation)
    written = written_size(versions.version_report(workspace, newest.id).get("parts", {}))
    if newest.basis == versions.basis(workspace, newest.options.get("formats", ())):
        return replace(written, divided=False)
    return _held_back(size, written.held_out / max(1, written.held_out + written.records))


def _newest(workspace: Workspace) -> ExportVersion | None:
    return next(iter(versions.kept_versions(workspace, 1).versions), None)


def _held_back(size: DatasetSize, share: float) -> DatasetSize:
    """Return a size of which that share is for validation."""
    if not share or size.records <= 1:
        return size
    held_out = min(size.records - 1, max(1, round(size.records * share)))
    return replace(size, records=size.records - held_out, held_out=held_out)


def _system_tokens(workspace: Workspace) -> int:
    """Return about how long the system text is that stands before every record."""
    try:
        text = render_system(load_persona(workspace), chat="", background="")
    except PersonaError:
        return 0  # the export says what is wrong with it
    return conversations.estimate_tokens(text)


def training_recipe(workspace: Workspace, *, written: bool = False) -> Recipe:
    """Return the recipe for the dataset as it is, with what a person chose.

    `written` says that it is trained on files that are written already, of which nothing more is
    held back than what is.
    """
    return recipe_for(workspace, replace(dataset_size(workspace), divided=written))


@owners_only
def training_yaml(workspace: Workspace) -> str:
    """Return the settings file to lie beside `sharegpt.json` and `dataset_info.json`."""
    newest = _newest(workspace)
    options = load_export_options(workspace)
    if newest is not None:
        with suppress(OptionsError):
            options = ExportOptions.from_json(newest.options)
    recipe = training_recipe(workspace, written=True)
    return training.config_text(trainer_settings(recipe, options))


@owners_only
def training_folder(workspace: Workspace) -> Path:
    """Return where the runs lie, each in a folder; it need not be there yet."""
    return safety.beside(workspace.engine, "training")


@owners_only
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
    size = recipe.size
    share = recipe.whole(Value.VALIDATION) / 100
    if size.held_out:  # by a version whose options are no longer these
        share = min(LARGEST_VALIDATION, size.held_out / (size.held_out + size.records))
    options = replace(options, formats=("sharegpt",), validation=options.validation or share)
    report = export_dataset(workspace, folder, options, progress)
    final = recipe_for(workspace, written_size(report.to_json()["parts"]))
    without_card = training_choices(workspace).memory == 0
    config = trainer_settings(final, options, without_card=without_card)
    _write(folder / CONFIG_FILE, training.config_text(config))
    _write(folder / CHAT_FILE, training.config_text(training.chat_config(final)))
    return final


def _write(path: Path, text: str) -> None:
    """Write a new file that only its owner may read."""
    with private_files.create(path, "x") as file:
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


@owners_alone
def stop_training(run: TrainingRun) -> None:
    """Ask for the end of a run, which may take some seconds; TrainingError where that fails."""
    training.stop_run(run.folder)


@owners_only
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
