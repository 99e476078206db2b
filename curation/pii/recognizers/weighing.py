"""A multinomial logistic regression, read from a file that a script of this project has trained."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Final, NamedTuple

from curation.pii.recognizers.secret_features import windows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from curation.pii.recognizers.secret_candidates import Candidate

UNIT: Final = 100
"""Weights are kept as whole numbers, so many to one."""

_MOST_WORDS: Final = 2


class Model(NamedTuple):
    """What each feature weighs for each kind there is, and what is there before any."""

    bias: tuple[int, ...]
    weights: Mapping[str, tuple[int, ...]]

    def odds(self, seen: Iterable[str]) -> list[float]:
        """Return the likelihood of each kind, given the features of a candidate."""
        features = set(seen)
        if not features:
            return [0.0] * len(self.bias)
        known = self.weights
        told = [self.bias, *(known[feature] for feature in features if feature in known)]
        sums = list(map(sum, zip(*told, strict=True)))
        most = max(*sums, 0)
        shares = [math.exp((each - most) / UNIT) for each in sums]
        whole = math.exp(-most / UNIT) + sum(shares)
        return [share / whole for share in shares]


def read_model(path: Path) -> Model:
    """Return the model in a file."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    weights = {feature: tuple(each) for feature, each in kept["weights"].items()}
    return Model(tuple(kept["bias"]), weights)


def words_for(model: Model, kind: int, text: str, found: Candidate) -> list[str]:
    """Return the words beside a candidate that spoke most for one of the model's kinds.

    All of them are from the lexicon, so that nothing else of a message is told.
    """
    known = model.weights
    left, right = windows(text, found)
    spoke: dict[str, int] = {}
    for side, window in (("L", left), ("R", right)):
        for word in window.words:
            said = window.text[word.start : word.end]
            names = (f"{side}{word.kind}", f"{side}{word.kind}/{found.kind}")
            weight = sum(known[name][kind] for name in names if name in known)
            spoke[said] = max(weight, spoke.get(said, 0))
    best = sorted(spoke, key=lambda said: -spoke[said])
    return [said for said in best[:_MOST_WORDS] if spoke[said] > 0 and said.strip(" :=")]
