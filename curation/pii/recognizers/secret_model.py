"""The model that weighs what stands beside a candidate for a secret.

It is a multinomial logistic regression with three outcomes: a password, a one-time code, neither.
`data/secrets.md` says what it was trained on and how well it does.
"""

from __future__ import annotations

import json
import math
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from curation.pii.recognizers.secret_candidates import candidates, may_be_code
from curation.pii.recognizers.secret_features import around, features, windows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from curation.pii.recognizers.secret_candidates import Candidate

WEIGHTS: Final = Path(__file__).parents[1] / "data" / "secrets.json"
ENTITIES: Final = ("PASSWORD", "OTP_CODE")
"""What the two weights of a feature speak for."""

UNIT: Final = 100
"""Weights are kept as whole numbers, so many to one."""

LEAST: Final = 0.5
"""What a candidate needs: less likely ones are none, whatever threshold is set."""

LEAST_WITHOUT_DIGIT: Final = 0.6
"""What a candidate needs that may be a word of a sentence."""

_MOST_WORDS: Final = 2
_SHORT: Final = 400


class Model(NamedTuple):
    """What each feature weighs, and what is there before any."""

    bias: tuple[int, int]
    weights: Mapping[str, tuple[int, int]]

    def odds(self, seen: Iterable[str]) -> tuple[float, float]:
        """Return the likelihood of each of ENTITIES, given the features of a candidate."""
        features_seen = set(seen)
        if not features_seen:
            return 0.0, 0.0
        password, code = self.bias
        known = self.weights
        for feature in features_seen:
            if feature in known:
                one, other = known[feature]
                password += one
                code += other
        most = max(password, code, 0)
        shares = [math.exp((each - most) / UNIT) for each in (0, password, code)]
        whole = sum(shares)
        return shares[1] / whole, shares[2] / whole


class Secret(NamedTuple):
    """A candidate that is likely a secret, and of which kind."""

    found: Candidate
    entity: str
    likelihood: float


@lru_cache(maxsize=1)
def model() -> Model:
    """Return the model, read when it is first needed."""
    kept = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    password, code = kept["bias"]
    weights = {feature: (one, other) for feature, (one, other) in kept["weights"].items()}
    return Model((password, code), weights)


def secrets(text: str) -> Iterable[Secret]:
    """Return what in a folded text is likely a secret.

    Answers for short texts are kept for a while: of many texts first all passwords are asked for,
    then all codes.
    """
    return _in_short(text) if len(text) <= _SHORT else _secrets(text)


@lru_cache(maxsize=4096)
def _in_short(text: str) -> tuple[Secret, ...]:
    return tuple(_secrets(text))


def _secrets(text: str) -> Iterator[Secret]:
    for found in candidates(text):
        password, code = _odds(*around(text, found))
        value = text[found.start : found.end]
        if not may_be_code(value):
            code = 0.0
        plain = found.kind != "spelled" and not any(map(str.isdigit, value))
        if password + code >= (LEAST_WITHOUT_DIGIT if plain else LEAST):
            yield Secret(found, ENTITIES[code > password], password + code)


@lru_cache(maxsize=4096)
def _odds(window: str, found: Candidate) -> tuple[float, float]:
    """Return the likelihoods of a candidate in what is read of its text."""
    return model().odds(features(window, found))


def forget() -> None:
    """Forget the answers that are kept, as another model gives others."""
    _in_short.cache_clear()
    _odds.cache_clear()


def evidence(text: str, secret: Secret) -> list[str]:
    """Return the words beside a secret that spoke for it most, all of them from the lexicon."""
    place = ENTITIES.index(secret.entity)
    known = model().weights
    left, right = windows(text, secret.found)
    spoke: dict[str, int] = {}
    for side, window in (("L", left), ("R", right)):
        for word in window.words:
            said = window.text[word.start : word.end]
            names = (f"{side}{word.kind}", f"{side}{word.kind}/{secret.found.kind}")
            weight = sum(known[name][place] for name in names if name in known)
            spoke[said] = max(weight, spoke.get(said, 0))
    best = sorted(spoke, key=lambda said: -spoke[said])
    return [said for said in best[:_MOST_WORDS] if spoke[said] > 0 and said.strip(" :=")]
