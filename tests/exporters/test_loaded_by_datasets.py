"""What is written is loaded by Hugging Face `datasets`, offline, with the types it was given."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from curation.exporters import FORMATS, Format, formats
from tests.exporters.invented import record, talks, written_parts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXT = "Value('string')"
MESSAGES = f"{{'messages': List({{'role': {TEXT}, 'content': {TEXT}}})}}"
TURN = f"'from': {TEXT}, 'value': {TEXT}"
PLAIN = f"{{'conversations': List({{{TURN}}}), 'system': {TEXT}, 'tools': {TEXT}}}"
TRAITS = ", ".join(f"'{name}': {TEXT}" for name in ("personality", "occupation", "interests"))

COLUMNS = {
    "sharegpt": PLAIN,
    "sharegpt_extended": f"{{'conversations': List({{{TURN}, 'emotion': {TEXT}}}), "
    f"'system': {TEXT}, 'tools': {TEXT}, 'emotion': {TEXT}, 'character_traits': {{{TRAITS}}}}}",
    "llamafactory": PLAIN,
    "openai": MESSAGES,
    "alpaca": f"{{'instruction': {TEXT}, 'input': {TEXT}, 'output': {TEXT}, 'system': {TEXT}, "
    f"'history': List(List({TEXT}))}}",
    "chatml": f"{{'text': {TEXT}}}",
    "axolotl": MESSAGES,
    "ms-swift": MESSAGES,
    "unsloth": f"{{'conversations': List({{'content': {TEXT}, 'role': {TEXT}}})}}",
    "huggingface": MESSAGES,
}

EVERY = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return `datasets.load_dataset` as it works without a network and without a cache."""
    # It reads them when it is imported.
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    import datasets  # noqa: PLC0415  (half a second that only these tests need)

    datasets.disable_progress_bars()

    def loading(*args: Any, **kwargs: Any) -> Any:
        return datasets.load_dataset(*args, cache_dir=str(tmp_path / "cache"), **kwargs)

    return loading


@EVERY
def test_both_parts_are_loaded_with_their_types_and_counts(
    form: Format, tmp_path: Path, load: Callable[..., Any]
) -> None:
    records = talks(form)
    parts = {form.train: records, form.validation: records[1:]}
    for name, some in parts.items():
        form.write(tmp_path / name, some)
    form.write_companions(tmp_path, written_parts(len(records), len(records) - 1))
    if form.train.endswith(".parquet"):
        loaded = load(str(tmp_path / "huggingface"))
    else:
        files = {"train": form.train, "validation": form.validation}
        loaded = load(
            "json", data_files={split: str(tmp_path / name) for split, name in files.items()}
        )
    assert list(loaded) == ["train", "validation"]
    for split, some in zip(loaded.values(), parts.values(), strict=True):
        assert str(split.features) == COLUMNS[form.name]
        assert list(split) == [form.encode(each) for each in some]


@pytest.mark.parametrize("name", ["sharegpt", "openai"])
def test_a_file_that_is_loaded_in_several_blocks_keeps_its_types(
    name: str, tmp_path: Path, load: Callable[..., Any]
) -> None:
    form = formats()[name]
    days = [record(form, "2026-11-27", "2026-11-28") for _each in range(8)]
    long = [record(form, f"{at}在" + "吗" * 700_000, "在[委屈]") for at in range(6)]
    records = [talks(form)[0], *days, *long, *days]
    path = tmp_path / form.train
    assert form.write(path, records) == len(records)
    assert form.check(path) == []
    loaded = load("json", data_files=str(path), split="train")
    assert str(loaded.features) == COLUMNS[name]
    assert len(loaded) == len(records)
    assert json.dumps(loaded[-1]) == json.dumps(form.encode(records[-1]))


def test_a_newer_folder_of_the_same_name_is_not_taken_for_the_older(
    tmp_path: Path, load: Callable[..., Any]
) -> None:
    form = formats()["huggingface"]
    for at in range(2):
        export = tmp_path / str(at)
        form.write(export / form.train, [record(form, "在吗", f"第{at}次")])
        form.write_companions(export, written_parts(1))
        (row,) = load(str(export / "huggingface"), split="train")
        assert row["messages"][-1]["content"] == f"第{at}次"


def test_a_folder_without_validation_has_one_part(tmp_path: Path, load: Callable[..., Any]) -> None:
    form = formats()["huggingface"]
    form.write(tmp_path / form.train, talks(form))
    form.write_companions(tmp_path, written_parts(len(talks(form))))
    loaded = load(str(tmp_path / "huggingface"))
    assert {name: len(part) for name, part in loaded.items()} == {"train": len(talks(form))}
