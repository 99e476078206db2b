"""Every record that is exported is one that trainers keep, with its roles, texts and system text.

Each reader is the trainer's own code in an environment of its own. It reads the sample chats and
conversations full of what loaders, templates and tokenizers trip over.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from curation.exporters import formats

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.trainers.datasets_of import Dataset, Message
    from tests.trainers.environment import TrainEnvironment

    Datasets = Mapping[str, Dataset]
    Count = Callable[[str, str, Mapping[str, list[Any]]], None]

pytestmark = [pytest.mark.train, pytest.mark.timeout(300)]

END = "<|im_end|>"
CHATS = {"field_messages": "conversations"} | {
    "message_property_mappings": {"role": "from", "content": "value"}
}


def files_of(datasets: Datasets, name: str) -> dict[str, str]:
    """Return the files of a format by data set and part."""
    return {
        f"{which}/{part}": path
        for which, dataset in datasets.items()
        for part, path in dataset.files(name).items()
    }


def messages_of(datasets: Datasets) -> dict[str, list[list[Message]]]:
    """Return the messages that were exported by data set and part."""
    return {
        f"{which}/{part}": messages
        for which, dataset in datasets.items()
        for part, messages in dataset.messages().items()
    }


def rendered(messages: list[Message]) -> str:
    """Return the messages in the template of Qwen's models."""
    return "".join(f"<|im_start|>{each['role']}\n{each['content']}{END}\n" for each in messages)


def assert_learnt(datasets: Datasets, parts: Mapping[str, list[dict[str, Any]]]) -> None:
    """Check text, control tokens and what is learnt of every record."""
    for part, wanted in messages_of(datasets).items():
        for messages, record in zip(wanted, parts[part], strict=True):
            assert record["text"].rstrip("\n") == rendered(messages).rstrip("\n")
            # The template's own control tokens are all there are: chats bring none.
            assert record["special"] == ["<|im_start|>", END] * len(messages)
            said = [each["content"] + END for each in messages if each["role"] == "assistant"]
            assert [piece.removesuffix("\n") for piece in record["learnt"]] == said


@pytest.mark.parametrize("name", ["sharegpt", "llamafactory", "alpaca"])
def test_llamafactory_keeps_every_record_and_learns_answers_alone(
    trainers: TrainEnvironment, tiny_model: Path, datasets: Datasets, count: Count, name: str
) -> None:
    job = {which: arguments(dataset, name, tiny_model) for which, dataset in datasets.items()}
    parts = trainers.ask("read_by_llamafactory", job)
    count("LLaMA-Factory, get_dataset", name, parts)
    assert_learnt(datasets, parts)


def arguments(dataset: Dataset, name: str, model: Path) -> dict[str, Any]:
    """Return the settings that lie beside the file, or the least there can be, for this machine."""
    folder = (dataset.folder / formats()[name].train).parent
    written = folder / "train.yaml"
    settings: dict[str, Any] = {
        "stage": "sft",
        "do_train": True,
        "finetuning_type": "full",
        "template": "qwen",
        "dataset": "ruwo",
        "eval_dataset": "ruwo_validation",
        "report_to": "none",
    }
    if written.is_file():
        settings = yaml.safe_load(written.read_text(encoding="ascii"))
        del settings["bf16"]
    return settings | {
        "model_name_or_path": str(model),
        "dataset_dir": str(folder),
        "cutoff_len": 131_072,  # nothing is cut
        "output_dir": str(model / "unused"),
        "use_cpu": True,
    }


def test_trl_keeps_every_record_of_openais_messages_and_learns_answers_alone(
    trainers: TrainEnvironment, tiny_model: Path, datasets: Datasets, count: Count
) -> None:
    job = {"model": str(tiny_model), "folder": str(tiny_model / "unused"), "text": False}
    parts = trainers.ask("read_by_trl", {**job, "files": files_of(datasets, "openai")})
    count("TRL, SFTTrainer", "openai", parts)
    assert_learnt(datasets, parts)


