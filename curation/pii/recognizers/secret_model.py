"""The model that weighs what stands beside a candidate for a secret.

It has three outcomes: a password, a one-time code, neither.
`data/secrets.md` says what it was trained on and how well it does.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from curation.pii.recognizers import lone_codes, secret_windows
from curation.pii.recognizers.secret_candidates import candidates, may_be_code, mixes_cases
from curation.pii.recognizers.secret_features import features
from curation.pii.recognizers.secret_windows import around
from curation.pii.recognizers.weighing import Model, read_model, words_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from curation.pii.recognizers.secret_candidates import Candidate

WEIGHTS: Final = Path(__file__).parents[1] / "data" / "secrets.json"
ENTITIES: Final = ("PASSWORD", "OTP_CODE")
"""What the two weights of a feature speak for."""

LEAST: Final = 0.5
"""What a candidate needs: less likely ones are none, whatever threshold is set."""

LEAST_WITHOUT_DIGIT: Final = 0.6
"""What a candidate needs that may be a word of a sentence."""

_SHORT: Final = 400


class Secret(NamedTuple):
    """A candidate that is likely a secret, and of which kind."""

    found: Candidate
    entity: str
    likelihood: float


@lru_cache(maxsize=1)
def model() -> Model:
    """Return the model, read when it is first needed."""
    return read_model(WEIGHTS)


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
        if not password + code and lone_codes.is_lone_code(text, found):
            yield Secret(found, "OTP_CODE", lone_codes.LIKELIHOOD)
            continue
        value = text[found.start : found.end]
        if mixes_cases(value):
            password, code = password + code, 0.0
        elif not may_be_code(value):
            code = 0.0
        plain = found.kind != "spelled" and not any(map(str.isdigit, value))
        if password + code >= (LEAST_WITHOUT_DIGIT if plain else LEAST):
            yield Secret(found, ENTITIES[code > password], password + code)


@lru_cache(maxsize=4096)
def _odds(window: str, found: Candidate) -> list[float]:
    """Return the likelihoods of a candidate in what is read of its text."""
    return model().odds(features(window, found))


def forget() -> None:
    """Forget the answers that are kept, as another model gives others."""
    _in_short.cache_clear()
    _odds.cache_clear()
    secret_windows.forget()


def evidence(text: str, secret: Secret) -> list[str]:
    """Return the words beside a secret that spoke for it most."""
    return words_for(model(), ENTITIES.index(secret.entity), text, secret.found)
