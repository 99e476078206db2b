"""What the opt-in tests with real trainers share, and the table that they end with."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.trainers.datasets_of import Dataset, dataset_of, sample_dataset
from tests.trainers.environment import TrainEnvironment, environment_folder, missing_environment
from tests.trainers.hostile import CONTROL_TOKENS, HOSTILE_TALKS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


class Row(NamedTuple):
    """A line of the table: who read which file, and how much of it was kept."""

    reader: str
    file: str
    written: int
    kept: int


ROWS = pytest.StashKey[list[Row]]()
STARTED = pytest.StashKey[float]()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Say how to make the environment where tests need it and it is not there."""
    if any(item.get_closest_marker("train") for item in session.items):
        if missing := missing_environment():
            raise pytest.UsageError(missing)
        session.config.stash[ROWS] = []
        session.config.stash[STARTED] = time.monotonic()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print who kept how many of the exported records, and how long that took."""
    rows = config.stash.get(ROWS, [])
    if not rows:
        return
    terminalreporter.section("records exported and kept")
    for row in [("read by", "format", "exported", "kept"), *rows]:
        terminalreporter.line("{:<28} {:<22} {:>9} {:>9}".format(*row))
    seconds = time.monotonic() - config.stash[STARTED]
    terminalreporter.line(f"{seconds:.0f} s on {os.cpu_count()} processors")


@pytest.fixture(scope="session")
def trainers(tmp_path_factory: pytest.TempPathFactory) -> TrainEnvironment:
    """The environment with the trainers."""
    return TrainEnvironment(environment_folder(), tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The sample chats, exported with everything approved."""
    return sample_dataset(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Conversations that hold what trainers trip over, exported."""
    return dataset_of(tmp_path_factory.mktemp("hostile"), HOSTILE_TALKS)


@pytest.fixture(scope="session")
def datasets(sample: Dataset, hostile: Dataset) -> dict[str, Dataset]:
    """Both data sets by their names in the table."""
    return {"sample": sample, "hostile": hostile}


@pytest.fixture(scope="session")
def tiny_model(trainers: TrainEnvironment, sample: Dataset, hostile: Dataset) -> Path:
    """A random model of some 650,000 parameters, with a tokenizer that knows the texts."""
    folder = trainers.home / "tiny"
    job = {
        "texts": [*sample.texts(), *hostile.texts()],
        "control_tokens": CONTROL_TOKENS,
        "folder": str(folder),
    }
    made = trainers.ask("make_model", job)
    assert 500_000 < made["parameters"] < 800_000
    return folder


@pytest.fixture
def count(
    request: pytest.FixtureRequest, datasets: Mapping[str, Dataset]
) -> Callable[[str, str, Mapping[str, list[Any]]], None]:
    """Return what notes for the table how many records of a file a reader kept, and compares.

    `kept` holds what was read of each part of each data set.
    """

    def note(reader: str, file: str, kept: Mapping[str, list[Any]]) -> None:
        found = {part: len(rows) for part, rows in kept.items()}
        written = {
            f"{which}/{part}": len(rows)
            for which, dataset in datasets.items()
            for part, rows in dataset.parts.items()
        }
        row = Row(reader, file, sum(written.values()), sum(found.values()))
        request.config.stash[ROWS].append(row)
        assert found == written

    return note
