"""The models of evidence are what their training scripts make of the committed texts."""

from __future__ import annotations

import json
import re
from itertools import islice

import numpy as np
import pytest

from curation.pii.bare_values import model as bare_values
from curation.pii.folding import fold
from curation.pii.recognizers import contact_model, secret_model
from curation.pii.recognizers.address import CnAddressRecognizer
from curation.pii.recognizers.person_calls import PersonCallRecognizer
from curation.pii.recognizers.secret_words import CLASSES, LEXICON, NAMES_SECRET
from curation.pii.recognizers.weighing import UNIT
from pii_training import train_bare_values, train_contacts, train_phrases, train_secrets
from pii_training.scoring import (
    Example,
    Task,
    checksum,
    examples,
    likelihoods,
    numbered,
    train,
    written,
)
from pii_training.secret_texts import texts

MOST_BYTES = 5_000_000


@pytest.fixture(
    scope="module", params=[train_secrets.TASK, train_contacts.TASK, train_phrases.TASK]
)
def task(request: pytest.FixtureRequest) -> Task:
    of: Task = request.param
    return of


@pytest.fixture(scope="module")
def seen(task: Task) -> list[Example]:
    return list(examples(task, texts()))


@pytest.mark.in_turn
def test_the_committed_model_was_trained_on_the_committed_texts(
    task: Task, seen: list[Example]
) -> None:
    kept = json.loads(task.module.WEIGHTS.read_text(encoding="utf-8"))
    assert kept["examples"] == checksum(seen), "run pii_training/train_*s.py"
    assert task.module.WEIGHTS.stat().st_size < MOST_BYTES


def test_the_detector_weighs_as_the_trainer_does(task: Task, seen: list[Example]) -> None:
    some = [*seen[::50], *[example for example in seen if example.outcome][::10]]
    model = task.module.model()
    names = list(model.weights)
    weights = np.array([*model.weights.values(), model.bias], float) / UNIT
    rows = numbered(some, {name: number for number, name in enumerate(names)})
    expected = likelihoods(weights, rows)
    odds = np.array([model.odds(example.features) for example in some])
    assert np.abs(odds - expected).max() < 1e-9
    assert (odds.max(1) > 0.9).sum() > len(some) // 50


@pytest.mark.in_turn
def test_training_again_gives_the_same_model(task: Task, seen: list[Example]) -> None:
    some = list(islice(seen, 0, None, 40))
    first, second = (written(train(some, len(task.entities())), "") for _ in range(2))
    assert first == second
    assert json.loads(first)["weights"]


def test_the_model_of_bare_values_was_trained_on_the_committed_chats() -> None:
    kept = json.loads(bare_values.WEIGHTS.read_text(encoding="utf-8"))
    learnt = train_bare_values.fingerprint(train_bare_values.open_chats().values())
    assert kept["examples"] == learnt, "run pii_training/train_bare_values.py"
    assert bare_values.WEIGHTS.stat().st_size < MOST_BYTES


@pytest.mark.parametrize(
    "pattern",
    [NAMES_SECRET, CnAddressRecognizer.TRIGGER, PersonCallRecognizer.TRIGGER],
    ids=["secrets", "addresses", "calls"],
)
def test_words_begin_with_the_letters_that_are_looked_for_first(pattern: re.Pattern[str]) -> None:
    look_ahead, _, words = pattern.pattern.partition("])")
    assert look_ahead.startswith("(?=[")
    plain = re.compile(words, pattern.flags)
    for text in islice(texts(), 0, None, 5):
        said = fold(text.text)
        found = [(match.span(), match.lastgroup) for match in plain.finditer(said)]
        assert [(match.span(), match.lastgroup) for match in pattern.finditer(said)] == found


def test_the_lexicon_finds_what_one_pattern_of_all_its_words_would() -> None:
    whole = re.compile("|".join(f"(?P<{name}>{words})" for name, words in CLASSES.items()))
    for text in islice(texts(), 0, None, 5):
        said = fold(text.text).lower()
        found = [(match.lastgroup, *match.span()) for match in whole.finditer(said)]
        assert LEXICON.find(said) == found


def test_nothing_beside_a_number_makes_it_nothing() -> None:
    assert secret_model.model().odds({}) == [0.0, 0.0]
    assert contact_model.model().odds({}) == [0.0, 0.0, 0.0]
