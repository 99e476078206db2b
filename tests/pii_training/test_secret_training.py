"""The model of passwords and codes is what its training script makes of the committed texts."""

from __future__ import annotations

import json
from itertools import islice

import numpy as np
import pytest

from curation.pii.recognizers.secret_model import UNIT, WEIGHTS, model
from pii_training.secret_texts import texts
from pii_training.train_secrets import (
    Example,
    checksum,
    examples,
    likelihoods,
    numbered,
    train,
    written,
)

MOST_BYTES = 5_000_000


@pytest.fixture(scope="module")
def seen() -> list[Example]:
    return list(examples(texts()))


def test_the_committed_model_was_trained_on_the_committed_texts(seen: list[Example]) -> None:
    kept = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    assert kept["examples"] == checksum(seen), "run pii_training/train_secrets.py"
    assert WEIGHTS.stat().st_size < MOST_BYTES


def test_the_detector_weighs_as_the_trainer_does(seen: list[Example]) -> None:
    some = seen[::50]
    names = list(model().weights)
    weights = np.array([*model().weights.values(), model().bias], float) / UNIT
    rows = numbered(some, {name: number for number, name in enumerate(names)})
    expected = likelihoods(weights, rows)
    odds = np.array([model().odds(example.features) for example in some])
    assert np.abs(odds - expected).max() < 1e-9
    assert (odds.max(1) > 0.9).sum() > len(some) // 10


def test_training_again_gives_the_same_model(seen: list[Example]) -> None:
    some = list(islice(seen, 0, None, 40))
    first, second = (written(train(some), "") for _ in range(2))
    assert first == second
    assert json.loads(first)["weights"]


def test_nothing_beside_a_number_makes_it_nothing() -> None:
    assert model().odds([]) == (0.0, 0.0)
