"""What the two scripts share that train a model of evidence: examples, training, leaving out."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from benchmarks.evaluation_set import Mark
from curation.pii.entities import placeholder
from curation.pii.folding import fold
from curation.pii.recognizers.secret_windows import around
from curation.pii.recognizers.weighing import UNIT, Model, flat
from pii_training.secret_texts import FRAMES, Text, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from types import ModuleType

    from numpy.typing import NDArray

    from curation.pii.recognizers.secret_candidates import Candidate
    from curation.pii.recognizers.secret_windows import Seen

    Floats = NDArray[np.float64]

RARE: Final = 2
"""Features that fewer candidates have are left out."""
AGAIN_WEIGHT: Final = 0.5
"""What a text counts that is read again with values masked."""
MOST_AGAIN: Final = 3
"""How many values of a text are left alone in turn, the others masked."""
FRAME_WEIGHT: Final = 0.3
"""What a message that was filled into a frame counts, against one that somebody wrote."""
PENALTY: Final = 1.0
DROPPED: Final = 0.5
"""What share of the features is left out of each example in each round, at random."""
ROUNDS: Final = 150
TIMES: Final = 3
"""How often a model is trained."""
RATE: Final = 0.05
SMALL: Final = 4
"""Weights below so many hundredths are not kept, unless a script says another number."""


def touches(found: Candidate, mark: Mark) -> bool:
    """Tell whether a candidate and a mark share a character."""
    return mark.start < found.end and found.start < mark.end


class Task(NamedTuple):
    """A model: its module, and how candidates are found in a folded text and looked at.

    The module has `ENTITIES`, `WEIGHTS`, `model` and `forget`.
    """

    module: ModuleType
    candidates: Callable[[str], Iterable[Candidate]]
    features: Callable[[str, Candidate], Seen]

    is_one: Callable[[Candidate, Mark], bool] = touches

    def entities(self) -> tuple[str, ...]:
        """Return the kinds that the model tells, in the order of its weights."""
        kinds: tuple[str, ...] = self.module.ENTITIES
        return kinds


class Example(NamedTuple):
    """A candidate: what is seen of it, what it is (0: nothing of these), and what it counts."""

    features: Seen
    outcome: int
    weight: float


class Rows(NamedTuple):
    """The features of examples by number, one after the other, and where each example begins."""

    numbers: NDArray[np.int64]
    starts: NDArray[np.int64]


def examples(task: Task, of: Iterable[Text]) -> Iterator[Example]:
    """Yield the candidates in texts, as they stand and as the detector reads them again."""
    kinds = task.entities()
    for text in of:
        usual = FRAME_WEIGHT if text.author == FRAMES else 1.0
        yield from _examples(task, kinds, text, usual)
        for again in read_again(text, kinds):
            yield from _examples(task, kinds, again, AGAIN_WEIGHT * usual)


def read_again(of: Text, kinds: Collection[str]) -> Iterator[Text]:
    """Yield a text with all of its values masked, and with all but one of these kinds.

    The detector masks what it has found and reads what is left once more.
    """
    if of.marks:
        yield _masked(of, None)
    if len(of.marks) > 1:
        for mark in [mark for mark in of.marks if mark.entity in kinds][:MOST_AGAIN]:
            yield _masked(of, mark)


def _masked(of: Text, but: Mark | None) -> Text:
    told, reached = "", 0
    marks: tuple[Mark, ...] = ()
    for mark in sorted(of.marks, key=attrgetter("start")):
        told += of.text[reached : mark.start]
        if mark == but:
            marks = (Mark(mark.entity, len(told), len(told) + mark.end - mark.start),)
            told += of.text[mark.start : mark.end]
        else:
            told += placeholder(mark.entity)
        reached = mark.end
    return Text(of.author, told + of.text[reached:], marks)


def _examples(task: Task, kinds: tuple[str, ...], of: Text, weight: float) -> Iterator[Example]:
    folded = fold(of.text)
    for found in task.candidates(folded):
        outcome = 0
        for mark in of.marks:
            if mark.entity in kinds and task.is_one(found, mark):
                outcome = kinds.index(mark.entity) + 1
        seen = task.features(*around(folded, found))
        if seen:
            yield Example(seen, outcome, weight)


def checksum(of: Iterable[Example]) -> str:
    """Return what tells these examples from any others."""
    digest = hashlib.sha256()
    for example in of:
        told = (flat(example.features), example.outcome, example.weight)
        digest.update(json.dumps(told, ensure_ascii=False).encode())
    return digest.hexdigest()


def train(of: Sequence[Example], kinds: int, small: int = SMALL) -> Model:
    """Return the model of so many kinds that fits examples best; always the same one.

    Weights below `small` hundredths are not kept. Large weights are held down. Adam over all
    examples at once, with a rate that falls to nothing.
    """
    counted = Counter(feature for example in of for feature in flat(example.features))
    names = sorted(feature for feature, count in counted.items() if count >= RARE)
    rows = numbered(of, {name: number for number, name in enumerate(names)})
    wanted = np.eye(kinds + 1)[[example.outcome for example in of]][:, 1:]
    counts = np.array([example.weight for example in of])[:, None]
    # What chance leaves out makes each training another one; their mean is surer than one.
    weights = sum(_trained(rows, wanted, counts, seed) for seed in range(TIMES)) / TIMES
    whole = np.rint(weights * UNIT).astype(int).tolist()
    kept = {
        name: tuple(each)
        for name, each in zip(names, whole[:-1], strict=True)
        if max(map(abs, each)) >= small
    }
    return Model(tuple(whole[-1]), kept)


def _trained(rows: Rows, wanted: Floats, counts: Floats, seed: int) -> Floats:
    """Return the weights of the features, and as the last row the bias, which is not held down."""
    features, sizes = int(rows.numbers.max()) + 1, np.diff(rows.starts)
    weights = np.zeros((features + 1, wanted.shape[1]))
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    chance = np.random.default_rng(seed)
    for turn in range(1, ROUNDS + 1):
        seen = chance.random((len(rows.numbers), 1)) >= DROPPED
        wrong = (likelihoods(weights, rows, seen / (1 - DROPPED)) - wanted) * counts
        slope = np.empty_like(weights)
        for kind in range(wanted.shape[1]):
            each = np.repeat(wrong[:, kind], sizes) * seen[:, 0] / (1 - DROPPED)
            slope[:-1, kind] = np.bincount(rows.numbers, each, features)
        slope[:-1] += PENALTY * weights[:-1]
        slope[-1] = wrong.sum(0)
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope**2
        rate = RATE * (0.5 + 0.5 * np.cos(np.pi * turn / ROUNDS) + 0.01)
        step = mean / (1 - 0.9**turn) / (np.sqrt(square / (1 - 0.99**turn)) + 1e-8)
        weights -= rate * step
    return weights


def numbered(of: Sequence[Example], numbers: dict[str, int]) -> Rows:
    """Return examples as numbers of those features that have one."""
    rows = [[numbers[name] for name in flat(example.features) if name in numbers] for example in of]
    starts = np.cumsum([0, *map(len, rows)])
    return Rows(np.array([number for row in rows for number in row], np.int64), starts)


def likelihoods(weights: Floats, rows: Rows, share: Floats | float = 1.0) -> Floats:
    """Return how likely each example is each kind; the last row of weights is the bias.

    `share` is what each feature of each example counts.
    """
    sums = np.zeros((len(rows.numbers) + 1, weights.shape[1]))
    np.cumsum(weights[rows.numbers] * share, 0, out=sums[1:])
    scores = sums[rows.starts[1:]] - sums[rows.starts[:-1]] + weights[-1]
    scores = np.hstack([np.zeros((len(scores), 1)), scores])
    shares = np.exp(scores - scores.max(1, keepdims=True))
    result: Floats = (shares / shares.sum(1, keepdims=True))[:, 1:]
    return result


def written(model: Model, of: str) -> str:
    """Return a model as the file that the detector reads, with the checksum of its examples."""
    # A line for each feature, so that changes can be read.
    weights = ",\n".join(
        f"{json.dumps(name, ensure_ascii=False)}:{json.dumps(weight, separators=(',', ':'))}"
        for name, weight in sorted(model.weights.items())
    )
    return f'{{"examples":"{of}","bias":{list(model.bias)},\n"weights":{{{weights}}}}}\n'


def run(task: Task, about: str | None) -> None:
    """Train the model and write it, as the command line wants."""
    argparse.ArgumentParser(description=about).parse_args()
    seen = list(examples(task, texts()))
    model = train(seen, len(task.entities()))
    task.module.WEIGHTS.write_text(written(model, checksum(seen)), encoding="utf-8")
    size = task.module.WEIGHTS.stat().st_size
    print(f"{len(seen):,} candidates, {len(model.weights):,} features, {size:,} bytes")