def test_trl_takes_the_finished_texts_as_they_are(
    trainers: TrainEnvironment, tiny_model: Path, datasets: Datasets, count: Count
) -> None:
    job = {"model": str(tiny_model), "folder": str(tiny_model / "unused"), "text": True}
    parts = trainers.ask("read_by_trl", {**job, "files": files_of(datasets, "chatml")})
    count("TRL, SFTTrainer", "chatml", parts)
    for part, wanted in messages_of(datasets).items():
        texts = [record["text"].removesuffix("\n") for record in parts[part]]
        assert texts == [rendered(messages).removesuffix("\n") for messages in wanted]


@pytest.mark.parametrize("name", ["sharegpt", "sharegpt_extended", "axolotl"])
def test_axolotl_keeps_every_record_and_learns_answers_alone(
    trainers: TrainEnvironment, tiny_model: Path, datasets: Datasets, count: Count, name: str
) -> None:
    told = CHATS
    if name == "axolotl":
        written = datasets["sample"].folder / "axolotl" / "config.yaml"
        config = yaml.safe_load(written.read_text(encoding="ascii"))
        (told,) = config["datasets"]
        assert [{**told, "path": "validation.jsonl", "split": "train"}] == config["test_datasets"]
    job = {"model": str(tiny_model), "files": files_of(datasets, name), "data_set": told}
    parts = trainers.ask("read_by_axolotl", job, readers=True)
    count("axolotl, chat_template", name, parts)
    assert_learnt(datasets, parts)


@pytest.mark.parametrize("name", ["sharegpt", "sharegpt_extended", "openai", "ms-swift"])
def test_ms_swift_keeps_every_record(
    trainers: TrainEnvironment, datasets: Datasets, count: Count, name: str
) -> None:
    parts = trainers.ask("read_by_swift", {"files": files_of(datasets, name)}, readers=True)
    count("ms-swift, load_dataset", name, parts)
    assert parts == messages_of(datasets)


def test_unsloth_tells_roles_from_texts(
    trainers: TrainEnvironment, datasets: Datasets, count: Count
) -> None:
    parts = trainers.ask("read_by_unsloth", {"files": files_of(datasets, "unsloth")}, readers=True)
    count("unsloth, standardize", "unsloth", parts)
    assert parts == messages_of(datasets)


def test_the_folder_for_hugging_face_is_a_dataset_with_its_parts(
    trainers: TrainEnvironment, datasets: Datasets, count: Count
) -> None:
    folders = {name: str(each.folder / "huggingface") for name, each in datasets.items()}
    parts = trainers.ask("read_by_datasets", {"files": {}, "folders": folders})
    count("Hugging Face, load_dataset", "huggingface", parts)
    found = {part: [row["messages"] for row in rows] for part, rows in parts.items()}
    assert found == messages_of(datasets)


def test_hugging_face_gives_back_every_row_as_it_was_written(
    trainers: TrainEnvironment, datasets: Datasets, count: Count
) -> None:
    files = {
        f"{name}/{part}": path
        for name, form in formats().items()
        if Path(form.train).suffix in {".json", ".jsonl"}
        for part, path in files_of(datasets, name).items()
    }
    found = trainers.ask("read_by_datasets", {"files": files, "folders": {}})
    for name in dict.fromkeys(part.partition("/")[0] for part in files):
        parts = {
            part.removeprefix(f"{name}/"): rows
            for part, rows in found.items()
            if part.startswith(f"{name}/")
        }
        count("Hugging Face, load_dataset", name, parts)
        for part, rows in parts.items():
            assert rows == rows_in(Path(files[f"{name}/{part}"])), part


def rows_in(path: Path) -> list[Any]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        rows: list[Any] = json.loads(text)
        return rows
    return [json.loads(line) for line in text.split("\n") if line]
