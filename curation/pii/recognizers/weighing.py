"""A multinomial logistic regression, read from a file that a script of this project has trained."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Final

from curation.pii.recognizers.secret_windows import windows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from curation.pii.recognizers.secret_candidates import Candidate
    from curation.pii.recognizers.secret_windows import Seen

UNIT: Final = 100
"""Weights are kept as whole numbers, so many to one."""

_MOST_WORDS: Final = 2
_ROOM: Final = 24
_HALF: Final = 1 << _ROOM - 1
_MASK: Final = (1 << _ROOM) - 1


class Model:
    """What each feature weighs for each kind there is, and what is there before any."""

    def __init__(self, bias: tuple[int, ...], weights: Mapping[str, tuple[int, ...]]) -> None:
        """A weight's name is that of the feature's group, a stroke, and the feature's."""
        self.bias = bias
        self.weights = weights
        self._none = [0.0] * len(bias)
        self._places = [place * _ROOM for place in range(len(bias))]
        # A feature's weights as one number, each with room for what all features' add up to, so
        # that one sum adds all kinds. To the bias is added what keeps each sum above zero.
        self._base = _packed(bias) + _packed([_HALF] * len(bias))
        tables: dict[str, dict[str, int]] = {}
        for name, each in weights.items():
            group, _, feature = name.partition("|")
            tables.setdefault(group, {})[feature] = _packed(each)
        self._looks_up = {group: table.get for group, table in tables.items()}

    def odds(self, seen: Seen) -> list[float]:
        """Return the likelihood of each kind, given the features of a candidate."""
        if not seen:
            return self._none
        told = self._base
        looks_up = self._looks_up
        for group, names in seen.items():
            if group in looks_up:
                told += sum(filter(None, map(looks_up[group], names)))
        sums = [(told >> place & _MASK) - _HALF for place in self._places]
        most = max(*sums, 0)
        shares = [math.exp((each - most) / UNIT) for each in sums]
        whole = math.exp(-most / UNIT) + sum(shares)
        return [share / whole for share in shares]


def _packed(weights: Iterable[int]) -> int:
    return sum(weight << place * _ROOM for place, weight in enumerate(weights))


def flat(seen: Seen) -> list[str]:
    """Return the features of a candidate under the names that their weights have; sorted."""
    return sorted(f"{group}|{name}" for group, names in seen.items() for name in names)


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
            names = (f"|{side}{word.kind}", f"|{side}{word.kind}/{found.kind}")
            weight = sum(known[name][kind] for name in names if name in known)
            spoke[said] = max(weight, spoke.get(said, 0))
    best = sorted(spoke, key=lambda said: -spoke[said])
    return [said for said in best[:_MOST_WORDS] if spoke[said] > 0 and said.strip(" :=")]
