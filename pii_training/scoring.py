"""What the two scripts share that train a model of evidence: examples, training, leaving out."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple
from unittest.mock import patch

import numpy as np

from benchmarks.evaluation_set import Mark
from benchmarks.pii_quality import kindred, overlap
from curation.pii import Detector
from curation.pii.folding import fold
from curation.pii.recognizers.secret_windows import around
from curation.pii.recognizers.weighing import UNIT, Model, flat
from pii_training.secret_texts import AUTHORS, FRAMES, Text, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import ModuleType

    from numpy.typing import NDArray

    from curation.pii.recognizers.secret_candidates import Candidate
    from curation.pii.recognizers.secret_windows import Seen

    Floats = NDArray[np.float64]

RARE: Final = 2
"""Features that fewer candidates have are left out."""
FRAME_WEIGHT: Final = 0.3
"""What a message that was filled into a frame counts, against one that somebody wrote."""
PENALTY: Final = 1.0
ROUNDS: Final = 150
RATE: Final = 0.05
SMALL: Final = 4
"""Weights below so many hundredths are not kept."""


class Task(NamedTuple):
    """A model: its module, and how candidates are found in a folded text and looked at.

    The module has `ENTITIES`, `WEIGHTS`, `model` and `forget`.
    """

    module: ModuleType
    candidates: Callable[[str], Iterable[Candidate]]
    features: Callable[[str, Candidate], Seen]

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
    """Yield the candidates in texts."""
    kinds = task.entities()
    for author, text, marks in of:
        folded = fold(text)
        weight = FRAME_WEIGHT if author == FRAMES else 1.0
        for found in task.candidates(folded):
            outcome = 0
            for mark in marks:
                if mark.entity in kinds and mark.start < found.end and found.start < mark.end:
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


def train(of: Sequence[Example], kinds: int) -> Model:
    """Return the model of so many kinds that fits examples best; always the same one.

    Large weights are held down. Adam over all examples at once, with a rate that falls to nothing.
    """
    counted = Counter(feature for example in of for feature in flat(example.features))
    names = sorted(feature for feature, count in counted.items() if count >= RARE)
    rows = numbered(of, {name: number for number, name in enumerate(names)})
    sizes = np.diff(rows.starts)
    wanted = np.eye(kinds + 1)[[example.outcome for example in of]][:, 1:]
    counts = np.array([example.weight for example in of])[:, None]
    # The last row is the bias, which is not held down.
    weights = np.zeros((len(names) + 1, kinds))
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for turn in range(1, ROUNDS + 1):
        wrong = (likelihoods(weights, rows) - wanted) * counts
        slope = np.empty_like(weights)
        for kind in range(kinds):
            each = np.repeat(wrong[:, kind], sizes)
            slope[:-1, kind] = np.bincount(rows.numbers, each, len(names))
        slope[:-1] += PENALTY * weights[:-1]
        slope[-1] = wrong.sum(0)
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope**2
        rate = RATE * (0.5 + 0.5 * np.cos(np.pi * turn / ROUNDS) + 0.01)
        step = mean / (1 - 0.9**turn) / (np.sqrt(square / (1 - 0.99**turn)) + 1e-8)
        weights -= rate * step
    whole = np.rint(weights * UNIT).astype(int).tolist()
    kept = {
        name: tuple(each)
        for name, each in zip(names, whole[:-1], strict=True)
        if max(map(abs, each)) >= SMALL
    }
    return Model(tuple(whole[-1]), kept)


def numbered(of: Sequence[Example], numbers: dict[str, int]) -> Rows:
    """Return examples as numbers of those features that have one."""
    rows = [[numbers[name] for name in flat(example.features) if name in numbers] for example in of]
    starts = np.cumsum([0, *map(len, rows)])
    return Rows(np.array([number for row in rows for number in row], np.int64), starts)


def likelihoods(weights: Floats, rows: Rows) -> Floats:
    """Return how likely each example is each kind; the last row of weights is the bias."""
    sums = np.zeros((len(rows.numbers) + 1, weights.shape[1]))
    np.cumsum(weights[rows.numbers], 0, out=sums[1:])
    scores = sums[rows.starts[1:]] - sums[rows.starts[:-1]] + weights[-1]
    scores = np.hstack([np.zeros((len(scores), 1)), scores])
    shares = np.exp(scores - scores.max(1, keepdims=True))
    result: Floats = (shares / shares.sum(1, keepdims=True))[:, 1:]
    return result


def written(model: Model, of: str) -> str:
    """Return a model as the file that the detector reads, with the checksum of its examples."""
    weights = json.dumps(model.weights, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    # A line for some features each, so that changes can be read.
    weights = weights.replace('],"', '],\n"')
    return f'{{"examples":"{of}","bias":{list(model.bias)},\n"weights":{weights}}}\n'


def leave_out(task: Task, all_texts: Sequence[Text], errors: str) -> None:
    """Print what the whole detector finds of each author with a model that never saw them."""
    whole: Counter[tuple[str, str]] = Counter()
    for author in dict.fromkeys(AUTHORS.values()):
        if errors not in ("", author):
            continue
        rest = [each for each in all_texts if each.author != author]
        model = train(list(examples(task, rest)), len(task.entities()))
        task.module.forget()
        with patch.object(task.module, "model", return_value=model):
            own = [each for each in all_texts if each.author == author]
            counts = counted_in(task, own, bool(errors))
        whole += counts
        print(author, row(task, counts), flush=True)
    print("all     ", row(task, whole))


def counted_in(
    task: Task,
    some: Sequence[Text],
    errors: bool,  # noqa: FBT001
) -> Counter[tuple[str, str]]:
    """Return how many values of each kind there are, are found, and how many findings are right."""
    counts: Counter[tuple[str, str]] = Counter()
    kinds = task.entities()
    every = Detector().detect_many([each.text for each in some])
    for (_, text, marks), findings in zip(some, every, strict=True):
        found = [Mark(each.entity, each.start, each.end) for each in findings]
        for mark in marks:
            if mark.entity not in kinds:
                continue
            hit = any(each.entity == mark.entity and overlap(each, mark) for each in found)
            counts[mark.entity, "values"] += 1
            counts[mark.entity, "found"] += hit
            if errors and not hit:
                print("missed", mark.entity, text[mark.start : mark.end], "|", repr(text)[:120])
        for each, finding in zip(found, findings, strict=True):
            if each.entity not in kinds:
                continue
            right = any(kindred(each.entity, mark.entity) and overlap(each, mark) for mark in marks)
            counts[each.entity, "findings"] += 1
            counts[each.entity, "right"] += right
            if errors and not right:
                value = text[each.start : each.end]
                print(
                    "false",
                    each.entity,
                    finding.score,
                    finding.recognizer,
                    value,
                    "|",
                    repr(text)[:120],
                )
    return counts


def row(task: Task, counts: Counter[tuple[str, str]]) -> str:
    """Return recall and precision of each kind as a line."""
    cells = []
    for entity in task.entities():
        values, found = counts[entity, "values"], counts[entity, "found"]
        findings, right = counts[entity, "findings"], counts[entity, "right"]
        cells.append(
            f"{entity:8} found {100 * found / max(1, values):5.1f} % of {values:4}, right"
            f" {100 * right / max(1, findings):5.1f} % of {findings:4}"
        )
    return "  ".join(cells)


def run(task: Task, about: str | None) -> None:
    """Train, or say how well that does, as the command line wants."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--leave-out", action="store_true")
    parser.add_argument("--errors", default="", metavar="AUTHOR")
    options = parser.parse_args()
    all_texts = list(texts())
    if options.leave_out or options.errors:
        leave_out(task, all_texts, options.errors)
        return
    seen = list(examples(task, all_texts))
    model = train(seen, len(task.entities()))
    task.module.WEIGHTS.write_text(written(model, checksum(seen)), encoding="utf-8")
    size = task.module.WEIGHTS.stat().st_size
    print(f"{len(seen):,} candidates, {len(model.weights):,} features, {size:,} bytes")
