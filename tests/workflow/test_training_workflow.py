"""Training on what is approved: the dataset's size, the folder of a run, one run at a time."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from curation import workflow
from curation.errors import ExportBlockedError, TrainingError
from curation.model import ConversationFilter, Status
from curation.store.settings import put_setting
from curation.training import Phase, Source, Value, model_here, read_log
from curation.workflow.training import training_folder
from tests import fake_trainer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from curation.training import TrainingRun
    from curation.workflow import Workspace

    WriteChat = Callable[..., Path]

TALKS = 6


@pytest.fixture
def approved(workspace: Workspace, write_chat: WriteChat) -> Workspace:
    lines = []
    for talk in range(TALKS):
        start = talk * 600
        lines += [(start, "阿橙", f"第{talk}次，吃了吗"), (start + 1, "小满", "吃了呀 [微笑]~")]
    path = write_chat(lines)
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.set_status(workspace, ConversationFilter(), Status.APPROVED)
    return workspace


@pytest.fixture
def trainer(approved: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    """The workspace with a trainer on this computer; what it runs is ended."""
    program = fake_trainer.install(tmp_path / "bin")
    choices = workflow.TrainingChoices(memory=24, trainer=str(program))
    workflow.save_training_choices(approved, choices)
    yield approved
    for run in workflow.training_runs(approved):
        if run.going:
            workflow.stop_training(run)
            ended(approved)


def ended(workspace: Workspace) -> TrainingRun:
    deadline = time.monotonic() + 20
    while (run := workflow.training_runs(workspace)[0]).going:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return run


def settings_in(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((folder / "train.yaml").read_text(encoding="utf-8"))
    return found


def test_the_size_is_what_is_approved_until_it_was_exported(approved: Workspace) -> None:
    size = workflow.training_recipe(approved).size
    assert (size.records, size.turns, size.held_out) == (TALKS, 2 * TALKS, 0)
    workflow.measure_lengths(approved)
    measured = workflow.training_recipe(approved).size
    assert measured.longest > 0
    assert measured.tokens >= measured.longest
    workflow.build_version(approved, workflow.load_export_options(approved))
    built = workflow.training_recipe(approved).size
    assert (built.records + built.held_out, built.turns) == (TALKS, 2 * TALKS)
    workflow.set_status(approved, ConversationFilter(), Status.PENDING)
    assert workflow.training_recipe(approved).size.records == 0


def test_what_was_chosen_is_kept_and_what_is_broken_is_left_out(approved: Workspace) -> None:
    told = workflow.TrainingChoices(
        memory=12, chosen={Value.RANK: 32, Value.MODEL: "Qwen3-4B-Instruct-2507"}, model="/m"
    )
    workflow.save_training_choices(approved, told)
    assert workflow.training_choices(approved) == told
    recipe = workflow.training_recipe(approved)
    assert (recipe.memory, recipe.whole(Value.RANK)) == (12, 32)
    put_setting(approved, "training", {"memory": "x", "chosen": {"rank": [], "?": 1}})
    assert workflow.training_choices(approved) == workflow.TrainingChoices()


def exported(workspace: Workspace, folder: Path, **chosen: Any) -> dict[str, Any]:
    """Export for LLaMA-Factory and return the settings that lie beside the records."""
    options = replace(workflow.load_export_options(workspace), formats=("llamafactory",), **chosen)
    workflow.export_dataset(workspace, folder, options)
    return settings_in(folder / "llamafactory")


def elsewhere(workspace: Workspace) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(workflow.training_yaml(workspace))
    return found


@pytest.mark.parametrize("validation", [0.0, 0.3])
def test_the_export_says_what_the_page_says_and_what_was_chosen(
    approved: Workspace, tmp_path: Path, validation: float
) -> None:
    chosen: dict[Value, str | int | float] = {Value.MODEL: "Qwen3-1.7B", Value.RANK: 64}
    workflow.save_training_choices(approved, workflow.TrainingChoices(6, chosen))
    told = exported(approved, tmp_path / "out", validation=validation)
    assert (told["model_name_or_path"], told["lora_rank"]) == ("Qwen/Qwen3-1.7B", 64)
    assert ("early_stopping_steps" in told) == bool(validation)
    workflow.build_version(
        approved, replace(workflow.load_export_options(approved), validation=validation)
    )
    assert elsewhere(approved) == told


def test_what_was_chosen_makes_a_version_old_only_where_its_files_hold_it(
    approved: Workspace,
) -> None:
    plain, told = workflow.basis(approved), workflow.basis(approved, ("sharegpt", "axolotl"))
    workflow.save_training_choices(approved, workflow.TrainingChoices(12, {Value.RANK: 64}))
    assert workflow.basis(approved) == workflow.basis(approved, ("sharegpt",)) == plain
    assert workflow.basis(approved, ("sharegpt", "axolotl")) != told


def test_another_computer_is_told_to_learn_the_last_turns_only(approved: Workspace) -> None:
    assert "mask_history" not in elsewhere(approved)
    options = replace(workflow.load_export_options(approved), window=2, sliding=True)
    workflow.build_version(approved, options)
    assert elsewhere(approved)["mask_history"] is True


def test_another_computer_measures_on_the_part_that_lies_beside_and_never_at_random(
    approved: Workspace,
) -> None:
    assert "eval_strategy" not in elsewhere(approved)
    options = replace(workflow.load_export_options(approved), validation=0.3)
    workflow.build_version(approved, options)
    assert elsewhere(approved)["eval_dataset"] == "ruwo_validation"
    workflow.set_status(approved, ConversationFilter(text="第0次"), Status.PENDING)
    assert elsewhere(approved)["eval_dataset"] == "ruwo_validation"


def test_a_run_trains_on_the_masked_dataset_in_a_folder_beside_the_workspace(
    trainer: Workspace, tmp_path: Path
) -> None:
    run = workflow.start_training(trainer)
    assert run.folder.parent == tmp_path / "workspace-training"
    assert run.going
    with pytest.raises(TrainingError, match="going already"):
        workflow.start_training(trainer)
    run = ended(trainer)
    assert run.phase is Phase.DONE
    said = run.output.read_text(encoding="utf-8")
    assert f"records {TALKS} offline 1" in said
    assert run.facts is not None
    assert run.facts["records"] == TALKS
    told = settings_in(run.folder)
    assert told["dataset"] in json.loads(
        (run.folder / "dataset_info.json").read_text(encoding="ascii")
    )
    assert str(tmp_path) not in (run.folder / "train.yaml").read_text(encoding="utf-8")
    assert read_log(run.log).runs[0].trained


def test_a_model_in_a_folder_is_used_from_there(trainer: Workspace, tmp_path: Path) -> None:
    choices = workflow.training_choices(trainer)
    workflow.save_training_choices(trainer, replace(choices, model=str(tmp_path / "模型")))
    with pytest.raises(TrainingError, match="no model in 模型"):
        workflow.start_training(trainer)
    assert workflow.training_runs(trainer) == []
    (tmp_path / "模型").mkdir()
    for name in ("config.json", "model.safetensors"):
        (tmp_path / "模型" / name).write_text("{}", encoding="utf-8")
    workflow.start_training(trainer)
    said = ended(trainer).output.read_text(encoding="utf-8")
    assert f'model_name_or_path="{tmp_path / "模型"}"' in said


@pytest.mark.parametrize(
    ("memory", "told"), [(0, "use_cpu"), (24, "bf16"), (None, "bf16")], ids=str
)
def test_without_a_card_the_processor_is_told_to_train(
    trainer: Workspace, memory: int | None, told: str
) -> None:
    choices = workflow.training_choices(trainer)
    workflow.save_training_choices(trainer, replace(choices, memory=memory))
    run = workflow.start_training(trainer)
    assert {"use_cpu", "bf16", "fp16"} & set(settings_in(run.folder)) == {told}
    ended(trainer)


@pytest.mark.parametrize(("source", "offline"), [(Source.NOWHERE, "1"), (Source.MODELSCOPE, "0")])
def test_the_trainer_reaches_the_network_only_where_that_was_allowed(
    trainer: Workspace, source: Source, offline: str
) -> None:
    workflow.start_training(trainer, source)
    assert f"offline {offline}" in ended(trainer).output.read_text(encoding="utf-8")


def test_a_disk_without_room_is_said_before_anything_is_written(
    trainer: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("usage", (), {"free": 200_000_000})
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    with pytest.raises(TrainingError, match=r"0\.2 GB left"):
        workflow.start_training(trainer)
    assert workflow.training_runs(trainer) == []
    assert list(training_folder(trainer).iterdir()) == []


def test_without_a_trainer_or_a_dataset_nothing_is_started(
    trainer: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow.set_status(trainer, ConversationFilter(), Status.PENDING)
    with pytest.raises(ExportBlockedError):
        workflow.start_training(trainer)
    monkeypatch.setenv("PATH", "")
    workflow.save_training_choices(trainer, workflow.TrainingChoices())
    with pytest.raises(TrainingError, match="no llamafactory-cli on this computer"):
        workflow.start_training(trainer)
    assert list(training_folder(trainer).iterdir()) == []


def test_a_model_that_was_fetched_before_is_found_in_the_usual_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("MODELSCOPE_CACHE", str(tmp_path / "ms"))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    assert model_here("Qwen/Qwen3-8B") is None
    places = {
        "Qwen/Qwen3-8B": tmp_path / "hf/hub/models--Qwen--Qwen3-8B/snapshots/abc",
        "Qwen/Qwen2.5-7B-Instruct": tmp_path / "ms/models/Qwen/Qwen2___5-7B-Instruct",
    }
    for hub, folder in places.items():
        folder.mkdir(parents=True)
        (folder / "config.json").write_text("{}", encoding="utf-8")
        assert model_here(hub) is None, "its weights are missing"
        (folder / "model-00001.safetensors").touch()
        assert model_here(hub) == folder
