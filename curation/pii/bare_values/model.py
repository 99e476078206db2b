"""The model that weighs the messages around a bare value.

It has an outcome for each of ENTITIES, and one for none of them. `data/bare_values.md` says what it
was trained on and how well it does.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from curation.pii.bare_values.candidates import bare
from curation.pii.bare_values.features import features, hinted, names_beside
from curation.pii.engine import Told
from curation.pii.entities import WHY_AROUND, WHY_REPEATED, with_words
from curation.pii.recognizers.weighing import Model, read_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from curation.pii.bare_values.features import Said
    from curation.pii.recognizers.secret_candidates import Candidate

WEIGHTS: Final = Path(__file__).parents[1] / "data" / "bare_values.json"
ENTITIES: Final = (
    "PASSWORD",
    "OTP_CODE",
    "WECHAT_ID",
    "QQ_NUMBER",
    "PHONE_NUMBER",
    "PASSPORT",
)
"""What the weights of a feature speak for."""

LEAST: Final = 0.5
"""How likely a value is one of these; with less it is none, whatever threshold is set."""

LEAST_OTHER: Final = 0.7
"""How likely a value is of its kind, where its message alone had made it another."""

RECOGNIZER: Final = "BareValues"
"""Who finds them, in a finding."""

_MOST: Final = 0.99
"""Never as sure as a form that is certain."""
_FEWEST: Final = 2
"""How many messages a talk has at least in which one tells of another."""
_SHORTEST_REPEAT: Final = 4
"""How long a value is at least that is private wherever it stands again."""
_MOST_WORDS: Final = 2


class Bare(NamedTuple):
    """What a value is in the message of this place, and whether its kind is sure."""

    at: int
    told: Told
    sure_of_kind: bool


@lru_cache(maxsize=1)
def model() -> Model:
    """Return the model, read when it is first needed."""
    return read_model(WEIGHTS)


def bare_values(
    talk: Sequence[Said],
    known: Mapping[str, str] | None,
    is_open: Callable[[int, Candidate], bool],
) -> Iterator[Bare]:
    """Yield what a conversation's messages make private for each other.

    Texts are folded. `known` are values that stand somewhere in it and are private, with their
    kinds: they are so everywhere, as are those that are found in one place. With None none are.
    `is_open` says whether it is asked at all what a candidate of the message of a place is.
    """
    if len(talk) < _FEWEST:
        return
    everywhere = dict(known or {})
    left = []
    every = ((at, each) for at, said in enumerate(talk) for each in bare(said.text))
    for at, found in [(at, each) for at, each in every if is_open(at, each)]:
        value = talk[at].text[found.start : found.end]
        odds = model().odds(features(talk, at, found) if hinted(talk, at) else ())
        likely = sum(odds)
        if likely < LEAST:
            left.append((at, found, value))
            continue
        kind = odds.index(max(odds))
        everywhere.setdefault(value, ENTITIES[kind])
        words = _words(talk, at, found, kind)
        why = with_words(WHY_AROUND, words) if words else WHY_AROUND
        score = min(round(likely, 2), _MOST)
        told = Told(ENTITIES[kind], found.start, found.end, score, RECOGNIZER, why)
        yield Bare(at, told, sure_of_kind=odds[kind] >= LEAST_OTHER)
    for at, found, value in left if known is not None else ():
        if len(value) >= _SHORTEST_REPEAT and value in everywhere:
            span = found.start, found.end
            told = Told(everywhere[value], *span, LEAST, RECOGNIZER, WHY_REPEATED)
            yield Bare(at, told, sure_of_kind=False)


def _words(talk: Sequence[Said], at: int, found: Candidate, kind: int) -> list[str]:
    """Return the words in the messages around that spoke most for a kind; all of the lexicon."""
    known = model().weights
    spoke: dict[str, int] = {}
    for said, names in names_beside(talk, at, found):
        weight = sum(known[f"|{name}"][kind] for name in names if f"|{name}" in known)
        spoke[said] = max(weight, spoke.get(said, 0))
    best = sorted(spoke, key=lambda said: -spoke[said])
    return [said for said in best[:_MOST_WORDS] if spoke[said] > 0 and said.strip(" :=")]
