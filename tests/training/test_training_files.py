"""The files for the trainer and the sheet to copy from."""

from __future__ import annotations

import re
import shlex

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from curation.training import (
    GPU_MEMORY,
    OPTIONS,
    DatasetSize,
    Value,
    chat_config,
    chat_line,
    config_text,
    maas_sheet,
    recommend,
    shell_line,
    train_arguments,
    training_config,
)

CHOICES = st.fixed_dictionaries(
    {}, optional={value: st.sampled_from(options) for value, options in OPTIONS.items()}
)


@given(st.integers(0, 50_000), st.sampled_from(GPU_MEMORY), CHOICES, st.sampled_from((0, 40)))
def test_the_yaml_says_what_the_recipe_says_and_names_no_place_on_this_machine(
    records: int, memory: int, chosen: dict[Value, str | float], held: int
) -> None:
    made = recommend(DatasetSize(records, held_out=held), memory, chosen)
    config = training_config(made, dataset="ruwo", eval_dataset="ruwo_eval" if held else "")
    text = config_text(config)
    assert yaml.safe_load(text) == config
    assert text.isascii()
    assert not re.search(r"^\w+: [\"']?(/|[A-Z]:|~|\\)", text, re.MULTILINE)
    assert config["learning_rate"] == made.number(Value.LEARNING_RATE)
    assert config["report_to"] == "none"
    assert "val_size" not in config, "it would be drawn at random"
    assert ("eval_strategy" in config) == bool(held)
    assert config.get("eval_dataset") == ("ruwo_eval" if held else None)
    # Only a state that was saved can be the best one.
    assert config.get("eval_steps", config["save_steps"]) == config["save_steps"]
    assert ("lora_rank" in config) == (config["finetuning_type"] == "lora")
    assert "quantization_bit" not in config or config["finetuning_type"] == "lora"
    assert ("early_stopping_steps" in config) <= bool(config.get("load_best_model_at_end"))


@pytest.mark.parametrize(("model", "template"), [("Qwen3-8B", "qwen3_nothink")])
def test_each_model_is_spoken_to_in_its_own_way(model: str, template: str) -> None:
    made = recommend(DatasetSize(3000), 24, {Value.MODEL: model})
    assert training_config(made, dataset="ruwo")["template"] == template
    older = recommend(DatasetSize(3000), 24, {Value.MODEL: "Qwen2.5-7B-Instruct"})
    assert training_config(older, dataset="ruwo")["template"] == "qwen"


@pytest.mark.parametrize(
    "path",
    [r"C:\模型\Qwen3 8B", "/home/小满/models/q: #1", "/m/'quoted'", '/m/"double"', "~/a, b"],
)
def test_a_model_in_a_folder_is_named_so_that_the_trainer_reads_the_same_path(path: str) -> None:
    key, value = train_arguments(path)[-1].split("=", 1)
    assert key == "model_name_or_path"
    assert yaml.safe_load(value) == path


@pytest.mark.parametrize("word", ["no", "on", "null", "~", "1e5", "2024-01-01", "a: b #c", "模型"])
def test_a_word_of_the_settings_is_read_as_that_word(word: str) -> None:
    text = config_text({"model_name_or_path": word})
    assert text.isascii()
    assert yaml.safe_load(text) == {"model_name_or_path": word}


def test_the_shell_line_is_run_beside_the_files() -> None:
    assert shlex.split(shell_line()) == ["llamafactory-cli", "train", "train.yaml"]


def test_the_sheet_says_the_same_as_the_recipe_and_what_the_service_asks_for() -> None:
    made = recommend(DatasetSize(3000, longest=700), 0)
    sheet = {
        line.label: line.value for line in maas_sheet(made, "sharegpt.json", "validation.json")
    }
    assert sheet["Data format"] == "ShareGPT"
    assert sheet["Way of tuning"] == "LoRA"
    assert sheet["Learning rate"] == "1e-4"
    assert sheet["Epochs"] == "2"
    assert sheet["Temperature when chatting"] == "0.9"
    full = recommend(DatasetSize(3000), 80, {Value.METHOD: "full", Value.MODEL: "Qwen3-0.6B"})
    assert "LoRA rank" not in {
        line.label for line in maas_sheet(full, "sharegpt.json", "validation.json")
    }


@pytest.mark.parametrize(("held", "filled_in"), [(0, "5"), (120, "validation.json")])
def test_the_sheet_names_the_second_file_where_the_dataset_holds_back_a_part(
    held: int, filled_in: str
) -> None:
    made = recommend(DatasetSize(6000, held_out=held), 24)
    lines = maas_sheet(made, "sharegpt.json", "validation.json")
    assert [line.value for line in lines if "alidation" in line.label] == [filled_in]


@pytest.mark.parametrize(
    ("chosen", "base", "adapter"),
    [({}, "Qwen/Qwen3-8B", "output"), ({Value.METHOD: "full"}, "output", None)],
    ids=["adapter", "full"],
)
def test_the_tuned_model_is_served_in_the_way_it_was_trained(
    chosen: dict[Value, str | float], base: str, adapter: str | None
) -> None:
    made = recommend(DatasetSize(400), 24, chosen)
    told = yaml.safe_load(config_text(chat_config(made)))
    assert (told["model_name_or_path"], told.get("adapter_name_or_path")) == (base, adapter)
    assert told["template"] == training_config(made, dataset="ruwo")["template"]


def test_the_line_that_serves_it_listens_here_only_asks_for_a_key_and_prints_nothing() -> None:
    words = shlex.split(chat_line("/opt/my env/llamafactory-cli", "k3y", "/m/小 满"))
    assert {"API_HOST=127.0.0.1", "API_KEY=k3y", "API_VERBOSE=0"} <= set(words)
    assert words[-4:-1] == ["/opt/my env/llamafactory-cli", "api", "chat.yaml"]
    assert yaml.safe_load(words[-1].split("=", 1)[1]) == "/m/小 满"
    on_windows = chat_line("llamafactory-cli", "k3y", windows=True)
    assert on_windows.startswith('set "API_HOST=127.0.0.1" && ')
