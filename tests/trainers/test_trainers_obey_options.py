"""What a person chooses for an export is what the trainer does with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.trainers.datasets_of import exported, sample_chats
from tests.trainers.test_trainers_keep_all import END, arguments

if TYPE_CHECKING:
    from pathlib import Path

    from tests.trainers.datasets_of import Dataset
    from tests.trainers.environment import TrainEnvironment

pytestmark = [pytest.mark.train, pytest.mark.timeout(300)]

NAME = "llamafactory"


def test_of_sliding_windows_the_last_answer_alone_is_learnt(
    trainers: TrainEnvironment, tiny_model: Path, tmp_path: Path
) -> None:
    dataset = exported(tmp_path / "out", sample_chats(), window=6, sliding=True)
    parts = trainers.ask("read_by_llamafactory", {"it": arguments(dataset, NAME, tiny_model)})
    learnt = {
        part: [[piece.removesuffix("\n") for piece in row["learnt"]] for row in rows]
        for part, rows in parts.items()
    }
    assert learnt == {
        f"it/{part}": [[messages[-1]["content"] + END] for messages in rows]
        for part, rows in dataset.messages().items()
    }


def test_no_record_is_longer_than_the_limit_to_the_real_tokenizer(
    trainers: TrainEnvironment, tiny_model: Path, tmp_path: Path
) -> None:
    limit = 400
    whole = exported(tmp_path / "whole", sample_chats())
    short = exported(
        tmp_path / "short",
        sample_chats(),
        max_tokens=limit,
        tokenizer=str(tiny_model / "tokenizer.json"),
    )
    job = {
        name: arguments(dataset, NAME, tiny_model)
        for name, dataset in {"whole": whole, "short": short}.items()
    }
    parts = trainers.ask("read_by_llamafactory", job)
    length = {part: [row["tokens"] for row in rows] for part, rows in parts.items()}
    assert max(length["whole/train"]) > limit
    assert max(*length["short/train"], *length["short/validation"]) <= limit
    assert sum(map(len, short.parts.values())) > sum(map(len, whole.parts.values()))


def test_settings_are_ones_that_the_trainers_know(
    trainers: TrainEnvironment, sample: Dataset
) -> None:
    files = {name: str(sample.folder / name / "config.yaml") for name in ("axolotl", "ms-swift")}
    unknown = trainers.ask("read_settings", files, readers=True)
    assert unknown == {"axolotl": [], "ms-swift": []}
