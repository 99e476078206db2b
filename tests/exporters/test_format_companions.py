"""What lies beside the records: descriptions, settings of trainers, a card."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from curation.export_options import ExportOptions
from curation.exporters import FORMATS, Format, Parts, formats
from curation.training import Value
from tests.exporters.invented import talks, written_parts

if TYPE_CHECKING:
    from pathlib import Path

EVERY = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
WITHOUT, WITH = written_parts(800), written_parts(720, 80)
CHOSEN: dict[Value, str | int | float] = {
    Value.CUTOFF: 4096,
    Value.MODEL: "Qwen3-14B",
    Value.METHOD: "qlora",
    Value.PRECISION: "fp16",
    Value.RANK: 32,
    Value.LEARNING_RATE: 5e-5,
    Value.BATCH: 2,
}
SETTINGS = {
    "llamafactory": "llamafactory/train.yaml",
    "axolotl": "axolotl/config.yaml",
    "ms-swift": "ms-swift/config.yaml",
}


def settings(name: str, parts: Parts) -> dict[str, Any]:
    text = formats()[name].companions[SETTINGS[name]](parts)
    assert text.isascii()  # a Chinese Windows opens it in GBK
    read: dict[str, Any] = yaml.safe_load(text)
    return read


@EVERY
@pytest.mark.parametrize("parts", [WITHOUT, WITH, written_parts(1, 1, CHOSEN)])
def test_companions_are_written_beside_their_files(
    form: Format, parts: Parts, tmp_path: Path
) -> None:
    own = {form.train, form.validation}
    for name in own:
        form.write(tmp_path / name, talks(form))
    form.write_companions(tmp_path, parts)
    names = form.file_names() - own
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    files = [path for path in files if path.relative_to(tmp_path).as_posix() not in own]
    assert {path.relative_to(tmp_path).as_posix() for path in files} == names
    assert {PurePosixPath(name).parts[0] for name in names if "/" in name} <= {
        PurePosixPath(form.train).parts[0]
    }
    for path in files:
        raw = path.read_bytes()
        assert b"\r" not in raw
        assert raw.endswith(b"\n")
        assert not raw.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("name", ["sharegpt", "llamafactory"])
@pytest.mark.parametrize("parts", [WITHOUT, WITH])
def test_dataset_info_names_each_part_with_complete_columns_and_tags(
    name: str, parts: Parts
) -> None:
    form = formats()[name]
    folder = PurePosixPath(form.train).parent
    text = form.companions[str(folder / "dataset_info.json")](parts)
    assert text.isascii()
    entries = json.loads(text)
    files = [form.train, form.validation][: 1 + bool(parts.validation)]
    assert [str(folder / entry["file_name"]) for entry in entries.values()] == files
    for name_of_entry, entry in entries.items():
        assert "," not in name_of_entry  # the trainer splits names there
        assert entry["formatting"] == "sharegpt"
        assert entry["columns"] == {"messages": "conversations", "system": "system"}
        assert set(entry["tags"]) >= {
            "role_tag", "content_tag", "user_tag", "assistant_tag", "system_tag",
        }  # fmt: skip


def test_the_folder_of_llamafactory_holds_no_other_json() -> None:
    form = formats()["llamafactory"]
    names = form.file_names()
    below = {name for form in FORMATS for name in (form.train, form.validation)}
    assert {name for name in names | below if name.startswith("llamafactory/")} == {
        "llamafactory/train.json",
        "llamafactory/validation.json",
        "llamafactory/dataset_info.json",
        "llamafactory/train.yaml",
    }


def test_llamafactory_measures_on_the_validation_part_where_there_is_one() -> None:
    told = settings("llamafactory", WITH)
    assert (told["dataset_dir"], told["dataset"]) == (".", "ruwo")
    assert told["eval_dataset"] == "ruwo_validation"
    assert told["eval_strategy"] == "steps"
    assert told["eval_steps"] == told["save_steps"]
    assert told["load_best_model_at_end"] is True
    assert "val_size" not in told
    without = settings("llamafactory", WITHOUT)
    assert not [key for key in without if "eval" in key or "best" in key or key == "val_size"]


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("parts", [WITHOUT, WITH, written_parts(3, 2)])
def test_the_settings_have_no_gap_to_fill(name: str, parts: Parts) -> None:
    told = settings(name, parts)
    assert all(value not in (None, "") for value in told.values())
    assert isinstance(told["learning_rate"], float)
    assert told["save_steps"] >= 1


def test_what_is_handed_in_is_taken_by_each_trainer_under_its_own_name() -> None:
    parts = written_parts(720, 80, CHOSEN)
    assert settings("llamafactory", parts) == parts.recipe
    axolotl = settings("axolotl", parts)
    assert axolotl["base_model"] == "Qwen/Qwen3-14B"
    assert (axolotl["adapter"], axolotl["lora_r"], axolotl["load_in_4bit"]) == ("qlora", 32, True)
    assert (axolotl["sequence_len"], axolotl["micro_batch_size"]) == (4096, 2)
    assert axolotl["learning_rate"] == pytest.approx(5e-5)
    swift = settings("ms-swift", parts)
    assert (swift["model"], swift["max_length"]) == ("Qwen/Qwen3-14B", 4096)
    assert (swift["lora_rank"], swift["quant_bits"]) == (32, 4)
    assert swift["torch_dtype"] == "float16"


def test_an_adapter_beside_few_matrices_is_that_for_each_trainer() -> None:
    few = written_parts(800, 0, {Value.TARGET: "q_proj,v_proj"})
    every = written_parts(800, 0, {Value.TARGET: "all"})
    axolotl, swift = settings("axolotl", few), settings("ms-swift", few)
    assert axolotl["lora_target_modules"] == swift["target_modules"] == ["q_proj", "v_proj"]
    assert "lora_target_linear" not in axolotl
    assert settings("axolotl", every)["lora_target_linear"] is True
    assert "target_modules" not in settings("ms-swift", every)


def test_of_sliding_windows_the_last_turn_alone_is_learnt() -> None:
    windows = written_parts(800, options=ExportOptions(window=4, sliding=True))
    assert settings("llamafactory", windows)["mask_history"] is True
    assert settings("ms-swift", windows)["loss_scale"] == "last_round"
    assert "loss_scale" not in settings("ms-swift", WITHOUT)


def test_alpaca_is_described_with_its_history() -> None:
    form = formats()["alpaca"]
    for parts in (WITHOUT, WITH):
        entries = json.loads(form.companions["alpaca/dataset_info.json"](parts))
        files = ["train.json", "validation.json"][: 1 + bool(parts.validation)]
        assert [entry["file_name"] for entry in entries.values()] == files
        columns = [entry["columns"] for entry in entries.values()]
        row = form.encode(talks(form)[0])
        assert all(sorted(each.values()) == sorted(row) for each in columns)


def test_full_tuning_has_no_adapter() -> None:
    parts = written_parts(800, 0, {Value.METHOD: "full"})
    assert not [key for key in settings("axolotl", parts) if "lora" in key or key == "adapter"]
    swift = settings("ms-swift", parts)
    assert swift["tuner_type"] == "full"
    assert not [key for key in swift if "lora" in key or "quant" in key]


@pytest.mark.parametrize("parts", [WITHOUT, WITH])
def test_settings_name_the_files_that_are_there(parts: Parts) -> None:
    axolotl = settings("axolotl", parts)
    entries = [*axolotl["datasets"], *axolotl.get("test_datasets", [])]
    swift = settings("ms-swift", parts)
    files = ["train.jsonl", "validation.jsonl"][: 1 + bool(parts.validation)]
    assert [entry["path"] for entry in entries] == files
    assert [*swift["dataset"], *swift.get("val_dataset", [])] == files
    assert {entry["type"] for entry in entries} == {"chat_template"}


@pytest.mark.parametrize(
    ("parts", "size"),
    [
        (written_parts(1), "n<1K"),
        (written_parts(900, 99), "n<1K"),
        (written_parts(900, 100), "1K<n<10K"),
        (written_parts(10_000), "10K<n<100K"),
        (written_parts(2_000_000), "n>1M"),
    ],
)
def test_the_card_tells_language_sizes_and_parts(parts: Parts, size: str) -> None:
    (describe,) = formats()["huggingface"].companions.values()
    nothing, head, body = describe(parts).split("---\n", 2)
    card = yaml.safe_load(head)
    assert nothing == ""
    assert card["language"] == ["zh"]
    assert card["size_categories"] == [size]
    (config,) = card["configs"]
    splits = [each["split"] for each in config["data_files"]]
    assert splits == ["train", "validation"][: 1 + bool(parts.validation)]
    assert f"- train: {parts.train}\n" in body
